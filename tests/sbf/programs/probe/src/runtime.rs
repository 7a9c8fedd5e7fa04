//! Syscalls, a buffer for results, and a panic handler that logs what Rust would print.

use core::fmt::{self, Write};
use core::panic::PanicInfo;

unsafe extern "C" {
    fn sol_log_(message: *const u8, length: u64);
    fn sol_set_return_data(data: *const u8, length: u64);
    fn abort() -> !;
}

/// The runtime takes at most 1,024 bytes of return data.
pub const CAPACITY: usize = 1024;

pub struct Output {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Output {
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    pub fn put(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    pub fn word(&mut self, value: u64) {
        self.put(&value.to_le_bytes());
    }

    pub fn wide(&mut self, value: u128) {
        self.put(&value.to_le_bytes());
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.length + text.len() > CAPACITY {
            return Err(fmt::Error);
        }
        self.put(text.as_bytes());
        Ok(())
    }
}

pub fn set_return_data(data: &[u8]) {
    // SAFETY: the pointer and the length describe a slice.
    unsafe { sol_set_return_data(data.as_ptr(), data.len() as u64) }
}

/// Read the `index`-th 8-byte word of `input`.
pub fn word_at(input: &[u8], index: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&input[index * 8..index * 8 + 8]);
    u64::from_le_bytes(bytes)
}

/// Read the `index`-th 16-byte word of `input`.
pub fn wide_at(input: &[u8], index: usize) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&input[index * 16..index * 16 + 16]);
    u128::from_le_bytes(bytes)
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let mut message = Output::new();
    let _ = write!(message, "{info}");
    // SAFETY: the pointer and the length describe a slice; abort does not return.
    unsafe {
        sol_log_(message.bytes().as_ptr(), message.bytes().len() as u64);
        abort()
    }
}
