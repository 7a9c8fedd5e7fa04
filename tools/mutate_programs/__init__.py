"""Plants faults into copies of the programs and their crates, one at a time, and says which the tests do not notice."""
