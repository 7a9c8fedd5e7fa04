//! Powers of tau (.ptau, version 1): header and contributions; the points are read by whoever needs them.
//!
//! Format: iden3/snarkjs, src/powersoftau_utils.js.

use std::path::Path;

use bn254::{G1Affine, G2Affine};

use super::container::{Container, HEADER_BYTES_MAX, Reader};
use super::contributions::{
    CONTRIBUTIONS_BYTES_MAX, Contribution, read_contribution_count, read_contribution_end,
};
use super::points::{G1_BYTES, G2_BYTES, read_g1, read_g2};
use crate::error::{Error, Kind, Result};
use crate::modulus::Q;

/// Section numbers.
pub mod sections {
    /// Field and power.
    pub const HEADER: u32 = 1;
    /// [τ⁰]₁ … [τ^(2n−2)]₁.
    pub const TAU_G1: u32 = 2;
    /// [τ⁰]₂ … [τ^(n−1)]₂.
    pub const TAU_G2: u32 = 3;
    /// [ατⁱ]₁.
    pub const ALPHA_TAU_G1: u32 = 4;
    /// [βτⁱ]₁.
    pub const BETA_TAU_G1: u32 = 5;
    /// [β]₂.
    pub const BETA_G2: u32 = 6;
    /// Who contributed.
    pub const CONTRIBUTIONS: u32 = 7;
    /// Lagrange bases of section 2, of every size up to 2^(power+1), one behind the other.
    pub const LAGRANGE_TAU_G1: u32 = 12;
    /// Lagrange bases of section 3, of every size up to 2^power.
    pub const LAGRANGE_TAU_G2: u32 = 13;
    /// Lagrange bases of section 4, of every size up to 2^power.
    pub const LAGRANGE_ALPHA_G1: u32 = 14;
    /// Lagrange bases of section 5, of every size up to 2^power.
    pub const LAGRANGE_BETA_G1: u32 = 15;
}
use sections::{
    ALPHA_TAU_G1, BETA_G2, BETA_TAU_G1, CONTRIBUTIONS, HEADER, LAGRANGE_ALPHA_G1, LAGRANGE_BETA_G1,
    LAGRANGE_TAU_G1, LAGRANGE_TAU_G2, TAU_G1, TAU_G2,
};

const FIELD_BYTES: u32 = 32;
const POWER_MAX: u32 = 28;
const PARTIAL_HASH_BYTES: usize = 216;
const CHALLENGE_BYTES: usize = 64;

/// One contribution to phase 1, as the file records it.
#[derive(Debug, Clone)]
pub struct PhaseOneContribution {
    /// [τ]₁ after it.
    pub tau_g1: G1Affine,
    /// [τ]₂ after it.
    pub tau_g2: G2Affine,
    /// [α]₁ after it.
    pub alpha_g1: G1Affine,
    /// [β]₁ after it.
    pub beta_g1: G1Affine,
    /// [β]₂ after it.
    pub beta_g2: G2Affine,
    /// The proofs of knowledge of τ, α, β: for each s and s·x in G1; then for each the point in G2.
    pub public_key_g1: [G1Affine; 6],
    /// As above.
    pub public_key_g2: [G2Affine; 3],
    /// The state of the hash over the response's points.
    pub partial_hash: Vec<u8>,
    /// The hash that the next contributor answers.
    pub next_challenge: [u8; 64],
    /// Its name, or the beacon.
    pub said: Contribution,
}

/// A .ptau file, open: its header is checked, its points are not.
#[derive(Debug)]
pub struct Ptau {
    /// The file and its sections, whose lengths follow from the header.
    pub file: Container,
    /// The powers go up to 2^power.
    pub power: u32,
    /// The power of the ceremony that this was cut from.
    pub ceremony_power: u32,
    /// Whether the Lagrange bases that phase 2 needs are there.
    pub prepared: bool,
    /// [τ]₁; the generator when nobody contributed.
    pub tau: G1Affine,
    /// Who contributed, in order.
    pub contributions: Vec<PhaseOneContribution>,
}

impl Ptau {
    /// Open a file; check its header, the lengths of all sections, and that the powers start at the generator.
    pub fn open(path: &Path) -> Result<Self> {
        let file = Container::open(path, "ptau", 1)?;
        let name = file.name().to_string();
        let header = file.read(HEADER, HEADER_BYTES_MAX)?;
        let mut header = Reader::new(&header, format!("{name}, section {HEADER}"));
        if header.u32()? != FIELD_BYTES || header.limbs()? != Q {
            let message = format!("{name} holds powers over another curve than BN254");
            return Err(Error::new(Kind::WrongField, message));
        }
        let (power, ceremony_power) = (header.u32()?, header.u32()?);
        header.require_end()?;
        if !(1 <= power && power <= ceremony_power && ceremony_power <= POWER_MAX) {
            let message = format!("{name}: power {power} of {ceremony_power} is not in 1 … {POWER_MAX}");
            return Err(Error::new(Kind::FileFormat, message));
        }
        let size = 1u64 << power;
        for (number, length) in [
            (TAU_G1, (2 * size - 1) * G1_BYTES),
            (TAU_G2, size * G2_BYTES),
            (ALPHA_TAU_G1, size * G1_BYTES),
            (BETA_TAU_G1, size * G1_BYTES),
            (BETA_G2, G2_BYTES),
        ] {
            file.require_length(number, length)?;
        }
        let prepared = file.has(LAGRANGE_TAU_G1);
        if prepared {
            for (number, length) in [
                (LAGRANGE_TAU_G1, (4 * size - 1) * G1_BYTES),
                (LAGRANGE_TAU_G2, (2 * size - 1) * G2_BYTES),
                (LAGRANGE_ALPHA_G1, (2 * size - 1) * G1_BYTES),
                (LAGRANGE_BETA_G1, (2 * size - 1) * G1_BYTES),
            ] {
                file.require_length(number, length)?;
            }
        }
        let powers = file.read(TAU_G1, 2 * G1_BYTES)?;
        let mut powers = Reader::new(&powers, format!("{name}, section {TAU_G1}"));
        let (one, tau) = (read_g1(&mut powers)?, read_g1(&mut powers)?);
        if one != G1Affine::GENERATOR {
            let message = format!("{name}: the powers of tau do not start at the generator");
            return Err(Error::new(Kind::FileFormat, message));
        }
        let records = file.read(CONTRIBUTIONS, CONTRIBUTIONS_BYTES_MAX)?;
        let contributions =
            read_contributions(&mut Reader::new(&records, format!("{name}, section {CONTRIBUTIONS}")))?;
        Ok(Self { file, power, ceremony_power, prepared, tau, contributions })
    }

    /// Whether nobody's randomness is in it: τ = 1.
    pub fn tau_is_one(&self) -> bool {
        self.tau == G1Affine::GENERATOR
    }

    /// `count` points of G1 from place `from` of a section; not checked.
    pub fn g1(&self, section: u32, from: u64, count: usize) -> Result<Vec<G1Affine>> {
        self.file.read_values(section, from.saturating_mul(G1_BYTES), count)
    }

    /// `count` points of G2 from place `from` of a section; not checked.
    pub fn g2(&self, section: u32, from: u64, count: usize) -> Result<Vec<G2Affine>> {
        self.file.read_values(section, from.saturating_mul(G2_BYTES), count)
    }
}

fn read_contributions(reader: &mut Reader<'_>) -> Result<Vec<PhaseOneContribution>> {
    let count = read_contribution_count(reader)?;
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(PhaseOneContribution {
            tau_g1: read_g1(reader)?,
            tau_g2: read_g2(reader)?,
            alpha_g1: read_g1(reader)?,
            beta_g1: read_g1(reader)?,
            beta_g2: read_g2(reader)?,
            public_key_g1: [
                read_g1(reader)?,
                read_g1(reader)?,
                read_g1(reader)?,
                read_g1(reader)?,
                read_g1(reader)?,
                read_g1(reader)?,
            ],
            public_key_g2: [read_g2(reader)?, read_g2(reader)?, read_g2(reader)?],
            partial_hash: reader.take(PARTIAL_HASH_BYTES)?.to_vec(),
            next_challenge: reader.array::<CHALLENGE_BYTES>()?,
            said: read_contribution_end(reader)?,
        });
    }
    reader.require_end()?;
    Ok(found)
}
