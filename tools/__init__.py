"""Developer tools: code generation, set-up, the on-chain build."""
