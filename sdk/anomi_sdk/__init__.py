"""Accounts, instructions, addresses, errors and the embedded SVM."""
