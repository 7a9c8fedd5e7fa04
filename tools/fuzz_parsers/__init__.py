"""Fuzzing of whatever reads a file from outside: `make fuzz ARGS=parsers`. See docs/reference/fuzzing.md."""
