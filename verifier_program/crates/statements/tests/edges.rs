//! What is refused, at its edge.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // Tests.

use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use proptest::prelude::*;
use statements::{
    EMPTY_LEAF, FieldBytes, PaymentStatement, SolvencyStatement, attestor_leaf, attestor_root, bitmap_is,
    domain, is_canonical, poseidon, split, word,
};

const TIME_MAX: u64 = (1 << 40) - 1;

fn bytes(number: BigInt<4>) -> FieldBytes {
    number.to_bytes_be().try_into().unwrap()
}

fn r() -> FieldBytes {
    bytes(Fr::MODULUS)
}

fn r_minus_1() -> FieldBytes {
    let mut number = Fr::MODULUS;
    number.sub_with_borrow(&BigInt::from(1u64));
    bytes(number)
}

fn solvency() -> SolvencyStatement<'static> {
    SolvencyStatement {
        domain: &[1; 32],
        buyer: &[0xFF; 32],
        covered_minor_units: u64::MAX,
        seq: u64::MAX,
        issued_min_unix_s: TIME_MAX,
        bitmap: u8::MAX,
        root: &[2; 32],
        line_id: &[3; 32],
    }
}

fn payment() -> PaymentStatement<'static> {
    PaymentStatement {
        domain: &[1; 32],
        order_id: u64::MAX,
        paid_floor_minor_units: u64::MAX,
        not_before_unix_s: TIME_MAX,
        not_after_unix_s: TIME_MAX,
        bitmap: u8::MAX,
        payee_commit: &[2; 32],
        root: &[3; 32],
        line_id: &[4; 32],
        nf: &[5; 32],
    }
}

#[test]
fn canonical_has_its_edge_at_r() {
    assert!(is_canonical(&[0; 32]));
    assert!(is_canonical(&r_minus_1()));
    assert!(!is_canonical(&r()));
    assert!(!is_canonical(&[0xFF; 32]));
    for byte in 0..32 {
        let mut above = r();
        above[byte] = above[byte].saturating_add(1);
        assert!(!is_canonical(&above), "byte {byte} larger");
        let mut below = r();
        below[byte] = below[byte].saturating_sub(1);
        assert_eq!(is_canonical(&below), r()[byte] > 0, "byte {byte} smaller");
    }
}

#[test]
fn poseidon_refuses_a_word_of_r_at_every_place() {
    let (good, bad) = (r_minus_1(), r());
    assert!(poseidon([&good, &good, &good]).is_some());
    assert_eq!(poseidon([&bad, &good, &good]), None);
    assert_eq!(poseidon([&good, &bad, &good]), None);
    assert_eq!(poseidon([&good, &good, &bad]), None);
}

#[test]
fn field_elements_from_outside_are_refused_at_r() {
    let (good, bad, key) = (r_minus_1(), r(), [0xFF; 32]);
    assert!(domain(3, &good, &good, &key).is_some());
    assert_eq!(domain(3, &bad, &good, &key), None);
    assert_eq!(domain(3, &good, &bad, &key), None);
    assert!(attestor_leaf(&good, &good).is_some());
    assert_eq!(attestor_leaf(&bad, &good), None);
    assert_eq!(attestor_leaf(&good, &bad), None);
    let mut leaves = [EMPTY_LEAF; 8];
    leaves[3] = bad;
    assert_eq!(attestor_root(&mut leaves.clone(), 2), None);
    assert!(attestor_root(&mut leaves, 1).is_some(), "a leaf outside the tree is not read");
}

#[test]
fn statements_refuse_a_field_element_of_r() {
    let bad = &r();
    assert!(solvency().stmt().is_some());
    for statement in [
        SolvencyStatement { domain: bad, ..solvency() },
        SolvencyStatement { root: bad, ..solvency() },
        SolvencyStatement { line_id: bad, ..solvency() },
    ] {
        assert_eq!(statement.stmt(), None);
    }
    assert!(payment().stmt().is_some());
    for statement in [
        PaymentStatement { domain: bad, ..payment() },
        PaymentStatement { payee_commit: bad, ..payment() },
        PaymentStatement { root: bad, ..payment() },
        PaymentStatement { line_id: bad, ..payment() },
        PaymentStatement { nf: bad, ..payment() },
    ] {
        assert_eq!(statement.stmt(), None);
    }
}

#[test]
fn times_have_40_bits() {
    assert_eq!(SolvencyStatement { issued_min_unix_s: TIME_MAX + 1, ..solvency() }.stmt(), None);
    assert_eq!(PaymentStatement { not_before_unix_s: TIME_MAX + 1, ..payment() }.stmt(), None);
    assert_eq!(PaymentStatement { not_after_unix_s: TIME_MAX + 1, ..payment() }.stmt(), None);
}

#[test]
fn every_public_value_of_the_solvency_statement_counts() {
    let honest = solvency().stmt();
    for altered in [
        SolvencyStatement { domain: &[9; 32], ..solvency() },
        SolvencyStatement { buyer: &changed(0), ..solvency() },
        SolvencyStatement { buyer: &changed(31), ..solvency() },
        SolvencyStatement { covered_minor_units: u64::MAX - 1, ..solvency() },
        SolvencyStatement { seq: u64::MAX - 1, ..solvency() },
        SolvencyStatement { issued_min_unix_s: TIME_MAX - 1, ..solvency() },
        SolvencyStatement { bitmap: 0xFE, ..solvency() },
        SolvencyStatement { root: &[9; 32], ..solvency() },
        SolvencyStatement { line_id: &[9; 32], ..solvency() },
    ] {
        assert!(altered.stmt().is_some() && altered.stmt() != honest);
    }
}

#[test]
fn every_public_value_of_the_payment_statement_counts() {
    let honest = payment().stmt();
    for altered in [
        PaymentStatement { domain: &[9; 32], ..payment() },
        PaymentStatement { order_id: u64::MAX - 1, ..payment() },
        PaymentStatement { paid_floor_minor_units: u64::MAX - 1, ..payment() },
        PaymentStatement { not_before_unix_s: TIME_MAX - 1, ..payment() },
        PaymentStatement { not_after_unix_s: TIME_MAX - 1, ..payment() },
        PaymentStatement { bitmap: 0xFE, ..payment() },
        PaymentStatement { payee_commit: &[9; 32], ..payment() },
        PaymentStatement { root: &[9; 32], ..payment() },
        PaymentStatement { line_id: &[9; 32], ..payment() },
        PaymentStatement { nf: &[9; 32], ..payment() },
    ] {
        assert!(altered.stmt().is_some() && altered.stmt() != honest);
    }
}

fn changed(at: usize) -> [u8; 32] {
    let mut key = [0xFF; 32];
    key[at] ^= 1;
    key
}

#[test]
fn bitmap_by_exhaustion() {
    for bitmap in 0..=u8::MAX {
        for n in 0..=9u8 {
            for k in 0..=9u8 {
                let signers = (0..8).filter(|index| bitmap >> index & 1 == 1);
                let expected =
                    signers.clone().count() == usize::from(k) && signers.clone().all(|index| index < n);
                assert_eq!(bitmap_is(bitmap, k, n), expected, "{bitmap:#b}, k = {k}, n = {n}");
            }
        }
    }
}

proptest! {
    #[test]
    fn canonical_is_less_than_r(limbs in any::<[u64; 4]>(), high in 0..=0x30644e72e131a029u64) {
        for limbs in [limbs, [limbs[0], limbs[1], limbs[2], high]] {
            let number = BigInt::new(limbs);
            prop_assert_eq!(is_canonical(&bytes(number)), number < Fr::MODULUS);
        }
    }

    #[test]
    fn a_key_splits_into_its_halves(key in any::<[u8; 32]>()) {
        let (high, low) = split(&key);
        prop_assert_eq!(high[..16].to_vec(), vec![0; 16]);
        prop_assert_eq!(low[..16].to_vec(), vec![0; 16]);
        prop_assert_eq!([&high[16..], &low[16..]].concat(), key.to_vec());
    }

    #[test]
    fn a_word_is_its_number(number: u64) {
        prop_assert_eq!(word(number).to_vec(), [vec![0; 24], number.to_be_bytes().to_vec()].concat());
    }
}
