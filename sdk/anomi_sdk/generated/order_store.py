"""Keeps the record of every matched order; a settled one is a receipt for ever.

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
from anomi_sdk.generated.order_store_errors import ERROR_CLASSES
from anomi_sdk.instruction_data import encode_instruction
from anomi_sdk.layouts import AccountLayout, EventLayout
from anomi_sdk.program_spec import AccountSpec, ErrorSpec, InstructionSpec, PdaSpec, ProgramSpec
from anomi_sdk.wire import BOOL, ByteArray, Field, PUBKEY, U32, U64, U8

PROGRAM_ID: Final = Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")
PROGRAM_ID_SEED_TEXT: Final = "anomi development program: order_store"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

REVEAL_CIPHERTEXT_BYTES: Final = 176
"""An encrypted reveal: 128 bytes of plaintext, sealed (48 bytes more)."""
ORDER_RETENTION_S: Final = 2592000
"""Time from the end of an expired or cancelled order until its record can be closed."""


ORDER_SEED: Final = b"order"
ORDER_PDA: Final = PdaSpec("order", PROGRAM_ID, ORDER_SEED, (Field("market", PUBKEY), Field("line_id", ByteArray(32)), Field("seq", U64)))


def order_address(market: Pubkey, line_id: bytes, seq: int) -> Pubkey:
    """Return the address `order`: one matched order; the buyer knows the address before the bid.

    The seeds are ["order", market, line_id, seq].
    """
    return order_address_and_bump(market, line_id, seq)[0]


def order_address_and_bump(market: Pubkey, line_id: bytes, seq: int) -> tuple[Pubkey, int]:
    """Return `order_address` and its canonical bump."""
    return find_address(ORDER_PDA, market, line_id, seq)


MATCHED_ORDER_TAG: Final = bytes.fromhex("345df0445019a1f1")
MATCHED_ORDER_MARKET_OFFSET: Final = 8
MATCHED_ORDER_ORDER_ID_OFFSET: Final = 40
MATCHED_ORDER_BUYER_OFFSET: Final = 48
MATCHED_ORDER_SELLER_OFFSET: Final = 80
MATCHED_ORDER_ASK_OFFSET: Final = 112
MATCHED_ORDER_LINE_ID_OFFSET: Final = 144
MATCHED_ORDER_SEQ_OFFSET: Final = 176
MATCHED_ORDER_BASE_ATOMS_OFFSET: Final = 184
MATCHED_ORDER_PRICE_OFFSET: Final = 192
MATCHED_ORDER_DUE_MINOR_UNITS_OFFSET: Final = 200
MATCHED_ORDER_PAID_MIN_MINOR_UNITS_OFFSET: Final = 208
MATCHED_ORDER_PAYEE_COMMIT_OFFSET: Final = 216
MATCHED_ORDER_TERMS_VERSION_OFFSET: Final = 248
MATCHED_ORDER_MATCHED_AT_UNIX_S_OFFSET: Final = 252
MATCHED_ORDER_REVEAL_BY_UNIX_S_OFFSET: Final = 260
MATCHED_ORDER_REVEAL_KEY_OFFSET: Final = 268
MATCHED_ORDER_RENT_PAYER_OFFSET: Final = 300
MATCHED_ORDER_BUMP_OFFSET: Final = 332
MATCHED_ORDER_STATUS_OFFSET: Final = 333
MATCHED_ORDER_REVEALED_AT_UNIX_S_OFFSET: Final = 334
MATCHED_ORDER_PAY_BY_UNIX_S_OFFSET: Final = 342
MATCHED_ORDER_PROVE_BY_UNIX_S_OFFSET: Final = 350
MATCHED_ORDER_CLAIM_EXTENDED_OFFSET: Final = 358
MATCHED_ORDER_REPORTED_NF_OFFSET: Final = 359
MATCHED_ORDER_RESOLVED_AT_UNIX_S_OFFSET: Final = 391
MATCHED_ORDER_PAID_FLOOR_MINOR_UNITS_OFFSET: Final = 399
MATCHED_ORDER_RELEASED_ATOMS_OFFSET: Final = 407
MATCHED_ORDER_NF_OFFSET: Final = 415
MATCHED_ORDER_REVEAL_CIPHERTEXT_OFFSET: Final = 447
MATCHED_ORDER_BYTES: Final = 623


@dataclass(frozen=True)
class MatchedOrder(AccountLayout):
    """One matched order."""

    PROGRAM = PROGRAM_ID
    TAG = MATCHED_ORDER_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("order_id", U64),
        Field("buyer", PUBKEY),
        Field("seller", PUBKEY),
        Field("ask", PUBKEY),
        Field("line_id", ByteArray(32)),
        Field("seq", U64),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("due_minor_units", U64),
        Field("paid_min_minor_units", U64),
        Field("payee_commit", ByteArray(32)),
        Field("terms_version", U32),
        Field("matched_at_unix_s", U64),
        Field("reveal_by_unix_s", U64),
        Field("reveal_key", ByteArray(32)),
        Field("rent_payer", PUBKEY),
        Field("bump", U8),
        Field("status", U8),
        Field("revealed_at_unix_s", U64),
        Field("pay_by_unix_s", U64),
        Field("prove_by_unix_s", U64),
        Field("claim_extended", BOOL),
        Field("reported_nf", ByteArray(32)),
        Field("resolved_at_unix_s", U64),
        Field("paid_floor_minor_units", U64),
        Field("released_atoms", U64),
        Field("nf", ByteArray(32)),
        Field("reveal_ciphertext", ByteArray(176)),
    )

    market: Pubkey
    """The market."""
    order_id: int
    """Unique per market."""
    buyer: Pubkey
    """Who gets the tokens."""
    seller: Pubkey
    """Who gets the fiat money."""
    ask: Pubkey
    """Whose tokens are locked."""
    line_id: bytes
    """The buyer's solvency line."""
    seq: int
    """The bid's sequence number on it."""
    base_atoms: int
    """Tokens locked."""
    price: int
    """Fiat minor units per whole base token."""
    due_minor_units: int
    """What the buyer owes: ceil(base_atoms * price / 10^decimals)."""
    paid_min_minor_units: int
    """A payment below this is not taken: what is due for the smallest fill."""
    payee_commit: bytes
    """Commitment to the account to be paid."""
    terms_version: int
    """The terms of this order."""
    matched_at_unix_s: int
    """When it was matched."""
    reveal_by_unix_s: int
    """The seller reveals until then."""
    reveal_key: bytes
    """X25519 public key to which the payee is encrypted."""
    rent_payer: Pubkey
    """Who paid this account's rent."""
    bump: int
    """Of this address."""
    status: int
    """0 Pending, 1 AwaitingPayment, 2 PaymentConfirmed, 3 Settled, 4 Expired, 5 Cancelled."""
    revealed_at_unix_s: int
    """When the payee was revealed; 0: not yet."""
    pay_by_unix_s: int
    """The buyer pays until then."""
    prove_by_unix_s: int
    """The buyer proves until then."""
    claim_extended: bool
    """Whether prove_by was extended."""
    reported_nf: bytes
    """The nullifier that the buyer reported; zeros: none."""
    resolved_at_unix_s: int
    """When it was settled, expired or cancelled; 0: not yet."""
    paid_floor_minor_units: int
    """What was proven or accepted as paid."""
    released_atoms: int
    """Tokens released, fee included."""
    nf: bytes
    """The nullifier of its payment; zeros: none."""
    reveal_ciphertext: bytes
    """The payee, encrypted to reveal_key; zeros: not yet."""


ORDER_STORED_EVENT_TAG: Final = bytes.fromhex("c14114f654a019f0")
ORDER_STORED_EVENT_ORDER_OFFSET: Final = 8
ORDER_STORED_EVENT_MARKET_OFFSET: Final = 40
ORDER_STORED_EVENT_ORDER_ID_OFFSET: Final = 72
ORDER_STORED_EVENT_REVEAL_BY_UNIX_S_OFFSET: Final = 80
ORDER_STORED_EVENT_BYTES: Final = 88


@dataclass(frozen=True)
class OrderStored(EventLayout):
    """An order has been recorded."""

    PROGRAM = PROGRAM_ID
    TAG = ORDER_STORED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("market", PUBKEY), Field("order_id", U64), Field("reveal_by_unix_s", U64))

    order: Pubkey
    """Its account."""
    market: Pubkey
    """The market."""
    order_id: int
    """Its number."""
    reveal_by_unix_s: int
    """The seller reveals until then."""


STATUS_UPDATED_EVENT_TAG: Final = bytes.fromhex("139546969178f10b")
STATUS_UPDATED_EVENT_ORDER_OFFSET: Final = 8
STATUS_UPDATED_EVENT_FROM_STATUS_OFFSET: Final = 40
STATUS_UPDATED_EVENT_TO_STATUS_OFFSET: Final = 41
STATUS_UPDATED_EVENT_BYTES: Final = 42


@dataclass(frozen=True)
class StatusUpdated(EventLayout):
    """An order has moved."""

    PROGRAM = PROGRAM_ID
    TAG = STATUS_UPDATED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("from_status", U8), Field("to_status", U8))

    order: Pubkey
    """Its account."""
    from_status: int
    """Status before."""
    to_status: int
    """Status after."""


ORDER_CLOSED_EVENT_TAG: Final = bytes.fromhex("ed4d657b482b957b")
ORDER_CLOSED_EVENT_ORDER_OFFSET: Final = 8
ORDER_CLOSED_EVENT_RENT_PAYER_OFFSET: Final = 40
ORDER_CLOSED_EVENT_BYTES: Final = 72


@dataclass(frozen=True)
class OrderClosed(EventLayout):
    """The record of an order that came to nothing is gone."""

    PROGRAM = PROGRAM_ID
    TAG = ORDER_CLOSED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("rent_payer", PUBKEY))

    order: Pubkey
    """Its account."""
    rent_payer: Pubkey
    """Who got its rent back."""


STORE_MATCHED_ORDER: Final = InstructionSpec(
    name="store_matched_order",
    discriminator=bytes.fromhex("c9fe3d4ed2b57faa"),
    accounts=(
        AccountSpec("market_authority", writable=False, signer=True),
        AccountSpec("payer", writable=True, signer=True),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(
        Field("market", PUBKEY),
        Field("order_id", U64),
        Field("buyer", PUBKEY),
        Field("seller", PUBKEY),
        Field("ask", PUBKEY),
        Field("line_id", ByteArray(32)),
        Field("seq", U64),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("due_minor_units", U64),
        Field("paid_min_minor_units", U64),
        Field("payee_commit", ByteArray(32)),
        Field("terms_version", U32),
        Field("matched_at_unix_s", U64),
        Field("reveal_by_unix_s", U64),
        Field("reveal_key", ByteArray(32)),
    ),
)


def store_matched_order(
    *,
    market_authority: Pubkey,
    payer: Pubkey,
    order: Pubkey,
    market: Pubkey,
    order_id: int,
    buyer: Pubkey,
    seller: Pubkey,
    ask: Pubkey,
    line_id: bytes,
    seq: int,
    base_atoms: int,
    price: int,
    due_minor_units: int,
    paid_min_minor_units: int,
    payee_commit: bytes,
    terms_version: int,
    matched_at_unix_s: int,
    reveal_by_unix_s: int,
    reveal_key: bytes,
) -> Instruction:
    """Stores a new order; only the market's authority can.

    market_authority: signer
    payer: signer and writable
    order: writable; PDA `order`
    market: see MatchedOrder
    order_id: see MatchedOrder
    buyer: see MatchedOrder
    seller: see MatchedOrder
    ask: see MatchedOrder
    line_id: see MatchedOrder
    seq: see MatchedOrder
    base_atoms: see MatchedOrder
    price: see MatchedOrder
    due_minor_units: see MatchedOrder
    paid_min_minor_units: see MatchedOrder
    payee_commit: see MatchedOrder
    terms_version: see MatchedOrder
    matched_at_unix_s: see MatchedOrder
    reveal_by_unix_s: see MatchedOrder
    reveal_key: see MatchedOrder

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        STORE_MATCHED_ORDER,
        PROGRAM_ID,
        {"market_authority": market_authority, "payer": payer, "order": order},
        {"market": market, "order_id": order_id, "buyer": buyer, "seller": seller, "ask": ask, "line_id": line_id, "seq": seq, "base_atoms": base_atoms, "price": price, "due_minor_units": due_minor_units, "paid_min_minor_units": paid_min_minor_units, "payee_commit": payee_commit, "terms_version": terms_version, "matched_at_unix_s": matched_at_unix_s, "reveal_by_unix_s": reveal_by_unix_s, "reveal_key": reveal_key},
    )


RECORD_REVEAL: Final = InstructionSpec(
    name="record_reveal",
    discriminator=bytes.fromhex("ed6eb0b26415fbc1"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
    ),
    arguments=(
        Field("revealed_at_unix_s", U64),
        Field("pay_by_unix_s", U64),
        Field("prove_by_unix_s", U64),
        Field("reveal_ciphertext", ByteArray(176)),
    ),
)


def record_reveal(
    *,
    processor_authority: Pubkey,
    order: Pubkey,
    revealed_at_unix_s: int,
    pay_by_unix_s: int,
    prove_by_unix_s: int,
    reveal_ciphertext: bytes,
) -> Instruction:
    """Records a reveal: Pending to AwaitingPayment; only order_processor's authority can.

    processor_authority: signer
    order: writable
    revealed_at_unix_s: now
    pay_by_unix_s: see MatchedOrder
    prove_by_unix_s: see MatchedOrder
    reveal_ciphertext: the payee, encrypted

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RECORD_REVEAL,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "order": order},
        {"revealed_at_unix_s": revealed_at_unix_s, "pay_by_unix_s": pay_by_unix_s, "prove_by_unix_s": prove_by_unix_s, "reveal_ciphertext": reveal_ciphertext},
    )


RECORD_PAYMENT_REPORT: Final = InstructionSpec(
    name="record_payment_report",
    discriminator=bytes.fromhex("042fd7fd6da97e29"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
    ),
    arguments=(Field("nf", ByteArray(32)),),
)


def record_payment_report(*, processor_authority: Pubkey, order: Pubkey, nf: bytes) -> Instruction:
    """Records the buyer's word that he has paid; only order_processor's authority can.

    processor_authority: signer
    order: writable
    nf: the nullifier of his payment

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RECORD_PAYMENT_REPORT,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "order": order},
        {"nf": nf},
    )


RECORD_CLAIM_EXTENSION: Final = InstructionSpec(
    name="record_claim_extension",
    discriminator=bytes.fromhex("0f0cbd9abe6450a1"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
    ),
    arguments=(Field("prove_by_unix_s", U64),),
)


def record_claim_extension(*, processor_authority: Pubkey, order: Pubkey, prove_by_unix_s: int) -> Instruction:
    """Records that the buyer gets more time to prove, once; only order_processor's authority can.

    processor_authority: signer
    order: writable
    prove_by_unix_s: the buyer proves until then

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RECORD_CLAIM_EXTENSION,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "order": order},
        {"prove_by_unix_s": prove_by_unix_s},
    )


UPDATE_STATUS: Final = InstructionSpec(
    name="update_status",
    discriminator=bytes.fromhex("93d74aae37bf2a00"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("order", writable=True, signer=False),
    ),
    arguments=(
        Field("status", U8),
        Field("now_unix_s", U64),
        Field("nf", ByteArray(32)),
        Field("paid_floor_minor_units", U64),
        Field("released_atoms", U64),
    ),
)


def update_status(
    *,
    processor_authority: Pubkey,
    order: Pubkey,
    status: int,
    now_unix_s: int,
    nf: bytes,
    paid_floor_minor_units: int,
    released_atoms: int,
) -> Instruction:
    """Moves an order along its states; only order_processor's authority can.

    processor_authority: signer
    order: writable
    status: 2 PaymentConfirmed, 3 Settled, 4 Expired or 5 Cancelled
    now_unix_s: the time of a final status
    nf: the payment's nullifier, with PaymentConfirmed; else zeros
    paid_floor_minor_units: with PaymentConfirmed; else 0
    released_atoms: with Settled; else 0

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        UPDATE_STATUS,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "order": order},
        {"status": status, "now_unix_s": now_unix_s, "nf": nf, "paid_floor_minor_units": paid_floor_minor_units, "released_atoms": released_atoms},
    )


CLOSE_ORDER: Final = InstructionSpec(
    name="close_order",
    discriminator=bytes.fromhex("5a67d11c073fa804"),
    accounts=(
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("rent_payer", writable=True, signer=False),
    ),
    arguments=(),
)


def close_order(*, order: Pubkey, rent_payer: Pubkey) -> Instruction:
    """Closes the record of an order that came to nothing, ORDER_RETENTION_S after its end; anyone may call it.

    order: writable
    rent_payer: writable
    """
    return encode_instruction(
        CLOSE_ORDER,
        PROGRAM_ID,
        {"order": order, "rent_payer": rent_payer},
        {},
    )


ERRORS: Final = {
    6200: ErrorSpec(6200, "InstructionUnknown", "The first 8 bytes of the instruction data name no instruction of this program"),
    6201: ErrorSpec(6201, "InstructionDataLengthMismatch", "The instruction data is shorter or longer than its arguments"),
    6202: ErrorSpec(6202, "AccountCountMismatch", "The instruction got more or fewer accounts than it takes"),
    6203: ErrorSpec(6203, "SignerMissing", "An account that has to sign this instruction did not"),
    6204: ErrorSpec(6204, "AccountNotWritable", "An account that this instruction changes was not passed as writable"),
    6205: ErrorSpec(6205, "SystemProgramMismatch", "The account in the system program's place is not the system program"),
    6206: ErrorSpec(6206, "TokenProgramMismatch", "The account in the token program's place is not the classic SPL Token program"),
    6207: ErrorSpec(6207, "ProgramMismatch", "An account in the place of one of ANOMI's programs is another account"),
    6208: ErrorSpec(6208, "AuthorityAddressMismatch", "The account in the place of a program's signing authority is another account"),
    6209: ErrorSpec(6209, "ClockOutOfRange", "The cluster's clock is not a unix time of 40 bits"),
    6210: ErrorSpec(6210, "ArithmeticOverflow", "An amount does not fit its type: no state that the programs can reach does this"),
    6211: ErrorSpec(6211, "OrderAddressMismatch", "The order account is not the address derived from market, line_id and seq"),
    6212: ErrorSpec(6212, "OrderAlreadyExists", "This order exists already"),
    6213: ErrorSpec(6213, "OrderInvalid", "The account in the order's place is not an order of this program"),
    6214: ErrorSpec(6214, "StatusTransitionInvalid", "An order in this status cannot move to that one"),
    6215: ErrorSpec(6215, "StatusUnknown", "There is no such status"),
    6216: ErrorSpec(6216, "PaymentAlreadyReported", "A payment was reported for this order already"),
    6217: ErrorSpec(6217, "PaymentNotReported", "No payment was reported for this order"),
    6218: ErrorSpec(6218, "ClaimAlreadyExtended", "The time to prove was extended already"),
    6219: ErrorSpec(6219, "OrderNotOver", "Only the record of an expired or cancelled order is ever closed"),
    6220: ErrorSpec(6220, "RetentionNotOver", "The order ended less than 30 days ago"),
    6221: ErrorSpec(6221, "RentPayerMismatch", "The rent goes back to the one who paid it"),
}
"""Every custom error code of this program."""

INSTRUCTIONS: Final = (
    STORE_MATCHED_ORDER,
    RECORD_REVEAL,
    RECORD_PAYMENT_REPORT,
    RECORD_CLAIM_EXTENSION,
    UPDATE_STATUS,
    CLOSE_ORDER,
)
PDAS: Final = (ORDER_PDA,)
ACCOUNTS: Final = (MatchedOrder,)
EVENTS: Final = (OrderStored, StatusUpdated, OrderClosed)
PROGRAM: Final = ProgramSpec(
    "order_store", PROGRAM_ID, INSTRUCTIONS, PDAS, ACCOUNTS, EVENTS, ERRORS, ERROR_CLASSES
)
