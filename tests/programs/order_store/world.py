"""order_store alone, on a runtime that checks no signatures.

Nobody can sign for the authority of a program but that program. Where signatures are not checked a test can act as one,
and see what order_store makes of each call; that it makes nothing of a stranger's is tested on an ordinary runtime too.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from itertools import count
from typing import Any

from solders.account import Account
from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from tests.programs.world import LAMPORTS, UNIX_TIME_S, error_of

__all__ = [
    "MARKET_AUTHORITY",
    "ORDER",
    "PROCESSOR_AUTHORITY",
    "StoreWorld",
    "address",
    "field",
    "filled_order",
    "store",
]

MARKET_AUTHORITY = market.authority_address()
PROCESSOR_AUTHORITY = order_processor.authority_address()


def address(name: str) -> Pubkey:
    """An address that is nobody's, always the same one for a name."""
    return Pubkey.from_bytes(hashlib.sha256(name.encode()).digest())


def field(value: int) -> bytes:
    """A field element as programs hold it."""
    return value.to_bytes(32, "big")


PAYER = address("who pays rent and fees")
ORDER: dict[str, Any] = {
    "market": address("market"),
    "order_id": 7,
    "buyer": address("buyer"),
    "seller": address("seller"),
    "ask": address("ask"),
    "line_id": field(1234567890),
    "seq": 3,
    "base_atoms": 100_000_000,
    "price": 28_500,
    "due_minor_units": 2_850_000,
    "paid_min_minor_units": 285_000,
    "payee_commit": field(987654321),
    "terms_version": 2,
    "matched_at_unix_s": UNIX_TIME_S,
    "reveal_by_unix_s": UNIX_TIME_S + 1_800,
    "reveal_key": bytes(address("reveal key")),
}
"""The arguments of store_matched_order."""


def store(**changes: Any) -> Instruction:
    """The call that the market makes, for the order at its own address."""
    order = ORDER | {name: value for name, value in changes.items() if name in ORDER}
    accounts = {
        "market_authority": MARKET_AUTHORITY,
        "payer": PAYER,
        "order": order_store.order_address(order["market"], order["line_id"], order["seq"]),
    }
    return order_store.store_matched_order(**accounts | {n: v for n, v in changes.items() if n not in ORDER}, **order)


def filled_order(status: int) -> order_store.MatchedOrder:
    """An order with a value in every field, and in each another one."""
    moved: dict[str, Any] = {
        "rent_payer": PAYER,
        "bump": 255,
        "status": status,
        "revealed_at_unix_s": UNIX_TIME_S + 1,
        "pay_by_unix_s": UNIX_TIME_S + 2,
        "prove_by_unix_s": UNIX_TIME_S + 3,
        "claim_extended": True,
        "reported_nf": field(11),
        "resolved_at_unix_s": UNIX_TIME_S + 4,
        "paid_floor_minor_units": 12,
        "released_atoms": 13,
        "nf": field(14),
        "reveal_ciphertext": bytes(range(1, 177)),
    }
    return order_store.MatchedOrder(**ORDER, **moved)


class _UncheckedSvm(EmbeddedSvm):
    def __init__(self, *, unix_time_s: int) -> None:
        super().__init__(unix_time_s=unix_time_s)
        self._svm = self._svm.with_sigverify(False)


class StoreWorld:
    """Whoever an instruction names as a signer has signed it."""

    def __init__(self, program: BuiltProgram) -> None:
        self.svm = _UncheckedSvm(unix_time_s=UNIX_TIME_S)
        self.svm.load(program)
        self.svm.airdrop(PAYER, LAMPORTS)
        self._signatures = count(1)

    def send(self, *instructions: Instruction) -> TransactionOutcome:
        message = Message.new_with_blockhash(list(instructions), PAYER, self.svm.latest_blockhash())
        signatures = [
            Signature(next(self._signatures).to_bytes(64, "big")) for _ in range(message.header.num_required_signatures)
        ]
        return self.svm.send(VersionedTransaction.populate(message, signatures))

    def accepted(self, *instructions: Instruction) -> TransactionOutcome:
        return self.send(*instructions).require_success()

    def refused(self, *instructions: Instruction, code: type[TransactionRefusedError]) -> TransactionOutcome:
        """Send what must be refused: nothing may change, but for the payer's fee."""
        before = self.svm.snapshot(meta.pubkey for instruction in instructions for meta in instruction.accounts)
        outcome = self.send(*instructions)
        after = self.svm.snapshot()
        raised = error_of(outcome)
        assert type(raised) is code, f"{type(raised).__name__}: {raised}\n" + "\n".join(outcome.logs)
        before.pop(PAYER)
        after.pop(PAYER)
        assert after == before, "a refused transaction changed an account"
        return outcome

    def account(self, at: Pubkey) -> Account | None:
        return self.svm.accounts([at])[0]

    def order(self, at: Pubkey) -> order_store.MatchedOrder:
        return order_store.MatchedOrder.read(self.account(at))

    def plant(self, order: order_store.MatchedOrder, *, owner: Pubkey = order_store.PROGRAM_ID) -> Pubkey:
        """Put an order there, as if it had been stored and moved."""
        return self.plant_bytes(order.encode(), owner=owner)

    def plant_bytes(self, data: bytes, *, owner: Pubkey = order_store.PROGRAM_ID) -> Pubkey:
        at = address("a planted order")
        self.svm.set_account(at, Account(self.svm.minimum_balance_lamports(len(data)), data, owner))
        return at

    def changes(self, at: Pubkey, before: order_store.MatchedOrder) -> dict[str, Any]:
        """The fields of the order that are others than they were."""
        now, names = self.order(at), [entry.name for entry in fields(before)]
        return {name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)}
