//! Keys and proofs for the tests: the golden vectors of `tests/vectors/groth16`, made by snarkjs, and synthetic ones, made here
//! from known discrete logarithms, for any number of public inputs.

// Each test file is a crate of its own and uses a part of this module.
#![allow(dead_code)]

use std::{fs, path::PathBuf};

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, Field, PrimeField};
use serde_json::Value;

pub const GOLDEN_COUNTS: [usize; 6] = [0, 1, 2, 4, 8, 12];

#[derive(Clone, Debug)]
pub struct Case {
    pub body: Vec<u8>,
    pub proof: [u8; 256],
    pub inputs: Vec<[u8; 32]>,
}

impl Case {
    /// Verifies with the validated key.
    pub fn verify(&self) -> Result<(), groth16_verify::VerifyError> {
        let key = groth16_verify::VerifyingKey::parse(&self.body).unwrap();
        groth16_verify::verify(&key, &self.proof, &self.inputs)
    }

    /// Parses and validates the key.
    pub fn validate(&self) -> Result<(), groth16_verify::KeyError> {
        groth16_verify::VerifyingKey::parse(&self.body)?.validate()
    }
}

pub fn golden(public_inputs: usize) -> Case {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/groth16");
    let text = fs::read_to_string(folder.join(format!("public_{public_inputs}.json"))).unwrap();
    let vector: Value = serde_json::from_str(&text).unwrap();
    let bytes = |name: &str| decode_hex(vector[name].as_str().unwrap());
    let input_bytes = bytes("inputs_hex");
    let (inputs, rest) = input_bytes.as_chunks();
    assert!(rest.is_empty() && inputs.len() == public_inputs);
    Case {
        body: bytes("key_body_hex"),
        proof: bytes("proof_hex").try_into().unwrap(),
        inputs: inputs.to_vec(),
    }
}

fn decode_hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A key whose discrete logarithms are `secrets` (alpha, beta, gamma, delta, a, b, then IC₀ …), with a true proof for `inputs`.
pub fn synthetic(secrets: &[u64], inputs: &[Fr]) -> Case {
    synthetic_from(&secrets.iter().map(|secret| Fr::from(*secret)).collect::<Vec<_>>(), inputs)
}

/// The same, for secrets of any size.
pub fn synthetic_from(secrets: &[Fr], inputs: &[Fr]) -> Case {
    let [alpha, beta, gamma, delta, a, b, ic @ ..] = secrets else { panic!("too few secrets") };
    assert_eq!(ic.len(), inputs.len() + 1);
    let l = ic[0] + ic[1..].iter().zip(inputs).map(|(point, input)| *point * input).sum::<Fr>();
    let c = (*a * b - *alpha * beta - l * gamma) * delta.inverse().unwrap();
    let mut body = Vec::new();
    body.extend(g1(&(G1Affine::generator() * alpha).into_affine()));
    for secret in [beta, gamma, delta] {
        body.extend(g2(&(G2Affine::generator() * -*secret).into_affine()));
    }
    for secret in ic {
        body.extend(g1(&(G1Affine::generator() * secret).into_affine()));
    }
    let mut proof = Vec::new();
    proof.extend(g1(&(G1Affine::generator() * a).into_affine()));
    proof.extend(g2(&(G2Affine::generator() * b).into_affine()));
    proof.extend(g1(&(G1Affine::generator() * c).into_affine()));
    Case {
        body,
        proof: proof.try_into().unwrap(),
        inputs: inputs.iter().map(|input| big_endian(*input)).collect(),
    }
}

pub fn big_endian<F: PrimeField>(value: F) -> [u8; 32] {
    value.into_bigint().to_bytes_be().try_into().unwrap()
}

pub fn g1(point: &G1Affine) -> [u8; 64] {
    let (x, y) = point.xy().unwrap();
    [big_endian(x), big_endian(y)].concat().try_into().unwrap()
}

pub fn g2(point: &G2Affine) -> [u8; 128] {
    let (x, y) = point.xy().unwrap();
    [x.c1, x.c0, y.c1, y.c0].map(big_endian).concat().try_into().unwrap()
}

/// A point on the curve of G2 outside the subgroup of order r: nearly every point with a small x is one.
pub fn g2_outside_subgroup() -> [u8; 128] {
    let point = (1u64..)
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::new(Fq::from(x), Fq::from(0u64)), false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .unwrap();
    assert!(point.is_on_curve());
    g2(&point)
}

/// `value + modulus` as 32 big-endian bytes, when it fits.
pub fn plus<F: PrimeField>(value: &[u8; 32]) -> Option<[u8; 32]> {
    let modulus = F::MODULUS.to_bytes_be();
    let mut sum = [0u8; 32];
    let mut carry = 0u16;
    for at in (0..32).rev() {
        carry += u16::from(value[at]) + u16::from(modulus[at]);
        sum[at] = carry as u8;
        carry >>= 8;
    }
    (carry == 0).then_some(sum)
}
