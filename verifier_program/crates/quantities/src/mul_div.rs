//! `a · b / d` with a 128-bit product, in 64-bit instructions.
//!
//! Wrapping operations are used where the comment shows that nothing wraps: a checked 64-bit product is itself one of the
//! operations that the machine lacks.

use core::num::NonZeroU64;

const HALF_BITS: u32 = u64::BITS / 2;
const HALF_MASK: u64 = u32::MAX as u64;

/// `floor(a · b / d)`; `None` when `d` is zero or the quotient does not fit.
pub fn mul_div_floor(a: u64, b: u64, d: u64) -> Option<u64> {
    let (quotient, _exact) = mul_div(a, b, d)?;
    Some(quotient)
}

/// `ceil(a · b / d)`; `None` when `d` is zero or the quotient does not fit.
pub fn mul_div_ceil(a: u64, b: u64, d: u64) -> Option<u64> {
    let (quotient, exact) = mul_div(a, b, d)?;
    if exact { Some(quotient) } else { quotient.checked_add(1) }
}

/// The quotient, rounded down, and whether it is exact.
#[inline(always)]
fn mul_div(a: u64, b: u64, d: u64) -> Option<(u64, bool)> {
    let d = NonZeroU64::new(d)?;
    if (a | b) >> HALF_BITS == 0 {
        let product = a.wrapping_mul(b); // Both are below 2^32.
        return Some((product / d, product % d == 0));
    }
    let (high, low) = mul_wide(a, b);
    if high == 0 { Some((low / d, low % d == 0)) } else { div_wide(high, low, d) }
}

/// The product as `(high, low)`, by halves: `a = a1·2^32 + a0`, and `b` alike.
#[inline(always)]
fn mul_wide(a: u64, b: u64) -> (u64, u64) {
    let (a1, a0) = halves(a);
    let (b1, b0) = halves(b);
    // A product of halves is at most (2^32 − 1)^2 = 2^64 − 2^33 + 1, so that two more numbers below 2^32 still fit beside it.
    let p00 = a0.wrapping_mul(b0);
    let p10 = a1.wrapping_mul(b0).wrapping_add(p00 >> HALF_BITS);
    let p01 = a0.wrapping_mul(b1).wrapping_add(p10 & HALF_MASK);
    let high = a1.wrapping_mul(b1).wrapping_add(p10 >> HALF_BITS).wrapping_add(p01 >> HALF_BITS);
    (high, join(p01, p00 & HALF_MASK))
}

/// `high·2^64 + low` by `d`: the quotient and whether it is exact; `None` when it does not fit. Long division in two digits of
/// 32 bits (Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D).
fn div_wide(high: u64, low: u64, d: NonZeroU64) -> Option<(u64, bool)> {
    if high >= d.get() {
        return None;
    }
    let (low1, low0) = halves(low);
    if d.get() >> HALF_BITS == 0 {
        // `high` and both remainders are below d < 2^32, so each dividend fits.
        let first = join(high, low1);
        let second = join(first % d, low0);
        return Some((join(first / d, second / d), second % d == 0));
    }
    // Both sides are shifted until the highest bit of d is set: a digit guessed from the high half of d is then at most two
    // too large. high < d, so that no bit of it is lost.
    let shift = d.leading_zeros();
    let divisor = d.get() << shift;
    let (d1, d0) = halves(divisor);
    // Shifted right in two steps, because a shift by 64 does not exist.
    let rest = (high << shift) | ((low >> 1) >> (u64::BITS - 1).wrapping_sub(shift));
    let (low1, low0) = halves(low << shift);

    let d1 = NonZeroU64::new(d1)?; // Its highest bit is set.
    let (q1, rest) = digit(rest, low1, divisor, d1, d0);
    let (q0, rest) = digit(rest, low0, divisor, d1, d0);
    Some((join(q1, q0), rest == 0))
}

/// One digit of the quotient: `rest·2^32 + next` divided by `divisor = d1·2^32 + d0`, for `rest < divisor`. Returns the digit
/// and the remainder.
#[inline(always)]
fn digit(rest: u64, next: u64, divisor: u64, d1: NonZeroU64, d0: u64) -> (u64, u64) {
    let (mut guess, mut guess_rest) = (rest / d1, rest % d1);
    // d1 ≥ 2^31 and rest < (d1 + 1)·2^32, so guess ≤ 2^32 + 1, and the product is at most (2^32 + 1)(2^32 − 1) = 2^64 − 1.
    while guess.wrapping_mul(d0) > join(guess_rest, next) {
        guess = guess.wrapping_sub(1);
        guess_rest = guess_rest.wrapping_add(d1.get());
        if guess_rest > HALF_MASK {
            break;
        }
    }
    // The true remainder is below `divisor`; what wraps here cancels out modulo 2^64.
    let remainder = join(rest, next).wrapping_sub(guess.wrapping_mul(divisor));
    (guess, remainder)
}

#[inline(always)]
fn halves(value: u64) -> (u64, u64) {
    (value >> HALF_BITS, value & HALF_MASK)
}

/// `high·2^32 + low` modulo 2^64, for a `low` below 2^32.
#[inline(always)]
fn join(high: u64, low: u64) -> u64 {
    (high << HALF_BITS) | low
}
