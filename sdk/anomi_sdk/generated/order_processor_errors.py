"""Refusals of order_processor: one class per error code.

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
    "AskMismatchError",
    "AuthorityAddressMismatchError",
    "BitmapInvalidError",
    "BuyerMismatchError",
    "CancelNotFreeError",
    "ClaimAlreadyExtendedError",
    "ClockOutOfRangeError",
    "DeadlineNotReachedError",
    "FieldElementNotCanonicalError",
    "InstructionDataLengthMismatchError",
    "InstructionUnknownError",
    "LineMismatchError",
    "MarketMismatchError",
    "NullifierAddressMismatchError",
    "NullifierAlreadySpentError",
    "OrderInvalidError",
    "OrderProcessorError",
    "OrderStatusMismatchError",
    "PaidBelowMinimumError",
    "PaymentAlreadyReportedError",
    "PaymentKeyMismatchError",
    "PaymentNotReportedError",
    "ProgramMismatchError",
    "ProveTooLateError",
    "RevealEmptyError",
    "RevealTooLateError",
    "RevealerMismatchError",
    "SellerMismatchError",
    "SignerMissingError",
    "SystemProgramMismatchError",
    "TermsMismatchError",
    "TermsRevokedError",
    "TokenProgramMismatchError",
    "WordAddressMismatchError",
]


class OrderProcessorError(ProgramRefusedError):
    """A refusal by order_processor."""


class InstructionUnknownError(OrderProcessorError):
    """The first 8 bytes of the instruction data name no instruction of this program."""

    code = 6300


class InstructionDataLengthMismatchError(OrderProcessorError):
    """The instruction data is shorter or longer than its arguments."""

    code = 6301


class AccountCountMismatchError(OrderProcessorError):
    """The instruction got more or fewer accounts than it takes."""

    code = 6302


class SignerMissingError(OrderProcessorError):
    """An account that has to sign this instruction did not."""

    code = 6303


class AccountNotWritableError(OrderProcessorError):
    """An account that this instruction changes was not passed as writable."""

    code = 6304


class SystemProgramMismatchError(OrderProcessorError):
    """The account in the system program's place is not the system program."""

    code = 6305


class TokenProgramMismatchError(OrderProcessorError):
    """The account in the token program's place is not the classic SPL Token program."""

    code = 6306


class ProgramMismatchError(OrderProcessorError):
    """An account in the place of one of ANOMI's programs is another account."""

    code = 6307


class AuthorityAddressMismatchError(OrderProcessorError):
    """The account in the place of a program's signing authority is another account."""

    code = 6308


class ClockOutOfRangeError(OrderProcessorError):
    """The cluster's clock is not a unix time of 40 bits."""

    code = 6309


class ArithmeticOverflowError(OrderProcessorError):
    """An amount does not fit its type: no state that the programs can reach does this."""

    code = 6310


class OrderInvalidError(OrderProcessorError):
    """The account in the order's place is not an order of order_store."""

    code = 6311


class OrderStatusMismatchError(OrderProcessorError):
    """The order is not in the status that this instruction takes."""

    code = 6312


class AskMismatchError(OrderProcessorError):
    """The account in the ask's place is not this order's ask."""

    code = 6313


class MarketMismatchError(OrderProcessorError):
    """The account in the market's place is not this order's market."""

    code = 6314


class TermsMismatchError(OrderProcessorError):
    """The account in the place of the terms is not this order's terms."""

    code = 6315


class TermsRevokedError(OrderProcessorError):
    """The terms are revoked: proofs are stopped, and the time to prove is extended."""

    code = 6316


class LineMismatchError(OrderProcessorError):
    """The account in the line's place is not this order's line."""

    code = 6317


class RevealerMismatchError(OrderProcessorError):
    """Only the seller or the ask's delegate may reveal the payee."""

    code = 6318


class RevealTooLateError(OrderProcessorError):
    """The time to reveal has passed: the order can only expire."""

    code = 6319


class RevealEmptyError(OrderProcessorError):
    """The ciphertext is all zeros."""

    code = 6320


class BuyerMismatchError(OrderProcessorError):
    """Only the order's buyer may do this."""

    code = 6321


class SellerMismatchError(OrderProcessorError):
    """Only the order's seller may do this."""

    code = 6322


class FieldElementNotCanonicalError(OrderProcessorError):
    """A nullifier is less than r and not zero."""

    code = 6323


class PaymentAlreadyReportedError(OrderProcessorError):
    """A payment was reported for this order already."""

    code = 6324


class PaymentNotReportedError(OrderProcessorError):
    """The buyer has not reported this payment: the nullifier is not the reported one."""

    code = 6325


class ProveTooLateError(OrderProcessorError):
    """The time to prove has passed: the order can only expire."""

    code = 6326


class PaidBelowMinimumError(OrderProcessorError):
    """The payment is below the least that this order takes."""

    code = 6327


class BitmapInvalidError(OrderProcessorError):
    """The bitmap does not name exactly k of the n attestors."""

    code = 6328


class NullifierAddressMismatchError(OrderProcessorError):
    """The nullifier account is not the address derived from the nullifier."""

    code = 6329


class NullifierAlreadySpentError(OrderProcessorError):
    """This transfer has settled an order already."""

    code = 6330


class DeadlineNotReachedError(OrderProcessorError):
    """The order's deadline has not passed yet."""

    code = 6331


class PaymentKeyMismatchError(OrderProcessorError):
    """The account in the payment key's place is not the verifying key that the terms name."""

    code = 6332


class ClaimAlreadyExtendedError(OrderProcessorError):
    """The time to prove was extended already."""

    code = 6333


class CancelNotFreeError(OrderProcessorError):
    """This cancel costs a strike, which the buyer did not accept."""

    code = 6334


class WordAddressMismatchError(OrderProcessorError):
    """The account of the seller's word is not the address derived from the order's line and the nullifier."""

    code = 6335


ERROR_CLASSES: Final[dict[int, type[OrderProcessorError]]] = {
    6300: InstructionUnknownError,
    6301: InstructionDataLengthMismatchError,
    6302: AccountCountMismatchError,
    6303: SignerMissingError,
    6304: AccountNotWritableError,
    6305: SystemProgramMismatchError,
    6306: TokenProgramMismatchError,
    6307: ProgramMismatchError,
    6308: AuthorityAddressMismatchError,
    6309: ClockOutOfRangeError,
    6310: ArithmeticOverflowError,
    6311: OrderInvalidError,
    6312: OrderStatusMismatchError,
    6313: AskMismatchError,
    6314: MarketMismatchError,
    6315: TermsMismatchError,
    6316: TermsRevokedError,
    6317: LineMismatchError,
    6318: RevealerMismatchError,
    6319: RevealTooLateError,
    6320: RevealEmptyError,
    6321: BuyerMismatchError,
    6322: SellerMismatchError,
    6323: FieldElementNotCanonicalError,
    6324: PaymentAlreadyReportedError,
    6325: PaymentNotReportedError,
    6326: ProveTooLateError,
    6327: PaidBelowMinimumError,
    6328: BitmapInvalidError,
    6329: NullifierAddressMismatchError,
    6330: NullifierAlreadySpentError,
    6331: DeadlineNotReachedError,
    6332: PaymentKeyMismatchError,
    6333: ClaimAlreadyExtendedError,
    6334: CancelNotFreeError,
    6335: WordAddressMismatchError,
}
"""Every custom error code of this program, and its class."""
