//! Accounts in memory, as the runtime hands them to a program.
#![allow(clippy::arithmetic_side_effects)] // Tests.

use pinocchio::{
    AccountView, Address,
    account::{NOT_BORROWED, RuntimeAccount},
};

/// One account: its header, and behind it its data.
pub struct Account(Vec<u64>);

impl Account {
    pub fn new(owner: Address, data: &[u8]) -> Self {
        let words = size_of::<RuntimeAccount>() / size_of::<u64>() + data.len().div_ceil(size_of::<u64>());
        let mut memory = vec![0u64; words];
        let header = memory.as_mut_ptr().cast::<RuntimeAccount>();
        let (borrow_state, data_len) = (NOT_BORROWED, data.len() as u64);
        // SAFETY: the memory is aligned to 8 as a header is, and has room for one and for the data.
        unsafe {
            header.write(RuntimeAccount { borrow_state, owner, data_len, ..RuntimeAccount::default() });
            header.add(1).cast::<u8>().copy_from_nonoverlapping(data.as_ptr(), data.len());
        }
        Self(memory)
    }

    /// The header, to change while no view is in use.
    #[allow(dead_code, reason = "not every file of tests needs it")]
    pub fn header(&mut self) -> &mut RuntimeAccount {
        // SAFETY: a header begins the memory.
        unsafe { &mut *self.0.as_mut_ptr().cast() }
    }

    /// The account as a program sees it. It may be asked for more than once: an account can be passed in two places.
    pub fn view(&mut self) -> AccountView {
        // SAFETY: a header begins the memory, and the data follows; whoever holds the view holds `self` too.
        unsafe { AccountView::new_unchecked(self.0.as_mut_ptr().cast()) }
    }
}
