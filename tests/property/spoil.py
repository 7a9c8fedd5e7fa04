"""One thing wrong with a call that was right: another account, a right withheld, more or less of something."""

from __future__ import annotations

from dataclasses import replace

from solders.pubkey import Pubkey

from anomi_sdk.generated import PROGRAMS
from tests.property.arena import Arena
from tests.property.choices import Choices
from tests.property.model.ledger import Account, Call

__all__ = ["spoil"]

_NOWHERE = Pubkey.from_bytes(bytes([9] * 32))
_PROGRAM_IDS = [program.program_id for program in PROGRAMS]


def spoil(arena: Arena, choices: Choices, call: Call) -> Call:
    """The call with one thing wrong, as far as the model can tell; sometimes what changes is allowed."""
    how = choices.one(["another account", "right", "fewer accounts", "more accounts", "less data", "more data"])
    accounts = list(call.accounts)
    at = choices.number(0, len(accounts) - 1)
    if how == "another account":
        accounts[at] = _another(arena, choices, call, at)
    elif how == "right":
        accounts[at] = (
            replace(accounts[at], signer=False) if choices.once_in(2) else replace(accounts[at], writable=False)
        )
    elif how == "fewer accounts":
        del accounts[at]
    elif how == "more accounts":
        accounts.insert(at, Account(_NOWHERE, signer=False, writable=False))
    elif how == "less data":
        return replace(
            call, data=call.data[: choices.number(8, len(call.data) - 1)] if len(call.data) > 8 else call.data + b"\0"
        )
    else:
        return replace(call, data=call.data + bytes(choices.number(1, 4)))
    return replace(call, accounts=tuple(accounts))


def _another(arena: Arena, choices: Choices, call: Call, at: int) -> Account:
    """Another account of the same kind, another one at all, or one that is nowhere."""
    old = call.accounts[at]
    values = arena.ledger.accounts
    alike = [address for address, value in values.items() if type(value) is type(values.get(old.address))]
    if old.address in _PROGRAM_IDS:
        return replace(old, address=choices.one(_PROGRAM_IDS))
    if old.signer:
        return replace(old, address=choices.one(arena.signers))
    pools = [alike if old.address in values else list(arena.signers), list(values), [_NOWHERE]]
    return replace(old, address=choices.one(choices.one(pools) or [_NOWHERE]))
