//! Accounts of the classic SPL Token program. Token-2022 accounts belong to another program and are none of these.

use pinocchio::{AccountView, Address, account::Ref};
use pinocchio_token::{
    ID,
    state::{Account, Mint},
};

use crate::Pda;

const ASSOCIATED_TOKEN_PROGRAM: Address =
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// The account as a token account. None unless the token program owns it and has initialized it.
#[inline(always)]
#[must_use]
pub fn token_account(account: &AccountView) -> Option<Ref<'_, Account>> {
    Account::from_account_view(account).ok().filter(|token| token.is_initialized())
}

/// The account as a mint. None unless the token program owns it and has initialized it.
#[inline(always)]
#[must_use]
pub fn mint(account: &AccountView) -> Option<Ref<'_, Mint>> {
    Mint::from_account_view(account).ok().filter(|mint| mint.is_initialized())
}

/// The address of `owner`'s associated token account of a mint. None, in practice never, when no bump gives one.
#[must_use]
pub fn associated_token_address(owner: &Address, mint: &Address) -> Option<Address> {
    let seeds = [owner.as_ref(), ID.as_ref(), mint.as_ref()];
    Pda::find(&seeds, &ASSOCIATED_TOKEN_PROGRAM).map(|pda| pda.address)
}
