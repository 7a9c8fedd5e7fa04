"""Field, hashes, signatures, statements, relations, codecs, units and errors of ANOMI. No I/O."""
