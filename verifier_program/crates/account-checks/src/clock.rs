//! The cluster's clock.

use pinocchio::sysvars::{Sysvar, clock::Clock};

/// Width of a time, as in `spec/limits.toml`.
pub const TIME_BITS: u32 = 40;

/// Unix seconds now. None for a time before 1970 or of more than [`TIME_BITS`] bits.
#[inline(always)]
#[must_use]
pub fn now() -> Option<u64> {
    let seconds = u64::try_from(Clock::get().ok()?.unix_timestamp).ok()?;
    (seconds >> TIME_BITS == 0).then_some(seconds)
}
