"""Verifiers of Groth16 proofs, one per file. They compute; `anomi_prover.verify` checks first and chooses."""
