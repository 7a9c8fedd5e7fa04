"""The report on a circuit as people and machines read it: JSON, SARIF, and a page without a network."""
