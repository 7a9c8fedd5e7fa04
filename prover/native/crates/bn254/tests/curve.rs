//! The curves against arkworks.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use ark_bn254 as ark;
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup};
use ark_ff::{BigInt, Field as _, PrimeField};
use bn254::{Affine, CurveField, Field, Fq, G1, G1Affine, G2, G2Affine, Point};
use oracle::{any_scalar, fq2, from_fq, from_g1, from_g2, g1, g2};
use proptest::prelude::*;

/// Points in all relations to each other: equal, opposite, at infinity, unrelated; and not only with Z = 1.
fn check<F: CurveField, A: AffineRepr>(
    from: impl Fn(&A) -> Affine<F>,
    to: impl Fn(&Point<F>) -> A,
    scalars: [u64; 2],
) {
    let [a, b] = scalars.map(|scalar| (A::generator() * A::ScalarField::from(scalar)).into_affine());
    let oracles = [a, b, (-a.into_group()).into_affine(), (a + b).into_affine(), A::zero()];
    for p in &oracles {
        let ours = from(p);
        assert!(ours.is_on_curve() && ours.is_canonical());
        assert_eq!(ours.is_infinity(), p.is_zero());
        assert_eq!(to(&Point::from(-ours)), (-p.into_group()).into_affine());
        assert_eq!(to(&Point::from(ours).double()), (*p + *p).into_affine());
        for q in &oracles {
            let theirs = (*p + *q).into_affine();
            // From Z = 1, and from another Z: adding and taking away a third point.
            let third = Point::from(from(&a)).double().double();
            for left in [Point::from(ours), Point::from(ours) + third - third] {
                for right in [Point::from(from(q)), Point::from(from(q)) + third - third] {
                    assert_eq!(to(&(left + right)), theirs);
                    assert_eq!(left == right, p == q);
                }
                assert_eq!(to(&left.add_affine(&from(q))), theirs);
            }
        }
    }
    let points: Vec<Point<F>> = oracles.iter().map(|p| Point::from(from(p)).double()).collect();
    let affine = Point::batch_to_affine(&points);
    assert!(points.iter().zip(&affine).all(|(point, affine)| point.to_affine() == *affine));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn sums_of_g1_are_arkworks(scalars in [1u64.., 1u64..]) {
        check(from_g1, g1, scalars);
    }

    #[test]
    fn sums_of_g2_are_arkworks(scalars in [1u64.., 1u64..]) {
        check(from_g2, g2, scalars);
    }

    #[test]
    fn multiples_are_arkworks(scalar in any_scalar()) {
        let bigint = BigInt(scalar);
        prop_assert_eq!(g1(&G1Affine::GENERATOR.mul_plain(&scalar)), ark::G1Projective::generator().mul_bigint(bigint).into_affine());
        prop_assert_eq!(g2(&G2Affine::GENERATOR.mul_plain(&scalar)), ark::G2Projective::generator().mul_bigint(bigint).into_affine());
        let scalar = bn254::Fr::from_plain(&scalar).unwrap();
        prop_assert_eq!(G1Affine::GENERATOR.mul(&scalar), G1::from(G1Affine::GENERATOR).mul(&scalar));
        prop_assert_eq!(G2Affine::GENERATOR.mul(&scalar), G2::from(G2Affine::GENERATOR).mul(&scalar));
    }

    #[test]
    fn subgroup_check_is_the_order(x0 in any::<u64>(), x1 in any::<u64>()) {
        // A point of the twist with a small x: almost surely outside the subgroup; times the cofactor inside.
        let mut x = ark::Fq2::new(x0.into(), x1.into());
        let point = loop {
            if let Some(point) = ark::G2Affine::get_point_from_x_unchecked(x, false) {
                break point;
            }
            x += ark::Fq2::ONE;
        };
        let ours = from_g2(&point);
        prop_assert!(ours.is_on_curve());
        prop_assert_eq!(ours.is_in_subgroup(), point.mul_bigint(ark::Fr::MODULUS).into_affine().is_zero());
        prop_assert!(from_g2(&point.mul_by_cofactor()).is_in_subgroup());
        // The difference of a point of the subgroup and one outside is outside.
        let sum = (point.mul_by_cofactor() + point).into_affine();
        prop_assert_eq!(from_g2(&sum).is_in_subgroup(), ours.is_in_subgroup());
    }
}

#[test]
fn points_of_small_order_are_outside_the_subgroup() {
    // The cofactor's smallest prime is 10069: its points are the likeliest to slip through a wrong check.
    let mut x = ark::Fq2::ONE;
    let mut found = 0;
    while found < 3 {
        x += ark::Fq2::ONE;
        let Some(point) = ark::G2Affine::get_point_from_x_unchecked(x, false) else { continue };
        let small =
            point.mul_bigint(ark::Fr::MODULUS).into_affine().mul_bigint(SMALL_ORDER_COFACTOR).into_affine();
        if small.is_zero() {
            continue;
        }
        assert!(small.mul_bigint([10069u64]).into_affine().is_zero());
        let ours = from_g2(&small);
        assert!(ours.is_on_curve() && !ours.is_in_subgroup());
        found += 1;
    }
}

/// (2q - r) / 10069.
const SMALL_ORDER_COFACTOR: [u64; 4] =
    [0x6c3cd334915f1659, 0x207142f7671af448, 0x9e28bcf65b5681da, 0x00013af7a58fce69];

#[test]
fn generators_are_the_customary_ones() {
    assert_eq!(from_g1(&ark::G1Affine::generator()), G1Affine::GENERATOR);
    assert_eq!(from_g2(&ark::G2Affine::generator()), G2Affine::GENERATOR);
    assert!(G2Affine::GENERATOR.is_in_subgroup() && G2Affine::INFINITY.is_in_subgroup());
}

#[test]
fn points_off_the_curve_are_seen() {
    let mut point = G1Affine::GENERATOR;
    point.y += Fq::ONE;
    assert!(!point.is_on_curve());
    let mut point = G2Affine::GENERATOR;
    point.x.c1 += Fq::ONE;
    assert!(!point.is_on_curve());
    point.x.c1 = Fq(Fq::MODULUS);
    assert!(!point.is_canonical());
    assert_eq!(fq2(&G2Affine::GENERATOR.x), ark::G2Affine::generator().x().unwrap());
    assert_eq!(from_fq(&ark::Fq::ONE), Fq::ONE);
}
