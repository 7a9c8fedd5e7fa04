//! Inversion modulo an odd number of less than 255 bits by a binary GCD on approximations.
//!
//! The algorithm is of Thomas Pornin, "Optimized Binary GCD for Modular Inversion" (IACR ePrint 2020/972): 31 steps at a
//! time on 64 bits that stand for the two numbers' lowest 31 and highest 33 bits, with what the steps do to the numbers
//! kept as four factors. Its time does not depend on the value.

use crate::limbs::{add, less_than, mac, sub};

/// Steps of an inner loop.
const STEPS: u32 = 31;

/// Inner loops: numbers of at most 254 bits need 2·254 - 1 steps.
const LOOPS: usize = 17;

/// The inverse of `y` modulo `m`, for `y < m < 2^254` and `m` odd; 0 for 0. `inv` is -1/m mod 2^64.
pub(crate) fn inverse(y: &[u64; 4], m: &[u64; 4], inv: u64) -> [u64; 4] {
    // Always a = u·y and b = v·y modulo m, b odd; at the end b = 1, the numbers' greatest common divisor.
    let (mut a, mut b) = (*y, *m);
    let (mut u, mut v) = ([1, 0, 0, 0], [0; 4]);
    for _ in 0..LOOPS {
        let (f0, g0, f1, g1) = steps(&a, &b);
        let (next_a, a_sign) = combine_exact(&a, &b, f0, g0);
        let (next_b, b_sign) = combine_exact(&a, &b, f1, g1);
        (a, b) = (next_a, next_b);
        let (next_u, next_v) = (
            combine_modulo(&u, &v, f0 * a_sign, g0 * a_sign, m, inv),
            combine_modulo(&u, &v, f1 * b_sign, g1 * b_sign, m, inv),
        );
        (u, v) = (next_u, next_v);
    }
    v
}

/// The factors of 31 steps: afterwards a is `(a·f0 + b·g0)/2^31` and b is `(a·f1 + b·g1)/2^31`, but for a sign.
#[inline(always)]
fn steps(a: &[u64; 4], b: &[u64; 4]) -> (i64, i64, i64, i64) {
    // The highest limb that is not zero in both, with the one below it.
    let mut high = (a[0], b[0]);
    let mut low = (0, 0);
    let mut single = u64::MAX;
    for i in 1..4 {
        let used = 0u64.wrapping_sub((a[i] | b[i] != 0) as u64);
        low = (low.0 & !used | a[i - 1] & used, low.1 & !used | b[i - 1] & used);
        high = (high.0 & !used | a[i] & used, high.1 & !used | b[i] & used);
        single &= !used;
    }
    // Shifted so that the larger one has 64 bits; numbers of one limb are taken as they are.
    let shift = (high.0 | high.1).leading_zeros() % 64;
    let top = |high: u64, low: u64| high << shift | (low >> 1 >> (63 - shift));
    let mask = (1u64 << STEPS) - 1;
    let approximate = |top: u64, a: u64| (top & !mask | a & mask) & !single | a & single;
    let mut x = approximate(top(high.0, low.0), a[0]);
    let mut y = approximate(top(high.1, low.1), b[0]);

    // Two factors in a word: f + 2^32·g, in wrapping arithmetic.
    let (mut fg0, mut fg1) = (1u64, 1u64 << 32);
    for _ in 0..STEPS {
        let odd = 0u64.wrapping_sub(x & 1);
        let swap = 0u64.wrapping_sub((x < y) as u64) & odd;
        let t = (x ^ y) & swap;
        x ^= t;
        y ^= t;
        let t = (fg0 ^ fg1) & swap;
        fg0 ^= t;
        fg1 ^= t;
        x = x.wrapping_sub(y & odd) >> 1;
        fg0 = fg0.wrapping_sub(fg1 & odd);
        fg1 <<= 1;
    }
    // Each factor is more than -2^31 and at most 2^31.
    let split = |fg: u64| {
        let biased = fg.wrapping_add(0x7fff_ffff_7fff_ffff);
        ((biased & 0xffff_ffff) as i64 - 0x7fff_ffff, (biased >> 32) as i64 - 0x7fff_ffff)
    };
    let ((f0, g0), (f1, g1)) = (split(fg0), split(fg1));
    (f0, g0, f1, g1)
}

/// `a·f + b·g` as five limbs in two's complement.
#[inline(always)]
fn combine(a: &[u64; 4], b: &[u64; 4], f: i64, g: i64) -> [u64; 5] {
    // A negative factor is its magnitude and a negated number, whose sign is a fifth limb.
    let signed = |a: &[u64; 4], f: i64| {
        let sign = (f >> 63) as u64;
        let (r, carry) = add(&a.map(|limb| limb ^ sign), &[sign & 1, 0, 0, 0]);
        (r, sign.wrapping_add(carry as u64), f.unsigned_abs())
    };
    let (a, a_top, f) = signed(a, f);
    let (b, b_top, g) = signed(b, g);
    let mut r = [0; 5];
    let (mut carry_a, mut carry_b) = (0, 0);
    for i in 0..4 {
        (r[i], carry_a) = mac(0, a[i], f, carry_a);
        (r[i], carry_b) = mac(r[i], b[i], g, carry_b);
    }
    r[4] =
        carry_a.wrapping_add(carry_b).wrapping_add(a_top.wrapping_mul(f)).wrapping_add(b_top.wrapping_mul(g));
    r
}

/// Five limbs shifted down by 31 bits, the lowest four.
#[inline(always)]
fn shift(r: &[u64; 5]) -> [u64; 4] {
    core::array::from_fn(|i| r[i] >> STEPS | r[i + 1] << (64 - STEPS))
}

/// The magnitude of `(a·f + b·g)/2^31`, and its sign.
#[inline(always)]
fn combine_exact(a: &[u64; 4], b: &[u64; 4], f: i64, g: i64) -> ([u64; 4], i64) {
    let r = combine(a, b, f, g);
    let sign = ((r[4] as i64) >> 63) as u64;
    let r = shift(&r);
    let flipped = r.map(|limb| limb ^ sign);
    (add(&flipped, &[sign & 1, 0, 0, 0]).0, 1 | sign as i64)
}

/// `(u·f + v·g)/2^31` modulo m.
#[inline(always)]
fn combine_modulo(u: &[u64; 4], v: &[u64; 4], f: i64, g: i64, m: &[u64; 4], inv: u64) -> [u64; 4] {
    let mut r = combine(u, v, f, g);
    // A multiple of m, less than 2^31·m, makes the lowest 31 bits zero.
    let factor = r[0].wrapping_mul(inv) & ((1 << STEPS) - 1);
    let mut carry = 0;
    for i in 0..4 {
        (r[i], carry) = mac(r[i], m[i], factor, carry);
    }
    r[4] = r[4].wrapping_add(carry);
    // |f| + |g| ≤ 2^31, so the value is more than -m and less than 2m.
    let negative = ((r[4] as i64) >> 63) as u64;
    let r = add(&shift(&r), &m.map(|limb| limb & negative)).0;
    if less_than(&r, m) { r } else { sub(&r, m).0 }
}
