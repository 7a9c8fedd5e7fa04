//! The words of each hash, written once more: numbers of the field added up and multiplied, not bytes put in their places.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use ark_bn254::Fr;
use ark_ff::{BigInteger, Field, PrimeField};
use proptest::prelude::*;
use statements::{
    ATTESTOR_DEPTH_MAX, ATTESTOR_LEAVES_MAX, FieldBytes, PaymentStatement, SolvencyStatement, attestor_leaf,
    attestor_root, deployment, domain, generated, is_canonical, poseidon, rail, split, word,
};

const TIME_BITS: u32 = 40;

fn bytes(number: Fr) -> FieldBytes {
    number.into_bigint().to_bytes_be().try_into().unwrap()
}

/// `number · 2^shift`.
fn shifted(number: u64, shift: u64) -> Fr {
    Fr::from(number) * Fr::from(2u64).pow([shift])
}

/// The two halves of a key as numbers.
fn halves(key: &[u8; 32]) -> [FieldBytes; 2] {
    let half =
        |bytes: &[u8]| Fr::from(bytes.iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte)));
    [bytes(half(&key[..16])), bytes(half(&key[16..]))]
}

/// The order of the field, with one of its four words a little more or less.
fn near_r() -> impl Strategy<Value = FieldBytes> {
    (0..4usize, 0..5u64).prop_map(|(at, more)| {
        let mut number = Fr::MODULUS;
        number.0[at] = number.0[at].wrapping_add(more).wrapping_sub(2);
        number.to_bytes_be().try_into().unwrap()
    })
}

/// A field element as it may come from outside: a small one, any less than r, or what mostly is none.
fn element() -> impl Strategy<Value = FieldBytes> {
    let below = any::<[u8; 32]>().prop_map(|bytes_of| bytes(Fr::from_be_bytes_mod_order(&bytes_of)));
    prop_oneof![1 => any::<u64>().prop_map(word), 12 => below, 1 => any::<[u8; 32]>(), 1 => near_r()]
}

/// A time: of 40 bits mostly, at its edge, or of any number of bits.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0..1u64 << TIME_BITS, 1 => (1u64 << TIME_BITS) - 2..(1 << TIME_BITS) + 2, 1 => any::<u64>()]
}

fn is_time(unix_s: u64) -> bool {
    unix_s < 1 << TIME_BITS
}

/// The hash of these words, or none where one is no field element.
fn hash<const N: usize>(words: [FieldBytes; N]) -> Option<FieldBytes> {
    let elements = words.iter().all(|word| bytes(Fr::from_be_bytes_mod_order(word)) == *word);
    elements.then(|| poseidon(words.each_ref()).unwrap())
}

/// The root, from the top down.
fn root(leaves: &[FieldBytes]) -> FieldBytes {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(leaves.len() / 2);
    hash([word(generated::TAG_NODE.into()), root(left), root(right)]).unwrap()
}

proptest! {
    #[test]
    fn the_word_of_a_solvency_statement_is_a_sum(covered: u64, seq: u64, issued_min in time(), bitmap: u8) {
        let statement = SolvencyStatement {
            domain: &[0; 32],
            buyer: &[0; 32],
            covered_minor_units: covered,
            seq,
            issued_min_unix_s: issued_min,
            bitmap,
            root: &[0; 32],
            line_id: &[0; 32],
        };
        let sum = shifted(covered, 0) + shifted(seq, 64) + shifted(issued_min, 128) + shifted(bitmap.into(), 168);
        prop_assert_eq!(statement.packed(), is_time(issued_min).then(|| bytes(sum)));
    }

    #[test]
    fn the_word_of_a_payment_statement_is_a_sum(
        paid_floor: u64, not_before in time(), not_after in time(), bitmap: u8
    ) {
        let statement = PaymentStatement {
            domain: &[0; 32],
            order_id: 0,
            paid_floor_minor_units: paid_floor,
            not_before_unix_s: not_before,
            not_after_unix_s: not_after,
            bitmap,
            payee_commit: &[0; 32],
            root: &[0; 32],
            line_id: &[0; 32],
            nf: &[0; 32],
        };
        let times = shifted(not_before, 64) + shifted(not_after, 104);
        let sum = shifted(paid_floor, 0) + times + shifted(bitmap.into(), 144);
        let fits = is_time(not_before) && is_time(not_after);
        prop_assert_eq!(statement.packed(), fits.then(|| bytes(sum)));
    }

    #[test]
    fn a_key_is_two_numbers_and_both_are_canonical(key: [u8; 32], number: u64) {
        let (high, low) = split(&key);
        prop_assert_eq!([high, low], halves(&key));
        prop_assert!(is_canonical(&high) && is_canonical(&low));
        prop_assert_eq!(word(number), bytes(Fr::from(number)));
    }

    #[test]
    fn canonical_is_what_reducing_leaves_alone(element in prop_oneof![element(), near_r()]) {
        prop_assert_eq!(is_canonical(&element), bytes(Fr::from_be_bytes_mod_order(&element)) == element);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))] // Hashes.

    #[test]
    fn a_solvency_statement_is_the_hash_of_its_words(
        words in [element(), element(), element()], buyer: [u8; 32], small: (u64, u64, u8), issued_min in time()
    ) {
        let ([domain, root, line_id], (covered_minor_units, seq, bitmap)) = (words, small);
        let statement = SolvencyStatement {
            domain: &domain,
            buyer: &buyer,
            covered_minor_units,
            seq,
            issued_min_unix_s: issued_min,
            bitmap,
            root: &root,
            line_id: &line_id,
        };
        let [high, low] = halves(&buyer);
        let expected = statement.packed().and_then(|packed| hash([domain, high, low, packed, root, line_id]));
        prop_assert_eq!(statement.stmt(), expected);
    }

    #[test]
    fn a_payment_statement_is_the_hash_of_its_words(
        words in [element(), element(), element(), element(), element()],
        small: (u64, u64, u8),
        times in (time(), time()),
    ) {
        let ([domain, payee_commit, root, line_id, nf], (order_id, paid_floor, bitmap)) = (words, small);
        let statement = PaymentStatement {
            domain: &domain,
            order_id,
            paid_floor_minor_units: paid_floor,
            not_before_unix_s: times.0,
            not_after_unix_s: times.1,
            bitmap,
            payee_commit: &payee_commit,
            root: &root,
            line_id: &line_id,
            nf: &nf,
        };
        let expected = statement.packed().and_then(|packed| {
            hash([domain, bytes(Fr::from(order_id)), packed, payee_commit, root, line_id, nf])
        });
        prop_assert_eq!(statement.stmt(), expected);
    }

    #[test]
    fn where_a_statement_holds_is_the_hash_of_its_words(
        keys: [[u8; 32]; 3], of_rail: (u32, u16, u8), tag: u8, words in [element(), element()]
    ) {
        let number = |number: u64| bytes(Fr::from(number));
        let [[genesis_high, genesis_low], [program_high, program_low], [market_high, market_low]] =
            keys.each_ref().map(halves);
        prop_assert_eq!(
            deployment(&keys[0], &keys[1]),
            hash([number(generated::TAG_DEPLOYMENT.into()), genesis_high, genesis_low, program_high, program_low])
        );
        let (provider, currency, exponent) = of_rail;
        let of_rail = [provider.into(), currency.into(), exponent.into()].map(number);
        prop_assert_eq!(
            rail(provider, currency, exponent),
            hash([number(generated::TAG_RAIL.into()), of_rail[0], of_rail[1], of_rail[2]])
        );
        prop_assert_eq!(
            domain(tag, &words[0], &words[1], &keys[2]),
            hash([number(tag.into()), words[0], words[1], market_high, market_low])
        );
        prop_assert_eq!(
            attestor_leaf(&words[0], &words[1]),
            hash([number(generated::TAG_ATTESTOR.into()), words[0], words[1]])
        );
    }

    /// Trees of every depth; one leaf in a few of them is no field element, inside the tree or past it.
    #[test]
    fn a_root_is_that_of_its_halves(
        mut leaves in prop::array::uniform8(any::<u64>().prop_map(word)),
        depth in 0..=ATTESTOR_DEPTH_MAX + 1,
        bad in prop_oneof![2 => Just(None), 1 => (0..ATTESTOR_LEAVES_MAX).prop_map(Some)],
    ) {
        if let Some(at) = bad {
            leaves[at] = [0xFF; 32];
        }
        let used = leaves.get(..1 << depth);
        let hashed = used.filter(|used| depth == 0 || used.iter().all(is_canonical));
        prop_assert_eq!(attestor_root(&mut leaves.clone(), depth), hashed.map(root));
    }
}
