//! A sound key is accepted, and every altered one refused with its own error.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use ark_bn254::{Fq, Fr};
use common::{Case, GOLDEN_COUNTS, g2_outside_subgroup, golden, plus, synthetic, synthetic_from};
use groth16_verify::{KeyError, PUBLIC_INPUTS_MAX, VerifyError, VerifyingKey};
use proptest::prelude::*;

const GAMMA: std::ops::Range<usize> = 192..320;
const DELTA: std::ops::Range<usize> = 320..448;

/// Every point of a key: where it stands, and whether it is of G2.
fn points(case: &Case) -> Vec<(std::ops::Range<usize>, bool)> {
    let mut points = vec![(0..64, false), (64..192, true), (GAMMA, true), (DELTA, true)];
    points.extend((448..case.body.len()).step_by(64).map(|start| (start..start + 64, false)));
    points
}

#[test]
fn golden_keys_are_accepted() {
    for count in GOLDEN_COUNTS {
        let case = golden(count);
        assert_eq!(case.validate(), Ok(()), "{count} public inputs");
        assert_eq!(VerifyingKey::parse(&case.body).unwrap().public_inputs(), count);
    }
}

#[test]
fn the_largest_key_is_accepted_and_a_larger_one_refused() {
    let secrets = |count: usize| (1..=(7 + count) as u64).collect::<Vec<_>>();
    let inputs = |count: usize| vec![Fr::from(2u64); count];
    let largest = synthetic(&secrets(PUBLIC_INPUTS_MAX), &inputs(PUBLIC_INPUTS_MAX));
    assert_eq!(largest.validate(), Ok(()));
    assert_eq!(largest.verify(), Ok(()));
    let larger = synthetic(&secrets(PUBLIC_INPUTS_MAX + 1), &inputs(PUBLIC_INPUTS_MAX + 1));
    assert_eq!(larger.validate(), Err(KeyError::LengthInvalid));
}

#[test]
fn only_whole_keys_parse() {
    let body = vec![1u8; 448 + 64 * (PUBLIC_INPUTS_MAX + 3)];
    for length in 0..=body.len() {
        let whole = (512..=512 + 64 * PUBLIC_INPUTS_MAX).contains(&length) && length.is_multiple_of(64);
        assert_eq!(VerifyingKey::parse(&body[..length]).is_ok(), whole, "{length} bytes");
        assert_eq!(VerifyingKey::is_body_length(length), whole, "{length} bytes");
    }
}

#[test]
fn flag_bits_are_refused_in_every_coordinate() {
    let case = golden(2);
    for start in (0..case.body.len()).step_by(32) {
        for flag in [0x80, 0x40] {
            let mut altered = case.clone();
            altered.body[start] |= flag;
            assert_eq!(altered.validate(), Err(KeyError::FlagBitsSet), "byte {start}, flag {flag:#x}");
        }
    }
}

#[test]
fn the_point_at_infinity_is_refused_in_every_place() {
    let case = golden(2);
    for (place, _) in points(&case) {
        let mut altered = case.clone();
        altered.body[place.clone()].fill(0);
        assert_eq!(altered.validate(), Err(KeyError::PointAtInfinity), "{place:?}");
    }
}

#[test]
fn a_point_off_its_curve_is_refused_in_every_place() {
    let case = golden(2);
    for (place, _) in points(&case) {
        let mut altered = case.clone();
        altered.body[place.end - 1] ^= 1;
        assert_eq!(altered.validate(), Err(KeyError::PointInvalid), "{place:?}");
    }
}

#[test]
fn a_coordinate_plus_q_is_refused_in_every_place_it_fits() {
    let case = golden(12);
    let mut tried = 0;
    for (place, _) in points(&case) {
        for start in place.step_by(32) {
            let mut altered = case.clone();
            let coordinate: [u8; 32] = altered.body[start..start + 32].try_into().unwrap();
            let Some(larger) = plus::<Fq>(&coordinate) else { continue };
            if larger[0] & 0xC0 == 0 {
                altered.body[start..start + 32].copy_from_slice(&larger);
                assert_eq!(altered.validate(), Err(KeyError::PointInvalid), "byte {start}");
                tried += 1;
            }
        }
    }
    assert!(tried > 4, "the key has coordinates small enough for x + q to fit without flag bits: {tried}");
}

#[test]
fn a_point_outside_the_subgroup_is_refused_in_every_place() {
    let case = golden(1);
    for (place, is_g2) in points(&case) {
        if is_g2 {
            let mut altered = case.clone();
            altered.body[place.clone()].copy_from_slice(&g2_outside_subgroup());
            assert_eq!(altered.validate(), Err(KeyError::PointInvalid), "{place:?}");
        }
    }
}

/// Delta equal to gamma is how a key looks when phase 2 was skipped. Then A = alpha, B = beta, C = −L proves any statement to
/// anyone: e(A, B) cancels e(alpha, −beta), and e(C, −delta) cancels e(L, −gamma). Only validation stands in the way.
#[test]
fn gamma_equal_to_delta_is_refused_because_it_proves_everything() {
    let (alpha, beta, gamma, delta) = (3, 5, 7, 7);
    let (a, b) = (alpha, beta);
    let forged = synthetic(&[alpha, beta, gamma, delta, a, b, 19, 23], &[Fr::from(4_242u64)]);
    assert_eq!(forged.verify(), Ok(()), "C = (ab − alpha·beta − gamma·L) / delta = −L needs no witness");
    assert_eq!(forged.validate(), Err(KeyError::GammaEqualsDelta));
    let mut case = golden(1);
    case.body.copy_within(GAMMA, DELTA.start);
    assert_eq!(case.validate(), Err(KeyError::GammaEqualsDelta));
}

/// With delta = −gamma the same forger takes C = L.
#[test]
fn gamma_equal_to_minus_delta_is_refused_because_it_proves_everything() {
    let (alpha, beta, gamma) = (Fr::from(3u64), Fr::from(5u64), Fr::from(7u64));
    let forged = synthetic_from(
        &[alpha, beta, gamma, -gamma, alpha, beta, Fr::from(19u64), Fr::from(23u64)],
        &[Fr::from(4_242u64)],
    );
    assert_eq!(forged.verify(), Ok(()), "C = (ab − alpha·beta − gamma·L) / delta = L needs no witness");
    assert_eq!(forged.validate(), Err(KeyError::GammaEqualsDelta));
}

#[test]
fn a_key_that_was_never_validated_refuses_with_its_own_error() {
    let mut case = golden(1);
    let last = case.body.len() - 1;
    case.body[last] ^= 1;
    assert_eq!(case.verify(), Err(VerifyError::KeyPointInvalid));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A changed key is refused, or it is another sound key under which the proof proves nothing.
    #[test]
    fn altered_bytes_never_help(at in 0usize..576, bits in 1u8..) {
        let mut case = golden(1);
        case.body[at] ^= bits;
        prop_assert!(case.validate().is_err() || case.verify().is_err());
    }

    /// No bytes stop the validation with a panic.
    #[test]
    fn arbitrary_keys_are_refused(body in prop::collection::vec(any::<u8>(), 0..1_700)) {
        prop_assert!(VerifyingKey::parse(&body).and_then(|key| key.validate()).is_err());
    }
}
