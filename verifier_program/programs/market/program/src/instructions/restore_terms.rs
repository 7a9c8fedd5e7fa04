//! `restore_terms`: the incident is over.

use account_checks::{exactly, log_event};
use layout::{Tagged, U64, bytes};
use market_interface::generated::{MarketError, Terms, TermsRestored};
use pinocchio::{AccountView, ProgramResult};

use crate::accounts::{check_governor, own_mut};

/// Lifts a revocation. The time that it added to the orders stays: it was promised.
///
/// Own checks, in this order: the config; the signer is its authority; the terms; they are revoked.
#[inline(never)]
pub(crate) fn restore_terms(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([authority, config, terms]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !terms.is_writable() {
        return Err(MarketError::AccountNotWritable.into());
    }
    check_governor(authority, config)?;
    let mut terms = own_mut::<Terms>(terms, MarketError::TermsInvalid)?;
    if terms.revoked_at_unix_s.get() == 0 {
        return Err(MarketError::TermsNotRevoked.into());
    }
    terms.revoked_at_unix_s = U64::new(0);
    log_event(bytes(&TermsRestored {
        tag: TermsRestored::TAG,
        market: terms.market,
        version: terms.version,
    }));
    Ok(())
}
