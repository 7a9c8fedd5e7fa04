//! The quadratic extension Fq[u]/(u² + 1), the field of G2's coordinates.

use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::field::{Field, Fq};

/// `c0 + c1·u` with `u² = -1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Fq2 {
    /// The coefficient of 1.
    pub c0: Fq,
    /// The coefficient of u.
    pub c1: Fq,
}

impl Fq2 {
    /// `c0 + c1·u`.
    pub const fn new(c0: Fq, c1: Fq) -> Self {
        Self { c0, c1 }
    }

    /// `c0 - c1·u`, which is also the q-th power.
    pub fn conjugate(&self) -> Self {
        Self { c0: self.c0, c1: -self.c1 }
    }

    /// Whether both coefficients' limbs are less than q: to be asked of limbs that came from outside.
    pub const fn is_canonical(&self) -> bool {
        self.c0.is_canonical() && self.c1.is_canonical()
    }
}

impl Field for Fq2 {
    const ZERO: Self = Self { c0: Fq::ZERO, c1: Fq::ZERO };
    const ONE: Self = Self { c0: Fq::ONE, c1: Fq::ZERO };

    #[inline(always)]
    fn is_zero(&self) -> bool {
        self.c0.is_zero() && self.c1.is_zero()
    }

    #[inline]
    fn square(&self) -> Self {
        // (c0 + c1)(c0 - c1) + 2·c0·c1·u.
        let product = self.c0 * self.c1;
        Self { c0: (self.c0 + self.c1) * (self.c0 - self.c1), c1: product.double() }
    }

    fn inverse(&self) -> Option<Self> {
        let norm = self.c0.square() + self.c1.square();
        let inverse = norm.inverse()?;
        Some(Self { c0: self.c0 * inverse, c1: -(self.c1 * inverse) })
    }
}

impl Add for Fq2 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self { c0: self.c0 + other.c0, c1: self.c1 + other.c1 }
    }
}

impl Sub for Fq2 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self { c0: self.c0 - other.c0, c1: self.c1 - other.c1 }
    }
}

impl Mul for Fq2 {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        // Karatsuba: three products instead of four.
        let v0 = self.c0 * other.c0;
        let v1 = self.c1 * other.c1;
        let cross = (self.c0 + self.c1) * (other.c0 + other.c1);
        Self { c0: v0 - v1, c1: cross - v0 - v1 }
    }
}

impl Mul<Fq> for Fq2 {
    type Output = Self;
    #[inline]
    fn mul(self, scale: Fq) -> Self {
        Self { c0: self.c0 * scale, c1: self.c1 * scale }
    }
}

impl Neg for Fq2 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { c0: -self.c0, c1: -self.c1 }
    }
}

impl AddAssign for Fq2 {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Fq2 {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Fq2 {
    #[inline(always)]
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}
