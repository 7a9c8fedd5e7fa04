//! Accounts as an instruction gets them: how many, who signs, what is writable, what they hold.

use layout::Tagged;
use pinocchio::{
    AccountView, Address,
    account::{Ref, RefMut},
};

/// Takes exactly `N` accounts.
#[inline(always)]
pub fn exactly<const N: usize>(accounts: &mut [AccountView]) -> Option<&mut [AccountView; N]> {
    accounts.try_into().ok()
}

/// Whether every one of these signed the transaction.
#[inline(always)]
pub fn all_sign<const N: usize>(accounts: [&AccountView; N]) -> bool {
    accounts.into_iter().all(AccountView::is_signer)
}

/// Whether every one of these was passed as writable.
#[inline(always)]
pub fn all_writable<const N: usize>(accounts: [&AccountView; N]) -> bool {
    accounts.into_iter().all(AccountView::is_writable)
}

/// The data of `account` as a `T`. None unless the program `owner` owns it and length and tag are a `T`'s.
///
/// None too while the same account, passed in two places, is being written to.
#[inline(always)]
pub fn load<'a, T: Tagged>(account: &'a AccountView, owner: &Address) -> Option<Ref<'a, T>> {
    if !account.owned_by(owner) {
        return None;
    }
    Ref::filter_map(account.try_borrow().ok()?, layout::account).ok()
}

/// The data of `account` as a `T` to write to. None as for [`load`], and while it is being read.
///
/// The runtime lets a program change its own accounts only, and only those passed as writable.
#[inline(always)]
pub fn load_mut<'a, T: Tagged>(account: &'a mut AccountView, owner: &Address) -> Option<RefMut<'a, T>> {
    if !account.owned_by(owner) {
        return None;
    }
    RefMut::filter_map(account.try_borrow_mut().ok()?, layout::account_mut).ok()
}
