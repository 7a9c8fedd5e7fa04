//! `set_paused`: a market takes nothing new for a while.

use account_checks::{exactly, log_event};
use layout::{Flag, Tagged, bytes};
use market_interface::generated::{Market, MarketError, MarketPauseSet, SetPausedArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::accounts::{arguments, check_governor, own_mut};

/// Pauses a market or lets it go on. What it already is may be said again: whoever acts in an emergency need not look first.
///
/// Own checks, in this order: the config; the signer is its authority; the market.
#[inline(never)]
pub(crate) fn set_paused(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([authority, config, market_account]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &SetPausedArgs = arguments(args)?;
    if !authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !market_account.is_writable() {
        return Err(MarketError::AccountNotWritable.into());
    }
    check_governor(authority, config)?;
    let market_address = *market_account.address();
    let paused = Flag::new(args.paused.get());
    own_mut::<Market>(market_account, MarketError::MarketInvalid)?.paused = paused;
    log_event(bytes(&MarketPauseSet { tag: MarketPauseSet::TAG, market: market_address, paused }));
    Ok(())
}
