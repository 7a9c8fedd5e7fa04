//! `transfer_authority`: the first of two steps.

use account_checks::{exactly, log_event};
use layout::{Tagged, bytes};
use market_interface::generated::{AuthorityOffered, MarketError, TransferAuthorityArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::accounts::{arguments, config_mut};

/// Names who may accept the authority. Until he does, everything stays as it is, so that a mistyped key loses nothing; another
/// name, or zeros, takes the place of an earlier one.
///
/// Own checks, in this order: the config; the signer is its authority.
#[inline(never)]
pub(crate) fn transfer_authority(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([authority, config]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &TransferAuthorityArgs = arguments(args)?;
    if !authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !config.is_writable() {
        return Err(MarketError::AccountNotWritable.into());
    }
    let mut config = config_mut(config)?;
    if authority.address() != &config.authority {
        return Err(MarketError::GovernorMismatch.into());
    }
    config.pending_authority = args.pending_authority;
    log_event(bytes(&AuthorityOffered {
        tag: AuthorityOffered::TAG,
        authority: config.authority,
        pending_authority: config.pending_authority,
    }));
    Ok(())
}
