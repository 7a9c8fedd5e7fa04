//! The same hash over arkworks' field. The constants are drawn as the paper says (L. Grassi et al., "Poseidon: a new hash
//! function for zero-knowledge proof systems", eprint 2019/458, appendix): by a Grain LFSR seeded with the parameters. So
//! nothing is copied that could be mistyped, and the syscall is compared with code that shares none of its tables.

#![allow(clippy::arithmetic_side_effects)] // Field operations do not overflow, and the counts are small.

extern crate std;

use std::{sync::OnceLock, vec::Vec};

use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, Field, PrimeField, Zero};

use crate::FieldBytes;

const FULL_ROUNDS: usize = 8;
/// Partial rounds by number of words, 1 to 12: the paper's, rounded up to a multiple of the width.
const PARTIAL_ROUNDS: [usize; 12] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65];
const FIELD_BITS: u32 = 254;

pub(crate) fn poseidon<const N: usize>(words: [&FieldBytes; N]) -> Option<FieldBytes> {
    static PARAMETERS: [OnceLock<Parameters>; 12] = [const { OnceLock::new() }; 12];
    let parameters = PARAMETERS.get(N.checked_sub(1)?)?.get_or_init(|| Parameters::draw(N));
    let mut state = Vec::from([Fr::zero()]);
    for word in words {
        state.push(read(word)?);
    }
    for (number, constants) in parameters.rounds.iter().enumerate() {
        for (element, constant) in state.iter_mut().zip(constants) {
            *element += constant;
        }
        let partial = (FULL_ROUNDS / 2..parameters.rounds.len() - FULL_ROUNDS / 2).contains(&number);
        for element in state.iter_mut().take(if partial { 1 } else { N + 1 }) {
            *element = element.pow([5]);
        }
        state =
            parameters.matrix.iter().map(|row| row.iter().zip(&state).map(|(m, x)| *m * x).sum()).collect();
    }
    let bytes = state.first()?.into_bigint().to_bytes_be();
    bytes.try_into().ok()
}

fn read(bytes: &FieldBytes) -> Option<Fr> {
    let (words, _) = bytes.as_chunks::<8>();
    let mut limbs = [0u64; 4];
    for (limb, word) in limbs.iter_mut().rev().zip(words) {
        *limb = u64::from_be_bytes(*word);
    }
    Fr::from_bigint(BigInt::new(limbs))
}

/// What the hash of a number of words adds and multiplies by.
struct Parameters {
    rounds: Vec<Vec<Fr>>,
    matrix: Vec<Vec<Fr>>,
}

impl Parameters {
    fn draw(words: usize) -> Self {
        let width = words + 1;
        let partial_rounds =
            words.checked_sub(1).and_then(|at| PARTIAL_ROUNDS.get(at)).copied().unwrap_or_default();
        let mut grain = Grain::seed(width, partial_rounds);
        let rounds = (0..FULL_ROUNDS + partial_rounds)
            .map(|_| (0..width).map(|_| grain.element_below_r()).collect())
            .collect();
        // A Cauchy matrix; its numbers are reduced, not drawn again.
        let drawn: Vec<Fr> = (0..2 * width).map(|_| Fr::from_be_bytes_mod_order(&grain.number())).collect();
        let (xs, ys) = drawn.split_at(width);
        let cell = |x: &Fr, y: &Fr| (*x + y).inverse().unwrap_or_default();
        let matrix = xs.iter().map(|x| ys.iter().map(|y| cell(x, y)).collect()).collect();
        Self { rounds, matrix }
    }
}

/// The self-shrinking Grain LFSR: 80 bits, the oldest lowest.
struct Grain(u128);

impl Grain {
    fn seed(width: usize, partial_rounds: usize) -> Self {
        let parts: [(u128, u32); 7] = [
            (1, 2), // a prime field
            (0, 4), // x^α
            (FIELD_BITS.into(), 12),
            (width as u128, 12),
            (FULL_ROUNDS as u128, 10),
            (partial_rounds as u128, 10),
            ((1 << 30) - 1, 30),
        ];
        // The first bit of the first part is the oldest.
        let (mut state, mut at) = (0, 0);
        for (value, bits) in parts {
            for bit in (0..bits).rev() {
                state |= (value >> bit & 1) << at;
                at += 1;
            }
        }
        let mut grain = Self(state);
        for _ in 0..160 {
            grain.bit();
        }
        grain
    }

    fn bit(&mut self) -> u8 {
        let fresh = [62, 51, 38, 23, 13, 0].into_iter().fold(0, |bit, tap| bit ^ (self.0 >> tap)) & 1;
        self.0 = self.0 >> 1 | fresh << 79;
        fresh as u8
    }

    /// The second bit of the next pair whose first bit is 1.
    fn kept_bit(&mut self) -> u8 {
        loop {
            let (keep, bit) = (self.bit(), self.bit());
            if keep == 1 {
                return bit;
            }
        }
    }

    /// A number of 254 bits, big-endian.
    fn number(&mut self) -> FieldBytes {
        let mut bytes = FieldBytes::default();
        let unused = bytes.len() * 8 - FIELD_BITS as usize;
        for (at, byte) in bytes.iter_mut().enumerate() {
            for _ in 0..if at == 0 { 8 - unused } else { 8 } {
                *byte = *byte << 1 | self.kept_bit();
            }
        }
        bytes
    }

    fn element_below_r(&mut self) -> Fr {
        loop {
            if let Some(element) = read(&self.number()) {
                return element;
            }
        }
    }
}
