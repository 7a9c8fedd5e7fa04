"""Tables of the on-chain programs; generated from spec/ by `python -m tools.codegen`, do not edit."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AccountSpec", "ArgumentSpec", "ErrorSpec", "InstructionSpec"]


@dataclass(frozen=True)
class AccountSpec:
    """One account that an instruction takes; `address` is base58 when it is always the same."""

    name: str
    writable: bool
    signer: bool
    address: str | None = None


@dataclass(frozen=True)
class ArgumentSpec:
    """One argument, in the types of spec/programs.toml."""

    name: str
    type: str


@dataclass(frozen=True)
class InstructionSpec:
    """One instruction: the first 8 bytes of its data, then accounts and packed Borsh arguments in order."""

    name: str
    discriminator: bytes
    accounts: tuple[AccountSpec, ...]
    arguments: tuple[ArgumentSpec, ...]


@dataclass(frozen=True)
class ErrorSpec:
    """One custom error of a program."""

    code: int
    name: str
    message: str
