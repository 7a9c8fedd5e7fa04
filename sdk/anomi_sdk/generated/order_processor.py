"""Settles matched orders: reveals, payment proofs, releases and expiry.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.addresses import find_address
from anomi_sdk.generated.order_processor_errors import ERROR_CLASSES
from anomi_sdk.instruction_data import encode_instruction
from anomi_sdk.layouts import AccountLayout, EventLayout
from anomi_sdk.program_spec import AccountSpec, ErrorSpec, InstructionSpec, PdaSpec, ProgramSpec
from anomi_sdk.wire import BOOL, ByteArray, Field, PUBKEY, U64, U8

PROGRAM_ID: Final = Pubkey.from_string("8znqndUESnbj8JZcbHQmvpXcqZuP9eTTZQghSr8Uropd")
PROGRAM_ID_SEED_TEXT: Final = "anomi development program: order_processor"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

CLOCK_SKEW_S: Final = 120
"""Clock skew allowed, both ways."""
REVEAL_CIPHERTEXT_BYTES: Final = 176
"""An encrypted reveal: 128 bytes of plaintext, sealed (48 bytes more)."""
CLAIM_EXTENSION_S: Final = 259200
"""What a buyer who has reported a payment can add to prove_by, once."""


AUTHORITY_SEED: Final = b"authority"
AUTHORITY_PDA: Final = PdaSpec("authority", PROGRAM_ID, AUTHORITY_SEED, ())


def authority_address() -> Pubkey:
    """Return the address `authority`: signs order_processor's calls to market and order_store; holds nothing.

    The seeds are ["authority"].
    """
    return authority_address_and_bump()[0]


def authority_address_and_bump() -> tuple[Pubkey, int]:
    """Return `authority_address` and its canonical bump."""
    return find_address(AUTHORITY_PDA)


NULLIFIER_SEED: Final = b"nf"
NULLIFIER_PDA: Final = PdaSpec("nullifier", PROGRAM_ID, NULLIFIER_SEED, (Field("nf", ByteArray(32)),))


def nullifier_address(nf: bytes) -> Pubkey:
    """Return the address `nullifier`: one fiat transfer that a proof has spent, for every line.

    The seeds are ["nf", nf].
    """
    return nullifier_address_and_bump(nf)[0]


def nullifier_address_and_bump(nf: bytes) -> tuple[Pubkey, int]:
    """Return `nullifier_address` and its canonical bump."""
    return find_address(NULLIFIER_PDA, nf)


WORD_SEED: Final = b"word"
WORD_PDA: Final = PdaSpec("word", PROGRAM_ID, WORD_SEED, (Field("line_id", ByteArray(32)), Field("nf", ByteArray(32))))


def word_address(line_id: bytes, nf: bytes) -> Pubkey:
    """Return the address `word`: one fiat transfer that a seller's word has spent, for one solvency line: it cannot spend another line's.

    The seeds are ["word", line_id, nf].
    """
    return word_address_and_bump(line_id, nf)[0]


def word_address_and_bump(line_id: bytes, nf: bytes) -> tuple[Pubkey, int]:
    """Return `word_address` and its canonical bump."""
    return find_address(WORD_PDA, line_id, nf)


NULLIFIER_TAG: Final = bytes.fromhex("12388ea5b59ebb85")
NULLIFIER_NF_OFFSET: Final = 8
NULLIFIER_ORDER_OFFSET: Final = 40
NULLIFIER_BYTES: Final = 72


@dataclass(frozen=True)
class Nullifier(AccountLayout):
    """A fiat transfer that a proof has spent; never closed."""

    PROGRAM = PROGRAM_ID
    TAG = NULLIFIER_TAG
    FIELDS = (Field("nf", ByteArray(32)), Field("order", PUBKEY))

    nf: bytes
    """P(TAG_NF, rail, txid, payee_key)."""
    order: Pubkey
    """The order that it settled."""


SELLER_WORD_TAG: Final = bytes.fromhex("985729caf4ab039a")
SELLER_WORD_NF_OFFSET: Final = 8
SELLER_WORD_ORDER_OFFSET: Final = 40
SELLER_WORD_BYTES: Final = 72


@dataclass(frozen=True)
class SellerWord(AccountLayout):
    """A fiat transfer that a seller's word has spent; never closed."""

    PROGRAM = PROGRAM_ID
    TAG = SELLER_WORD_TAG
    FIELDS = (Field("nf", ByteArray(32)), Field("order", PUBKEY))

    nf: bytes
    """The nullifier that the buyer reported."""
    order: Pubkey
    """The order that it settled."""


PAYEE_REVEALED_EVENT_TAG: Final = bytes.fromhex("4b7f1f842ddc581f")
PAYEE_REVEALED_EVENT_ORDER_OFFSET: Final = 8
PAYEE_REVEALED_EVENT_PAY_BY_UNIX_S_OFFSET: Final = 40
PAYEE_REVEALED_EVENT_PROVE_BY_UNIX_S_OFFSET: Final = 48
PAYEE_REVEALED_EVENT_BYTES: Final = 56


@dataclass(frozen=True)
class PayeeRevealed(EventLayout):
    """The buyer can pay now."""

    PROGRAM = PROGRAM_ID
    TAG = PAYEE_REVEALED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("pay_by_unix_s", U64), Field("prove_by_unix_s", U64))

    order: Pubkey
    """The order."""
    pay_by_unix_s: int
    """Until then."""
    prove_by_unix_s: int
    """And prove until then."""


PAYMENT_REPORTED_EVENT_TAG: Final = bytes.fromhex("2fb46a5ac0edc152")
PAYMENT_REPORTED_EVENT_ORDER_OFFSET: Final = 8
PAYMENT_REPORTED_EVENT_NF_OFFSET: Final = 40
PAYMENT_REPORTED_EVENT_BYTES: Final = 72


@dataclass(frozen=True)
class PaymentReported(EventLayout):
    """The buyer says that he has paid."""

    PROGRAM = PROGRAM_ID
    TAG = PAYMENT_REPORTED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("nf", ByteArray(32)))

    order: Pubkey
    """The order."""
    nf: bytes
    """The transfer."""


TRADE_FINALIZED_EVENT_TAG: Final = bytes.fromhex("f58166c952e08e29")
TRADE_FINALIZED_EVENT_ORDER_OFFSET: Final = 8
TRADE_FINALIZED_EVENT_NF_OFFSET: Final = 40
TRADE_FINALIZED_EVENT_PAID_FLOOR_MINOR_UNITS_OFFSET: Final = 72
TRADE_FINALIZED_EVENT_RELEASED_ATOMS_OFFSET: Final = 80
TRADE_FINALIZED_EVENT_BYTES: Final = 88


@dataclass(frozen=True)
class TradeFinalized(EventLayout):
    """An order has been settled by a proof."""

    PROGRAM = PROGRAM_ID
    TAG = TRADE_FINALIZED_EVENT_TAG
    FIELDS = (
        Field("order", PUBKEY),
        Field("nf", ByteArray(32)),
        Field("paid_floor_minor_units", U64),
        Field("released_atoms", U64),
    )

    order: Pubkey
    """The order."""
    nf: bytes
    """The transfer."""
    paid_floor_minor_units: int
    """What was paid, at least."""
    released_atoms: int
    """Tokens released, fee included."""


TRADE_RELEASED_EVENT_TAG: Final = bytes.fromhex("d60c89d268be7a2d")
TRADE_RELEASED_EVENT_ORDER_OFFSET: Final = 8
TRADE_RELEASED_EVENT_NF_OFFSET: Final = 40
TRADE_RELEASED_EVENT_RELEASED_ATOMS_OFFSET: Final = 72
TRADE_RELEASED_EVENT_BYTES: Final = 80


@dataclass(frozen=True)
class TradeReleased(EventLayout):
    """An order has been settled by its seller."""

    PROGRAM = PROGRAM_ID
    TAG = TRADE_RELEASED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("nf", ByteArray(32)), Field("released_atoms", U64))

    order: Pubkey
    """The order."""
    nf: bytes
    """The transfer."""
    released_atoms: int
    """Tokens released, fee included."""


ORDER_EXPIRED_EVENT_TAG: Final = bytes.fromhex("f13730c4a03328d5")
ORDER_EXPIRED_EVENT_ORDER_OFFSET: Final = 8
ORDER_EXPIRED_EVENT_STRIKE_OFFSET: Final = 40
ORDER_EXPIRED_EVENT_BYTES: Final = 41


@dataclass(frozen=True)
class OrderExpired(EventLayout):
    """An order has ended without settlement."""

    PROGRAM = PROGRAM_ID
    TAG = ORDER_EXPIRED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("strike", BOOL))

    order: Pubkey
    """The order."""
    strike: bool
    """Whether the buyer's line got a strike."""


CLAIM_EXTENDED_EVENT_TAG: Final = bytes.fromhex("ff0267ff90b68b8a")
CLAIM_EXTENDED_EVENT_ORDER_OFFSET: Final = 8
CLAIM_EXTENDED_EVENT_PROVE_BY_UNIX_S_OFFSET: Final = 40
CLAIM_EXTENDED_EVENT_BYTES: Final = 48


@dataclass(frozen=True)
class ClaimExtended(EventLayout):
    """The buyer has more time to prove."""

    PROGRAM = PROGRAM_ID
    TAG = CLAIM_EXTENDED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("prove_by_unix_s", U64))

    order: Pubkey
    """The order."""
    prove_by_unix_s: int
    """Until then."""


ORDER_CANCELLED_EVENT_TAG: Final = bytes.fromhex("6c388044a871a8ef")
ORDER_CANCELLED_EVENT_ORDER_OFFSET: Final = 8
ORDER_CANCELLED_EVENT_STRIKE_OFFSET: Final = 40
ORDER_CANCELLED_EVENT_BYTES: Final = 41


@dataclass(frozen=True)
class OrderCancelled(EventLayout):
    """The buyer has given an order up."""

    PROGRAM = PROGRAM_ID
    TAG = ORDER_CANCELLED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("strike", BOOL))

    order: Pubkey
    """The order."""
    strike: bool
    """Whether his line got a strike."""


REVEAL_PAYEE: Final = InstructionSpec(
    name="reveal_payee",
    discriminator=bytes.fromhex("a26f7ee4795fe1e9"),
    accounts=(
        AccountSpec("revealer", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("ask", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
    ),
    arguments=(Field("reveal_ciphertext", ByteArray(176)),),
)


def reveal_payee(
    *,
    revealer: Pubkey,
    order: Pubkey,
    ask: Pubkey,
    terms: Pubkey,
    processor_authority: Pubkey,
    reveal_ciphertext: bytes,
) -> Instruction:
    """The seller, or the ask's delegate, tells the buyer whom to pay, encrypted.

    revealer: signer
    order: writable
    ask: read only
    terms: read only
    processor_authority: read only; PDA `authority`
    reveal_ciphertext: payee account, payee_secret and salt, sealed to the order's reveal_key

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        REVEAL_PAYEE,
        PROGRAM_ID,
        {"revealer": revealer, "order": order, "ask": ask, "terms": terms, "processor_authority": processor_authority},
        {"reveal_ciphertext": reveal_ciphertext},
    )


REPORT_PAYMENT: Final = InstructionSpec(
    name="report_payment",
    discriminator=bytes.fromhex("348eec4a7a2d65b8"),
    accounts=(
        AccountSpec("buyer", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
    ),
    arguments=(Field("nf", ByteArray(32)),),
)


def report_payment(*, buyer: Pubkey, order: Pubkey, processor_authority: Pubkey, nf: bytes) -> Instruction:
    """The buyer says that he has paid and names the transfer.

    buyer: signer
    order: writable
    processor_authority: read only; PDA `authority`
    nf: the nullifier of his payment, less than r

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        REPORT_PAYMENT,
        PROGRAM_ID,
        {"buyer": buyer, "order": order, "processor_authority": processor_authority},
        {"nf": nf},
    )


FINALIZE_TRADE: Final = InstructionSpec(
    name="finalize_trade",
    discriminator=bytes.fromhex("f9b3f8625b5e9456"),
    accounts=(
        AccountSpec("payer", writable=True, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("buyer_token", writable=True, signer=False),
        AccountSpec("nullifier", writable=True, signer=False),
        AccountSpec("word", writable=False, signer=False),
        AccountSpec("payment_key", writable=False, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("groth16_verifier", writable=False, signer=False, address=Pubkey.from_string("22zubNuz39y6hRDjfsNoayd355gaUuXSd4wqrU4ArK1R")),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
        AccountSpec("market_program", writable=False, signer=False, address=Pubkey.from_string("4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo")),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(
        Field("proof", ByteArray(256)),
        Field("nf", ByteArray(32)),
        Field("paid_floor_minor_units", U64),
        Field("bitmap", U8),
    ),
)


def finalize_trade(
    *,
    payer: Pubkey,
    order: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    vault: Pubkey,
    line: Pubkey,
    buyer_token: Pubkey,
    nullifier: Pubkey,
    word: Pubkey,
    payment_key: Pubkey,
    processor_authority: Pubkey,
    proof: bytes,
    nf: bytes,
    paid_floor_minor_units: int,
    bitmap: int,
) -> Instruction:
    """Settles an order by a proof of payment; anyone who holds the proof may call it.

    payer: signer and writable
    order: writable
    market: read only
    terms: read only
    ask: writable
    vault: writable
    line: writable
    buyer_token: writable
    nullifier: writable; PDA `nullifier`
    word: read only; PDA `word`
    payment_key: read only
    processor_authority: read only; PDA `authority`
    proof: of the payment statement
    nf: the payment's nullifier
    paid_floor_minor_units: what was paid, at least
    bitmap: attestors that signed

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        FINALIZE_TRADE,
        PROGRAM_ID,
        {"payer": payer, "order": order, "market": market, "terms": terms, "ask": ask, "vault": vault, "line": line, "buyer_token": buyer_token, "nullifier": nullifier, "word": word, "payment_key": payment_key, "processor_authority": processor_authority},
        {"proof": proof, "nf": nf, "paid_floor_minor_units": paid_floor_minor_units, "bitmap": bitmap},
    )


RELEASE_BY_SELLER: Final = InstructionSpec(
    name="release_by_seller",
    discriminator=bytes.fromhex("e64a7d768b4e4d1c"),
    accounts=(
        AccountSpec("seller", writable=True, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("buyer_token", writable=True, signer=False),
        AccountSpec("nullifier", writable=False, signer=False),
        AccountSpec("word", writable=True, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
        AccountSpec("market_program", writable=False, signer=False, address=Pubkey.from_string("4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo")),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(Field("nf", ByteArray(32)),),
)


def release_by_seller(
    *,
    seller: Pubkey,
    order: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    vault: Pubkey,
    line: Pubkey,
    buyer_token: Pubkey,
    nullifier: Pubkey,
    word: Pubkey,
    processor_authority: Pubkey,
    nf: bytes,
) -> Instruction:
    """The seller accepts the reported payment without a proof: full release.

    seller: signer and writable
    order: writable
    market: read only
    terms: read only
    ask: writable
    vault: writable
    line: writable
    buyer_token: writable
    nullifier: read only; PDA `nullifier`
    word: writable; PDA `word`
    processor_authority: read only; PDA `authority`
    nf: the nullifier that the buyer reported

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RELEASE_BY_SELLER,
        PROGRAM_ID,
        {"seller": seller, "order": order, "market": market, "terms": terms, "ask": ask, "vault": vault, "line": line, "buyer_token": buyer_token, "nullifier": nullifier, "word": word, "processor_authority": processor_authority},
        {"nf": nf},
    )


EXTEND_CLAIM: Final = InstructionSpec(
    name="extend_claim",
    discriminator=bytes.fromhex("0689d9fb452fa3d9"),
    accounts=(
        AccountSpec("buyer", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
    ),
    arguments=(),
)


def extend_claim(*, buyer: Pubkey, order: Pubkey, terms: Pubkey, processor_authority: Pubkey) -> Instruction:
    """The buyer, who has reported a payment, takes CLAIM_EXTENSION_S more to prove it; once.

    buyer: signer
    order: writable
    terms: read only
    processor_authority: read only; PDA `authority`
    """
    return encode_instruction(
        EXTEND_CLAIM,
        PROGRAM_ID,
        {"buyer": buyer, "order": order, "terms": terms, "processor_authority": processor_authority},
        {},
    )


CANCEL_ORDER: Final = InstructionSpec(
    name="cancel_order",
    discriminator=bytes.fromhex("5f81edf00831df84"),
    accounts=(
        AccountSpec("buyer", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
        AccountSpec("market_program", writable=False, signer=False, address=Pubkey.from_string("4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo")),
    ),
    arguments=(Field("accepts_strike", BOOL),),
)


def cancel_order(
    *,
    buyer: Pubkey,
    order: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    line: Pubkey,
    book: Pubkey,
    processor_authority: Pubkey,
    accepts_strike: bool,
) -> Instruction:
    """The buyer gives an order up; a strike, unless it is free or the seller missed the reveal.

    buyer: signer
    order: writable
    terms: read only
    ask: writable
    line: writable
    book: writable
    processor_authority: read only; PDA `authority`
    accepts_strike: whether to cancel at the price of a strike too; if not, such a cancel is refused

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        CANCEL_ORDER,
        PROGRAM_ID,
        {"buyer": buyer, "order": order, "terms": terms, "ask": ask, "line": line, "book": book, "processor_authority": processor_authority},
        {"accepts_strike": accepts_strike},
    )


EXPIRE_ORDER: Final = InstructionSpec(
    name="expire_order",
    discriminator=bytes.fromhex("ae1b55f769f5dc0d"),
    accounts=(
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("processor_authority", writable=False, signer=False),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
        AccountSpec("market_program", writable=False, signer=False, address=Pubkey.from_string("4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo")),
    ),
    arguments=(),
)


def expire_order(
    *,
    order: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    line: Pubkey,
    book: Pubkey,
    processor_authority: Pubkey,
) -> Instruction:
    """Ends an order whose deadline has passed; anyone may call it.

    order: writable
    terms: read only
    ask: writable
    line: writable
    book: writable
    processor_authority: read only; PDA `authority`
    """
    return encode_instruction(
        EXPIRE_ORDER,
        PROGRAM_ID,
        {"order": order, "terms": terms, "ask": ask, "line": line, "book": book, "processor_authority": processor_authority},
        {},
    )


ERRORS: Final = {
    6300: ErrorSpec(6300, "InstructionUnknown", "The first 8 bytes of the instruction data name no instruction of this program"),
    6301: ErrorSpec(6301, "InstructionDataLengthMismatch", "The instruction data is shorter or longer than its arguments"),
    6302: ErrorSpec(6302, "AccountCountMismatch", "The instruction got more or fewer accounts than it takes"),
    6303: ErrorSpec(6303, "SignerMissing", "An account that has to sign this instruction did not"),
    6304: ErrorSpec(6304, "AccountNotWritable", "An account that this instruction changes was not passed as writable"),
    6305: ErrorSpec(6305, "SystemProgramMismatch", "The account in the system program's place is not the system program"),
    6306: ErrorSpec(6306, "TokenProgramMismatch", "The account in the token program's place is not the classic SPL Token program"),
    6307: ErrorSpec(6307, "ProgramMismatch", "An account in the place of one of ANOMI's programs is another account"),
    6308: ErrorSpec(6308, "AuthorityAddressMismatch", "The account in the place of a program's signing authority is another account"),
    6309: ErrorSpec(6309, "ClockOutOfRange", "The cluster's clock is not a unix time of 40 bits"),
    6310: ErrorSpec(6310, "ArithmeticOverflow", "An amount does not fit its type: no state that the programs can reach does this"),
    6311: ErrorSpec(6311, "OrderInvalid", "The account in the order's place is not an order of order_store"),
    6312: ErrorSpec(6312, "OrderStatusMismatch", "The order is not in the status that this instruction takes"),
    6313: ErrorSpec(6313, "AskMismatch", "The account in the ask's place is not this order's ask"),
    6314: ErrorSpec(6314, "MarketMismatch", "The account in the market's place is not this order's market"),
    6315: ErrorSpec(6315, "TermsMismatch", "The account in the place of the terms is not this order's terms"),
    6316: ErrorSpec(6316, "TermsRevoked", "The terms are revoked: proofs are stopped, and the time to prove is extended"),
    6317: ErrorSpec(6317, "LineMismatch", "The account in the line's place is not this order's line"),
    6318: ErrorSpec(6318, "RevealerMismatch", "Only the seller or the ask's delegate may reveal the payee"),
    6319: ErrorSpec(6319, "RevealTooLate", "The time to reveal has passed: the order can only expire"),
    6320: ErrorSpec(6320, "RevealEmpty", "The ciphertext is all zeros"),
    6321: ErrorSpec(6321, "BuyerMismatch", "Only the order's buyer may do this"),
    6322: ErrorSpec(6322, "SellerMismatch", "Only the order's seller may do this"),
    6323: ErrorSpec(6323, "FieldElementNotCanonical", "A nullifier is less than r and not zero"),
    6324: ErrorSpec(6324, "PaymentAlreadyReported", "A payment was reported for this order already"),
    6325: ErrorSpec(6325, "PaymentNotReported", "The buyer has not reported this payment: the nullifier is not the reported one"),
    6326: ErrorSpec(6326, "ProveTooLate", "The time to prove has passed: the order can only expire"),
    6327: ErrorSpec(6327, "PaidBelowMinimum", "The payment is below the least that this order takes"),
    6328: ErrorSpec(6328, "BitmapInvalid", "The bitmap does not name exactly k of the n attestors"),
    6329: ErrorSpec(6329, "NullifierAddressMismatch", "The nullifier account is not the address derived from the nullifier"),
    6330: ErrorSpec(6330, "NullifierAlreadySpent", "This transfer has settled an order already"),
    6331: ErrorSpec(6331, "DeadlineNotReached", "The order's deadline has not passed yet"),
    6332: ErrorSpec(6332, "PaymentKeyMismatch", "The account in the payment key's place is not the verifying key that the terms name"),
    6333: ErrorSpec(6333, "ClaimAlreadyExtended", "The time to prove was extended already"),
    6334: ErrorSpec(6334, "CancelNotFree", "This cancel costs a strike, which the buyer did not accept"),
    6335: ErrorSpec(6335, "WordAddressMismatch", "The account of the seller's word is not the address derived from the order's line and the nullifier"),
}
"""Every custom error code of this program."""

INSTRUCTIONS: Final = (
    REVEAL_PAYEE,
    REPORT_PAYMENT,
    FINALIZE_TRADE,
    RELEASE_BY_SELLER,
    EXTEND_CLAIM,
    CANCEL_ORDER,
    EXPIRE_ORDER,
)
PDAS: Final = (AUTHORITY_PDA, NULLIFIER_PDA, WORD_PDA)
ACCOUNTS: Final = (Nullifier, SellerWord)
EVENTS: Final = (
    PayeeRevealed,
    PaymentReported,
    TradeFinalized,
    TradeReleased,
    OrderExpired,
    ClaimExtended,
    OrderCancelled,
)
PROGRAM: Final = ProgramSpec(
    "order_processor", PROGRAM_ID, INSTRUCTIONS, PDAS, ACCOUNTS, EVENTS, ERRORS, ERROR_CLASSES
)
