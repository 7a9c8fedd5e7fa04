"""Generates, from `spec/`, every number that two languages share: Circom, Rust, Python, IDL and docs."""
