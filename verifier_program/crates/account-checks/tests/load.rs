//! Accounts as an instruction gets them: their number, their rights, and what they hold.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

mod common;

use account_checks::{all_sign, all_writable, exactly, load, load_mut};
use common::Account;
use layout::{Plain, Tagged, U32, bytes};
use pinocchio::{Address, account::NOT_BORROWED};
use proptest::{collection::vec, prelude::*};

#[derive(Clone, Copy)]
#[repr(C)]
struct Record {
    tag: [u8; 8],
    count: U32,
}

const SIZE: usize = 12;

// SAFETY: plain fields of alignment 1, 8 + 4 bytes without padding.
unsafe impl Plain for Record {}
const _: () = assert!(size_of::<Record>() == SIZE && align_of::<Record>() == 1);

impl Tagged for Record {
    const TAG: [u8; 8] = *b"a record";
}

const OWNER: Address = Address::new_from_array([7; 32]);

fn record(count: u32) -> Account {
    Account::new(OWNER, bytes(&Record { tag: Record::TAG, count: U32::new(count) }))
}

/// Nothing to alter, or one of so many bytes and what it is altered by.
fn alteration(bytes: usize) -> impl Strategy<Value = Option<(usize, u8)>> {
    prop_oneof![2 => Just(None), 1 => (0..bytes, 1..=u8::MAX).prop_map(Some)]
}

fn altered<const N: usize>(mut bytes: [u8; N], by: Option<(usize, u8)>) -> [u8; N] {
    if let Some((at, by)) = by {
        bytes[at] ^= by;
    }
    bytes
}

proptest! {
    #[test]
    fn an_account_is_loaded_from_its_owner_with_its_tag_and_length(
        owner: [u8; 32],
        foreign in alteration(32),
        tag in alteration(8),
        length in prop_oneof![3 => Just(SIZE), 1 => 0..2 * SIZE],
        fill in vec(any::<u8>(), 2 * SIZE),
        count: u32,
    ) {
        let mut data = fill;
        data[..8].copy_from_slice(&altered(Record::TAG, tag));
        data.truncate(length);
        let asked = Address::new_from_array(owner);
        let mut account = Account::new(Address::new_from_array(altered(owner, foreign)), &data);
        let mut view = account.view();
        let expected = (foreign.is_none() && tag.is_none() && length == SIZE).then(|| data.clone());
        prop_assert_eq!(load::<Record>(&view, &asked).map(|record| bytes(&*record).to_vec()), expected.clone());
        match (load_mut::<Record>(&mut view, &asked), expected) {
            (Some(mut record), Some(_)) => {
                record.count = U32::new(count);
                data[8..].copy_from_slice(&count.to_le_bytes());
            }
            (found, expected) => prop_assert!(found.is_none() && expected.is_none()),
        }
        prop_assert_eq!(&*view.try_borrow().unwrap(), &data);
        prop_assert_eq!(account.header().borrow_state, NOT_BORROWED, "whatever came of it, nothing is held");
    }

    #[test]
    fn exactly_so_many_accounts_are_taken_in_their_order(count in 0..7usize) {
        let mut accounts: Vec<Account> = (0..count).map(|_| record(0)).collect();
        for (number, account) in (0..).zip(&mut accounts) {
            account.header().address = Address::new_from_array([number; 32]);
        }
        let mut views: Vec<_> = accounts.iter_mut().map(Account::view).collect();
        match exactly::<3>(&mut views) {
            Some(taken) => {
                prop_assert_eq!(count, 3);
                let addresses = taken.each_ref().map(|view| view.address().to_bytes()[0]);
                prop_assert_eq!(addresses, [0, 1, 2]);
            }
            None => prop_assert_ne!(count, 3),
        }
        prop_assert_eq!(exactly::<0>(&mut views).is_some(), count == 0);
    }

    #[test]
    fn one_account_without_a_right_is_enough(signs: [bool; 3], writable: [bool; 3]) {
        let mut accounts = signs.map(|_| record(0));
        for ((account, signs), writable) in accounts.iter_mut().zip(signs).zip(writable) {
            (account.header().is_signer, account.header().is_writable) = (signs.into(), writable.into());
        }
        let views = accounts.each_mut().map(Account::view);
        prop_assert_eq!(all_sign(views.each_ref()), signs == [true; 3]);
        prop_assert_eq!(all_writable(views.each_ref()), writable == [true; 3]);
    }
}

#[test]
fn an_account_in_two_places_is_read_twice_or_written_once() {
    let mut account = record(5);
    let (first, mut second) = (account.view(), account.view());
    {
        let _read = load::<Record>(&first, &OWNER).unwrap();
        assert_eq!(load::<Record>(&second, &OWNER).unwrap().count.get(), 5);
        assert!(load_mut::<Record>(&mut second, &OWNER).is_none());
    }
    {
        load_mut::<Record>(&mut second, &OWNER).unwrap().count = U32::new(6);
        let _written = load_mut::<Record>(&mut second, &OWNER).unwrap();
        assert!(load::<Record>(&first, &OWNER).is_none());
        assert!(load_mut::<Record>(&mut first.clone(), &OWNER).is_none());
    }
    assert_eq!(load::<Record>(&first, &OWNER).unwrap().count.get(), 6);
}
