//! Points as .zkey and .ptau files hold them: affine, Montgomery form, little-endian; infinity is all zero bytes.

use bn254::{Fq, Fq2, G1Affine, G2Affine};

use super::container::Reader;
use crate::error::{Error, Kind, Result};

/// Bytes of a point of G1.
pub const G1_BYTES: u64 = 64;
/// Bytes of a point of G2.
pub const G2_BYTES: u64 = 128;

/// The next point of G1; its coordinates are below q, and that is all that is known of it.
pub fn read_g1(reader: &mut Reader<'_>) -> Result<G1Affine> {
    Ok(G1Affine { x: coordinate(reader)?, y: coordinate(reader)? })
}

/// The next point of G2; its coordinates are below q, and that is all that is known of it.
pub fn read_g2(reader: &mut Reader<'_>) -> Result<G2Affine> {
    Ok(G2Affine { x: coordinates(reader)?, y: coordinates(reader)? })
}

fn coordinates(reader: &mut Reader<'_>) -> Result<Fq2> {
    Ok(Fq2 { c0: coordinate(reader)?, c1: coordinate(reader)? })
}

fn coordinate(reader: &mut Reader<'_>) -> Result<Fq> {
    Fq::from_bytes_montgomery_le(&reader.array()?).ok_or_else(|| {
        let message = format!("{}: a coordinate is not below q", reader.place());
        Error::new(Kind::CoordinateTooLarge, message)
    })
}
