//! Large buffers of plain values, filled from files without a copy in between.

use bn254::{Fr, G1Affine, G2Affine};
pub(crate) use bn254::{Secret, wipe};

use crate::error::{Error, Kind, Result};

/// Types for which every pattern of bits is a value, and which have no padding.
///
/// # Safety
/// An implementor must be `repr(C)` or `repr(transparent)` over integers only, without padding.
pub unsafe trait Plain: Copy {}

// SAFETY: integers and arrays of integers.
unsafe impl Plain for u8 {}
// SAFETY: as above.
unsafe impl Plain for u32 {}
// SAFETY: as above.
unsafe impl Plain for u64 {}
// SAFETY: as above.
unsafe impl Plain for [u32; 2] {}
// SAFETY: as above.
unsafe impl Plain for [u64; 4] {}
// SAFETY: `repr(C)` over four u64. A value not below the modulus is wrong, not undefined; it is checked for.
unsafe impl Plain for Fr {}
// SAFETY: `repr(C)` over coordinates of four u64 each.
unsafe impl Plain for G1Affine {}
// SAFETY: as above.
unsafe impl Plain for G2Affine {}

/// Buffers from this size are put on huge pages where the system offers them: a key of gigabytes otherwise costs a
/// page fault for every 4 KiB.
const HUGE_FROM_BYTES: usize = 4 << 20;

/// `len` zeros. Memory is taken when it is written to, and refusal is an error, not an abort.
pub(crate) fn zeros<T: Plain>(len: usize) -> Result<Vec<T>> {
    let too_large = || {
        Error::new(
            Kind::OutOfMemory,
            format!("{len} values of {} bytes do not fit into memory", size_of::<T>()),
        )
    };
    if len == 0 {
        return Ok(Vec::new());
    }
    let layout = std::alloc::Layout::array::<T>(len).map_err(|_| too_large())?;
    // SAFETY: the layout's size is not zero; the block is handed to a Vec of the same layout, and zero bytes are
    // values of a `Plain` type.
    unsafe {
        let block = std::alloc::alloc_zeroed(layout);
        if block.is_null() {
            return Err(too_large());
        }
        if layout.size() >= HUGE_FROM_BYTES {
            advise_huge(block, layout.size());
        }
        Ok(Vec::from_raw_parts(block.cast::<T>(), len, len))
    }
}

#[cfg(target_os = "linux")]
fn advise_huge(block: *mut u8, bytes: usize) {
    const PAGE: usize = 4096;
    let start = (block as usize).next_multiple_of(PAGE);
    let end = (block as usize + bytes) & !(PAGE - 1);
    if start < end {
        // SAFETY: the range lies inside a block that we own, and the advice changes no content. Its failure changes
        // nothing but speed.
        unsafe { libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_huge(_block: *mut u8, _bytes: usize) {}

/// The bytes of plain values, to write to.
pub(crate) fn bytes_mut<T: Plain>(values: &mut [T]) -> &mut [u8] {
    // SAFETY: `Plain` types have no padding, so all their bytes are initialised, and whatever is written is a value.
    unsafe { std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), size_of_val(values)) }
}

/// The bytes of plain values.
pub(crate) fn bytes_of<T: Plain>(values: &[T]) -> &[u8] {
    // SAFETY: `Plain` types have no padding, so all their bytes are initialised.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
}

/// The machine's memory in bytes, or `u64::MAX` where it cannot be told.
pub(crate) fn physical_bytes() -> u64 {
    // SAFETY: `sysconf` only returns numbers.
    let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    match (u64::try_from(pages), u64::try_from(page)) {
        (Ok(pages), Ok(page)) => pages.saturating_mul(page),
        _ => u64::MAX,
    }
}

/// The limbs of field elements.
pub(crate) fn plain_words(values: &[Fr]) -> &[crate::modulus::Words] {
    // SAFETY: `Fr` is a transparent wrapper of four u64.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
}
