"""Compile, set up, prove and verify Circom circuits locally."""
