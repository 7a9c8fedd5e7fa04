//! Points as the hashes of a ceremony take them: big-endian plain numbers, of Fq2 the coefficient of u first.
//!
//! Facts: iden3/wasmcurves, `LEMtoU` and `LEMtoC`. Infinity is all zeros, compressed with the bit 0x40; compressed is x
//! with the bit 0x80 when y is in the upper half.

use bn254::{Affine, Fq, Fq2};

use super::blake2b::Blake2b;
use super::random::Drawn;

/// Points that are encoded, and hashed, at once.
const PIECE: usize = 1 << 12;

/// Coordinates that can be written for a hash.
pub(crate) trait Encoded: Drawn {
    /// Append the number.
    fn write(&self, out: &mut Vec<u8>);
}

impl Encoded for Fq {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_plain().iter().rev().flat_map(|word| word.to_be_bytes()));
    }
}

impl Encoded for Fq2 {
    fn write(&self, out: &mut Vec<u8>) {
        self.c1.write(out);
        self.c0.write(out);
    }
}

/// Append a point, both coordinates.
pub(crate) fn uncompressed<F: Encoded>(point: &Affine<F>, out: &mut Vec<u8>) {
    point.x.write(out);
    point.y.write(out);
}

/// Append points, compressed.
pub(crate) fn compressed<F: Encoded>(points: &[Affine<F>], out: &mut Vec<u8>) {
    for point in points {
        let at = out.len();
        point.x.write(out);
        if point.is_infinity() {
            out[at] |= 0x40;
        } else if !point.y.is_zero() && point.y.is_negative() {
            out[at] |= 0x80;
        }
    }
}

impl Blake2b {
    /// Take a point, both coordinates.
    pub(crate) fn point<F: Encoded>(&mut self, point: &Affine<F>) {
        self.points(std::slice::from_ref(point));
    }

    /// Take points, both coordinates of each.
    pub(crate) fn points<F: Encoded>(&mut self, points: &[Affine<F>]) {
        let mut bytes = Vec::with_capacity(points.len().min(PIECE) * size_of::<Affine<F>>());
        for piece in points.chunks(PIECE) {
            bytes.clear();
            for point in piece {
                uncompressed(point, &mut bytes);
            }
            self.update(&bytes);
        }
    }
}
