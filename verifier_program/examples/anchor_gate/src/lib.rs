//! A gate that opens for whoever knows the factors of 3,233, written with Anchor: once by CPI to groth16_verifier, once inline by
//! the crate `groth16-verify`. The circuit, its tests and a client are those that `anomi new` writes.
// Anchor's own macros use what is deprecated.
#![allow(deprecated)]

use anchor_lang::{
    prelude::*,
    solana_program::{
        instruction::{AccountMeta, Instruction},
        program::invoke,
    },
};
use groth16_verifier_interface::{
    ID as VERIFIER, PROOF_BYTES, PUBLIC_INPUT_BYTES,
    generated::{VERIFY_DISCRIMINATOR, VERIFYING_KEY_TAG},
};
use groth16_verify::{VerifyingKey, verify};

declare_id!("GateAnchor111111111111111111111111111111111");

/// groth16_verifier's program id.
const VERIFIER_ID: Pubkey = Pubkey::new_from_array(*VERIFIER.as_array());

/// Where groth16_verifier keeps the circuit's key: the address is derived from the hash of the key, so to pin it is to pin the circuit
/// and its set-up. `python client/gate.py pin` in a project of `anomi new` prints yours; this one belongs to no key.
const KEY: Pubkey = Pubkey::new_from_array([7; 32]);

/// The number whose factors open the gate.
const N: u32 = 3_233;

#[program]
pub mod anchor_gate {
    use super::*;

    /// Verifies by calling groth16_verifier. A refusal ends the transaction with the verifier's own error.
    pub fn open_by_cpi(context: Context<OpenByCpi>, proof: [u8; PROOF_BYTES]) -> Result<()> {
        let public_inputs = statement(context.accounts.claimant.key);
        let mut data = Vec::with_capacity(
            VERIFY_DISCRIMINATOR.len()
                + PROOF_BYTES
                + size_of::<u32>()
                + public_inputs.len() * PUBLIC_INPUT_BYTES,
        );
        data.extend_from_slice(&VERIFY_DISCRIMINATOR);
        data.extend_from_slice(&proof);
        data.extend_from_slice(&(public_inputs.len() as u32).to_le_bytes());
        data.extend_from_slice(public_inputs.as_flattened());
        let accounts = vec![AccountMeta::new_readonly(KEY, false)];
        invoke(
            &Instruction { program_id: VERIFIER_ID, accounts, data },
            &[context.accounts.verifying_key.to_account_info()],
        )?;
        // The gate is open: what this program guards happens here.
        Ok(())
    }

    /// Verifies in this program, by its own code.
    pub fn open_inline(context: Context<OpenInline>, proof: [u8; PROOF_BYTES]) -> Result<()> {
        let data = context.accounts.verifying_key.try_borrow_data()?;
        let Some((&VERIFYING_KEY_TAG, body)) = data.split_first_chunk() else {
            return err!(GateError::NoVerifyingKey);
        };
        let key = VerifyingKey::parse(body).map_err(|_| GateError::NoVerifyingKey)?;
        let public_inputs = statement(context.accounts.claimant.key);
        verify(&key, &proof, &public_inputs).map_err(|_| GateError::ProofRefused)?;
        // The gate is open: what this program guards happens here.
        Ok(())
    }
}

/// The accounts of the way by CPI.
#[derive(Accounts)]
pub struct OpenByCpi<'info> {
    /// Whom the proof serves: its public inputs name him.
    pub claimant: Signer<'info>,
    /// CHECK: the address is pinned, and groth16_verifier looks at the rest.
    #[account(address = KEY)]
    pub verifying_key: UncheckedAccount<'info>,
    /// CHECK: the address is pinned.
    #[account(address = VERIFIER_ID)]
    pub verifier: UncheckedAccount<'info>,
}

/// The accounts of the inline way.
#[derive(Accounts)]
pub struct OpenInline<'info> {
    /// Whom the proof serves: its public inputs name him.
    pub claimant: Signer<'info>,
    /// CHECK: the address is pinned and derived for groth16_verifier, which owns it: what it writes there is a validated key.
    #[account(address = KEY, owner = VERIFIER_ID)]
    pub verifying_key: UncheckedAccount<'info>,
}

/// What the inline way refuses.
#[error_code]
pub enum GateError {
    /// The account holds no verifying key.
    #[msg("the account holds no verifying key")]
    NoVerifyingKey,
    /// The proof does not prove the statement.
    #[msg("the proof does not prove the statement")]
    ProofRefused,
}

/// The public inputs, put together from what this program knows: never taken from the caller.
fn statement(claimant: &Pubkey) -> [[u8; PUBLIC_INPUT_BYTES]; 3] {
    // 32 bytes do not fit a field element, so the wallet's key takes two.
    let (hi, lo) = claimant.as_array().split_at(16);
    [word(&N.to_be_bytes()), word(hi), word(lo)]
}

/// A public input: 32 bytes, big-endian.
fn word(bytes: &[u8]) -> [u8; PUBLIC_INPUT_BYTES] {
    let mut word = [0; PUBLIC_INPUT_BYTES];
    word[PUBLIC_INPUT_BYTES - bytes.len()..].copy_from_slice(bytes);
    word
}
