"""The one command, `anomi`."""
