//! What a contributor says, and how records of contributions are written.

use super::random::{Stream, check_beacon};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::Contribution;

/// The longest name, in UTF-16 units: what snarkjs cuts names to.
const NAME_MAX: usize = 64;

/// A contributor's words, and where the secret comes from.
pub enum Said<'a> {
    /// A person's: the secret is drawn from the system's random numbers and from what the person adds, and forgotten.
    Person {
        /// The contributor's name, or nothing.
        name: &'a str,
        /// Whatever the contributor adds to the system's random numbers.
        entropy: &'a [u8],
    },
    /// A beacon's, which all can repeat.
    Beacon {
        /// The contribution's name, or nothing.
        name: &'a str,
        /// The published value.
        value: &'a [u8],
        /// It is hashed 2^this times.
        exponent: u8,
    },
}

impl Said<'_> {
    /// Refuse a name or a beacon that cannot be recorded.
    pub(crate) fn check(&self) -> Result<()> {
        let (Self::Person { name, .. } | Self::Beacon { name, .. }) = self;
        if name.encode_utf16().count() > NAME_MAX {
            let message =
                format!("a contributor's name has at most {NAME_MAX} characters; {name:?} has more");
            return Err(Error::new(Kind::Usage, message));
        }
        match self {
            Self::Person { .. } => Ok(()),
            Self::Beacon { value, exponent, .. } => check_beacon(value, *exponent),
        }
    }

    /// The stream that the secret is drawn from.
    pub(crate) fn stream(&self, control: &Control) -> Result<Stream> {
        match self {
            Self::Person { entropy, .. } => Stream::from_entropy(entropy),
            Self::Beacon { value, exponent, .. } => Stream::from_beacon(value, *exponent, control),
        }
    }

    /// The record's end.
    pub(crate) fn recorded(&self) -> Contribution {
        let (Self::Person { name, .. } | Self::Beacon { name, .. }) = self;
        let name = Some(name.as_bytes().to_vec()).filter(|name| !name.is_empty());
        match self {
            Self::Person { .. } => Contribution { name, ..Contribution::default() },
            Self::Beacon { value, exponent, .. } => Contribution {
                name,
                beacon_hash: Some(value.to_vec()),
                beacon_iterations_exp: Some(*exponent),
            },
        }
    }
}

/// Append a record's end: its type and its parameters.
pub(crate) fn write_end(said: &Contribution, out: &mut Vec<u8>) {
    let mut parameters = Vec::new();
    if let Some(name) = &said.name {
        parameters.extend([1, name.len() as u8]);
        parameters.extend(name);
    }
    if let Some(exponent) = said.beacon_iterations_exp {
        parameters.extend([2, exponent]);
    }
    if let Some(value) = &said.beacon_hash {
        parameters.extend([3, value.len() as u8]);
        parameters.extend(value);
    }
    out.extend(u32::from(said.beacon_hash.is_some()).to_le_bytes());
    out.extend((parameters.len() as u32).to_le_bytes());
    out.extend(parameters);
}

/// The stream of a recorded beacon, or `None` for a person's contribution.
pub(crate) fn stream_of(said: &Contribution, place: &str, control: &Control) -> Result<Option<Stream>> {
    let Some(value) = &said.beacon_hash else { return Ok(None) };
    let exponent = said.beacon_iterations_exp.unwrap_or(0);
    if check_beacon(value, exponent).is_err() {
        let message = format!("{place} is a beacon whose value or number of iterations is out of range");
        return Err(Error::new(Kind::SetupNotVerified, message));
    }
    Stream::from_beacon(value, exponent, control).map(Some)
}
