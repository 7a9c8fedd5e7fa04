//! The `alt_bn128` syscalls of the Solana runtime: big-endian, return code 0 when every input was accepted.

use core::mem::MaybeUninit;

use crate::{
    G1_BYTES,
    ops::{AddInput, MulInput},
};

const G1_ADD: u64 = 0;
const G1_MUL: u64 = 2;
const PAIRING: u64 = 3;

unsafe extern "C" {
    fn sol_alt_bn128_group_op(operation: u64, input: *const u8, input_bytes: u64, result: *mut u8) -> u64;
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

/// The product of pairings of whole pairs (G1, G2): the number 1 or 0 in 32 bytes. None when a point is off its curve, outside
/// the subgroup of order r, or has a coordinate not less than q.
#[inline(always)]
pub(crate) fn pairing<const BYTES: usize>(pairs: &[u8; BYTES]) -> Option<[u8; 32]> {
    // A length that is not whole pairs is an error of this crate, and some runtimes stop at it.
    const { assert!(BYTES != 0 && BYTES.is_multiple_of(3 * G1_BYTES)) };
    let mut product = MaybeUninit::<[u8; 32]>::uninit();
    // SAFETY: a pairing reads `pairs`, which is whole pairs, and writes 32 bytes.
    let code =
        unsafe { sol_alt_bn128_group_op(PAIRING, pairs.as_ptr(), BYTES as u64, product.as_mut_ptr().cast()) };
    // SAFETY: with return code 0 the runtime wrote the whole product.
    (code == 0).then(|| unsafe { product.assume_init() })
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
