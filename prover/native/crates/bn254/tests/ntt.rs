//! Transforms against arkworks.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use std::sync::Mutex;

use ark_bn254 as ark;
use ark_ff::{FftField, Field as _};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use bn254::{
    Backend, Domain, Field, Fr, MAX_LOG_SIZE, Stopped, UNWATCHED, product_less_plain_by, root_of_unity,
};
use oracle::{any_fr, fr, from_fr};
use proptest::prelude::*;

fn check(k: u32, values: &[Fr], shift: &Fr, threads: usize) {
    let ours = Domain::new(k).unwrap();
    assert_eq!(ours.size(), values.len());
    let theirs = Radix2EvaluationDomain::<ark::Fr>::new(values.len()).unwrap();
    let coset = theirs.get_coset(fr(shift)).unwrap();
    let oracle: Vec<ark::Fr> = values.iter().map(fr).collect();
    let same = |ours: Vec<Fr>, theirs: Vec<ark::Fr>| assert!(ours.iter().map(fr).eq(theirs));
    let run = |transform: &dyn Fn(&mut [Fr])| {
        let mut values = values.to_vec();
        transform(&mut values);
        values
    };
    same(run(&|values| ours.fft(values, threads)), theirs.fft(&oracle));
    same(run(&|values| ours.ifft(values, threads)), theirs.ifft(&oracle));
    same(run(&|values| ours.coset_fft(values, shift, threads)), coset.fft(&oracle));
    same(run(&|values| ours.coset_ifft(values, shift, threads)), coset.ifft(&oracle));
    // The odd coset, of two vectors at once.
    let odd = theirs.get_coset(fr(&root_of_unity(k + 1).unwrap())).unwrap();
    let negated: Vec<ark::Fr> = oracle.iter().map(|value| -*value).collect();
    let expected = [odd.fft(&theirs.ifft(&oracle)), odd.fft(&theirs.ifft(&negated))];
    for backend in Backend::available() {
        let (mut first, mut second) =
            (values.to_vec(), values.iter().map(|value| -*value).collect::<Vec<_>>());
        ours.to_odd_coset_by(&mut [&mut first, &mut second], threads, backend, UNWATCHED).unwrap();
        assert!(first.iter().chain(&second).all(Fr::is_canonical));
        same(first, expected[0].clone());
        same(second, expected[1].clone());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn transforms_are_arkworks(
        (k, values) in (0u32..12).prop_flat_map(|k| (Just(k), prop::collection::vec(any_fr(), 1 << k))),
        shift in any_fr(),
        threads in 1usize..9,
    ) {
        prop_assume!(!shift.is_zero());
        check(k, &values, &shift, threads);
    }
}

proptest! {
    #[test]
    fn products_less_a_third_are_plain_integers(
        abc in prop::collection::vec([any_fr(), any_fr(), any_fr()], 0..600),
        threads in 1usize..9,
    ) {
        let [a, b, c] = [0, 1, 2].map(|i| abc.iter().map(|abc| abc[i]).collect::<Vec<Fr>>());
        let expected: Vec<[u64; 4]> = abc.iter().map(|[a, b, c]| (*a * *b - *c).to_plain()).collect();
        for backend in Backend::available() {
            let mut plain = a.clone();
            product_less_plain_by(&mut plain, &b, &c, threads, backend);
            prop_assert!(plain.iter().map(|element| element.0).eq(expected.iter().copied()));
        }
    }
}

#[test]
fn nothing_is_the_product_of_nothing() {
    for backend in Backend::available() {
        product_less_plain_by(&mut [], &[], &[], 2, backend);
    }
}

#[test]
fn large_transforms_are_arkworks() {
    for (k, threads) in [(10, 1), (11, 2), (12, 3), (13, 8), (14, 2), (15, 3)] {
        let values: Vec<Fr> = (0..1u64 << k).map(|i| Fr::from_u64(i * i).square()).collect();
        check(k, &values, &Fr::from_u64(7), threads);
    }
}

#[test]
fn roots_have_their_order() {
    assert_eq!(root_of_unity(MAX_LOG_SIZE), Some(from_fr(&ark::Fr::TWO_ADIC_ROOT_OF_UNITY)));
    assert_eq!(root_of_unity(MAX_LOG_SIZE + 1), None);
    for k in 1..=MAX_LOG_SIZE {
        let root = fr(&root_of_unity(k).unwrap());
        assert_eq!(root.pow([1u64 << (k - 1)]), -ark::Fr::ONE);
    }
    assert_eq!(root_of_unity(0), Some(Fr::ONE));
}

#[test]
fn a_domain_needs_a_root_of_twice_its_size() {
    assert!(Domain::new(MAX_LOG_SIZE).is_none());
    assert!(Domain::new(u32::MAX).is_none());
}

#[test]
fn a_watched_transform_says_what_is_done_and_stops_when_told() {
    let domain = Domain::new(12).unwrap();
    for threads in [1, 2, 5] {
        let parts = Mutex::new(Vec::new());
        let note = |limit: usize| {
            let parts = &parts;
            move |part: f64| {
                let mut parts = parts.lock().unwrap();
                parts.push(part);
                parts.len() < limit
            }
        };
        let mut values = vec![Fr::ONE; 1 << 12];
        assert_eq!(domain.to_odd_coset(&mut [&mut values], threads, &note(usize::MAX)), Ok(()));
        let all = parts.lock().unwrap().split_off(0);
        assert!(all.iter().all(|part| (0.0..=1.0).contains(part)) && all.contains(&1.0));
        assert_eq!(domain.to_odd_coset(&mut [&mut values], threads, &note(2)), Err(Stopped));
        // Each other thread may have begun one more task.
        assert!(parts.lock().unwrap().len() < 2 + threads);
    }
}
