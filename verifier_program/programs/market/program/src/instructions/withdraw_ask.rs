//! `withdraw_ask`: what was returned goes to the seller.

use account_checks::{all_writable, exactly, log_event, token_account};
use layout::{Flag, Tagged, U64, bytes};
use market_interface::generated::{Ask, AskWithdrawn, MarketError};
use pinocchio::{AccountView, Address, ProgramResult};
use pinocchio_token::instructions::CloseAccount;
use quantities::BaseAtoms;

use crate::{
    accounts::{AskSigner, check_vault, own_mut},
    ask::{is_over, withdraw},
};

/// Pays what was returned. When nothing is listed, locked or owed any more, pays whatever else lies in the vault too (anyone can
/// send tokens there) and closes it; the seller gets its rent. A pause does not stop it.
///
/// Own checks, in this order: the ask; the signer is its seller; its vault; the destination is a token account of the same mint,
/// and the seller's; there is something to pay or to close.
#[inline(never)]
pub(crate) fn withdraw_ask(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([seller, ask, vault, destination, token_program]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !seller.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([seller, ask, vault, destination]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if token_program.address() != &pinocchio_token::ID {
        return Err(MarketError::TokenProgramMismatch.into());
    }
    let ask_address = *ask.address();
    let (signer, withdrawn, payment, closes) = {
        let mut ask = own_mut::<Ask>(ask, MarketError::AskInvalid)?;
        if seller.address() != &ask.seller {
            return Err(MarketError::AskSellerMismatch.into());
        }
        check_vault(&ask, vault)?;
        let held = check_destination(vault, destination, seller.address())?;
        let closes = is_over(&ask);
        let withdrawn = withdraw(&mut ask).ok_or(MarketError::ArithmeticOverflow)?;
        if withdrawn == BaseAtoms::ZERO && !closes {
            return Err(MarketError::NothingToWithdraw.into());
        }
        if closes {
            ask.vault = Address::default();
        }
        held.checked_sub(withdrawn).ok_or(MarketError::ArithmeticOverflow)?;
        (AskSigner::of(&ask), withdrawn, if closes { held } else { withdrawn }, closes)
    };
    if payment != BaseAtoms::ZERO {
        signer.pay(ask, vault, destination, payment)?;
    }
    if closes {
        signer.sign(|signers| CloseAccount::new(vault, seller, ask).invoke_signed(signers))?;
    }
    log_event(bytes(&AskWithdrawn {
        tag: AskWithdrawn::TAG,
        ask: ask_address,
        withdrawn_atoms: U64::new(withdrawn.0),
        vault_closed: Flag::new(closes),
    }));
    Ok(())
}

/// Checks the account that the tokens go to; returns what the vault holds.
#[inline(always)]
fn check_destination(
    vault: &AccountView,
    destination: &AccountView,
    seller: &Address,
) -> Result<BaseAtoms, MarketError> {
    let vault = token_account(vault).ok_or(MarketError::VaultAddressMismatch)?;
    let destination = token_account(destination).ok_or(MarketError::TokenAccountInvalid)?;
    if destination.mint() != vault.mint() {
        return Err(MarketError::TokenAccountMintMismatch);
    }
    if destination.owner() != seller {
        return Err(MarketError::TokenAccountOwnerMismatch);
    }
    Ok(BaseAtoms(vault.amount()))
}
