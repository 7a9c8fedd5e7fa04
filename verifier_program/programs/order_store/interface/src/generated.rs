//! Generated from spec/ by `python -m tools.codegen`; do not edit.

use layout::{Flag, Plain, Tagged, U32, U64};
use pinocchio::{Address, error::ProgramError};

/// DwWHTGsNTQ5sAFGVddX12rZoKuUfwboC5R1ysVeCZtFR
pub const ID: Address = Address::new_from_array([
    0xc0, 0x42, 0xb7, 0xcc, 0x3b, 0xb8, 0x76, 0x73, 0x93, 0x11, 0x62, 0x61, 0xc9, 0x37, 0xb1, 0x4a, 0xfa,
    0x76, 0xd8, 0x73, 0xf9, 0x71, 0x3d, 0xc1, 0x3a, 0x0b, 0x78, 0xb2, 0x94, 0x34, 0xba, 0x40,
]);

/// An encrypted reveal: 128 bytes of plaintext, sealed (48 bytes more).
pub const REVEAL_CIPHERTEXT_BYTES: usize = 176;

/// Time from the end of an expired or cancelled order until its record can be closed.
pub const ORDER_RETENTION_S: usize = 2592000;

/// PDA ["order", `market`, `line_id`, `seq`]: one matched order; the buyer knows the address before the bid.
pub const ORDER_SEED: &[u8] = b"order";

/// Stores a new order; only the market's authority can.
pub const STORE_MATCHED_ORDER_DISCRIMINATOR: [u8; 8] = [0xc9, 0xfe, 0x3d, 0x4e, 0xd2, 0xb5, 0x7f, 0xaa];
/// Accounts that `store_matched_order` takes.
pub const STORE_MATCHED_ORDER_ACCOUNTS: usize = 4;

/// Arguments of `store_matched_order`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct StoreMatchedOrderArgs {
    /// See MatchedOrder.
    pub market: Address,
    /// See MatchedOrder.
    pub order_id: U64,
    /// See MatchedOrder.
    pub buyer: Address,
    /// See MatchedOrder.
    pub seller: Address,
    /// See MatchedOrder.
    pub ask: Address,
    /// See MatchedOrder.
    pub line_id: [u8; 32],
    /// See MatchedOrder.
    pub seq: U64,
    /// See MatchedOrder.
    pub base_atoms: U64,
    /// See MatchedOrder.
    pub price: U64,
    /// See MatchedOrder.
    pub due_minor_units: U64,
    /// See MatchedOrder.
    pub paid_min_minor_units: U64,
    /// See MatchedOrder.
    pub payee_commit: [u8; 32],
    /// See MatchedOrder.
    pub terms_version: U32,
    /// See MatchedOrder.
    pub matched_at_unix_s: U64,
    /// See MatchedOrder.
    pub reveal_by_unix_s: U64,
    /// See MatchedOrder.
    pub reveal_key: [u8; 32],
}

const _: () = assert!(size_of::<StoreMatchedOrderArgs>() == 292 && align_of::<StoreMatchedOrderArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for StoreMatchedOrderArgs {}

/// Records a reveal: Pending to AwaitingPayment; only order_processor's authority can.
pub const RECORD_REVEAL_DISCRIMINATOR: [u8; 8] = [0xed, 0x6e, 0xb0, 0xb2, 0x64, 0x15, 0xfb, 0xc1];
/// Accounts that `record_reveal` takes.
pub const RECORD_REVEAL_ACCOUNTS: usize = 2;

/// Arguments of `record_reveal`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RecordRevealArgs {
    /// Now.
    pub revealed_at_unix_s: U64,
    /// See MatchedOrder.
    pub pay_by_unix_s: U64,
    /// See MatchedOrder.
    pub prove_by_unix_s: U64,
    /// The payee, encrypted.
    pub reveal_ciphertext: [u8; 176],
}

const _: () = assert!(size_of::<RecordRevealArgs>() == 200 && align_of::<RecordRevealArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RecordRevealArgs {}

/// Records the buyer's word that he has paid; only order_processor's authority can.
pub const RECORD_PAYMENT_REPORT_DISCRIMINATOR: [u8; 8] = [0x04, 0x2f, 0xd7, 0xfd, 0x6d, 0xa9, 0x7e, 0x29];
/// Accounts that `record_payment_report` takes.
pub const RECORD_PAYMENT_REPORT_ACCOUNTS: usize = 2;

/// Arguments of `record_payment_report`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RecordPaymentReportArgs {
    /// The nullifier of his payment.
    pub nf: [u8; 32],
}

const _: () =
    assert!(size_of::<RecordPaymentReportArgs>() == 32 && align_of::<RecordPaymentReportArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RecordPaymentReportArgs {}

/// Records that the buyer gets more time to prove, once; only order_processor's authority can.
pub const RECORD_CLAIM_EXTENSION_DISCRIMINATOR: [u8; 8] = [0x0f, 0x0c, 0xbd, 0x9a, 0xbe, 0x64, 0x50, 0xa1];
/// Accounts that `record_claim_extension` takes.
pub const RECORD_CLAIM_EXTENSION_ACCOUNTS: usize = 2;

/// Arguments of `record_claim_extension`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RecordClaimExtensionArgs {
    /// The buyer proves until then.
    pub prove_by_unix_s: U64,
}

const _: () =
    assert!(size_of::<RecordClaimExtensionArgs>() == 8 && align_of::<RecordClaimExtensionArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for RecordClaimExtensionArgs {}

/// Moves an order along its states; only order_processor's authority can.
pub const UPDATE_STATUS_DISCRIMINATOR: [u8; 8] = [0x93, 0xd7, 0x4a, 0xae, 0x37, 0xbf, 0x2a, 0x00];
/// Accounts that `update_status` takes.
pub const UPDATE_STATUS_ACCOUNTS: usize = 2;

/// Arguments of `update_status`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct UpdateStatusArgs {
    /// 2 PaymentConfirmed, 3 Settled, 4 Expired or 5 Cancelled.
    pub status: u8,
    /// The time of a final status.
    pub now_unix_s: U64,
    /// The payment's nullifier, with PaymentConfirmed; else zeros.
    pub nf: [u8; 32],
    /// With PaymentConfirmed; else 0.
    pub paid_floor_minor_units: U64,
    /// With Settled; else 0.
    pub released_atoms: U64,
}

const _: () = assert!(size_of::<UpdateStatusArgs>() == 57 && align_of::<UpdateStatusArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for UpdateStatusArgs {}

/// Closes the record of an order that came to nothing, ORDER_RETENTION_S after its end; anyone may call it.
pub const CLOSE_ORDER_DISCRIMINATOR: [u8; 8] = [0x5a, 0x67, 0xd1, 0x1c, 0x07, 0x3f, 0xa8, 0x04];
/// Accounts that `close_order` takes.
pub const CLOSE_ORDER_ACCOUNTS: usize = 2;

/// The most accounts that one instruction takes.
pub const ACCOUNTS_MAX: usize = 4;

/// One matched order.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct MatchedOrder {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// The market.
    pub market: Address,
    /// Unique per market.
    pub order_id: U64,
    /// Who gets the tokens.
    pub buyer: Address,
    /// Who gets the fiat money.
    pub seller: Address,
    /// Whose tokens are locked.
    pub ask: Address,
    /// The buyer's solvency line.
    pub line_id: [u8; 32],
    /// The bid's sequence number on it.
    pub seq: U64,
    /// Tokens locked.
    pub base_atoms: U64,
    /// Fiat minor units per whole base token.
    pub price: U64,
    /// What the buyer owes: ceil(base_atoms * price / 10^decimals).
    pub due_minor_units: U64,
    /// A payment below this is not taken: what is due for the smallest fill.
    pub paid_min_minor_units: U64,
    /// Commitment to the account to be paid.
    pub payee_commit: [u8; 32],
    /// The terms of this order.
    pub terms_version: U32,
    /// When it was matched.
    pub matched_at_unix_s: U64,
    /// The seller reveals until then.
    pub reveal_by_unix_s: U64,
    /// X25519 public key to which the payee is encrypted.
    pub reveal_key: [u8; 32],
    /// Who paid this account's rent.
    pub rent_payer: Address,
    /// Of this address.
    pub bump: u8,
    /// 0 Pending, 1 AwaitingPayment, 2 PaymentConfirmed, 3 Settled, 4 Expired, 5 Cancelled.
    pub status: u8,
    /// When the payee was revealed; 0: not yet.
    pub revealed_at_unix_s: U64,
    /// The buyer pays until then.
    pub pay_by_unix_s: U64,
    /// The buyer proves until then.
    pub prove_by_unix_s: U64,
    /// Whether prove_by was extended.
    pub claim_extended: Flag,
    /// The nullifier that the buyer reported; zeros: none.
    pub reported_nf: [u8; 32],
    /// When it was settled, expired or cancelled; 0: not yet.
    pub resolved_at_unix_s: U64,
    /// What was proven or accepted as paid.
    pub paid_floor_minor_units: U64,
    /// Tokens released, fee included.
    pub released_atoms: U64,
    /// The nullifier of its payment; zeros: none.
    pub nf: [u8; 32],
    /// The payee, encrypted to reveal_key; zeros: not yet.
    pub reveal_ciphertext: [u8; 176],
}

impl Tagged for MatchedOrder {
    const TAG: [u8; 8] = [0x34, 0x5d, 0xf0, 0x44, 0x50, 0x19, 0xa1, 0xf1];
}

const _: () = assert!(size_of::<MatchedOrder>() == 623 && align_of::<MatchedOrder>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for MatchedOrder {}

/// An order has been recorded.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct OrderStored {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its account.
    pub order: Address,
    /// The market.
    pub market: Address,
    /// Its number.
    pub order_id: U64,
    /// The seller reveals until then.
    pub reveal_by_unix_s: U64,
}

impl Tagged for OrderStored {
    const TAG: [u8; 8] = [0xc1, 0x41, 0x14, 0xf6, 0x54, 0xa0, 0x19, 0xf0];
}

const _: () = assert!(size_of::<OrderStored>() == 88 && align_of::<OrderStored>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for OrderStored {}

/// An order has moved.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct StatusUpdated {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its account.
    pub order: Address,
    /// Status before.
    pub from_status: u8,
    /// Status after.
    pub to_status: u8,
}

impl Tagged for StatusUpdated {
    const TAG: [u8; 8] = [0x13, 0x95, 0x46, 0x96, 0x91, 0x78, 0xf1, 0x0b];
}

const _: () = assert!(size_of::<StatusUpdated>() == 42 && align_of::<StatusUpdated>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for StatusUpdated {}

/// The record of an order that came to nothing is gone.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct OrderClosed {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its account.
    pub order: Address,
    /// Who got its rent back.
    pub rent_payer: Address,
}

impl Tagged for OrderClosed {
    const TAG: [u8; 8] = [0xed, 0x4d, 0x65, 0x7b, 0x48, 0x2b, 0x95, 0x7b];
}

const _: () = assert!(size_of::<OrderClosed>() == 72 && align_of::<OrderClosed>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for OrderClosed {}

/// Why order_store refuses an instruction. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum OrderStoreError {
    /// The first 8 bytes of the instruction data name no instruction of this program.
    InstructionUnknown = 6200,
    /// The instruction data is shorter or longer than its arguments.
    InstructionDataLengthMismatch = 6201,
    /// The instruction got more or fewer accounts than it takes.
    AccountCountMismatch = 6202,
    /// An account that has to sign this instruction did not.
    SignerMissing = 6203,
    /// An account that this instruction changes was not passed as writable.
    AccountNotWritable = 6204,
    /// The account in the system program's place is not the system program.
    SystemProgramMismatch = 6205,
    /// The account in the token program's place is not the classic SPL Token program.
    TokenProgramMismatch = 6206,
    /// An account in the place of one of ANOMI's programs is another account.
    ProgramMismatch = 6207,
    /// The account in the place of a program's signing authority is another account.
    AuthorityAddressMismatch = 6208,
    /// The cluster's clock is not a unix time of 40 bits.
    ClockOutOfRange = 6209,
    /// An amount does not fit its type: no state that the programs can reach does this.
    ArithmeticOverflow = 6210,
    /// The order account is not the address derived from market, line_id and seq.
    OrderAddressMismatch = 6211,
    /// This order exists already.
    OrderAlreadyExists = 6212,
    /// The account in the order's place is not an order of this program.
    OrderInvalid = 6213,
    /// An order in this status cannot move to that one.
    StatusTransitionInvalid = 6214,
    /// There is no such status.
    StatusUnknown = 6215,
    /// A payment was reported for this order already.
    PaymentAlreadyReported = 6216,
    /// No payment was reported for this order.
    PaymentNotReported = 6217,
    /// The time to prove was extended already.
    ClaimAlreadyExtended = 6218,
    /// Only the record of an expired or cancelled order is ever closed.
    OrderNotOver = 6219,
    /// The order ended less than 30 days ago.
    RetentionNotOver = 6220,
    /// The rent goes back to the one who paid it.
    RentPayerMismatch = 6221,
}

impl From<OrderStoreError> for ProgramError {
    fn from(error: OrderStoreError) -> Self {
        ProgramError::Custom(error as u32)
    }
}
