//! Arithmetic modulo r, for the sums of a batch. Numbers are eight words of 32 bits, the lowest first: the machine on chain
//! multiplies two words into 64 bits in one instruction, and has nothing wider.

use crate::{PUBLIC_INPUT_BYTES, field::FR_MODULUS};

/// A number less than r.
pub(crate) type Scalar = [u32; 8];

const MODULUS: Scalar = {
    let [d, c, b, a] = FR_MODULUS;
    [low(a), high(a), low(b), high(b), low(c), high(c), low(d), high(d)]
};

/// −1/r modulo 2³²: Newton's iteration doubles the number of right bits, from one to 32.
const NEGATED_INVERSE: u32 = {
    let [modulus, ..] = MODULUS;
    let mut inverse = 1u32;
    let mut right_bits = 1u32;
    while right_bits < u32::BITS {
        inverse = inverse.wrapping_mul(2u32.wrapping_sub(modulus.wrapping_mul(inverse)));
        right_bits = right_bits.wrapping_mul(2);
    }
    inverse.wrapping_neg()
};

/// 2⁵¹² modulo r: what [`product`] needs to undo its own division, once for two of them.
pub(crate) const RADIX_SQUARED: Scalar =
    [0xae216da7, 0x1bb8e645, 0xe35c59e3, 0x53fe3ab1, 0x53bb8085, 0x8c49833d, 0x7f4e44a5, 0x0216d0b1];

/// left + right modulo r.
pub(crate) fn sum(left: &Scalar, right: &Scalar) -> Scalar {
    let mut total = [0; 8];
    let mut carry = 0;
    for ((target, left), right) in total.iter_mut().zip(left).zip(right) {
        let wide = multiply_add(*left, 1, *right, carry);
        *target = low(wide);
        carry = high(wide);
    }
    // Both are less than 2²⁵⁴: nothing is carried out.
    reduced(&total)
}

/// left · right / 2²⁵⁶ modulo r: Montgomery's product, word by word.
///
/// The highest word of r is below 2³⁰, so the running value stays below 2r and its two carries fit one word.
#[inline(never)]
pub(crate) fn product(left: &Scalar, right: &Scalar) -> Scalar {
    let ([right_0, right @ ..], [modulus_0, modulus @ ..]) = (right, &MODULUS);
    let mut value = [0; 8];
    for word in left {
        let [value_0, ..] = value;
        let wide = multiply_add(*word, *right_0, value_0, 0);
        let factor = low(wide).wrapping_mul(NEGATED_INVERSE);
        let mut carry = high(wide);
        let mut reduction = high(multiply_add(factor, *modulus_0, low(wide), 0));
        // The lowest word is zero now, and every other one moves down by one place.
        let mut next = [0; 8];
        let [lower @ .., highest] = &mut next;
        let [_, higher @ ..] = &value;
        for (((target, digit), right), modulus) in lower.iter_mut().zip(higher).zip(right).zip(modulus) {
            let wide = multiply_add(*word, *right, *digit, carry);
            carry = high(wide);
            let wide = multiply_add(factor, *modulus, low(wide), reduction);
            reduction = high(wide);
            *target = low(wide);
        }
        *highest = carry.wrapping_add(reduction);
        value = next;
    }
    reduced(&value)
}

/// The words of 32 big-endian bytes, a number less than r.
pub(crate) fn from_bytes(bytes: &[u8; PUBLIC_INPUT_BYTES]) -> Scalar {
    let mut scalar = [0; 8];
    let (words, _) = bytes.as_chunks();
    for (target, word) in scalar.iter_mut().rev().zip(words) {
        *target = u32::from_be_bytes(*word);
    }
    scalar
}

/// 32 big-endian bytes.
pub(crate) fn to_bytes(scalar: &Scalar) -> [u8; PUBLIC_INPUT_BYTES] {
    let mut bytes = [0; PUBLIC_INPUT_BYTES];
    let (words, _) = bytes.as_chunks_mut();
    for (target, word) in words.iter_mut().rev().zip(scalar) {
        *target = word.to_be_bytes();
    }
    bytes
}

/// A number less than 2r, modulo r.
fn reduced(value: &Scalar) -> Scalar {
    let mut difference = [0; 8];
    let mut borrow = 0;
    for ((target, digit), modulus) in difference.iter_mut().zip(value).zip(&MODULUS) {
        let wide = u64::from(*digit).wrapping_sub(u64::from(*modulus)).wrapping_sub(borrow);
        *target = low(wide);
        borrow = wide.wrapping_shr(u64::BITS - 1);
    }
    if borrow == 0 { difference } else { *value }
}

/// left · right + addend + carry: it cannot overflow 64 bits.
#[inline(always)]
fn multiply_add(left: u32, right: u32, addend: u32, carry: u32) -> u64 {
    u64::from(left)
        .wrapping_mul(u64::from(right))
        .wrapping_add(u64::from(addend))
        .wrapping_add(u64::from(carry))
}

const fn low(wide: u64) -> u32 {
    wide as u32
}

const fn high(wide: u64) -> u32 {
    wide.wrapping_shr(u32::BITS) as u32
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{BigInteger, Field, PrimeField};
    use proptest::prelude::*;

    use super::*;

    fn words(value: Fr) -> Scalar {
        from_bytes(&value.into_bigint().to_bytes_be().try_into().unwrap())
    }

    fn edges() -> [Fr; 8] {
        let half = Fr::from(2u64).inverse().unwrap();
        let word = Fr::from(u64::MAX);
        [0u64.into(), 1u64.into(), 2u64.into(), -Fr::from(1u64), half, -half, word, word.square() * word]
    }

    #[test]
    fn constants_are_what_they_say() {
        assert_eq!(to_bytes(&MODULUS).to_vec(), Fr::MODULUS.to_bytes_be());
        assert_eq!(MODULUS[0].wrapping_mul(NEGATED_INVERSE), u32::MAX);
        assert_eq!(RADIX_SQUARED, words(Fr::from(2u64).pow([512])));
    }

    fn agree(left: Fr, right: Fr) {
        let radix = Fr::from(2u64).pow([256]);
        assert_eq!(sum(&words(left), &words(right)), words(left + right));
        assert_eq!(product(&words(left), &words(right)), words(left * right / radix));
        assert_eq!(product(&product(&words(left), &words(right)), &RADIX_SQUARED), words(left * right));
    }

    #[test]
    fn edges_agree_with_arkworks() {
        for left in edges() {
            for right in edges() {
                agree(left, right);
            }
        }
    }

    proptest! {
        #[test]
        fn random_numbers_agree_with_arkworks(left in any::<[u64; 4]>(), right in any::<[u64; 4]>()) {
            let field = |words: [u64; 4]| Fr::from_le_bytes_mod_order(&words.map(u64::to_le_bytes).concat());
            agree(field(left), field(right));
            let bytes = to_bytes(&words(field(left)));
            prop_assert_eq!(bytes.to_vec(), field(left).into_bigint().to_bytes_be());
            prop_assert_eq!(from_bytes(&bytes), words(field(left)));
        }
    }
}
