//! Groth16 proving keys (.zkey, version 1), read once, in the order of the file, straight into their final buffers.
//!
//! Format: iden3/snarkjs, src/zkey_utils.js: by its code, since its header comment gives another order of points.

use std::path::Path;
use std::sync::{Arc, mpsc};

use bn254::{G1Affine, G2Affine};
use sha2::{Digest, Sha256};

use super::container::{Container, HEADER_BYTES_MAX, Reader};
use super::contributions::{
    CONTRIBUTIONS_BYTES_MAX, Contribution, read_contribution_count, read_contribution_end,
};
use super::points::{G1_BYTES, G2_BYTES, read_g1, read_g2};
use crate::error::{Error, Kind, Result};
use crate::matrix::{COEFFICIENT_BYTES, Matrix, read_matrices};
use crate::memory::{bytes_mut, zeros};
use crate::modulus::{Q, R};
use crate::verify::VerifyingKey;

/// Section numbers.
pub mod sections {
    /// Which proof system.
    pub const PROTOCOL: u32 = 1;
    /// Fields, counts and the few points.
    pub const HEADER: u32 = 2;
    /// The verifying key's points, one more than public signals.
    pub const IC: u32 = 3;
    /// The matrices A and B.
    pub const COEFFICIENTS: u32 = 4;
    /// [Aᵢ(τ)]₁ for each wire.
    pub const A: u32 = 5;
    /// [Bᵢ(τ)]₁ for each wire.
    pub const B1: u32 = 6;
    /// [Bᵢ(τ)]₂ for each wire.
    pub const B2: u32 = 7;
    /// [(βAᵢ + αBᵢ + Cᵢ)(τ)/δ]₁ for each private wire.
    pub const C: u32 = 8;
    /// The odd Lagrange basis of twice the domain, over δ, for each place of the domain.
    pub const H: u32 = 9;
    /// The circuit's hash and who contributed to phase 2.
    pub const CONTRIBUTIONS: u32 = 10;
}
use sections::{A, B1, B2, C, COEFFICIENTS, CONTRIBUTIONS, H, HEADER, IC, PROTOCOL};

const GROTH16: u32 = 1;
const FIELD_BYTES: u32 = 32;
const DOMAIN_POWER_MAX: u32 = 28;
const IC_MAX: u32 = 1 << 16;
const TRANSCRIPT_BYTES: usize = 64;
/// What is read and hashed at once.
const PIECE_BYTES: usize = 1 << 20;

/// One contribution to phase 2, as the file records it.
#[derive(Debug, Clone)]
pub struct PhaseTwoContribution {
    /// [δ]₁ after it.
    pub delta_after: G1Affine,
    /// The proof that its maker knew the factor: [s]₁.
    pub g1_s: G1Affine,
    /// [s·x]₁.
    pub g1_sx: G1Affine,
    /// The point in G2 times x.
    pub g2_spx: G2Affine,
    /// The hash that the point in G2 is made from.
    pub transcript: [u8; TRANSCRIPT_BYTES],
    /// Its name, or the beacon.
    pub said: Contribution,
}

/// The header of a key: counts and points, whose coordinates are below q; nothing else is known of them.
#[derive(Debug, Clone)]
pub struct ZkeyHeader {
    /// Wires, the constant included.
    pub n_vars: u32,
    /// Public signals.
    pub n_public: u32,
    /// The domain has 2^this places.
    pub domain_power: u32,
    /// [α]₁.
    pub alpha1: G1Affine,
    /// [β]₁.
    pub beta1: G1Affine,
    /// [β]₂.
    pub beta2: G2Affine,
    /// [γ]₂.
    pub gamma2: G2Affine,
    /// [δ]₁.
    pub delta1: G1Affine,
    /// [δ]₂.
    pub delta2: G2Affine,
}

/// A proving key in memory. The points of the five large sections are not checked: see `check_points`.
#[derive(Debug)]
pub struct Zkey {
    /// The file's name, for sentences.
    pub name: String,
    /// The SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The counts and the few points.
    pub header: ZkeyHeader,
    /// The verifying key's points for the public signals.
    pub ic: Vec<G1Affine>,
    pub(crate) matrix_a: Matrix,
    pub(crate) matrix_b: Matrix,
    pub(crate) a: Vec<G1Affine>,
    pub(crate) b1: Vec<G1Affine>,
    pub(crate) b2: Vec<G2Affine>,
    pub(crate) c: Vec<G1Affine>,
    pub(crate) h: Vec<G1Affine>,
    /// The hash of the circuit and of phase 1.
    pub circuit_hash: [u8; 64],
    /// Who contributed to phase 2, in order.
    pub contributions: Vec<PhaseTwoContribution>,
}

impl Zkey {
    /// Read a whole file and check all but its points.
    pub fn read(path: &Path) -> Result<Self> {
        let file = Container::open(path, "zkey", 1)?;
        let name = file.name().to_string();
        let place = |number: u32| format!("{name}, section {number}");
        let protocol = file.read(PROTOCOL, HEADER_BYTES_MAX)?;
        check_protocol(&mut Reader::new(&protocol, place(PROTOCOL)), &name)?;
        let header_bytes = file.read(HEADER, HEADER_BYTES_MAX)?;
        let header = read_header(&mut Reader::new(&header_bytes, place(HEADER)), &name)?;
        check_lengths(&file, &header)?;
        let records = file.read(CONTRIBUTIONS, CONTRIBUTIONS_BYTES_MAX)?;
        let (circuit_hash, contributions) =
            read_contributions(&mut Reader::new(&records, place(CONTRIBUTIONS)), &header.delta1)?;
        file.require_memory()?;

        let n_vars = header.n_vars as usize;
        let domain_size = 1usize << header.domain_power;
        let mut ic: Vec<G1Affine> = zeros(header.n_public as usize + 1)?;
        let (mut a, mut b1): (Vec<G1Affine>, Vec<G1Affine>) = (zeros(n_vars)?, zeros(n_vars)?);
        let mut b2: Vec<G2Affine> = zeros(n_vars)?;
        let mut c: Vec<G1Affine> = zeros(n_vars - ic.len())?;
        let mut h: Vec<G1Affine> = zeros(domain_size)?;
        // What was read already is hashed as it was read, should the file change meanwhile.
        let mut matrices = None;
        let sha256 = read_all(
            &file,
            &[(PROTOCOL, &protocol), (HEADER, &header_bytes), (CONTRIBUTIONS, &records)],
            |coefficients| {
                // The section's length follows from its count, so the count is there.
                let values = coefficients.get(4..).unwrap_or_default();
                matrices = Some(read_matrices(values, domain_size, header.n_vars, &place(COEFFICIENTS))?);
                Ok(())
            },
            vec![
                (IC, bytes_mut(&mut ic)),
                (A, bytes_mut(&mut a)),
                (B1, bytes_mut(&mut b1)),
                (B2, bytes_mut(&mut b2)),
                (C, bytes_mut(&mut c)),
                (H, bytes_mut(&mut h)),
            ],
        )?;
        if !ic.iter().all(G1Affine::is_canonical) {
            let message = format!("{}: a coordinate is not below q", place(IC));
            return Err(Error::new(Kind::CoordinateTooLarge, message));
        }
        let Some([matrix_a, matrix_b]) = matrices else {
            return Err(Error::new(Kind::MissingSection, format!("{name} has no section {COEFFICIENTS}")));
        };
        Ok(Self {
            name,
            sha256,
            header,
            ic,
            matrix_a,
            matrix_b,
            a,
            b1,
            b2,
            c,
            h,
            circuit_hash,
            contributions,
        })
    }

    /// The verifying key inside, not checked.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey {
            alpha: self.header.alpha1,
            beta: self.header.beta2,
            gamma: self.header.gamma2,
            delta: self.header.delta2,
            ic: self.ic.clone(),
        }
    }
}

fn check_protocol(reader: &mut Reader<'_>, name: &str) -> Result<()> {
    if reader.u32()? != GROTH16 {
        let message = format!("{name} is a key of another protocol than Groth16");
        return Err(Error::new(Kind::FileFormat, message));
    }
    reader.require_end()
}

fn read_header(reader: &mut Reader<'_>, name: &str) -> Result<ZkeyHeader> {
    for modulus in [Q, R] {
        if reader.u32()? != FIELD_BYTES || reader.limbs()? != modulus {
            let message = format!("{name} is a key over another curve than BN254");
            return Err(Error::new(Kind::WrongField, message));
        }
    }
    let (n_vars, n_public, domain_size) = (reader.u32()?, reader.u32()?, reader.u32()?);
    if !domain_size.is_power_of_two() || domain_size > 1 << DOMAIN_POWER_MAX {
        let message = format!("{name}: the domain's size {domain_size} is not a power of two up to 2^28");
        return Err(Error::new(Kind::FileFormat, message));
    }
    if n_public >= n_vars || n_public >= IC_MAX {
        let message = format!("{name}: {n_public} public signals do not fit {n_vars} wires, or are too many");
        return Err(Error::new(Kind::FileFormat, message));
    }
    let header = ZkeyHeader {
        n_vars,
        n_public,
        domain_power: domain_size.trailing_zeros(),
        alpha1: read_g1(reader)?,
        beta1: read_g1(reader)?,
        beta2: read_g2(reader)?,
        gamma2: read_g2(reader)?,
        delta1: read_g1(reader)?,
        delta2: read_g2(reader)?,
    };
    reader.require_end()?;
    Ok(header)
}

fn check_lengths(file: &Container, header: &ZkeyHeader) -> Result<()> {
    let (n_vars, n_public) = (u64::from(header.n_vars), u64::from(header.n_public));
    file.require_length(IC, (n_public + 1) * G1_BYTES)?;
    file.require_length(A, n_vars * G1_BYTES)?;
    file.require_length(B1, n_vars * G1_BYTES)?;
    file.require_length(B2, n_vars * G2_BYTES)?;
    file.require_length(C, (n_vars - n_public - 1) * G1_BYTES)?;
    file.require_length(H, (1 << header.domain_power) * G1_BYTES)?;
    let count = file.read(COEFFICIENTS, 4)?;
    let count = Reader::new(&count, format!("{}, section {COEFFICIENTS}", file.name())).u32()?;
    file.require_length(COEFFICIENTS, 4 + u64::from(count) * COEFFICIENT_BYTES as u64)
}

fn read_contributions(
    reader: &mut Reader<'_>,
    delta1: &G1Affine,
) -> Result<([u8; 64], Vec<PhaseTwoContribution>)> {
    let circuit_hash = reader.array()?;
    let count = read_contribution_count(reader)?;
    let mut found: Vec<PhaseTwoContribution> = Vec::new();
    for _ in 0..count {
        found.push(PhaseTwoContribution {
            delta_after: read_g1(reader)?,
            g1_s: read_g1(reader)?,
            g1_sx: read_g1(reader)?,
            g2_spx: read_g2(reader)?,
            transcript: reader.array()?,
            said: read_contribution_end(reader)?,
        });
    }
    reader.require_end()?;
    if found.last().is_some_and(|last| last.delta_after != *delta1) {
        let message = format!("{}: the last contribution does not lead to the key's delta", reader.place());
        return Err(Error::new(Kind::FileFormat, message));
    }
    Ok((circuit_hash, found))
}

/// Fill the buffers of all sections not yet read, and return the file's SHA-256.
///
/// Another thread hashes what has been read while the next piece is being read. The coefficients are handed to `sort` as
/// soon as they are there and are gone when they are hashed: their sorted form is the one that is kept.
fn read_all(
    file: &Container,
    known: &[(u32, &Vec<u8>)],
    mut sort: impl FnMut(&[u8]) -> Result<()>,
    mut wanted: Vec<(u32, &mut [u8])>,
) -> Result<[u8; 32]> {
    std::thread::scope(|scope| {
        let (to_hash, pieces) = mpsc::channel::<Piece<'_>>();
        let hasher = scope.spawn(move || {
            let mut hash = Sha256::new();
            for piece in pieces {
                match piece {
                    Piece::Lent(bytes) => hash.update(bytes),
                    Piece::Owned(bytes) => hash.update(bytes),
                    Piece::Shared(bytes) => hash.update(&*bytes),
                }
            }
            hash.finalize().into()
        });
        // The receiver lives as long as the sender, so sending cannot fail.
        let send = |piece| drop(to_hash.send(piece));
        let mut at = 0;
        for section in file.sections() {
            let mut head = vec![0; (section.offset - at) as usize];
            file.read_at(at, &mut head)?;
            send(Piece::Owned(head));
            at = section.offset;
            let end = section.offset + section.length;
            if let Some((_, bytes)) = known.iter().find(|(number, _)| *number == section.number) {
                send(Piece::Lent(bytes));
            } else if let Some(index) = wanted.iter().position(|(number, _)| *number == section.number) {
                let (_, buffer) = wanted.swap_remove(index);
                for piece in buffer.chunks_mut(PIECE_BYTES) {
                    file.read_at(at, piece)?;
                    at += piece.len() as u64;
                    send(Piece::Lent(piece));
                }
            } else if section.number == COEFFICIENTS {
                let bytes = Arc::new(file.read(COEFFICIENTS, u64::MAX)?);
                send(Piece::Shared(Arc::clone(&bytes)));
                sort(&bytes)?;
            } else {
                while at < end {
                    let mut piece = vec![0; PIECE_BYTES.min((end - at) as usize)];
                    file.read_at(at, &mut piece)?;
                    at += piece.len() as u64;
                    send(Piece::Owned(piece));
                }
            }
            at = end;
        }
        drop(to_hash);
        hasher
            .join()
            .map_err(|_| Error::new(Kind::ReadFailed, format!("{} could not be hashed", file.name())))
    })
}

/// Bytes to be hashed, in the order of the file.
enum Piece<'a> {
    Lent(&'a [u8]),
    Owned(Vec<u8>),
    Shared(Arc<Vec<u8>>),
}
