//! Strict verification: what must hold of key, inputs and proof, in this order, and then the pairing equation.

use bn254::{Fq2, G1, G1Affine, G2Affine, msm_g1};

use crate::error::{Error, Kind, Result};
use crate::modulus::{R, Words, is_below};
use crate::pairing::{self, PreparedG2, Product};

/// A Groth16 verifying key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifyingKey {
    /// α in G1.
    pub alpha: G1Affine,
    /// β in G2.
    pub beta: G2Affine,
    /// γ in G2.
    pub gamma: G2Affine,
    /// δ in G2.
    pub delta: G2Affine,
    /// One more than public inputs.
    pub ic: Vec<G1Affine>,
}

/// A Groth16 proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// A in G1.
    pub a: G1Affine,
    /// B in G2.
    pub b: G2Affine,
    /// C in G1.
    pub c: G1Affine,
}

/// A verifying key that was checked, with what does not depend on the proof computed.
pub struct PreparedVerifyingKey {
    pub(crate) ic: Vec<G1Affine>,
    pub(crate) alpha: G1Affine,
    pub(crate) beta: PreparedG2,
    pub(crate) gamma: PreparedG2,
    pub(crate) delta: PreparedG2,
    alpha_beta: Product,
}

/// From this many public inputs on, one multi-scalar multiplication is faster than one product each.
const MSM_FROM: usize = 12;

/// Refuse what is not a point of G1 other than the identity; `name` is how the sentence calls it.
pub(crate) fn check_g1(point: &G1Affine, name: &str) -> Result<()> {
    if !point.is_canonical() {
        return Err(not_canonical(name));
    }
    if point.is_infinity() {
        return Err(at_infinity(name));
    }
    if !point.is_on_curve() {
        return Err(Error::new(Kind::PointNotOnCurve, format!("{name} is not on the curve y² = x³ + 3")));
    }
    Ok(())
}

/// Refuse what is not a point of G2 other than the identity.
pub(crate) fn check_g2(point: &G2Affine, name: &str) -> Result<()> {
    if !point.is_canonical() {
        return Err(not_canonical(name));
    }
    if point.is_infinity() {
        return Err(at_infinity(name));
    }
    if !point.is_on_curve() {
        let message = format!("{name} is not on the twist y² = x³ + 3/(9 + u)");
        return Err(Error::new(Kind::PointNotOnCurve, message));
    }
    if !point.is_in_subgroup() {
        let message = format!("{name} is on the twist but outside its subgroup of order r");
        return Err(Error::new(Kind::PointNotInSubgroup, message));
    }
    Ok(())
}

fn not_canonical(name: &str) -> Error {
    let message = format!("{name} has a coordinate not below the base-field modulus q");
    Error::new(Kind::CoordinateNotCanonical, message)
}

fn at_infinity(name: &str) -> Error {
    Error::new(Kind::PointAtInfinity, format!("{name} is the point at infinity, which is never accepted"))
}

impl VerifyingKey {
    /// Refuse a key with a bad point, and one whose set-up lacks a phase: anyone can forge proofs for it.
    pub fn check(&self) -> Result<()> {
        if self.ic.is_empty() {
            let message = "a verifying key has at least one IC point, this one has none";
            return Err(Error::new(Kind::MalformedVerifyingKey, message));
        }
        if self.alpha == G1Affine::GENERATOR || self.beta == G2Affine::GENERATOR {
            let message = "α or β of the verifying key is the generator: without a phase-1 contribution anyone can \
                           forge proofs";
            return Err(Error::new(Kind::PhaseOneNotContributed, message)
                .hint("make the key from powers of tau that have contributions"));
        }
        check_g1(&self.alpha, "α of the verifying key")?;
        check_g2(&self.beta, "β of the verifying key")?;
        check_g2(&self.gamma, "γ of the verifying key")?;
        check_g2(&self.delta, "δ of the verifying key")?;
        for (index, point) in self.ic.iter().enumerate() {
            check_g1(point, &format!("IC[{index}] of the verifying key"))?;
        }
        // A point and its negative have the same x; with either, C = ∓L proves every statement.
        let gamma_x: Fq2 = self.gamma.x;
        if gamma_x == self.delta.x {
            let message = "γ equals ±δ in the verifying key: without a phase-2 contribution anyone can forge proofs \
                           for it";
            return Err(Error::new(Kind::GammaEqualsDelta, message)
                .hint("contribute to phase 2, then export the key again"));
        }
        Ok(())
    }

    /// Check and prepare.
    pub fn prepare(&self) -> Result<PreparedVerifyingKey> {
        self.check()?;
        Ok(self.prepare_checked())
    }

    /// Prepare a key that `check` has accepted.
    pub(crate) fn prepare_checked(&self) -> PreparedVerifyingKey {
        let beta = pairing::prepare(&self.beta);
        let alpha_beta = pairing::finish(pairing::miller([(self.alpha, beta.clone())]));
        PreparedVerifyingKey {
            ic: self.ic.clone(),
            alpha: self.alpha,
            beta,
            gamma: pairing::prepare(&self.gamma),
            delta: pairing::prepare(&self.delta),
            alpha_beta,
        }
    }
}

impl Proof {
    /// Refuse a proof any of whose points is not a canonical element, other than the identity, of its group.
    pub fn check(&self) -> Result<()> {
        check_g1(&self.a, "A of the proof")?;
        check_g2(&self.b, "B of the proof")?;
        check_g1(&self.c, "C of the proof")
    }
}

impl PreparedVerifyingKey {
    /// Refuse a count other than the key's, and any input that is not below r.
    pub fn check_public_inputs(&self, inputs: &[Words]) -> Result<()> {
        let expected = self.ic.len() - 1;
        if inputs.len() != expected {
            let message = format!("the verifying key takes {expected} public inputs, {} came", inputs.len());
            return Err(Error::new(Kind::PublicInputCountMismatch, message));
        }
        match inputs.iter().position(|input| !is_below(input, &R)) {
            None => Ok(()),
            Some(index) => {
                let message = format!("public input {index} is not below the field modulus r");
                Err(Error::new(Kind::PublicInputNotCanonical, message))
            }
        }
    }

    /// Accept a proof, or say why not.
    pub fn verify(&self, inputs: &[Words], proof: &Proof) -> Result<()> {
        self.check_public_inputs(inputs)?;
        proof.check()?;
        if self.equation_holds(inputs, proof) { Ok(()) } else { Err(invalid_proof()) }
    }

    /// e(A, B) · e(−IC(x), γ) · e(−C, δ) = e(α, β), for arguments that have been checked.
    fn equation_holds(&self, inputs: &[Words], proof: &Proof) -> bool {
        let ic = (-self.combined_ic(inputs)).to_affine();
        let product = pairing::miller([
            (proof.a, pairing::prepare(&proof.b)),
            (ic, self.gamma.clone()),
            (-proof.c, self.delta.clone()),
        ]);
        pairing::finish(product) == self.alpha_beta
    }

    fn combined_ic(&self, inputs: &[Words]) -> G1 {
        let (constant, points) = (G1::from(self.ic[0]), &self.ic[1..]);
        if inputs.len() >= MSM_FROM {
            return constant + msm_g1(points, inputs, 1);
        }
        points.iter().zip(inputs).fold(constant, |sum, (point, input)| sum + point.mul_plain(input))
    }
}

/// The refusal of a proof for which the equation does not hold.
pub(crate) fn invalid_proof() -> Error {
    Error::new(Kind::InvalidProof, "the proof is not valid for this verifying key and these public inputs")
        .hint("compare the key with the circuit's, and the public inputs with those that were proven")
}
