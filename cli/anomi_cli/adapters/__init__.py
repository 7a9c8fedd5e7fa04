"""What plugs the prover and the attestors of this machine into the seams of `anomi_sdk.trade`."""
