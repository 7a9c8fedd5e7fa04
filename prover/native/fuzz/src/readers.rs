//! What is done with a file of each kind, whatever is in it: read it, and use all that was read.

use std::path::Path;
use std::sync::Arc;

use groth16::formats::ptau::{Ptau, sections};
use groth16::formats::r1cs::R1cs;
use groth16::formats::wtns::Witness;
use groth16::formats::zkey::Zkey;
use groth16::{Control, Edits, Error, Incidence, Kind, Options, Prover};

/// A use of a file: its name is its corpus's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A constraint system, and witnesses checked against it.
    R1cs,
    /// A witness.
    Wtns,
    /// A proving key's structure.
    Zkey,
    /// A proving key, all of its checks, and a proof with it.
    ProvingKey,
    /// Powers of tau.
    Ptau,
}

/// What a reader may hold at a time, whatever it reads: so many bytes for each of the file's, and so many besides.
pub const BYTES_PER_BYTE: usize = 16;
/// As above. Sentences, tables of sections, and for a proof the sums' own tables.
pub const BYTES_BESIDES: usize = 1 << 16;
/// Proving takes tables and buffers whose size does not depend on a small key's.
pub const PROVING_BYTES_BESIDES: usize = 64 << 20;
/// Circuits up to this size are proven with.
const PROVEN_MAX: u32 = 64;

impl Reader {
    /// Every reader with its corpus's folder.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::R1cs, "r1cs"),
        (Self::Wtns, "wtns"),
        (Self::Zkey, "zkey"),
        (Self::ProvingKey, "proving-key"),
        (Self::Ptau, "ptau"),
    ];

    /// The most bytes that this reader may hold at a time for a file of this size.
    pub fn bytes_max(self, file_bytes: usize) -> usize {
        let besides = if self == Self::ProvingKey { PROVING_BYTES_BESIDES } else { BYTES_BESIDES };
        BYTES_PER_BYTE * file_bytes + besides
    }

    /// Read a file and use it.
    pub fn run(self, path: &Path) -> Result<(), Error> {
        match self {
            Self::R1cs => r1cs(path),
            Self::Wtns => Witness::read(path).map(|witness| assert_eq!(witness.values()[0], [1, 0, 0, 0])),
            Self::Zkey => Zkey::read(path).map(drop),
            Self::ProvingKey => proving_key(path),
            Self::Ptau => ptau(path),
        }
    }
}

/// The witness 1, 0, 0, …
fn zeros(n_wires: u32) -> Result<Witness, Error> {
    let mut bytes = vec![0; 32 * n_wires as usize];
    bytes[0] = 1;
    Witness::from_bytes(&bytes)
}

fn r1cs(path: &Path) -> Result<(), Error> {
    let system = Arc::new(R1cs::read(path)?);
    let witness = zeros(system.n_wires)?;
    let first = system.first_violation(witness.values(), 1)?;
    let incidence = Arc::new(Incidence::new(&system)?);
    let last = system.n_wires - 1;
    let mut edits = Edits::new(system, incidence, witness)?;
    assert_eq!(edits.first_violation(&[])?, first.map(|index| index as u32));
    if last > 0 {
        let edited = edits.first_violation(&[(last, [2, 0, 0, 0])])?;
        edits.set(&[(last, [2, 0, 0, 0])])?;
        assert_eq!(edits.violated().next(), edited);
    }
    Ok(())
}

fn proving_key(path: &Path) -> Result<(), Error> {
    let key = Zkey::read(path)?;
    if key.header.n_vars > PROVEN_MAX || key.header.domain_power > PROVEN_MAX.ilog2() {
        return Ok(());
    }
    let witness = zeros(key.header.n_vars)?;
    let control = Control::default();
    let prover = Prover::new(key, 1, false, &control)?;
    let options = Options { threads: 1, self_verify: true, constant_work: false };
    match prover.prove(&witness, options, &control) {
        // The proof was verified, or the key is not of a circuit that this witness satisfies.
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind, Kind::UnprovableWitness | Kind::DamagedKey) => Ok(()),
        Err(error) => Err(error),
    }
}

fn ptau(path: &Path) -> Result<(), Error> {
    let powers = Ptau::open(path)?;
    let size = 1usize << powers.power;
    let mut g1 =
        vec![(sections::TAU_G1, 2 * size - 1), (sections::ALPHA_TAU_G1, size), (sections::BETA_TAU_G1, size)];
    let mut g2 = vec![(sections::TAU_G2, size), (sections::BETA_G2, 1)];
    if powers.prepared {
        g1.extend([
            (sections::LAGRANGE_TAU_G1, 4 * size - 1),
            (sections::LAGRANGE_ALPHA_G1, 2 * size - 1),
            (sections::LAGRANGE_BETA_G1, 2 * size - 1),
        ]);
        g2.push((sections::LAGRANGE_TAU_G2, 2 * size - 1));
    }
    for (section, count) in g1 {
        assert_eq!(powers.g1(section, 0, count)?.len(), count);
        assert!(powers.g1(section, 1, count).is_err(), "a point behind the section's end was read");
    }
    for (section, count) in g2 {
        assert_eq!(powers.g2(section, 0, count)?.len(), count);
        assert!(powers.g2(section, 1, count).is_err(), "a point behind the section's end was read");
    }
    Ok(())
}
