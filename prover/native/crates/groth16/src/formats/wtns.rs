//! Witness files (.wtns, version 2): every wire's value, plain little-endian. A witness is a secret.
//!
//! Format: iden3/snarkjs, src/wtns_utils.js. snarkjs checks only the prime and the count; here also w[0] = 1 and w < r.

use std::path::Path;

use super::container::{Container, HEADER_BYTES_MAX, Reader};
use crate::error::{Error, Kind, Result};
use crate::memory::{bytes_mut, zeros};
use crate::modulus::{ONE, R, Words, is_below};

const HEADER: u32 = 1;
const VALUES: u32 = 2;
const FIELD_BYTES: u32 = 32;

/// Every wire's value, below r; the first is 1. Its memory is overwritten when it is dropped.
pub struct Witness(Vec<Words>);

impl Witness {
    /// Read a .wtns file.
    pub fn read(path: &Path) -> Result<Self> {
        let file = Container::open(path, "wtns", 2)?;
        let header = file.read(HEADER, HEADER_BYTES_MAX)?;
        let mut header = Reader::new(&header, format!("{}, section {HEADER}", file.name()));
        if header.u32()? != FIELD_BYTES || header.limbs()? != R {
            let message = format!("{} is a witness over another field than BN254's", file.name());
            return Err(Error::new(Kind::WrongField, message));
        }
        let count = header.u32()?;
        header.require_end()?;
        file.require_length(VALUES, u64::from(count) * u64::from(FIELD_BYTES))?;
        file.require_memory()?;
        let values = Self(file.read_values(VALUES, 0, count as usize)?);
        values.check(&format!("{}: ", file.name()))?;
        Ok(values)
    }

    /// Take the values of every wire, 32 bytes each, little-endian.
    pub fn from_bytes(data: &[u8]) -> Result<Self> {
        if !data.len().is_multiple_of(FIELD_BYTES as usize) {
            let message = format!("a witness is 32 bytes for each wire; {} bytes came", data.len());
            return Err(Error::new(Kind::Usage, message));
        }
        let mut values = Self(zeros(data.len() / FIELD_BYTES as usize)?);
        bytes_mut(&mut values.0).copy_from_slice(data);
        values.check("")?;
        Ok(values)
    }

    fn check(&self, place: &str) -> Result<()> {
        if self.0.first() != Some(&ONE) {
            let message = format!("{place}wire 0 of a witness must be the constant 1");
            return Err(Error::new(Kind::WitnessValue, message));
        }
        match self.0.iter().position(|value| !is_below(value, &R)) {
            None => Ok(()),
            Some(wire) => {
                let message = format!("{place}the value of wire {wire} is not below r");
                Err(Error::new(Kind::WitnessValue, message))
            }
        }
    }

    /// The values, one for each wire.
    pub fn values(&self) -> &[Words] {
        &self.0
    }

    /// The values, to be edited by who keeps them below r and the first at 1.
    pub(crate) fn values_mut(&mut self) -> &mut [Words] {
        &mut self.0
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        crate::memory::wipe(&mut self.0);
    }
}
