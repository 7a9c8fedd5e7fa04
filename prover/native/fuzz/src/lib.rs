//! Fuzz targets for the readers of the ecosystem's files: no panic, no memory that does not follow from the file's size.

mod allocation;
pub mod readers;
pub mod sections;

use std::ffi::CString;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use readers::Reader;

#[global_allocator]
static ALLOCATOR: allocation::Counting = allocation::Counting;

/// Read bytes as a file of one kind, from memory; panic when the reader panics or takes too much memory.
pub fn fuzz(reader: Reader, data: &[u8]) {
    let name = CString::default();
    // SAFETY: the name ends with a zero.
    let descriptor = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) };
    assert!(descriptor >= 0, "the system gives no file in memory");
    // SAFETY: the descriptor is ours and open.
    let file = unsafe { File::from_raw_fd(descriptor) };
    file.write_all_at(data, 0).expect("a file in memory takes bytes");
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    let (_, peak) = allocation::peak_of(|| reader.run(&path));
    assert!(peak <= reader.bytes_max(data.len()), "{peak} bytes were taken for a file of {}", data.len());
}

/// A binary of libFuzzer for one reader.
#[macro_export]
macro_rules! target {
    ($reader:expr) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::fuzz($reader, data));
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::sections::mutate(data, size, max_size, seed)
        });
    };
}
