//! Powers of tau: the first file, and contributions to it.
//!
//! A file is also a chain of hashes: each contribution answers the hash of all points before it (the challenge) with
//! points, whose hash with the keys (the response), hashed with the points again, is the next challenge. Facts:
//! iden3/snarkjs, src/powersoftau_contribute.js and src/keypair.js.

use std::path::Path;

use bn254::{Affine, Field, Fq, Fq2, Fr, G1Affine, G2Affine};

use super::blake2b::{Blake2b, STATE_BYTES};
use super::encode::{compressed, uncompressed};
use super::output::Output;
use super::points::{Infinity, Stored, check, scale_by_powers};
use super::random::{Stream, hash_to_g2};
use super::record::{Said, write_end};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::Contribution;
use crate::formats::ptau::{PhaseOneContribution, Ptau, sections};
use crate::memory::{bytes_mut, bytes_of, zeros};
use crate::modulus::Q;

const POWER_MAX: u32 = 27;
pub(crate) const KIND: &str = "ptau";
/// Bytes of points in a file that are worked on at once. Which bytes are left in a saved hash's buffer depends on it.
const PIECE_BYTES: u64 = 1 << 20;

/// The secrets of a contribution; overwritten when dropped.
pub(crate) struct Secrets {
    pub(crate) tau: Fr,
    pub(crate) alpha: Fr,
    pub(crate) beta: Fr,
}

impl Drop for Secrets {
    fn drop(&mut self) {
        crate::memory::wipe(std::slice::from_mut(&mut self.tau));
        crate::memory::wipe(std::slice::from_mut(&mut self.alpha));
        crate::memory::wipe(std::slice::from_mut(&mut self.beta));
    }
}

/// What a contributor publishes to prove that the secrets are known: of τ, α, β, in this order.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    pub(crate) g1: [G1Affine; 6],
    pub(crate) g2: [G2Affine; 3],
}

impl PublicKey {
    /// The point of G2 that secret number `index` is shown on.
    pub(crate) fn base(&self, index: usize, challenge: &[u8; 64]) -> G2Affine {
        base(index, challenge, &self.g1[2 * index], &self.g1[2 * index + 1])
    }

    /// All points, as the response's hash takes them.
    fn encoded(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.g1.iter().for_each(|point| uncompressed(point, &mut bytes));
        self.g2.iter().for_each(|point| uncompressed(point, &mut bytes));
        bytes
    }
}

fn base(index: usize, challenge: &[u8; 64], s: &G1Affine, sx: &G1Affine) -> G2Affine {
    let mut hash = Blake2b::new();
    hash.update(&[index as u8]);
    hash.update(challenge);
    hash.point(s);
    hash.point(sx);
    hash_to_g2(&hash.finish())
}

/// The secrets and the public key that a stream and a challenge decide.
pub(crate) fn keys(stream: &mut Stream, challenge: &[u8; 64]) -> (Secrets, PublicKey) {
    let secrets = Secrets { tau: stream.scalar(), alpha: stream.scalar(), beta: stream.scalar() };
    let mut key = PublicKey { g1: [G1Affine::INFINITY; 6], g2: [G2Affine::INFINITY; 3] };
    for (index, secret) in [&secrets.tau, &secrets.alpha, &secrets.beta].into_iter().enumerate() {
        let s = stream.g1();
        let sx = s.mul(secret).to_affine();
        (key.g1[2 * index], key.g1[2 * index + 1]) = (s, sx);
        key.g2[index] = base(index, challenge, &s, &sx).mul(secret).to_affine();
    }
    (secrets, key)
}

/// The hash that the first contributor answers: of points that are all generators.
pub(crate) fn first_challenge(power: u32) -> [u8; 64] {
    let mut hash = Blake2b::new();
    hash.update(&Blake2b::hash(&[]));
    let size = 1u64 << power;
    let mut repeat = |point: &[u8], count: u64| {
        let many = point.repeat(1 << 12);
        let mut left = count * point.len() as u64;
        while left > 0 {
            let piece = left.min(many.len() as u64);
            hash.update(&many[..piece as usize]);
            left -= piece;
        }
    };
    let (mut g1, mut g2) = (Vec::new(), Vec::new());
    uncompressed(&G1Affine::GENERATOR, &mut g1);
    uncompressed(&G2Affine::GENERATOR, &mut g2);
    repeat(&g1, 2 * size - 1);
    repeat(&g2, size);
    repeat(&g1, 2 * size);
    repeat(&g2, 1);
    hash.finish()
}

/// The response of a recorded contribution, or `None` when the recorded state is none.
pub(crate) fn response(record: &PhaseOneContribution) -> Option<[u8; 64]> {
    let state: &[u8; STATE_BYTES] = record.partial_hash.as_slice().try_into().ok()?;
    let mut hash = Blake2b::restore(state)?;
    hash.update(&public_key(record).encoded());
    Some(hash.finish())
}

/// The public key of a recorded contribution.
pub(crate) fn public_key(record: &PhaseOneContribution) -> PublicKey {
    PublicKey { g1: record.public_key_g1, g2: record.public_key_g2 }
}

/// Write powers of tau that nobody has contributed to: all points are generators.
pub fn new_powers(power: u32, output: &Path, control: &Control) -> Result<()> {
    if !(1..=POWER_MAX).contains(&power) {
        let message = format!("powers of tau go up to 2^1 to 2^{POWER_MAX}; 2^{power} was asked for");
        return Err(Error::new(Kind::Usage, message));
    }
    let size = 1u64 << power;
    let mut output = Output::create(output, KIND, 7)?;
    write_header(&mut output, power, power)?;
    let mut done = 0;
    for (number, count) in [
        (sections::TAU_G1, 2 * size - 1),
        (sections::TAU_G2, size),
        (sections::ALPHA_TAU_G1, size),
        (sections::BETA_TAU_G1, size),
        (sections::BETA_G2, 1),
    ] {
        if matches!(number, sections::TAU_G2 | sections::BETA_G2) {
            repeat::<Fq2>(&mut output, number, count, control)?;
        } else {
            repeat::<Fq>(&mut output, number, count, control)?;
        }
        done += 200;
        control.advance(done);
    }
    output.whole(sections::CONTRIBUTIONS, &0u32.to_le_bytes())?;
    output.finish()
}

fn repeat<F: Stored>(output: &mut Output, number: u32, count: u64, control: &Control) -> Result<()>
where
    Affine<F>: crate::memory::Plain,
{
    output.section(number, count * F::BYTES)?;
    let many = vec![Affine::<F>::GENERATOR; count.min(1 << 14) as usize];
    let mut left = count;
    while left > 0 {
        control.check()?;
        let piece = left.min(many.len() as u64);
        output.points(&many[..piece as usize])?;
        left -= piece;
    }
    Ok(())
}

/// Write the header's section.
pub(crate) fn write_header(output: &mut Output, power: u32, ceremony_power: u32) -> Result<()> {
    let mut header = 32u32.to_le_bytes().to_vec();
    header.extend(Q.iter().flat_map(|word| word.to_le_bytes()));
    header.extend(power.to_le_bytes());
    header.extend(ceremony_power.to_le_bytes());
    output.whole(sections::HEADER, &header)
}

/// Add a contribution to powers of tau; return the response's hash.
pub(crate) fn contribute(
    input: &Path,
    output: &Path,
    said: &Said<'_>,
    threads: usize,
    control: &Control,
) -> Result<[u8; 64]> {
    let old = Ptau::open(input)?;
    if old.power != old.ceremony_power {
        let message = format!(
            "{} has power {} of a ceremony of power {}: powers of tau that were cut take no contributions",
            old.file.name(),
            old.power,
            old.ceremony_power
        );
        return Err(Error::new(Kind::PtauTruncated, message).hint("contribute to the whole file"));
    }
    let challenge = match old.contributions.last() {
        Some(last) => last.next_challenge,
        None => first_challenge(old.power),
    };
    let (secrets, key) = keys(&mut said.stream(control)?, &challenge);
    let mut output = Output::create(output, KIND, 7)?;
    write_header(&mut output, old.power, old.power)?;

    let mut work =
        Contributing { old: &old, output: &mut output, hash: Blake2b::new(), threads, control, done: 0 };
    work.hash.update(&challenge);
    let size = 1u64 << old.power;
    let (tau_g1, tau_at) = work.section::<Fq>(sections::TAU_G1, 2 * size - 1, Fr::ONE, secrets.tau)?;
    let (tau_g2, tau_g2_at) = work.section::<Fq2>(sections::TAU_G2, size, Fr::ONE, secrets.tau)?;
    let (alpha_g1, alpha_at) =
        work.section::<Fq>(sections::ALPHA_TAU_G1, size, secrets.alpha, secrets.tau)?;
    let (beta_g1, beta_at) = work.section::<Fq>(sections::BETA_TAU_G1, size, secrets.beta, secrets.tau)?;
    let (beta_g2, beta_g2_at) = work.section::<Fq2>(sections::BETA_G2, 1, secrets.beta, secrets.tau)?;
    let mut hash = work.hash;
    let partial_hash = hash.save().to_vec();
    hash.update(&key.encoded());
    let response = hash.finish();

    let mut next = Blake2b::new();
    next.update(&response);
    hash_again::<Fq>(&output, tau_at, 2 * size - 1, &mut next, control)?;
    hash_again::<Fq2>(&output, tau_g2_at, size, &mut next, control)?;
    hash_again::<Fq>(&output, alpha_at, size, &mut next, control)?;
    hash_again::<Fq>(&output, beta_at, size, &mut next, control)?;
    hash_again::<Fq2>(&output, beta_g2_at, 1, &mut next, control)?;

    let mut contributions = old.contributions.clone();
    contributions.push(PhaseOneContribution {
        tau_g1: tau_g1[1],
        tau_g2: tau_g2[1],
        alpha_g1: alpha_g1[0],
        beta_g1: beta_g1[0],
        beta_g2: beta_g2[0],
        public_key_g1: key.g1,
        public_key_g2: key.g2,
        partial_hash,
        next_challenge: next.finish(),
        said: said.recorded(),
    });
    output.whole(sections::CONTRIBUTIONS, &records(&contributions))?;
    output.finish()?;
    control.advance(1000);
    Ok(response)
}

struct Contributing<'a> {
    old: &'a Ptau,
    output: &'a mut Output,
    hash: Blake2b,
    threads: usize,
    control: &'a Control,
    /// Points of G1 done, each of G2 counted as two.
    done: u64,
}

impl Contributing<'_> {
    /// Write a section whose point i is the old one times `first·step^i`; return its first two points and its place.
    fn section<F: Stored>(
        &mut self,
        number: u32,
        count: u64,
        first: Fr,
        step: Fr,
    ) -> Result<([Affine<F>; 2], u64)>
    where
        Affine<F>: crate::memory::Plain,
    {
        let at = self.output.section(number, count * F::BYTES)?;
        let place = format!("{}, section {number}", self.old.file.name());
        let piece = PIECE_BYTES / F::BYTES;
        let mut first_two = [Affine::INFINITY; 2];
        let (mut from, mut scalar) = (0, first);
        let mut bytes = Vec::new();
        while from < count {
            let length = piece.min(count - from);
            let mut points = F::read(&self.old.file, number, from, length as usize)?;
            check(&points, Infinity::Refused, &place, from, self.threads, self.control)?;
            scalar = scale_by_powers(&mut points, scalar, step, self.threads, self.control)?;
            if from == 0 {
                for (first, point) in first_two.iter_mut().zip(&points) {
                    *first = *point;
                }
            }
            self.output.points(&points)?;
            bytes.clear();
            compressed(&points, &mut bytes);
            self.hash.update(&bytes);
            from += length;
            self.done += length * F::BYTES / 64;
            self.control.advance((900 * self.done / (6 << self.old.power)).min(900) as u32);
        }
        Ok((first_two, at))
    }
}

/// Take points that were written, uncompressed.
fn hash_again<F: Stored>(
    output: &Output,
    at: u64,
    count: u64,
    hash: &mut Blake2b,
    control: &Control,
) -> Result<()>
where
    Affine<F>: crate::memory::Plain,
{
    let mut from = 0;
    while from < count {
        control.check()?;
        let length = (PIECE_BYTES / F::BYTES).min(count - from);
        let mut points: Vec<Affine<F>> = zeros(length as usize)?;
        output.get(at + from * F::BYTES, bytes_mut(&mut points))?;
        hash.points(&points);
        from += length;
    }
    Ok(())
}

/// The content of the contributions' section.
fn records(contributions: &[PhaseOneContribution]) -> Vec<u8> {
    let mut out = (contributions.len() as u32).to_le_bytes().to_vec();
    for record in contributions {
        out.extend(bytes_of(&[record.tau_g1]));
        out.extend(bytes_of(&[record.tau_g2]));
        out.extend(bytes_of(&[record.alpha_g1, record.beta_g1]));
        out.extend(bytes_of(&[record.beta_g2]));
        out.extend(bytes_of(&record.public_key_g1));
        out.extend(bytes_of(&record.public_key_g2));
        out.extend(&record.partial_hash);
        out.extend(record.next_challenge);
        let said: &Contribution = &record.said;
        write_end(said, &mut out);
    }
    out
}
