//! `revoke_terms`: an incident stops what terms admit.

use account_checks::{exactly, log_event};
use layout::{Tagged, U32, U64, bytes};
use market_interface::generated::{MarketError, REVOKED_TERMS_EXTENSION_S, Terms, TermsRevoked};
use pinocchio::{AccountView, ProgramResult};

use crate::accounts::{check_governor, now, own_mut};

/// What the first revocation adds to the time to prove.
const EXTENSION_S: u32 = REVOKED_TERMS_EXTENSION_S as u32;

/// Stops asks, bids and proofs of payment under these terms, current or not. A buyer who has paid must outlive that: the time to
/// prove of every order under them grows, for ever, since a proof that was stopped for a day may have been in its last hour.
///
/// Own checks, in this order: the config; the signer is its authority; the terms; they are not revoked.
#[inline(never)]
pub(crate) fn revoke_terms(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
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
    if terms.revoked_at_unix_s.get() != 0 {
        return Err(MarketError::TermsRevoked.into());
    }
    terms.revoked_at_unix_s = U64::new(now()?);
    terms.claim_extension_s = U32::new(EXTENSION_S);
    log_event(bytes(&TermsRevoked {
        tag: TermsRevoked::TAG,
        market: terms.market,
        version: terms.version,
        claim_extension_s: terms.claim_extension_s,
    }));
    Ok(())
}
