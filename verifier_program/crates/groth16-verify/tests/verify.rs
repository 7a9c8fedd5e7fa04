//! A proof is accepted, and every altered one refused with its own error.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, PrimeField};
use common::{Case, GOLDEN_COUNTS, g1, g2, g2_outside_subgroup, golden, plus, synthetic};
use groth16_verify::{PUBLIC_INPUTS_MAX, VerifyError};
use proptest::prelude::*;

const A: std::ops::Range<usize> = 0..64;
const B: std::ops::Range<usize> = 64..192;
const C: std::ops::Range<usize> = 192..256;

#[test]
fn golden_proofs_are_accepted() {
    for count in GOLDEN_COUNTS {
        assert_eq!(golden(count).verify(), Ok(()), "{count} public inputs");
    }
}

#[test]
fn one_input_more_or_less_is_refused() {
    for count in GOLDEN_COUNTS {
        let case = golden(count);
        let mut longer = case.clone();
        longer.inputs.push([0; 32]);
        assert_eq!(longer.verify(), Err(VerifyError::PublicInputCountMismatch), "{count} + 1");
        let mut shorter = case;
        if shorter.inputs.pop().is_some() {
            assert_eq!(shorter.verify(), Err(VerifyError::PublicInputCountMismatch), "{count} - 1");
        }
    }
}

#[test]
fn an_input_altered_by_one_is_refused() {
    for count in GOLDEN_COUNTS {
        for index in 0..count {
            let mut case = golden(count);
            let input = Fr::from_be_bytes_mod_order(&case.inputs[index]);
            case.inputs[index] = common::big_endian(input + Fr::from(1u64));
            assert_eq!(case.verify(), Err(VerifyError::ProofInvalid), "input {index} of {count}");
        }
    }
}

#[test]
fn an_input_plus_r_is_refused_though_the_arithmetic_would_agree() {
    for count in GOLDEN_COUNTS {
        for index in 0..count {
            let mut case = golden(count);
            case.inputs[index] = plus::<Fr>(&case.inputs[index]).unwrap();
            assert_eq!(case.verify(), Err(VerifyError::PublicInputNotCanonical), "input {index} of {count}");
        }
    }
}

#[test]
fn inputs_zero_one_and_r_minus_one_are_accepted_and_r_is_refused() {
    for input in [Fr::from(0u64), Fr::from(1u64), -Fr::from(1u64)] {
        assert_eq!(synthetic(&[3, 5, 7, 11, 13, 17, 19, 23], &[input]).verify(), Ok(()));
    }
    let mut case = synthetic(&[3, 5, 7, 11, 13, 17, 19, 23], &[Fr::from(0u64)]);
    case.inputs[0] = plus::<Fr>(&[0; 32]).unwrap();
    assert_eq!(case.verify(), Err(VerifyError::PublicInputNotCanonical));
}

#[test]
fn flag_bits_are_refused_in_every_coordinate() {
    for coordinate in 0..8 {
        for flag in [0x80, 0x40, 0xC0] {
            let mut case = golden(1);
            case.proof[coordinate * 32] |= flag;
            assert_eq!(case.verify(), Err(VerifyError::ProofFlagBitsSet), "{coordinate} {flag:#x}");
        }
    }
}

#[test]
fn the_point_at_infinity_is_refused_in_every_place() {
    for place in [A, B, C] {
        let mut case = golden(1);
        case.proof[place.clone()].fill(0);
        assert_eq!(case.verify(), Err(VerifyError::ProofPointAtInfinity), "{place:?}");
    }
}

#[test]
fn a_coordinate_plus_q_is_refused() {
    let mut tried = 0;
    for count in GOLDEN_COUNTS {
        for coordinate in 0..8 {
            let mut case = golden(count);
            let (coordinates, _) = case.proof.as_chunks_mut::<32>();
            let Some(larger) = plus::<Fq>(&coordinates[coordinate]) else { continue };
            if larger[0] & 0xC0 == 0 {
                coordinates[coordinate] = larger;
                assert_eq!(case.verify(), Err(VerifyError::ProofPointInvalid), "{count} {coordinate}");
                tried += 1;
            }
        }
    }
    assert!(
        tried > 4,
        "the vectors have coordinates small enough for x + q to fit without flag bits: {tried}"
    );
}

#[test]
fn swapped_halves_of_fq2_are_refused() {
    for coordinate in [64, 128] {
        let mut case = golden(1);
        let (left, right) = case.proof[coordinate..coordinate + 64].split_at_mut(32);
        left.swap_with_slice(right);
        assert_eq!(case.verify(), Err(VerifyError::ProofPointInvalid), "{coordinate}");
    }
}

#[test]
fn a_point_outside_the_subgroup_is_refused() {
    let mut case = golden(1);
    case.proof[B].copy_from_slice(&g2_outside_subgroup());
    assert_eq!(case.verify(), Err(VerifyError::ProofPointInvalid));
}

#[test]
fn other_points_of_the_groups_prove_nothing() {
    let generators = [g1(&G1Affine::generator()).to_vec(), g2(&G2Affine::generator()).to_vec()];
    for (place, point) in [(A, &generators[0]), (B, &generators[1]), (C, &generators[0])] {
        let mut case = golden(1);
        case.proof[place.clone()].copy_from_slice(point);
        assert_eq!(case.verify(), Err(VerifyError::ProofInvalid), "{place:?}");
    }
}

#[test]
fn the_proof_of_another_circuit_proves_nothing() {
    let mut case = golden(1);
    case.proof = golden(2).proof;
    assert_eq!(case.verify(), Err(VerifyError::ProofInvalid));
}

/// Anyone can turn one proof into another of the same statement, so proof bytes must never serve as an identifier.
#[test]
fn a_proof_can_be_rerandomised() {
    let inputs = [Fr::from(9u64)];
    let secrets = [3, 5, 7, 11, 13, 17, 19, 23];
    let case = synthetic(&secrets, &inputs);
    let factor = Fr::from(1_000_003u64);
    let (a, b) = (Fr::from(secrets[4]) * factor, Fr::from(secrets[5]) * factor.inverse().unwrap());
    let mut other = case.clone();
    other.proof[A].copy_from_slice(&g1(&(G1Affine::generator() * a).into_affine()));
    other.proof[B].copy_from_slice(&g2(&(G2Affine::generator() * b).into_affine()));
    assert_ne!(other.proof, case.proof);
    assert_eq!(other.verify(), Ok(()));
}

fn scalars(count: usize) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(1u64.., count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Completeness for any count, and soundness against one wrong input, both from known discrete logarithms.
    #[test]
    fn synthetic_statements(
        (secrets, inputs, wrong) in (0..=PUBLIC_INPUTS_MAX)
            .prop_flat_map(|count| (scalars(7 + count), scalars(count), 0..count.max(1)))
    ) {
        let inputs: Vec<Fr> = inputs.into_iter().map(|input| -Fr::from(input)).collect();
        let case = synthetic(&secrets, &inputs);
        prop_assert_eq!(case.verify(), Ok(()));
        if let Some(input) = inputs.get(wrong) {
            let mut altered = case.clone();
            altered.inputs[wrong] = common::big_endian(*input + Fr::from(1u64));
            prop_assert_eq!(altered.verify(), Err(VerifyError::ProofInvalid));
        }
    }

    /// No change of bits in a proof survives.
    #[test]
    fn altered_bytes_are_refused(count in prop::sample::select(&GOLDEN_COUNTS[..]), at in 0usize..256, bits in 1u8..) {
        let mut case: Case = golden(count);
        case.proof[at] ^= bits;
        prop_assert!(case.verify().is_err());
    }

    /// No bytes stop the verifier with a panic, and random ones never prove anything.
    #[test]
    fn arbitrary_proofs_are_refused(bytes in prop::collection::vec(any::<u8>(), 256), input in any::<[u8; 32]>()) {
        let mut case = golden(1);
        case.proof = bytes.try_into().unwrap();
        case.inputs = vec![input];
        prop_assert!(case.verify().is_err());
    }
}
