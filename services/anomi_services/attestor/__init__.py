"""Attestors: they look at the fiat world, and sign what they saw.

`ledger` is a small bank for the demo and the tests; `attestor` holds one attestor's rules; `quorum` collects the
signatures of k attestors over one message.
"""
