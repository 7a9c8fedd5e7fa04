"""What the model holds and how a call is made: accounts by address, the time, and what each proof proves.

Values are those of spec/programs.toml, as the SDK spells them; a book is its leaves in order, a token account what the
classic token program keeps of it. A call happens whole or not at all: its rule works on a copy, kept when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import TypeVar

from solders.pubkey import Pubkey

from anomi_core.statements import PaymentStatement, SolvencyStatement
from anomi_sdk.generated.market import BookLeaf
from anomi_sdk.program_spec import InstructionSpec, ProgramSpec

__all__ = ["Account", "Book", "Call", "Key", "Leaf", "Ledger", "Mint", "Refused", "Rule", "Token", "pda"]

T = TypeVar("T")


class Refused(Exception):  # noqa: N818 -- a verdict, not an error of the model
    """The call is refused, by this program with this error. No name: the model knows only that it is refused."""

    def __init__(self, program: str, name: str | None) -> None:
        super().__init__(f"{program}: {name}")
        self.program = program
        self.name = name


@dataclass(frozen=True)
class Leaf:
    """An ask's place in a book, and what the book holds of it."""

    price: int
    sequence: int
    value: BookLeaf


@dataclass(frozen=True)
class Book:
    """A market's open asks in price-time order; `size_bytes` is the length of the account's data."""

    market: Pubkey
    next_sequence: int
    leaves: tuple[Leaf, ...]
    size_bytes: int


@dataclass(frozen=True)
class Token:
    """A token account of the classic token program."""

    mint: Pubkey
    owner: Pubkey
    atoms: int
    frozen: bool = False


@dataclass(frozen=True)
class Mint:
    """A mint of the classic token program."""

    decimals: int


@dataclass(frozen=True)
class Key:
    """A verifying key that groth16_verifier holds."""

    public_inputs: int


@dataclass(frozen=True)
class Account:
    """One place of a call: which account, and with which rights the transaction passes it."""

    address: Pubkey
    signer: bool
    writable: bool


@dataclass(frozen=True)
class Call:
    """One instruction as a transaction holds it; `data_bytes` is how long its data is when nothing is spoilt."""

    program: ProgramSpec
    instruction: InstructionSpec
    accounts: tuple[Account, ...]
    arguments: Mapping[str, object]
    data: bytes
    data_bytes: int

    @property
    def name(self) -> str:
        """The instruction with its program, as in `market.place_ask_order`."""
        return f"{self.program.name}.{self.instruction.name}"


@dataclass
class Ledger:
    """The state of everything."""

    now: int
    genesis_hash: bytes
    accounts: dict[Pubkey, object] = field(default_factory=dict)
    proofs: dict[bytes, tuple[Pubkey, SolvencyStatement | PaymentStatement]] = field(default_factory=dict)
    """By the proof's bytes: the key under which it is valid, and the statement it proves."""

    def copy(self) -> Ledger:
        """The same state, to change apart from this one. Values are never changed in place."""
        return Ledger(self.now, self.genesis_hash, dict(self.accounts), self.proofs)

    def get(self, kind: type[T], address: Pubkey) -> T | None:
        """The account at the address when it is of this kind."""
        value = self.accounts.get(address)
        return value if isinstance(value, kind) else None

    def all(self, kind: type[T]) -> dict[Pubkey, T]:
        """Every account of this kind."""
        return {address: value for address, value in self.accounts.items() if isinstance(value, kind)}


Rule = Callable[[Ledger, SimpleNamespace, SimpleNamespace], None]
"""What an instruction does, given its accounts' addresses and its arguments by name; raises Refused."""


@lru_cache(maxsize=4096)
def pda(program_id: Pubkey, *seeds: bytes) -> tuple[Pubkey, int]:
    """The derived address of these seeds, and its canonical bump."""
    return Pubkey.find_program_address(list(seeds), program_id)
