//! Token accounts and mints beside the layout of the SPL Token program.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

mod common;

use account_checks::{mint, token_account};
use common::Account;
use pinocchio::Address;
use proptest::{collection::vec, prelude::*};

const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

/// Of a token account: mint, owner, amount (8 bytes), a delegate, then the state at 108: 0 uninitialized, 1 in use, 2 frozen.
const TOKEN_ACCOUNT_BYTES: usize = 165;
const STATE_AT: usize = 108;

/// Of a mint: an authority, supply (8 bytes) at 36, decimals at 44, whether it is initialized at 45.
const MINT_BYTES: usize = 82;
const INITIALIZED_AT: usize = 45;

fn owners() -> impl Strategy<Value = Address> {
    prop_oneof![
        4 => Just(TOKEN),
        1 => Just(TOKEN_2022),
        1 => any::<[u8; 32]>().prop_map(Address::new_from_array),
    ]
}

/// Data of the right length mostly, with a small number at one place.
fn data(bytes: usize, at: usize, small: std::ops::Range<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![
        6 => Just(bytes),
        1 => bytes - 1..=bytes + 1,
        1 => prop_oneof![Just(MINT_BYTES), Just(TOKEN_ACCOUNT_BYTES)],
    ];
    (length, vec(any::<u8>(), TOKEN_ACCOUNT_BYTES + 1), small).prop_map(move |(length, mut data, small)| {
        data[at] = small;
        data.truncate(length);
        data
    })
}

fn number(data: &[u8]) -> u64 {
    u64::from_le_bytes(data.try_into().unwrap())
}

proptest! {
    #[test]
    fn a_token_account_is_the_token_programs_and_initialized(
        owner in owners(), data in data(TOKEN_ACCOUNT_BYTES, STATE_AT, 0..3)
    ) {
        let taken = owner == TOKEN && data.len() == TOKEN_ACCOUNT_BYTES && data[STATE_AT] != 0;
        let mut account = Account::new(owner, &data);
        let view = account.view();
        match token_account(&view) {
            Some(found) => {
                prop_assert!(taken);
                prop_assert_eq!((found.mint().as_ref(), found.owner().as_ref()), (&data[..32], &data[32..64]));
                prop_assert_eq!(found.amount(), number(&data[64..72]));
            }
            None => prop_assert!(!taken),
        }
        prop_assert!(!view.is_borrowed());
    }

    #[test]
    fn a_mint_is_the_token_programs_and_initialized(
        owner in owners(), data in data(MINT_BYTES, INITIALIZED_AT, 0..3)
    ) {
        let taken = owner == TOKEN && data.len() == MINT_BYTES && data[INITIALIZED_AT] == 1;
        let mut account = Account::new(owner, &data);
        let view = account.view();
        match mint(&view) {
            Some(found) => {
                prop_assert!(taken);
                prop_assert_eq!((found.supply(), found.decimals()), (number(&data[36..44]), data[44]));
            }
            None => prop_assert!(!taken),
        }
        prop_assert!(!view.is_borrowed());
    }
}
