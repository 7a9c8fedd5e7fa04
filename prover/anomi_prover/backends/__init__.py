"""Provers, one per file: a .zkey and a .wtns become a proof. `anomi_prover.prove` checks, chooses and verifies."""
