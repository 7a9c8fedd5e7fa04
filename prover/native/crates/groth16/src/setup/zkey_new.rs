//! A proving key without contributions, from a circuit and prepared powers of tau.
//!
//! Facts: iden3/snarkjs, src/zkey_new.js. γ and δ are the generators, so anyone can forge proofs under such a key until
//! somebody contributes to phase 2.

use std::path::Path;

use bn254::{Affine, Fq, Fq2, Fr, G1Affine, G2Affine};

use super::blake2b::Blake2b;
use super::output::Output;
use super::phase_two::{KIND, header_bytes, records};
use super::points::{PIECE, Stored, read_checked, scale};
use super::raw_difference::raw_difference;
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::points::G1_BYTES;
use crate::formats::ptau::{self, Ptau};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{ZkeyHeader, sections};
use crate::memory::bytes_of;
use crate::modulus::{ONE, Words};

/// Powers that snarkjs hashes at once. It hashes as many again until it has passed the last one but one.
const HASHED_AT_ONCE: u64 = 1 << 14;
/// The largest domain whose double is one, too.
const DOMAIN_POWER_MAX: u32 = 27;

/// Everything a key has before anyone contributes to it.
pub(crate) struct InitialKey {
    pub(crate) header: ZkeyHeader,
    /// The content of the coefficients' section.
    pub(crate) coefficients: Vec<u8>,
    pub(crate) ic: Vec<G1Affine>,
    pub(crate) a: Vec<G1Affine>,
    pub(crate) b1: Vec<G1Affine>,
    pub(crate) b2: Vec<G2Affine>,
    pub(crate) c: Vec<G1Affine>,
    pub(crate) h: Vec<G1Affine>,
    pub(crate) circuit_hash: [u8; 64],
}

/// Write the proving key of a circuit under prepared powers of tau; return the circuit's hash.
///
/// Memory: about the size of the key, and of the part of the powers that the circuit needs.
pub fn new_key(
    r1cs: &Path,
    ptau: &Path,
    output: &Path,
    threads: usize,
    control: &Control,
) -> Result<[u8; 64]> {
    let circuit = R1cs::read(r1cs)?;
    let powers = Ptau::open(ptau)?;
    let key = InitialKey::make(&circuit, &powers, threads, control, 950)?;
    let mut output = Output::create(output, KIND, 10)?;
    output.whole(sections::PROTOCOL, &1u32.to_le_bytes())?;
    output.whole(sections::HEADER, &header_bytes(&key.header))?;
    output.whole(sections::COEFFICIENTS, &key.coefficients)?;
    output.whole(sections::IC, bytes_of(&key.ic))?;
    output.whole(sections::H, bytes_of(&key.h))?;
    output.whole(sections::C, bytes_of(&key.c))?;
    output.whole(sections::A, bytes_of(&key.a))?;
    output.whole(sections::B1, bytes_of(&key.b1))?;
    output.whole(sections::B2, bytes_of(&key.b2))?;
    output.whole(sections::CONTRIBUTIONS, &records(&key.circuit_hash, &[]))?;
    output.finish()?;
    control.advance(1000);
    Ok(key.circuit_hash)
}

/// The k of the smallest domain of 2^k rows: one per constraint, one per public signal, one for the constant 1.
pub(crate) fn domain_power(circuit: &R1cs) -> u32 {
    let rows = circuit.n_constraints() as u64 + u64::from(circuit.n_public());
    u64::BITS - rows.leading_zeros()
}

/// Refuse a circuit and powers of tau that make no key worth having.
pub(crate) fn check_fit(circuit: &R1cs, powers: &Ptau) -> Result<()> {
    let name = powers.file.name();
    if circuit.n_constraints() == 0 {
        let message = format!("{} has no constraint, so a proof of it would say nothing", circuit.name);
        return Err(Error::new(Kind::EmptyCircuit, message));
    }
    if powers.tau_is_one() || powers.contributions.is_empty() {
        let message = format!(
            "{name} has no phase-1 contribution: τ is 1, and keys made from it accept forged witnesses"
        );
        return Err(Error::new(Kind::PhaseOneNotContributed, message)
            .hint("contribute to it first, or use powers of tau of a public ceremony"));
    }
    if !powers.prepared {
        let message = format!("{name} is not prepared for phase 2");
        return Err(Error::new(Kind::PtauNotPrepared, message).hint("run `anomi setup prepare` on it"));
    }
    let needed = domain_power(circuit);
    if needed > powers.power || needed > DOMAIN_POWER_MAX {
        let message = format!(
            "the circuit has {} constraints and {} public signals, which takes powers of tau of power {needed}; {name} \
             has power {}, and keys of up to {DOMAIN_POWER_MAX} are made here",
            circuit.n_constraints(),
            circuit.n_public(),
            powers.power
        );
        return Err(Error::new(Kind::CircuitTooLarge, message).hint(
            "use larger powers of tau, such as those of a public ceremony (`anomi setup dev --ptau`)",
        ));
    }
    Ok(())
}

/// One term of a wire's polynomial in a matrix: the row and the coefficient.
type Term = (u32, Words);

/// The terms of one matrix, wire after wire; those of wire i end before `ends[i]`.
struct Terms {
    terms: Vec<Term>,
    ends: Vec<usize>,
}

impl Terms {
    /// Matrix number `matrix` of a circuit, as far as wires go; with `consistency`, also a row with coefficient 1 for
    /// each public signal and the constant.
    fn of(circuit: &R1cs, matrix: usize, consistency: bool) -> Self {
        let mut starts = vec![0usize; circuit.n_wires as usize + 1];
        let n = circuit.n_constraints();
        let extra = || (0..=circuit.n_public()).filter(|_| consistency);
        for row in 0..n {
            for (wire, _) in circuit.constraint(row)[matrix].terms() {
                starts[wire as usize + 1] += 1;
            }
        }
        extra().for_each(|wire| starts[wire as usize + 1] += 1);
        for wire in 1..starts.len() {
            starts[wire] += starts[wire - 1];
        }
        let mut terms = vec![(0, [0; 4]); starts[circuit.n_wires as usize]];
        // Placing a term moves its wire's start to what becomes its end.
        let mut place = |wire: u32, term: Term| {
            terms[starts[wire as usize]] = term;
            starts[wire as usize] += 1;
        };
        for row in 0..n {
            for (wire, coefficient) in circuit.constraint(row)[matrix].terms() {
                place(wire, (row as u32, coefficient));
            }
        }
        extra().for_each(|wire| place(wire, (n as u32 + wire, ONE)));
        starts.pop();
        Self { terms, ends: starts }
    }

    /// The terms of one wire.
    fn wire(&self, wire: usize) -> &[Term] {
        let start = wire.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.terms[start..self.ends[wire]]
    }
}

/// For each wire the sum over parts of coefficient times the basis' point of the row.
fn combine<F: Stored>(
    parts: &[(&Terms, &[Affine<F>])],
    wires: std::ops::Range<usize>,
    threads: usize,
    control: &Control,
) -> Result<Vec<Affine<F>>> {
    let mut sums = Vec::with_capacity(wires.len());
    let (mut points, mut scalars, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    let last = wires.end.wrapping_sub(1);
    for wire in wires {
        for (terms, basis) in parts {
            for (row, coefficient) in terms.wire(wire) {
                points.push(basis[*row as usize]);
                scalars.push(*coefficient);
            }
        }
        ends.push(points.len());
        if points.len() >= PIECE || wire == last {
            scale(&mut points, &scalars, threads, control)?;
            sums.extend(F::sum_runs(&points, &ends, threads));
            points.clear();
            scalars.clear();
            ends.clear();
        }
    }
    Ok(sums)
}

impl InitialKey {
    /// Compute the key; progress goes up to `permille`.
    pub(crate) fn make(
        circuit: &R1cs,
        powers: &Ptau,
        threads: usize,
        control: &Control,
        permille: u32,
    ) -> Result<Self> {
        check_fit(circuit, powers)?;
        let power = domain_power(circuit);
        let size = 1usize << power;
        let (n_vars, n_public) = (circuit.n_wires as usize, circuit.n_public());
        let file = &powers.file;
        let advance = |tenths: u32| control.advance(permille * tenths / 10);

        let one = |section| read_checked::<Fq>(file, section, 0, 1, 1, control).map(|points| points[0]);
        let header = ZkeyHeader {
            n_vars: circuit.n_wires,
            n_public,
            domain_power: power,
            alpha1: one(ptau::sections::ALPHA_TAU_G1)?,
            beta1: one(ptau::sections::BETA_TAU_G1)?,
            beta2: read_checked::<Fq2>(file, ptau::sections::BETA_G2, 0, 1, 1, control)?[0],
            gamma2: G2Affine::GENERATOR,
            delta1: G1Affine::GENERATOR,
            delta2: G2Affine::GENERATOR,
        };
        let from = size as u64 - 1;
        let basis = |section| read_checked::<Fq>(file, section, from, size, threads, control);
        let tau = basis(ptau::sections::LAGRANGE_TAU_G1)?;
        let alpha = basis(ptau::sections::LAGRANGE_ALPHA_G1)?;
        let beta = basis(ptau::sections::LAGRANGE_BETA_G1)?;
        let h = {
            let double = 2 * size;
            let section = ptau::sections::LAGRANGE_TAU_G1;
            let basis = read_checked::<Fq>(file, section, double as u64 - 1, double, threads, control)?;
            basis.into_iter().skip(1).step_by(2).collect()
        };
        advance(1);

        let [in_a, in_b, in_c] = [(0, true), (1, false), (2, false)].map(|(m, c)| Terms::of(circuit, m, c));
        let a = combine(&[(&in_a, &tau)], 0..n_vars, threads, control)?;
        advance(2);
        let b1 = combine(&[(&in_b, &tau)], 0..n_vars, threads, control)?;
        advance(4);
        let mut ic = combine(&[(&in_a, &beta), (&in_b, &alpha), (&in_c, &tau)], 0..n_vars, threads, control)?;
        let c = ic.split_off(n_public as usize + 1);
        drop((tau, alpha, beta));
        advance(7);
        let tau2 = read_checked::<Fq2>(file, ptau::sections::LAGRANGE_TAU_G2, from, size, threads, control)?;
        let b2 = combine(&[(&in_b, &tau2)], 0..n_vars, threads, control)?;
        drop(tau2);
        advance(9);

        let mut key =
            Self { header, coefficients: coefficients(circuit), ic, a, b1, b2, c, h, circuit_hash: [0; 64] };
        key.circuit_hash = key.hash(powers, threads, control)?;
        advance(10);
        Ok(key)
    }

    /// The hash over all points and the powers that H stands for.
    fn hash(&self, powers: &Ptau, threads: usize, control: &Control) -> Result<[u8; 64]> {
        let mut hash = Blake2b::new();
        hash.points(&[self.header.alpha1, self.header.beta1]);
        hash.points(&[self.header.beta2, self.header.gamma2]);
        hash.point(&self.header.delta1);
        hash.point(&self.header.delta2);
        let count = |hash: &mut Blake2b, count: usize| hash.update(&(count as u32).to_be_bytes());
        count(&mut hash, self.ic.len());
        hash.points(&self.ic);
        count(&mut hash, self.h.len() - 1);
        hash_quotient_powers(&mut hash, self.header.domain_power, powers, threads, control)?;
        count(&mut hash, self.c.len());
        hash.points(&self.c);
        for points in [&self.a, &self.b1] {
            count(&mut hash, points.len());
            hash.points(points);
        }
        count(&mut hash, self.b2.len());
        hash.points(&self.b2);
        Ok(hash.finish())
    }
}

/// Take [τ^(n+i) − τ^i]₁ for i < n − 1, and for i = n − 1, too, when n is more than snarkjs hashes at once.
///
/// When the powers end there, the last one is made of the bytes behind them, which are no point: the circuit's hash has
/// it so.
fn hash_quotient_powers(
    hash: &mut Blake2b,
    domain_power: u32,
    powers: &Ptau,
    threads: usize,
    control: &Control,
) -> Result<()> {
    let size = 1u64 << domain_power;
    let known = (2 << powers.power) - 1;
    let wanted = if size > HASHED_AT_ONCE { size } else { size - 1 };
    let regular = wanted.min(known - size);
    let section = ptau::sections::TAU_G1;
    let read = |from, count| read_checked::<Fq>(&powers.file, section, from, count, threads, control);
    let mut from = 0;
    while from < regular {
        let count = HASHED_AT_ONCE.min(regular - from) as usize;
        let (mut high, mut low) = (read(from + size, count)?, read(from, count)?);
        bn254::Group::butterflies(&mut high, &mut low, threads);
        hash.points(&low);
        from += count as u64;
    }
    if regular < wanted {
        let offset = powers.file.section(section)?.offset;
        let mut sides = [[0; 64]; 2];
        for (side, place) in sides.iter_mut().zip([2 * size - 1, size - 1]) {
            powers.file.read_at(offset + place * G1_BYTES, side)?;
        }
        hash.update(&raw_difference(&sides[0], &sides[1]));
    }
    Ok(())
}

/// The content of the coefficients' section: for each row A's terms, then B's; last, A's rows of the public signals.
fn coefficients(circuit: &R1cs) -> Vec<u8> {
    let mut out = vec![0; 4];
    let mut count = 0u32;
    let mut push = |matrix: u32, row: u32, wire: u32, coefficient: &Words| {
        for number in [matrix, row, wire] {
            out.extend(number.to_le_bytes());
        }
        // Times 2^512: a plain number taken for a Montgomery form, twice. All coefficients are below r.
        let once = Fr::from_plain(coefficient).unwrap_or_default();
        let twice = Fr::from_plain(&once.0).unwrap_or_default();
        out.extend(twice.0.iter().flat_map(|word| word.to_le_bytes()));
        count += 1;
    };
    let n = circuit.n_constraints();
    for row in 0..n {
        let [a, b, _] = circuit.constraint(row);
        for (matrix, part) in [(0, a), (1, b)] {
            part.terms().for_each(|(wire, coefficient)| push(matrix, row as u32, wire, &coefficient));
        }
    }
    (0..=circuit.n_public()).for_each(|wire| push(0, n as u32 + wire, wire, &ONE));
    out[..4].copy_from_slice(&count.to_le_bytes());
    out
}
