//! The signed-off end of a contribution record, the same in .zkey and .ptau: its type and its parameters.
//!
//! Format: iden3/snarkjs, src/zkey_utils.js and src/powersoftau_utils.js. Parameters are one byte of type and, but for
//! the number of iterations, one byte of length: 1 name, 2 exponent of the beacon's iterations, 3 beacon hash.

use super::container::Reader;
use crate::error::{Error, Kind, Result};

/// More contributions than any ceremony has.
pub const CONTRIBUTIONS_MAX: u32 = 100_000;
/// As many records as may be, each as long as it may be, have fewer bytes.
pub(crate) const CONTRIBUTIONS_BYTES_MAX: u64 = 4096 * CONTRIBUTIONS_MAX as u64;
const PARAMETERS_BYTES_MAX: u32 = 1024;

/// What a contributor said of the contribution; the beacon's fields are set for a beacon only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contribution {
    /// The contributor's name, as written.
    pub name: Option<Vec<u8>>,
    /// The beacon's value.
    pub beacon_hash: Option<Vec<u8>>,
    /// The beacon is hashed 2^this times.
    pub beacon_iterations_exp: Option<u8>,
}

/// Refuse a count that no ceremony has.
pub(crate) fn read_contribution_count(reader: &mut Reader<'_>) -> Result<u32> {
    let count = reader.u32()?;
    if count > CONTRIBUTIONS_MAX {
        let message = format!("{}: {count} contributions are more than are read here", reader.place());
        return Err(Error::new(Kind::FileFormat, message));
    }
    Ok(count)
}

/// Read u32 type, u32 length, parameters.
pub(crate) fn read_contribution_end(reader: &mut Reader<'_>) -> Result<Contribution> {
    let malformed = |what: &str| Error::new(Kind::FileFormat, what);
    let place = reader.place().to_string();
    let (kind, length) = (reader.u32()?, reader.u32()?);
    if kind > 1 || length > PARAMETERS_BYTES_MAX {
        return Err(malformed(&format!("{place}: a contribution's record is not one")));
    }
    let mut parameters = Reader::new(reader.take(length as usize)?, place.clone());
    let mut found = Contribution::default();
    while parameters.left() > 0 {
        match parameters.u8()? {
            1 => {
                let length = parameters.u8()?;
                found.name = Some(parameters.take(length.into())?.to_vec());
            }
            2 => found.beacon_iterations_exp = Some(parameters.u8()?),
            3 => {
                let length = parameters.u8()?;
                found.beacon_hash = Some(parameters.take(length.into())?.to_vec());
            }
            unknown => {
                return Err(malformed(&format!(
                    "{place}: a contribution has a parameter of unknown type {unknown}"
                )));
            }
        }
    }
    if (kind == 1) != found.beacon_hash.is_some() {
        return Err(malformed(&format!(
            "{place}: a contribution is marked as a beacon without being one, or not marked"
        )));
    }
    Ok(found)
}
