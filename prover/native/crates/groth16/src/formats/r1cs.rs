//! Rank-1 constraint systems (.r1cs, version 1) over BN254's scalars: read, and checked against a full witness.
//!
//! Format: iden3/r1csfile, doc/r1cs_bin_format.md. Wire 0 is the constant 1; then outputs, public inputs, private
//! inputs, internal wires. Coefficients are plain integers.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bn254::{Field, Fr};

use super::container::{Container, HEADER_BYTES_MAX, Reader};
use crate::error::{Error, Kind, Result};
use crate::modulus::{ONE, R, Words, is_below};

const HEADER: u32 = 1;
const CONSTRAINTS: u32 = 2;
const LABELS: u32 = 3;
const FIELD_BYTES: u32 = 32;
const TERM_BYTES: usize = 4 + FIELD_BYTES as usize;
const SMALLEST_CONSTRAINT_BYTES: u64 = 12;
const MINUS_ONE: Words = [R[0] - 1, R[1], R[2], R[3]];
/// The Montgomery form of 2^512, so that a product of three plain values and this is in the same scale as one of them.
const R3: Fr =
    Fr([0x5e94_d8e1_b4bf_0040, 0x2a48_9cbe_1cfb_b6b8, 0x893c_c664_a19f_cfed, 0x0cf8_594b_7fcc_657c]);

/// A constraint system. Wires and coefficients of all terms are in range.
#[derive(Debug)]
pub struct R1cs {
    /// The file's name, for sentences.
    pub name: String,
    /// Wires, the constant included.
    pub n_wires: u32,
    /// Public outputs.
    pub n_public_outputs: u32,
    /// Public inputs.
    pub n_public_inputs: u32,
    /// Private inputs, as declared; optimisation may have removed the wires of some.
    pub n_private_inputs: u32,
    /// Labels in the .sym file.
    pub n_labels: u64,
    terms: Vec<u8>,
    starts: Vec<u64>,
}

/// One linear combination: `(wire, plain coefficient)`.
#[derive(Debug, Clone, Copy)]
pub struct Combination<'a>(&'a [[u8; TERM_BYTES]]);

impl<'a> Combination<'a> {
    /// The terms, in the order of the file.
    pub fn terms(self) -> impl ExactSizeIterator<Item = (u32, Words)> + 'a {
        self.0.iter().map(term)
    }

    /// The value at a witness, divided by 2^256: what multiplying plain words by Montgomery's product gives.
    fn evaluate(self, witness: &[Words]) -> Fr {
        let (mut plain, mut scaled) = (Fr::ZERO, Fr::ZERO);
        let mut any_plain = false;
        for (wire, coefficient) in self.terms() {
            let value = Fr(witness[wire as usize]);
            // Most coefficients of a circuit are 1 or −1, which need no product.
            if coefficient == ONE {
                plain += value;
                any_plain = true;
            } else if coefficient == MINUS_ONE {
                plain -= value;
                any_plain = true;
            } else {
                scaled += Fr(coefficient) * value;
            }
        }
        if any_plain { scaled + plain * Fr(ONE) } else { scaled }
    }
}

fn term(bytes: &[u8; TERM_BYTES]) -> (u32, Words) {
    let (wire, value) = bytes.split_at(4);
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(value.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    (wire.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)), words)
}

impl R1cs {
    /// Read and check a whole file.
    pub fn read(path: &Path) -> Result<Self> {
        let file = Container::open(path, "r1cs", 1)?;
        let name = file.name().to_string();
        let header = file.read(HEADER, HEADER_BYTES_MAX)?;
        let mut header = Reader::new(&header, format!("{name}, section {HEADER}"));
        if header.u32()? != FIELD_BYTES || header.limbs()? != R {
            let message = format!("{name} is a constraint system over another field than BN254's");
            return Err(Error::new(Kind::WrongField, message));
        }
        let (n_wires, n_public_outputs) = (header.u32()?, header.u32()?);
        let (n_public_inputs, n_private_inputs) = (header.u32()?, header.u32()?);
        let (n_labels, n_constraints) = (header.u64()?, header.u32()?);
        header.require_end()?;
        if 1 + u64::from(n_public_outputs) + u64::from(n_public_inputs) > u64::from(n_wires) {
            let message = format!("{name}: {n_wires} wires cannot hold its public inputs and outputs");
            return Err(Error::new(Kind::FileFormat, message));
        }
        if u64::from(n_constraints) * SMALLEST_CONSTRAINT_BYTES > file.section(CONSTRAINTS)?.length {
            let message =
                format!("{name} announces {n_constraints} constraints, more than its section holds");
            return Err(Error::new(Kind::TruncatedFile, message));
        }
        file.require_length(LABELS, 8 * u64::from(n_wires))?;
        file.require_memory()?;
        let terms = file.read(CONSTRAINTS, u64::MAX)?;
        let starts =
            check_constraints(&terms, n_constraints, n_wires, &format!("{name}, section {CONSTRAINTS}"))?;
        Ok(Self {
            name,
            n_wires,
            n_public_outputs,
            n_public_inputs,
            n_private_inputs,
            n_labels,
            terms,
            starts,
        })
    }

    /// How many constraints there are.
    pub fn n_constraints(&self) -> usize {
        self.starts.len()
    }

    /// Public signals: outputs, then public inputs.
    pub fn n_public(&self) -> u32 {
        self.n_public_outputs + self.n_public_inputs
    }

    /// A, B, C of constraint `index`: A·w × B·w = C·w.
    ///
    /// # Panics
    /// When there is no constraint of this index.
    pub fn constraint(&self, index: usize) -> [Combination<'_>; 3] {
        let mut rest = &self.terms[self.starts[index] as usize..];
        std::array::from_fn(|_| {
            // `check_constraints` has walked the same way, so every part is there.
            let (count, tail) = rest.split_at(4);
            let count = count.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            let (part, tail) = tail.split_at(count * TERM_BYTES);
            rest = tail;
            Combination(part.as_chunks().0)
        })
    }

    /// Refuse a witness of another number of wires.
    pub(crate) fn require_wires(&self, came: usize) -> Result<()> {
        if came == self.n_wires as usize {
            return Ok(());
        }
        let message = format!("this constraint system has {} wires; a witness of {came} came", self.n_wires);
        Err(Error::new(Kind::WireCountMismatch, message))
    }

    /// Whether one constraint holds for a witness of as many wires.
    pub(crate) fn holds(&self, index: usize, witness: &[Words]) -> bool {
        // With plain words the three values are a/2²⁵⁶, b/2²⁵⁶, c/2²⁵⁶; the factor brings both sides to one scale.
        let [a, b, c] = self.constraint(index).map(|part| part.evaluate(witness));
        a * R3 * b == c
    }

    /// The first constraint that a full witness violates, in the order of the file.
    pub fn first_violation(&self, witness: &[Words], threads: usize) -> Result<Option<usize>> {
        self.require_wires(witness.len())?;
        let n = self.n_constraints();
        let first = AtomicUsize::new(usize::MAX);
        let share = n.div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for from in (0..n).step_by(share) {
                let first = &first;
                let check = move || {
                    for index in from..n.min(from + share) {
                        if first.load(Ordering::Relaxed) < from {
                            return;
                        }
                        if !self.holds(index, witness) {
                            first.fetch_min(index, Ordering::Relaxed);
                            return;
                        }
                    }
                };
                if from + share >= n {
                    check();
                } else {
                    scope.spawn(check);
                }
            }
        });
        let first = first.into_inner();
        Ok((first != usize::MAX).then_some(first))
    }
}

/// Walk over all constraints; return where each starts.
fn check_constraints(data: &[u8], count: u32, n_wires: u32, place: &str) -> Result<Vec<u64>> {
    let mut starts = Vec::with_capacity(count as usize);
    let mut reader = Reader::new(data, place);
    for index in 0..count {
        starts.push((data.len() - reader.left()) as u64);
        for _ in 0..3 {
            if reader.left() < 4 {
                let message = format!("{place}: constraint {index} is cut short");
                return Err(Error::new(Kind::TruncatedFile, message));
            }
            let terms = reader.u32()?;
            let length = u64::from(terms) * TERM_BYTES as u64;
            if length > reader.left() as u64 {
                let message =
                    format!("{place}: constraint {index} announces {terms} terms, more than are left");
                return Err(Error::new(Kind::TruncatedFile, message));
            }
            for (wire, value) in reader.take(length as usize)?.as_chunks().0.iter().map(term) {
                if !is_below(&value, &R) {
                    let message =
                        format!("{place}: a coefficient of constraint {index} is not below the modulus");
                    return Err(Error::new(Kind::FileFormat, message));
                }
                if wire >= n_wires {
                    let message = format!("{place}: constraint {index} names wire {wire} of {n_wires}");
                    return Err(Error::new(Kind::FileFormat, message));
                }
            }
        }
    }
    if reader.left() > 0 {
        let message = format!("{place}: {} bytes stand behind the last constraint", reader.left());
        return Err(Error::new(Kind::SectionLength, message));
    }
    Ok(starts)
}
