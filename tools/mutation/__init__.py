"""What the tools that plant faults share: the faults, a campaign's order and record, tests in a process apart."""
