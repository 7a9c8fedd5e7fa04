//! The hash: a syscall on Solana, arkworks' field on the host, and nothing at all where neither is there.

#[cfg(all(not(target_os = "solana"), not(feature = "host")))]
mod absent;
#[cfg(all(not(target_os = "solana"), feature = "host"))]
mod host;
#[cfg(target_os = "solana")]
mod syscalls;

#[cfg(all(not(target_os = "solana"), not(feature = "host")))]
pub(crate) use absent::poseidon;
#[cfg(all(not(target_os = "solana"), feature = "host"))]
pub(crate) use host::poseidon;
#[cfg(target_os = "solana")]
pub(crate) use syscalls::poseidon;
