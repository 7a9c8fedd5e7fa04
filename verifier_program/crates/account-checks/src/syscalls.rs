//! Memory, hash and log syscalls behind safe functions.

/// Copies `source` to the start of `target`. None when it does not fit.
///
/// The syscall costs a few units whatever the length (up to 2,500 bytes); a loop costs one per 8 bytes and more.
#[inline(always)]
#[must_use]
pub fn copy(target: &mut [u8], source: &[u8]) -> Option<()> {
    let target = target.get_mut(..source.len())?;
    #[cfg(target_os = "solana")]
    // SAFETY: `target` and `source` have the same length, and a `&mut` overlaps nothing.
    unsafe {
        pinocchio::syscalls::sol_memcpy_(target.as_mut_ptr(), source.as_ptr(), source.len() as u64);
    }
    #[cfg(not(target_os = "solana"))]
    target.copy_from_slice(source);
    Some(())
}

/// The sha256 of `bytes`.
#[cfg(target_os = "solana")]
#[inline(always)]
#[must_use]
pub fn sha256(bytes: &[u8]) -> Option<[u8; 32]> {
    let mut digest = core::mem::MaybeUninit::<[u8; 32]>::uninit();
    let slices = [bytes];
    // SAFETY: `slices` is one slice, laid out as the syscall reads it (address, length), and `digest` is 32 writable bytes.
    let code = unsafe {
        pinocchio::syscalls::sol_sha256(
            slices.as_ptr().cast(),
            slices.len() as u64,
            digest.as_mut_ptr().cast(),
        )
    };
    // SAFETY: with return code 0 the runtime wrote the whole digest.
    (code == 0).then(|| unsafe { digest.assume_init() })
}

/// No hash: off chain there is no syscall for it.
#[cfg(not(target_os = "solana"))]
#[must_use]
pub fn sha256(_bytes: &[u8]) -> Option<[u8; 32]> {
    None
}

/// Logs an event as one slice, "Program data: <base64>".
#[inline(always)]
pub fn log_event(event: &[u8]) {
    let slices = [event];
    #[cfg(target_os = "solana")]
    // SAFETY: `slices` is one slice, laid out as the syscall reads it (address, length).
    unsafe {
        pinocchio::syscalls::sol_log_data(slices.as_ptr().cast(), slices.len() as u64);
    }
    #[cfg(not(target_os = "solana"))]
    let _ = slices;
}
