"""Keeps sellers' tokens in escrow, matches bids that prove solvency, and pays out on order_processor's word.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.addresses import find_address
from anomi_sdk.generated.market_errors import ERROR_CLASSES
from anomi_sdk.instruction_data import encode_instruction
from anomi_sdk.layouts import AccountLayout, EventLayout, Layout, Struct
from anomi_sdk.program_spec import AccountSpec, ErrorSpec, InstructionSpec, PdaSpec, ProgramSpec
from anomi_sdk.wire import Array, BOOL, ByteArray, Field, PUBKEY, REST, U16, U32, U64, U8

PROGRAM_ID: Final = Pubkey.from_string("4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo")
PROGRAM_ID_SEED_TEXT: Final = "anomi development program: market"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

INITIALIZER: Final = Pubkey.from_string("CZBBp6jA3zvcB8Txza2KANtZnpYAu9gVqXHMZtVEfrJC")
"""The one key that may create the config."""
INITIALIZER_SEED_TEXT: Final = "anomi development key: market initializer"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

RAILS_MAX: Final = 16
"""Rails that one deployment's config lists."""
BASE_DECIMALS_MAX: Final = 12
"""Decimals of a mint that can be traded."""
FEE_BPS_MAX: Final = 100
"""Fee of any terms, in basis points (hundredths of a percent) of what is released."""
ATTESTORS_MAX: Final = 5
"""Keys in one attestor set."""
CLOCK_SKEW_S: Final = 120
"""Clock skew allowed, both ways."""
ISSUED_MIN_AGE_MIN_S: Final = 8
"""A bid's issued_min is at least this much before now."""
ISSUED_MIN_AGE_MAX_S: Final = 900
"""A bid's issued_min is at most this much before now."""
BOOK_LEAVES_MAX: Final = 4096
"""Asks in one book."""
BOOK_LEAVES_LOOKED_AT_MAX: Final = 8
"""Leaves that one bid looks at before it gives up."""
BOOK_GROWTH_BYTES: Final = 10240
"""Bytes that a book gains in one instruction, at most (the runtime's limit)."""
TIME_BITS: Final = 40
"""Width of a time in unix seconds."""
REVEAL_WINDOW_MIN_S: Final = 300
"""Shortest time that terms give a seller to reveal the payee."""
REVEAL_WINDOW_MAX_S: Final = 86400
"""Longest time that terms give a seller to reveal the payee."""
PAY_WINDOW_MIN_S: Final = 3600
"""Shortest time that terms give a buyer to pay, from the reveal."""
PAY_WINDOW_MAX_S: Final = 604800
"""Longest time that terms give a buyer to pay, from the reveal."""
PROVE_WINDOW_MIN_S: Final = 3600
"""Shortest time that terms give a buyer to prove, after the last moment to pay."""
PROVE_WINDOW_MAX_S: Final = 604800
"""Longest time that terms give a buyer to prove, after the last moment to pay."""
STRIKES_MAX: Final = 10
"""Strikes that terms may allow before a cool-down."""
COOLDOWN_MAX_S: Final = 2592000
"""Longest cool-down that terms may set."""
FREE_CANCEL_INTERVAL_MAX_S: Final = 604800
"""Longest time between two free cancels of one line that terms may set."""
REVOKED_TERMS_EXTENSION_S: Final = 604800
"""What the first revocation of terms adds to prove_by of all their orders, for ever."""
LISTING_MIN_S: Final = 600
"""Shortest time from the listing of an ask to its expiry."""
ACCEPT_TERMS_GRACE_S: Final = 3600
"""Time from new terms until asks that have not accepted them can be taken out of the book by anyone."""


CONFIG_SEED: Final = b"config"
CONFIG_PDA: Final = PdaSpec("config", PROGRAM_ID, CONFIG_SEED, ())


def config_address() -> Pubkey:
    """Return the address `config`: the deployment's config.

    The seeds are ["config"].
    """
    return config_address_and_bump()[0]


def config_address_and_bump() -> tuple[Pubkey, int]:
    """Return `config_address` and its canonical bump."""
    return find_address(CONFIG_PDA)


AUTHORITY_SEED: Final = b"authority"
AUTHORITY_PDA: Final = PdaSpec("authority", PROGRAM_ID, AUTHORITY_SEED, ())


def authority_address() -> Pubkey:
    """Return the address `authority`: signs the market's calls to order_store; holds nothing.

    The seeds are ["authority"].
    """
    return authority_address_and_bump()[0]


def authority_address_and_bump() -> tuple[Pubkey, int]:
    """Return `authority_address` and its canonical bump."""
    return find_address(AUTHORITY_PDA)


TERMS_SEED: Final = b"terms"
TERMS_PDA: Final = PdaSpec("terms", PROGRAM_ID, TERMS_SEED, (Field("market", PUBKEY), Field("version", U32)))


def terms_address(market: Pubkey, version: int) -> Pubkey:
    """Return the address `terms`: one version of a market's terms.

    The seeds are ["terms", market, version].
    """
    return terms_address_and_bump(market, version)[0]


def terms_address_and_bump(market: Pubkey, version: int) -> tuple[Pubkey, int]:
    """Return `terms_address` and its canonical bump."""
    return find_address(TERMS_PDA, market, version)


MARKET_SEED: Final = b"market"
MARKET_PDA: Final = PdaSpec("market", PROGRAM_ID, MARKET_SEED, (Field("base_mint", PUBKEY), Field("rail", ByteArray(32))))


def market_address(base_mint: Pubkey, rail: bytes) -> Pubkey:
    """Return the address `market`: the market of a mint and a rail.

    The seeds are ["market", base_mint, rail].
    """
    return market_address_and_bump(base_mint, rail)[0]


def market_address_and_bump(base_mint: Pubkey, rail: bytes) -> tuple[Pubkey, int]:
    """Return `market_address` and its canonical bump."""
    return find_address(MARKET_PDA, base_mint, rail)


BOOK_SEED: Final = b"book"
BOOK_PDA: Final = PdaSpec("book", PROGRAM_ID, BOOK_SEED, (Field("market", PUBKEY),))


def book_address(market: Pubkey) -> Pubkey:
    """Return the address `book`: a market's order book.

    The seeds are ["book", market].
    """
    return book_address_and_bump(market)[0]


def book_address_and_bump(market: Pubkey) -> tuple[Pubkey, int]:
    """Return `book_address` and its canonical bump."""
    return find_address(BOOK_PDA, market)


ASK_SEED: Final = b"ask"
ASK_PDA: Final = PdaSpec("ask", PROGRAM_ID, ASK_SEED, (Field("market", PUBKEY), Field("seller", PUBKEY), Field("client_nonce", U64)))


def ask_address(market: Pubkey, seller: Pubkey, client_nonce: int) -> Pubkey:
    """Return the address `ask`: one ask of a seller.

    The seeds are ["ask", market, seller, client_nonce].
    """
    return ask_address_and_bump(market, seller, client_nonce)[0]


def ask_address_and_bump(market: Pubkey, seller: Pubkey, client_nonce: int) -> tuple[Pubkey, int]:
    """Return `ask_address` and its canonical bump."""
    return find_address(ASK_PDA, market, seller, client_nonce)


VAULT_SEED: Final = b"vault"
VAULT_PDA: Final = PdaSpec("vault", PROGRAM_ID, VAULT_SEED, (Field("ask", PUBKEY),))


def vault_address(ask: Pubkey) -> Pubkey:
    """Return the address `vault`: the SPL token account that holds one ask's tokens; the ask itself is its owner.

    The seeds are ["vault", ask].
    """
    return vault_address_and_bump(ask)[0]


def vault_address_and_bump(ask: Pubkey) -> tuple[Pubkey, int]:
    """Return `vault_address` and its canonical bump."""
    return find_address(VAULT_PDA, ask)


LINE_SEED: Final = b"line"
LINE_PDA: Final = PdaSpec("line", PROGRAM_ID, LINE_SEED, (Field("line_id", ByteArray(32)),))


def line_address(line_id: bytes) -> Pubkey:
    """Return the address `line`: one fiat account's solvency line.

    The seeds are ["line", line_id].
    """
    return line_address_and_bump(line_id)[0]


def line_address_and_bump(line_id: bytes) -> tuple[Pubkey, int]:
    """Return `line_address` and its canonical bump."""
    return find_address(LINE_PDA, line_id)


RAIL_ENTRY_PROVIDER_ID_OFFSET: Final = 0
RAIL_ENTRY_ISO4217_NUMERIC_OFFSET: Final = 4
RAIL_ENTRY_EXPONENT_OFFSET: Final = 6
RAIL_ENTRY_BYTES: Final = 7


@dataclass(frozen=True)
class RailEntry(Layout):
    """A rail that the deployment knows: one exponent per provider and currency."""

    FIELDS = (Field("provider_id", U32), Field("iso4217_numeric", U16), Field("exponent", U8))

    provider_id: int
    """The provider's number in spec/rails.toml."""
    iso4217_numeric: int
    """The currency."""
    exponent: int
    """Decimal digits of a minor unit."""


ATTESTOR_KEY_X_OFFSET: Final = 0
ATTESTOR_KEY_Y_OFFSET: Final = 32
ATTESTOR_KEY_BYTES: Final = 64


@dataclass(frozen=True)
class AttestorKey(Layout):
    """A BabyJubJub public key."""

    FIELDS = (Field("x", ByteArray(32)), Field("y", ByteArray(32)))

    x: bytes
    """Big-endian, less than r."""
    y: bytes
    """Big-endian, less than r."""


BOOK_LEAF_ASK_OFFSET: Final = 0
BOOK_LEAF_SELLER_OFFSET: Final = 32
BOOK_LEAF_OPEN_ATOMS_OFFSET: Final = 64
BOOK_LEAF_MIN_FILL_ATOMS_OFFSET: Final = 72
BOOK_LEAF_PAYEE_COMMIT_OFFSET: Final = 80
BOOK_LEAF_TERMS_VERSION_OFFSET: Final = 112
BOOK_LEAF_EXPIRY_UNIX_S_OFFSET: Final = 116
BOOK_LEAF_BYTES: Final = 124


@dataclass(frozen=True)
class BookLeaf(Layout):
    """What the book holds of an ask beside its price and sequence."""

    FIELDS = (
        Field("ask", PUBKEY),
        Field("seller", PUBKEY),
        Field("open_atoms", U64),
        Field("min_fill_atoms", U64),
        Field("payee_commit", ByteArray(32)),
        Field("terms_version", U32),
        Field("expiry_unix_s", U64),
    )

    ask: Pubkey
    """The Ask account."""
    seller: Pubkey
    """Its seller."""
    open_atoms: int
    """Atoms that a bid can still take."""
    min_fill_atoms: int
    """The smallest fill that the seller takes, or all that is open."""
    payee_commit: bytes
    """Commitment to the account to be paid."""
    terms_version: int
    """The terms that the seller agreed to."""
    expiry_unix_s: int
    """From this second on the leaf no longer matches."""


CONFIG_TAG: Final = bytes.fromhex("9b0caae01efacc82")
CONFIG_AUTHORITY_OFFSET: Final = 8
CONFIG_PENDING_AUTHORITY_OFFSET: Final = 40
CONFIG_TREASURY_OFFSET: Final = 72
CONFIG_GENESIS_HASH_OFFSET: Final = 104
CONFIG_DEPLOYMENT_OFFSET: Final = 136
CONFIG_RAILS_COUNT_OFFSET: Final = 168
CONFIG_RAILS_OFFSET: Final = 169
CONFIG_BYTES: Final = 281


@dataclass(frozen=True)
class Config(AccountLayout):
    """One per program; only its authority initializes markets and publishes terms."""

    PROGRAM = PROGRAM_ID
    TAG = CONFIG_TAG
    FIELDS = (
        Field("authority", PUBKEY),
        Field("pending_authority", PUBKEY),
        Field("treasury", PUBKEY),
        Field("genesis_hash", ByteArray(32)),
        Field("deployment", ByteArray(32)),
        Field("rails_count", U8),
        Field("rails", Array(Struct(RailEntry), 16)),
    )

    authority: Pubkey
    """Who governs: markets, terms, pausing."""
    pending_authority: Pubkey
    """Who may accept the authority; zeros: nobody."""
    treasury: Pubkey
    """Whose associated token accounts get the fees."""
    genesis_hash: bytes
    """The cluster's genesis hash."""
    deployment: bytes
    """P(TAG_DEPLOYMENT, genesis_hi, genesis_lo, market_program_hi, market_program_lo)."""
    rails_count: int
    """Entries of rails in use."""
    rails: tuple[RailEntry, ...]
    """The rails of all markets."""


TERMS_TAG: Final = bytes.fromhex("df1828dff9db0e61")
TERMS_MARKET_OFFSET: Final = 8
TERMS_VERSION_OFFSET: Final = 40
TERMS_SOLVENCY_KEY_OFFSET: Final = 44
TERMS_PAYMENT_KEY_OFFSET: Final = 76
TERMS_ATTESTOR_K_OFFSET: Final = 108
TERMS_ATTESTOR_N_OFFSET: Final = 109
TERMS_ATTESTOR_DEPTH_OFFSET: Final = 110
TERMS_ATTESTOR_ROOT_OFFSET: Final = 111
TERMS_ATTESTOR_KEYS_OFFSET: Final = 143
TERMS_FEE_BPS_OFFSET: Final = 463
TERMS_REVEAL_WINDOW_S_OFFSET: Final = 465
TERMS_PAY_WINDOW_S_OFFSET: Final = 469
TERMS_PROVE_WINDOW_S_OFFSET: Final = 473
TERMS_STRIKES_MAX_OFFSET: Final = 477
TERMS_COOLDOWN_S_OFFSET: Final = 478
TERMS_FREE_CANCEL_GRACE_S_OFFSET: Final = 482
TERMS_FREE_CANCEL_INTERVAL_S_OFFSET: Final = 486
TERMS_MIN_ASK_ATOMS_OFFSET: Final = 490
TERMS_MIN_FILL_ATOMS_OFFSET: Final = 498
TERMS_PUBLISHED_AT_UNIX_S_OFFSET: Final = 506
TERMS_REVOKED_AT_UNIX_S_OFFSET: Final = 514
TERMS_CLAIM_EXTENSION_S_OFFSET: Final = 522
TERMS_BYTES: Final = 526


@dataclass(frozen=True)
class Terms(AccountLayout):
    """Immutable terms of trade; the mutable parts are revoked_at and claim_extension."""

    PROGRAM = PROGRAM_ID
    TAG = TERMS_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("version", U32),
        Field("solvency_key", PUBKEY),
        Field("payment_key", PUBKEY),
        Field("attestor_k", U8),
        Field("attestor_n", U8),
        Field("attestor_depth", U8),
        Field("attestor_root", ByteArray(32)),
        Field("attestor_keys", Array(Struct(AttestorKey), 5)),
        Field("fee_bps", U16),
        Field("reveal_window_s", U32),
        Field("pay_window_s", U32),
        Field("prove_window_s", U32),
        Field("strikes_max", U8),
        Field("cooldown_s", U32),
        Field("free_cancel_grace_s", U32),
        Field("free_cancel_interval_s", U32),
        Field("min_ask_atoms", U64),
        Field("min_fill_atoms", U64),
        Field("published_at_unix_s", U64),
        Field("revoked_at_unix_s", U64),
        Field("claim_extension_s", U32),
    )

    market: Pubkey
    """The market."""
    version: int
    """Counts up from 1."""
    solvency_key: Pubkey
    """The verifying key account of the solvency circuit."""
    payment_key: Pubkey
    """The verifying key account of the payment circuit."""
    attestor_k: int
    """Signatures needed."""
    attestor_n: int
    """Keys in the set."""
    attestor_depth: int
    """Depth of the set's Merkle tree."""
    attestor_root: bytes
    """Its root, computed by the program."""
    attestor_keys: tuple[AttestorKey, ...]
    """The set; unused entries are zeros."""
    fee_bps: int
    """Fee on what is released, in basis points."""
    reveal_window_s: int
    """The seller reveals within this time of the match."""
    pay_window_s: int
    """The buyer pays within this time of the reveal."""
    prove_window_s: int
    """The buyer proves within this time of pay_by."""
    strikes_max: int
    """This many strikes start a cool-down; 0: never."""
    cooldown_s: int
    """Length of a cool-down."""
    free_cancel_grace_s: int
    """A cancel within this time of the reveal, or of a missed reveal_by, is no strike."""
    free_cancel_interval_s: int
    """One free cancel per line and this time."""
    min_ask_atoms: int
    """Smallest deposit of an ask."""
    min_fill_atoms: int
    """Smallest min_fill of an ask."""
    published_at_unix_s: int
    """When."""
    revoked_at_unix_s: int
    """When they were revoked; 0: in force."""
    claim_extension_s: int
    """Added to prove_by of every order under these terms: 0 until they are revoked once."""


MARKET_TAG: Final = bytes.fromhex("dbbed53700e3c69a")
MARKET_BASE_MINT_OFFSET: Final = 8
MARKET_RAIL_OFFSET: Final = 40
MARKET_BOOK_OFFSET: Final = 72
MARKET_DOMAIN_SOLVENCY_OFFSET: Final = 104
MARKET_DOMAIN_PAYMENT_OFFSET: Final = 136
MARKET_PROVIDER_ID_OFFSET: Final = 168
MARKET_ISO4217_NUMERIC_OFFSET: Final = 172
MARKET_EXPONENT_OFFSET: Final = 174
MARKET_BASE_DECIMALS_OFFSET: Final = 175
MARKET_BUMP_OFFSET: Final = 176
MARKET_PAUSED_OFFSET: Final = 177
MARKET_TERMS_VERSION_OFFSET: Final = 178
MARKET_NEXT_ORDER_ID_OFFSET: Final = 182
MARKET_BYTES: Final = 190


@dataclass(frozen=True)
class Market(AccountLayout):
    """One mint against one rail."""

    PROGRAM = PROGRAM_ID
    TAG = MARKET_TAG
    FIELDS = (
        Field("base_mint", PUBKEY),
        Field("rail", ByteArray(32)),
        Field("book", PUBKEY),
        Field("domain_solvency", ByteArray(32)),
        Field("domain_payment", ByteArray(32)),
        Field("provider_id", U32),
        Field("iso4217_numeric", U16),
        Field("exponent", U8),
        Field("base_decimals", U8),
        Field("bump", U8),
        Field("paused", BOOL),
        Field("terms_version", U32),
        Field("next_order_id", U64),
    )

    base_mint: Pubkey
    """The SPL token that is sold."""
    rail: bytes
    """P(TAG_RAIL, provider_id, iso4217_numeric, exponent)."""
    book: Pubkey
    """Its Book account."""
    domain_solvency: bytes
    """P(TAG_SOLVENCY, deployment, rail, market_hi, market_lo)."""
    domain_payment: bytes
    """P(TAG_PAYMENT, deployment, rail, market_hi, market_lo)."""
    provider_id: int
    """Of the rail."""
    iso4217_numeric: int
    """Of the rail."""
    exponent: int
    """Of the rail."""
    base_decimals: int
    """Decimals of the mint."""
    bump: int
    """Of this address."""
    paused: bool
    """No new asks, bids or terms; every exit stays open."""
    terms_version: int
    """The current terms; 0: none yet."""
    next_order_id: int
    """Counts up from 1."""


BOOK_TAG: Final = bytes.fromhex("792279235b3e55de")
BOOK_MARKET_OFFSET: Final = 8
BOOK_NEXT_SEQUENCE_OFFSET: Final = 40
BOOK_SLAB_OFFSET: Final = 48
BOOK_FIXED_BYTES: Final = 48


@dataclass(frozen=True)
class Book(AccountLayout):
    """A market's open asks, in price-time order; grown by grow_book."""

    PROGRAM = PROGRAM_ID
    TAG = BOOK_TAG
    FIELDS = (Field("market", PUBKEY), Field("next_sequence", U64), Field("slab", REST))

    market: Pubkey
    """The market."""
    next_sequence: int
    """Of the next ask, counts up from 1."""
    slab: bytes
    """The tree of leaves: see crates/order-book."""


ASK_TAG: Final = bytes.fromhex("e1a97b2202fdc6e4")
ASK_MARKET_OFFSET: Final = 8
ASK_SELLER_OFFSET: Final = 40
ASK_VAULT_OFFSET: Final = 72
ASK_CLIENT_NONCE_OFFSET: Final = 104
ASK_PRICE_OFFSET: Final = 112
ASK_MIN_FILL_ATOMS_OFFSET: Final = 120
ASK_PAYEE_COMMIT_OFFSET: Final = 128
ASK_REVEAL_DELEGATE_OFFSET: Final = 160
ASK_TERMS_VERSION_OFFSET: Final = 192
ASK_EXPIRY_UNIX_S_OFFSET: Final = 196
ASK_SEQUENCE_OFFSET: Final = 204
ASK_LISTED_OFFSET: Final = 212
ASK_BUMP_OFFSET: Final = 213
ASK_VAULT_BUMP_OFFSET: Final = 214
ASK_LIVE_ORDERS_OFFSET: Final = 215
ASK_DEPOSITED_ATOMS_OFFSET: Final = 219
ASK_LOCKED_ATOMS_OFFSET: Final = 227
ASK_RELEASED_ATOMS_OFFSET: Final = 235
ASK_FEES_ATOMS_OFFSET: Final = 243
ASK_FEE_OWED_ATOMS_OFFSET: Final = 251
ASK_RETURNED_ATOMS_OFFSET: Final = 259
ASK_WITHDRAWN_ATOMS_OFFSET: Final = 267
ASK_BYTES: Final = 275


@dataclass(frozen=True)
class Ask(AccountLayout):
    """One ask: deposited = open + locked + released + fees + returned + withdrawn, open being what its leaf in the book holds."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("seller", PUBKEY),
        Field("vault", PUBKEY),
        Field("client_nonce", U64),
        Field("price", U64),
        Field("min_fill_atoms", U64),
        Field("payee_commit", ByteArray(32)),
        Field("reveal_delegate", PUBKEY),
        Field("terms_version", U32),
        Field("expiry_unix_s", U64),
        Field("sequence", U64),
        Field("listed", BOOL),
        Field("bump", U8),
        Field("vault_bump", U8),
        Field("live_orders", U32),
        Field("deposited_atoms", U64),
        Field("locked_atoms", U64),
        Field("released_atoms", U64),
        Field("fees_atoms", U64),
        Field("fee_owed_atoms", U64),
        Field("returned_atoms", U64),
        Field("withdrawn_atoms", U64),
    )

    market: Pubkey
    """The market."""
    seller: Pubkey
    """Who deposited and who gets returns."""
    vault: Pubkey
    """Its token account; zeros: closed."""
    client_nonce: int
    """The seller's number of this ask."""
    price: int
    """Fiat minor units per whole base token."""
    min_fill_atoms: int
    """The smallest fill, or all that is open."""
    payee_commit: bytes
    """Commitment to the account to be paid."""
    reveal_delegate: Pubkey
    """Who may reveal the payee beside the seller; the seller himself when nobody else."""
    terms_version: int
    """The terms that the seller agreed to."""
    expiry_unix_s: int
    """From this second on the ask no longer matches."""
    sequence: int
    """Its place in the book, with the price."""
    listed: bool
    """Whether the book holds a leaf of it."""
    bump: int
    """Of this address."""
    vault_bump: int
    """Of the vault's address."""
    live_orders: int
    """Orders that are neither settled, expired nor cancelled."""
    deposited_atoms: int
    """All that ever came in."""
    locked_atoms: int
    """Held for live orders."""
    released_atoms: int
    """Paid to buyers, fees not included."""
    fees_atoms: int
    """Fees of all releases."""
    fee_owed_atoms: int
    """The part of them that collect_fees has not yet paid out."""
    returned_atoms: int
    """The seller's to withdraw."""
    withdrawn_atoms: int
    """Already withdrawn."""


SOLVENCY_LINE_TAG: Final = bytes.fromhex("77dbed9ceb2a197d")
SOLVENCY_LINE_LINE_ID_OFFSET: Final = 8
SOLVENCY_LINE_RESERVED_MINOR_UNITS_OFFSET: Final = 40
SOLVENCY_LINE_SEQ_OFFSET: Final = 48
SOLVENCY_LINE_FRESH_AFTER_UNIX_S_OFFSET: Final = 56
SOLVENCY_LINE_STRIKES_OFFSET: Final = 64
SOLVENCY_LINE_FREE_CANCEL_AT_UNIX_S_OFFSET: Final = 65
SOLVENCY_LINE_COOLDOWN_UNTIL_UNIX_S_OFFSET: Final = 73
SOLVENCY_LINE_BUMP_OFFSET: Final = 81
SOLVENCY_LINE_BYTES: Final = 82


@dataclass(frozen=True)
class SolvencyLine(AccountLayout):
    """What one fiat account has promised in this deployment."""

    PROGRAM = PROGRAM_ID
    TAG = SOLVENCY_LINE_TAG
    FIELDS = (
        Field("line_id", ByteArray(32)),
        Field("reserved_minor_units", U64),
        Field("seq", U64),
        Field("fresh_after_unix_s", U64),
        Field("strikes", U8),
        Field("free_cancel_at_unix_s", U64),
        Field("cooldown_until_unix_s", U64),
        Field("bump", U8),
    )

    line_id: bytes
    """P(TAG_LINE, id_secret, idc, deployment)."""
    reserved_minor_units: int
    """Sum of the dues of its live orders."""
    seq: int
    """Bids that ever matched; the next bid's sequence number."""
    fresh_after_unix_s: int
    """An attestation must be of this second or later: CLOCK_SKEW_S after the last settlement."""
    strikes: int
    """Since the last cool-down."""
    free_cancel_at_unix_s: int
    """From when on a cancel can be free again."""
    cooldown_until_unix_s: int
    """No bids before this second."""
    bump: int
    """Of this address."""


CONFIG_INITIALIZED_EVENT_TAG: Final = bytes.fromhex("b531c89c13a7b25b")
CONFIG_INITIALIZED_EVENT_AUTHORITY_OFFSET: Final = 8
CONFIG_INITIALIZED_EVENT_TREASURY_OFFSET: Final = 40
CONFIG_INITIALIZED_EVENT_DEPLOYMENT_OFFSET: Final = 72
CONFIG_INITIALIZED_EVENT_BYTES: Final = 104


@dataclass(frozen=True)
class ConfigInitialized(EventLayout):
    """A deployment has begun."""

    PROGRAM = PROGRAM_ID
    TAG = CONFIG_INITIALIZED_EVENT_TAG
    FIELDS = (Field("authority", PUBKEY), Field("treasury", PUBKEY), Field("deployment", ByteArray(32)))

    authority: Pubkey
    """Who governs."""
    treasury: Pubkey
    """Who gets the fees."""
    deployment: bytes
    """Its number in every statement."""


MARKET_INITIALIZED_EVENT_TAG: Final = bytes.fromhex("86a07a573203ff51")
MARKET_INITIALIZED_EVENT_MARKET_OFFSET: Final = 8
MARKET_INITIALIZED_EVENT_BASE_MINT_OFFSET: Final = 40
MARKET_INITIALIZED_EVENT_RAIL_OFFSET: Final = 72
MARKET_INITIALIZED_EVENT_BYTES: Final = 104


@dataclass(frozen=True)
class MarketInitialized(EventLayout):
    """A market has been created."""

    PROGRAM = PROGRAM_ID
    TAG = MARKET_INITIALIZED_EVENT_TAG
    FIELDS = (Field("market", PUBKEY), Field("base_mint", PUBKEY), Field("rail", ByteArray(32)))

    market: Pubkey
    """Its address."""
    base_mint: Pubkey
    """What is sold."""
    rail: bytes
    """How it is paid."""


BOOK_GROWN_EVENT_TAG: Final = bytes.fromhex("38c5ee95239ec891")
BOOK_GROWN_EVENT_MARKET_OFFSET: Final = 8
BOOK_GROWN_EVENT_BOOK_BYTES_OFFSET: Final = 40
BOOK_GROWN_EVENT_BYTES: Final = 44


@dataclass(frozen=True)
class BookGrown(EventLayout):
    """A book has become longer."""

    PROGRAM = PROGRAM_ID
    TAG = BOOK_GROWN_EVENT_TAG
    FIELDS = (Field("market", PUBKEY), Field("book_bytes", U32))

    market: Pubkey
    """Its market."""
    book_bytes: int
    """Length of its data."""


TERMS_PUBLISHED_EVENT_TAG: Final = bytes.fromhex("cad8602d533dea6c")
TERMS_PUBLISHED_EVENT_MARKET_OFFSET: Final = 8
TERMS_PUBLISHED_EVENT_VERSION_OFFSET: Final = 40
TERMS_PUBLISHED_EVENT_ATTESTOR_ROOT_OFFSET: Final = 44
TERMS_PUBLISHED_EVENT_SOLVENCY_KEY_OFFSET: Final = 76
TERMS_PUBLISHED_EVENT_PAYMENT_KEY_OFFSET: Final = 108
TERMS_PUBLISHED_EVENT_FEE_BPS_OFFSET: Final = 140
TERMS_PUBLISHED_EVENT_BYTES: Final = 142


@dataclass(frozen=True)
class TermsPublished(EventLayout):
    """New asks and bids are under these terms."""

    PROGRAM = PROGRAM_ID
    TAG = TERMS_PUBLISHED_EVENT_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("version", U32),
        Field("attestor_root", ByteArray(32)),
        Field("solvency_key", PUBKEY),
        Field("payment_key", PUBKEY),
        Field("fee_bps", U16),
    )

    market: Pubkey
    """The market."""
    version: int
    """The terms."""
    attestor_root: bytes
    """Their attestors."""
    solvency_key: Pubkey
    """Verifying key."""
    payment_key: Pubkey
    """Verifying key."""
    fee_bps: int
    """Fee."""


TERMS_REVOKED_EVENT_TAG: Final = bytes.fromhex("1c50c5cadca151a2")
TERMS_REVOKED_EVENT_MARKET_OFFSET: Final = 8
TERMS_REVOKED_EVENT_VERSION_OFFSET: Final = 40
TERMS_REVOKED_EVENT_CLAIM_EXTENSION_S_OFFSET: Final = 44
TERMS_REVOKED_EVENT_BYTES: Final = 48


@dataclass(frozen=True)
class TermsRevoked(EventLayout):
    """Nothing is bid or proven under these terms any more."""

    PROGRAM = PROGRAM_ID
    TAG = TERMS_REVOKED_EVENT_TAG
    FIELDS = (Field("market", PUBKEY), Field("version", U32), Field("claim_extension_s", U32))

    market: Pubkey
    """The market."""
    version: int
    """The terms."""
    claim_extension_s: int
    """Added to prove_by of all their orders."""


TERMS_RESTORED_EVENT_TAG: Final = bytes.fromhex("95f43fe95f0b238e")
TERMS_RESTORED_EVENT_MARKET_OFFSET: Final = 8
TERMS_RESTORED_EVENT_VERSION_OFFSET: Final = 40
TERMS_RESTORED_EVENT_BYTES: Final = 44


@dataclass(frozen=True)
class TermsRestored(EventLayout):
    """A revocation has been lifted."""

    PROGRAM = PROGRAM_ID
    TAG = TERMS_RESTORED_EVENT_TAG
    FIELDS = (Field("market", PUBKEY), Field("version", U32))

    market: Pubkey
    """The market."""
    version: int
    """The terms."""


MARKET_PAUSE_SET_EVENT_TAG: Final = bytes.fromhex("e18b031cb91a7990")
MARKET_PAUSE_SET_EVENT_MARKET_OFFSET: Final = 8
MARKET_PAUSE_SET_EVENT_PAUSED_OFFSET: Final = 40
MARKET_PAUSE_SET_EVENT_BYTES: Final = 41


@dataclass(frozen=True)
class MarketPauseSet(EventLayout):
    """A market has been paused, or goes on."""

    PROGRAM = PROGRAM_ID
    TAG = MARKET_PAUSE_SET_EVENT_TAG
    FIELDS = (Field("market", PUBKEY), Field("paused", BOOL))

    market: Pubkey
    """The market."""
    paused: bool
    """Whether it is paused now."""


AUTHORITY_OFFERED_EVENT_TAG: Final = bytes.fromhex("8569e0857ef7dc66")
AUTHORITY_OFFERED_EVENT_AUTHORITY_OFFSET: Final = 8
AUTHORITY_OFFERED_EVENT_PENDING_AUTHORITY_OFFSET: Final = 40
AUTHORITY_OFFERED_EVENT_BYTES: Final = 72


@dataclass(frozen=True)
class AuthorityOffered(EventLayout):
    """Somebody may accept the authority, or nobody any more."""

    PROGRAM = PROGRAM_ID
    TAG = AUTHORITY_OFFERED_EVENT_TAG
    FIELDS = (Field("authority", PUBKEY), Field("pending_authority", PUBKEY))

    authority: Pubkey
    """Who governs."""
    pending_authority: Pubkey
    """Who may accept; zeros: nobody."""


AUTHORITY_TRANSFERRED_EVENT_TAG: Final = bytes.fromhex("f56db336875c1640")
AUTHORITY_TRANSFERRED_EVENT_FORMER_AUTHORITY_OFFSET: Final = 8
AUTHORITY_TRANSFERRED_EVENT_AUTHORITY_OFFSET: Final = 40
AUTHORITY_TRANSFERRED_EVENT_BYTES: Final = 72


@dataclass(frozen=True)
class AuthorityTransferred(EventLayout):
    """Somebody else governs."""

    PROGRAM = PROGRAM_ID
    TAG = AUTHORITY_TRANSFERRED_EVENT_TAG
    FIELDS = (Field("former_authority", PUBKEY), Field("authority", PUBKEY))

    former_authority: Pubkey
    """Who governed."""
    authority: Pubkey
    """Who governs."""


ASK_PLACED_EVENT_TAG: Final = bytes.fromhex("b4e7bd0b2dbbf708")
ASK_PLACED_EVENT_MARKET_OFFSET: Final = 8
ASK_PLACED_EVENT_ASK_OFFSET: Final = 40
ASK_PLACED_EVENT_SELLER_OFFSET: Final = 72
ASK_PLACED_EVENT_BASE_ATOMS_OFFSET: Final = 104
ASK_PLACED_EVENT_PRICE_OFFSET: Final = 112
ASK_PLACED_EVENT_SEQUENCE_OFFSET: Final = 120
ASK_PLACED_EVENT_BYTES: Final = 128


@dataclass(frozen=True)
class AskPlaced(EventLayout):
    """An ask has been listed."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_PLACED_EVENT_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("ask", PUBKEY),
        Field("seller", PUBKEY),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("sequence", U64),
    )

    market: Pubkey
    """The market."""
    ask: Pubkey
    """The ask."""
    seller: Pubkey
    """Who sells."""
    base_atoms: int
    """How much."""
    price: int
    """At what price."""
    sequence: int
    """Its place in the book."""


ASK_CANCELLED_EVENT_TAG: Final = bytes.fromhex("73ade5f869fc7e9b")
ASK_CANCELLED_EVENT_ASK_OFFSET: Final = 8
ASK_CANCELLED_EVENT_RETURNED_ATOMS_OFFSET: Final = 40
ASK_CANCELLED_EVENT_BYTES: Final = 48


@dataclass(frozen=True)
class AskCancelled(EventLayout):
    """An ask has left the book by its seller's wish."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_CANCELLED_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("returned_atoms", U64))

    ask: Pubkey
    """The ask."""
    returned_atoms: int
    """What was open."""


ASK_TERMS_ACCEPTED_EVENT_TAG: Final = bytes.fromhex("884b3bd3fdfdf9dc")
ASK_TERMS_ACCEPTED_EVENT_ASK_OFFSET: Final = 8
ASK_TERMS_ACCEPTED_EVENT_TERMS_VERSION_OFFSET: Final = 40
ASK_TERMS_ACCEPTED_EVENT_BYTES: Final = 44


@dataclass(frozen=True)
class AskTermsAccepted(EventLayout):
    """A listed ask has moved to the current terms."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_TERMS_ACCEPTED_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("terms_version", U32))

    ask: Pubkey
    """The ask."""
    terms_version: int
    """The terms."""


ASK_RELISTED_EVENT_TAG: Final = bytes.fromhex("3fa66d11db296a84")
ASK_RELISTED_EVENT_MARKET_OFFSET: Final = 8
ASK_RELISTED_EVENT_ASK_OFFSET: Final = 40
ASK_RELISTED_EVENT_SELLER_OFFSET: Final = 72
ASK_RELISTED_EVENT_BASE_ATOMS_OFFSET: Final = 104
ASK_RELISTED_EVENT_PRICE_OFFSET: Final = 112
ASK_RELISTED_EVENT_SEQUENCE_OFFSET: Final = 120
ASK_RELISTED_EVENT_BYTES: Final = 128


@dataclass(frozen=True)
class AskRelisted(EventLayout):
    """What was returned to an ask has been listed again."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_RELISTED_EVENT_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("ask", PUBKEY),
        Field("seller", PUBKEY),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("sequence", U64),
    )

    market: Pubkey
    """The market."""
    ask: Pubkey
    """The ask."""
    seller: Pubkey
    """Who sells."""
    base_atoms: int
    """How much."""
    price: int
    """At what price."""
    sequence: int
    """Its place in the book."""


ASK_EVICTED_EVENT_TAG: Final = bytes.fromhex("3c101db0e513f5e3")
ASK_EVICTED_EVENT_ASK_OFFSET: Final = 8
ASK_EVICTED_EVENT_RETURNED_ATOMS_OFFSET: Final = 40
ASK_EVICTED_EVENT_SUCCESSOR_OFFSET: Final = 48
ASK_EVICTED_EVENT_BYTES: Final = 80


@dataclass(frozen=True)
class AskEvicted(EventLayout):
    """The last ask of a full book has made room for a better price."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_EVICTED_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("returned_atoms", U64), Field("successor", PUBKEY))

    ask: Pubkey
    """The ask."""
    returned_atoms: int
    """What was open."""
    successor: Pubkey
    """The ask that took its place."""


ASK_PRUNED_EVENT_TAG: Final = bytes.fromhex("0717f94fa4f4a686")
ASK_PRUNED_EVENT_ASK_OFFSET: Final = 8
ASK_PRUNED_EVENT_RETURNED_ATOMS_OFFSET: Final = 40
ASK_PRUNED_EVENT_BYTES: Final = 48


@dataclass(frozen=True)
class AskPruned(EventLayout):
    """An ask that could not be matched any more has left the book."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_PRUNED_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("returned_atoms", U64))

    ask: Pubkey
    """The ask."""
    returned_atoms: int
    """What was open."""


ASK_WITHDRAWN_EVENT_TAG: Final = bytes.fromhex("8e7da4a3c7155bb8")
ASK_WITHDRAWN_EVENT_ASK_OFFSET: Final = 8
ASK_WITHDRAWN_EVENT_WITHDRAWN_ATOMS_OFFSET: Final = 40
ASK_WITHDRAWN_EVENT_VAULT_CLOSED_OFFSET: Final = 48
ASK_WITHDRAWN_EVENT_BYTES: Final = 49


@dataclass(frozen=True)
class AskWithdrawn(EventLayout):
    """A seller has taken returned tokens."""

    PROGRAM = PROGRAM_ID
    TAG = ASK_WITHDRAWN_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("withdrawn_atoms", U64), Field("vault_closed", BOOL))

    ask: Pubkey
    """The ask."""
    withdrawn_atoms: int
    """How much."""
    vault_closed: bool
    """Whether this was the last."""


FEES_COLLECTED_EVENT_TAG: Final = bytes.fromhex("e91775e16bb2fe08")
FEES_COLLECTED_EVENT_ASK_OFFSET: Final = 8
FEES_COLLECTED_EVENT_FEE_ATOMS_OFFSET: Final = 40
FEES_COLLECTED_EVENT_BYTES: Final = 48


@dataclass(frozen=True)
class FeesCollected(EventLayout):
    """Fees have been paid to the treasury."""

    PROGRAM = PROGRAM_ID
    TAG = FEES_COLLECTED_EVENT_TAG
    FIELDS = (Field("ask", PUBKEY), Field("fee_atoms", U64))

    ask: Pubkey
    """The ask."""
    fee_atoms: int
    """How much."""


BID_MATCHED_EVENT_TAG: Final = bytes.fromhex("2246dd9035e6e399")
BID_MATCHED_EVENT_MARKET_OFFSET: Final = 8
BID_MATCHED_EVENT_ORDER_OFFSET: Final = 40
BID_MATCHED_EVENT_ORDER_ID_OFFSET: Final = 72
BID_MATCHED_EVENT_ASK_OFFSET: Final = 80
BID_MATCHED_EVENT_BUYER_OFFSET: Final = 112
BID_MATCHED_EVENT_LINE_ID_OFFSET: Final = 144
BID_MATCHED_EVENT_SEQ_OFFSET: Final = 176
BID_MATCHED_EVENT_BASE_ATOMS_OFFSET: Final = 184
BID_MATCHED_EVENT_PRICE_OFFSET: Final = 192
BID_MATCHED_EVENT_DUE_MINOR_UNITS_OFFSET: Final = 200
BID_MATCHED_EVENT_BYTES: Final = 208


@dataclass(frozen=True)
class BidMatched(EventLayout):
    """A bid has taken an ask's tokens."""

    PROGRAM = PROGRAM_ID
    TAG = BID_MATCHED_EVENT_TAG
    FIELDS = (
        Field("market", PUBKEY),
        Field("order", PUBKEY),
        Field("order_id", U64),
        Field("ask", PUBKEY),
        Field("buyer", PUBKEY),
        Field("line_id", ByteArray(32)),
        Field("seq", U64),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("due_minor_units", U64),
    )

    market: Pubkey
    """The market."""
    order: Pubkey
    """The order's account."""
    order_id: int
    """Its number."""
    ask: Pubkey
    """Whose tokens."""
    buyer: Pubkey
    """For whom."""
    line_id: bytes
    """On which line."""
    seq: int
    """Its sequence number there."""
    base_atoms: int
    """How much."""
    price: int
    """At what price."""
    due_minor_units: int
    """What is due."""


FUNDS_RELEASED_EVENT_TAG: Final = bytes.fromhex("b277fce68368d2d2")
FUNDS_RELEASED_EVENT_ORDER_OFFSET: Final = 8
FUNDS_RELEASED_EVENT_ASK_OFFSET: Final = 40
FUNDS_RELEASED_EVENT_BUYER_ATOMS_OFFSET: Final = 72
FUNDS_RELEASED_EVENT_FEE_ATOMS_OFFSET: Final = 80
FUNDS_RELEASED_EVENT_RETURNED_ATOMS_OFFSET: Final = 88
FUNDS_RELEASED_EVENT_BYTES: Final = 96


@dataclass(frozen=True)
class FundsReleased(EventLayout):
    """An order's tokens have been paid out."""

    PROGRAM = PROGRAM_ID
    TAG = FUNDS_RELEASED_EVENT_TAG
    FIELDS = (
        Field("order", PUBKEY),
        Field("ask", PUBKEY),
        Field("buyer_atoms", U64),
        Field("fee_atoms", U64),
        Field("returned_atoms", U64),
    )

    order: Pubkey
    """The order."""
    ask: Pubkey
    """Whose tokens."""
    buyer_atoms: int
    """To the buyer."""
    fee_atoms: int
    """Kept as fee."""
    returned_atoms: int
    """Back to the ask."""


FUNDS_RETURNED_EVENT_TAG: Final = bytes.fromhex("3867c2c2d178da42")
FUNDS_RETURNED_EVENT_ORDER_OFFSET: Final = 8
FUNDS_RETURNED_EVENT_ASK_OFFSET: Final = 40
FUNDS_RETURNED_EVENT_RETURNED_ATOMS_OFFSET: Final = 72
FUNDS_RETURNED_EVENT_REASON_OFFSET: Final = 80
FUNDS_RETURNED_EVENT_BYTES: Final = 81


@dataclass(frozen=True)
class FundsReturned(EventLayout):
    """An order's tokens have gone back to its ask."""

    PROGRAM = PROGRAM_ID
    TAG = FUNDS_RETURNED_EVENT_TAG
    FIELDS = (Field("order", PUBKEY), Field("ask", PUBKEY), Field("returned_atoms", U64), Field("reason", U8))

    order: Pubkey
    """The order."""
    ask: Pubkey
    """Whose tokens."""
    returned_atoms: int
    """How much."""
    reason: int
    """As in return_escrowed_funds."""


INITIALIZE_CONFIG: Final = InstructionSpec(
    name="initialize_config",
    discriminator=bytes.fromhex("d07f1501c2bec446"),
    accounts=(
        AccountSpec("initializer", writable=True, signer=True),
        AccountSpec("config", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(Field("authority", PUBKEY), Field("treasury", PUBKEY), Field("genesis_hash", ByteArray(32))),
)


def initialize_config(
    *,
    initializer: Pubkey,
    config: Pubkey,
    authority: Pubkey,
    treasury: Pubkey,
    genesis_hash: bytes,
) -> Instruction:
    """Creates the deployment's config; only the program's initializer can.

    initializer: signer and writable
    config: writable; PDA `config`
    authority: who governs from now on
    treasury: whose associated token accounts get the fees
    genesis_hash: the cluster's genesis hash

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        INITIALIZE_CONFIG,
        PROGRAM_ID,
        {"initializer": initializer, "config": config},
        {"authority": authority, "treasury": treasury, "genesis_hash": genesis_hash},
    )


INITIALIZE_MARKET: Final = InstructionSpec(
    name="initialize_market",
    discriminator=bytes.fromhex("2323bdc19b30aacb"),
    accounts=(
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("config", writable=True, signer=False),
        AccountSpec("base_mint", writable=False, signer=False),
        AccountSpec("market", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(Field("provider_id", U32), Field("iso4217_numeric", U16), Field("exponent", U8)),
)


def initialize_market(
    *,
    authority: Pubkey,
    config: Pubkey,
    base_mint: Pubkey,
    market: Pubkey,
    book: Pubkey,
    provider_id: int,
    iso4217_numeric: int,
    exponent: int,
) -> Instruction:
    """Creates the market of a mint and a rail, and its book of smallest size.

    authority: signer and writable
    config: writable; PDA `config`
    base_mint: read only
    market: writable; PDA `market`
    book: writable; PDA `book`
    provider_id: the rail's provider
    iso4217_numeric: its currency
    exponent: decimal digits of a minor unit

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        INITIALIZE_MARKET,
        PROGRAM_ID,
        {"authority": authority, "config": config, "base_mint": base_mint, "market": market, "book": book},
        {"provider_id": provider_id, "iso4217_numeric": iso4217_numeric, "exponent": exponent},
    )


GROW_BOOK: Final = InstructionSpec(
    name="grow_book",
    discriminator=bytes.fromhex("683db4114ed9959e"),
    accounts=(
        AccountSpec("payer", writable=True, signer=True),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(),
)


def grow_book(*, payer: Pubkey, book: Pubkey) -> Instruction:
    """Makes a book longer by up to BOOK_GROWTH_BYTES; anyone may pay for it.

    payer: signer and writable
    book: writable
    """
    return encode_instruction(
        GROW_BOOK,
        PROGRAM_ID,
        {"payer": payer, "book": book},
        {},
    )


PUBLISH_TERMS: Final = InstructionSpec(
    name="publish_terms",
    discriminator=bytes.fromhex("9bc1a159f7df261b"),
    accounts=(
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("config", writable=False, signer=False),
        AccountSpec("market", writable=True, signer=False),
        AccountSpec("terms", writable=True, signer=False),
        AccountSpec("solvency_key", writable=False, signer=False),
        AccountSpec("payment_key", writable=False, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(
        Field("version", U32),
        Field("attestor_k", U8),
        Field("attestor_n", U8),
        Field("attestor_depth", U8),
        Field("attestor_keys", Array(Struct(AttestorKey), 5)),
        Field("fee_bps", U16),
        Field("reveal_window_s", U32),
        Field("pay_window_s", U32),
        Field("prove_window_s", U32),
        Field("strikes_max", U8),
        Field("cooldown_s", U32),
        Field("free_cancel_grace_s", U32),
        Field("free_cancel_interval_s", U32),
        Field("min_ask_atoms", U64),
        Field("min_fill_atoms", U64),
    ),
)


def publish_terms(
    *,
    authority: Pubkey,
    config: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    solvency_key: Pubkey,
    payment_key: Pubkey,
    version: int,
    attestor_k: int,
    attestor_n: int,
    attestor_depth: int,
    attestor_keys: Sequence[AttestorKey],
    fee_bps: int,
    reveal_window_s: int,
    pay_window_s: int,
    prove_window_s: int,
    strikes_max: int,
    cooldown_s: int,
    free_cancel_grace_s: int,
    free_cancel_interval_s: int,
    min_ask_atoms: int,
    min_fill_atoms: int,
) -> Instruction:
    """Publishes a market's next terms; asks and orders under earlier ones keep theirs.

    authority: signer and writable
    config: read only; PDA `config`
    market: writable
    terms: writable; PDA `terms`
    solvency_key: read only
    payment_key: read only
    version: the market's current version + 1
    attestor_k: signatures needed: more than half of n
    attestor_n: keys, 1 to 5, and at most 2^depth
    attestor_depth: depth of the Merkle tree, as in the circuits
    attestor_keys: the keys, then zeros
    fee_bps: at most FEE_BPS_MAX
    reveal_window_s: see Terms
    pay_window_s: see Terms
    prove_window_s: see Terms
    strikes_max: see Terms
    cooldown_s: see Terms
    free_cancel_grace_s: see Terms
    free_cancel_interval_s: see Terms
    min_ask_atoms: see Terms
    min_fill_atoms: see Terms

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        PUBLISH_TERMS,
        PROGRAM_ID,
        {"authority": authority, "config": config, "market": market, "terms": terms, "solvency_key": solvency_key, "payment_key": payment_key},
        {"version": version, "attestor_k": attestor_k, "attestor_n": attestor_n, "attestor_depth": attestor_depth, "attestor_keys": attestor_keys, "fee_bps": fee_bps, "reveal_window_s": reveal_window_s, "pay_window_s": pay_window_s, "prove_window_s": prove_window_s, "strikes_max": strikes_max, "cooldown_s": cooldown_s, "free_cancel_grace_s": free_cancel_grace_s, "free_cancel_interval_s": free_cancel_interval_s, "min_ask_atoms": min_ask_atoms, "min_fill_atoms": min_fill_atoms},
    )


REVOKE_TERMS: Final = InstructionSpec(
    name="revoke_terms",
    discriminator=bytes.fromhex("f78f9cc94b846085"),
    accounts=(
        AccountSpec("authority", writable=False, signer=True),
        AccountSpec("config", writable=False, signer=False),
        AccountSpec("terms", writable=True, signer=False),
    ),
    arguments=(),
)


def revoke_terms(*, authority: Pubkey, config: Pubkey, terms: Pubkey) -> Instruction:
    """Stops bids, asks and proofs of payment under terms; their orders get more time to prove, for ever.

    authority: signer
    config: read only; PDA `config`
    terms: writable
    """
    return encode_instruction(
        REVOKE_TERMS,
        PROGRAM_ID,
        {"authority": authority, "config": config, "terms": terms},
        {},
    )


RESTORE_TERMS: Final = InstructionSpec(
    name="restore_terms",
    discriminator=bytes.fromhex("8db0a2ab0981fd56"),
    accounts=(
        AccountSpec("authority", writable=False, signer=True),
        AccountSpec("config", writable=False, signer=False),
        AccountSpec("terms", writable=True, signer=False),
    ),
    arguments=(),
)


def restore_terms(*, authority: Pubkey, config: Pubkey, terms: Pubkey) -> Instruction:
    """Lifts a revocation; the time that it added stays.

    authority: signer
    config: read only; PDA `config`
    terms: writable
    """
    return encode_instruction(
        RESTORE_TERMS,
        PROGRAM_ID,
        {"authority": authority, "config": config, "terms": terms},
        {},
    )


SET_PAUSED: Final = InstructionSpec(
    name="set_paused",
    discriminator=bytes.fromhex("5b3c7dc0b0e1a6da"),
    accounts=(
        AccountSpec("authority", writable=False, signer=True),
        AccountSpec("config", writable=False, signer=False),
        AccountSpec("market", writable=True, signer=False),
    ),
    arguments=(Field("paused", BOOL),),
)


def set_paused(*, authority: Pubkey, config: Pubkey, market: Pubkey, paused: bool) -> Instruction:
    """Pauses a market or lets it go on; said again, it changes nothing.

    authority: signer
    config: read only; PDA `config`
    market: writable
    paused: no new asks, bids or terms; every exit stays open

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        SET_PAUSED,
        PROGRAM_ID,
        {"authority": authority, "config": config, "market": market},
        {"paused": paused},
    )


TRANSFER_AUTHORITY: Final = InstructionSpec(
    name="transfer_authority",
    discriminator=bytes.fromhex("30a94c48e5b437a1"),
    accounts=(
        AccountSpec("authority", writable=False, signer=True),
        AccountSpec("config", writable=True, signer=False),
    ),
    arguments=(Field("pending_authority", PUBKEY),),
)


def transfer_authority(*, authority: Pubkey, config: Pubkey, pending_authority: Pubkey) -> Instruction:
    """Names who may accept the authority; it stays where it is until then.

    authority: signer
    config: writable; PDA `config`
    pending_authority: who may accept; zeros: nobody

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        TRANSFER_AUTHORITY,
        PROGRAM_ID,
        {"authority": authority, "config": config},
        {"pending_authority": pending_authority},
    )


ACCEPT_AUTHORITY: Final = InstructionSpec(
    name="accept_authority",
    discriminator=bytes.fromhex("6b56c65b210c6ba0"),
    accounts=(
        AccountSpec("successor", writable=False, signer=True),
        AccountSpec("config", writable=True, signer=False),
    ),
    arguments=(),
)


def accept_authority(*, successor: Pubkey, config: Pubkey) -> Instruction:
    """Whom the authority has named becomes the authority.

    successor: signer
    config: writable; PDA `config`
    """
    return encode_instruction(
        ACCEPT_AUTHORITY,
        PROGRAM_ID,
        {"successor": successor, "config": config},
        {},
    )


PLACE_ASK_ORDER: Final = InstructionSpec(
    name="place_ask_order",
    discriminator=bytes.fromhex("b569b0e783133be5"),
    accounts=(
        AccountSpec("seller", writable=True, signer=True),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("seller_token", writable=True, signer=False),
        AccountSpec("base_mint", writable=False, signer=False),
        AccountSpec("evicted", writable=True, signer=False),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(
        Field("client_nonce", U64),
        Field("base_atoms", U64),
        Field("price", U64),
        Field("min_fill_atoms", U64),
        Field("payee_commit", ByteArray(32)),
        Field("reveal_delegate", PUBKEY),
        Field("terms_version", U32),
        Field("expiry_unix_s", U64),
    ),
)


def place_ask_order(
    *,
    seller: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    book: Pubkey,
    ask: Pubkey,
    vault: Pubkey,
    seller_token: Pubkey,
    base_mint: Pubkey,
    evicted: Pubkey,
    client_nonce: int,
    base_atoms: int,
    price: int,
    min_fill_atoms: int,
    payee_commit: bytes,
    reveal_delegate: Pubkey,
    terms_version: int,
    expiry_unix_s: int,
) -> Instruction:
    """Deposits tokens into a vault of their own and lists them at a price. `evicted` is the ask itself; in a full book of the largest size it is the last ask, which makes room when it is dearer.

    seller: signer and writable
    market: read only
    terms: read only
    book: writable
    ask: writable; PDA `ask`
    vault: writable; PDA `vault`
    seller_token: writable
    base_mint: read only
    evicted: writable
    client_nonce: any number that this seller has not used in this market
    base_atoms: the deposit
    price: fiat minor units per whole base token, at least 1
    min_fill_atoms: the smallest fill
    payee_commit: commitment to the account to be paid, less than r
    reveal_delegate: who may reveal the payee beside the seller; the seller himself when nobody else
    terms_version: the terms that the seller agrees to: the current ones
    expiry_unix_s: from this second on the ask no longer matches

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        PLACE_ASK_ORDER,
        PROGRAM_ID,
        {"seller": seller, "market": market, "terms": terms, "book": book, "ask": ask, "vault": vault, "seller_token": seller_token, "base_mint": base_mint, "evicted": evicted},
        {"client_nonce": client_nonce, "base_atoms": base_atoms, "price": price, "min_fill_atoms": min_fill_atoms, "payee_commit": payee_commit, "reveal_delegate": reveal_delegate, "terms_version": terms_version, "expiry_unix_s": expiry_unix_s},
    )


CANCEL_ASK_ORDER: Final = InstructionSpec(
    name="cancel_ask_order",
    discriminator=bytes.fromhex("d39d717a22b4a2b2"),
    accounts=(
        AccountSpec("seller", writable=False, signer=True),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
    ),
    arguments=(),
)


def cancel_ask_order(*, seller: Pubkey, ask: Pubkey, book: Pubkey) -> Instruction:
    """Takes an ask out of the book; what was open can be withdrawn. Live orders go on.

    seller: signer
    ask: writable
    book: writable
    """
    return encode_instruction(
        CANCEL_ASK_ORDER,
        PROGRAM_ID,
        {"seller": seller, "ask": ask, "book": book},
        {},
    )


ACCEPT_TERMS: Final = InstructionSpec(
    name="accept_terms",
    discriminator=bytes.fromhex("f7ea44d26b52bae5"),
    accounts=(
        AccountSpec("seller", writable=False, signer=True),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
    ),
    arguments=(Field("terms_version", U32),),
)


def accept_terms(
    *,
    seller: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    book: Pubkey,
    terms_version: int,
) -> Instruction:
    """Moves a listed ask to the current terms; it keeps its price and its place.

    seller: signer
    market: read only
    terms: read only
    ask: writable
    book: writable
    terms_version: the terms that the seller agrees to: the current ones

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        ACCEPT_TERMS,
        PROGRAM_ID,
        {"seller": seller, "market": market, "terms": terms, "ask": ask, "book": book},
        {"terms_version": terms_version},
    )


RELIST_ASK: Final = InstructionSpec(
    name="relist_ask",
    discriminator=bytes.fromhex("ba2e322ec7594ef6"),
    accounts=(
        AccountSpec("seller", writable=False, signer=True),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("evicted", writable=True, signer=False),
    ),
    arguments=(
        Field("price", U64),
        Field("min_fill_atoms", U64),
        Field("terms_version", U32),
        Field("expiry_unix_s", U64),
    ),
)


def relist_ask(
    *,
    seller: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    ask: Pubkey,
    book: Pubkey,
    evicted: Pubkey,
    price: int,
    min_fill_atoms: int,
    terms_version: int,
    expiry_unix_s: int,
) -> Instruction:
    """Lists what was returned to an ask again, behind those of its price and under the current terms. `evicted` is as in place_ask_order.

    seller: signer
    market: read only
    terms: read only
    ask: writable
    book: writable
    evicted: writable
    price: fiat minor units per whole base token, at least 1
    min_fill_atoms: the smallest fill
    terms_version: the terms that the seller agrees to: the current ones
    expiry_unix_s: from this second on the ask no longer matches

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RELIST_ASK,
        PROGRAM_ID,
        {"seller": seller, "market": market, "terms": terms, "ask": ask, "book": book, "evicted": evicted},
        {"price": price, "min_fill_atoms": min_fill_atoms, "terms_version": terms_version, "expiry_unix_s": expiry_unix_s},
    )


PRUNE_ASK: Final = InstructionSpec(
    name="prune_ask",
    discriminator=bytes.fromhex("61b4fa172d204dac"),
    accounts=(
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
    ),
    arguments=(),
)


def prune_ask(*, market: Pubkey, terms: Pubkey, ask: Pubkey, book: Pubkey) -> Instruction:
    """Takes an ask that no bid can match any more out of the book; anyone may call it.

    market: read only
    terms: read only
    ask: writable
    book: writable
    """
    return encode_instruction(
        PRUNE_ASK,
        PROGRAM_ID,
        {"market": market, "terms": terms, "ask": ask, "book": book},
        {},
    )


WITHDRAW_ASK: Final = InstructionSpec(
    name="withdraw_ask",
    discriminator=bytes.fromhex("83c86e4c33413396"),
    accounts=(
        AccountSpec("seller", writable=True, signer=True),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("destination", writable=True, signer=False),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
    ),
    arguments=(),
)


def withdraw_ask(*, seller: Pubkey, ask: Pubkey, vault: Pubkey, destination: Pubkey) -> Instruction:
    """Pays what was returned to the seller, and closes the vault when nothing is left to wait for.

    seller: signer and writable
    ask: writable
    vault: writable
    destination: writable
    """
    return encode_instruction(
        WITHDRAW_ASK,
        PROGRAM_ID,
        {"seller": seller, "ask": ask, "vault": vault, "destination": destination},
        {},
    )


COLLECT_FEES: Final = InstructionSpec(
    name="collect_fees",
    discriminator=bytes.fromhex("a498cf631eba13b6"),
    accounts=(
        AccountSpec("config", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("treasury_token", writable=True, signer=False),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
    ),
    arguments=(),
)


def collect_fees(*, config: Pubkey, ask: Pubkey, vault: Pubkey, treasury_token: Pubkey) -> Instruction:
    """Pays an ask's fees to the treasury's associated token account; anyone may call it.

    config: read only; PDA `config`
    ask: writable
    vault: writable
    treasury_token: writable
    """
    return encode_instruction(
        COLLECT_FEES,
        PROGRAM_ID,
        {"config": config, "ask": ask, "vault": vault, "treasury_token": treasury_token},
        {},
    )


PLACE_BID_ORDER: Final = InstructionSpec(
    name="place_bid_order",
    discriminator=bytes.fromhex("9a8fc7e96117dfff"),
    accounts=(
        AccountSpec("buyer", writable=False, signer=True),
        AccountSpec("payer", writable=True, signer=True),
        AccountSpec("market", writable=True, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("book", writable=True, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("order", writable=True, signer=False),
        AccountSpec("solvency_key", writable=False, signer=False),
        AccountSpec("market_authority", writable=False, signer=False),
        AccountSpec("groth16_verifier", writable=False, signer=False, address=Pubkey.from_string("22zubNuz39y6hRDjfsNoayd355gaUuXSd4wqrU4ArK1R")),
        AccountSpec("order_store", writable=False, signer=False, address=Pubkey.from_string("DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR")),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(
        Field("proof", ByteArray(256)),
        Field("line_id", ByteArray(32)),
        Field("reveal_key", ByteArray(32)),
        Field("base_atoms", U64),
        Field("limit_price", U64),
        Field("min_fill_atoms", U64),
        Field("covered_minor_units", U64),
        Field("issued_min_unix_s", U64),
        Field("bitmap", U8),
    ),
)


def place_bid_order(
    *,
    buyer: Pubkey,
    payer: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    book: Pubkey,
    ask: Pubkey,
    line: Pubkey,
    order: Pubkey,
    solvency_key: Pubkey,
    market_authority: Pubkey,
    proof: bytes,
    line_id: bytes,
    reveal_key: bytes,
    base_atoms: int,
    limit_price: int,
    min_fill_atoms: int,
    covered_minor_units: int,
    issued_min_unix_s: int,
    bitmap: int,
) -> Instruction:
    """Matches a bid with the best ask, when a proof shows that its line covers what is due, and stores the order.

    buyer: signer
    payer: signer and writable
    market: writable
    terms: read only
    book: writable
    ask: writable
    line: writable; PDA `line`
    order: writable
    solvency_key: read only
    market_authority: read only; PDA `authority`
    proof: of the solvency statement
    line_id: the buyer's line
    reveal_key: X25519 public key to which the seller encrypts the payee
    base_atoms: the most to buy
    limit_price: the most to pay, fiat minor units per whole base token
    min_fill_atoms: the least to buy
    covered_minor_units: what the attested balance covers
    issued_min_unix_s: start of the attestation's freshness window
    bitmap: attestors that signed

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        PLACE_BID_ORDER,
        PROGRAM_ID,
        {"buyer": buyer, "payer": payer, "market": market, "terms": terms, "book": book, "ask": ask, "line": line, "order": order, "solvency_key": solvency_key, "market_authority": market_authority},
        {"proof": proof, "line_id": line_id, "reveal_key": reveal_key, "base_atoms": base_atoms, "limit_price": limit_price, "min_fill_atoms": min_fill_atoms, "covered_minor_units": covered_minor_units, "issued_min_unix_s": issued_min_unix_s, "bitmap": bitmap},
    )


RELEASE_ESCROWED_FUNDS: Final = InstructionSpec(
    name="release_escrowed_funds",
    discriminator=bytes.fromhex("bae83fd35170dbef"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("market", writable=False, signer=False),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("order", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("vault", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("buyer_token", writable=True, signer=False),
        AccountSpec("token_program", writable=False, signer=False, address=Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")),
    ),
    arguments=(Field("paid_floor_minor_units", U64),),
)


def release_escrowed_funds(
    *,
    processor_authority: Pubkey,
    market: Pubkey,
    terms: Pubkey,
    order: Pubkey,
    ask: Pubkey,
    vault: Pubkey,
    line: Pubkey,
    buyer_token: Pubkey,
    paid_floor_minor_units: int,
) -> Instruction:
    """Pays a confirmed order's tokens to its buyer; only order_processor's authority can.

    processor_authority: signer
    market: read only
    terms: read only
    order: read only
    ask: writable
    vault: writable
    line: writable
    buyer_token: writable
    paid_floor_minor_units: what the buyer proved to have paid, at least

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RELEASE_ESCROWED_FUNDS,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "market": market, "terms": terms, "order": order, "ask": ask, "vault": vault, "line": line, "buyer_token": buyer_token},
        {"paid_floor_minor_units": paid_floor_minor_units},
    )


RETURN_ESCROWED_FUNDS: Final = InstructionSpec(
    name="return_escrowed_funds",
    discriminator=bytes.fromhex("4ef6dcb550299c31"),
    accounts=(
        AccountSpec("processor_authority", writable=False, signer=True),
        AccountSpec("terms", writable=False, signer=False),
        AccountSpec("order", writable=False, signer=False),
        AccountSpec("ask", writable=True, signer=False),
        AccountSpec("line", writable=True, signer=False),
        AccountSpec("book", writable=True, signer=False),
    ),
    arguments=(Field("reason", U8),),
)


def return_escrowed_funds(
    *,
    processor_authority: Pubkey,
    terms: Pubkey,
    order: Pubkey,
    ask: Pubkey,
    line: Pubkey,
    book: Pubkey,
    reason: int,
) -> Instruction:
    """Gives an order's tokens back to its ask; only order_processor's authority can.

    processor_authority: signer
    terms: read only
    order: read only
    ask: writable
    line: writable
    book: writable
    reason: 0: the reveal was missed (the ask is unlisted); 1: the proof of payment was missed (a strike); 2: cancelled, free (the line's next free cancel has to wait); 3: cancelled (a strike)

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        RETURN_ESCROWED_FUNDS,
        PROGRAM_ID,
        {"processor_authority": processor_authority, "terms": terms, "order": order, "ask": ask, "line": line, "book": book},
        {"reason": reason},
    )


ERRORS: Final = {
    6100: ErrorSpec(6100, "InstructionUnknown", "The first 8 bytes of the instruction data name no instruction of this program"),
    6101: ErrorSpec(6101, "InstructionDataLengthMismatch", "The instruction data is shorter or longer than its arguments"),
    6102: ErrorSpec(6102, "AccountCountMismatch", "The instruction got more or fewer accounts than it takes"),
    6103: ErrorSpec(6103, "SignerMissing", "An account that has to sign this instruction did not"),
    6104: ErrorSpec(6104, "AccountNotWritable", "An account that this instruction changes was not passed as writable"),
    6105: ErrorSpec(6105, "SystemProgramMismatch", "The account in the system program's place is not the system program"),
    6106: ErrorSpec(6106, "TokenProgramMismatch", "The account in the token program's place is not the classic SPL Token program"),
    6107: ErrorSpec(6107, "ProgramMismatch", "An account in the place of one of ANOMI's programs is another account"),
    6108: ErrorSpec(6108, "AuthorityAddressMismatch", "The account in the place of a program's signing authority is another account"),
    6109: ErrorSpec(6109, "ClockOutOfRange", "The cluster's clock is not a unix time of 40 bits"),
    6110: ErrorSpec(6110, "ArithmeticOverflow", "An amount does not fit its type: no state that the programs can reach does this"),
    6111: ErrorSpec(6111, "InitializerMismatch", "Only the program's initializer may create the config"),
    6112: ErrorSpec(6112, "GovernorMismatch", "The signer is not the authority that the config names"),
    6113: ErrorSpec(6113, "ConfigAddressMismatch", "The account in the config's place is not the config's address"),
    6114: ErrorSpec(6114, "ConfigAlreadyExists", "The config exists already"),
    6115: ErrorSpec(6115, "ConfigNotInitialized", "The config does not exist yet, or is not an account of this program"),
    6116: ErrorSpec(6116, "MintInvalid", "The mint is not an initialized mint of the classic SPL Token program"),
    6117: ErrorSpec(6117, "MintDecimalsTooMany", "A mint of more than 12 decimals cannot be traded"),
    6118: ErrorSpec(6118, "RailExponentMismatch", "This provider and currency are listed with another exponent"),
    6119: ErrorSpec(6119, "RailsFull", "The config lists as many rails as it can"),
    6120: ErrorSpec(6120, "RailInvalid", "A rail has a provider from 1, a currency of three digits and an exponent of at most 6"),
    6121: ErrorSpec(6121, "MarketAddressMismatch", "The market account is not the address derived from mint and rail"),
    6122: ErrorSpec(6122, "MarketAlreadyExists", "This market exists already"),
    6123: ErrorSpec(6123, "MarketInvalid", "The account in the market's place is not a market of this program"),
    6124: ErrorSpec(6124, "MarketPaused", "The market is paused: it takes no new asks, bids or terms; every exit stays open"),
    6125: ErrorSpec(6125, "BookAddressMismatch", "The account in the book's place is not this market's book"),
    6126: ErrorSpec(6126, "BookInvalid", "The account in the book's place is not a book of this program"),
    6127: ErrorSpec(6127, "BookAtLargestSize", "The book cannot grow any more"),
    6128: ErrorSpec(6128, "BookFull", "The book is full: grow it, or, when it cannot grow, ask less than its last ask"),
    6129: ErrorSpec(6129, "BookCorrupt", "The book contradicts itself: no state that the program can reach does this"),
    6130: ErrorSpec(6130, "TermsAddressMismatch", "The terms account is not the address derived from market and version"),
    6131: ErrorSpec(6131, "TermsInvalid", "The account in the place of the terms is not terms of this program"),
    6132: ErrorSpec(6132, "TermsOfAnotherMarket", "These terms are another market's"),
    6133: ErrorSpec(6133, "TermsVersionMismatch", "The version is not the one that this instruction takes"),
    6134: ErrorSpec(6134, "TermsRevoked", "These terms are revoked"),
    6135: ErrorSpec(6135, "VerifyingKeyInvalid", "A verifying key account is not a key of one public input that groth16_verifier holds"),
    6136: ErrorSpec(6136, "AttestorCountInvalid", "A set has n from 1 to 5 keys, n at most 2^depth, and needs k of them with n/2 < k <= n"),
    6137: ErrorSpec(6137, "AttestorDepthInvalid", "The depth of an attestor set is 1 to 3"),
    6138: ErrorSpec(6138, "AttestorKeyNotCanonical", "A coordinate of an attestor's key is not less than r"),
    6139: ErrorSpec(6139, "AttestorKeysEqual", "Two attestors have keys with the same y: the same key, or its negative"),
    6140: ErrorSpec(6140, "AttestorKeyUnused", "A key past the first n is not zeros"),
    6141: ErrorSpec(6141, "FeeTooHigh", "A fee is at most 100 basis points"),
    6142: ErrorSpec(6142, "WindowOutOfBounds", "A window of the terms is shorter or longer than it may be"),
    6143: ErrorSpec(6143, "MinimumInvalid", "The smallest ask and the smallest fill are at least 1, and the fill is at most the ask"),
    6144: ErrorSpec(6144, "AskAddressMismatch", "The ask account is not the address derived from market, seller and nonce"),
    6145: ErrorSpec(6145, "AskAlreadyExists", "This seller has used this nonce already"),
    6146: ErrorSpec(6146, "AskInvalid", "The account in the ask's place is not an ask of this program"),
    6147: ErrorSpec(6147, "AskSellerMismatch", "The ask belongs to another seller"),
    6148: ErrorSpec(6148, "AskOfAnotherMarket", "The ask belongs to another market"),
    6149: ErrorSpec(6149, "AskNotListed", "The ask is not in the book"),
    6150: ErrorSpec(6150, "VaultAddressMismatch", "The account in the vault's place is not this ask's vault"),
    6151: ErrorSpec(6151, "VaultClosed", "The ask's vault is closed: everything was withdrawn"),
    6152: ErrorSpec(6152, "MintMismatch", "The mint is not the market's"),
    6153: ErrorSpec(6153, "TokenAccountInvalid", "The account is not an initialized token account of the classic SPL Token program"),
    6154: ErrorSpec(6154, "TokenAccountMintMismatch", "The token account holds another mint"),
    6155: ErrorSpec(6155, "TokenAccountOwnerMismatch", "The token account belongs to someone else"),
    6156: ErrorSpec(6156, "TokenAccountAddressMismatch", "The token account is not the associated token account that the tokens must go to"),
    6157: ErrorSpec(6157, "AmountBelowMinimum", "The deposit or the smallest fill is below the least that the terms allow"),
    6158: ErrorSpec(6158, "MinFillAboveAmount", "The smallest fill is larger than the amount"),
    6159: ErrorSpec(6159, "PriceZero", "A price is at least 1"),
    6160: ErrorSpec(6160, "AmountZero", "An amount is at least 1"),
    6161: ErrorSpec(6161, "DueOutOfRange", "What would be due for this amount at this price does not fit 64 bits"),
    6162: ErrorSpec(6162, "FieldElementNotCanonical", "A field element (payee_commit, line_id) is not less than r"),
    6163: ErrorSpec(6163, "ExpiryPassed", "The ask would have expired already"),
    6164: ErrorSpec(6164, "ExpiryOutOfRange", "A time has at most 40 bits"),
    6165: ErrorSpec(6165, "DepositMismatch", "The vault did not gain exactly the deposit"),
    6166: ErrorSpec(6166, "NothingToWithdraw", "There is nothing to withdraw and nothing to close"),
    6167: ErrorSpec(6167, "NoFeesOwed", "No fees are owed"),
    6168: ErrorSpec(6168, "IssuedMinTooOld", "issued_min is more than 900 seconds before now: ask for fresh attestations"),
    6169: ErrorSpec(6169, "IssuedMinTooYoung", "issued_min is less than 8 seconds before now"),
    6170: ErrorSpec(6170, "AttestationBeforeSettlement", "issued_min is less than 120 s after the line's last settlement: ask for fresh attestations"),
    6171: ErrorSpec(6171, "BitmapInvalid", "The bitmap does not name exactly k of the n attestors"),
    6172: ErrorSpec(6172, "LineAddressMismatch", "The line account is not the address derived from line_id"),
    6173: ErrorSpec(6173, "LineInvalid", "The account in the line's place is not a solvency line of this program"),
    6174: ErrorSpec(6174, "LineCoolingDown", "The line is cooling down after strikes"),
    6175: ErrorSpec(6175, "NoAskMatches", "No ask among the first 8 fits this bid: price, terms, expiry, own ask or smallest fill"),
    6176: ErrorSpec(6176, "MatchedAskMismatch", "The best ask is another one: read the book again"),
    6177: ErrorSpec(6177, "CoverageExceeded", "The line's reservations and this due are more than the proven balance covers"),
    6178: ErrorSpec(6178, "OrderInvalid", "The account in the order's place is not an order of order_store"),
    6179: ErrorSpec(6179, "OrderOfAnotherAsk", "The order belongs to another ask, market or line"),
    6180: ErrorSpec(6180, "OrderStatusMismatch", "The order is not in the status that this instruction takes"),
    6181: ErrorSpec(6181, "ReasonUnknown", "There is no such reason to return funds"),
    6182: ErrorSpec(6182, "StrikesTooMany", "Terms allow at most 10 strikes before a cool-down"),
    6183: ErrorSpec(6183, "SolvencyKeyMismatch", "The account in the solvency key's place is not the verifying key that the terms name"),
    6184: ErrorSpec(6184, "TermsNotRevoked", "These terms are not revoked"),
    6185: ErrorSpec(6185, "PendingAuthorityMismatch", "The signer is not the one who may accept the authority"),
    6186: ErrorSpec(6186, "TermsAlreadyAccepted", "The ask is under these terms already"),
    6187: ErrorSpec(6187, "AskAlreadyListed", "The ask is in the book: cancel it before it is listed anew"),
    6188: ErrorSpec(6188, "AskNotPrunable", "The ask can still be matched, or its seller still has time to accept the current terms"),
    6189: ErrorSpec(6189, "FreeCancelUsed", "The line has had a free cancel too short a time ago"),
    6190: ErrorSpec(6190, "EvictedAskMismatch", "The ask to evict is the last one of a full book, and the new ask itself while there is room"),
    6191: ErrorSpec(6191, "RevealKeyInvalid", "The reveal key is no X25519 key in canonical form, or one of small order, to which nothing can be sealed"),
    6192: ErrorSpec(6192, "ExpiryTooSoon", "An ask is listed for at least LISTING_MIN_S: cancel it to take it out of the book before"),
}
"""Every custom error code of this program."""

INSTRUCTIONS: Final = (
    INITIALIZE_CONFIG,
    INITIALIZE_MARKET,
    GROW_BOOK,
    PUBLISH_TERMS,
    REVOKE_TERMS,
    RESTORE_TERMS,
    SET_PAUSED,
    TRANSFER_AUTHORITY,
    ACCEPT_AUTHORITY,
    PLACE_ASK_ORDER,
    CANCEL_ASK_ORDER,
    ACCEPT_TERMS,
    RELIST_ASK,
    PRUNE_ASK,
    WITHDRAW_ASK,
    COLLECT_FEES,
    PLACE_BID_ORDER,
    RELEASE_ESCROWED_FUNDS,
    RETURN_ESCROWED_FUNDS,
)
PDAS: Final = (CONFIG_PDA, AUTHORITY_PDA, TERMS_PDA, MARKET_PDA, BOOK_PDA, ASK_PDA, VAULT_PDA, LINE_PDA)
ACCOUNTS: Final = (Config, Terms, Market, Book, Ask, SolvencyLine)
EVENTS: Final = (
    ConfigInitialized,
    MarketInitialized,
    BookGrown,
    TermsPublished,
    TermsRevoked,
    TermsRestored,
    MarketPauseSet,
    AuthorityOffered,
    AuthorityTransferred,
    AskPlaced,
    AskCancelled,
    AskTermsAccepted,
    AskRelisted,
    AskEvicted,
    AskPruned,
    AskWithdrawn,
    FeesCollected,
    BidMatched,
    FundsReleased,
    FundsReturned,
)
PROGRAM: Final = ProgramSpec(
    "market", PROGRAM_ID, INSTRUCTIONS, PDAS, ACCOUNTS, EVENTS, ERRORS, ERROR_CLASSES
)
