//! Eight elements of a prime field at a time: five 52-bit limbs, each a register of eight lanes.
//!
//! Products are Montgomery's with R = 2^260: `mul(a, b) = a·b/2^260 mod p`. Elements in memory have R = 2^256, so their
//! raw values carry a factor 2^256; who multiplies minds the missing 2^4 (see the callers). With p < 2^254 there are six
//! free bits, and bounds are loose: for `a < A·p` and `b < B·p` a product is less than `(1 + A·B/84)·p`.

use core::{arch::x86_64::*, marker::PhantomData};

use crate::field::Prime;

/// Limbs of eight lanes. "Normal" limbs are less than 2^52; others are signed 64-bit integers, to be carried.
pub(super) type Limbs = [__m512i; 5];

/// The lowest 52 bits.
const MASK: u64 = (1 << 52) - 1;

/// Constants of a modulus in radix 2^52.
pub(super) struct Radix52<P>(PhantomData<P>);

impl<P: Prime> Radix52<P> {
    /// p.
    pub(super) const P: [u64; 5] = split(&P::MODULUS);
    /// -1/p mod 2^52.
    pub(super) const INV: u64 = P::INV & MASK;
    /// 2^66 divided by p's highest limb.
    const QUOTIENT: u64 = ((1u128 << 66) / Self::P[4] as u128) as u64;
    /// Signed limbs of (k - 3)·p for k = 0..8, by limb.
    const MULTIPLES: [[i64; 8]; 5] = multiples(&Self::P);
}

const fn split(limbs: &[u64; 4]) -> [u64; 5] {
    [
        limbs[0] & MASK,
        (limbs[0] >> 52 | limbs[1] << 12) & MASK,
        (limbs[1] >> 40 | limbs[2] << 24) & MASK,
        (limbs[2] >> 28 | limbs[3] << 36) & MASK,
        limbs[3] >> 16,
    ]
}

const fn multiples(p: &[u64; 5]) -> [[i64; 8]; 5] {
    let mut table = [[0; 8]; 5];
    let mut k = 0;
    while k < 8 {
        let factor = k as i64 - 3;
        let mut carry = 0u128;
        let mut j = 0;
        while j < 5 {
            let sum = p[j] as u128 * factor.unsigned_abs() as u128 + carry;
            table[j][k] = (sum as u64 & MASK) as i64 * factor.signum();
            carry = sum >> 52;
            j += 1;
        }
        k += 1;
    }
    table
}

/// The same value in every lane.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn splat(value: u64) -> __m512i {
    _mm512_set1_epi64(value as i64)
}

/// The same element in every lane, from limbs less than 2^256.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn splat_limbs(limbs: &[u64; 4]) -> Limbs {
    let [l0, l1, l2, l3, l4] = split(limbs);
    [splat(l0), splat(l1), splat(l2), splat(l3), splat(l4)]
}

/// Makes limbs normal that are signed or too large; the value must be in 0..2^260.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn carry(a: &Limbs) -> Limbs {
    let mask = splat(MASK);
    let l1 = _mm512_add_epi64(a[1], _mm512_srai_epi64::<52>(a[0]));
    let l2 = _mm512_add_epi64(a[2], _mm512_srai_epi64::<52>(l1));
    let l3 = _mm512_add_epi64(a[3], _mm512_srai_epi64::<52>(l2));
    let l4 = _mm512_add_epi64(a[4], _mm512_srai_epi64::<52>(l3));
    [
        _mm512_and_si512(a[0], mask),
        _mm512_and_si512(l1, mask),
        _mm512_and_si512(l2, mask),
        _mm512_and_si512(l3, mask),
        l4,
    ]
}

/// Normal limbs of a value in 0..p·(1 + 2^-16) that is congruent to `a`, which has limbs of at most 60 signed bits and a
/// value in -2.9·p..4.9·p.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn settle<P: Prime>(a: &Limbs) -> Limbs {
    // The quotient is guessed from the highest limb, made smaller by more than what the lower limbs can carry.
    let top = _mm512_add_epi64(a[4], splat(3 * Radix52::<P>::P[4] - 512));
    let product = _mm512_madd52hi_epu64(_mm512_setzero_si512(), top, splat(Radix52::<P>::QUOTIENT));
    let k = _mm512_srli_epi64::<14>(product);
    let mut r = *a;
    for (limb, table) in r.iter_mut().zip(&Radix52::<P>::MULTIPLES) {
        // SAFETY: the table has eight 64-bit integers.
        let table = unsafe { _mm512_loadu_si512(table.as_ptr().cast()) };
        *limb = _mm512_sub_epi64(*limb, _mm512_permutexvar_epi64(k, table));
    }
    carry(&r)
}

/// Makes normal limbs of values less than 2p canonical.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn make_canonical<P: Prime>(a: &mut Limbs) {
    // After `settle` hardly any value reaches p, and one with a smaller highest limb than p's does not.
    if _mm512_cmpge_epu64_mask(a[4], splat(Radix52::<P>::P[4])) != 0 {
        reduce_once::<P>(a);
    }
}

#[cold]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn reduce_once<P: Prime>(a: &mut Limbs) {
    let reduced = carry(&sub_raw(a, &Radix52::<P>::P.map(|limb| splat(limb))));
    let fits = _mm512_cmpge_epi64_mask(reduced[4], _mm512_setzero_si512());
    for (limb, reduced) in a.iter_mut().zip(reduced) {
        *limb = _mm512_mask_mov_epi64(*limb, fits, reduced);
    }
}

/// `a + b`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn add_raw(a: &Limbs, b: &Limbs) -> Limbs {
    let mut r = *a;
    for (limb, other) in r.iter_mut().zip(b) {
        *limb = _mm512_add_epi64(*limb, *other);
    }
    r
}

/// `a - b`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn sub_raw(a: &Limbs, b: &Limbs) -> Limbs {
    let mut r = *a;
    for (limb, other) in r.iter_mut().zip(b) {
        *limb = _mm512_sub_epi64(*limb, *other);
    }
    r
}

/// `a + multiple·p`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn add_modulus<P: Prime>(a: &Limbs, multiple: u64) -> Limbs {
    let mut r = *a;
    for (limb, p) in r.iter_mut().zip(Radix52::<P>::P) {
        *limb = _mm512_add_epi64(*limb, splat(p * multiple));
    }
    r
}

/// `4·a`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn quadruple_raw(a: &Limbs) -> Limbs {
    let mut r = *a;
    for limb in &mut r {
        *limb = _mm512_slli_epi64::<2>(*limb);
    }
    r
}

/// `-a` in the lanes of the mask, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn negate_raw(a: &Limbs, lanes: __mmask8) -> Limbs {
    let mut r = *a;
    for limb in &mut r {
        *limb = _mm512_mask_sub_epi64(*limb, lanes, _mm512_setzero_si512(), *limb);
    }
    r
}

/// One row of a product: `t + a·b`.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn row(t: &mut [__m512i; 6], a: &Limbs, b: __m512i) {
    for j in 0..5 {
        t[j] = _mm512_madd52lo_epu64(t[j], a[j], b);
    }
    for j in 0..5 {
        t[j + 1] = _mm512_madd52hi_epu64(t[j + 1], a[j], b);
    }
}

/// Adds the multiple of p that makes the lowest limb zero, and drops that limb.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn reduce_row<P: Prime>(t: &mut [__m512i; 6]) {
    let zero = _mm512_setzero_si512();
    let m = _mm512_madd52lo_epu64(zero, t[0], splat(Radix52::<P>::INV));
    let p = Radix52::<P>::P.map(|limb| splat(limb));
    row(t, &p, m);
    let high = _mm512_srli_epi64::<52>(t[0]);
    *t = [_mm512_add_epi64(t[1], high), t[2], t[3], t[4], t[5], zero];
}

/// `a·b/2^260`, limbs not normal. The operands' limbs are normal but for bits above the 52nd, which are ignored in all
/// limbs.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn mul_raw<P: Prime>(a: &Limbs, b: &Limbs) -> Limbs {
    let mut t = [_mm512_setzero_si512(); 6];
    for limb in b {
        row(&mut t, a, *limb);
        reduce_row::<P>(&mut t);
    }
    [t[0], t[1], t[2], t[3], t[4]]
}

/// `(a·b + c·d)/2^260`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn mul_add_mul_raw<P: Prime>(a: &Limbs, b: &Limbs, c: &Limbs, d: &Limbs) -> Limbs {
    let mut t = [_mm512_setzero_si512(); 6];
    for (b, d) in b.iter().zip(d) {
        row(&mut t, a, *b);
        row(&mut t, c, *d);
        reduce_row::<P>(&mut t);
    }
    [t[0], t[1], t[2], t[3], t[4]]
}

/// The lanes in which the lowest limb is that of 0, p or 2p: all lanes whose value is 0, p or 2p and hardly another.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn looks_zero<P: Prime>(a: &Limbs) -> __mmask8 {
    let p = Radix52::<P>::P[0];
    _mm512_testn_epi64_mask(a[0], a[0])
        | _mm512_cmpeq_epi64_mask(a[0], splat(p))
        | _mm512_cmpeq_epi64_mask(a[0], splat((2 * p) & MASK))
}

/// Normal limbs from four 64-bit limbs.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn unpack(a: &[__m512i; 4]) -> Limbs {
    let mask = splat(MASK);
    [
        _mm512_and_si512(a[0], mask),
        _mm512_and_si512(_mm512_shrdi_epi64::<52>(a[0], a[1]), mask),
        _mm512_and_si512(_mm512_shrdi_epi64::<40>(a[1], a[2]), mask),
        _mm512_and_si512(_mm512_shrdi_epi64::<28>(a[2], a[3]), mask),
        _mm512_srli_epi64::<16>(a[3]),
    ]
}

/// Four 64-bit limbs from normal limbs of a value less than 2^256.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn pack(a: &Limbs) -> [__m512i; 4] {
    [
        _mm512_or_si512(a[0], _mm512_slli_epi64::<52>(a[1])),
        _mm512_or_si512(_mm512_srli_epi64::<12>(a[1]), _mm512_slli_epi64::<40>(a[2])),
        _mm512_or_si512(_mm512_srli_epi64::<24>(a[2]), _mm512_slli_epi64::<28>(a[3])),
        _mm512_or_si512(_mm512_srli_epi64::<36>(a[3]), _mm512_slli_epi64::<16>(a[4])),
    ]
}

/// One lane as limbs modulo 2^256: its value is less than 2^256.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn lane(a: &Limbs, index: usize) -> [u64; 4] {
    pack(a).map(|limb| to_array(limb)[index])
}

/// Replaces one lane by limbs less than 2^256.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn set_lane(a: &mut Limbs, index: usize, limbs: &[u64; 4]) {
    for (limb, value) in a.iter_mut().zip(split(limbs)) {
        *limb = _mm512_mask_set1_epi64(*limb, 1 << index, value as i64);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn to_array(a: __m512i) -> [u64; 8] {
    let mut array = [0; 8];
    // SAFETY: the array has the register's 64 bytes.
    unsafe { _mm512_storeu_si512(array.as_mut_ptr().cast(), a) };
    array
}

/// The transpose of an 8 × 8 matrix whose rows are registers.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn transpose(r: &[__m512i; 8]) -> [__m512i; 8] {
    // Pairs of rows, then 128-bit blocks in two steps.
    let mut a = *r;
    for i in 0..4 {
        a[i] = _mm512_unpacklo_epi64(r[2 * i], r[2 * i + 1]);
        a[i + 4] = _mm512_unpackhi_epi64(r[2 * i], r[2 * i + 1]);
    }
    let mut c = a;
    for odd in 0..2 {
        let [p, q, s, t] = [a[4 * odd], a[4 * odd + 1], a[4 * odd + 2], a[4 * odd + 3]];
        let pq_low = _mm512_shuffle_i64x2::<0x88>(p, q);
        let pq_high = _mm512_shuffle_i64x2::<0xdd>(p, q);
        let st_low = _mm512_shuffle_i64x2::<0x88>(s, t);
        let st_high = _mm512_shuffle_i64x2::<0xdd>(s, t);
        c[odd] = _mm512_shuffle_i64x2::<0x88>(pq_low, st_low);
        c[odd + 4] = _mm512_shuffle_i64x2::<0xdd>(pq_low, st_low);
        c[odd + 2] = _mm512_shuffle_i64x2::<0x88>(pq_high, st_high);
        c[odd + 6] = _mm512_shuffle_i64x2::<0xdd>(pq_high, st_high);
    }
    c
}
