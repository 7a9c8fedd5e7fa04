"""The recorded cost of every instruction, and the check that none has become dearer."""
