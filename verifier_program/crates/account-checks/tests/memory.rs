//! What the crate does with bytes, and what it refuses where there is no runtime.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // Tests.

use account_checks::{Pda, associated_token_address, copy, entrypoint_limit, now, sha256};
use pinocchio::Address;
use proptest::{collection::vec, prelude::*};

proptest! {
    #[test]
    fn a_copy_fits_or_changes_nothing(before in vec(any::<u8>(), 0..40), source in vec(any::<u8>(), 0..40)) {
        let mut target = before.clone();
        let mut expected = before;
        let fits = source.len() <= expected.len();
        if fits {
            expected.splice(..source.len(), source.iter().copied());
        }
        prop_assert_eq!((copy(&mut target, &source).is_some(), target), (fits, expected));
    }

    #[test]
    fn a_surplus_account_is_read(accounts_max in 0..usize::MAX) {
        prop_assert!(entrypoint_limit(accounts_max) > accounts_max);
    }
}

#[test]
fn the_limit_of_accounts_has_an_end() {
    assert_eq!(
        (entrypoint_limit(0), entrypoint_limit(24), entrypoint_limit(usize::MAX)),
        (1, 25, usize::MAX)
    );
}

/// Neither a time nor an address is made up where nothing can tell it.
#[test]
fn without_a_runtime_there_is_no_clock_no_hash_and_no_derived_address() {
    let program = Address::new_from_array([7; 32]);
    assert_eq!((now(), sha256(b"seed")), (None, None));
    assert!(Pda::find(&[b"seed"], &program).is_none());
    assert_eq!(associated_token_address(&program, &program), None);
}
