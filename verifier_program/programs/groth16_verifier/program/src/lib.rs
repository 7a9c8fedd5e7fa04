//! groth16_verifier: verifies Groth16 proofs over BN254 against immutable, content-addressed verifying keys.
//!
//! A key is uploaded into a private staging account (`init_key`, `write_key`), then checked completely and stored at the
//! address derived from its hash (`finalize_key`). From then on nobody, the uploader included, can change or close it, and
//! `verify` and `verify_batch` need no more than its owner and tag to trust it.
#![no_std]

mod instructions;
mod staging;

use account_checks::entrypoint_limit;
use groth16_verifier_interface::generated::{
    ACCOUNTS_MAX, CLOSE_STAGING_DISCRIMINATOR, FINALIZE_KEY_DISCRIMINATOR, Groth16VerifierError,
    INIT_KEY_DISCRIMINATOR, VERIFY_BATCH_DISCRIMINATOR, VERIFY_DISCRIMINATOR, WRITE_KEY_DISCRIMINATOR,
};
use pinocchio::{AccountView, Address, ProgramResult, no_allocator, nostd_panic_handler, program_entrypoint};

program_entrypoint!(process, { entrypoint_limit(ACCOUNTS_MAX) });
no_allocator!();
nostd_panic_handler!();

const CLOSE_STAGING: u64 = u64::from_le_bytes(CLOSE_STAGING_DISCRIMINATOR);
const FINALIZE_KEY: u64 = u64::from_le_bytes(FINALIZE_KEY_DISCRIMINATOR);
const INIT_KEY: u64 = u64::from_le_bytes(INIT_KEY_DISCRIMINATOR);
const VERIFY: u64 = u64::from_le_bytes(VERIFY_DISCRIMINATOR);
const VERIFY_BATCH: u64 = u64::from_le_bytes(VERIFY_BATCH_DISCRIMINATOR);
const WRITE_KEY: u64 = u64::from_le_bytes(WRITE_KEY_DISCRIMINATOR);

/// Runs the instruction that the first 8 bytes of `data` name.
///
/// The program's address is the constant [`groth16_verifier_interface::ID`], not the argument: deployed anywhere else, the
/// program can neither store a key nor accept one.
fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Some((discriminator, args)) = data.split_first_chunk() else {
        return Err(Groth16VerifierError::InstructionUnknown.into());
    };
    let instruction = u64::from_le_bytes(*discriminator);
    // By itself, so that the choice among the others costs it nothing.
    if instruction == VERIFY {
        return instructions::verify(accounts, args);
    }
    match instruction {
        VERIFY_BATCH => instructions::verify_batch(accounts, args),
        INIT_KEY => instructions::init_key(accounts, args),
        WRITE_KEY => instructions::write_key(accounts, args),
        FINALIZE_KEY => instructions::finalize_key(accounts, args),
        CLOSE_STAGING => instructions::close_staging(accounts, args),
        _ => Err(Groth16VerifierError::InstructionUnknown.into()),
    }
}
