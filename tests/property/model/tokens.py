"""The classic token program, as far as a trade touches it."""

from __future__ import annotations

from dataclasses import replace

from solders.pubkey import Pubkey

from tests.property.model.ledger import Ledger, Refused, Token

__all__ = ["TOKEN", "close", "move"]

TOKEN = "token"
"""The program's name in a refusal; its errors are named by their numbers' names in its own source."""


def move(ledger: Ledger, source: Pubkey, destination: Pubkey, atoms: int) -> None:
    """Transfer; both accounts are there and of one mint, which the callers check."""
    giver, taker = ledger.get(Token, source), ledger.get(Token, destination)
    assert giver is not None
    assert taker is not None
    if giver.frozen or taker.frozen:
        raise Refused(TOKEN, "AccountFrozen")
    if giver.atoms < atoms:
        raise Refused(TOKEN, "InsufficientFunds")
    ledger.accounts[source] = replace(giver, atoms=giver.atoms - atoms)
    taker = ledger.get(Token, destination)
    assert taker is not None
    ledger.accounts[destination] = replace(taker, atoms=taker.atoms + atoms)


def close(ledger: Ledger, address: Pubkey) -> None:
    """Close an empty token account; a frozen one too."""
    token = ledger.get(Token, address)
    assert token is not None
    assert token.atoms == 0
    del ledger.accounts[address]
