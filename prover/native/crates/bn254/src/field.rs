//! What fields have in common, and the two prime fields.

use core::{
    fmt::Debug,
    ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign},
};

#[cfg(target_arch = "x86_64")]
use crate::adx as modular;
use crate::limbs;
#[cfg(not(target_arch = "x86_64"))]
use crate::limbs as modular;

/// A field: what the curves' formulas need.
pub trait Field:
    Copy
    + Debug
    + Default
    + Eq
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// The neutral element of addition.
    const ZERO: Self;
    /// The neutral element of multiplication.
    const ONE: Self;

    /// Whether this is zero.
    fn is_zero(&self) -> bool;

    /// `2·self`.
    fn double(&self) -> Self {
        *self + *self
    }

    /// `self²`.
    fn square(&self) -> Self {
        *self * *self
    }

    /// `1/self`, or `None` for zero.
    fn inverse(&self) -> Option<Self>;

    /// `self^exponent`, the exponent in little-endian limbs. Takes a time that depends on the exponent.
    fn pow(&self, exponent: &[u64]) -> Self {
        let mut result = Self::ONE;
        for limb in exponent.iter().rev() {
            for bit in (0..64).rev() {
                result = result.square();
                if limb >> bit & 1 == 1 {
                    result *= *self;
                }
            }
        }
        result
    }
}

/// A prime field whose elements are four limbs in Montgomery form.
pub(crate) trait Prime: Field {
    /// The modulus p, little-endian limbs.
    const MODULUS: [u64; 4];
    /// -1/p mod 2^64.
    const INV: u64;

    /// The element of limbs in Montgomery form that are less than p.
    fn from_limbs(limbs: [u64; 4]) -> Self;

    /// The limbs in Montgomery form.
    fn limbs(&self) -> &[u64; 4];
}

/// Replaces each element by its inverse with one inversion in all; zeros stay zeros.
pub fn batch_inverse<F: Field>(values: &mut [F]) {
    let mut products = Vec::with_capacity(values.len());
    let mut product = F::ONE;
    for value in values.iter() {
        products.push(product);
        if !value.is_zero() {
            product *= *value;
        }
    }
    // A product of non-zero elements is not zero, so there is an inverse.
    let mut inverse = product.inverse().unwrap_or(F::ONE);
    for (value, before) in values.iter_mut().zip(products).rev() {
        if !value.is_zero() {
            let next = inverse * *value;
            *value = inverse * before;
            inverse = next;
        }
    }
}

macro_rules! prime_field {
    ($(#[$doc:meta])* $name:ident, modulus: $modulus:expr, one: $one:expr, r2: $r2:expr, inv: $inv:expr) => {
        $(#[$doc])*
        ///
        /// Four little-endian limbs in Montgomery form (the value times 2^256), always less than the modulus.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct $name(pub [u64; 4]);

        impl $name {
            /// The modulus, little-endian limbs.
            pub const MODULUS: [u64; 4] = $modulus;
            /// 2^512 mod the modulus: a plain integer times this is its Montgomery form.
            pub(crate) const R2: Self = Self($r2);

            /// The element of a small integer.
            pub const fn from_u64(value: u64) -> Self {
                Self(limbs::mont_mul(&[value, 0, 0, 0], &$r2, &$modulus, $inv))
            }

            /// The element of a plain integer, or `None` unless it is less than the modulus.
            pub fn from_plain(plain: &[u64; 4]) -> Option<Self> {
                limbs::less_than(plain, &$modulus).then(|| Self(*plain) * Self::R2)
            }

            /// The plain integer, less than the modulus.
            pub const fn to_plain(&self) -> [u64; 4] {
                limbs::mont_mul(&self.0, &[1, 0, 0, 0], &$modulus, $inv)
            }

            /// The element of 32 little-endian bytes, or `None` unless they are less than the modulus.
            pub fn from_bytes_plain_le(bytes: &[u8; 32]) -> Option<Self> {
                Self::from_plain(&crate::field::limbs_from_bytes(bytes))
            }

            /// The value as 32 little-endian bytes.
            pub fn to_bytes_plain_le(&self) -> [u8; 32] {
                crate::field::bytes_from_limbs(&self.to_plain())
            }

            /// The element whose Montgomery form these 32 little-endian bytes are, as a .zkey stores it; `None`
            /// unless they are less than the modulus.
            pub fn from_bytes_montgomery_le(bytes: &[u8; 32]) -> Option<Self> {
                let element = Self(crate::field::limbs_from_bytes(bytes));
                element.is_canonical().then_some(element)
            }

            /// The Montgomery form as 32 little-endian bytes, as a .zkey stores it.
            pub fn to_bytes_montgomery_le(&self) -> [u8; 32] {
                crate::field::bytes_from_limbs(&self.0)
            }

            /// Whether the limbs are less than the modulus: to be asked of limbs that came from outside.
            pub const fn is_canonical(&self) -> bool {
                limbs::less_than(&self.0, &$modulus)
            }
        }

        impl Field for $name {
            const ZERO: Self = Self([0; 4]);
            const ONE: Self = Self($one);

            #[inline(always)]
            fn is_zero(&self) -> bool {
                limbs::is_zero(&self.0)
            }

            fn inverse(&self) -> Option<Self> {
                const R3: [u64; 4] = limbs::mont_mul(&$r2, &$r2, &$modulus, $inv);
                if self.is_zero() {
                    return None;
                }
                // The inverse of x·R is 1/(x·R); times R³ by Montgomery it is R/x.
                Some(Self(crate::inverse::inverse(&self.0, &$modulus, $inv)) * Self(R3))
            }
        }

        impl Prime for $name {
            const MODULUS: [u64; 4] = $modulus;
            const INV: u64 = $inv;

            #[inline(always)]
            fn from_limbs(limbs: [u64; 4]) -> Self {
                Self(limbs)
            }

            #[inline(always)]
            fn limbs(&self) -> &[u64; 4] {
                &self.0
            }
        }

        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(modular::add_mod(&self.0, &other.0, &Self::MODULUS))
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(modular::sub_mod(&self.0, &other.0, &Self::MODULUS))
            }
        }

        impl Mul for $name {
            type Output = Self;
            #[inline]
            fn mul(self, other: Self) -> Self {
                #[cfg(target_arch = "x86_64")]
                if crate::adx::is_available() {
                    return <crate::adx::Adx as crate::backend::Arithmetic>::mul(&self, &other);
                }
                Self(limbs::mont_mul(&self.0, &other.0, &$modulus, $inv))
            }
        }

        impl Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self::ZERO - self
            }
        }

        impl AddAssign for $name {
            #[inline(always)]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl SubAssign for $name {
            #[inline(always)]
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }

        impl MulAssign for $name {
            #[inline(always)]
            fn mul_assign(&mut self, other: Self) {
                *self = *self * other;
            }
        }
    };
}

prime_field!(
    /// The field of the curve's coordinates, q = 21888242871839275222246405745257275088696311157297823662689037894645226208583.
    Fq,
    modulus: [0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029],
    one: [0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f],
    r2: [0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f],
    inv: 0x87d20782e4866389
);

prime_field!(
    /// The field of scalars, r = 21888242871839275222246405745257275088548364400416034343698204186575808495617.
    Fr,
    modulus: [0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029],
    one: [0xac96341c4ffffffb, 0x36fc76959f60cd29, 0x666ea36f7879462e, 0x0e0a77c19a07df2f],
    r2: [0x1bb8e645ae216da7, 0x53fe3ab1e35c59e3, 0x8c49833d53bb8085, 0x0216d0b17f4e44a5],
    inv: 0xc2e1f593efffffff
);

/// Little-endian limbs of little-endian bytes.
fn limbs_from_bytes(bytes: &[u8; 32]) -> [u64; 4] {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *limb = u64::from_le_bytes(*chunk);
    }
    limbs
}

/// Little-endian bytes of little-endian limbs.
fn bytes_from_limbs(limbs: &[u64; 4]) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    for (chunk, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(limbs) {
        *chunk = limb.to_le_bytes();
    }
    bytes
}
