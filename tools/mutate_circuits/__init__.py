"""Plants faults into copies of the circuits, one at a time, and says which of them the circuit tests do not notice."""
