//! Closing: every lamport moves, and what is left is nobody's.

mod common;

use account_checks::close_to;
use common::Account;
use pinocchio::{Address, error::ProgramError};
use proptest::{collection::vec, prelude::*};

const OWNER: Address = Address::new_from_array([7; 32]);
const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

fn holding(lamports: u64, data: &[u8]) -> Account {
    let mut account = Account::new(OWNER, data);
    account.header().lamports = lamports;
    account
}

/// Lamports, and often so many that two amounts together pass 64 bits.
fn lamports() -> impl Strategy<Value = u64> {
    prop_oneof![0..1000u64, any::<u64>(), u64::MAX - 1000..=u64::MAX]
}

proptest! {
    #[test]
    fn closing_moves_every_lamport_and_leaves_nothing(
        held in lamports(), before in lamports(), data in vec(any::<u8>(), 0..100)
    ) {
        let (mut closed, mut recipient) = (holding(held, &data), holding(before, &data));
        let result = close_to(&mut closed.view(), &mut recipient.view());
        let (closed, recipient) = (closed.header(), recipient.header());
        prop_assert_eq!((&recipient.owner, recipient.data_len), (&OWNER, data.len() as u64));
        if let Some(total) = held.checked_add(before) {
            prop_assert_eq!((result, recipient.lamports), (Ok(()), total));
            prop_assert_eq!((closed.lamports, closed.data_len, &closed.owner), (0, 0, &SYSTEM_PROGRAM));
        } else {
            prop_assert_eq!(result, Err(ProgramError::ArithmeticOverflow));
            prop_assert_eq!((closed.lamports, recipient.lamports), (held, before));
            prop_assert_eq!((closed.data_len, &closed.owner), (data.len() as u64, &OWNER));
        }
    }
}

#[test]
fn an_account_in_use_is_not_closed() {
    let (mut closed, mut recipient) = (holding(5, &[1, 2, 3]), holding(6, &[]));
    let mut view = closed.view();
    let in_use = view;
    let _data = in_use.try_borrow();
    assert_eq!(close_to(&mut view, &mut recipient.view()), Err(ProgramError::AccountBorrowFailed));
    assert_eq!((view.data_len(), view.owner()), (3, &OWNER));
}
