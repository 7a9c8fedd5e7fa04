//! Multi-scalar multiplication against arkworks: every backend of this CPU.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use std::sync::Mutex;

use ark_bn254 as ark;
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, PrimeField};
use bn254::{Backend, Bases, Fr, G1, G1Affine, G2, G2Affine, Options, Stopped, finite, msm, msm_g1, msm_g2};
use oracle::{any_scalar, from_g1, from_g2, g1, g1_points, g2, g2_points};
use proptest::prelude::*;

fn oracle_msm<C: VariableBaseMSM + CurveGroup>(bases: &[C::MulBase], scalars: &[[u64; 4]]) -> C::Affine
where
    C::ScalarField: PrimeField<BigInt = BigInt<4>>,
{
    let scalars: Vec<BigInt<4>> = scalars.iter().map(|scalar| BigInt(*scalar)).collect();
    C::msm_bigint(bases, &scalars).into_affine()
}

/// Every way to do the same.
fn ways(threads: usize) -> impl Iterator<Item = Options<'static>> {
    Backend::available().into_iter().map(move |backend| Options { backend, ..Options::new(threads) })
}

fn check_g1(bases: &[ark::G1Affine], scalars: &[[u64; 4]], threads: usize) {
    let expected = oracle_msm::<ark::G1Projective>(bases, scalars);
    let ours: Vec<G1Affine> = bases.iter().map(from_g1).collect();
    assert_eq!(g1(&msm_g1(&ours, scalars, threads)), expected);
    for options in ways(threads) {
        let set = Bases { finite: &finite(&ours), g1: Some(&ours), ..Bases::default() };
        let sums = msm(scalars, &set, &options).unwrap();
        assert_eq!(g1(&sums.0), expected, "{:?}", options.backend);
        assert_eq!(sums.1, G2::INFINITY);
    }
}

fn check_g2(bases: &[ark::G2Affine], scalars: &[[u64; 4]], threads: usize) {
    let expected = oracle_msm::<ark::G2Projective>(bases, scalars);
    let ours: Vec<G2Affine> = bases.iter().map(from_g2).collect();
    assert_eq!(g2(&msm_g2(&ours, scalars, threads)), expected);
    for options in ways(threads) {
        let set = Bases { finite: &finite(&ours), g2: Some(&ours), ..Bases::default() };
        let sums = msm(scalars, &set, &options).unwrap();
        assert_eq!(g2(&sums.1), expected, "{:?}", options.backend);
        assert_eq!(sums.0, G1::INFINITY);
    }
}

/// Bases with repetitions, opposites and infinities among them.
fn any_bases<A: AffineRepr>(
    points: fn(usize, u64, u64) -> Vec<A>,
    sizes: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<A>> {
    (prop::collection::vec(0u8..16, sizes), 1u64.., 1u64.., any::<bool>()).prop_map(
        move |(kinds, start, step, plain)| {
            let mut bases = points(kinds.len(), start >> 1, step >> 1);
            for i in 1..bases.len() {
                match kinds[i] {
                    _ if plain => (),
                    0 => bases[i] = bases[i - 1],
                    1 => bases[i] = (-bases[i - 1].into_group()).into_affine(),
                    2 => bases[i] = A::zero(),
                    3 => bases[i] = bases[0],
                    _ => (),
                }
            }
            bases
        },
    )
}

fn with_scalars<A: Clone + std::fmt::Debug>(
    bases: impl Strategy<Value = Vec<A>>,
) -> impl Strategy<Value = (Vec<A>, Vec<[u64; 4]>)> {
    bases.prop_flat_map(|bases| {
        let count = bases.len();
        (Just(bases), prop::collection::vec(any_scalar(), count))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn sums_of_g1_are_arkworks((bases, scalars) in with_scalars(any_bases(g1_points, 0..200)), threads in 1usize..9) {
        check_g1(&bases, &scalars, threads);
    }

    #[test]
    fn sums_of_g2_are_arkworks((bases, scalars) in with_scalars(any_bases(g2_points, 0..100)), threads in 1usize..9) {
        check_g2(&bases, &scalars, threads);
    }

    #[test]
    fn one_scalar_many_times_is_one_full_bucket(
        bases in any_bases(g1_points, 1..600), scalar in any_scalar(), threads in 1usize..9,
    ) {
        check_g1(&bases, &vec![scalar; bases.len()], threads);
    }
}

/// Scalars as a witness has them: zeros, ones, bits, bytes, words, negatives and full ones.
fn witness(count: usize) -> Vec<[u64; 4]> {
    let full = |i: u64| (Fr::from_u64(i.wrapping_mul(0x9e3779b97f4a7c15)) * Fr([i, 7, i, 5])).to_plain();
    (0..count as u64)
        .map(|i| match i % 16 {
            0..7 => [0; 4],
            7..11 => [1, 0, 0, 0],
            11 => (-Fr::from_u64(i % 3)).to_plain(),
            12 => [i % 256, 0, 0, 0],
            13 => [i.wrapping_mul(0x9e3779b97f4a7c15), 0, 0, 0],
            _ => full(i),
        })
        .collect()
}

#[test]
fn sizes_around_powers_of_two() {
    let bases = g1_points(4097, 5, 3);
    for size in [1, 2, 3, 15, 16, 17, 255, 256, 257, 1023, 1024, 1025, 4095, 4096, 4097] {
        check_g1(&bases[..size], &witness(size), 2);
    }
    let full: Vec<[u64; 4]> = (1..=4096).map(|i| (Fr::from_u64(i) * Fr([3, i, i, 1])).to_plain()).collect();
    check_g1(&bases[..4096], &full, 3);
    let bases = g2_points(1025, 5, 3);
    for size in [1, 15, 16, 17, 1023, 1024, 1025] {
        check_g2(&bases[..size], &witness(size), 2);
    }
}

#[test]
fn every_thread_count() {
    let bases = g1_points(700, 11, 13);
    for threads in 0..=8 {
        check_g1(&bases, &witness(700), threads);
    }
}

#[test]
fn all_bases_equal_or_opposite() {
    // Every addition is a doubling, or gives infinity: the exceptions of the formulas, in all lanes and levels.
    let point = g1_points(1, 9, 1)[0];
    let negative = (-point.into_group()).into_affine();
    check_g1(&vec![point; 300], &witness(300), 2);
    let alternating: Vec<_> = (0..300).map(|i| if i % 2 == 0 { point } else { negative }).collect();
    check_g1(&alternating, &vec![[1, 0, 0, 0]; 300], 2);
    check_g1(&alternating, &witness(300), 2);
    let point = g2_points(1, 9, 1)[0];
    check_g2(&vec![point; 100], &witness(100), 2);
}

#[test]
fn the_largest_digits_of_the_highest_window() {
    // (r - 1)/2 and (r + 1)/2 are the largest magnitudes; with few and many bases for narrow and wide windows.
    let half = [
        Fr::MODULUS[0] >> 1 | Fr::MODULUS[1] << 63,
        Fr::MODULUS[1] >> 1 | Fr::MODULUS[2] << 63,
        Fr::MODULUS[2] >> 1 | Fr::MODULUS[3] << 63,
        Fr::MODULUS[3] >> 1,
    ];
    let above = [half[0] + 1, half[1], half[2], half[3]];
    let bases = g1_points(3000, 2, 1);
    for size in [1, 2, 5, 20, 50, 100, 200, 500, 1000, 3000] {
        let scalars: Vec<[u64; 4]> = (0..size).map(|i| if i % 2 == 0 { half } else { above }).collect();
        check_g1(&bases[..size], &scalars, 1);
    }
}

#[test]
fn many_sets_of_bases_share_their_scalars() {
    let scalars = witness(500);
    let (oracle_a, oracle_b) = (g1_points(500, 3, 2), g1_points(500, 7, 5));
    let oracle_b2 = g2_points(500, 7, 5);
    let [a, b] = [&oracle_a, &oracle_b].map(|points| points.iter().map(from_g1).collect::<Vec<_>>());
    let b2: Vec<G2Affine> = oracle_b2.iter().map(from_g2).collect();
    let all = finite(&a);
    let some: Vec<u32> = (0..500).filter(|i| i % 3 > 0).collect();
    let keep = |scalars: &[[u64; 4]]| -> Vec<[u64; 4]> {
        scalars.iter().enumerate().map(|(i, s)| if i % 3 > 0 { *s } else { [0; 4] }).collect()
    };
    let sets = [
        Bases { finite: &all, g1: Some(&a), ..Bases::default() },
        Bases { finite: &some, g1: Some(&b), g2: Some(&b2), ..Bases::default() },
        Bases { first_scalar: 20, finite: &all[..480], g1: Some(&a), ..Bases::default() },
        Bases::default(),
    ];
    for options in ways(2) {
        let sums = sets.each_ref().map(|set| msm(&scalars, set, &options).unwrap());
        assert_eq!(g1(&sums[0].0), oracle_msm::<ark::G1Projective>(&oracle_a, &scalars));
        assert_eq!(g1(&sums[1].0), oracle_msm::<ark::G1Projective>(&oracle_b, &keep(&scalars)));
        assert_eq!(g2(&sums[1].1), oracle_msm::<ark::G2Projective>(&oracle_b2, &keep(&scalars)));
        assert_eq!(g1(&sums[2].0), oracle_msm::<ark::G1Projective>(&oracle_a[..480], &scalars[20..]));
        assert_eq!((sums[3].0, sums[3].1), (G1::INFINITY, G2::INFINITY));
    }
}

#[test]
fn a_watched_sum_says_what_is_done_and_stops_when_told() {
    let (oracle1, oracle2) = (g1_points(900, 3, 4), g2_points(900, 5, 6));
    let bases1: Vec<G1Affine> = oracle1.iter().map(from_g1).collect();
    let bases2: Vec<G2Affine> = oracle2.iter().map(from_g2).collect();
    let dense = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let scalars: Vec<[u64; 4]> =
        (1..=900).map(|i| [dense(i), dense(i + 900), dense(i + 1800), dense(i) >> 3]).collect();
    let set = Bases { finite: &finite(&bases1), g1: Some(&bases1), g2: Some(&bases2), ..Bases::default() };
    for threads in [1, 3] {
        for backend in Backend::available() {
            let parts = Mutex::new(Vec::new());
            let note = |limit: usize| {
                let parts = &parts;
                move |part: f64| {
                    let mut parts = parts.lock().unwrap();
                    parts.push(part);
                    parts.len() < limit
                }
            };
            let watch = note(usize::MAX);
            let sums = msm(&scalars, &set, &Options { threads, backend, watch: &watch }).unwrap();
            assert_eq!(g1(&sums.0), oracle_msm::<ark::G1Projective>(&oracle1, &scalars));
            let all = parts.lock().unwrap().split_off(0);
            assert!(all.len() > 8 && all.iter().all(|part| (0.0..=1.0).contains(part)));
            assert!(all.iter().any(|part| *part > 0.9));
            for limit in 1..all.len() {
                parts.lock().unwrap().clear();
                let watch = note(limit);
                let stopped = msm(&scalars, &set, &Options { threads, backend, watch: &watch });
                assert!(matches!(stopped, Err(Stopped)), "{limit} of {}", all.len());
                assert!(parts.lock().unwrap().len() < limit + threads);
            }
        }
    }
}
