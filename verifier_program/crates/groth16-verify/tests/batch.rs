//! Batches on the host: what is accepted, and what is refused with which error.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use ark_bn254::Fr;
use common::{Case, big_endian, g2_outside_subgroup, golden, plus, synthetic_from};
use groth16_verify::{
    BATCH_PAIRS_MAX, BATCH_PROOFS_MAX, Batch, BatchError, PAIR_BYTES, VerifyError, VerifyingKey, verify_batch,
};
use proptest::prelude::*;

/// Proofs of one key, made from known discrete logarithms.
struct Made {
    body: Vec<u8>,
    proofs: Vec<[u8; 256]>,
    inputs: Vec<[u8; 32]>,
}

impl Made {
    fn new(proofs: usize, inputs_each: usize) -> Self {
        let cases: Vec<Case> = (0..proofs).map(|index| case(index, inputs_each)).collect();
        Self {
            body: cases[0].body.clone(),
            proofs: cases.iter().map(|case| case.proof).collect(),
            inputs: cases.into_iter().flat_map(|case| case.inputs).collect(),
        }
    }

    fn verify_in(&self, room: &mut [[u8; PAIR_BYTES]]) -> Result<(), BatchError> {
        let key = VerifyingKey::parse(&self.body).unwrap();
        verify_batch(&key, &Batch { proofs: &self.proofs, public_inputs: &self.inputs }, room)
    }

    /// In memory that is not zeros: what it holds must not matter.
    fn verify(&self) -> Result<(), BatchError> {
        self.verify_in(&mut [[0xA5; PAIR_BYTES]; BATCH_PAIRS_MAX])
    }
}

fn case(index: usize, inputs: usize) -> Case {
    let key = [2u64, 3, 5, 7].map(|secret| -Fr::from(secret));
    let own = [11u64, 13].map(|secret| Fr::from(secret + 100 * index as u64));
    let ic = (0..=inputs as u64).map(|secret| -Fr::from(17 + secret));
    let secrets: Vec<Fr> = key.into_iter().chain(own).chain(ic).collect();
    let values: Vec<Fr> = (0..inputs as u64).map(|value| -Fr::from(value * 31 + index as u64)).collect();
    synthetic_from(&secrets, &values)
}

fn refused(error: VerifyError) -> Result<(), BatchError> {
    Err(BatchError::Refused(error))
}

#[test]
fn batches_of_true_proofs_are_accepted() {
    for (proofs, inputs) in [(1, 0), (1, 1), (2, 0), (2, 16), (3, 2), (BATCH_PROOFS_MAX, 1)] {
        assert_eq!(Made::new(proofs, inputs).verify(), Ok(()), "{proofs} of {inputs}");
    }
    for count in common::GOLDEN_COUNTS {
        let Case { body, proof, inputs } = golden(count);
        let twice = Made { body, proofs: vec![proof; 2], inputs: [inputs.clone(), inputs].concat() };
        assert_eq!(twice.verify(), Ok(()), "golden {count}");
    }
}

#[test]
fn a_false_proof_is_noticed_in_every_place() {
    for at in 0..4 {
        let mut made = Made::new(4, 2);
        made.proofs[at] = case(9, 2).proof;
        assert_eq!(made.verify(), refused(VerifyError::ProofInvalid), "proof {at}");
    }
    for at in 0..8 {
        let mut made = Made::new(4, 2);
        made.inputs[at] = big_endian(Fr::from(1_000_003u64));
        assert_eq!(made.verify(), refused(VerifyError::ProofInvalid), "input {at}");
    }
    let mut made = Made::new(4, 2);
    made.proofs.swap(1, 2);
    assert_eq!(made.verify(), refused(VerifyError::ProofInvalid));
}

#[test]
fn encodings_are_checked_in_every_place() {
    for at in 0..3 {
        let mut made = Made::new(3, 1);
        made.inputs[at] = plus::<Fr>(&made.inputs[at]).unwrap();
        assert_eq!(made.verify(), refused(VerifyError::PublicInputNotCanonical), "input {at}");
        for (bytes, error) in [
            (0..64, VerifyError::ProofPointAtInfinity),
            (64..192, VerifyError::ProofPointAtInfinity),
            (192..256, VerifyError::ProofPointAtInfinity),
            (31..32, VerifyError::ProofPointInvalid),
            (223..224, VerifyError::ProofPointInvalid),
        ] {
            let mut made = Made::new(3, 1);
            made.proofs[at][bytes.clone()].fill(0);
            assert_eq!(made.verify(), refused(error), "proof {at}, {bytes:?}");
        }
        for coordinate in 0..8 {
            let mut made = Made::new(3, 1);
            made.proofs[at][32 * coordinate] |= 0x40;
            assert_eq!(made.verify(), refused(VerifyError::ProofFlagBitsSet), "proof {at}, {coordinate}");
        }
        let mut made = Made::new(3, 1);
        made.proofs[at][64..192].copy_from_slice(&g2_outside_subgroup());
        assert_eq!(made.verify(), refused(VerifyError::ProofPointInvalid), "proof {at}");
    }
}

#[test]
fn sizes_are_checked_first() {
    let mut room = [[0; PAIR_BYTES]; BATCH_PAIRS_MAX + 1];
    let mut made = Made::new(2, 1);
    assert_eq!(made.verify_in(&mut room[..4]), Err(BatchError::TooLarge));
    assert_eq!(made.verify_in(&mut room[..5]), Ok(()));
    made.inputs.pop();
    assert_eq!(made.verify(), refused(VerifyError::PublicInputCountMismatch));
    made.proofs.clear();
    assert_eq!(made.verify(), Err(BatchError::Empty));
    let largest = Made::new(BATCH_PROOFS_MAX + 1, 0);
    assert_eq!(largest.verify_in(&mut room), Err(BatchError::TooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// No change of bits survives, wherever it is.
    #[test]
    fn altered_bytes_are_refused(proofs in 1usize..4, at in any::<prop::sample::Index>(), bits in 1u8..) {
        let mut made = Made::new(proofs, 1);
        let at = at.index(proofs * 288);
        match at.checked_sub(proofs * 256) {
            None => made.proofs.as_flattened_mut()[at] ^= bits,
            Some(at) => made.inputs.as_flattened_mut()[at] ^= bits,
        }
        prop_assert!(matches!(made.verify(), Err(BatchError::Refused(_))));
    }
}
