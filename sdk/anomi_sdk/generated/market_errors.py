"""Refusals of market: one class per error code.

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
    "AmountBelowMinimumError",
    "AmountZeroError",
    "ArithmeticOverflowError",
    "AskAddressMismatchError",
    "AskAlreadyExistsError",
    "AskAlreadyListedError",
    "AskInvalidError",
    "AskNotListedError",
    "AskNotPrunableError",
    "AskOfAnotherMarketError",
    "AskSellerMismatchError",
    "AttestationBeforeSettlementError",
    "AttestorCountInvalidError",
    "AttestorDepthInvalidError",
    "AttestorKeyNotCanonicalError",
    "AttestorKeyUnusedError",
    "AttestorKeysEqualError",
    "AuthorityAddressMismatchError",
    "BitmapInvalidError",
    "BookAddressMismatchError",
    "BookAtLargestSizeError",
    "BookCorruptError",
    "BookFullError",
    "BookInvalidError",
    "ClockOutOfRangeError",
    "ConfigAddressMismatchError",
    "ConfigAlreadyExistsError",
    "ConfigNotInitializedError",
    "CoverageExceededError",
    "DepositMismatchError",
    "DueOutOfRangeError",
    "EvictedAskMismatchError",
    "ExpiryOutOfRangeError",
    "ExpiryPassedError",
    "ExpiryTooSoonError",
    "FeeTooHighError",
    "FieldElementNotCanonicalError",
    "FreeCancelUsedError",
    "GovernorMismatchError",
    "InitializerMismatchError",
    "InstructionDataLengthMismatchError",
    "InstructionUnknownError",
    "IssuedMinTooOldError",
    "IssuedMinTooYoungError",
    "LineAddressMismatchError",
    "LineCoolingDownError",
    "LineInvalidError",
    "MarketAddressMismatchError",
    "MarketAlreadyExistsError",
    "MarketError",
    "MarketInvalidError",
    "MarketPausedError",
    "MatchedAskMismatchError",
    "MinFillAboveAmountError",
    "MinimumInvalidError",
    "MintDecimalsTooManyError",
    "MintInvalidError",
    "MintMismatchError",
    "NoAskMatchesError",
    "NoFeesOwedError",
    "NothingToWithdrawError",
    "OrderInvalidError",
    "OrderOfAnotherAskError",
    "OrderStatusMismatchError",
    "PendingAuthorityMismatchError",
    "PriceZeroError",
    "ProgramMismatchError",
    "RailExponentMismatchError",
    "RailInvalidError",
    "RailsFullError",
    "ReasonUnknownError",
    "RevealKeyInvalidError",
    "SignerMissingError",
    "SolvencyKeyMismatchError",
    "StrikesTooManyError",
    "SystemProgramMismatchError",
    "TermsAddressMismatchError",
    "TermsAlreadyAcceptedError",
    "TermsInvalidError",
    "TermsNotRevokedError",
    "TermsOfAnotherMarketError",
    "TermsRevokedError",
    "TermsVersionMismatchError",
    "TokenAccountAddressMismatchError",
    "TokenAccountInvalidError",
    "TokenAccountMintMismatchError",
    "TokenAccountOwnerMismatchError",
    "TokenProgramMismatchError",
    "VaultAddressMismatchError",
    "VaultClosedError",
    "VerifyingKeyInvalidError",
    "WindowOutOfBoundsError",
]


class MarketError(ProgramRefusedError):
    """A refusal by market."""


class InstructionUnknownError(MarketError):
    """The first 8 bytes of the instruction data name no instruction of this program."""

    code = 6100


class InstructionDataLengthMismatchError(MarketError):
    """The instruction data is shorter or longer than its arguments."""

    code = 6101


class AccountCountMismatchError(MarketError):
    """The instruction got more or fewer accounts than it takes."""

    code = 6102


class SignerMissingError(MarketError):
    """An account that has to sign this instruction did not."""

    code = 6103


class AccountNotWritableError(MarketError):
    """An account that this instruction changes was not passed as writable."""

    code = 6104


class SystemProgramMismatchError(MarketError):
    """The account in the system program's place is not the system program."""

    code = 6105


class TokenProgramMismatchError(MarketError):
    """The account in the token program's place is not the classic SPL Token program."""

    code = 6106


class ProgramMismatchError(MarketError):
    """An account in the place of one of ANOMI's programs is another account."""

    code = 6107


class AuthorityAddressMismatchError(MarketError):
    """The account in the place of a program's signing authority is another account."""

    code = 6108


class ClockOutOfRangeError(MarketError):
    """The cluster's clock is not a unix time of 40 bits."""

    code = 6109


class ArithmeticOverflowError(MarketError):
    """An amount does not fit its type: no state that the programs can reach does this."""

    code = 6110


class InitializerMismatchError(MarketError):
    """Only the program's initializer may create the config."""

    code = 6111


class GovernorMismatchError(MarketError):
    """The signer is not the authority that the config names."""

    code = 6112


class ConfigAddressMismatchError(MarketError):
    """The account in the config's place is not the config's address."""

    code = 6113


class ConfigAlreadyExistsError(MarketError):
    """The config exists already."""

    code = 6114


class ConfigNotInitializedError(MarketError):
    """The config does not exist yet, or is not an account of this program."""

    code = 6115


class MintInvalidError(MarketError):
    """The mint is not an initialized mint of the classic SPL Token program."""

    code = 6116


class MintDecimalsTooManyError(MarketError):
    """A mint of more than 12 decimals cannot be traded."""

    code = 6117


class RailExponentMismatchError(MarketError):
    """This provider and currency are listed with another exponent."""

    code = 6118


class RailsFullError(MarketError):
    """The config lists as many rails as it can."""

    code = 6119


class RailInvalidError(MarketError):
    """A rail has a provider from 1, a currency of three digits and an exponent of at most 6."""

    code = 6120


class MarketAddressMismatchError(MarketError):
    """The market account is not the address derived from mint and rail."""

    code = 6121


class MarketAlreadyExistsError(MarketError):
    """This market exists already."""

    code = 6122


class MarketInvalidError(MarketError):
    """The account in the market's place is not a market of this program."""

    code = 6123


class MarketPausedError(MarketError):
    """The market is paused: it takes no new asks, bids or terms; every exit stays open."""

    code = 6124


class BookAddressMismatchError(MarketError):
    """The account in the book's place is not this market's book."""

    code = 6125


class BookInvalidError(MarketError):
    """The account in the book's place is not a book of this program."""

    code = 6126


class BookAtLargestSizeError(MarketError):
    """The book cannot grow any more."""

    code = 6127


class BookFullError(MarketError):
    """The book is full: grow it, or, when it cannot grow, ask less than its last ask."""

    code = 6128


class BookCorruptError(MarketError):
    """The book contradicts itself: no state that the program can reach does this."""

    code = 6129


class TermsAddressMismatchError(MarketError):
    """The terms account is not the address derived from market and version."""

    code = 6130


class TermsInvalidError(MarketError):
    """The account in the place of the terms is not terms of this program."""

    code = 6131


class TermsOfAnotherMarketError(MarketError):
    """These terms are another market's."""

    code = 6132


class TermsVersionMismatchError(MarketError):
    """The version is not the one that this instruction takes."""

    code = 6133


class TermsRevokedError(MarketError):
    """These terms are revoked."""

    code = 6134


class VerifyingKeyInvalidError(MarketError):
    """A verifying key account is not a key of one public input that groth16_verifier holds."""

    code = 6135


class AttestorCountInvalidError(MarketError):
    """A set has n from 1 to 5 keys, n at most 2^depth, and needs k of them with n/2 < k <= n."""

    code = 6136


class AttestorDepthInvalidError(MarketError):
    """The depth of an attestor set is 1 to 3."""

    code = 6137


class AttestorKeyNotCanonicalError(MarketError):
    """A coordinate of an attestor's key is not less than r."""

    code = 6138


class AttestorKeysEqualError(MarketError):
    """Two attestors have keys with the same y: the same key, or its negative."""

    code = 6139


class AttestorKeyUnusedError(MarketError):
    """A key past the first n is not zeros."""

    code = 6140


class FeeTooHighError(MarketError):
    """A fee is at most 100 basis points."""

    code = 6141


class WindowOutOfBoundsError(MarketError):
    """A window of the terms is shorter or longer than it may be."""

    code = 6142


class MinimumInvalidError(MarketError):
    """The smallest ask and the smallest fill are at least 1, and the fill is at most the ask."""

    code = 6143


class AskAddressMismatchError(MarketError):
    """The ask account is not the address derived from market, seller and nonce."""

    code = 6144


class AskAlreadyExistsError(MarketError):
    """This seller has used this nonce already."""

    code = 6145


class AskInvalidError(MarketError):
    """The account in the ask's place is not an ask of this program."""

    code = 6146


class AskSellerMismatchError(MarketError):
    """The ask belongs to another seller."""

    code = 6147


class AskOfAnotherMarketError(MarketError):
    """The ask belongs to another market."""

    code = 6148


class AskNotListedError(MarketError):
    """The ask is not in the book."""

    code = 6149


class VaultAddressMismatchError(MarketError):
    """The account in the vault's place is not this ask's vault."""

    code = 6150


class VaultClosedError(MarketError):
    """The ask's vault is closed: everything was withdrawn."""

    code = 6151


class MintMismatchError(MarketError):
    """The mint is not the market's."""

    code = 6152


class TokenAccountInvalidError(MarketError):
    """The account is not an initialized token account of the classic SPL Token program."""

    code = 6153


class TokenAccountMintMismatchError(MarketError):
    """The token account holds another mint."""

    code = 6154


class TokenAccountOwnerMismatchError(MarketError):
    """The token account belongs to someone else."""

    code = 6155


class TokenAccountAddressMismatchError(MarketError):
    """The token account is not the associated token account that the tokens must go to."""

    code = 6156


class AmountBelowMinimumError(MarketError):
    """The deposit or the smallest fill is below the least that the terms allow."""

    code = 6157


class MinFillAboveAmountError(MarketError):
    """The smallest fill is larger than the amount."""

    code = 6158


class PriceZeroError(MarketError):
    """A price is at least 1."""

    code = 6159


class AmountZeroError(MarketError):
    """An amount is at least 1."""

    code = 6160


class DueOutOfRangeError(MarketError):
    """What would be due for this amount at this price does not fit 64 bits."""

    code = 6161


class FieldElementNotCanonicalError(MarketError):
    """A field element (payee_commit, line_id) is not less than r."""

    code = 6162


class ExpiryPassedError(MarketError):
    """The ask would have expired already."""

    code = 6163


class ExpiryOutOfRangeError(MarketError):
    """A time has at most 40 bits."""

    code = 6164


class DepositMismatchError(MarketError):
    """The vault did not gain exactly the deposit."""

    code = 6165


class NothingToWithdrawError(MarketError):
    """There is nothing to withdraw and nothing to close."""

    code = 6166


class NoFeesOwedError(MarketError):
    """No fees are owed."""

    code = 6167


class IssuedMinTooOldError(MarketError):
    """issued_min is more than 900 seconds before now: ask for fresh attestations."""

    code = 6168


class IssuedMinTooYoungError(MarketError):
    """issued_min is less than 8 seconds before now."""

    code = 6169


class AttestationBeforeSettlementError(MarketError):
    """issued_min is less than 120 s after the line's last settlement: ask for fresh attestations."""

    code = 6170


class BitmapInvalidError(MarketError):
    """The bitmap does not name exactly k of the n attestors."""

    code = 6171


class LineAddressMismatchError(MarketError):
    """The line account is not the address derived from line_id."""

    code = 6172


class LineInvalidError(MarketError):
    """The account in the line's place is not a solvency line of this program."""

    code = 6173


class LineCoolingDownError(MarketError):
    """The line is cooling down after strikes."""

    code = 6174


class NoAskMatchesError(MarketError):
    """No ask among the first 8 fits this bid: price, terms, expiry, own ask or smallest fill."""

    code = 6175


class MatchedAskMismatchError(MarketError):
    """The best ask is another one: read the book again."""

    code = 6176


class CoverageExceededError(MarketError):
    """The line's reservations and this due are more than the proven balance covers."""

    code = 6177


class OrderInvalidError(MarketError):
    """The account in the order's place is not an order of order_store."""

    code = 6178


class OrderOfAnotherAskError(MarketError):
    """The order belongs to another ask, market or line."""

    code = 6179


class OrderStatusMismatchError(MarketError):
    """The order is not in the status that this instruction takes."""

    code = 6180


class ReasonUnknownError(MarketError):
    """There is no such reason to return funds."""

    code = 6181


class StrikesTooManyError(MarketError):
    """Terms allow at most 10 strikes before a cool-down."""

    code = 6182


class SolvencyKeyMismatchError(MarketError):
    """The account in the solvency key's place is not the verifying key that the terms name."""

    code = 6183


class TermsNotRevokedError(MarketError):
    """These terms are not revoked."""

    code = 6184


class PendingAuthorityMismatchError(MarketError):
    """The signer is not the one who may accept the authority."""

    code = 6185


class TermsAlreadyAcceptedError(MarketError):
    """The ask is under these terms already."""

    code = 6186


class AskAlreadyListedError(MarketError):
    """The ask is in the book: cancel it before it is listed anew."""

    code = 6187


class AskNotPrunableError(MarketError):
    """The ask can still be matched, or its seller still has time to accept the current terms."""

    code = 6188


class FreeCancelUsedError(MarketError):
    """The line has had a free cancel too short a time ago."""

    code = 6189


class EvictedAskMismatchError(MarketError):
    """The ask to evict is the last one of a full book, and the new ask itself while there is room."""

    code = 6190


class RevealKeyInvalidError(MarketError):
    """The reveal key is no X25519 key in canonical form, or one of small order, to which nothing can be sealed."""

    code = 6191


class ExpiryTooSoonError(MarketError):
    """An ask is listed for at least LISTING_MIN_S: cancel it to take it out of the book before."""

    code = 6192


ERROR_CLASSES: Final[dict[int, type[MarketError]]] = {
    6100: InstructionUnknownError,
    6101: InstructionDataLengthMismatchError,
    6102: AccountCountMismatchError,
    6103: SignerMissingError,
    6104: AccountNotWritableError,
    6105: SystemProgramMismatchError,
    6106: TokenProgramMismatchError,
    6107: ProgramMismatchError,
    6108: AuthorityAddressMismatchError,
    6109: ClockOutOfRangeError,
    6110: ArithmeticOverflowError,
    6111: InitializerMismatchError,
    6112: GovernorMismatchError,
    6113: ConfigAddressMismatchError,
    6114: ConfigAlreadyExistsError,
    6115: ConfigNotInitializedError,
    6116: MintInvalidError,
    6117: MintDecimalsTooManyError,
    6118: RailExponentMismatchError,
    6119: RailsFullError,
    6120: RailInvalidError,
    6121: MarketAddressMismatchError,
    6122: MarketAlreadyExistsError,
    6123: MarketInvalidError,
    6124: MarketPausedError,
    6125: BookAddressMismatchError,
    6126: BookInvalidError,
    6127: BookAtLargestSizeError,
    6128: BookFullError,
    6129: BookCorruptError,
    6130: TermsAddressMismatchError,
    6131: TermsInvalidError,
    6132: TermsOfAnotherMarketError,
    6133: TermsVersionMismatchError,
    6134: TermsRevokedError,
    6135: VerifyingKeyInvalidError,
    6136: AttestorCountInvalidError,
    6137: AttestorDepthInvalidError,
    6138: AttestorKeyNotCanonicalError,
    6139: AttestorKeysEqualError,
    6140: AttestorKeyUnusedError,
    6141: FeeTooHighError,
    6142: WindowOutOfBoundsError,
    6143: MinimumInvalidError,
    6144: AskAddressMismatchError,
    6145: AskAlreadyExistsError,
    6146: AskInvalidError,
    6147: AskSellerMismatchError,
    6148: AskOfAnotherMarketError,
    6149: AskNotListedError,
    6150: VaultAddressMismatchError,
    6151: VaultClosedError,
    6152: MintMismatchError,
    6153: TokenAccountInvalidError,
    6154: TokenAccountMintMismatchError,
    6155: TokenAccountOwnerMismatchError,
    6156: TokenAccountAddressMismatchError,
    6157: AmountBelowMinimumError,
    6158: MinFillAboveAmountError,
    6159: PriceZeroError,
    6160: AmountZeroError,
    6161: DueOutOfRangeError,
    6162: FieldElementNotCanonicalError,
    6163: ExpiryPassedError,
    6164: ExpiryOutOfRangeError,
    6165: DepositMismatchError,
    6166: NothingToWithdrawError,
    6167: NoFeesOwedError,
    6168: IssuedMinTooOldError,
    6169: IssuedMinTooYoungError,
    6170: AttestationBeforeSettlementError,
    6171: BitmapInvalidError,
    6172: LineAddressMismatchError,
    6173: LineInvalidError,
    6174: LineCoolingDownError,
    6175: NoAskMatchesError,
    6176: MatchedAskMismatchError,
    6177: CoverageExceededError,
    6178: OrderInvalidError,
    6179: OrderOfAnotherAskError,
    6180: OrderStatusMismatchError,
    6181: ReasonUnknownError,
    6182: StrikesTooManyError,
    6183: SolvencyKeyMismatchError,
    6184: TermsNotRevokedError,
    6185: PendingAuthorityMismatchError,
    6186: TermsAlreadyAcceptedError,
    6187: AskAlreadyListedError,
    6188: AskNotPrunableError,
    6189: FreeCancelUsedError,
    6190: EvictedAskMismatchError,
    6191: RevealKeyInvalidError,
    6192: ExpiryTooSoonError,
}
"""Every custom error code of this program, and its class."""
