//! Group operations: syscalls on Solana, arkworks on the host, and nothing at all where neither is there.

#[cfg(all(not(target_os = "solana"), not(feature = "host")))]
mod absent;
#[cfg(all(not(target_os = "solana"), feature = "host"))]
mod host;
#[cfg(target_os = "solana")]
mod syscalls;

#[cfg(all(not(target_os = "solana"), not(feature = "host")))]
pub(crate) use absent::{copy_array, g1_add, g1_mul, pairing, sha256};
#[cfg(all(not(target_os = "solana"), feature = "host"))]
pub(crate) use host::{copy_array, g1_add, g1_mul, pairing, sha256};
#[cfg(target_os = "solana")]
pub(crate) use syscalls::{copy_array, g1_add, g1_mul, pairing, sha256};

use crate::{G1_BYTES, PUBLIC_INPUT_BYTES};

/// What an addition reads: two points.
pub(crate) type AddInput = [u8; 2 * G1_BYTES];

/// What a multiplication reads: a point and a scalar.
pub(crate) type MulInput = [u8; G1_BYTES + PUBLIC_INPUT_BYTES];

/// Copies one array.
#[inline(always)]
pub(crate) fn copy<const BYTES: usize>(target: &mut [u8; BYTES], source: &[u8; BYTES]) {
    // SAFETY: the one is borrowed to be written, so it does not overlap the other.
    unsafe { copy_array(target, source) }
}
