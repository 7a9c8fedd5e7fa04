//! `accept_authority`: the second of two steps.

use account_checks::{exactly, log_event};
use layout::{Tagged, bytes};
use market_interface::generated::{AuthorityTransferred, MarketError};
use pinocchio::{AccountView, Address, ProgramResult};

use crate::accounts::config_mut;

/// Makes the one whom the authority has named the authority. His signature shows that somebody holds the key.
///
/// Own checks, in this order: the config; the signer is the one who may accept. Zeros stand for nobody, and nobody signs for them.
#[inline(never)]
pub(crate) fn accept_authority(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([successor, config]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !successor.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !config.is_writable() {
        return Err(MarketError::AccountNotWritable.into());
    }
    let mut config = config_mut(config)?;
    if successor.address() != &config.pending_authority {
        return Err(MarketError::PendingAuthorityMismatch.into());
    }
    let former_authority = config.authority;
    config.authority = config.pending_authority;
    config.pending_authority = Address::default();
    log_event(bytes(&AuthorityTransferred {
        tag: AuthorityTransferred::TAG,
        former_authority,
        authority: config.authority,
    }));
    Ok(())
}
