//! Proving: Groth16 with snarkjs's reduction from constraints to polynomials.
//!
//! A(x)·B(x) − C(x) is computed on the odd coset of the domain, where Z(x) = xⁿ − 1 is the constant −2, and section H of
//! the key holds that coset's Lagrange basis times Z(τ)/δ up to the same constant: no division is left. C = A·B holds at
//! every place of the domain, so the file needs no matrix C. (J. Groth, “On the size of pairing-based non-interactive
//! arguments”, eprint 2016/260; iden3/snarkjs, src/groth16_prove.js.)

use std::sync::OnceLock;

use bn254::{Domain, Fr, G1, G1Affine, G2, G2Affine, msm_g1, msm_g2};

use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::wtns::Witness;
use crate::formats::zkey::Zkey;
use crate::memory::{wipe, zeros};
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
    a: Bases<G1Affine>,
    b1: Bases<G1Affine>,
    b2: Bases<G2Affine>,
    masks: OnceLock<Masks>,
}

/// The bases of one sum over the witness, without those at infinity.
struct Bases<P> {
    points: Vec<P>,
    /// The wire of each point; None when every wire from the first on has one.
    wires: Option<Vec<u32>>,
}

/// For each sum random scalars and their sum, by which `constant_work` masks the witness.
struct Masks {
    scalars: Vec<Words>,
    a: G1,
    b1: G1,
    b2: G2,
    c: G1,
    h: G1,
}

impl Prover {
    /// Check a key and make it ready. `points_are_known`: this very file's points passed `check_points` before.
    pub fn new(mut key: Zkey, threads: usize, points_are_known: bool, control: &Control) -> Result<Self> {
        let verifying_key = key.check()?;
        if !points_are_known {
            key.check_points(threads, control)?;
        }
        let domain = Domain::new(key.header.domain_power).ok_or_else(|| {
            let message = format!("{}: domains of 2^28 and more are read, but not proven here", key.name);
            Error::new(Kind::Usage, message)
        })?;
        let a = Bases::of_g1(std::mem::take(&mut key.a));
        let b1 = Bases::of_g1(std::mem::take(&mut key.b1));
        let b2 = Bases::of_g2(std::mem::take(&mut key.b2));
        Ok(Self { key, domain, verifying_key, a, b1, b2, masks: OnceLock::new() })
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

    /// A(x)·B(x) − C(x) on the odd coset, as plain words.
    fn quotient(&self, values: &[Words], threads: usize, control: &Control) -> Result<Vec<Words>> {
        let mut a = control.stage("A·w", 20, || self.key.matrix_a.times(values, threads))??;
        let mut b = control.stage("B·w", 40, || self.key.matrix_b.times(values, threads))??;
        let mut c: Vec<Fr> = zeros(a.len())?;
        for ((c, a), b) in c.iter_mut().zip(&a).zip(&b) {
            *c = *a * *b;
        }
        control
            .stage("transforms", 200, || self.domain.to_odd_coset(&mut [&mut a, &mut b, &mut c], threads))?;
        let mut quotient: Vec<Words> = zeros(a.len())?;
        for (((quotient, a), b), c) in quotient.iter_mut().zip(&a).zip(&b).zip(&c) {
            *quotient = (*a * *b - *c).to_plain();
        }
        wipe(&mut a);
        wipe(&mut b);
        wipe(&mut c);
        Ok(quotient)
    }

    fn sums(&self, values: &[Words], threads: usize, control: &Control) -> Result<Sums> {
        let mut quotient = self.quotient(values, threads, control)?;
        let h = control.stage("H", 500, || msm_g1(&self.key.h, &quotient, threads))?;
        wipe(&mut quotient);
        let a = control.stage("A", 600, || self.a.sum_g1(values, threads))?;
        let b1 = control.stage("B in G1", 650, || self.b1.sum_g1(values, threads))?;
        let b2 = control.stage("B in G2", 850, || self.b2.sum_g2(values, threads))?;
        let private = &values[self.key.ic.len()..];
        let c = control.stage("C", 960, || msm_g1(&self.key.c, private, threads))?;
        Ok(Sums { a, b1, b2, c, h })
    }

    /// The same sums, of the witness less a random multiple of random scalars, whose own sums are known: to whoever
    /// measures time or memory, the work is that of a random witness.
    fn masked_sums(&self, values: &[Words], threads: usize, control: &Control) -> Result<Sums> {
        let masks = self.masks(threads, control)?;
        let factor = random::scalar()?;
        let plain_factor = factor.to_plain();
        let mut masked: Vec<Words> = zeros(values.len())?;
        mask(&mut masked, values, &masks.scalars, factor);
        let mut quotient = self.quotient(values, threads, control)?;
        let mut masked_quotient: Vec<Words> = zeros(quotient.len())?;
        mask(&mut masked_quotient, &quotient, &masks.scalars, factor);
        wipe(&mut quotient);
        let h = control.stage("H", 500, || msm_g1(&self.key.h, &masked_quotient, threads))?;
        let a = control.stage("A", 600, || self.a.sum_g1(&masked, threads))?;
        let b1 = control.stage("B in G1", 650, || self.b1.sum_g1(&masked, threads))?;
        let b2 = control.stage("B in G2", 850, || self.b2.sum_g2(&masked, threads))?;
        let private = &masked[self.key.ic.len()..];
        let c = control.stage("C", 960, || msm_g1(&self.key.c, private, threads))?;
        wipe(&mut masked);
        wipe(&mut masked_quotient);
        Ok(Sums {
            a: a + masks.a.mul_plain(&plain_factor),
            b1: b1 + masks.b1.mul_plain(&plain_factor),
            b2: b2 + masks.b2.mul_plain(&plain_factor),
            c: c + masks.c.mul_plain(&plain_factor),
            h: h + masks.h.mul_plain(&plain_factor),
        })
    }

    fn masks(&self, threads: usize, control: &Control) -> Result<&Masks> {
        if let Some(masks) = self.masks.get() {
            return Ok(masks);
        }
        let masks = control.stage("masks", 10, || {
            let mut scalars: Vec<Words> = zeros(self.domain.size().max(self.key.header.n_vars as usize))?;
            random::fill_scalars(&mut scalars)?;
            let private = &scalars[self.key.ic.len()..self.key.header.n_vars as usize];
            Ok(Masks {
                a: self.a.sum_g1(&scalars, threads),
                b1: self.b1.sum_g1(&scalars, threads),
                b2: self.b2.sum_g2(&scalars, threads),
                c: msm_g1(&self.key.c, private, threads),
                h: msm_g1(&self.key.h, &scalars[..self.domain.size()], threads),
                scalars,
            })
        })??;
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

/// `masked` = `values` − `factor`·`masks`, all plain words.
fn mask(masked: &mut [Words], values: &[Words], masks: &[Words], factor: Fr) {
    for ((masked, value), mask) in masked.iter_mut().zip(values).zip(masks) {
        // Montgomery's product of a Montgomery form and plain words is plain.
        let product = factor * Fr(*mask);
        *masked = (Fr(*value) - product).0;
    }
}

impl<P: Copy> Bases<P> {
    fn new(points: Vec<P>, is_infinity: impl Fn(&P) -> bool) -> Self {
        if !points.iter().any(&is_infinity) {
            return Self { points, wires: None };
        }
        let (wires, mut points): (Vec<u32>, Vec<P>) =
            (0..).zip(points).filter(|(_, point)| !is_infinity(point)).unzip();
        points.shrink_to_fit();
        Self { points, wires: Some(wires) }
    }

    /// The values of the wires that have points.
    fn sum<S>(&self, values: &[Words], sum: impl FnOnce(&[P], &[Words]) -> S) -> S {
        match &self.wires {
            None => sum(&self.points, &values[..self.points.len()]),
            Some(wires) => {
                let mut chosen: Vec<Words> = wires.iter().map(|wire| values[*wire as usize]).collect();
                let total = sum(&self.points, &chosen);
                wipe(&mut chosen);
                total
            }
        }
    }
}

impl Bases<G1Affine> {
    fn of_g1(points: Vec<G1Affine>) -> Self {
        Self::new(points, G1Affine::is_infinity)
    }

    fn sum_g1(&self, values: &[Words], threads: usize) -> G1 {
        self.sum(values, |points, scalars| msm_g1(points, scalars, threads))
    }
}

impl Bases<G2Affine> {
    fn of_g2(points: Vec<G2Affine>) -> Self {
        Self::new(points, G2Affine::is_infinity)
    }

    fn sum_g2(&self, values: &[Words], threads: usize) -> G2 {
        self.sum(values, |points, scalars| msm_g2(points, scalars, threads))
    }
}
