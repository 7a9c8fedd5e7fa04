//! gate_probe: a program whose one act is gated by a proof, in the two ways there are.
//!
//! It is what an escrow author writes, and nothing more: tests call it to exercise, and measure, the CPI of
//! `groth16-verifier-interface` and the crate `groth16-verify` from a program that is not the verifier.
//!
//! Instruction data: one byte (0 by CPI, 1 inline), the sha256 of the key's body, the proof, one public input. Accounts: the
//! verifying key; by CPI, groth16_verifier's program account too.
#![no_std]

use account_checks::{Pda, entrypoint_limit, exactly};
use groth16_verifier_interface::{
    ID as VERIFIER, PROOF_BYTES, PUBLIC_INPUT_BYTES, Verify,
    generated::{VERIFYING_KEY_SEED, VERIFYING_KEY_TAG},
};
use groth16_verify::{VerifyingKey, verify};
use pinocchio::{
    AccountView, Address, ProgramResult, error::ProgramError, no_allocator, nostd_panic_handler,
    program_entrypoint,
};

program_entrypoint!(process, { entrypoint_limit(2) });
no_allocator!();
nostd_panic_handler!();

const BY_CPI: u8 = 0;
const INLINE: u8 = 1;

/// The error of a proof that the inline check refuses.
const PROOF_REFUSED: u32 = 1;

/// The instruction data after its first byte.
struct Gate<'a> {
    body_hash: &'a [u8; 32],
    proof: &'a [u8; PROOF_BYTES],
    public_inputs: &'a [[u8; PUBLIC_INPUT_BYTES]; 1],
}

fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let (&[way], rest) = data.split_first_chunk().ok_or(ProgramError::InvalidInstructionData)?;
    let gate = read_gate(rest).ok_or(ProgramError::InvalidInstructionData)?;
    match way {
        BY_CPI => by_cpi(accounts, &gate),
        INLINE => inline(accounts, &gate),
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn read_gate(data: &[u8]) -> Option<Gate<'_>> {
    let (body_hash, rest) = data.split_first_chunk()?;
    let (proof, rest) = rest.split_first_chunk()?;
    let ([public_inputs], []) = rest.as_chunks() else { return None };
    Some(Gate { body_hash, proof, public_inputs: core::array::from_ref(public_inputs) })
}

/// A real escrow has the key's address in its state or as a constant; this one derives it, to serve any key.
fn key_address(body_hash: &[u8; 32]) -> Result<Address, ProgramError> {
    let pda = Pda::find(&[VERIFYING_KEY_SEED, body_hash], &VERIFIER).ok_or(ProgramError::InvalidSeeds)?;
    Ok(pda.address)
}

fn by_cpi(accounts: &mut [AccountView], gate: &Gate<'_>) -> ProgramResult {
    let [verifying_key, _verifier] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
    let expected_verifying_key = &key_address(gate.body_hash)?;
    let Gate { proof, public_inputs, .. } = gate;
    Verify { verifying_key, expected_verifying_key, proof, public_inputs }.invoke()
}

fn inline(accounts: &mut [AccountView], gate: &Gate<'_>) -> ProgramResult {
    let [verifying_key] = exactly(accounts).ok_or(ProgramError::NotEnoughAccountKeys)?;
    // The address is derived for groth16_verifier, so only that program can have written the account, and what it writes there
    // is a validated key.
    if verifying_key.address() != &key_address(gate.body_hash)? || !verifying_key.owned_by(&VERIFIER) {
        return Err(ProgramError::InvalidAccountData);
    }
    let data = verifying_key.try_borrow()?;
    let Some((&VERIFYING_KEY_TAG, body)) = data.split_first_chunk() else {
        return Err(ProgramError::InvalidAccountData);
    };
    let key = VerifyingKey::parse(body).map_err(|_| ProgramError::InvalidAccountData)?;
    verify(&key, gate.proof, gate.public_inputs).map_err(|_| ProgramError::Custom(PROOF_REFUSED))
}
