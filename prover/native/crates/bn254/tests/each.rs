//! The same work on each of many points, against one point at a time and arkworks.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use ark_ec::{AffineRepr, CurveGroup};
use bn254::{Affine, Fr, Group, Point};
use oracle::{any_scalar, from_g1, from_g2, g1_points, g2_points};
use proptest::prelude::*;

const MINUS_ONE: [u64; 4] = [Fr::MODULUS[0] - 1, Fr::MODULUS[1], Fr::MODULUS[2], Fr::MODULUS[3]];

/// Points with repetitions, opposites and infinities among them.
fn arranged<A: AffineRepr>(points: fn(usize, u64, u64) -> Vec<A>, kinds: &[u8], seed: u64) -> Vec<A> {
    let mut found = points(kinds.len(), seed | 1, seed >> 7 | 1);
    for i in 1..found.len() {
        match kinds[i] {
            0 => found[i] = found[i - 1],
            1 => found[i] = (-found[i - 1].into_group()).into_affine(),
            2 => found[i] = A::zero(),
            _ => (),
        }
    }
    found
}

fn check_mul<F: Group>(
    points: &[Affine<F>],
    scalars: &[[u64; 4]],
    threads: usize,
) -> Result<(), TestCaseError> {
    let mut ours = points.to_vec();
    F::mul_each(&mut ours, scalars, threads);
    for ((ours, point), scalar) in ours.iter().zip(points).zip(scalars) {
        prop_assert!(ours.is_canonical());
        prop_assert_eq!(*ours, point.mul_plain(scalar).to_affine());
    }
    Ok(())
}

fn check_sums<F: Group>(
    points: &[Affine<F>],
    lengths: &[usize],
    threads: usize,
) -> Result<(), TestCaseError> {
    let half = points.len() / 2;
    let (mut low, mut high) = (points[..half].to_vec(), points[half..2 * half].to_vec());
    F::butterflies(&mut low, &mut high, threads);
    for i in 0..half {
        let (a, b) = (Point::from(points[i]), Point::from(points[half + i]));
        prop_assert!(low[i].is_canonical() && high[i].is_canonical());
        prop_assert_eq!(low[i], (a + b).to_affine());
        prop_assert_eq!(high[i], (a - b).to_affine());
    }
    let mut ends = Vec::new();
    let mut end = 0;
    for length in lengths {
        end = (end + length).min(points.len());
        ends.push(end);
    }
    let sums = F::sum_runs(points, &ends, threads);
    prop_assert_eq!(sums.len(), ends.len());
    let mut start = 0;
    for (sum, end) in sums.iter().zip(&ends) {
        let expected = points[start..*end].iter().fold(Point::INFINITY, |sum, point| sum.add_affine(point));
        prop_assert!(sum.is_canonical());
        prop_assert_eq!(*sum, expected.to_affine());
        start = *end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn products_are_each_points_own(
        kinds in prop::collection::vec(0u8..12, 0..150),
        seed: u32,
        scalars in prop::collection::vec(any_scalar(), 150),
        threads in 1usize..5,
    ) {
        let g1: Vec<_> = arranged(g1_points, &kinds, seed.into()).iter().map(from_g1).collect();
        check_mul(&g1, &scalars[..g1.len()], threads)?;
        let g2: Vec<_> = arranged(g2_points, &kinds, seed.into()).iter().map(from_g2).collect();
        check_mul(&g2, &scalars[..g2.len()], threads)?;
    }

    #[test]
    fn sums_and_differences(
        kinds in prop::collection::vec(0u8..12, 0..150),
        lengths in prop::collection::vec(0usize..40, 0..20),
        seed: u32,
        threads in 1usize..5,
    ) {
        let g1: Vec<_> = arranged(g1_points, &kinds, seed.into()).iter().map(from_g1).collect();
        check_sums(&g1, &lengths, threads)?;
        let g2: Vec<_> = arranged(g2_points, &kinds, seed.into()).iter().map(from_g2).collect();
        check_sums(&g2, &lengths, threads)?;
    }
}

#[test]
fn scalars_at_the_edges() {
    let mut half = Fr::MODULUS;
    half[0] /= 2;
    let scalars =
        [[0; 4], [1, 0, 0, 0], [2, 0, 0, 0], MINUS_ONE, [7, 0, 0, 0], [0, 0, 1, 0], half, [8, 0, 0, 0]];
    let points: Vec<_> = g1_points(scalars.len(), 3, 5).iter().map(from_g1).collect();
    check_mul(&points, &scalars, 1).unwrap();
    let points: Vec<_> = g2_points(scalars.len(), 3, 5).iter().map(from_g2).collect();
    check_mul(&points, &scalars, 1).unwrap();
}
