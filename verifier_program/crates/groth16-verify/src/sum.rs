//! Sums of multiples of points of G1.

use core::mem::MaybeUninit;

use crate::{G1_BYTES, PUBLIC_INPUT_BYTES, ops};

/// Writes start + Σ factor · point, and returns it. None when a point is off the curve or has a coordinate not less than q; zeros are the point at
/// infinity.
///
/// Each addition reads one buffer, sum and product side by side, and writes its sum into the other one: nothing is copied and
/// no operation writes what it reads.
#[inline(always)]
pub(crate) fn write_sum<'a, 't>(
    start: &[u8; G1_BYTES],
    terms: impl Iterator<Item = (&'a [u8; G1_BYTES], &'a [u8; PUBLIC_INPUT_BYTES])>,
    target: &'t mut MaybeUninit<[u8; G1_BYTES]>,
) -> Option<&'t [u8; G1_BYTES]> {
    let mut buffers = [[0u8; 2 * G1_BYTES]; 2];
    let [current, next] = &mut buffers;
    let (mut current, mut next) = (current, next);
    let mut multiplication = [0u8; G1_BYTES + PUBLIC_INPUT_BYTES];
    *current.first_chunk_mut()? = *start;
    for (point, factor) in terms {
        *multiplication.first_chunk_mut()? = *point;
        *multiplication.last_chunk_mut()? = *factor;
        ops::g1_mul(&multiplication, current.last_chunk_mut()?)?;
        ops::g1_add(current, next.first_chunk_mut()?)?;
        core::mem::swap(&mut current, &mut next);
    }
    Some(target.write(*current.first_chunk()?))
}
