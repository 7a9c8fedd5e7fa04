//! Multi-scalar multiplication against arkworks.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use ark_bn254 as ark;
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, PrimeField};
use bn254::{G1Affine, G2Affine, msm_g1, msm_g2};
use oracle::{any_scalar, from_g1, from_g2, g1, g1_points, g2, g2_points};
use proptest::prelude::*;

fn oracle_msm<C: VariableBaseMSM>(bases: &[C::MulBase], scalars: &[[u64; 4]]) -> C
where
    C::ScalarField: PrimeField<BigInt = BigInt<4>>,
{
    let scalars: Vec<BigInt<4>> = scalars.iter().map(|scalar| BigInt(*scalar)).collect();
    C::msm_bigint(bases, &scalars)
}

/// Bases with repetitions, opposites and infinities among them.
fn any_bases<A: Copy + std::fmt::Debug + ark_ec::AffineRepr>(
    points: fn(usize, u64, u64) -> Vec<A>,
    sizes: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<A>> {
    (prop::collection::vec(0u8..16, sizes), 1u64.., 1u64..).prop_map(move |(kinds, start, step)| {
        let mut bases = points(kinds.len(), start >> 1, step >> 1);
        for i in 1..bases.len() {
            match kinds[i] {
                0 => bases[i] = bases[i - 1],
                1 => bases[i] = (-bases[i - 1].into_group()).into_affine(),
                2 => bases[i] = A::zero(),
                3 => bases[i] = bases[0],
                _ => (),
            }
        }
        bases
    })
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
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn sums_of_g1_are_arkworks((bases, scalars) in with_scalars(any_bases(g1_points, 0..200)), threads in 1usize..9) {
        let ours: Vec<G1Affine> = bases.iter().map(from_g1).collect();
        let expected = oracle_msm::<ark::G1Projective>(&bases, &scalars).into_affine();
        prop_assert_eq!(g1(&msm_g1(&ours, &scalars, threads)), expected);
    }

    #[test]
    fn sums_of_g2_are_arkworks((bases, scalars) in with_scalars(any_bases(g2_points, 0..100)), threads in 1usize..9) {
        let ours: Vec<G2Affine> = bases.iter().map(from_g2).collect();
        let expected = oracle_msm::<ark::G2Projective>(&bases, &scalars).into_affine();
        prop_assert_eq!(g2(&msm_g2(&ours, &scalars, threads)), expected);
    }
}
