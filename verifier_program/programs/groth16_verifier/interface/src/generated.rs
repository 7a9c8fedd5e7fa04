//! Generated from spec/ by `python -m tools.codegen`; do not edit.

use layout::{Plain, Tagged, U32};
use pinocchio::{Address, error::ProgramError};

/// 22zubNuz39y6hRDjfsNoayd355gaUuXSd4wqrU4ArK1R
pub const ID: Address = Address::new_from_array([
    0x0f, 0x5e, 0xbe, 0x3d, 0xc7, 0xcb, 0xf0, 0x75, 0xc6, 0xac, 0xcd, 0xe5, 0x6a, 0x52, 0x76, 0x1a, 0x76,
    0xa1, 0x16, 0xbf, 0x87, 0x90, 0xaa, 0x2a, 0x09, 0x1b, 0x63, 0xed, 0xd6, 0xfe, 0x77, 0xf8,
]);

/// Proofs that one verify_batch of groth16_verifier takes.
pub const BATCH_PROOFS_MAX: usize = 32;

/// Public inputs of a verifying key that groth16_verifier accepts.
pub const PUBLIC_INPUTS_MAX: usize = 16;

/// PDA ["vk", `body_hash`]: the key whose body has this sha256; one address per key, whoever uploads it.
pub const VERIFYING_KEY_SEED: &[u8] = b"vk";

/// PDA ["staging", `authority`, `body_hash`]: one authority's private upload of the key with this sha256.
pub const STAGING_SEED: &[u8] = b"staging";

/// Opens the staging account for a key body of the given hash and length.
pub const INIT_KEY_DISCRIMINATOR: [u8; 8] = [0xe4, 0x84, 0x16, 0x16, 0x1a, 0xbe, 0xe9, 0xb4];
/// Accounts that `init_key` takes.
pub const INIT_KEY_ACCOUNTS: usize = 3;

/// Arguments of `init_key`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InitKeyArgs {
    /// Sha256 of the finished body.
    pub body_hash: [u8; 32],
    /// Its length, 448 + 64 * (n + 1) with n <= PUBLIC_INPUTS_MAX.
    pub body_len: U32,
}

const _: () = assert!(size_of::<InitKeyArgs>() == 36 && align_of::<InitKeyArgs>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for InitKeyArgs {}

/// Writes bytes of the body at an offset; order and repetition do not matter.
pub const WRITE_KEY_DISCRIMINATOR: [u8; 8] = [0x4e, 0x88, 0x13, 0x29, 0x68, 0xe9, 0x48, 0xd9];
/// Accounts that `write_key` takes.
pub const WRITE_KEY_ACCOUNTS: usize = 2;

/// Checks the uploaded key completely, stores it for ever at its address and returns the staging rent.
pub const FINALIZE_KEY_DISCRIMINATOR: [u8; 8] = [0x25, 0x7e, 0x0b, 0xa5, 0x33, 0x37, 0xd2, 0xb7];
/// Accounts that `finalize_key` takes.
pub const FINALIZE_KEY_ACCOUNTS: usize = 4;

/// Gives up an upload and returns its rent to the authority.
pub const CLOSE_STAGING_DISCRIMINATOR: [u8; 8] = [0x73, 0x38, 0x3e, 0xfb, 0xb4, 0x91, 0x12, 0x0e];
/// Accounts that `close_staging` takes.
pub const CLOSE_STAGING_ACCOUNTS: usize = 2;

/// Succeeds when, and only when, the proof proves the public inputs under the key.
pub const VERIFY_DISCRIMINATOR: [u8; 8] = [0x85, 0xa1, 0x8d, 0x30, 0x78, 0xc6, 0x58, 0x96];
/// Accounts that `verify` takes.
pub const VERIFY_ACCOUNTS: usize = 1;

/// Succeeds when, and only when, each proof proves its public inputs under the key: one check of a random linear combination.
pub const VERIFY_BATCH_DISCRIMINATOR: [u8; 8] = [0xcf, 0x37, 0x2a, 0x77, 0x69, 0xfb, 0x58, 0xc7];
/// Accounts that `verify_batch` takes.
pub const VERIFY_BATCH_ACCOUNTS: usize = 1;

/// The most accounts that one instruction takes.
pub const ACCOUNTS_MAX: usize = 4;

/// First bytes of a VerifyingKey account: an accepted key; it is never written again and never closed.
pub const VERIFYING_KEY_TAG: [u8; 8] = [0xf8, 0x9a, 0x0c, 0xb2, 0xcd, 0x85, 0xc1, 0xef];

/// `VerifyingKey.body`: the key.
pub const VERIFYING_KEY_BODY_OFFSET: usize = 8;

/// Bytes before the variable part of `VerifyingKey`.
pub const VERIFYING_KEY_FIXED_BYTES: usize = VERIFYING_KEY_BODY_OFFSET;

const _: () = assert!(VERIFYING_KEY_FIXED_BYTES == 8);

/// First bytes of a Staging account: a key being uploaded.
pub const STAGING_TAG: [u8; 8] = [0x8c, 0xdb, 0x93, 0x00, 0x43, 0xb1, 0xf7, 0xeb];

/// `Staging.authority`: who may write, finalize or close it, and gets its rent back.
pub const STAGING_AUTHORITY_OFFSET: usize = 8;

/// `Staging.body_hash`: sha256 that the finished body must have.
pub const STAGING_BODY_HASH_OFFSET: usize = STAGING_AUTHORITY_OFFSET + 32;

/// `Staging.body`: the body so far; bytes not yet written are zero.
pub const STAGING_BODY_OFFSET: usize = STAGING_BODY_HASH_OFFSET + 32;

/// Bytes before the variable part of `Staging`.
pub const STAGING_FIXED_BYTES: usize = STAGING_BODY_OFFSET;

const _: () = assert!(STAGING_FIXED_BYTES == 72);

/// A key has become usable.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct KeyFinalized {
    /// First bytes: say what this is.
    pub tag: [u8; 8],
    /// Its address.
    pub verifying_key: Address,
    /// Sha256 of its body.
    pub body_hash: [u8; 32],
    /// Who uploaded it.
    pub authority: Address,
    /// N.
    pub public_inputs: u8,
}

impl Tagged for KeyFinalized {
    const TAG: [u8; 8] = [0xec, 0x53, 0xd4, 0x18, 0x40, 0x0c, 0x70, 0x46];
}

const _: () = assert!(size_of::<KeyFinalized>() == 105 && align_of::<KeyFinalized>() == 1);

// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).
unsafe impl Plain for KeyFinalized {}

/// Why groth16_verifier refuses an instruction. Codes are append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Groth16VerifierError {
    /// The first 8 bytes of the instruction data name no instruction of this program.
    InstructionUnknown = 6000,
    /// The instruction data is shorter or longer than its arguments.
    InstructionDataLengthMismatch = 6001,
    /// The instruction got more or fewer accounts than it takes.
    AccountCountMismatch = 6002,
    /// The authority did not sign the transaction.
    AuthorityNotSigner = 6003,
    /// An account that this instruction changes was not passed as writable.
    AccountNotWritable = 6004,
    /// The account in the system program's place is not the system program.
    SystemProgramMismatch = 6005,
    /// A key body has 448 + 64 * (n + 1) bytes, for a number n of public inputs from 0 to 16.
    KeyLengthInvalid = 6006,
    /// The staging account is not the address derived from the authority and the body hash.
    StagingAddressMismatch = 6007,
    /// This authority is already uploading this key: write and finalize it, or close it first.
    StagingAlreadyExists = 6008,
    /// The staging account does not belong to this program: open it with init_key.
    StagingOwnerMismatch = 6009,
    /// The account in the staging account's place is not a staging account.
    StagingTagMismatch = 6010,
    /// The staging account belongs to another authority.
    StagingAuthorityMismatch = 6011,
    /// There are no bytes to write.
    WriteEmpty = 6012,
    /// The bytes reach past the end of the key body.
    WriteOutOfBounds = 6013,
    /// The sha256 of the uploaded body is not the hash given to init_key: some bytes are missing or wrong.
    BodyHashMismatch = 6014,
    /// A coordinate of the key has one of its two highest bits set.
    KeyFlagBitsSet = 6015,
    /// A point of the key is the point at infinity.
    KeyPointAtInfinity = 6016,
    /// Gamma equals delta or minus delta: phase 2 of the setup never happened and this key accepts false statements.
    KeyGammaEqualsDelta = 6017,
    /// A point of the key is off its curve, outside the subgroup of order r, or has a coordinate not less than q.
    KeyPointInvalid = 6018,
    /// The verifying key account is not the address derived from the body hash.
    VerifyingKeyAddressMismatch = 6019,
    /// This key is already stored: close the staging account to get its rent back.
    VerifyingKeyAlreadyExists = 6020,
    /// The verifying key account does not belong to this program: upload and finalize the key first.
    VerifyingKeyOwnerMismatch = 6021,
    /// The account in the verifying key's place is not a verifying key.
    VerifyingKeyTagMismatch = 6022,
    /// The number of public inputs is not the number the verifying key takes.
    PublicInputCountMismatch = 6023,
    /// A public input is not less than the order r of the scalar field.
    PublicInputNotCanonical = 6024,
    /// A coordinate of the proof has one of its two highest bits set.
    ProofFlagBitsSet = 6025,
    /// A point of the proof is the point at infinity.
    ProofPointAtInfinity = 6026,
    /// A point of the proof is off its curve, outside the subgroup of order r, or has a coordinate not less than q.
    ProofPointInvalid = 6027,
    /// The proof does not prove these public inputs under this verifying key.
    ProofInvalid = 6028,
    /// The batch has no proof.
    BatchEmpty = 6029,
    /// The batch has more than 32 proofs.
    BatchTooLarge = 6030,
    /// All of the batch is well formed, and at least one of its proofs does not prove its public inputs under this verifying key.
    BatchInvalid = 6031,
}

impl From<Groth16VerifierError> for ProgramError {
    fn from(error: Groth16VerifierError) -> Self {
        ProgramError::Custom(error as u32)
    }
}
