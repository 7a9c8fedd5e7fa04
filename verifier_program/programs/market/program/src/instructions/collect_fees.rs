//! `collect_fees`: an ask's fees go to the treasury.

use account_checks::{all_writable, associated_token_address, exactly, log_event, token_account};
use layout::{Tagged, U64, bytes};
use market_interface::generated::{Ask, FeesCollected, MarketError};
use pinocchio::{AccountView, ProgramResult, error::ProgramError};
use quantities::BaseAtoms;

use crate::{
    accounts::{AskSigner, check_vault, config as read_config, own_mut},
    ask,
};

/// Pays the fees that an ask owes to the treasury's associated token account; anyone may call it. A pause does not stop it.
///
/// Own checks, in this order: the config; the ask; its vault; the destination is the treasury's associated token account of the
/// mint, and is there; something is owed.
#[inline(never)]
pub(crate) fn collect_fees(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([config, ask, vault, treasury_token, token_program]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !all_writable([ask, vault, treasury_token]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if token_program.address() != &pinocchio_token::ID {
        return Err(MarketError::TokenProgramMismatch.into());
    }
    let treasury = read_config(config)?.treasury;
    let ask_address = *ask.address();
    let (signer, fees) = {
        let mut ask = own_mut::<Ask>(ask, MarketError::AskInvalid)?;
        check_vault(&ask, vault)?;
        let mint = *token_account(vault).ok_or(MarketError::VaultAddressMismatch)?.mint();
        let expected = associated_token_address(&treasury, &mint).ok_or(ProgramError::InvalidSeeds)?;
        if treasury_token.address() != &expected {
            return Err(MarketError::TokenAccountAddressMismatch.into());
        }
        token_account(treasury_token).ok_or(MarketError::TokenAccountInvalid)?;
        let fees = ask::collect_fees(&mut ask);
        if fees == BaseAtoms::ZERO {
            return Err(MarketError::NoFeesOwed.into());
        }
        (AskSigner::of(&ask), fees)
    };
    signer.pay(ask, vault, treasury_token, fees)?;
    log_event(bytes(&FeesCollected {
        tag: FeesCollected::TAG,
        ask: ask_address,
        fee_atoms: U64::new(fees.0),
    }));
    Ok(())
}
