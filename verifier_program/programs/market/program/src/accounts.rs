//! What several instructions do with accounts and arguments, each refusal with an error of its own.

use account_checks::{create, load, load_mut};
use layout::{Plain, Tagged, U32, U64, new_account, view};
use market_interface::{
    ID,
    generated::{ASK_SEED, Ask, CONFIG_ADDRESS, Config, Market, MarketError, Terms},
};
use pinocchio::{
    AccountView, Address, ProgramResult,
    account::{Ref, RefMut},
    cpi::{Seed, Signer},
    error::ProgramError,
};
use pinocchio_token::instructions::Transfer;
use quantities::BaseAtoms;

/// An account of this program as a `T`; `error` unless owner, length and tag are right.
///
/// This program creates accounts only at their derived addresses: one that it owns and that has a `T`'s tag is a true `T`.
#[inline(always)]
pub(crate) fn own<T: Tagged>(account: &AccountView, error: MarketError) -> Result<Ref<'_, T>, ProgramError> {
    load(account, &ID).ok_or(error.into())
}

/// An account of this program as a `T` to change; `error` as for [`own`].
#[inline(always)]
pub(crate) fn own_mut<T: Tagged>(
    account: &mut AccountView,
    error: MarketError,
) -> Result<RefMut<'_, T>, ProgramError> {
    load_mut(account, &ID).ok_or(error.into())
}

/// The config.
#[inline(always)]
pub(crate) fn config(account: &AccountView) -> Result<Ref<'_, Config>, ProgramError> {
    if account.address() != &CONFIG_ADDRESS {
        return Err(MarketError::ConfigAddressMismatch.into());
    }
    own(account, MarketError::ConfigNotInitialized)
}

/// The config, to change.
#[inline(always)]
pub(crate) fn config_mut(account: &mut AccountView) -> Result<RefMut<'_, Config>, ProgramError> {
    if account.address() != &CONFIG_ADDRESS {
        return Err(MarketError::ConfigAddressMismatch.into());
    }
    own_mut(account, MarketError::ConfigNotInitialized)
}

/// Checks that the account in the config's place is the config, and that it names `signer` as the authority.
#[inline(always)]
pub(crate) fn check_governor(signer: &AccountView, config_account: &AccountView) -> ProgramResult {
    if signer.address() != &config(config_account)?.authority {
        return Err(MarketError::GovernorMismatch.into());
    }
    Ok(())
}

/// Creates an account of this program that holds `value`; `seeds`, the bump included, are those of its address.
#[inline(always)]
pub(crate) fn create_own<T: Tagged>(
    account: &mut AccountView,
    payer: &AccountView,
    seeds: &[Seed],
    value: &T,
) -> ProgramResult {
    create(account, size_of::<T>(), &ID, payer, seeds)?;
    new_account(&mut account.try_borrow_mut()?, value).ok_or(ProgramError::AccountDataTooSmall)
}

/// The arguments of an instruction, read in place.
#[inline(always)]
pub(crate) fn arguments<T: Plain>(data: &[u8]) -> Result<&T, MarketError> {
    view(data).ok_or(MarketError::InstructionDataLengthMismatch)
}

/// The cluster's clock.
#[inline(always)]
pub(crate) fn now() -> Result<u64, MarketError> {
    account_checks::now().ok_or(MarketError::ClockOutOfRange)
}

/// Checks that something may be listed: the market is not paused; the terms are the ones that the seller names, the current ones;
/// they are not revoked.
#[inline(always)]
pub(crate) fn check_current_terms(
    market: &Market,
    terms: &Terms,
    named_version: U32,
) -> Result<(), MarketError> {
    if market.paused.get() {
        return Err(MarketError::MarketPaused);
    }
    if named_version != market.terms_version || terms.version != market.terms_version {
        return Err(MarketError::TermsVersionMismatch);
    }
    if terms.revoked_at_unix_s.get() != 0 {
        return Err(MarketError::TermsRevoked);
    }
    Ok(())
}

/// Checks that the account is the vault of this ask, and that it is not closed.
#[inline(always)]
pub(crate) fn check_vault(ask: &Ask, vault: &AccountView) -> Result<(), MarketError> {
    if ask.vault == Address::default() {
        return Err(MarketError::VaultClosed);
    }
    if vault.address() != &ask.vault {
        return Err(MarketError::VaultAddressMismatch);
    }
    Ok(())
}

/// An ask's signature for its vault, kept apart from its data, which no one may be reading during a call.
pub(crate) struct AskSigner {
    market: Address,
    seller: Address,
    client_nonce: U64,
    bump: [u8; 1],
}

impl AskSigner {
    #[inline(always)]
    pub(crate) fn of(ask: &Ask) -> Self {
        Self { market: ask.market, seller: ask.seller, client_nonce: ask.client_nonce, bump: [ask.bump] }
    }

    /// Runs `call` with the seeds of the ask's address.
    #[inline(always)]
    pub(crate) fn sign(&self, call: impl FnOnce(&[Signer]) -> ProgramResult) -> ProgramResult {
        let seeds = [
            Seed::from(ASK_SEED),
            Seed::from(self.market.as_ref()),
            Seed::from(self.seller.as_ref()),
            Seed::from(self.client_nonce.as_bytes()),
            Seed::from(&self.bump),
        ];
        call(&[Signer::from(&seeds)])
    }

    /// Pays `amount` out of the vault.
    #[inline(always)]
    pub(crate) fn pay(
        &self,
        ask: &AccountView,
        vault: &AccountView,
        destination: &AccountView,
        amount: BaseAtoms,
    ) -> ProgramResult {
        self.sign(|signers| Transfer::new(vault, destination, ask, amount.0).invoke_signed(signers))
    }
}
