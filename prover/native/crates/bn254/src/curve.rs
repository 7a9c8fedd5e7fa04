//! The groups G1: y² = x³ + 3 over Fq, and G2: y² = x³ + 3/(9 + u) over Fq2.

use core::ops::{Add, AddAssign, Neg, Sub};

use crate::{
    field::{Field, Fq, Fr},
    fq2::Fq2,
};

/// The field of a group's coordinates, with the constants of its curve y² = x³ + b.
pub trait CurveField: Field {
    /// b.
    const B: Self;
    /// The coordinates of the group's customary generator.
    const GENERATOR: (Self, Self);

    /// Whether the coordinates' limbs are less than q.
    fn is_canonical(&self) -> bool;
}

impl CurveField for Fq {
    const B: Self = Self([0x7a17caa950ad28d7, 0x1f6ac17ae15521b9, 0x334bea4e696bd284, 0x2a1f6744ce179d8e]);
    const GENERATOR: (Self, Self) =
        (Self::ONE, Self([0xa6ba871b8b1e1b3a, 0x14f1d651eb8e167b, 0xccdd46def0f28c58, 0x1c14ef83340fbe5e]));

    fn is_canonical(&self) -> bool {
        Self::is_canonical(self)
    }
}

impl CurveField for Fq2 {
    const B: Self = Self {
        c0: Fq([0x3bf938e377b802a8, 0x020b1b273633535d, 0x26b7edf049755260, 0x2514c6324384a86d]),
        c1: Fq([0x38e7ecccd1dcff67, 0x65f0b37d93ce0d3e, 0xd749d0dd22ac00aa, 0x0141b9ce4a688d4d]),
    };
    const GENERATOR: (Self, Self) = (
        Self {
            c0: Fq([0x8e83b5d102bc2026, 0xdceb1935497b0172, 0xfbb8264797811adf, 0x19573841af96503b]),
            c1: Fq([0xafb4737da84c6140, 0x6043dd5a5802d8c4, 0x09e950fc52a02f86, 0x14fef0833aea7b6b]),
        },
        Self {
            c0: Fq([0x619dfa9d886be9f6, 0xfe7fd297f59e9b78, 0xff9e1a62231b7dfe, 0x28fd7eebae9e4206]),
            c1: Fq([0x64095b56c71856ee, 0xdc57f922327d3cbb, 0x55f935be33351076, 0x0da4a0e693fd6482]),
        },
    );

    fn is_canonical(&self) -> bool {
        Self::is_canonical(self)
    }
}

/// A point by its two coordinates; (0, 0), which is on neither curve, stands for the point at infinity, as in a .zkey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Affine<F> {
    /// The first coordinate.
    pub x: F,
    /// The second coordinate.
    pub y: F,
}

/// A point of G1, 64 bytes.
pub type G1Affine = Affine<Fq>;
/// A point of G2, 128 bytes.
pub type G2Affine = Affine<Fq2>;

const _: () = assert!(size_of::<G1Affine>() == 64 && size_of::<G2Affine>() == 128);

impl<F: CurveField> Affine<F> {
    /// The point at infinity.
    pub const INFINITY: Self = Self { x: F::ZERO, y: F::ZERO };
    /// The group's customary generator.
    pub const GENERATOR: Self = Self { x: F::GENERATOR.0, y: F::GENERATOR.1 };

    /// Whether this is the point at infinity.
    #[inline(always)]
    pub fn is_infinity(&self) -> bool {
        self.x.is_zero() && self.y.is_zero()
    }

    /// Whether the limbs of every coordinate are less than q: to be asked of limbs that came from outside.
    pub fn is_canonical(&self) -> bool {
        self.x.is_canonical() && self.y.is_canonical()
    }

    /// Whether the point satisfies the curve's equation or is at infinity. The coordinates must be canonical.
    pub fn is_on_curve(&self) -> bool {
        self.is_infinity() || self.y.square() == self.x.square() * self.x + F::B
    }

    /// `scalar·self`, for a plain integer in little-endian limbs. Takes a time that depends on the scalar.
    pub fn mul_plain(&self, scalar: &[u64; 4]) -> Point<F> {
        Point::from(*self).mul_plain(scalar)
    }

    /// `scalar·self`. Takes a time that depends on the scalar.
    pub fn mul(&self, scalar: &Fr) -> Point<F> {
        self.mul_plain(&scalar.to_plain())
    }
}

impl<F: CurveField> Neg for Affine<F> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { x: self.x, y: -self.y }
    }
}

/// A point as (X, Y, ZZ, ZZZ) with x = X/ZZ, y = Y/ZZZ and ZZ³ = ZZZ²; ZZ = 0 at infinity.
///
/// The formulas are the Explicit-Formulas Database's for short Weierstrass curves in XYZZ coordinates.
#[derive(Clone, Copy, Debug)]
pub struct Point<F> {
    x: F,
    y: F,
    zz: F,
    zzz: F,
}

/// A point of G1, for sums.
pub type G1 = Point<Fq>;
/// A point of G2, for sums.
pub type G2 = Point<Fq2>;

impl<F: CurveField> Point<F> {
    /// The point at infinity.
    pub const INFINITY: Self = Self { x: F::ONE, y: F::ONE, zz: F::ZERO, zzz: F::ZERO };

    /// Whether this is the point at infinity.
    #[inline(always)]
    pub fn is_infinity(&self) -> bool {
        self.zz.is_zero()
    }

    /// `2·self`.
    pub fn double(&self) -> Self {
        if self.is_infinity() || self.y.is_zero() {
            return Self::INFINITY;
        }
        let u = self.y.double();
        let v = u.square();
        let w = u * v;
        let s = self.x * v;
        let m = self.x.square();
        let m = m.double() + m;
        let x = m.square() - s.double();
        let y = m * (s - x) - w * self.y;
        Self { x, y, zz: v * self.zz, zzz: w * self.zzz }
    }

    /// `2·point`.
    fn double_affine(point: &Affine<F>) -> Self {
        Self::from(*point).double()
    }

    /// `self + point`.
    #[inline]
    pub fn add_affine(&self, point: &Affine<F>) -> Self {
        if point.is_infinity() {
            return *self;
        }
        if self.is_infinity() {
            return Self::from(*point);
        }
        let p = point.x * self.zz - self.x;
        let r = point.y * self.zzz - self.y;
        if p.is_zero() {
            return if r.is_zero() { Self::double_affine(point) } else { Self::INFINITY };
        }
        let pp = p.square();
        let ppp = p * pp;
        let q = self.x * pp;
        let x = r.square() - ppp - q.double();
        let y = r * (q - x) - self.y * ppp;
        Self { x, y, zz: self.zz * pp, zzz: self.zzz * ppp }
    }

    /// `scalar·self`, for a plain integer in little-endian limbs. Takes a time that depends on the scalar.
    pub fn mul_plain(&self, scalar: &[u64; 4]) -> Self {
        // Four bits at a time from a table of 0..=15 times the point.
        let mut table = [Self::INFINITY; 16];
        for i in 1..16 {
            table[i] = table[i - 1] + *self;
        }
        let mut result = Self::INFINITY;
        for limb in scalar.iter().rev() {
            for nibble in (0..16).rev() {
                if !result.is_infinity() {
                    result = result.double().double().double().double();
                }
                result += table[(limb >> (4 * nibble) & 15) as usize];
            }
        }
        result
    }

    /// `scalar·self`. Takes a time that depends on the scalar.
    pub fn mul(&self, scalar: &Fr) -> Self {
        self.mul_plain(&scalar.to_plain())
    }

    /// The point's two coordinates.
    pub fn to_affine(&self) -> Affine<F> {
        // x = X/ZZ with 1/ZZ = (ZZ/ZZZ)², y = Y/ZZZ; infinity, having no inverse, is (0, 0).
        self.zzz.inverse().map_or(Affine::INFINITY, |inverse| self.scaled_by_inverse(inverse))
    }

    /// The point's two coordinates, given 1/ZZZ.
    fn scaled_by_inverse(&self, zzz_inverse: F) -> Affine<F> {
        let zz_inverse = (self.zz * zzz_inverse).square();
        Affine { x: self.x * zz_inverse, y: self.y * zzz_inverse }
    }

    /// The coordinates of many points with one inversion.
    pub fn batch_to_affine(points: &[Self]) -> Vec<Affine<F>> {
        let mut inverses: Vec<F> = points.iter().map(|point| point.zzz).collect();
        crate::field::batch_inverse(&mut inverses);
        // At infinity the inverse is still zero and so are both coordinates.
        points.iter().zip(inverses).map(|(point, inverse)| point.scaled_by_inverse(inverse)).collect()
    }
}

impl<F: CurveField> Default for Point<F> {
    fn default() -> Self {
        Self::INFINITY
    }
}

impl<F: CurveField> From<Affine<F>> for Point<F> {
    #[inline]
    fn from(point: Affine<F>) -> Self {
        if point.is_infinity() {
            Self::INFINITY
        } else {
            Self { x: point.x, y: point.y, zz: F::ONE, zzz: F::ONE }
        }
    }
}

impl<F: CurveField> PartialEq for Point<F> {
    fn eq(&self, other: &Self) -> bool {
        if self.is_infinity() || other.is_infinity() {
            return self.is_infinity() && other.is_infinity();
        }
        self.x * other.zz == other.x * self.zz && self.y * other.zzz == other.y * self.zzz
    }
}

impl<F: CurveField> Eq for Point<F> {}

impl<F: CurveField> Add for Point<F> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        if self.is_infinity() {
            return other;
        }
        if other.is_infinity() {
            return self;
        }
        let u1 = self.x * other.zz;
        let s1 = self.y * other.zzz;
        let p = other.x * self.zz - u1;
        let r = other.y * self.zzz - s1;
        if p.is_zero() {
            return if r.is_zero() { self.double() } else { Self::INFINITY };
        }
        let pp = p.square();
        let ppp = p * pp;
        let q = u1 * pp;
        let x = r.square() - ppp - q.double();
        let y = r * (q - x) - s1 * ppp;
        Self { x, y, zz: self.zz * other.zz * pp, zzz: self.zzz * other.zzz * ppp }
    }
}

impl<F: CurveField> AddAssign for Point<F> {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<F: CurveField> Neg for Point<F> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { y: -self.y, ..self }
    }
}

impl<F: CurveField> Sub for Point<F> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// The parameter of the BN family: r and q are polynomials in it.
const BN_X: u64 = 4965661367192848881;

/// (9 + u)^((q-1)/3) and (9 + u)^((q-1)/2): what carries the q-th power from the twist back to the twist.
const PSI: (Fq2, Fq2) = (
    Fq2 {
        c0: Fq([0xb5773b104563ab30, 0x347f91c8a9aa6454, 0x7a007127242e0991, 0x1956bcd8118214ec]),
        c1: Fq([0x6e849f1ea0aa4757, 0xaa1c7b6d89f89141, 0xb6e713cdfae0ca3a, 0x26694fbb4e82ebc3]),
    },
    Fq2 {
        c0: Fq([0xe4bbdd0c2936b629, 0xbb30f162e133bacb, 0x31a9d1b6f9645366, 0x253570bea500f8dd]),
        c1: Fq([0xa1d77ce45ffe77c7, 0x07affd117826d1db, 0x6d16bd27bb7edc6b, 0x2c87200285defecc]),
    },
);

impl G2 {
    /// The endomorphism ψ: untwist, raise to the q-th power, twist.
    fn psi(&self) -> Self {
        Self {
            x: self.x.conjugate() * PSI.0,
            y: self.y.conjugate() * PSI.1,
            zz: self.zz.conjugate(),
            zzz: self.zzz.conjugate(),
        }
    }
}

impl G2Affine {
    /// Whether a point of the curve is in the subgroup of order r.
    ///
    /// The curve's order over Fq2 is r times a cofactor. With x the curve's parameter, f(ψ) = (x + 1) + x·ψ + x·ψ² -
    /// 2x·ψ³ is zero on the subgroup, where ψ acts as q. It is zero nowhere else: modulo ψ² - tψ + q = 0, which ψ
    /// satisfies on the whole curve, f's norm N has gcd(N, order) = r, and f(ψ)·P = 0 implies N·P = 0.
    pub fn is_in_subgroup(&self) -> bool {
        let xp = self.mul_plain(&[BN_X, 0, 0, 0]);
        let psi_xp = xp.psi();
        let psi2_xp = psi_xp.psi();
        xp.add_affine(self) + psi_xp + psi2_xp == psi2_xp.psi().double()
    }
}
