//! Little-endian numbers of alignment 1.

use crate::Plain;

macro_rules! number {
    ($name:ident, $number:ty) => {
        #[doc = concat!("A little-endian ", stringify!($number), " of alignment 1.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(transparent)]
        pub struct $name([u8; size_of::<$number>()]);

        impl $name {
            /// Stores a number.
            #[inline(always)]
            #[must_use]
            pub const fn new(value: $number) -> Self {
                Self(value.to_le_bytes())
            }

            /// The number.
            #[inline(always)]
            #[must_use]
            pub const fn get(self) -> $number {
                <$number>::from_le_bytes(self.0)
            }

            /// Its bytes, little-endian: what a seed of an address is made of.
            #[inline(always)]
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; size_of::<$number>()] {
                &self.0
            }
        }

        // SAFETY: an array of bytes.
        unsafe impl Plain for $name {}
    };
}

number!(U16, u16);
number!(U32, u32);
number!(U64, u64);

/// A yes or no in one byte: 1 or 0. Any other byte, which no program here writes, reads as yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Flag(u8);

impl Flag {
    /// Stores a yes or no.
    #[inline(always)]
    #[must_use]
    pub const fn new(value: bool) -> Self {
        Self(value as u8)
    }

    /// Yes or no.
    #[inline(always)]
    #[must_use]
    pub const fn get(self) -> bool {
        self.0 != 0
    }
}

// SAFETY: one byte.
unsafe impl Plain for Flag {}
