//! Contributions to a proving key: its δ is multiplied by a secret, and what is divided by δ is divided by it.
//!
//! Facts: iden3/snarkjs, src/zkey_contribute.js and src/zkey_utils.js.

use std::path::Path;

use bn254::{Field, Fr, G1Affine, G2Affine};

use super::blake2b::Blake2b;
use super::output::Output;
use super::points::scale;
use super::random::{Stream, hash_to_g2};
use super::record::{Said, write_end};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::Container;
use crate::formats::zkey::{PhaseTwoContribution, Zkey, ZkeyHeader, sections};
use crate::memory::{Secret, bytes_of};
use crate::modulus::{Q, R};
use crate::verify::{check_g1, check_g2};

pub(crate) const KIND: &str = "zkey";

/// What decides a contribution's δ, and what proves that the secret is known.
pub(crate) struct Drawn {
    pub(crate) secret: Fr,
    pub(crate) g1_s: G1Affine,
    pub(crate) g1_sx: G1Affine,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        crate::memory::wipe(std::slice::from_mut(&mut self.secret));
    }
}

impl Drawn {
    /// Draw from a stream.
    pub(crate) fn from(stream: &mut Stream) -> Self {
        let (secret, g1_s) = (stream.scalar(), stream.g1());
        Self { secret, g1_s, g1_sx: g1_s.mul(&secret).to_affine() }
    }
}

/// The hash over a circuit and contributions to its key, which the next contributor's point in G2 depends on.
#[derive(Clone)]
pub(crate) struct Transcript(Blake2b);

impl Transcript {
    pub(crate) fn new(circuit_hash: &[u8; 64]) -> Self {
        let mut hash = Blake2b::new();
        hash.update(circuit_hash);
        Self(hash)
    }

    /// Take a whole contribution.
    pub(crate) fn contribution(&mut self, one: &PhaseTwoContribution) {
        take(&mut self.0, one);
    }

    /// What a contribution with this proof must record.
    pub(crate) fn answer(&self, g1_s: &G1Affine, g1_sx: &G1Affine) -> [u8; 64] {
        let mut hash = self.0.clone();
        hash.point(g1_s);
        hash.point(g1_sx);
        hash.finish()
    }
}

fn take(hash: &mut Blake2b, one: &PhaseTwoContribution) {
    hash.point(&one.delta_after);
    hash.point(&one.g1_s);
    hash.point(&one.g1_sx);
    hash.point::<bn254::Fq2>(&one.g2_spx);
    hash.update(&one.transcript);
}

/// Add a contribution to a proving key; return the contribution's hash.
pub(crate) fn contribute(
    input: &Path,
    output: &Path,
    said: &Said<'_>,
    threads: usize,
    control: &Control,
) -> Result<[u8; 64]> {
    let mut key = Zkey::read(input)?;
    let file = Container::open(input, KIND, 1)?;
    control.advance(100);
    check_header(&key)?;
    key.check_points(threads, control)?;
    control.advance(400);

    let drawn = Drawn::from(&mut said.stream(control)?);
    let mut transcript = Transcript::new(&key.circuit_hash);
    key.contributions.iter().for_each(|one| transcript.contribution(one));
    let answer = transcript.answer(&drawn.g1_s, &drawn.g1_sx);
    let g2_spx: G2Affine = hash_to_g2(&answer).mul(&drawn.secret).to_affine();
    key.header.delta1 = key.header.delta1.mul(&drawn.secret).to_affine();
    key.header.delta2 = key.header.delta2.mul(&drawn.secret).to_affine();
    let one = PhaseTwoContribution {
        delta_after: key.header.delta1,
        g1_s: drawn.g1_s,
        g1_sx: drawn.g1_sx,
        g2_spx,
        transcript: answer,
        said: said.recorded(),
    };
    let mut hash = Blake2b::new();
    take(&mut hash, &one);
    key.contributions.push(one);

    let inverse = drawn.secret.inverse().ok_or_else(|| {
        Error::new(Kind::NoRandomness, "the contribution's secret is zero, which happens once in 2^254 times")
    })?;
    let scalars = Secret(vec![inverse.to_plain(); key.c.len().max(key.h.len())]);
    let count = key.c.len();
    scale(&mut key.c, &scalars.0[..count], threads, control)?;
    control.advance(700);
    let count = key.h.len();
    scale(&mut key.h, &scalars.0[..count], threads, control)?;
    drop(scalars);
    control.advance(950);

    let mut output = Output::create(output, KIND, 10)?;
    output.whole(sections::PROTOCOL, &1u32.to_le_bytes())?;
    output.whole(sections::HEADER, &header_bytes(&key.header))?;
    for number in [sections::IC, sections::COEFFICIENTS, sections::A, sections::B1, sections::B2] {
        output.copy(&file, number)?;
    }
    output.whole(sections::C, bytes_of(&key.c))?;
    output.whole(sections::H, bytes_of(&key.h))?;
    output.whole(sections::CONTRIBUTIONS, &records(&key.circuit_hash, &key.contributions))?;
    output.finish()?;
    control.advance(1000);
    Ok(hash.finish())
}

/// Refuse a header with a point that is none. A δ in G2 outside its subgroup would tell of the secret that it is
/// multiplied by.
pub(crate) fn check_header(key: &Zkey) -> Result<()> {
    let header = &key.header;
    for (what, point) in [("α", &header.alpha1), ("β", &header.beta1), ("δ", &header.delta1)] {
        check_g1(point, &format!("{what} in G1 of the proving key"))?;
    }
    for (what, point) in [("β", &header.beta2), ("γ", &header.gamma2), ("δ", &header.delta2)] {
        check_g2(point, &format!("{what} in G2 of the proving key"))?;
    }
    Ok(())
}

/// The content of the header's section.
pub(crate) fn header_bytes(header: &ZkeyHeader) -> Vec<u8> {
    let mut out = Vec::new();
    for modulus in [Q, R] {
        out.extend(32u32.to_le_bytes());
        out.extend(modulus.iter().flat_map(|word| word.to_le_bytes()));
    }
    for count in [header.n_vars, header.n_public, 1 << header.domain_power] {
        out.extend(count.to_le_bytes());
    }
    out.extend(bytes_of(&[header.alpha1, header.beta1]));
    out.extend(bytes_of(&[header.beta2, header.gamma2]));
    out.extend(bytes_of(&[header.delta1]));
    out.extend(bytes_of(&[header.delta2]));
    out
}

/// The content of the contributions' section.
pub(crate) fn records(circuit_hash: &[u8; 64], contributions: &[PhaseTwoContribution]) -> Vec<u8> {
    let mut out = circuit_hash.to_vec();
    out.extend((contributions.len() as u32).to_le_bytes());
    for one in contributions {
        out.extend(bytes_of(&[one.delta_after, one.g1_s, one.g1_sx]));
        out.extend(bytes_of(&[one.g2_spx]));
        out.extend(one.transcript);
        write_end(&one.said, &mut out);
    }
    out
}
