//! The `alt_bn128` syscalls of the Solana runtime: big-endian, return code 0 when every input was accepted.

use core::mem::MaybeUninit;

use crate::{
    G1_BYTES, PAIR_BYTES,
    ops::{AddInput, MulInput},
};

const G1_ADD: u64 = 0;
const G1_MUL: u64 = 2;
const PAIRING: u64 = 3;

unsafe extern "C" {
    fn sol_alt_bn128_group_op(operation: u64, input: *const u8, input_bytes: u64, result: *mut u8) -> u64;
    fn sol_sha256(parts: *const u8, count: u64, digest: *mut u8) -> u64;
    fn sol_memcpy_(target: *mut u8, source: *const u8, bytes: u64);
}

/// Adds the two points of `input`. None when one is off the curve or has a coordinate not less than q.
#[inline(always)]
pub(crate) fn g1_add(input: &AddInput, sum: &mut [u8; G1_BYTES]) -> Option<()> {
    // SAFETY: an addition reads `input`, two points, and writes one point.
    let code = unsafe {
        sol_alt_bn128_group_op(G1_ADD, input.as_ptr(), size_of::<AddInput>() as u64, sum.as_mut_ptr())
    };
    (code == 0).then_some(())
}

/// Multiplies the point of `input` by its scalar. None when the point is off the curve or has a coordinate not less than q. A
/// scalar of r or more is accepted by the runtime: the caller refuses it.
#[inline(always)]
pub(crate) fn g1_mul(input: &MulInput, product: &mut [u8; G1_BYTES]) -> Option<()> {
    // SAFETY: a multiplication reads `input`, a point and a scalar, and writes one point.
    let code = unsafe {
        sol_alt_bn128_group_op(G1_MUL, input.as_ptr(), size_of::<MulInput>() as u64, product.as_mut_ptr())
    };
    (code == 0).then_some(())
}

/// The product of pairings of pairs (G1, G2): the number 1 or 0 in 32 bytes. None when a point is off its curve, outside the
/// subgroup of order r, or has a coordinate not less than q.
#[inline(always)]
pub(crate) fn pairing(pairs: &[[u8; PAIR_BYTES]]) -> Option<[u8; 32]> {
    let bytes = pairs.as_flattened();
    let mut product = MaybeUninit::<[u8; 32]>::uninit();
    // SAFETY: a pairing reads `bytes`, which is whole pairs, and writes 32 bytes.
    let code = unsafe {
        sol_alt_bn128_group_op(PAIRING, bytes.as_ptr(), bytes.len() as u64, product.as_mut_ptr().cast())
    };
    // SAFETY: with return code 0 the runtime wrote the whole product.
    (code == 0).then(|| unsafe { product.assume_init() })
}

/// The sha256 of all parts, one after the other.
#[inline(always)]
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = [0u8; 32];
    // SAFETY: the runtime reads `parts` as pairs of address and length, which is how slices lie in memory on this target, and
    // writes 32 bytes. It has no way to fail but to end the program.
    unsafe { sol_sha256(parts.as_ptr().cast(), parts.len() as u64, digest.as_mut_ptr()) };
    digest
}

/// Copies one array; `target` may be uninitialized.
///
/// # Safety
///
/// `target` is writable and does not overlap `source`.
#[inline(always)]
pub(crate) unsafe fn copy_array<const BYTES: usize>(target: *mut [u8; BYTES], source: &[u8; BYTES]) {
    // SAFETY: `target` and `source` are `BYTES` bytes each and, says the caller, apart.
    unsafe { sol_memcpy_(target.cast(), source.as_ptr(), BYTES as u64) }
}
