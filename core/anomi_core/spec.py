"""Shared numbers, generated from spec/ by `python -m tools.codegen`; do not edit."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TAG_DEPLOYMENT: Final = 1
"""deployment = P(TAG_DEPLOYMENT, genesis_hi, genesis_lo, market_program_hi, market_program_lo)"""
TAG_RAIL: Final = 2
"""rail = P(TAG_RAIL, provider_id, iso4217_numeric, exponent)"""
TAG_SOLVENCY: Final = 3
"""domain_solvency = P(TAG_SOLVENCY, deployment, rail, market_hi, market_lo)"""
TAG_PAYMENT: Final = 4
"""domain_payment = P(TAG_PAYMENT, deployment, rail, market_hi, market_lo)"""
TAG_ID: Final = 5
"""h = P(TAG_ID, id_secret, rail, payer_account)"""
TAG_IDC: Final = 6
"""idc = P(TAG_IDC, h, rail, payer_account)"""
TAG_LINE: Final = 7
"""line_id = P(TAG_LINE, id_secret, idc, deployment)"""
TAG_PAYEE_KEY: Final = 8
"""payee_key = P(TAG_PAYEE_KEY, rail, payee_account, payee_secret)"""
TAG_PAYEE: Final = 9
"""payee_commit = P(TAG_PAYEE, payee_key, payee_salt)"""
TAG_ATTESTOR: Final = 10
"""attestor leaf = P(TAG_ATTESTOR, key_x, key_y)"""
TAG_NODE: Final = 11
"""Merkle node = P(TAG_NODE, left, right)"""
TAG_BALANCE: Final = 12
"""M = P(TAG_BALANCE, deployment, rail, idc, balance_minor_units, issued_at_unix_s, nonce)"""
TAG_RECEIPT: Final = 13
"""M = P(TAG_RECEIPT, deployment, rail, idc, payee_account, amount_minor_units, paid_at_unix_s, txid, nonce)"""
TAG_NF: Final = 14
"""nf = P(TAG_NF, rail, txid, payee_key)"""
TAG_TEXT: Final = 15
"""a canonical text of more than 31 bytes = P(TAG_TEXT, byte_length, chunk_0, chunk_1, …), chunks of 31 bytes"""

AMOUNT_BITS: Final = 64
"""width of every amount of money (fiat minor units, base atoms) and of a line's sequence number"""
TIME_BITS: Final = 40
"""width of a time in unix seconds"""
FRESHNESS_WINDOW_S: Final = 128
"""a balance attestation is fresh when issued_min <= issued_at < issued_min + this"""
CLOCK_SKEW_S: Final = 120
"""clock skew allowed, both ways"""
ISSUED_MIN_AGE_MIN_S: Final = 8
"""a bid's issued_min is at least this much before now"""
ISSUED_MIN_AGE_MAX_S: Final = 900
"""a bid's issued_min is at most this much before now"""
ATTESTORS_MAX: Final = 5
"""keys in one attestor set"""
PACKED_TEXT_BYTES: Final = 31
"""a canonical text up to this many bytes is packed big-endian into one field element; longer ones are hashed"""
TEXT_BYTES_MAX: Final = 248
"""a canonical text is never longer than this (8 chunks)"""
ID_SECRET_BITS: Final = 248
"""width of id_secret, payee_secret, payee_salt and nonces as drawn; assumed, not checked in circuits"""
PUBLIC_INPUTS_MAX: Final = 16
"""public inputs of a verifying key that groth16_verifier accepts"""
BATCH_PROOFS_MAX: Final = 32
"""proofs that one verify_batch of groth16_verifier takes"""
POSEIDON_WORDS_MAX: Final = 12
"""words in one Poseidon hash, tag included (the on-chain syscall's limit)"""
RAILS_MAX: Final = 16
"""rails that one deployment's config lists"""
BASE_DECIMALS_MAX: Final = 12
"""decimals of a mint that can be traded"""
FEE_BPS_MAX: Final = 100
"""fee of any terms, in basis points (hundredths of a percent) of what is released"""
BOOK_LEAVES_MAX: Final = 4096
"""asks in one book"""
BOOK_LEAVES_LOOKED_AT_MAX: Final = 8
"""leaves that one bid looks at before it gives up"""
BOOK_GROWTH_BYTES: Final = 10240
"""bytes that a book gains in one instruction, at most (the runtime's limit)"""
REVEAL_CIPHERTEXT_BYTES: Final = 176
"""an encrypted reveal: 128 bytes of plaintext, sealed (48 bytes more)"""
REVEAL_WINDOW_MIN_S: Final = 300
"""shortest time that terms give a seller to reveal the payee"""
REVEAL_WINDOW_MAX_S: Final = 86400
"""longest time that terms give a seller to reveal the payee"""
PAY_WINDOW_MIN_S: Final = 3600
"""shortest time that terms give a buyer to pay, from the reveal"""
PAY_WINDOW_MAX_S: Final = 604800
"""longest time that terms give a buyer to pay, from the reveal"""
PROVE_WINDOW_MIN_S: Final = 3600
"""shortest time that terms give a buyer to prove, after the last moment to pay"""
PROVE_WINDOW_MAX_S: Final = 604800
"""longest time that terms give a buyer to prove, after the last moment to pay"""
STRIKES_MAX: Final = 10
"""strikes that terms may allow before a cool-down"""
COOLDOWN_MAX_S: Final = 2592000
"""longest cool-down that terms may set"""
FREE_CANCEL_INTERVAL_MAX_S: Final = 604800
"""longest time between two free cancels of one line that terms may set"""
REVOKED_TERMS_EXTENSION_S: Final = 604800
"""what the first revocation of terms adds to prove_by of all their orders, for ever"""
LISTING_MIN_S: Final = 600
"""shortest time from the listing of an ask to its expiry"""
ACCEPT_TERMS_GRACE_S: Final = 3600
"""time from new terms until asks that have not accepted them can be taken out of the book by anyone"""
CLAIM_EXTENSION_S: Final = 259200
"""what a buyer who has reported a payment can add to prove_by, once"""
ORDER_RETENTION_S: Final = 2592000
"""time from the end of an expired or cancelled order until its record can be closed"""
REBIND_COOLDOWN_S: Final = 2592000
"""an attestor lets another identity hold an account only when the last one was unused for this long: longer than any order can live, so that one balance never backs two identities at a time"""


SOLVENCY_WORDS: Final = ("domain", "buyer_hi", "buyer_lo", "packed", "root", "line_id")
SOLVENCY_COVERED_MINOR_UNITS_SHIFT: Final = 0
SOLVENCY_SEQ_SHIFT: Final = 64
SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT: Final = 128
SOLVENCY_BITMAP_SHIFT: Final = 168
PAYMENT_WORDS: Final = ("domain", "order_id", "packed", "payee_commit", "root", "line_id", "nf")
PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT: Final = 0
PAYMENT_NOT_BEFORE_UNIX_S_SHIFT: Final = 64
PAYMENT_NOT_AFTER_UNIX_S_SHIFT: Final = 104
PAYMENT_BITMAP_SHIFT: Final = 144


@dataclass(frozen=True)
class CircuitPreset:
    """One compiled form of a circuit: `circuits/main/<main>.circom`."""

    circuit: str
    main: str
    k: int
    depth: int
    keyed: bool
    constraints_max: int


CIRCUIT_PRESETS: Final = (
    CircuitPreset(circuit="solvency", main="solvency", k=2, depth=2, keyed=True, constraints_max=12400),
    CircuitPreset(circuit="solvency", main="solvency_k1_d1", k=1, depth=1, keyed=False, constraints_max=7100),
    CircuitPreset(circuit="solvency", main="solvency_k3_d3", k=3, depth=3, keyed=False, constraints_max=18200),
    CircuitPreset(circuit="payment", main="payment", k=2, depth=2, keyed=True, constraints_max=13300),
    CircuitPreset(circuit="payment", main="payment_k1_d1", k=1, depth=1, keyed=False, constraints_max=8000),
    CircuitPreset(circuit="payment", main="payment_k3_d3", k=3, depth=3, keyed=False, constraints_max=19100),
)

CHECKS: Final = {
    "solvency": (
        "Attestors are distinct and registered",
        "Attestation is for this account and deployment",
        "Domain opens to this deployment, rail and market",
        "Line belongs to the prover",
        "Balance covers reservations",
        "Attestation is fresh",
        "Statement binds every public value",
    ),
    "payment": (
        "Attestors are distinct and registered",
        "Receipt is for this account and deployment",
        "Domain opens to this deployment, rail and market",
        "Payer is the bidder",
        "Payee is the seller",
        "Amount reaches the floor",
        "Paid inside the window",
        "Nullifier names the transfer",
        "Statement binds every public value",
    ),
}
"""The named checks of each circuit, in order: one name in circuit, relation, docs and tests."""


@dataclass(frozen=True)
class RailRow:
    """One row of spec/rails.toml."""

    name: str
    title: str
    provider_id: int
    currency: str
    iso4217_numeric: int
    exponent: int
    account_rule: str
    iban_characters: tuple[tuple[str, int], ...]
    txid_rule: str
    txid_characters_min: int
    txid_characters_max: int
    final: bool
    final_reason: str


RAILS: Final = (
    RailRow(
        name="easypaisa",
        title="Easypaisa",
        provider_id=1,
        currency="PKR",
        iso4217_numeric=586,
        exponent=2,
        account_rule="pk_mobile",
        iban_characters=(),
        txid_rule="digits",
        txid_characters_min=8,
        txid_characters_max=20,
        final=True,
        final_reason="A completed transfer credits the receiver at once and the sender cannot recall it; what the operator or a court may undo is outside the protocol.",
    ),
    RailRow(
        name="jazzcash",
        title="JazzCash",
        provider_id=2,
        currency="PKR",
        iso4217_numeric=586,
        exponent=2,
        account_rule="pk_mobile",
        iban_characters=(),
        txid_rule="digits",
        txid_characters_min=8,
        txid_characters_max=20,
        final=True,
        final_reason="A completed transfer credits the receiver at once and the sender cannot recall it; what the operator or a court may undo is outside the protocol.",
    ),
    RailRow(
        name="raast",
        title="Raast, by IBAN",
        provider_id=3,
        currency="PKR",
        iso4217_numeric=586,
        exponent=2,
        account_rule="iban",
        iban_characters=(("PK", 24),),
        txid_rule="alphanumeric",
        txid_characters_min=6,
        txid_characters_max=35,
        final=True,
        final_reason="An instant credit transfer settles between the banks at once and the sender cannot recall it.",
    ),
    RailRow(
        name="sepa-instant",
        title="SEPA instant credit transfer",
        provider_id=4,
        currency="EUR",
        iso4217_numeric=978,
        exponent=2,
        account_rule="iban",
        iban_characters=(
            ("AD", 24),
            ("AL", 28),
            ("AT", 20),
            ("BE", 16),
            ("BG", 22),
            ("CH", 21),
            ("CY", 28),
            ("CZ", 24),
            ("DE", 22),
            ("DK", 18),
            ("EE", 20),
            ("ES", 24),
            ("FI", 18),
            ("FR", 27),
            ("GB", 22),
            ("GI", 23),
            ("GR", 27),
            ("HR", 21),
            ("HU", 28),
            ("IE", 22),
            ("IS", 26),
            ("IT", 27),
            ("LI", 21),
            ("LT", 20),
            ("LU", 20),
            ("LV", 21),
            ("MC", 27),
            ("MD", 24),
            ("ME", 22),
            ("MK", 19),
            ("MT", 31),
            ("NL", 18),
            ("NO", 15),
            ("PL", 28),
            ("PT", 25),
            ("RO", 24),
            ("RS", 22),
            ("SE", 24),
            ("SI", 19),
            ("SK", 24),
            ("SM", 27),
            ("VA", 22),
        ),
        txid_rule="alphanumeric",
        txid_characters_min=6,
        txid_characters_max=35,
        final=True,
        final_reason="The scheme credits the payee within seconds and irrevocably; a recall needs the payee's consent.",
    ),
)


DEV_PTAU_POWER: Final = 14
DEV_PTAU_SHA256: Final = "36f3c4e01e96d64f756eacb7e80bf2d94575bfec23a0fc47def486c8d6b31e23"
DEV_PTAU_ALPHA_G1: Final = (
    8788117550446274511085217563159481824314430267847550829047463749169131063864,
    20592830266451259013849329484822147111346001105125603397970173160070399817092,
)
DEV_PHASE_1_NAME: Final = "anomi development phase 1"
DEV_PHASE_1_BEACON_TEXT: Final = "anomi development setup: phase 1"
DEV_PHASE_1_BEACON_ITERATIONS_EXP: Final = 10
DEV_PHASE_2_NAME: Final = "anomi development phase 2"
DEV_PHASE_2_BEACON_TEXT: Final = "anomi development setup: phase 2"
DEV_PHASE_2_BEACON_ITERATIONS_EXP: Final = 10
