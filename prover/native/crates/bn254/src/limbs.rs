//! Portable arithmetic on 256-bit integers of four little-endian 64-bit limbs, all usable in constants.

/// `a + b * c + carry`, as the low limb and the carry.
#[inline(always)]
pub(crate) const fn mac(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let sum = a as u128 + (b as u128) * (c as u128) + carry as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// `a + b + carry` and the carry: a form that becomes one instruction.
#[inline(always)]
const fn adc(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = sum.overflowing_add(carry as u64);
    (sum, first | second)
}

/// `a - b - borrow` and the borrow, likewise.
#[inline(always)]
const fn sbb(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = a.overflowing_sub(b);
    let (difference, second) = difference.overflowing_sub(borrow as u64);
    (difference, first | second)
}

/// `a + b` modulo 2^256, and the carry.
#[inline(always)]
pub(crate) const fn add(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let (r0, carry) = a[0].overflowing_add(b[0]);
    let (r1, carry) = adc(a[1], b[1], carry);
    let (r2, carry) = adc(a[2], b[2], carry);
    let (r3, carry) = adc(a[3], b[3], carry);
    ([r0, r1, r2, r3], carry)
}

/// `a - b` modulo 2^256, and the borrow.
#[inline(always)]
pub(crate) const fn sub(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let (r0, borrow) = a[0].overflowing_sub(b[0]);
    let (r1, borrow) = sbb(a[1], b[1], borrow);
    let (r2, borrow) = sbb(a[2], b[2], borrow);
    let (r3, borrow) = sbb(a[3], b[3], borrow);
    ([r0, r1, r2, r3], borrow)
}

/// Whether `a < b`.
#[inline(always)]
pub(crate) const fn less_than(a: &[u64; 4], b: &[u64; 4]) -> bool {
    sub(a, b).1
}

/// Whether `a = 0`.
#[inline(always)]
pub(crate) const fn is_zero(a: &[u64; 4]) -> bool {
    a[0] | a[1] | a[2] | a[3] == 0
}

/// `a` if `a < p`, else `a - p`; for `a < 2p`.
#[inline(always)]
pub(crate) const fn reduce_once(a: &[u64; 4], p: &[u64; 4]) -> [u64; 4] {
    let (r, borrow) = sub(a, p);
    let keep = 0u64.wrapping_sub(borrow as u64);
    [
        r[0] ^ ((r[0] ^ a[0]) & keep),
        r[1] ^ ((r[1] ^ a[1]) & keep),
        r[2] ^ ((r[2] ^ a[2]) & keep),
        r[3] ^ ((r[3] ^ a[3]) & keep),
    ]
}

#[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "there it is done in assembly"))]
/// `a + b mod p`, for `a, b < p < 2^255`.
#[inline(always)]
pub(crate) const fn add_mod(a: &[u64; 4], b: &[u64; 4], p: &[u64; 4]) -> [u64; 4] {
    reduce_once(&add(a, b).0, p)
}

#[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "there it is done in assembly"))]
/// `a - b mod p`, for `a, b < p`.
#[inline(always)]
pub(crate) const fn sub_mod(a: &[u64; 4], b: &[u64; 4], p: &[u64; 4]) -> [u64; 4] {
    let (r, borrow) = sub(a, b);
    let mask = 0u64.wrapping_sub(borrow as u64);
    add(&r, &[p[0] & mask, p[1] & mask, p[2] & mask, p[3] & mask]).0
}

/// Montgomery's product `a * b / 2^256 mod p`, for `a, b < p` and `inv = -1/p mod 2^64`.
///
/// The two carries of a row are added without a fifth limb: p's highest bits are free (p < 2^254), so the sum cannot
/// overflow.
#[inline(always)]
pub(crate) const fn mont_mul(a: &[u64; 4], b: &[u64; 4], p: &[u64; 4], inv: u64) -> [u64; 4] {
    let mut t = [0u64; 4];
    let mut i = 0;
    while i < 4 {
        let (t0, mut high) = mac(t[0], a[0], b[i], 0);
        let m = t0.wrapping_mul(inv);
        let (_, mut carry) = mac(t0, m, p[0], 0);
        let t1;
        (t1, high) = mac(t[1], a[1], b[i], high);
        (t[0], carry) = mac(t1, m, p[1], carry);
        let t2;
        (t2, high) = mac(t[2], a[2], b[i], high);
        (t[1], carry) = mac(t2, m, p[2], carry);
        let t3;
        (t3, high) = mac(t[3], a[3], b[i], high);
        (t[2], carry) = mac(t3, m, p[3], carry);
        t[3] = carry.wrapping_add(high);
        i += 1;
    }
    reduce_once(&t, p)
}
