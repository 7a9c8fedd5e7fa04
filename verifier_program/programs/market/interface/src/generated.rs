//! Generated from spec/ by `python -m tools.codegen`; do not edit.

use layout::{Flag, Plain, Tagged, U16, U32, U64};
use pinocchio::{Address, error::ProgramError};

/// 4mHJG3FpNV12ynvayoRRotAXNLd7CKaTgtrrVWRdz6mo
pub const ID: Address = Address::new_from_array([
    0x37, 0xeb, 0x0b, 0x4a, 0x66, 0x8d, 0x04, 0x6b, 0x52, 0xb8, 0x8a, 0x0e, 0x46, 0x39, 0x8a, 0xb8, 0x53,
    0xd1, 0x49, 0xc2, 0x86, 0xa5, 0x7a, 0x36, 0x28, 0xf6, 0x6b, 0xde, 0x84, 0x5c, 0x86, 0x42,
]);

/// Rails that one deployment's config lists.
pub const RAILS_MAX: usize = 16;

/// Decimals of a mint that can be traded.
pub const BASE_DECIMALS_MAX: usize = 12;

/// Fee of any terms, in basis points (hundredths of a percent) of what is released.
pub const FEE_BPS_MAX: usize = 100;

/// Keys in one attestor set.
pub const ATTESTORS_MAX: usize = 5;

/// Clock skew allowed, both ways.
pub const CLOCK_SKEW_S: usize = 120;

/// A bid's issued_min is at least this much before now.
pub const ISSUED_MIN_AGE_MIN_S: usize = 8;

/// A bid's issued_min is at most this much before now.
pub const ISSUED_MIN_AGE_MAX_S: usize = 900;

/// Asks in one book.
pub const BOOK_LEAVES_MAX: usize = 4096;

/// Leaves that one bid looks at before it gives up.
pub const BOOK_LEAVES_LOOKED_AT_MAX: usize = 8;

/// Bytes that a book gains in one instruction, at most (the runtime's limit).
pub const BOOK_GROWTH_BYTES: usize = 10240;

/// Width of a time in unix seconds.
pub const TIME_BITS: usize = 40;

/// Shortest time that terms give a seller to reveal the payee.
pub const REVEAL_WINDOW_MIN_S: usize = 300;

/// Longest time that terms give a seller to reveal the payee.
pub const REVEAL_WINDOW_MAX_S: usize = 86400;

/// Shortest time that terms give a buyer to pay, from the reveal.
pub const PAY_WINDOW_MIN_S: usize = 3600;

/// Longest time that terms give a buyer to pay, from the reveal.
pub const PAY_WINDOW_MAX_S: usize = 604800;

/// Shortest time that terms give a buyer to prove, after the last moment to pay.
pub const PROVE_WINDOW_MIN_S: usize = 3600;

/// Longest time that terms give a buyer to prove, after the last moment to pay.
pub const PROVE_WINDOW_MAX_S: usize = 604800;

/// Strikes that terms may allow before a cool-down.
pub const STRIKES_MAX: usize = 10;

/// Longest cool-down that terms may set.
pub const COOLDOWN_MAX_S: usize = 2592000;

/// Longest time between two free cancels of one line that terms may set.
pub const FREE_CANCEL_INTERVAL_MAX_S: usize = 604800;

/// What the first revocation of terms adds to prove_by of all their orders, for ever.
pub const REVOKED_TERMS_EXTENSION_S: usize = 604800;

/// Shortest time from the listing of an ask to its expiry.
pub const LISTING_MIN_S: usize = 600;

/// Time from new terms until asks that have not accepted them can be taken out of the book by anyone.
pub const ACCEPT_TERMS_GRACE_S: usize = 3600;

/// The one key that may create the config: CZBBp6jA3zvcB8Txza2KANtZnpYAu9gVqXHMZtVEfrJC
pub const INITIALIZER: Address = Address::new_from_array([
    0xab, 0xae, 0xa8, 0xee, 0xf1, 0x9d, 0x4b, 0x29, 0x8a, 0x0f, 0x9b, 0x0e, 0x46, 0x20, 0x82, 0xad, 0x24,
    0x4d, 0xc4, 0x58, 0x4a, 0xa5, 0x0f, 0xb5, 0xdc, 0xcf, 0x74, 0x68, 0xb9, 0xca, 0x4b, 0xc9,
]);

/// PDA ["config"]: the deployment's config.
pub const CONFIG_SEED: &[u8] = b"config";

/// The address of ["config"].
pub const CONFIG_ADDRESS: Address = Address::new_from_array([
    0xd4, 0x7e, 0x4d, 0x1c, 0x66, 0x0b, 0x58, 0x60, 0xeb, 0x32, 0xb1, 0xa6, 0x1c, 0x06, 0x9e, 0x93, 0xc7,
    0x91, 0x24, 0xcb, 0xf9, 0x90, 0x38, 0xc3, 0x79, 0x13, 0x22, 0xa2, 0x9d, 0x02, 0x4b, 0x17,
]);

/// Its canonical bump.
pub const CONFIG_BUMP: u8 = 255;

/// PDA ["authority"]: signs the market's calls to order_store; holds nothing.
pub const AUTHORITY_SEED: &[u8] = b"authority";

/// The address of ["authority"].
pub const AUTHORITY_ADDRESS: Address = Address::new_from_array([
    0x04, 0xe7, 0x6b, 0xeb, 0xe4, 0x88, 0x97, 0xc5, 0x31, 0x82, 0xaa, 0xe3, 0x83, 0xf1, 0x92, 0xc0, 0xae,
    0x0d, 0x1a, 0x9a, 0xd1, 0x43, 0xab, 0x3b, 0x43, 0xe5, 0xd0, 0xcb, 0x69, 0xb0, 0xb9, 0x03,
]);

/// Its canonical bump.
pub const AUTHORITY_BUMP: u8 = 254;

/// PDA ["terms", `market`, `version`]: one version of a market's terms.
pub const TERMS_SEED: &[u8] = b"terms";

/// PDA ["market", `base_mint`, `rail`]: the market of a mint and a rail.
pub const MARKET_SEED: &[u8] = b"market";

/// PDA ["book", `market`]: a market's order book.
pub const BOOK_SEED: &[u8] = b"book";

/// PDA ["ask", `market`, `seller`, `client_nonce`]: one ask of a seller.
pub const ASK_SEED: &[u8] = b"ask";

/// PDA ["vault", `ask`]: the SPL token account that holds one ask's tokens; the ask itself is its owner.
pub const VAULT_SEED: &[u8] = b"vault";

/// PDA ["line", `line_id`]: one fiat account's solvency line.
pub const LINE_SEED: &[u8] = b"line";

/// Creates the deployment's config; only the program's initializer can.
pub const INITIALIZE_CONFIG_DISCRIMINATOR: [u8; 8] = [0xd0, 0x7f, 0x15, 0x01, 0xc2, 0xbe, 0xc4, 0x46];
/// Accounts that `initialize_config` takes.
pub const INITIALIZE_CONFIG_ACCOUNTS: usize = 3;

/// Arguments of `initialize_config`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InitializeConfigArgs {
    /// Who governs from now on.
    pub authority: Address,
    /// Whose associated token accounts get the fees.
    pub treasury: Address,
    /// The cluster's genesis hash.
    pub genesis_hash: [u8; 32],
}

const _: () = assert!(size_of::<InitializeConfigArgs>() == 96 && align_of::<InitializeConfigArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for InitializeConfigArgs {}

/// Creates the market of a mint and a rail, and its book of smallest size.
pub const INITIALIZE_MARKET_DISCRIMINATOR: [u8; 8] = [0x23, 0x23, 0xbd, 0xc1, 0x9b, 0x30, 0xaa, 0xcb];
/// Accounts that `initialize_market` takes.
pub const INITIALIZE_MARKET_ACCOUNTS: usize = 6;

/// Arguments of `initialize_market`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InitializeMarketArgs {
    /// The rail's provider.
    pub provider_id: U32,
    /// Its currency.
    pub iso4217_numeric: U16,
    /// Decimal digits of a minor unit.
    pub exponent: u8,
}

const _: () = assert!(size_of::<InitializeMarketArgs>() == 7 && align_of::<InitializeMarketArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for InitializeMarketArgs {}

/// Makes a book longer by up to BOOK_GROWTH_BYTES; anyone may pay for it.
pub const GROW_BOOK_DISCRIMINATOR: [u8; 8] = [0x68, 0x3d, 0xb4, 0x11, 0x4e, 0xd9, 0x95, 0x9e];
/// Accounts that `grow_book` takes.
pub const GROW_BOOK_ACCOUNTS: usize = 3;

/// Publishes a market's next terms; asks and orders under earlier ones keep theirs.
pub const PUBLISH_TERMS_DISCRIMINATOR: [u8; 8] = [0x9b, 0xc1, 0xa1, 0x59, 0xf7, 0xdf, 0x26, 0x1b];
/// Accounts that `publish_terms` takes.
pub const PUBLISH_TERMS_ACCOUNTS: usize = 7;

/// Arguments of `publish_terms`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PublishTermsArgs {
    /// The market's current version + 1.
    pub version: U32,
    /// Signatures needed: more than half of n.
    pub attestor_k: u8,
    /// Keys, 1 to 5, and at most 2^depth.
    pub attestor_n: u8,
    /// Depth of the Merkle tree, as in the circuits.
    pub attestor_depth: u8,
    /// The keys, then zeros.
    pub attestor_keys: [AttestorKey; 5],
    /// At most FEE_BPS_MAX.
    pub fee_bps: U16,
    /// See Terms.
    pub reveal_window_s: U32,
    /// See Terms.
    pub pay_window_s: U32,
    /// See Terms.
    pub prove_window_s: U32,
    /// See Terms.
    pub strikes_max: u8,
    /// See Terms.
    pub cooldown_s: U32,
    /// See Terms.
    pub free_cancel_grace_s: U32,
    /// See Terms.
    pub free_cancel_interval_s: U32,
    /// See Terms.
    pub min_ask_atoms: U64,
    /// See Terms.
    pub min_fill_atoms: U64,
}

const _: () = assert!(size_of::<PublishTermsArgs>() == 370 && align_of::<PublishTermsArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for PublishTermsArgs {}

/// Stops bids, asks and proofs of payment under terms; their orders get more time to prove, for ever.
pub const REVOKE_TERMS_DISCRIMINATOR: [u8; 8] = [0xf7, 0x8f, 0x9c, 0xc9, 0x4b, 0x84, 0x60, 0x85];
/// Accounts that `revoke_terms` takes.
pub const REVOKE_TERMS_ACCOUNTS: usize = 3;

/// Lifts a revocation; the time that it added stays.
pub const RESTORE_TERMS_DISCRIMINATOR: [u8; 8] = [0x8d, 0xb0, 0xa2, 0xab, 0x09, 0x81, 0xfd, 0x56];
/// Accounts that `restore_terms` takes.
pub const RESTORE_TERMS_ACCOUNTS: usize = 3;

/// Pauses a market or lets it go on; said again, it changes nothing.
pub const SET_PAUSED_DISCRIMINATOR: [u8; 8] = [0x5b, 0x3c, 0x7d, 0xc0, 0xb0, 0xe1, 0xa6, 0xda];
/// Accounts that `set_paused` takes.
pub const SET_PAUSED_ACCOUNTS: usize = 3;

/// Arguments of `set_paused`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SetPausedArgs {
    /// No new asks, bids or terms; every exit stays open.
    pub paused: Flag,
}

const _: () = assert!(size_of::<SetPausedArgs>() == 1 && align_of::<SetPausedArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for SetPausedArgs {}

/// Names who may accept the authority; it stays where it is until then.
pub const TRANSFER_AUTHORITY_DISCRIMINATOR: [u8; 8] = [0x30, 0xa9, 0x4c, 0x48, 0xe5, 0xb4, 0x37, 0xa1];
/// Accounts that `transfer_authority` takes.
pub const TRANSFER_AUTHORITY_ACCOUNTS: usize = 2;

/// Arguments of `transfer_authority`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TransferAuthorityArgs {
    /// Who may accept; zeros: nobody.
    pub pending_authority: Address,
}

const _: () = assert!(size_of::<TransferAuthorityArgs>() == 32 && align_of::<TransferAuthorityArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TransferAuthorityArgs {}

/// Whom the authority has named becomes the authority.
pub const ACCEPT_AUTHORITY_DISCRIMINATOR: [u8; 8] = [0x6b, 0x56, 0xc6, 0x5b, 0x21, 0x0c, 0x6b, 0xa0];
/// Accounts that `accept_authority` takes.
pub const ACCEPT_AUTHORITY_ACCOUNTS: usize = 2;

/// Deposits tokens into a vault of their own and lists them at a price. `evicted` is the ask itself; in a full book of the largest size it is the last ask, which makes room when it is dearer.
pub const PLACE_ASK_ORDER_DISCRIMINATOR: [u8; 8] = [0xb5, 0x69, 0xb0, 0xe7, 0x83, 0x13, 0x3b, 0xe5];
/// Accounts that `place_ask_order` takes.
pub const PLACE_ASK_ORDER_ACCOUNTS: usize = 11;

/// Arguments of `place_ask_order`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PlaceAskOrderArgs {
    /// Any number that this seller has not used in this market.
    pub client_nonce: U64,
    /// The deposit.
    pub base_atoms: U64,
    /// Fiat minor units per whole base token, at least 1.
    pub price: U64,
    /// The smallest fill.
    pub min_fill_atoms: U64,
    /// Commitment to the account to be paid, less than r.
    pub payee_commit: [u8; 32],
    /// Who may reveal the payee beside the seller; the seller himself when nobody else.
    pub reveal_delegate: Address,
    /// The terms that the seller agrees to: the current ones.
    pub terms_version: U32,
    /// From this second on the ask no longer matches.
    pub expiry_unix_s: U64,
}

const _: () = assert!(size_of::<PlaceAskOrderArgs>() == 108 && align_of::<PlaceAskOrderArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for PlaceAskOrderArgs {}

/// Takes an ask out of the book; what was open can be withdrawn. Live orders go on.
pub const CANCEL_ASK_ORDER_DISCRIMINATOR: [u8; 8] = [0xd3, 0x9d, 0x71, 0x7a, 0x22, 0xb4, 0xa2, 0xb2];
/// Accounts that `cancel_ask_order` takes.
pub const CANCEL_ASK_ORDER_ACCOUNTS: usize = 3;

/// Moves a listed ask to the current terms; it keeps its price and its place.
pub const ACCEPT_TERMS_DISCRIMINATOR: [u8; 8] = [0xf7, 0xea, 0x44, 0xd2, 0x6b, 0x52, 0xba, 0xe5];
/// Accounts that `accept_terms` takes.
pub const ACCEPT_TERMS_ACCOUNTS: usize = 5;

/// Arguments of `accept_terms`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AcceptTermsArgs {
    /// The terms that the seller agrees to: the current ones.
    pub terms_version: U32,
}

const _: () = assert!(size_of::<AcceptTermsArgs>() == 4 && align_of::<AcceptTermsArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AcceptTermsArgs {}

/// Lists what was returned to an ask again, behind those of its price and under the current terms. `evicted` is as in place_ask_order.
pub const RELIST_ASK_DISCRIMINATOR: [u8; 8] = [0xba, 0x2e, 0x32, 0x2e, 0xc7, 0x59, 0x4e, 0xf6];
/// Accounts that `relist_ask` takes.
pub const RELIST_ASK_ACCOUNTS: usize = 6;

/// Arguments of `relist_ask`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RelistAskArgs {
    /// Fiat minor units per whole base token, at least 1.
    pub price: U64,
    /// The smallest fill.
    pub min_fill_atoms: U64,
    /// The terms that the seller agrees to: the current ones.
    pub terms_version: U32,
    /// From this second on the ask no longer matches.
    pub expiry_unix_s: U64,
}

const _: () = assert!(size_of::<RelistAskArgs>() == 28 && align_of::<RelistAskArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RelistAskArgs {}

/// Takes an ask that no bid can match any more out of the book; anyone may call it.
pub const PRUNE_ASK_DISCRIMINATOR: [u8; 8] = [0x61, 0xb4, 0xfa, 0x17, 0x2d, 0x20, 0x4d, 0xac];
/// Accounts that `prune_ask` takes.
pub const PRUNE_ASK_ACCOUNTS: usize = 4;

/// Pays what was returned to the seller, and closes the vault when nothing is left to wait for.
pub const WITHDRAW_ASK_DISCRIMINATOR: [u8; 8] = [0x83, 0xc8, 0x6e, 0x4c, 0x33, 0x41, 0x33, 0x96];
/// Accounts that `withdraw_ask` takes.
pub const WITHDRAW_ASK_ACCOUNTS: usize = 5;

/// Pays an ask's fees to the treasury's associated token account; anyone may call it.
pub const COLLECT_FEES_DISCRIMINATOR: [u8; 8] = [0xa4, 0x98, 0xcf, 0x63, 0x1e, 0xba, 0x13, 0xb6];
/// Accounts that `collect_fees` takes.
pub const COLLECT_FEES_ACCOUNTS: usize = 5;

/// Matches a bid with the best ask, when a proof shows that its line covers what is due, and stores the order.
pub const PLACE_BID_ORDER_DISCRIMINATOR: [u8; 8] = [0x9a, 0x8f, 0xc7, 0xe9, 0x61, 0x17, 0xdf, 0xff];
/// Accounts that `place_bid_order` takes.
pub const PLACE_BID_ORDER_ACCOUNTS: usize = 13;

/// Arguments of `place_bid_order`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PlaceBidOrderArgs {
    /// Of the solvency statement.
    pub proof: [u8; 256],
    /// The buyer's line.
    pub line_id: [u8; 32],
    /// X25519 public key to which the seller encrypts the payee.
    pub reveal_key: [u8; 32],
    /// The most to buy.
    pub base_atoms: U64,
    /// The most to pay, fiat minor units per whole base token.
    pub limit_price: U64,
    /// The least to buy.
    pub min_fill_atoms: U64,
    /// What the attested balance covers.
    pub covered_minor_units: U64,
    /// Start of the attestation's freshness window.
    pub issued_min_unix_s: U64,
    /// Attestors that signed.
    pub bitmap: u8,
}

const _: () = assert!(size_of::<PlaceBidOrderArgs>() == 361 && align_of::<PlaceBidOrderArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for PlaceBidOrderArgs {}

/// Pays a confirmed order's tokens to its buyer; only order_processor's authority can.
pub const RELEASE_ESCROWED_FUNDS_DISCRIMINATOR: [u8; 8] = [0xba, 0xe8, 0x3f, 0xd3, 0x51, 0x70, 0xdb, 0xef];
/// Accounts that `release_escrowed_funds` takes.
pub const RELEASE_ESCROWED_FUNDS_ACCOUNTS: usize = 9;

/// Arguments of `release_escrowed_funds`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ReleaseEscrowedFundsArgs {
    /// What the buyer proved to have paid, at least.
    pub paid_floor_minor_units: U64,
}

const _: () =
    assert!(size_of::<ReleaseEscrowedFundsArgs>() == 8 && align_of::<ReleaseEscrowedFundsArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ReleaseEscrowedFundsArgs {}

/// Gives an order's tokens back to its ask; only order_processor's authority can.
pub const RETURN_ESCROWED_FUNDS_DISCRIMINATOR: [u8; 8] = [0x4e, 0xf6, 0xdc, 0xb5, 0x50, 0x29, 0x9c, 0x31];
/// Accounts that `return_escrowed_funds` takes.
pub const RETURN_ESCROWED_FUNDS_ACCOUNTS: usize = 6;

/// Arguments of `return_escrowed_funds`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ReturnEscrowedFundsArgs {
    /// 0: the reveal was missed (the ask is unlisted); 1: the proof of payment was missed (a strike); 2: cancelled, free (the line's next free cancel has to wait); 3: cancelled (a strike).
    pub reason: u8,
}

const _: () =
    assert!(size_of::<ReturnEscrowedFundsArgs>() == 1 && align_of::<ReturnEscrowedFundsArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ReturnEscrowedFundsArgs {}

/// The most accounts that one instruction takes.
pub const ACCOUNTS_MAX: usize = 13;

/// A rail that the deployment knows: one exponent per provider and currency.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RailEntry {
    /// The provider's number in spec/rails.toml.
    pub provider_id: U32,
    /// The currency.
    pub iso4217_numeric: U16,
    /// Decimal digits of a minor unit.
    pub exponent: u8,
}

const _: () = assert!(size_of::<RailEntry>() == 7 && align_of::<RailEntry>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RailEntry {}

/// A BabyJubJub public key.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AttestorKey {
    /// Big-endian, less than r.
    pub x: [u8; 32],
    /// Big-endian, less than r.
    pub y: [u8; 32],
}

const _: () = assert!(size_of::<AttestorKey>() == 64 && align_of::<AttestorKey>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AttestorKey {}

/// What the book holds of an ask beside its price and sequence.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BookLeaf {
    /// The Ask account.
    pub ask: Address,
    /// Its seller.
    pub seller: Address,
    /// Atoms that a bid can still take.
    pub open_atoms: U64,
    /// The smallest fill that the seller takes, or all that is open.
    pub min_fill_atoms: U64,
    /// Commitment to the account to be paid.
    pub payee_commit: [u8; 32],
    /// The terms that the seller agreed to.
    pub terms_version: U32,
    /// From this second on the leaf no longer matches.
    pub expiry_unix_s: U64,
}

const _: () = assert!(size_of::<BookLeaf>() == 124 && align_of::<BookLeaf>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for BookLeaf {}

/// One per program; only its authority initializes markets and publishes terms.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Config {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Who governs: markets, terms, pausing.
    pub authority: Address,
    /// Who may accept the authority; zeros: nobody.
    pub pending_authority: Address,
    /// Whose associated token accounts get the fees.
    pub treasury: Address,
    /// The cluster's genesis hash.
    pub genesis_hash: [u8; 32],
    /// P(TAG_DEPLOYMENT, genesis_hi, genesis_lo, market_program_hi, market_program_lo).
    pub deployment: [u8; 32],
    /// Entries of rails in use.
    pub rails_count: u8,
    /// The rails of all markets.
    pub rails: [RailEntry; 16],
}

impl Tagged for Config {
    const TAG: [u8; 8] = [0x9b, 0x0c, 0xaa, 0xe0, 0x1e, 0xfa, 0xcc, 0x82];
}

const _: () = assert!(size_of::<Config>() == 281 && align_of::<Config>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for Config {}

/// Immutable terms of trade; the mutable parts are revoked_at and claim_extension.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Terms {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// Counts up from 1.
    pub version: U32,
    /// The verifying key account of the solvency circuit.
    pub solvency_key: Address,
    /// The verifying key account of the payment circuit.
    pub payment_key: Address,
    /// Signatures needed.
    pub attestor_k: u8,
    /// Keys in the set.
    pub attestor_n: u8,
    /// Depth of the set's Merkle tree.
    pub attestor_depth: u8,
    /// Its root, computed by the program.
    pub attestor_root: [u8; 32],
    /// The set; unused entries are zeros.
    pub attestor_keys: [AttestorKey; 5],
    /// Fee on what is released, in basis points.
    pub fee_bps: U16,
    /// The seller reveals within this time of the match.
    pub reveal_window_s: U32,
    /// The buyer pays within this time of the reveal.
    pub pay_window_s: U32,
    /// The buyer proves within this time of pay_by.
    pub prove_window_s: U32,
    /// This many strikes start a cool-down; 0: never.
    pub strikes_max: u8,
    /// Length of a cool-down.
    pub cooldown_s: U32,
    /// A cancel within this time of the reveal, or of a missed reveal_by, is no strike.
    pub free_cancel_grace_s: U32,
    /// One free cancel per line and this time.
    pub free_cancel_interval_s: U32,
    /// Smallest deposit of an ask.
    pub min_ask_atoms: U64,
    /// Smallest min_fill of an ask.
    pub min_fill_atoms: U64,
    /// When.
    pub published_at_unix_s: U64,
    /// When they were revoked; 0: in force.
    pub revoked_at_unix_s: U64,
    /// Added to prove_by of every order under these terms: 0 until they are revoked once.
    pub claim_extension_s: U32,
}

impl Tagged for Terms {
    const TAG: [u8; 8] = [0xdf, 0x18, 0x28, 0xdf, 0xf9, 0xdb, 0x0e, 0x61];
}

const _: () = assert!(size_of::<Terms>() == 526 && align_of::<Terms>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for Terms {}

/// One mint against one rail.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Market {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The SPL token that is sold.
    pub base_mint: Address,
    /// P(TAG_RAIL, provider_id, iso4217_numeric, exponent).
    pub rail: [u8; 32],
    /// Its Book account.
    pub book: Address,
    /// P(TAG_SOLVENCY, deployment, rail, market_hi, market_lo).
    pub domain_solvency: [u8; 32],
    /// P(TAG_PAYMENT, deployment, rail, market_hi, market_lo).
    pub domain_payment: [u8; 32],
    /// Of the rail.
    pub provider_id: U32,
    /// Of the rail.
    pub iso4217_numeric: U16,
    /// Of the rail.
    pub exponent: u8,
    /// Decimals of the mint.
    pub base_decimals: u8,
    /// Of this address.
    pub bump: u8,
    /// No new asks, bids or terms; every exit stays open.
    pub paused: Flag,
    /// The current terms; 0: none yet.
    pub terms_version: U32,
    /// Counts up from 1.
    pub next_order_id: U64,
}

impl Tagged for Market {
    const TAG: [u8; 8] = [0xdb, 0xbe, 0xd5, 0x37, 0x00, 0xe3, 0xc6, 0x9a];
}

const _: () = assert!(size_of::<Market>() == 190 && align_of::<Market>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for Market {}

/// First bytes of a Book account: a market's open asks, in price-time order; grown by grow_book.
pub const BOOK_TAG: [u8; 8] = [0x79, 0x22, 0x79, 0x23, 0x5b, 0x3e, 0x55, 0xde];

/// `Book.market`: the market.
pub const BOOK_MARKET_OFFSET: usize = 8;

/// `Book.next_sequence`: of the next ask, counts up from 1.
pub const BOOK_NEXT_SEQUENCE_OFFSET: usize = BOOK_MARKET_OFFSET + 32;

/// `Book.slab`: the tree of leaves: see crates/order-book.
pub const BOOK_SLAB_OFFSET: usize = BOOK_NEXT_SEQUENCE_OFFSET + 8;

/// Bytes before the variable part of `Book`.
pub const BOOK_FIXED_BYTES: usize = BOOK_SLAB_OFFSET;

const _: () = assert!(BOOK_FIXED_BYTES == 48);

/// One ask: deposited = open + locked + released + fees + returned + withdrawn, open being what its leaf in the book holds.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Ask {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// Who deposited and who gets returns.
    pub seller: Address,
    /// Its token account; zeros: closed.
    pub vault: Address,
    /// The seller's number of this ask.
    pub client_nonce: U64,
    /// Fiat minor units per whole base token.
    pub price: U64,
    /// The smallest fill, or all that is open.
    pub min_fill_atoms: U64,
    /// Commitment to the account to be paid.
    pub payee_commit: [u8; 32],
    /// Who may reveal the payee beside the seller; the seller himself when nobody else.
    pub reveal_delegate: Address,
    /// The terms that the seller agreed to.
    pub terms_version: U32,
    /// From this second on the ask no longer matches.
    pub expiry_unix_s: U64,
    /// Its place in the book, with the price.
    pub sequence: U64,
    /// Whether the book holds a leaf of it.
    pub listed: Flag,
    /// Of this address.
    pub bump: u8,
    /// Of the vault's address.
    pub vault_bump: u8,
    /// Orders that are neither settled, expired nor cancelled.
    pub live_orders: U32,
    /// All that ever came in.
    pub deposited_atoms: U64,
    /// Held for live orders.
    pub locked_atoms: U64,
    /// Paid to buyers, fees not included.
    pub released_atoms: U64,
    /// Fees of all releases.
    pub fees_atoms: U64,
    /// The part of them that collect_fees has not yet paid out.
    pub fee_owed_atoms: U64,
    /// The seller's to withdraw.
    pub returned_atoms: U64,
    /// Already withdrawn.
    pub withdrawn_atoms: U64,
}

impl Tagged for Ask {
    const TAG: [u8; 8] = [0xe1, 0xa9, 0x7b, 0x22, 0x02, 0xfd, 0xc6, 0xe4];
}

const _: () = assert!(size_of::<Ask>() == 275 && align_of::<Ask>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for Ask {}

/// What one fiat account has promised in this deployment.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SolvencyLine {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// P(TAG_LINE, id_secret, idc, deployment).
    pub line_id: [u8; 32],
    /// Sum of the dues of its live orders.
    pub reserved_minor_units: U64,
    /// Bids that ever matched; the next bid's sequence number.
    pub seq: U64,
    /// An attestation must be of this second or later: CLOCK_SKEW_S after the last settlement.
    pub fresh_after_unix_s: U64,
    /// Since the last cool-down.
    pub strikes: u8,
    /// From when on a cancel can be free again.
    pub free_cancel_at_unix_s: U64,
    /// No bids before this second.
    pub cooldown_until_unix_s: U64,
    /// Of this address.
    pub bump: u8,
}

impl Tagged for SolvencyLine {
    const TAG: [u8; 8] = [0x77, 0xdb, 0xed, 0x9c, 0xeb, 0x2a, 0x19, 0x7d];
}

const _: () = assert!(size_of::<SolvencyLine>() == 82 && align_of::<SolvencyLine>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for SolvencyLine {}

/// A deployment has begun.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ConfigInitialized {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Who governs.
    pub authority: Address,
    /// Who gets the fees.
    pub treasury: Address,
    /// Its number in every statement.
    pub deployment: [u8; 32],
}

impl Tagged for ConfigInitialized {
    const TAG: [u8; 8] = [0xb5, 0x31, 0xc8, 0x9c, 0x13, 0xa7, 0xb2, 0x5b];
}

const _: () = assert!(size_of::<ConfigInitialized>() == 104 && align_of::<ConfigInitialized>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ConfigInitialized {}

/// A market has been created.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct MarketInitialized {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its address.
    pub market: Address,
    /// What is sold.
    pub base_mint: Address,
    /// How it is paid.
    pub rail: [u8; 32],
}

impl Tagged for MarketInitialized {
    const TAG: [u8; 8] = [0x86, 0xa0, 0x7a, 0x57, 0x32, 0x03, 0xff, 0x51];
}

const _: () = assert!(size_of::<MarketInitialized>() == 104 && align_of::<MarketInitialized>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for MarketInitialized {}

/// A book has become longer.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BookGrown {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its market.
    pub market: Address,
    /// Length of its data.
    pub book_bytes: U32,
}

impl Tagged for BookGrown {
    const TAG: [u8; 8] = [0x38, 0xc5, 0xee, 0x95, 0x23, 0x9e, 0xc8, 0x91];
}

const _: () = assert!(size_of::<BookGrown>() == 44 && align_of::<BookGrown>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for BookGrown {}

/// New asks and bids are under these terms.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TermsPublished {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The terms.
    pub version: U32,
    /// Their attestors.
    pub attestor_root: [u8; 32],
    /// Verifying key.
    pub solvency_key: Address,
    /// Verifying key.
    pub payment_key: Address,
    /// Fee.
    pub fee_bps: U16,
}

impl Tagged for TermsPublished {
    const TAG: [u8; 8] = [0xca, 0xd8, 0x60, 0x2d, 0x53, 0x3d, 0xea, 0x6c];
}

const _: () = assert!(size_of::<TermsPublished>() == 142 && align_of::<TermsPublished>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TermsPublished {}

/// Nothing is bid or proven under these terms any more.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TermsRevoked {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The terms.
    pub version: U32,
    /// Added to prove_by of all their orders.
    pub claim_extension_s: U32,
}

impl Tagged for TermsRevoked {
    const TAG: [u8; 8] = [0x1c, 0x50, 0xc5, 0xca, 0xdc, 0xa1, 0x51, 0xa2];
}

const _: () = assert!(size_of::<TermsRevoked>() == 48 && align_of::<TermsRevoked>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TermsRevoked {}

/// A revocation has been lifted.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TermsRestored {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The terms.
    pub version: U32,
}

impl Tagged for TermsRestored {
    const TAG: [u8; 8] = [0x95, 0xf4, 0x3f, 0xe9, 0x5f, 0x0b, 0x23, 0x8e];
}

const _: () = assert!(size_of::<TermsRestored>() == 44 && align_of::<TermsRestored>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TermsRestored {}

/// A market has been paused, or goes on.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct MarketPauseSet {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// Whether it is paused now.
    pub paused: Flag,
}

impl Tagged for MarketPauseSet {
    const TAG: [u8; 8] = [0xe1, 0x8b, 0x03, 0x1c, 0xb9, 0x1a, 0x79, 0x90];
}

const _: () = assert!(size_of::<MarketPauseSet>() == 41 && align_of::<MarketPauseSet>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for MarketPauseSet {}

/// Somebody may accept the authority, or nobody any more.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AuthorityOffered {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Who governs.
    pub authority: Address,
    /// Who may accept; zeros: nobody.
    pub pending_authority: Address,
}

impl Tagged for AuthorityOffered {
    const TAG: [u8; 8] = [0x85, 0x69, 0xe0, 0x85, 0x7e, 0xf7, 0xdc, 0x66];
}

const _: () = assert!(size_of::<AuthorityOffered>() == 72 && align_of::<AuthorityOffered>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AuthorityOffered {}

/// Somebody else governs.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AuthorityTransferred {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Who governed.
    pub former_authority: Address,
    /// Who governs.
    pub authority: Address,
}

impl Tagged for AuthorityTransferred {
    const TAG: [u8; 8] = [0xf5, 0x6d, 0xb3, 0x36, 0x87, 0x5c, 0x16, 0x40];
}

const _: () = assert!(size_of::<AuthorityTransferred>() == 72 && align_of::<AuthorityTransferred>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AuthorityTransferred {}

/// An ask has been listed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskPlaced {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The ask.
    pub ask: Address,
    /// Who sells.
    pub seller: Address,
    /// How much.
    pub base_atoms: U64,
    /// At what price.
    pub price: U64,
    /// Its place in the book.
    pub sequence: U64,
}

impl Tagged for AskPlaced {
    const TAG: [u8; 8] = [0xb4, 0xe7, 0xbd, 0x0b, 0x2d, 0xbb, 0xf7, 0x08];
}

const _: () = assert!(size_of::<AskPlaced>() == 128 && align_of::<AskPlaced>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskPlaced {}

/// An ask has left the book by its seller's wish.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskCancelled {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// What was open.
    pub returned_atoms: U64,
}

impl Tagged for AskCancelled {
    const TAG: [u8; 8] = [0x73, 0xad, 0xe5, 0xf8, 0x69, 0xfc, 0x7e, 0x9b];
}

const _: () = assert!(size_of::<AskCancelled>() == 48 && align_of::<AskCancelled>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskCancelled {}

/// A listed ask has moved to the current terms.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskTermsAccepted {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// The terms.
    pub terms_version: U32,
}

impl Tagged for AskTermsAccepted {
    const TAG: [u8; 8] = [0x88, 0x4b, 0x3b, 0xd3, 0xfd, 0xfd, 0xf9, 0xdc];
}

const _: () = assert!(size_of::<AskTermsAccepted>() == 44 && align_of::<AskTermsAccepted>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskTermsAccepted {}

/// What was returned to an ask has been listed again.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskRelisted {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The ask.
    pub ask: Address,
    /// Who sells.
    pub seller: Address,
    /// How much.
    pub base_atoms: U64,
    /// At what price.
    pub price: U64,
    /// Its place in the book.
    pub sequence: U64,
}

impl Tagged for AskRelisted {
    const TAG: [u8; 8] = [0x3f, 0xa6, 0x6d, 0x11, 0xdb, 0x29, 0x6a, 0x84];
}

const _: () = assert!(size_of::<AskRelisted>() == 128 && align_of::<AskRelisted>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskRelisted {}

/// The last ask of a full book has made room for a better price.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskEvicted {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// What was open.
    pub returned_atoms: U64,
    /// The ask that took its place.
    pub successor: Address,
}

impl Tagged for AskEvicted {
    const TAG: [u8; 8] = [0x3c, 0x10, 0x1d, 0xb0, 0xe5, 0x13, 0xf5, 0xe3];
}

const _: () = assert!(size_of::<AskEvicted>() == 80 && align_of::<AskEvicted>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskEvicted {}

/// An ask that could not be matched any more has left the book.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskPruned {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// What was open.
    pub returned_atoms: U64,
}

impl Tagged for AskPruned {
    const TAG: [u8; 8] = [0x07, 0x17, 0xf9, 0x4f, 0xa4, 0xf4, 0xa6, 0x86];
}

const _: () = assert!(size_of::<AskPruned>() == 48 && align_of::<AskPruned>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskPruned {}

/// A seller has taken returned tokens.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct AskWithdrawn {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// How much.
    pub withdrawn_atoms: U64,
    /// Whether this was the last.
    pub vault_closed: Flag,
}

impl Tagged for AskWithdrawn {
    const TAG: [u8; 8] = [0x8e, 0x7d, 0xa4, 0xa3, 0xc7, 0x15, 0x5b, 0xb8];
}

const _: () = assert!(size_of::<AskWithdrawn>() == 49 && align_of::<AskWithdrawn>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for AskWithdrawn {}

/// Fees have been paid to the treasury.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct FeesCollected {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The ask.
    pub ask: Address,
    /// How much.
    pub fee_atoms: U64,
}

impl Tagged for FeesCollected {
    const TAG: [u8; 8] = [0xe9, 0x17, 0x75, 0xe1, 0x6b, 0xb2, 0xfe, 0x08];
}

const _: () = assert!(size_of::<FeesCollected>() == 48 && align_of::<FeesCollected>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for FeesCollected {}

/// A bid has taken an ask's tokens.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BidMatched {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// The order's account.
    pub order: Address,
    /// Its number.
    pub order_id: U64,
    /// Whose tokens.
    pub ask: Address,
    /// For whom.
    pub buyer: Address,
    /// On which line.
    pub line_id: [u8; 32],
    /// Its sequence number there.
    pub seq: U64,
    /// How much.
    pub base_atoms: U64,
    /// At what price.
    pub price: U64,
    /// What is due.
    pub due_minor_units: U64,
}

impl Tagged for BidMatched {
    const TAG: [u8; 8] = [0x22, 0x46, 0xdd, 0x90, 0x35, 0xe6, 0xe3, 0x99];
}

const _: () = assert!(size_of::<BidMatched>() == 208 && align_of::<BidMatched>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for BidMatched {}

/// An order's tokens have been paid out.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct FundsReleased {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Whose tokens.
    pub ask: Address,
    /// To the buyer.
    pub buyer_atoms: U64,
    /// Kept as fee.
    pub fee_atoms: U64,
    /// Back to the ask.
    pub returned_atoms: U64,
}

impl Tagged for FundsReleased {
    const TAG: [u8; 8] = [0xb2, 0x77, 0xfc, 0xe6, 0x83, 0x68, 0xd2, 0xd2];
}

const _: () = assert!(size_of::<FundsReleased>() == 96 && align_of::<FundsReleased>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for FundsReleased {}

/// An order's tokens have gone back to its ask.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct FundsReturned {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Whose tokens.
    pub ask: Address,
    /// How much.
    pub returned_atoms: U64,
    /// As in return_escrowed_funds.
    pub reason: u8,
}

impl Tagged for FundsReturned {
    const TAG: [u8; 8] = [0x38, 0x67, 0xc2, 0xc2, 0xd1, 0x78, 0xda, 0x42];
}

const _: () = assert!(size_of::<FundsReturned>() == 81 && align_of::<FundsReturned>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for FundsReturned {}

/// Why market refuses an instruction. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum MarketError {
    /// The first 8 bytes of the instruction data name no instruction of this program.
    InstructionUnknown = 6100,
    /// The instruction data is shorter or longer than its arguments.
    InstructionDataLengthMismatch = 6101,
    /// The instruction got more or fewer accounts than it takes.
    AccountCountMismatch = 6102,
    /// An account that has to sign this instruction did not.
    SignerMissing = 6103,
    /// An account that this instruction changes was not passed as writable.
    AccountNotWritable = 6104,
    /// The account in the system program's place is not the system program.
    SystemProgramMismatch = 6105,
    /// The account in the token program's place is not the classic SPL Token program.
    TokenProgramMismatch = 6106,
    /// An account in the place of one of ANOMI's programs is another account.
    ProgramMismatch = 6107,
    /// The account in the place of a program's signing authority is another account.
    AuthorityAddressMismatch = 6108,
    /// The cluster's clock is not a unix time of 40 bits.
    ClockOutOfRange = 6109,
    /// An amount does not fit its type: no state that the programs can reach does this.
    ArithmeticOverflow = 6110,
    /// Only the program's initializer may create the config.
    InitializerMismatch = 6111,
    /// The signer is not the authority that the config names.
    GovernorMismatch = 6112,
    /// The account in the config's place is not the config's address.
    ConfigAddressMismatch = 6113,
    /// The config exists already.
    ConfigAlreadyExists = 6114,
    /// The config does not exist yet, or is not an account of this program.
    ConfigNotInitialized = 6115,
    /// The mint is not an initialized mint of the classic SPL Token program.
    MintInvalid = 6116,
    /// A mint of more than 12 decimals cannot be traded.
    MintDecimalsTooMany = 6117,
    /// This provider and currency are listed with another exponent.
    RailExponentMismatch = 6118,
    /// The config lists as many rails as it can.
    RailsFull = 6119,
    /// A rail has a provider from 1, a currency of three digits and an exponent of at most 6.
    RailInvalid = 6120,
    /// The market account is not the address derived from mint and rail.
    MarketAddressMismatch = 6121,
    /// This market exists already.
    MarketAlreadyExists = 6122,
    /// The account in the market's place is not a market of this program.
    MarketInvalid = 6123,
    /// The market is paused: it takes no new asks, bids or terms; every exit stays open.
    MarketPaused = 6124,
    /// The account in the book's place is not this market's book.
    BookAddressMismatch = 6125,
    /// The account in the book's place is not a book of this program.
    BookInvalid = 6126,
    /// The book cannot grow any more.
    BookAtLargestSize = 6127,
    /// The book is full: grow it, or, when it cannot grow, ask less than its last ask.
    BookFull = 6128,
    /// The book contradicts itself: no state that the program can reach does this.
    BookCorrupt = 6129,
    /// The terms account is not the address derived from market and version.
    TermsAddressMismatch = 6130,
    /// The account in the place of the terms is not terms of this program.
    TermsInvalid = 6131,
    /// These terms are another market's.
    TermsOfAnotherMarket = 6132,
    /// The version is not the one that this instruction takes.
    TermsVersionMismatch = 6133,
    /// These terms are revoked.
    TermsRevoked = 6134,
    /// A verifying key account is not a key of one public input that groth16_verifier holds.
    VerifyingKeyInvalid = 6135,
    /// A set has n from 1 to 5 keys, n at most 2^depth, and needs k of them with n/2 < k <= n.
    AttestorCountInvalid = 6136,
    /// The depth of an attestor set is 1 to 3.
    AttestorDepthInvalid = 6137,
    /// A coordinate of an attestor's key is not less than r.
    AttestorKeyNotCanonical = 6138,
    /// Two attestors have keys with the same y: the same key, or its negative.
    AttestorKeysEqual = 6139,
    /// A key past the first n is not zeros.
    AttestorKeyUnused = 6140,
    /// A fee is at most 100 basis points.
    FeeTooHigh = 6141,
    /// A window of the terms is shorter or longer than it may be.
    WindowOutOfBounds = 6142,
    /// The smallest ask and the smallest fill are at least 1, and the fill is at most the ask.
    MinimumInvalid = 6143,
    /// The ask account is not the address derived from market, seller and nonce.
    AskAddressMismatch = 6144,
    /// This seller has used this nonce already.
    AskAlreadyExists = 6145,
    /// The account in the ask's place is not an ask of this program.
    AskInvalid = 6146,
    /// The ask belongs to another seller.
    AskSellerMismatch = 6147,
    /// The ask belongs to another market.
    AskOfAnotherMarket = 6148,
    /// The ask is not in the book.
    AskNotListed = 6149,
    /// The account in the vault's place is not this ask's vault.
    VaultAddressMismatch = 6150,
    /// The ask's vault is closed: everything was withdrawn.
    VaultClosed = 6151,
    /// The mint is not the market's.
    MintMismatch = 6152,
    /// The account is not an initialized token account of the classic SPL Token program.
    TokenAccountInvalid = 6153,
    /// The token account holds another mint.
    TokenAccountMintMismatch = 6154,
    /// The token account belongs to someone else.
    TokenAccountOwnerMismatch = 6155,
    /// The token account is not the associated token account that the tokens must go to.
    TokenAccountAddressMismatch = 6156,
    /// The deposit or the smallest fill is below the least that the terms allow.
    AmountBelowMinimum = 6157,
    /// The smallest fill is larger than the amount.
    MinFillAboveAmount = 6158,
    /// A price is at least 1.
    PriceZero = 6159,
    /// An amount is at least 1.
    AmountZero = 6160,
    /// What would be due for this amount at this price does not fit 64 bits.
    DueOutOfRange = 6161,
    /// A field element (payee_commit, line_id) is not less than r.
    FieldElementNotCanonical = 6162,
    /// The ask would have expired already.
    ExpiryPassed = 6163,
    /// A time has at most 40 bits.
    ExpiryOutOfRange = 6164,
    /// The vault did not gain exactly the deposit.
    DepositMismatch = 6165,
    /// There is nothing to withdraw and nothing to close.
    NothingToWithdraw = 6166,
    /// No fees are owed.
    NoFeesOwed = 6167,
    /// Issued_min is more than 900 seconds before now: ask for fresh attestations.
    IssuedMinTooOld = 6168,
    /// Issued_min is less than 8 seconds before now.
    IssuedMinTooYoung = 6169,
    /// Issued_min is less than 120 s after the line's last settlement: ask for fresh attestations.
    AttestationBeforeSettlement = 6170,
    /// The bitmap does not name exactly k of the n attestors.
    BitmapInvalid = 6171,
    /// The line account is not the address derived from line_id.
    LineAddressMismatch = 6172,
    /// The account in the line's place is not a solvency line of this program.
    LineInvalid = 6173,
    /// The line is cooling down after strikes.
    LineCoolingDown = 6174,
    /// No ask among the first 8 fits this bid: price, terms, expiry, own ask or smallest fill.
    NoAskMatches = 6175,
    /// The best ask is another one: read the book again.
    MatchedAskMismatch = 6176,
    /// The line's reservations and this due are more than the proven balance covers.
    CoverageExceeded = 6177,
    /// The account in the order's place is not an order of order_store.
    OrderInvalid = 6178,
    /// The order belongs to another ask, market or line.
    OrderOfAnotherAsk = 6179,
    /// The order is not in the status that this instruction takes.
    OrderStatusMismatch = 6180,
    /// There is no such reason to return funds.
    ReasonUnknown = 6181,
    /// Terms allow at most 10 strikes before a cool-down.
    StrikesTooMany = 6182,
    /// The account in the solvency key's place is not the verifying key that the terms name.
    SolvencyKeyMismatch = 6183,
    /// These terms are not revoked.
    TermsNotRevoked = 6184,
    /// The signer is not the one who may accept the authority.
    PendingAuthorityMismatch = 6185,
    /// The ask is under these terms already.
    TermsAlreadyAccepted = 6186,
    /// The ask is in the book: cancel it before it is listed anew.
    AskAlreadyListed = 6187,
    /// The ask can still be matched, or its seller still has time to accept the current terms.
    AskNotPrunable = 6188,
    /// The line has had a free cancel too short a time ago.
    FreeCancelUsed = 6189,
    /// The ask to evict is the last one of a full book, and the new ask itself while there is room.
    EvictedAskMismatch = 6190,
    /// The reveal key is no X25519 key in canonical form, or one of small order, to which nothing can be sealed.
    RevealKeyInvalid = 6191,
    /// An ask is listed for at least LISTING_MIN_S: cancel it to take it out of the book before.
    ExpiryTooSoon = 6192,
}

impl From<MarketError> for ProgramError {
    fn from(error: MarketError) -> Self {
        ProgramError::Custom(error as u32)
    }
}
