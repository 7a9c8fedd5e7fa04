//! Views of bytes as structs.

/// A type that is its bytes.
///
/// # Safety
/// The type has alignment 1 and no padding, and any bytes of its size are a value of it.
pub unsafe trait Plain: Copy {}

// SAFETY: bytes.
unsafe impl<const N: usize> Plain for [u8; N] {}

/// A plain struct whose first 8 bytes say which one it is.
pub trait Tagged: Plain {
    /// Those bytes.
    const TAG: [u8; 8];
}

/// The data of an instruction: which one it is, then its arguments.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InstructionData<T> {
    /// Names the instruction.
    pub discriminator: [u8; 8],
    /// Its arguments.
    pub args: T,
}

// SAFETY: bytes, then a plain type: alignment 1 and no padding.
unsafe impl<T: Plain> Plain for InstructionData<T> {}

/// The bytes as a `T`. None unless there are exactly as many as a `T` has.
#[inline(always)]
#[must_use]
pub fn view<T: Plain>(bytes: &[u8]) -> Option<&T> {
    // SAFETY: the length is a T's, its alignment is 1, and any bytes are a T.
    (bytes.len() == size_of::<T>()).then(|| unsafe { &*bytes.as_ptr().cast() })
}

/// The bytes as a `T` to write to. None unless there are exactly as many as a `T` has.
#[inline(always)]
#[must_use]
pub fn view_mut<T: Plain>(bytes: &mut [u8]) -> Option<&mut T> {
    // SAFETY: as in `view`, and the borrow is unique.
    (bytes.len() == size_of::<T>()).then(|| unsafe { &mut *bytes.as_mut_ptr().cast() })
}

/// The bytes of a value.
#[inline(always)]
#[must_use]
pub fn bytes<T: Plain>(value: &T) -> &[u8] {
    // SAFETY: a T is `size_of::<T>()` initialized bytes without padding.
    unsafe { core::slice::from_raw_parts(core::ptr::from_ref(value).cast(), size_of::<T>()) }
}

/// An account's data as a `T`. None unless length and tag are a `T`'s.
#[inline(always)]
#[must_use]
pub fn account<T: Tagged>(data: &[u8]) -> Option<&T> {
    has_tag::<T>(data).then(|| view(data)).flatten()
}

/// An account's data as a `T` to write to. None unless length and tag are a `T`'s.
#[inline(always)]
#[must_use]
pub fn account_mut<T: Tagged>(data: &mut [u8]) -> Option<&mut T> {
    has_tag::<T>(data).then(|| view_mut(data)).flatten()
}

/// Fills the data of a new account with a value. None unless the length is a `T`'s.
#[inline(always)]
#[must_use]
pub fn new_account<T: Tagged>(data: &mut [u8], value: &T) -> Option<()> {
    *view_mut(data)? = *value;
    Some(())
}

#[inline(always)]
fn has_tag<T: Tagged>(data: &[u8]) -> bool {
    data.first_chunk() == Some(&T::TAG)
}
