//! Whether powers of tau are powers, follow from their contributions, and have the Lagrange bases they say.
//!
//! Random sums of all points stand for each of them: coefficients have 128 bits, so a false point passes once in 2^128.

use std::path::Path;

use bn254::{Affine, Domain, Fq, Fq2, Fr, G1Affine, G2Affine, Point};

use super::blake2b::Blake2b;
use super::phase_one::{PublicKey, first_challenge, keys, public_key, response};
use super::points::{Infinity, Stored, check};
use super::record::stream_of;
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::ptau::{PhaseOneContribution, Ptau, sections};
use crate::modulus::Words;
use crate::pairing;
use crate::random;
use crate::verify::{check_g1, check_g2};

/// Points that are summed at once.
const PIECE: u64 = 1 << 18;

/// Accept powers of tau, or say what is wrong with them. Whether they are prepared is said by their header.
pub fn verify_powers(path: &Path, threads: usize, control: &Control) -> Result<()> {
    let powers = Ptau::open(path)?;
    let work = Verifying { powers: &powers, name: powers.file.name(), threads, control };
    let next_challenge = work.chain()?;
    control.advance(100);
    work.powers(next_challenge)?;
    control.advance(500);
    if powers.prepared {
        work.bases()?;
    }
    control.advance(1000);
    Ok(())
}

/// A refusal of a set-up.
pub(crate) fn not_verified(message: String) -> Error {
    Error::new(Kind::SetupNotVerified, message)
}

/// Whether e(a, y) = e(b, x): b is to a as y is to x. None may be at infinity.
pub(crate) fn same_ratio(a: &G1Affine, b: &G1Affine, x: &G2Affine, y: &G2Affine) -> bool {
    if a.is_infinity() || b.is_infinity() || x.is_infinity() || y.is_infinity() {
        return false;
    }
    pairing::is_one(pairing::miller([(*a, pairing::prepare(y)), (-*b, pairing::prepare(x))]))
}

/// Random numbers of 128 bits.
pub(crate) fn coefficients(count: usize) -> Result<Vec<Words>> {
    let mut found = crate::memory::zeros::<Words>(count)?;
    random::fill(crate::memory::bytes_mut(&mut found))?;
    for words in &mut found {
        words[2..].fill(0);
    }
    Ok(found)
}

/// The points after a contribution, and the hash that the next one answers.
struct State {
    tau_g1: G1Affine,
    tau_g2: G2Affine,
    alpha_g1: G1Affine,
    beta_g1: G1Affine,
    beta_g2: G2Affine,
    next_challenge: [u8; 64],
}

impl State {
    fn after(record: &PhaseOneContribution) -> Self {
        Self {
            tau_g1: record.tau_g1,
            tau_g2: record.tau_g2,
            alpha_g1: record.alpha_g1,
            beta_g1: record.beta_g1,
            beta_g2: record.beta_g2,
            next_challenge: record.next_challenge,
        }
    }
}

struct Verifying<'a> {
    powers: &'a Ptau,
    name: &'a str,
    threads: usize,
    control: &'a Control,
}

impl Verifying<'_> {
    /// Follow the contributions.
    fn chain(&self) -> Result<[u8; 64]> {
        let generator = (G1Affine::GENERATOR, G2Affine::GENERATOR);
        let mut state = State {
            tau_g1: generator.0,
            tau_g2: generator.1,
            alpha_g1: generator.0,
            beta_g1: generator.0,
            beta_g2: generator.1,
            next_challenge: first_challenge(self.powers.ceremony_power),
        };
        if self.powers.contributions.is_empty() || self.powers.tau_is_one() {
            let message = format!("{} has no phase-1 contribution: τ is 1", self.name);
            return Err(Error::new(Kind::PhaseOneNotContributed, message));
        }
        for (index, record) in self.powers.contributions.iter().enumerate() {
            self.control.check()?;
            self.contribution(record, &state, &format!("{}: phase-1 contribution {}", self.name, index + 1))?;
            state = State::after(record);
        }
        Ok(state.next_challenge)
    }

    fn contribution(&self, record: &PhaseOneContribution, before: &State, place: &str) -> Result<()> {
        let key = public_key(record);
        for point in key.g1.iter().chain([&record.tau_g1, &record.alpha_g1, &record.beta_g1]) {
            check_g1(point, &format!("a point of {place}"))?;
        }
        for point in key.g2.iter().chain([&record.tau_g2, &record.beta_g2]) {
            check_g2(point, &format!("a point of {place}"))?;
        }
        if let Some(mut stream) = stream_of(&record.said, place, self.control)? {
            let (_, expected): (_, PublicKey) = keys(&mut stream, &before.next_challenge);
            if expected != key {
                return Err(not_verified(format!("{place} is not what its beacon makes")));
            }
        }
        let follows: [(&str, usize, &G1Affine, &G1Affine); 3] = [
            ("τ", 0, &before.tau_g1, &record.tau_g1),
            ("α", 1, &before.alpha_g1, &record.alpha_g1),
            ("β", 2, &before.beta_g1, &record.beta_g1),
        ];
        for (what, index, old, new) in follows {
            let base = key.base(index, &before.next_challenge);
            let shown = &key.g2[index];
            if !same_ratio(&key.g1[2 * index], &key.g1[2 * index + 1], &base, shown) {
                return Err(not_verified(format!(
                    "{place} does not prove that its maker knew the factor of {what}"
                )));
            }
            if !same_ratio(old, new, &base, shown) {
                return Err(not_verified(format!(
                    "{place}: {what} in G1 does not follow from the one before"
                )));
            }
        }
        for (what, index, old, new) in
            [("τ", 0, &before.tau_g2, &record.tau_g2), ("β", 2, &before.beta_g2, &record.beta_g2)]
        {
            if !same_ratio(&key.g1[2 * index], &key.g1[2 * index + 1], old, new) {
                return Err(not_verified(format!(
                    "{place}: {what} in G2 does not follow from the one before"
                )));
            }
        }
        Ok(())
    }

    /// Check that the sections hold powers of the last contribution's numbers, and their hash.
    fn powers(&self, next_challenge: [u8; 64]) -> Result<()> {
        let Some(last) = self.powers.contributions.last() else {
            return Err(not_verified(format!("{} has no contribution", self.name)));
        };
        let mut hash = Blake2b::new();
        let Some(answer) = response(last) else {
            return Err(not_verified(format!("{}: the last contribution's hash state is none", self.name)));
        };
        hash.update(&answer);
        let size = 1u64 << self.powers.power;
        let g2 = G2Affine::GENERATOR;
        for (number, count, first, second) in [
            (sections::TAU_G1, 2 * size - 1, G1Affine::GENERATOR, Some(last.tau_g1)),
            (sections::TAU_G2, size, G1Affine::INFINITY, None),
            (sections::ALPHA_TAU_G1, size, last.alpha_g1, None),
            (sections::BETA_TAU_G1, size, last.beta_g1, None),
        ] {
            if number == sections::TAU_G2 {
                let (heads, low, high) = self.section::<Fq2>(number, count, &mut hash)?;
                self.heads(number, &heads, &g2, Some(&last.tau_g2))?;
                self.require_powers(number, same_ratio(&G1Affine::GENERATOR, &last.tau_g1, &low, &high))?;
            } else {
                let (heads, low, high) = self.section::<Fq>(number, count, &mut hash)?;
                self.heads(number, &heads, &first, second.as_ref())?;
                self.require_powers(number, same_ratio(&low, &high, &g2, &last.tau_g2))?;
            }
        }
        let beta_g2 = Fq2::read(&self.powers.file, sections::BETA_G2, 0, 1)?;
        self.heads(sections::BETA_G2, &beta_g2, &last.beta_g2, None)?;
        hash.points(&beta_g2);
        // Of powers that were cut, the rest of what was hashed is not there.
        if self.powers.power == self.powers.ceremony_power && hash.finish() != next_challenge {
            return Err(not_verified(format!(
                "{}: the points have another hash than the last contribution says",
                self.name
            )));
        }
        Ok(())
    }

    /// Read, check and hash a section: its first two points, and random sums of all but the last and all but the first.
    #[allow(clippy::type_complexity, reason = "three things, used once")]
    fn section<F: Stored + Summed>(
        &self,
        number: u32,
        count: u64,
        hash: &mut Blake2b,
    ) -> Result<(Vec<Affine<F>>, Affine<F>, Affine<F>)> {
        let place = format!("{}, section {number}", self.name);
        let (mut heads, mut low, mut high) = (Vec::new(), Point::INFINITY, Point::INFINITY);
        let mut from = 0;
        // Each piece begins with the point that the one before ends with.
        while from == 0 || from + 1 < count {
            self.control.check()?;
            let length = PIECE.min(count - from) as usize;
            let points = F::read(&self.powers.file, number, from, length)?;
            let new = usize::from(from > 0);
            check(&points[new..], Infinity::Refused, &place, from + new as u64, self.threads, self.control)?;
            hash.points(&points[new..]);
            if from == 0 {
                heads = points[..length.min(2)].to_vec();
            }
            let scalars = coefficients(length - 1)?;
            low += F::sum(&points[..length - 1], &scalars, self.threads);
            high += F::sum(&points[1..], &scalars, self.threads);
            from += length as u64 - 1;
        }
        Ok((heads, low.to_affine(), high.to_affine()))
    }

    fn heads<F: Stored>(
        &self,
        number: u32,
        heads: &[Affine<F>],
        first: &Affine<F>,
        second: Option<&Affine<F>>,
    ) -> Result<()> {
        if heads.first() != Some(first) || second.is_some_and(|second| heads.get(1) != Some(second)) {
            let message =
                format!("{}: section {number} does not begin as the last contribution says", self.name);
            return Err(not_verified(message));
        }
        Ok(())
    }

    fn require_powers(&self, number: u32, they_are: bool) -> Result<()> {
        if they_are {
            return Ok(());
        }
        Err(not_verified(format!("{}: the points of section {number} are not powers of one τ", self.name)))
    }

    /// Check the Lagrange bases against the powers.
    fn bases(&self) -> Result<()> {
        let power = self.powers.power;
        self.basis::<Fq>(sections::TAU_G1, sections::LAGRANGE_TAU_G1, power + 1)?;
        self.control.advance(700);
        self.basis::<Fq2>(sections::TAU_G2, sections::LAGRANGE_TAU_G2, power)?;
        self.control.advance(900);
        self.basis::<Fq>(sections::ALPHA_TAU_G1, sections::LAGRANGE_ALPHA_G1, power)?;
        self.control.advance(950);
        self.basis::<Fq>(sections::BETA_TAU_G1, sections::LAGRANGE_BETA_G1, power)
    }

    /// P = transform of L, so Σ cᵢ·Pᵢ = Σ ĉᵢ·Lᵢ where ĉ is c's transform, for each size.
    fn basis<F: Stored + Summed>(&self, from: u32, to: u32, power: u32) -> Result<()> {
        let place = format!("{}, section {to}", self.name);
        for power in 0..=power {
            self.control.check()?;
            let size = 1usize << power;
            let known = (self.powers.file.section(from)?.length / F::BYTES).min(size as u64) as usize;
            let mut scalars = coefficients(known)?;
            let powers = F::read(&self.powers.file, from, 0, known)?;
            let of_powers = F::sum(&powers, &scalars, self.threads);
            drop(powers);
            scalars.resize(size, [0; 4]);
            let mut values: Vec<Fr> =
                scalars.iter().map(|scalar| Fr::from_plain(scalar).unwrap_or_default()).collect();
            let domain = Domain::new(power)
                .ok_or_else(|| Error::new(Kind::Usage, format!("there is no domain of 2^{power} places")))?;
            domain.fft(&mut values, self.threads);
            for (scalar, value) in scalars.iter_mut().zip(&values) {
                *scalar = value.to_plain();
            }
            let first = size as u64 - 1;
            let basis = F::read(&self.powers.file, to, first, size)?;
            check(&basis, Infinity::Allowed, &place, first, self.threads, self.control)?;
            if F::sum(&basis, &scalars, self.threads) != of_powers {
                let message =
                    format!("{place}: the Lagrange basis of size 2^{power} is not that of the powers");
                return Err(not_verified(message));
            }
        }
        Ok(())
    }
}

/// Groups with a multi-scalar multiplication.
pub(crate) trait Summed: Sized {
    /// The sum of `scalars[i]·points[i]`.
    fn sum(points: &[Affine<Self>], scalars: &[Words], threads: usize) -> Point<Self>;
}

impl Summed for Fq {
    fn sum(points: &[G1Affine], scalars: &[Words], threads: usize) -> Point<Self> {
        bn254::msm_g1(points, scalars, threads)
    }
}

impl Summed for Fq2 {
    fn sum(points: &[G2Affine], scalars: &[Words], threads: usize) -> Point<Self> {
        bn254::msm_g2(points, scalars, threads)
    }
}
