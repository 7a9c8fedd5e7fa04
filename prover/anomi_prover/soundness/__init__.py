"""Does a circuit determine what it computes? Edited witnesses, second witnesses, refusals that do not constrain."""
