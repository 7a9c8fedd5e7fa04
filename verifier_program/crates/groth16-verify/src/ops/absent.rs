//! No group arithmetic: neither Solana's syscalls nor the feature `host`. Every operation refuses, so nothing verifies.

use crate::{
    G1_BYTES, PAIR_BYTES,
    ops::{AddInput, MulInput},
};

pub(crate) fn g1_add(_input: &AddInput, _sum: &mut [u8; G1_BYTES]) -> Option<()> {
    None
}

pub(crate) fn g1_mul(_input: &MulInput, _product: &mut [u8; G1_BYTES]) -> Option<()> {
    None
}

pub(crate) fn pairing(_pairs: &[[u8; PAIR_BYTES]]) -> Option<[u8; 32]> {
    None
}

pub(crate) fn sha256(_parts: &[&[u8]]) -> [u8; 32] {
    [0; 32]
}

/// # Safety
///
/// `target` is writable and does not overlap `source`.
pub(crate) unsafe fn copy_array<const BYTES: usize>(target: *mut [u8; BYTES], source: &[u8; BYTES]) {
    // SAFETY: the caller says that `target` is writable.
    unsafe { target.write(*source) }
}
