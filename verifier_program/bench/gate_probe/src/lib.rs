//! gate_probe: a program whose one act is gated by a proof, in the two ways there are.
//!
//! It is what an escrow author writes, and nothing more: tests call it to exercise, and measure, the CPI of
//! `groth16-verifier-interface` and the crate `groth16-verify` from a program that is not the verifier.
//!
//! Instruction data: one byte, the way, then the sha256 of the key's body. With 0 (by CPI) and 1 (inline) the proof and its one public
//! input follow; with 2 and 3 a batch is verified, by CPI and inline, that lies in an account: all proofs, then their inputs, one each.
//! Accounts: the verifying key; for a batch, the account that holds it; by CPI, groth16_verifier's program account.
#![no_std]

use core::array::from_ref;

use account_checks::{Pda, entrypoint_limit, exactly};
use groth16_verifier_interface::{
    Batch, ID as VERIFIER, PROOF_BYTES, PUBLIC_INPUT_BYTES, Verify, VerifyBatch,
    generated::{VERIFYING_KEY_SEED, VERIFYING_KEY_TAG},
};
use groth16_verify::{BATCH_PAIRS_MAX, PAIR_BYTES, VerifyingKey, verify, verify_batch};
use pinocchio::{
    AccountView, Address, ProgramResult, error::ProgramError, no_allocator, nostd_panic_handler,
    program_entrypoint,
};

program_entrypoint!(process, { entrypoint_limit(3) });
no_allocator!();
nostd_panic_handler!();

const BY_CPI: u8 = 0;
const INLINE: u8 = 1;
const BATCH_BY_CPI: u8 = 2;
const BATCH_INLINE: u8 = 3;

/// The most instruction data that the runtime takes in a call.
const CPI_DATA_BYTES_MAX: usize = 10_240;

/// The error of a proof that the inline check refuses.
const PROOF_REFUSED: u32 = 1;

/// What opens the gate: all proofs, then one public input for each.
fn read(data: &[u8]) -> Result<Batch<'_>, ProgramError> {
    let count = data.len() / (PROOF_BYTES + PUBLIC_INPUT_BYTES);
    let split = count.checked_mul(PROOF_BYTES).and_then(|proof_bytes| data.split_at_checked(proof_bytes));
    let (proofs, public_inputs) = split.ok_or(ProgramError::InvalidInstructionData)?;
    match (proofs.as_chunks(), public_inputs.as_chunks()) {
        ((proofs, []), (public_inputs, [])) if public_inputs.len() == count => {
            Ok(Batch { proofs, public_inputs })
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

/// One proof and its public input.
fn read_one(data: &[u8]) -> Result<(&[u8; PROOF_BYTES], &[[u8; PUBLIC_INPUT_BYTES]; 1]), ProgramError> {
    let Batch { proofs: [proof], public_inputs: [public_input] } = read(data)? else {
        return Err(ProgramError::InvalidInstructionData);
    };
    Ok((proof, from_ref(public_input)))
}

fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let (&[way], rest) = data.split_first_chunk().ok_or(ProgramError::InvalidInstructionData)?;
    let (body_hash, rest) = rest.split_first_chunk().ok_or(ProgramError::InvalidInstructionData)?;
    let key_address = &key_address(body_hash)?;
    match way {
        BY_CPI => {
            let [key, _verifier] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
            let (proof, public_inputs) = read_one(rest)?;
            Verify { verifying_key: key, expected_verifying_key: key_address, proof, public_inputs }.invoke()
        }
        INLINE => {
            let [key] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
            let (proof, public_inputs) = read_one(rest)?;
            inline(key, key_address, |key| verify(key, proof, public_inputs).is_ok())
        }
        BATCH_BY_CPI => {
            let [key, batch, _verifier] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
            let batch = batch.try_borrow()?;
            let batch = &read(&batch)?;
            // SAFETY: bytes are valid as the zeros that the runtime hands the heap over with; this program has no allocator, and
            // an instruction comes through one arm of this match.
            let room: &mut [u8; CPI_DATA_BYTES_MAX] = unsafe { allocate_unchecked(0) };
            VerifyBatch { verifying_key: key, expected_verifying_key: key_address, batch }.invoke(room)
        }
        BATCH_INLINE => {
            let [key, batch] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
            let batch = batch.try_borrow()?;
            let batch = &read(&batch)?;
            // SAFETY: as above.
            let room: &mut [[u8; PAIR_BYTES]; BATCH_PAIRS_MAX] = unsafe { allocate_unchecked(0) };
            inline(key, key_address, |key| verify_batch(key, batch, room).is_ok())
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

/// A real escrow has the key's address in its state or as a constant; this one derives it, to serve any key.
fn key_address(body_hash: &[u8; 32]) -> Result<Address, ProgramError> {
    let pda = Pda::find(&[VERIFYING_KEY_SEED, body_hash], &VERIFIER).ok_or(ProgramError::InvalidSeeds)?;
    Ok(pda.address)
}

fn inline(
    account: &AccountView,
    key_address: &Address,
    check: impl FnOnce(&VerifyingKey<'_>) -> bool,
) -> ProgramResult {
    // The address is derived for groth16_verifier, so only that program can have written the account, and what it writes there
    // is a validated key.
    if account.address() != key_address || !account.owned_by(&VERIFIER) {
        return Err(ProgramError::InvalidAccountData);
    }
    let data = account.try_borrow()?;
    let Some((&VERIFYING_KEY_TAG, body)) = data.split_first_chunk() else {
        return Err(ProgramError::InvalidAccountData);
    };
    let key = VerifyingKey::parse(body).map_err(|_| ProgramError::InvalidAccountData)?;
    if check(&key) { Ok(()) } else { Err(ProgramError::Custom(PROOF_REFUSED)) }
}
