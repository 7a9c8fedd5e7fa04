"""What the real runtime holds, in the model's words: all accounts of the trade's programs and the token program."""

from __future__ import annotations

import struct
from functools import lru_cache

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier, market, order_processor, order_store
from anomi_sdk.generated.market import BookLeaf
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_spec import ProgramSpec
from anomi_sdk.trade.book import read_book
from anomi_sdk.trade.tokens import TOKEN_PROGRAM
from tests.property.model.ledger import Book, Key, Leaf, Mint, Refused, Token
from tests.property.model.tokens import TOKEN

__all__ = ["TRADE_PROGRAMS", "observed", "refusal_of"]

TRADE_PROGRAMS: tuple[ProgramSpec, ...] = (market.PROGRAM, order_store.PROGRAM, order_processor.PROGRAM)
_PROGRAMS = {spec.program_id: spec for spec in (groth16_verifier.PROGRAM, *TRADE_PROGRAMS)}
_TOKEN_ERRORS = {1: "InsufficientFunds", 17: "AccountFrozen"}
_KEY_FIXED_BYTES = 8 + 448 + 64
_INITIALIZED, _FROZEN = 1, 2


def observed(snapshot: dict[Pubkey, bytes]) -> dict[Pubkey, object]:
    """The accounts of a snapshot that the model knows, decoded; an account that is none of its kinds fails here."""
    values = ((address, _decode(serialized)) for address, serialized in snapshot.items())
    return {address: value for address, value in values if value is not None}


def refusal_of(outcome: TransactionOutcome) -> Refused | None:
    """Why a transaction was refused, by program and error; None when it went through."""
    failure = outcome.failure
    if failure is None:
        return None
    if failure.program_id == TOKEN_PROGRAM and failure.code is not None:
        return Refused(TOKEN, _TOKEN_ERRORS.get(failure.code, f"custom code {failure.code}"))
    spec = _PROGRAMS.get(failure.program_id) if failure.program_id is not None else None
    if spec is None or failure.code is None:
        return Refused(str(failure.program_id), failure.reason)
    error = spec.errors.get(failure.code)
    return Refused(spec.name, error.name if error is not None else f"custom code {failure.code}")


@lru_cache(maxsize=4096)
def _decode(serialized: bytes) -> object:
    account = Account.from_bytes(serialized)
    data = bytes(account.data)
    if account.lamports == 0 or account.executable:
        return None
    if account.owner == TOKEN_PROGRAM:
        return _token(data)
    spec = _PROGRAMS.get(account.owner)
    if spec is None:
        return None
    if spec is groth16_verifier.PROGRAM:
        return Key((len(data) - _KEY_FIXED_BYTES) // 64)
    if data.startswith(market.Book.TAG):
        return _book(data)
    (kind,) = (kind for kind in spec.accounts if data.startswith(kind.TAG))
    return kind.decode(data)


def _token(data: bytes) -> Token | Mint:
    if len(data) == 82:
        return Mint(data[44])
    mint, owner, atoms, delegate, state = struct.unpack_from("<32s32sQI32xB", data)
    close_authority = struct.unpack_from("<I", data, 129)[0]
    assert state in (_INITIALIZED, _FROZEN)
    assert delegate == close_authority == 0, "nobody but its owner may touch a token account"
    return Token(Pubkey(mint), Pubkey(owner), atoms, state == _FROZEN)


def _book(data: bytes) -> Book:
    value = market.Book.decode(data)
    leaves = tuple(
        Leaf(
            entry.price,
            entry.sequence,
            BookLeaf(
                ask=entry.ask,
                seller=entry.seller,
                open_atoms=entry.open_atoms,
                min_fill_atoms=entry.min_fill_atoms,
                payee_commit=entry.payee_commit,
                terms_version=entry.terms_version,
                expiry_unix_s=entry.expiry_unix_s,
            ),
        )
        for entry in read_book(value.slab)
    )
    return Book(value.market, value.next_sequence, leaves, len(data))
