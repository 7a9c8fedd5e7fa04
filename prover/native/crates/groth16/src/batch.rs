//! Many proofs at once, of one or several keys: one random linear combination of their equations, and when it does not
//! hold, the bad ones by halving.
//!
//! With independent random ρᵢ of 128 bits, Π (e(Aᵢ, Bᵢ) · e(−α, β) · e(−ICᵢ, γ) · e(−Cᵢ, δ))^ρᵢ = 1 holds by chance once
//! in 2¹²⁸ unless every equation holds. For each key three pairings are left, for each proof one Miller loop, and one
//! final power for all. (Blazy, Fuchsbauer, Izabachène, Jambert, Sibert, Vergnaud: “Batch Groth–Sahai”, 2010.)

use std::sync::Mutex;

use ark_ff::Field as _;
use bn254::{Fr, G1, G1Affine, msm_g1};

use crate::error::{Error, Kind, Result};
use crate::modulus::Words;
use crate::pairing::{self, Product};
use crate::random;
use crate::verify::{PreparedVerifyingKey, Proof, invalid_proof};

/// One proof to be verified.
pub struct Item<'a> {
    /// Under which key.
    pub key: &'a PreparedVerifyingKey,
    /// Its public inputs.
    pub inputs: &'a [Words],
    /// The proof.
    pub proof: Proof,
}

/// An item with its random factor and what does not change when sets are halved.
struct Weighted<'a> {
    index: usize,
    item: &'a Item<'a>,
    factor: Words,
    /// The Miller loop of (ρA, B).
    loops: Product,
}

/// Verify all; return the refused ones with the reason of each, in order of place. None refused: all are valid.
pub fn verify_batch(items: &[Item<'_>], threads: usize) -> Result<Vec<(usize, Error)>> {
    let mut refused = Vec::new();
    let mut weighted = Vec::new();
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let threads = threads.max(1);
    std::thread::scope(|scope| {
        let work = |thread: usize| {
            for (index, item) in items.iter().enumerate().skip(thread).step_by(threads) {
                let result = weigh(index, item);
                if let Ok(mut results) = results.lock() {
                    results.push((index, result));
                }
            }
        };
        for thread in 1..threads.min(items.len()) {
            scope.spawn(move || work(thread));
        }
        work(0);
    });
    let mut results = results
        .into_inner()
        .map_err(|_| Error::new(Kind::InvalidProof, "a thread that verified proofs ended by a panic"))?;
    results.sort_by_key(|(index, _)| *index);
    for (index, result) in results {
        match result {
            Ok(one) => weighted.push(one),
            Err(error) if error.kind == Kind::NoRandomness => return Err(error),
            Err(error) => refused.push((index, error)),
        }
    }
    if !weighted.is_empty() {
        for index in bad_ones(&weighted, false) {
            refused.push((index, invalid_proof()));
        }
    }
    refused.sort_by_key(|(index, _)| *index);
    Ok(refused)
}

fn weigh<'a>(index: usize, item: &'a Item<'a>) -> Result<Weighted<'a>> {
    item.key.check_public_inputs(item.inputs)?;
    item.proof.check()?;
    let factor = random::coefficient()?;
    let a = item.proof.a.mul_plain(&factor).to_affine();
    let loops = pairing::miller([(a, pairing::prepare(&item.proof.b))]);
    Ok(Weighted { index, item, factor, loops })
}

/// The places of the items whose equation does not hold. `known_bad`: at least one is, which spares the whole's check.
fn bad_ones(set: &[Weighted<'_>], known_bad: bool) -> Vec<usize> {
    if !known_bad && holds(set) {
        return Vec::new();
    }
    if let [only] = set {
        return vec![only.index];
    }
    let (left, right) = set.split_at(set.len() / 2);
    let mut found = bad_ones(left, false);
    // When the left half is good, the right one must hold what made the whole fail.
    found.extend(bad_ones(right, found.is_empty()));
    found
}

fn holds(set: &[Weighted<'_>]) -> bool {
    let mut product = set.iter().fold(Product::ONE, |product, one| product * one.loops);
    let mut keys: Vec<&PreparedVerifyingKey> = Vec::new();
    for one in set {
        if !keys.iter().any(|key| std::ptr::eq(*key, one.item.key)) {
            keys.push(one.item.key);
        }
    }
    for key in keys {
        let of_key: Vec<&Weighted<'_>> = set.iter().filter(|one| std::ptr::eq(one.item.key, key)).collect();
        // Σ ρᵢ for α and IC[0], and Σ ρᵢ·xᵢⱼ for IC[j].
        let mut scalars = vec![Fr::default(); key.ic.len()];
        for one in &of_key {
            let factor = Fr::from_plain(&one.factor).unwrap_or_default();
            scalars[0] += factor;
            for (sum, input) in scalars[1..].iter_mut().zip(one.item.inputs) {
                *sum += factor * Fr::from_plain(input).unwrap_or_default();
            }
        }
        let scalars: Vec<Words> = scalars.iter().map(Fr::to_plain).collect();
        let alpha = key.alpha.mul_plain(&scalars[0]);
        let ic = msm_g1(&key.ic, &scalars, 1);
        let points: Vec<G1Affine> = of_key.iter().map(|one| one.item.proof.c).collect();
        let factors: Vec<Words> = of_key.iter().map(|one| one.factor).collect();
        let c = msm_g1(&points, &factors, 1);
        let negated: Vec<G1> = vec![-alpha, -ic, -c];
        let [alpha, ic, c] = [0, 1, 2].map(|i| negated[i].to_affine());
        product *=
            pairing::miller([(alpha, key.beta.clone()), (ic, key.gamma.clone()), (c, key.delta.clone())]);
    }
    pairing::is_one(product)
}
