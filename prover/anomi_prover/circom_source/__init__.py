"""Circom 2 source: parsed with positions, and unrolled into the components and constraints that it writes."""
