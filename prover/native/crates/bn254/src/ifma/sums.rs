//! Additions of pairs of points, sixteen at a time.

use core::arch::x86_64::*;

use super::lanes::{self, Limbs};
use crate::{
    curve::Affine,
    field::{Field, Fq, batch_inverse},
    fq2::Fq2,
    limbs::reduce_once,
    pairs::{NEGATED, Pair, Source, Special},
};

/// Blocks of eight pairs in flight at once: a product's latency is hidden behind the others'.
const CHAINS: usize = 2;

/// Whether all pairs of a block double a point as it stands. Doublings come in whole blocks, where each point of a batch
/// is multiplied.
#[inline(always)]
fn doubles(block: &[Pair; 8]) -> bool {
    block.iter().fold(true, |all, pair| all & (pair.left == pair.right) & (pair.left & NEGATED == 0))
}

/// Memory that a batch uses.
#[derive(Default)]
pub(crate) struct Scratch {
    /// For each block a denominator's norm and the product of the norms before it.
    norms: Vec<[(Limbs, Limbs); CHAINS]>,
}

/// Lanes of Fq.
mod base {
    use super::*;

    pub(super) type Lanes = Limbs;
    pub(super) type Coordinate = Fq;

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn one() -> Lanes {
        lanes::splat_limbs(&Fq::ONE.0)
    }

    /// # Safety
    ///
    /// The pointers are to points.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn load_x(points: &[*const Affine<Fq>; 8]) -> Lanes {
        // The first halves of points i and i + 4, then a transposition of 4 × 4 in each half.
        let mut r = [_mm512_setzero_si512(); 4];
        for i in 0..4 {
            // SAFETY: the first 32 bytes of points.
            unsafe {
                let low = _mm512_castsi256_si512(_mm256_loadu_si256(points[i].cast()));
                r[i] = _mm512_inserti64x4::<1>(low, _mm256_loadu_si256(points[i + 4].cast()));
            }
        }
        let a0 = _mm512_unpacklo_epi64(r[0], r[1]);
        let a1 = _mm512_unpackhi_epi64(r[0], r[1]);
        let a2 = _mm512_unpacklo_epi64(r[2], r[3]);
        let a3 = _mm512_unpackhi_epi64(r[2], r[3]);
        let low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
        let high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
        lanes::unpack(&[
            _mm512_permutex2var_epi64(a0, low, a2),
            _mm512_permutex2var_epi64(a1, low, a3),
            _mm512_permutex2var_epi64(a0, high, a2),
            _mm512_permutex2var_epi64(a1, high, a3),
        ])
    }

    /// # Safety
    ///
    /// The pointers are to points.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn load_xy(points: &[*const Affine<Fq>; 8]) -> (Lanes, Lanes) {
        // SAFETY: a point has 64 bytes.
        let rows = points.map(|point| unsafe { _mm512_loadu_si512(point.cast()) });
        let [x0, x1, x2, x3, y0, y1, y2, y3] = lanes::transpose(&rows);
        (lanes::unpack(&[x0, x1, x2, x3]), lanes::unpack(&[y0, y1, y2, y3]))
    }

    /// # Safety
    ///
    /// The pointers are to points that may be written.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn store_xy(points: &[*mut Affine<Fq>; 8], x: &Lanes, y: &Lanes) {
        let ([x0, x1, x2, x3], [y0, y1, y2, y3]) = (lanes::pack(x), lanes::pack(y));
        let rows = lanes::transpose(&[x0, x1, x2, x3, y0, y1, y2, y3]);
        for (point, row) in points.iter().zip(rows) {
            // SAFETY: a point has 64 bytes.
            unsafe { _mm512_storeu_si512(point.cast(), row) };
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn mul(a: &Lanes, b: &Lanes) -> Lanes {
        lanes::carry(&lanes::mul_raw::<Fq>(a, b))
    }

    /// What is inverted for a denominator: itself.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn norm(denominator: &Lanes) -> Limbs {
        *denominator
    }

    /// The quotient, from the inverse of the denominator's norm.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn quotient(numerator: &Lanes, _denominator: &Lanes, norm_inverse: &Limbs) -> Lanes {
        mul(numerator, norm_inverse)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn mul_raw(a: &Lanes, b: &Lanes) -> Lanes {
        lanes::mul_raw::<Fq>(a, b)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn square_raw(a: &Lanes) -> Lanes {
        lanes::mul_raw::<Fq>(a, a)
    }

    /// `a - b + multiple·q`, normal.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub(a: &Lanes, b: &Lanes, multiple: u64) -> Lanes {
        lanes::carry(&lanes::add_modulus::<Fq>(&lanes::sub_raw(a, b), multiple))
    }

    /// `4·(a - b + q)`, normal.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub_quadruple(a: &Lanes, b: &Lanes) -> Lanes {
        lanes::carry(&lanes::quadruple_raw(&lanes::add_modulus::<Fq>(&lanes::sub_raw(a, b), 2)))
    }

    /// `a - b`, canonical.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub_settled(a: &Lanes, b: &Lanes) -> Lanes {
        let mut r = lanes::settle::<Fq>(&lanes::sub_raw(a, b));
        lanes::make_canonical::<Fq>(&mut r);
        r
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn add_raw(a: &Lanes, b: &Lanes) -> Lanes {
        lanes::add_raw(a, b)
    }

    /// `2·a`, normal.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn double(a: &Lanes) -> Lanes {
        lanes::carry(&lanes::add_raw(a, a))
    }

    /// `48·a`, normal, for a product: three times it, carrying the factor that its operands carry. Less than 2^260.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn triple_product(a: &Lanes) -> Lanes {
        let triple = lanes::add_raw(&lanes::add_raw(a, a), a);
        lanes::carry(&lanes::quadruple_raw(&lanes::quadruple_raw(&triple)))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn negate_raw(a: &Lanes, mask: __mmask8) -> Lanes {
        lanes::negate_raw(a, mask)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn looks_zero(a: &Lanes) -> __mmask8 {
        lanes::looks_zero::<Fq>(a)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn ends_in_zero(a: &Lanes) -> __mmask8 {
        _mm512_testn_epi64_mask(a[0], a[0])
    }

    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn lane(a: &Lanes, index: usize) -> Fq {
        Fq(reduce_once(&lanes::lane(a, index), &Fq::MODULUS))
    }

    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn set_lane(a: &mut Lanes, index: usize, value: &Fq) {
        lanes::set_lane(a, index, &value.0);
    }
}

/// Lanes of Fq2.
mod extension {
    use super::*;

    pub(super) type Lanes = [Limbs; 2];
    pub(super) type Coordinate = Fq2;

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn one() -> Lanes {
        [lanes::splat_limbs(&Fq::ONE.0), lanes::splat_limbs(&[0; 4])]
    }

    /// # Safety
    ///
    /// The pointers are to points.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn load_x(points: &[*const Affine<Fq2>; 8]) -> Lanes {
        // SAFETY: a point's first 64 bytes are its x.
        let rows = points.map(|point| unsafe { _mm512_loadu_si512(point.cast()) });
        load(&rows)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    fn load(rows: &[__m512i; 8]) -> Lanes {
        let [a0, a1, a2, a3, b0, b1, b2, b3] = lanes::transpose(rows);
        [lanes::unpack(&[a0, a1, a2, a3]), lanes::unpack(&[b0, b1, b2, b3])]
    }

    /// # Safety
    ///
    /// The pointers are to points.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn load_xy(points: &[*const Affine<Fq2>; 8]) -> (Lanes, Lanes) {
        // SAFETY: a point's last 64 bytes are its y.
        let rows = points.map(|point| unsafe { _mm512_loadu_si512(point.byte_add(64).cast()) });
        // SAFETY: the caller's promise.
        (unsafe { load_x(points) }, load(&rows))
    }

    /// # Safety
    ///
    /// The pointers are to points that may be written.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) unsafe fn store_xy(points: &[*mut Affine<Fq2>; 8], x: &Lanes, y: &Lanes) {
        for (half, coordinate) in [x, y].into_iter().enumerate() {
            let ([a0, a1, a2, a3], [b0, b1, b2, b3]) =
                (lanes::pack(&coordinate[0]), lanes::pack(&coordinate[1]));
            let rows = lanes::transpose(&[a0, a1, a2, a3, b0, b1, b2, b3]);
            for (point, row) in points.iter().zip(rows) {
                // SAFETY: a point has two halves of 64 bytes.
                unsafe { _mm512_storeu_si512(point.byte_add(64 * half).cast(), row) };
            }
        }
    }

    /// What is inverted for a denominator: c0² + c1², for which lanes of Fq are enough.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn norm(denominator: &Lanes) -> Limbs {
        let [c0, c1] = denominator;
        lanes::carry(&lanes::mul_add_mul_raw::<Fq>(c0, c0, c1, c1))
    }

    /// The quotient, from the inverse of the denominator's norm: the numerator times the conjugate times that. The
    /// denominator's coefficients are less than 3q.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn quotient(numerator: &Lanes, denominator: &Lanes, norm_inverse: &Limbs) -> Lanes {
        let ([a0, a1], [b0, b1]) = (numerator, denominator);
        let minus_b1 = base::sub(&[_mm512_setzero_si512(); 5], b1, 3);
        let c0 = lanes::carry(&lanes::mul_add_mul_raw::<Fq>(a0, b0, a1, b1));
        let c1 = lanes::carry(&lanes::mul_add_mul_raw::<Fq>(a1, b0, a0, &minus_b1));
        [base::mul(&c0, norm_inverse), base::mul(&c1, norm_inverse)]
    }

    /// The product, for an `a` with coefficients less than 4q. Four products share two reductions.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn mul_raw(a: &Lanes, b: &Lanes) -> Lanes {
        let zero = [_mm512_setzero_si512(); 5];
        let minus_a1 = base::sub(&zero, &a[1], 4);
        [
            lanes::mul_add_mul_raw::<Fq>(&a[0], &b[0], &minus_a1, &b[1]),
            lanes::mul_add_mul_raw::<Fq>(&a[0], &b[1], &a[1], &b[0]),
        ]
    }

    /// The square, for coefficients less than 2q.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn square_raw(a: &Lanes) -> Lanes {
        let sum = lanes::carry(&lanes::add_raw(&a[0], &a[1]));
        let difference = base::sub(&a[0], &a[1], 2);
        let double = lanes::carry(&lanes::add_raw(&a[0], &a[0]));
        [lanes::mul_raw::<Fq>(&sum, &difference), lanes::mul_raw::<Fq>(&double, &a[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub(a: &Lanes, b: &Lanes, multiple: u64) -> Lanes {
        [base::sub(&a[0], &b[0], multiple), base::sub(&a[1], &b[1], multiple)]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub_quadruple(a: &Lanes, b: &Lanes) -> Lanes {
        [base::sub_quadruple(&a[0], &b[0]), base::sub_quadruple(&a[1], &b[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn sub_settled(a: &Lanes, b: &Lanes) -> Lanes {
        [base::sub_settled(&a[0], &b[0]), base::sub_settled(&a[1], &b[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn add_raw(a: &Lanes, b: &Lanes) -> Lanes {
        [lanes::add_raw(&a[0], &b[0]), lanes::add_raw(&a[1], &b[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn double(a: &Lanes) -> Lanes {
        [base::double(&a[0]), base::double(&a[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn triple_product(a: &Lanes) -> Lanes {
        [base::triple_product(&a[0]), base::triple_product(&a[1])]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn negate_raw(a: &Lanes, mask: __mmask8) -> Lanes {
        [lanes::negate_raw(&a[0], mask), lanes::negate_raw(&a[1], mask)]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn looks_zero(a: &Lanes) -> __mmask8 {
        base::looks_zero(&a[0]) & base::looks_zero(&a[1])
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn ends_in_zero(a: &Lanes) -> __mmask8 {
        base::ends_in_zero(&a[0]) & base::ends_in_zero(&a[1])
    }

    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub(super) fn set_lane(a: &mut Lanes, index: usize, value: &Fq2) {
        base::set_lane(&mut a[0], index, &value.c0);
        base::set_lane(&mut a[1], index, &value.c1);
    }
}

macro_rules! add_pairs {
    ($name:ident, $ops:ident) => {
        /// Adds pairs of points.
        ///
        /// Raw values in memory carry a factor 2^256 and products lose 2^260. The inverse of a norm with raw value n is made
        /// to be 2^518/n: a slope then carries 2^258 (in Fq n carries 2^256 like the numerator; in Fq2 2^252 like the
        /// numerator times the conjugate), its square 2^256 as it should, and its product with four times a
        /// difference of x's 2^256, too.
        ///
        /// # Safety
        ///
        /// The CPU has AVX-512 F, IFMA and VBMI2, and the pairs' indices are within their slices.
        #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
        pub(crate) unsafe fn $name(
            source: Source<'_, $ops::Coordinate>,
            target: &mut [Affine<$ops::Coordinate>],
            pairs: &[Pair],
            scratch: &mut Scratch,
        ) {
            use $ops as ops;
            type Point = Affine<ops::Coordinate>;

            let to = target.as_mut_ptr();
            let from: *const Point = match source {
                Source::Other(points) => points.as_ptr(),
                Source::Target => to,
            };
            let at = |index: u32| {
                // SAFETY: the caller's promise on indices.
                unsafe { from.add((index & !NEGATED) as usize) }
            };
            let point = |index: u32| {
                // SAFETY: as above.
                let point = unsafe { *at(index) };
                if index & NEGATED == 0 { point } else { -point }
            };
            let norms = &mut scratch.norms;
            norms.clear();

            // The last pairs are padded by the first one. They are the first to be stored and the first pair the last, so
            // that it reads the same in both passes; what the padding sums to is not stored.
            let Some(first) = pairs.first() else { return };
            let (groups, rest) = pairs.as_chunks::<{ 8 * CHAINS }>();
            let mut last = [*first; 8 * CHAINS];
            last[..rest.len()].copy_from_slice(rest);
            let count = pairs.len().div_ceil(8 * CHAINS);
            let group_at = |g: usize| groups.get(g).unwrap_or(&last);

            let one = lanes::splat_limbs(&Fq::ONE.0);
            let mut product = [one; CHAINS];
            for g in 0..count {
                let group = group_at(g);
                if let Some(next) = pairs.get((g + 2) * 8 * CHAINS..(g + 3) * 8 * CHAINS) {
                    for pair in next {
                        _mm_prefetch::<_MM_HINT_T0>(at(pair.left).cast());
                        _mm_prefetch::<_MM_HINT_T0>(at(pair.right).cast());
                    }
                }
                let mut group_norms = [(one, one); CHAINS];
                for (chain, block) in group.as_chunks::<8>().0.iter().enumerate() {
                    let (mut dx, special) = if doubles(block) {
                        // SAFETY: pointers to points.
                        let (x, y) = unsafe { ops::load_xy(&block.map(|pair| at(pair.left))) };
                        (ops::double(&y), ops::ends_in_zero(&x))
                    } else {
                        // SAFETY: pointers to points.
                        let (x1, x2) = unsafe {
                            (
                                ops::load_x(&block.map(|pair| at(pair.left))),
                                ops::load_x(&block.map(|pair| at(pair.right))),
                            )
                        };
                        let dx = ops::sub(&x2, &x1, 1);
                        (dx, ops::looks_zero(&dx) | ops::ends_in_zero(&x1) | ops::ends_in_zero(&x2))
                    };
                    if special != 0 {
                        for (lane, pair) in
                            block.iter().enumerate().filter(|(lane, _)| special >> lane & 1 == 1)
                        {
                            let (left, right) = (point(pair.left), point(pair.right));
                            let denominator = match Special::of(&left, &right) {
                                Special::No => right.x - left.x,
                                Special::Double => left.y.double(),
                                Special::Known(_) => ops::Coordinate::ONE,
                            };
                            ops::set_lane(&mut dx, lane, &denominator);
                        }
                    }
                    let norm = ops::norm(&dx);
                    group_norms[chain] = (norm, product[chain]);
                    product[chain] = base::mul(&product[chain], &norm);
                }
                norms.push(group_norms);
            }

            // One inversion for all lanes. The inverse of a raw value n, which stands for n/2^256, is 2^512/n.
            let mut all = [Fq::ONE; 8 * CHAINS];
            for (i, lane) in all.iter_mut().enumerate() {
                *lane = base::lane(&product[i / 8], i % 8);
            }
            batch_inverse(&mut all);
            let mut inverse = product;
            for (i, lane) in all.iter().enumerate() {
                let scaled = (0..6).fold(*lane, |value, _| value.double());
                base::set_lane(&mut inverse[i / 8], i % 8, &scaled);
            }

            for g in (0..count).rev() {
                let group = group_at(g);
                let blocks = group.as_chunks::<8>().0;
                let used = (pairs.len() - g * 8 * CHAINS).min(8 * CHAINS);
                let mut x1 = [ops::one(); CHAINS];
                let (mut x2, mut y1, mut dx, mut dy) = (x1, x1, x1, x1);
                let mut known = None;
                for chain in 0..CHAINS {
                    let block = &blocks[chain];
                    // SAFETY: pointers to points.
                    (x1[chain], y1[chain]) = unsafe { ops::load_xy(&block.map(|pair| at(pair.left))) };
                    let special;
                    if doubles(block) {
                        x2[chain] = x1[chain];
                        dx[chain] = ops::double(&y1[chain]);
                        dy[chain] = ops::triple_product(&ops::square_raw(&x1[chain]));
                        special = ops::ends_in_zero(&x1[chain]);
                    } else {
                        let y2;
                        // SAFETY: pointers to points.
                        (x2[chain], y2) = unsafe { ops::load_xy(&block.map(|pair| at(pair.right))) };
                        let (mut left, mut right) = (0, 0);
                        for (lane, pair) in block.iter().enumerate() {
                            left |= ((pair.left >> 31) as __mmask8) << lane;
                            right |= ((pair.right >> 31) as __mmask8) << lane;
                        }
                        y1[chain] = ops::negate_raw(&y1[chain], left);
                        let y2 = ops::negate_raw(&y2, right);
                        dx[chain] = ops::sub(&x2[chain], &x1[chain], 1);
                        dy[chain] = ops::sub(&y2, &y1[chain], 3);
                        special = ops::looks_zero(&dx[chain])
                            | ops::ends_in_zero(&x1[chain])
                            | ops::ends_in_zero(&x2[chain]);
                    }
                    if special != 0 {
                        for (lane, pair) in
                            block.iter().enumerate().filter(|(lane, _)| special >> lane & 1 == 1)
                        {
                            let (left, right) = (point(pair.left), point(pair.right));
                            let (denominator, numerator) = match Special::of(&left, &right) {
                                Special::No => (right.x - left.x, right.y - left.y),
                                Special::Double => {
                                    let square = left.x.square();
                                    (left.y.double(), square.double() + square)
                                }
                                Special::Known(sum) => {
                                    known.get_or_insert_with(Vec::new).push((chain * 8 + lane, sum));
                                    (ops::Coordinate::ONE, ops::Coordinate::ZERO)
                                }
                            };
                            ops::set_lane(&mut dx[chain], lane, &denominator);
                            ops::set_lane(&mut dy[chain], lane, &numerator);
                        }
                    }
                }
                let mut norm_inverse = inverse;
                for (chain, (_, before)) in norms[g].iter().enumerate() {
                    norm_inverse[chain] = base::mul(&inverse[chain], before);
                }
                for (chain, (norm, _)) in norms[g].iter().enumerate() {
                    inverse[chain] = base::mul(&inverse[chain], norm);
                }
                let mut slope = x1;
                for chain in 0..CHAINS {
                    slope[chain] = ops::quotient(&dy[chain], &dx[chain], &norm_inverse[chain]);
                }
                let mut x3 = x1;
                for chain in 0..CHAINS {
                    let square = ops::square_raw(&slope[chain]);
                    x3[chain] = ops::sub_settled(&square, &ops::add_raw(&x1[chain], &x2[chain]));
                }
                for chain in 0..CHAINS {
                    let run = ops::sub_quadruple(&x1[chain], &x3[chain]);
                    let product = ops::mul_raw(&slope[chain], &run);
                    let y3 = ops::sub_settled(&product, &y1[chain]);
                    let block = &blocks[chain];
                    if used >= 8 * (chain + 1) {
                        // SAFETY: pointers to points of the target.
                        unsafe {
                            ops::store_xy(&block.map(|pair| to.add(pair.sum as usize)), &x3[chain], &y3)
                        };
                    } else {
                        let mut sums = [Point::default(); 8];
                        let base = sums.as_mut_ptr();
                        // SAFETY: eight pointers to eight points, then pointers to points of the target.
                        unsafe {
                            ops::store_xy(&core::array::from_fn(|lane| base.add(lane)), &x3[chain], &y3);
                            for lane in 0..used.saturating_sub(8 * chain) {
                                *to.add(block[lane].sum as usize) = sums[lane];
                            }
                        }
                    }
                }
                for (lane, sum) in known.into_iter().flatten().filter(|(lane, _)| *lane < used) {
                    // SAFETY: a pointer to a point of the target.
                    unsafe { *to.add(group[lane].sum as usize) = sum };
                }
            }
        }
    };
}

add_pairs!(add_pairs_g1, base);
add_pairs!(add_pairs_g2, extension);
