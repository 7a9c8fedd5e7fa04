"""Refusals of order_store: one class per error code.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from typing import Final

from anomi_sdk.program_errors import ProgramRefusedError

__all__ = [
    "ERROR_CLASSES",
    "AccountCountMismatchError",
    "AccountNotWritableError",
    "ArithmeticOverflowError",
    "AuthorityAddressMismatchError",
    "ClaimAlreadyExtendedError",
    "ClockOutOfRangeError",
    "InstructionDataLengthMismatchError",
    "InstructionUnknownError",
    "OrderAddressMismatchError",
    "OrderAlreadyExistsError",
    "OrderInvalidError",
    "OrderNotOverError",
    "OrderStoreError",
    "PaymentAlreadyReportedError",
    "PaymentNotReportedError",
    "ProgramMismatchError",
    "RentPayerMismatchError",
    "RetentionNotOverError",
    "SignerMissingError",
    "StatusTransitionInvalidError",
    "StatusUnknownError",
    "SystemProgramMismatchError",
    "TokenProgramMismatchError",
]


class OrderStoreError(ProgramRefusedError):
    """A refusal by order_store."""


class InstructionUnknownError(OrderStoreError):
    """The first 8 bytes of the instruction data name no instruction of this program."""

    code = 6200


class InstructionDataLengthMismatchError(OrderStoreError):
    """The instruction data is shorter or longer than its arguments."""

    code = 6201


class AccountCountMismatchError(OrderStoreError):
    """The instruction got more or fewer accounts than it takes."""

    code = 6202


class SignerMissingError(OrderStoreError):
    """An account that has to sign this instruction did not."""

    code = 6203


class AccountNotWritableError(OrderStoreError):
    """An account that this instruction changes was not passed as writable."""

    code = 6204


class SystemProgramMismatchError(OrderStoreError):
    """The account in the system program's place is not the system program."""

    code = 6205


class TokenProgramMismatchError(OrderStoreError):
    """The account in the token program's place is not the classic SPL Token program."""

    code = 6206


class ProgramMismatchError(OrderStoreError):
    """An account in the place of one of ANOMI's programs is another account."""

    code = 6207


class AuthorityAddressMismatchError(OrderStoreError):
    """The account in the place of a program's signing authority is another account."""

    code = 6208


class ClockOutOfRangeError(OrderStoreError):
    """The cluster's clock is not a unix time of 40 bits."""

    code = 6209


class ArithmeticOverflowError(OrderStoreError):
    """An amount does not fit its type: no state that the programs can reach does this."""

    code = 6210


class OrderAddressMismatchError(OrderStoreError):
    """The order account is not the address derived from market, line_id and seq."""

    code = 6211


class OrderAlreadyExistsError(OrderStoreError):
    """This order exists already."""

    code = 6212


class OrderInvalidError(OrderStoreError):
    """The account in the order's place is not an order of this program."""

    code = 6213


class StatusTransitionInvalidError(OrderStoreError):
    """An order in this status cannot move to that one."""

    code = 6214


class StatusUnknownError(OrderStoreError):
    """There is no such status."""

    code = 6215


class PaymentAlreadyReportedError(OrderStoreError):
    """A payment was reported for this order already."""

    code = 6216


class PaymentNotReportedError(OrderStoreError):
    """No payment was reported for this order."""

    code = 6217


class ClaimAlreadyExtendedError(OrderStoreError):
    """The time to prove was extended already."""

    code = 6218


class OrderNotOverError(OrderStoreError):
    """Only the record of an expired or cancelled order is ever closed."""

    code = 6219


class RetentionNotOverError(OrderStoreError):
    """The order ended less than 30 days ago."""

    code = 6220


class RentPayerMismatchError(OrderStoreError):
    """The rent goes back to the one who paid it."""

    code = 6221


ERROR_CLASSES: Final[dict[int, type[OrderStoreError]]] = {
    6200: InstructionUnknownError,
    6201: InstructionDataLengthMismatchError,
    6202: AccountCountMismatchError,
    6203: SignerMissingError,
    6204: AccountNotWritableError,
    6205: SystemProgramMismatchError,
    6206: TokenProgramMismatchError,
    6207: ProgramMismatchError,
    6208: AuthorityAddressMismatchError,
    6209: ClockOutOfRangeError,
    6210: ArithmeticOverflowError,
    6211: OrderAddressMismatchError,
    6212: OrderAlreadyExistsError,
    6213: OrderInvalidError,
    6214: StatusTransitionInvalidError,
    6215: StatusUnknownError,
    6216: PaymentAlreadyReportedError,
    6217: PaymentNotReportedError,
    6218: ClaimAlreadyExtendedError,
    6219: OrderNotOverError,
    6220: RetentionNotOverError,
    6221: RentPayerMismatchError,
}
"""Every custom error code of this program, and its class."""
