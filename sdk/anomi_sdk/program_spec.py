"""The shapes that the generated tables of the on-chain programs are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solders.pubkey import Pubkey

from anomi_sdk.layouts import AccountLayout, EventLayout
from anomi_sdk.program_errors import ProgramRefusedError
from anomi_sdk.wire import Field

__all__ = ["AccountSpec", "ErrorSpec", "InstructionSpec", "PdaSpec", "ProgramSpec"]


@dataclass(frozen=True)
class AccountSpec:
    """One account that an instruction takes; `address` stands there when it is always the same."""

    name: str
    writable: bool
    signer: bool
    address: Pubkey | None = None


@dataclass(frozen=True)
class InstructionSpec:
    """One instruction: the first 8 bytes of its data, then accounts and packed Borsh arguments in order."""

    name: str
    discriminator: bytes
    accounts: tuple[AccountSpec, ...]
    arguments: tuple[Field, ...]


@dataclass(frozen=True)
class PdaSpec:
    """A program-derived address: the seeds are `literal`, then `seeds` in order, integers little-endian."""

    name: str
    program_id: Pubkey
    literal: bytes
    seeds: tuple[Field, ...]


@dataclass(frozen=True)
class ErrorSpec:
    """One custom error of a program."""

    code: int
    name: str
    message: str


@dataclass(frozen=True)
class ProgramSpec:
    """One program, whole."""

    name: str
    program_id: Pubkey
    instructions: tuple[InstructionSpec, ...]
    pdas: tuple[PdaSpec, ...]
    accounts: tuple[type[AccountLayout], ...]
    events: tuple[type[EventLayout], ...]
    errors: Mapping[int, ErrorSpec]
    error_classes: Mapping[int, type[ProgramRefusedError]]
