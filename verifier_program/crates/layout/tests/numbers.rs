//! Numbers are their bytes, the lowest first.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use layout::{Flag, Plain, U16, U32, U64, bytes, view};
use proptest::prelude::*;

/// The digits of a number to the base 256, the lowest first.
fn digits(number: u64, count: u32) -> Vec<u8> {
    (0..count).map(|place| (number / 256u64.pow(place) % 256) as u8).collect()
}

/// The value of these bytes at an address that is no multiple of 2.
fn read<T: Plain>(digits: &[u8]) -> T {
    let mut memory = vec![0xA5; digits.len() + 2];
    let odd = 1 - memory.as_ptr().addr() % 2;
    let place = memory.get_mut(odd..odd + digits.len()).unwrap();
    place.copy_from_slice(digits);
    *view(place).unwrap()
}

proptest! {
    #[test]
    fn a_u16_is_its_digits(number: u16) {
        let (stored, digits) = (U16::new(number), digits(number.into(), 2));
        prop_assert_eq!((bytes(&stored), stored.as_bytes().as_slice()), (&*digits, &*digits));
        prop_assert_eq!((stored.get(), read::<U16>(&digits)), (number, stored));
    }

    #[test]
    fn a_u32_is_its_digits(number: u32) {
        let (stored, digits) = (U32::new(number), digits(number.into(), 4));
        prop_assert_eq!((bytes(&stored), stored.as_bytes().as_slice()), (&*digits, &*digits));
        prop_assert_eq!((stored.get(), read::<U32>(&digits)), (number, stored));
    }

    #[test]
    fn a_u64_is_its_digits(number: u64) {
        let (stored, digits) = (U64::new(number), digits(number, 8));
        prop_assert_eq!((bytes(&stored), stored.as_bytes().as_slice()), (&*digits, &*digits));
        prop_assert_eq!((stored.get(), read::<U64>(&digits)), (number, stored));
    }
}

#[test]
fn a_flag_is_one_byte_and_any_but_zero_is_yes() {
    assert_eq!((bytes(&Flag::new(false)), bytes(&Flag::new(true))), (&[0][..], &[1][..]));
    for byte in 0..=u8::MAX {
        assert_eq!(read::<Flag>(&[byte]).get(), byte != 0, "{byte}");
    }
}

#[test]
fn the_default_is_zero_and_no() {
    assert_eq!((U16::default().get(), U32::default().get(), U64::default().get()), (0, 0, 0));
    assert!(!Flag::default().get());
}

#[test]
fn every_address_is_aligned_for_a_number() {
    assert_eq!((align_of::<U16>(), align_of::<U32>(), align_of::<U64>(), align_of::<Flag>()), (1, 1, 1, 1));
    assert_eq!((size_of::<U16>(), size_of::<U32>(), size_of::<U64>(), size_of::<Flag>()), (2, 4, 8, 1));
}
