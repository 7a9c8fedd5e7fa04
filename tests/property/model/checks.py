"""What the rules of all programs share: refusing by name, loading accounts, and what every call checks first."""

from __future__ import annotations

from typing import TypeVar

from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated import market, order_processor
from anomi_sdk.program_spec import AccountSpec, ProgramSpec
from tests.property.model.ledger import Call, Ledger, Refused

__all__ = ["TIME_END", "U64_END", "Program", "front_door", "is_field_element"]

T = TypeVar("T")

U64_END = 2**64
TIME_END = 2**40
_AUTHORITIES = {
    "processor_authority": order_processor.authority_address(),
    "market_authority": market.authority_address(),
}
_NOT_THE_PROGRAM = {"system_program": "SystemProgramMismatch", "token_program": "TokenProgramMismatch"}


class Program:
    """Refusals of one program. A name that its spec does not have is a mistake of the model."""

    def __init__(self, spec: ProgramSpec) -> None:
        self.spec = spec
        self._names = {error.name for error in spec.errors.values()}

    def need(self, holds: bool, name: str) -> None:
        """Refuse unless this holds."""
        assert name in self._names, f"{self.spec.name} has no error {name}"
        if not holds:
            raise Refused(self.spec.name, name)

    def load(self, ledger: Ledger, kind: type[T], address: Pubkey, name: str) -> T:
        """The account at the address, refused by this name unless it is of this kind."""
        value = ledger.get(kind, address)
        self.need(value is not None, name)
        assert value is not None
        return value


def front_door(call: Call, payer: Pubkey) -> None:
    """What every instruction checks before it looks at anything else, in this order.

    The number of accounts; the length of the data; who signs; what is writable; the accounts whose address is always
    the same. An account has the rights of all its places in the transaction, the payer's included.
    """
    program = Program(call.program)
    expected = call.instruction.accounts
    program.need(len(call.accounts) == len(expected), "AccountCountMismatch")
    program.need(len(call.data) == call.data_bytes, "InstructionDataLengthMismatch")
    signers = {payer} | {account.address for account in call.accounts if account.signer}
    writable = {payer} | {account.address for account in call.accounts if account.writable}
    places = list(zip(call.accounts, expected, strict=True))
    program.need(all(got.address in signers for got, spec in places if spec.signer), "SignerMissing")
    program.need(all(got.address in writable for got, spec in places if spec.writable), "AccountNotWritable")
    wrong = {name for got, spec in places for address, name in [_fixed(spec)] if address not in (None, got.address)}
    if len(wrong) > 1:
        # Which of several wrong programs is named first is no rule of the protocol.
        raise Refused(call.program.name, None)
    for name in wrong:
        program.need(False, name)


def _fixed(spec: AccountSpec) -> tuple[Pubkey | None, str]:
    """Which account must stand at a place, if it is always the same, and the refusal of another one."""
    if spec.name in _AUTHORITIES:
        return _AUTHORITIES[spec.name], "AuthorityAddressMismatch"
    if spec.name in _NOT_THE_PROGRAM:
        return spec.address, _NOT_THE_PROGRAM[spec.name]
    # The config is the market's own account, and checked as such.
    return (
        None if spec.name == "config" else spec.address
    ), "ProgramMismatch" if spec.address else "InstructionUnknown"


def is_field_element(value: bytes) -> bool:
    """Whether the bytes are a number less than r."""
    return int.from_bytes(value, "big") < FR_MODULUS
