//! Generated from spec/ by `python -m tools.codegen`; do not edit.

use layout::{Flag, Plain, Tagged, U64};
use pinocchio::{Address, error::ProgramError};

/// 8znqndUESnbj8JZcbHQmvpXcqZuP9eTTZQghSr8Uropd
pub const ID: Address = Address::new_from_array([
    0x76, 0xcf, 0xbf, 0x52, 0xae, 0x3e, 0xfd, 0xb5, 0xc9, 0x9c, 0xdf, 0x14, 0x74, 0x0a, 0x89, 0xcd, 0x72,
    0x0a, 0x7d, 0x46, 0x15, 0xe6, 0xfd, 0x49, 0x5c, 0x59, 0x9f, 0x62, 0x28, 0x7a, 0x93, 0xba,
]);

/// Clock skew allowed, both ways.
pub const CLOCK_SKEW_S: usize = 120;

/// An encrypted reveal: 128 bytes of plaintext, sealed (48 bytes more).
pub const REVEAL_CIPHERTEXT_BYTES: usize = 176;

/// What a buyer who has reported a payment can add to prove_by, once.
pub const CLAIM_EXTENSION_S: usize = 259200;

/// PDA ["authority"]: signs order_processor's calls to market and order_store; holds nothing.
pub const AUTHORITY_SEED: &[u8] = b"authority";

/// The address of ["authority"].
pub const AUTHORITY_ADDRESS: Address = Address::new_from_array([
    0x84, 0x07, 0xe7, 0xe9, 0x61, 0xf6, 0x1b, 0x93, 0x4b, 0x95, 0x5e, 0x23, 0xb0, 0xf1, 0x9d, 0x99, 0x2a,
    0x4c, 0x10, 0xf8, 0x89, 0x9e, 0x57, 0xa8, 0xbf, 0x27, 0xca, 0x4b, 0xb5, 0x36, 0x1f, 0x9f,
]);

/// Its canonical bump.
pub const AUTHORITY_BUMP: u8 = 254;

/// PDA ["nf", `nf`]: one fiat transfer that a proof has spent, for every line.
pub const NULLIFIER_SEED: &[u8] = b"nf";

/// PDA ["word", `line_id`, `nf`]: one fiat transfer that a seller's word has spent, for one solvency line: it cannot spend another line's.
pub const WORD_SEED: &[u8] = b"word";

/// The seller, or the ask's delegate, tells the buyer whom to pay, encrypted.
pub const REVEAL_PAYEE_DISCRIMINATOR: [u8; 8] = [0xa2, 0x6f, 0x7e, 0xe4, 0x79, 0x5f, 0xe1, 0xe9];
/// Accounts that `reveal_payee` takes.
pub const REVEAL_PAYEE_ACCOUNTS: usize = 6;

/// Arguments of `reveal_payee`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RevealPayeeArgs {
    /// Payee account, payee_secret and salt, sealed to the order's reveal_key.
    pub reveal_ciphertext: [u8; 176],
}

const _: () = assert!(size_of::<RevealPayeeArgs>() == 176 && align_of::<RevealPayeeArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RevealPayeeArgs {}

/// The buyer says that he has paid and names the transfer.
pub const REPORT_PAYMENT_DISCRIMINATOR: [u8; 8] = [0x34, 0x8e, 0xec, 0x4a, 0x7a, 0x2d, 0x65, 0xb8];
/// Accounts that `report_payment` takes.
pub const REPORT_PAYMENT_ACCOUNTS: usize = 4;

/// Arguments of `report_payment`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ReportPaymentArgs {
    /// The nullifier of his payment, less than r.
    pub nf: [u8; 32],
}

const _: () = assert!(size_of::<ReportPaymentArgs>() == 32 && align_of::<ReportPaymentArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ReportPaymentArgs {}

/// Settles an order by a proof of payment; anyone who holds the proof may call it.
pub const FINALIZE_TRADE_DISCRIMINATOR: [u8; 8] = [0xf9, 0xb3, 0xf8, 0x62, 0x5b, 0x5e, 0x94, 0x56];
/// Accounts that `finalize_trade` takes.
pub const FINALIZE_TRADE_ACCOUNTS: usize = 17;

/// Arguments of `finalize_trade`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct FinalizeTradeArgs {
    /// Of the payment statement.
    pub proof: [u8; 256],
    /// The payment's nullifier.
    pub nf: [u8; 32],
    /// What was paid, at least.
    pub paid_floor_minor_units: U64,
    /// Attestors that signed.
    pub bitmap: u8,
}

const _: () = assert!(size_of::<FinalizeTradeArgs>() == 297 && align_of::<FinalizeTradeArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for FinalizeTradeArgs {}

/// The seller accepts the reported payment without a proof: full release.
pub const RELEASE_BY_SELLER_DISCRIMINATOR: [u8; 8] = [0xe6, 0x4a, 0x7d, 0x76, 0x8b, 0x4e, 0x4d, 0x1c];
/// Accounts that `release_by_seller` takes.
pub const RELEASE_BY_SELLER_ACCOUNTS: usize = 15;

/// Arguments of `release_by_seller`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ReleaseBySellerArgs {
    /// The nullifier that the buyer reported.
    pub nf: [u8; 32],
}

const _: () = assert!(size_of::<ReleaseBySellerArgs>() == 32 && align_of::<ReleaseBySellerArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ReleaseBySellerArgs {}

/// The buyer, who has reported a payment, takes CLAIM_EXTENSION_S more to prove it; once.
pub const EXTEND_CLAIM_DISCRIMINATOR: [u8; 8] = [0x06, 0x89, 0xd9, 0xfb, 0x45, 0x2f, 0xa3, 0xd9];
/// Accounts that `extend_claim` takes.
pub const EXTEND_CLAIM_ACCOUNTS: usize = 5;

/// The buyer gives an order up; a strike, unless it is free or the seller missed the reveal.
pub const CANCEL_ORDER_DISCRIMINATOR: [u8; 8] = [0x5f, 0x81, 0xed, 0xf0, 0x08, 0x31, 0xdf, 0x84];
/// Accounts that `cancel_order` takes.
pub const CANCEL_ORDER_ACCOUNTS: usize = 9;

/// Arguments of `cancel_order`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CancelOrderArgs {
    /// Whether to cancel at the price of a strike too; if not, such a cancel is refused.
    pub accepts_strike: Flag,
}

const _: () = assert!(size_of::<CancelOrderArgs>() == 1 && align_of::<CancelOrderArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for CancelOrderArgs {}

/// Ends an order whose deadline has passed; anyone may call it.
pub const EXPIRE_ORDER_DISCRIMINATOR: [u8; 8] = [0xae, 0x1b, 0x55, 0xf7, 0x69, 0xf5, 0xdc, 0x0d];
/// Accounts that `expire_order` takes.
pub const EXPIRE_ORDER_ACCOUNTS: usize = 8;

/// The most accounts that one instruction takes.
pub const ACCOUNTS_MAX: usize = 17;

/// A fiat transfer that a proof has spent; never closed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Nullifier {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// P(TAG_NF, rail, txid, payee_key).
    pub nf: [u8; 32],
    /// The order that it settled.
    pub order: Address,
}

impl Tagged for Nullifier {
    const TAG: [u8; 8] = [0x12, 0x38, 0x8e, 0xa5, 0xb5, 0x9e, 0xbb, 0x85];
}

const _: () = assert!(size_of::<Nullifier>() == 72 && align_of::<Nullifier>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for Nullifier {}

/// A fiat transfer that a seller's word has spent; never closed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SellerWord {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The nullifier that the buyer reported.
    pub nf: [u8; 32],
    /// The order that it settled.
    pub order: Address,
}

impl Tagged for SellerWord {
    const TAG: [u8; 8] = [0x98, 0x57, 0x29, 0xca, 0xf4, 0xab, 0x03, 0x9a];
}

const _: () = assert!(size_of::<SellerWord>() == 72 && align_of::<SellerWord>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for SellerWord {}

/// The buyer can pay now.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PayeeRevealed {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Until then.
    pub pay_by_unix_s: U64,
    /// And prove until then.
    pub prove_by_unix_s: U64,
}

impl Tagged for PayeeRevealed {
    const TAG: [u8; 8] = [0x4b, 0x7f, 0x1f, 0x84, 0x2d, 0xdc, 0x58, 0x1f];
}

const _: () = assert!(size_of::<PayeeRevealed>() == 56 && align_of::<PayeeRevealed>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for PayeeRevealed {}

/// The buyer says that he has paid.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PaymentReported {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// The transfer.
    pub nf: [u8; 32],
}

impl Tagged for PaymentReported {
    const TAG: [u8; 8] = [0x2f, 0xb4, 0x6a, 0x5a, 0xc0, 0xed, 0xc1, 0x52];
}

const _: () = assert!(size_of::<PaymentReported>() == 72 && align_of::<PaymentReported>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for PaymentReported {}

/// An order has been settled by a proof.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TradeFinalized {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// The transfer.
    pub nf: [u8; 32],
    /// What was paid, at least.
    pub paid_floor_minor_units: U64,
    /// Tokens released, fee included.
    pub released_atoms: U64,
}

impl Tagged for TradeFinalized {
    const TAG: [u8; 8] = [0xf5, 0x81, 0x66, 0xc9, 0x52, 0xe0, 0x8e, 0x29];
}

const _: () = assert!(size_of::<TradeFinalized>() == 88 && align_of::<TradeFinalized>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TradeFinalized {}

/// An order has been settled by its seller.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TradeReleased {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// The transfer.
    pub nf: [u8; 32],
    /// Tokens released, fee included.
    pub released_atoms: U64,
}

impl Tagged for TradeReleased {
    const TAG: [u8; 8] = [0xd6, 0x0c, 0x89, 0xd2, 0x68, 0xbe, 0x7a, 0x2d];
}

const _: () = assert!(size_of::<TradeReleased>() == 80 && align_of::<TradeReleased>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for TradeReleased {}

/// An order has ended without settlement.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct OrderExpired {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Whether the buyer's line got a strike.
    pub strike: Flag,
}

impl Tagged for OrderExpired {
    const TAG: [u8; 8] = [0xf1, 0x37, 0x30, 0xc4, 0xa0, 0x33, 0x28, 0xd5];
}

const _: () = assert!(size_of::<OrderExpired>() == 41 && align_of::<OrderExpired>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for OrderExpired {}

/// The buyer has more time to prove.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ClaimExtended {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Until then.
    pub prove_by_unix_s: U64,
}

impl Tagged for ClaimExtended {
    const TAG: [u8; 8] = [0xff, 0x02, 0x67, 0xff, 0x90, 0xb6, 0x8b, 0x8a];
}

const _: () = assert!(size_of::<ClaimExtended>() == 48 && align_of::<ClaimExtended>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for ClaimExtended {}

/// The buyer has given an order up.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct OrderCancelled {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The order.
    pub order: Address,
    /// Whether his line got a strike.
    pub strike: Flag,
}

impl Tagged for OrderCancelled {
    const TAG: [u8; 8] = [0x6c, 0x38, 0x80, 0x44, 0xa8, 0x71, 0xa8, 0xef];
}

const _: () = assert!(size_of::<OrderCancelled>() == 41 && align_of::<OrderCancelled>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for OrderCancelled {}

/// Why order_processor refuses an instruction. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum OrderProcessorError {
    /// The first 8 bytes of the instruction data name no instruction of this program.
    InstructionUnknown = 6300,
    /// The instruction data is shorter or longer than its arguments.
    InstructionDataLengthMismatch = 6301,
    /// The instruction got more or fewer accounts than it takes.
    AccountCountMismatch = 6302,
    /// An account that has to sign this instruction did not.
    SignerMissing = 6303,
    /// An account that this instruction changes was not passed as writable.
    AccountNotWritable = 6304,
    /// The account in the system program's place is not the system program.
    SystemProgramMismatch = 6305,
    /// The account in the token program's place is not the classic SPL Token program.
    TokenProgramMismatch = 6306,
    /// An account in the place of one of ANOMI's programs is another account.
    ProgramMismatch = 6307,
    /// The account in the place of a program's signing authority is another account.
    AuthorityAddressMismatch = 6308,
    /// The cluster's clock is not a unix time of 40 bits.
    ClockOutOfRange = 6309,
    /// An amount does not fit its type: no state that the programs can reach does this.
    ArithmeticOverflow = 6310,
    /// The account in the order's place is not an order of order_store.
    OrderInvalid = 6311,
    /// The order is not in the status that this instruction takes.
    OrderStatusMismatch = 6312,
    /// The account in the ask's place is not this order's ask.
    AskMismatch = 6313,
    /// The account in the market's place is not this order's market.
    MarketMismatch = 6314,
    /// The account in the place of the terms is not this order's terms.
    TermsMismatch = 6315,
    /// The terms are revoked: proofs are stopped, and the time to prove is extended.
    TermsRevoked = 6316,
    /// The account in the line's place is not this order's line.
    LineMismatch = 6317,
    /// Only the seller or the ask's delegate may reveal the payee.
    RevealerMismatch = 6318,
    /// The time to reveal has passed: the order can only expire.
    RevealTooLate = 6319,
    /// The ciphertext is all zeros.
    RevealEmpty = 6320,
    /// Only the order's buyer may do this.
    BuyerMismatch = 6321,
    /// Only the order's seller may do this.
    SellerMismatch = 6322,
    /// A nullifier is less than r and not zero.
    FieldElementNotCanonical = 6323,
    /// A payment was reported for this order already.
    PaymentAlreadyReported = 6324,
    /// The buyer has not reported this payment: the nullifier is not the reported one.
    PaymentNotReported = 6325,
    /// The time to prove has passed: the order can only expire.
    ProveTooLate = 6326,
    /// The payment is below the least that this order takes.
    PaidBelowMinimum = 6327,
    /// The bitmap does not name exactly k of the n attestors.
    BitmapInvalid = 6328,
    /// The nullifier account is not the address derived from the nullifier.
    NullifierAddressMismatch = 6329,
    /// This transfer has settled an order already.
    NullifierAlreadySpent = 6330,
    /// The order's deadline has not passed yet.
    DeadlineNotReached = 6331,
    /// The account in the payment key's place is not the verifying key that the terms name.
    PaymentKeyMismatch = 6332,
    /// The time to prove was extended already.
    ClaimAlreadyExtended = 6333,
    /// This cancel costs a strike, which the buyer did not accept.
    CancelNotFree = 6334,
    /// The account of the seller's word is not the address derived from the order's line and the nullifier.
    WordAddressMismatch = 6335,
}

impl From<OrderProcessorError> for ProgramError {
    fn from(error: OrderProcessorError) -> Self {
        ProgramError::Custom(error as u32)
    }
}
