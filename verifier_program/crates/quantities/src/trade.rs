//! What a trade costs, what a payment releases, what the fee on it is.

use crate::{
    mul_div::{mul_div_ceil, mul_div_floor},
    units::{BPS_PER_ONE, BaseAtoms, BaseDecimals, FeeBps, FiatMinorUnits, Price},
};

const BPS: u64 = BPS_PER_ONE as u64;

/// `ceil(base · price / 10^decimals)`: what `base` costs. `None` when that does not fit.
pub fn due_ceil(base: BaseAtoms, price: Price, decimals: BaseDecimals) -> Option<FiatMinorUnits> {
    mul_div_ceil(base.0, price.get(), decimals.atoms_per_token()?).map(FiatMinorUnits)
}

/// `floor(base · min(paid, due) / due)`: the part of `base` that `paid` of `due` pays for, never more than `base`. `None` only
/// when nothing was due.
pub fn released_floor(base: BaseAtoms, paid: FiatMinorUnits, due: FiatMinorUnits) -> Option<BaseAtoms> {
    if due != FiatMinorUnits::ZERO && paid >= due {
        return Some(base);
    }
    mul_div_floor(base.0, paid.0, due.0).map(BaseAtoms)
}

/// `floor(released · fee / 10,000)`: the fee within `released`, never more than it.
pub fn fee_floor(released: BaseAtoms, fee: FeeBps) -> BaseAtoms {
    // released = whole·10,000 + part. Neither product can wrap: fee ≤ 10,000, so that whole·fee ≤ released and
    // part·fee < 10,000², and their sum is the fee itself, which is at most `released`.
    let (whole, part, fee) = (released.0 / BPS, released.0 % BPS, u64::from(fee.get()));
    BaseAtoms(whole.wrapping_mul(fee).wrapping_add(part.wrapping_mul(fee) / BPS))
}
