//! a·b - c as plain integers, eight at a time.

use super::{
    lanes,
    ntt::{limbs_apart, limbs_together, load, store},
};
use crate::{
    field::{Field, Fr},
    ntt::Block,
};

/// Replaces each a by a·b - c in plain form, canonical limbs of which then are in place of the Montgomery form's.
///
/// Raw values carry 2^256 and a product loses 2^260: a·b carries 2^252, so c is multiplied by 2^-4 to match, and the
/// difference by 2^8 for the next product to lose all: 2^252 · 2^8 / 2^260.
///
/// # Safety
///
/// The CPU has AVX-512 F, IFMA and VBMI2.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(crate) unsafe fn product_less_plain(a: &mut [Block], b: &[Block], c: &[Block]) {
    let c_factor = lanes::splat_limbs(&Fr::ONE.0);
    let last_factor = lanes::splat_limbs(&[1 << 8, 0, 0, 0]);
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        let (mut b, mut c) = (*b, *c);
        limbs_apart(a);
        limbs_apart(&mut b);
        limbs_apart(&mut c);
        let product = lanes::mul_raw::<Fr>(&load(a), &load(&b));
        let subtrahend = lanes::mul_raw::<Fr>(&load(&c), &c_factor);
        let difference = lanes::settle::<Fr>(&lanes::sub_raw(&product, &subtrahend));
        let plain = lanes::mul_raw::<Fr>(&difference, &last_factor);
        store(a, &lanes::settle::<Fr>(&plain));
        limbs_together(a);
    }
}
