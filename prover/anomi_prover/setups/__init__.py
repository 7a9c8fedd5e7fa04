"""Makers of set-ups, one per file: powers of tau and proving keys. `anomi_prover.setup_backend` chooses."""
