//! The difference of two "points" whose numbers need not be numbers of the field, as snarkjs computes it.
//!
//! What is reproduced: the circuit's hash in a .zkey, which every contribution answers and every verifier makes again. When a
//! circuit needs all powers of tau and more than 2^14 rows, snarkjs 0.7.6 (`hashHPoints` in src/zkey_new.js) hashes one
//! difference more than there is: of the powers' section, it reads 64 bytes past the end, which are the next section's
//! header and the beginning of its first point. Without that difference, snarkjs would refuse our keys, and we its.
//!
//! Why not by the curve's own arithmetic: those bytes are no point, and their numbers need not be below q. Sums,
//! differences and products that assume numbers below q give something else for others, and it depends on the order of
//! steps: the file's hash fixes it. So the steps below are the textbook's addition of two affine points into Jacobian
//! coordinates (“mmadd-2007-bl” of the Explicit-Formulas Database), each by arithmetic that subtracts or adds
//! q once, in the order that gives snarkjs's hash; tests hold them to it.
//!
//! Facts: iden3/wasmcurves, src/build_curve_jacobian_a0.js (`addAffine`) and src/build_f1m.js.

use bn254::{Field, Fq, G1Affine};

use super::encode::uncompressed;
use crate::modulus::{Q, Words, is_below};

/// −1/q modulo 2^64.
const INV: u64 = 0x87d2_0782_e486_6389;

/// `a − b` of two points as they stand in a file, uncompressed.
pub(crate) fn raw_difference(a: &[u8; 64], b: &[u8; 64]) -> Vec<u8> {
    let ([x1, y1], [x2, y2]) = (words(a), words(b));
    let y2 = sub(&[0; 4], &y2);
    let h = sub(&x2, &x1);
    let dy = sub(&y2, &y1);
    let hh = mul(&h, &h);
    let i = add(&hh, &hh);
    let i = add(&i, &i);
    let j = mul(&h, &i);
    let r = add(&dy, &dy);
    let v = mul(&x1, &i);
    let v2 = add(&v, &v);
    let x3 = sub(&sub(&mul(&r, &r), &j), &v2);
    let y1j = mul(&y1, &j);
    let y1j2 = add(&y1j, &y1j);
    let y3 = sub(&mul(&sub(&v, &x3), &r), &y1j2);
    let z3 = add(&h, &h);

    // A product with a number of the field is one.
    let inverse = Fq(mul(&z3, &Fq::ONE.0)).inverse().unwrap_or(Fq::ZERO);
    let square = inverse.square();
    let point = G1Affine { x: Fq(mul(&x3, &square.0)), y: Fq(mul(&y3, &(square * inverse).0)) };
    let mut out = Vec::new();
    uncompressed(&point, &mut out);
    out
}

fn words(bytes: &[u8; 64]) -> [Words; 2] {
    let mut numbers = [[0; 4]; 2];
    for (word, bytes) in numbers.as_flattened_mut().iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    numbers
}

/// The sum modulo 2^256, and whether it was larger.
fn plain_add(a: &Words, b: &Words) -> (Words, bool) {
    let mut carry = false;
    let sum = std::array::from_fn(|i| {
        let (partial, first) = a[i].overflowing_add(b[i]);
        let (word, second) = partial.overflowing_add(u64::from(carry));
        carry = first | second;
        word
    });
    (sum, carry)
}

/// The difference modulo 2^256, and whether it was negative.
fn plain_sub(a: &Words, b: &Words) -> (Words, bool) {
    let mut borrow = false;
    let difference = std::array::from_fn(|i| {
        let (partial, first) = a[i].overflowing_sub(b[i]);
        let (word, second) = partial.overflowing_sub(u64::from(borrow));
        borrow = first | second;
        word
    });
    (difference, borrow)
}

/// A sum: q is subtracted once if that seems to be needed.
fn add(a: &Words, b: &Words) -> Words {
    let (sum, carry) = plain_add(a, b);
    if carry || !is_below(&sum, &Q) { plain_sub(&sum, &Q).0 } else { sum }
}

/// A difference: q is added once if it is negative.
fn sub(a: &Words, b: &Words) -> Words {
    let (difference, borrow) = plain_sub(a, b);
    if borrow { plain_add(&difference, &Q).0 } else { difference }
}

/// Montgomery's product: q is subtracted once if that seems to be needed.
fn mul(a: &Words, b: &Words) -> Words {
    let mut t = [0u64; 6];
    for b in b {
        let mut carry = 0u128;
        for (t, a) in t.iter_mut().zip(a) {
            carry += u128::from(*t) + u128::from(*a) * u128::from(*b);
            *t = carry as u64;
            carry >>= 64;
        }
        carry += u128::from(t[4]);
        (t[4], t[5]) = (carry as u64, (carry >> 64) as u64);
        let m = t[0].wrapping_mul(INV);
        let mut carry = (u128::from(t[0]) + u128::from(m) * u128::from(Q[0])) >> 64;
        for i in 1..4 {
            carry += u128::from(t[i]) + u128::from(m) * u128::from(Q[i]);
            t[i - 1] = carry as u64;
            carry >>= 64;
        }
        carry += u128::from(t[4]);
        (t[3], t[4]) = (carry as u64, t[5] + (carry >> 64) as u64);
    }
    let product = [t[0], t[1], t[2], t[3]];
    if t[4] != 0 || !is_below(&product, &Q) { plain_sub(&product, &Q).0 } else { product }
}

#[cfg(test)]
mod tests {
    use bn254::Fr;

    use super::*;
    use crate::memory::bytes_of;

    #[test]
    fn of_points_it_is_their_difference() {
        let points: Vec<G1Affine> =
            (2..10).map(|n| G1Affine::GENERATOR.mul(&Fr::from_u64(n * n * n)).to_affine()).collect();
        for pair in points.windows(2) {
            let mut expected = Vec::new();
            let difference = bn254::G1::from(pair[0]) - bn254::G1::from(pair[1]);
            uncompressed(&difference.to_affine(), &mut expected);
            let [a, b] = [0, 1].map(|i| bytes_of(&pair[i..=i]).try_into().unwrap_or([0; 64]));
            assert_eq!(raw_difference(&a, &b), expected);
        }
    }

    /// Bytes that are no point: the upper bytes of the states of a linear congruential generator.
    fn noise(seed: u64) -> [u8; 64] {
        let mut state = seed;
        std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
    }

    #[test]
    fn of_bytes_that_are_no_points_it_is_what_snarkjs_computes() {
        // Recorded from `G1.sub` and `G1.toRprUncompressed` of ffjavascript 0.3.1, which snarkjs 0.7.6 uses.
        let five = [G1Affine::GENERATOR.mul(&Fr::from_u64(5)).to_affine()];
        let point: [u8; 64] = bytes_of(&five).try_into().unwrap_or([0; 64]);
        let largest = [0xff; 64];
        for (a, b, expected) in [
            (
                noise(1),
                noise(2),
                "20cfabe2e0c708fd101e9164492e10e2ad78da62c4df5a0cd781345e13119a99\
                 27895206dcb6226e04ddd06a0f620817a44c8c31edef3dd560a8cb87d74d95d7",
            ),
            (
                noise(3),
                point,
                "1426cbf09aff7fc9154b1497a47ce48c964389e905f938bbeb451d037881b5f3\
                 24a0c2568bc7a75395bd6b4bc11e2c745d1463c6c9401e4c0ff7ca4b8e826f5e",
            ),
            (
                point,
                noise(4),
                "046b70d87a63cdf3e233b0702b4ca59a970cd017fc549a75fd64e94ded0910a6\
                 238ff6fc98dff915d1739eca52415ef101bb00ad44cf0faf79ccb518e385d9e6",
            ),
            (
                largest,
                noise(5),
                "0acf399e44eec4329e21096bd59e14e88c986b5cf16e3765d42e6b2acc304eff\
                 0adfd7c16b571dde09e568d830a846f63c69278b7bc6258239a6df7eb0f07dcf",
            ),
            (
                noise(6),
                largest,
                "164173358f2825e8653d76f6213e65c6382d5aed6b03c6a6148a89bf37391f0d\
                 0106eca6d21255b12bc41b4c29f3d702c08157932fb8c53150b554fcc8192d10",
            ),
        ] {
            let found: String = raw_difference(&a, &b).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, expected);
        }
    }
}
