//! Proving: Groth16 with snarkjs's reduction from constraints to polynomials.
//!
//! A(x)·B(x) − C(x) is computed on the odd coset of the domain, where Z(x) = xⁿ − 1 is the constant −2, and section H of
//! the key holds that coset's Lagrange basis times Z(τ)/δ up to the same constant: no division is left. C = A·B holds at
//! every place of the domain, so the file needs no matrix C. (J. Groth, “On the size of pairing-based non-interactive
//! arguments”, eprint 2016/260; iden3/snarkjs, src/groth16_prove.js.)

use std::sync::OnceLock;

use bn254::{Bases, Domain, Fr, G1, G2, Stopped, Watch, finite, msm, product_less_plain};

use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::wtns::Witness;
use crate::formats::zkey::Zkey;
use crate::memory::{Secret, plain_words, zeros};
use crate::modulus::Words;
use crate::random;
use crate::verify::{PreparedVerifyingKey, Proof};

/// How to prove.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many threads work; at least one.
    pub threads: usize,
    /// Verify the proof before it is returned. Without, a witness that violates a constraint yields a proof that is
    /// none, and a damaged key one that may tell of the witness.
    pub self_verify: bool,
    /// Make time and memory independent of the witness: every scalar is masked by a random one, so zeros, ones and
    /// small values, which usually are most of a witness, cost as much as any.
    pub constant_work: bool,
}

/// A proving key that was checked and made ready; any number of proofs may be made at once.
pub struct Prover {
    key: Zkey,
    domain: Domain,
    verifying_key: PreparedVerifyingKey,
    finite: Finite,
    masks: OnceLock<Masks>,
}

/// The places of each section's points that are not at infinity.
struct Finite {
    a: Vec<u32>,
    b: Vec<u32>,
    c: Vec<u32>,
    h: Vec<u32>,
}

/// For each sum random scalars and their sum, by which `constant_work` masks the witness.
struct Masks {
    scalars: Secret<Words>,
    sums: Sums,
}

impl Prover {
    /// Check a key and make it ready. `points_are_known`: this very file's points passed `check_points` before.
    pub fn new(key: Zkey, threads: usize, points_are_known: bool, control: &Control) -> Result<Self> {
        let verifying_key = key.check()?;
        if !points_are_known {
            key.check_points(threads, control)?;
        }
        let domain = Domain::new(key.header.domain_power).ok_or_else(|| {
            let message = format!("{}: domains of 2^28 and more are read, but not proven here", key.name);
            Error::new(Kind::Usage, message)
        })?;
        // A wire's point of B is at infinity in both groups or in none; in a key that was made otherwise, a place that
        // counts in one group only is kept for both.
        let b = (0..key.header.n_vars)
            .filter(|wire| {
                let wire = *wire as usize;
                !(key.b1[wire].is_infinity() && key.b2[wire].is_infinity())
            })
            .collect();
        let finite = Finite { a: finite(&key.a), b, c: finite(&key.c), h: finite(&key.h) };
        Ok(Self { key, domain, verifying_key, finite, masks: OnceLock::new() })
    }

    /// The key: its name, hash, counts and verifying key.
    pub fn key(&self) -> &Zkey {
        &self.key
    }

    /// The key's verifying key, prepared.
    pub fn verifying_key(&self) -> &PreparedVerifyingKey {
        &self.verifying_key
    }

    /// Prove a witness.
    pub fn prove(&self, witness: &Witness, options: Options, control: &Control) -> Result<Proof> {
        let n_vars = self.key.header.n_vars as usize;
        let values = witness.values();
        if values.len() != n_vars {
            let message = format!(
                "the proving key has {n_vars} wires, the witness {}: they are of different circuits",
                values.len()
            );
            return Err(Error::new(Kind::WitnessLengthMismatch, message));
        }
        let threads = options.threads.max(1);
        let sums = if options.constant_work {
            self.masked_sums(values, threads, control)?
        } else {
            self.sums(values, threads, control)?
        };
        let proof = control.stage("assemble", 980, || self.assemble(&sums, options.constant_work))??;
        if options.self_verify {
            let n_public = self.key.header.n_public as usize;
            control.stage("self-verify", 1000, || {
                self.verifying_key.verify(&values[1..=n_public], &proof).map_err(|error| self.explain(error))
            })??;
        }
        Ok(proof)
    }

    /// A proof of ours that is refused says something of the witness or of the key.
    fn explain(&self, error: Error) -> Error {
        match error.kind {
            Kind::InvalidProof => Error::new(
                Kind::UnprovableWitness,
                "the proof does not verify: the witness violates a constraint, or is not of this key's circuit",
            )
            .hint("make the witness with the circuit's own generator, and the key from the same .r1cs"),
            Kind::PointNotOnCurve | Kind::PointNotInSubgroup | Kind::PointAtInfinity => Error::new(
                Kind::DamagedKey,
                format!("{} is damaged: the proof made with it is no proof ({error})", self.key.name),
            )
            .hint("get or make the key again"),
            _ => error,
        }
    }

    /// A(x)·B(x) − C(x) on the odd coset; the limbs are those of the plain values, not of their Montgomery forms.
    fn quotient(&self, values: &[Words], threads: usize, control: &Control) -> Result<Secret<Fr>> {
        let mut a = Secret(control.stage("A·w", 20, || self.key.matrix_a.times(values, threads, control))??);
        let mut b = Secret(control.stage("B·w", 40, || self.key.matrix_b.times(values, threads, control))??);
        let mut c: Secret<Fr> = Secret(zeros(a.0.len())?);
        for ((c, a), b) in c.0.iter_mut().zip(&a.0).zip(&b.0) {
            *c = *a * *b;
        }
        control.watched_stage("transforms", 150, |watch| {
            self.domain.to_odd_coset(&mut [&mut a.0, &mut b.0, &mut c.0], threads, watch)
        })?;
        control.stage("quotient", 160, || product_less_plain(&mut a.0, &b.0, &c.0, threads))?;
        Ok(a)
    }

    fn sums(&self, values: &[Words], threads: usize, control: &Control) -> Result<Sums> {
        let quotient = self.quotient(values, threads, control)?;
        let h =
            control.watched_stage("H", 450, |watch| self.sum_h(plain_words(&quotient.0), threads, watch))?;
        drop(quotient);
        self.witness_sums(values, h, threads, control)
    }

    /// The sums over the witness, to go with the one over the quotient.
    fn witness_sums(&self, values: &[Words], h: G1, threads: usize, control: &Control) -> Result<Sums> {
        let a = control.watched_stage("A", 600, |watch| self.sum_a(values, threads, watch))?;
        let (b1, b2) = control.watched_stage("B", 850, |watch| self.sum_b(values, threads, watch))?;
        let c = control.watched_stage("C", 960, |watch| self.sum_c(values, threads, watch))?;
        Ok(Sums { a, b1, b2, c, h })
    }

    /// The same sums, of the witness less a random multiple of random scalars, whose own sums are known: to whoever
    /// measures time or memory, the work is that of a random witness.
    fn masked_sums(&self, values: &[Words], threads: usize, control: &Control) -> Result<Sums> {
        let masks = self.masks(threads, control)?;
        let factor = random::scalar()?;
        let mut quotient = self.quotient(values, threads, control)?;
        mask(&mut quotient.0, &masks.scalars.0, factor);
        let h =
            control.watched_stage("H", 450, |watch| self.sum_h(plain_words(&quotient.0), threads, watch))?;
        drop(quotient);
        let mut masked: Secret<Fr> = Secret(zeros(values.len())?);
        for (masked, value) in masked.0.iter_mut().zip(values) {
            *masked = Fr(*value);
        }
        mask(&mut masked.0, &masks.scalars.0, factor);
        let sums = self.witness_sums(plain_words(&masked.0), h, threads, control)?;
        let factor = factor.to_plain();
        Ok(Sums {
            a: sums.a + masks.sums.a.mul_plain(&factor),
            b1: sums.b1 + masks.sums.b1.mul_plain(&factor),
            b2: sums.b2 + masks.sums.b2.mul_plain(&factor),
            c: sums.c + masks.sums.c.mul_plain(&factor),
            h: sums.h + masks.sums.h.mul_plain(&factor),
        })
    }

    fn sum_a(&self, values: &[Words], threads: usize, watch: Watch<'_>) -> Sum<G1> {
        let bases = Bases { finite: &self.finite.a, g1: Some(&self.key.a), ..Bases::default() };
        Ok(sum(values, bases, threads, watch)?.0)
    }

    fn sum_b(&self, values: &[Words], threads: usize, watch: Watch<'_>) -> Sum<(G1, G2)> {
        let (g1, g2) = (Some(&self.key.b1[..]), Some(&self.key.b2[..]));
        sum(values, Bases { finite: &self.finite.b, g1, g2, ..Bases::default() }, threads, watch)
    }

    fn sum_c(&self, values: &[Words], threads: usize, watch: Watch<'_>) -> Sum<G1> {
        let first_scalar = self.key.ic.len();
        let bases = Bases { first_scalar, finite: &self.finite.c, g1: Some(&self.key.c), g2: None };
        Ok(sum(values, bases, threads, watch)?.0)
    }

    fn sum_h(&self, quotient: &[Words], threads: usize, watch: Watch<'_>) -> Sum<G1> {
        let bases = Bases { finite: &self.finite.h, g1: Some(&self.key.h), ..Bases::default() };
        Ok(sum(quotient, bases, threads, watch)?.0)
    }

    fn masks(&self, threads: usize, control: &Control) -> Result<&Masks> {
        if let Some(masks) = self.masks.get() {
            return Ok(masks);
        }
        let mut scalars: Secret<Words> =
            Secret(zeros(self.domain.size().max(self.key.header.n_vars as usize))?);
        control.stage("random masks", 0, || random::fill_scalars(&mut scalars.0))??;
        let sums = control.watched_stage("sums of masks", 10, |watch| {
            let (b1, b2) = self.sum_b(&scalars.0, threads, watch)?;
            Ok(Sums {
                a: self.sum_a(&scalars.0, threads, watch)?,
                b1,
                b2,
                c: self.sum_c(&scalars.0, threads, watch)?,
                h: self.sum_h(&scalars.0, threads, watch)?,
            })
        })?;
        let masks = Masks { scalars, sums };
        // Two first proofs at once may both compute masks; either's will do.
        Ok(self.masks.get_or_init(|| masks))
    }

    fn assemble(&self, sums: &Sums, constant_work: bool) -> Result<Proof> {
        let header = &self.key.header;
        let (r, s) = (random::scalar()?, random::scalar()?);
        let times = |point: G1, scalar: Fr| multiply(point, scalar, constant_work);
        let delta1 = G1::from(header.delta1);
        let a = G1::from(header.alpha1) + sums.a + times(delta1, r)?;
        let b1 = G1::from(header.beta1) + sums.b1 + times(delta1, s)?;
        let delta2 = G2::from(header.delta2);
        let s_delta2 = if constant_work {
            let part = random::scalar()?;
            delta2.mul(&part) + delta2.mul(&(s - part))
        } else {
            delta2.mul(&s)
        };
        let b2 = G2::from(header.beta2) + sums.b2 + s_delta2;
        let c = sums.c + sums.h + times(a, s)? + times(b1, r)? - times(delta1, r * s)?;
        Ok(Proof { a: a.to_affine(), b: b2.to_affine(), c: c.to_affine() })
    }
}

/// The five sums of a proof over the witness and the quotient.
struct Sums {
    a: G1,
    b1: G1,
    b2: G2,
    c: G1,
    h: G1,
}

/// The product with a secret scalar. With `constant_work`, of two random parts of it.
fn multiply(point: G1, scalar: Fr, constant_work: bool) -> Result<G1> {
    if !constant_work {
        return Ok(point.mul(&scalar));
    }
    let part = random::scalar()?;
    Ok(point.mul(&part) + point.mul(&(scalar - part)))
}

type Sum<T> = std::result::Result<T, Stopped>;

/// One sum in one or both groups.
fn sum(scalars: &[Words], bases: Bases<'_>, threads: usize, watch: Watch<'_>) -> Sum<(G1, G2)> {
    msm(scalars, &bases, &bn254::Options { watch, ..bn254::Options::new(threads) })
}

/// Subtract `factor`·`masks` from values whose limbs are plain.
fn mask(values: &mut [Fr], masks: &[Words], factor: Fr) {
    for (value, mask) in values.iter_mut().zip(masks) {
        // Montgomery's product of a Montgomery form and plain limbs has plain limbs.
        *value -= factor * Fr(*mask);
    }
}
