//! Products, quotients, dues, releases and fees beside the host's 128-bit arithmetic.

use quantities::{
    BASE_DECIMALS_MAX, BPS_PER_ONE, BaseAtoms, BaseDecimals, FeeBps, FiatMinorUnits, Price, due_ceil,
    fee_floor, mul_div_ceil, mul_div_floor, released_floor,
};

use crate::{byte, number};

/// Three numbers, decimals and a fee.
pub fn money(mut data: &[u8]) {
    let (a, b, d) = (number(&mut data), number(&mut data), number(&mut data));
    let product = u128::from(a) * u128::from(b);
    let floor = product.checked_div(u128::from(d)).and_then(|quotient| u64::try_from(quotient).ok());
    let ceil = if d == 0 { None } else { u64::try_from(product.div_ceil(u128::from(d))).ok() };
    assert_eq!((mul_div_floor(a, b, d), mul_div_ceil(a, b, d)), (floor, ceil));

    let places = byte(&mut data) % 16;
    let decimals = BaseDecimals::new(places);
    assert_eq!(decimals.is_some(), usize::from(places) <= usize::from(BASE_DECIMALS_MAX));
    if let (Some(decimals), Some(price)) = (decimals, Price::new(b)) {
        let due = u64::try_from(product.div_ceil(10u128.pow(places.into()))).ok();
        assert_eq!(due_ceil(BaseAtoms(a), price, decimals), due.map(FiatMinorUnits));
    }
    let released = released_floor(BaseAtoms(a), FiatMinorUnits(b), FiatMinorUnits(d));
    let expected = (u128::from(a) * u128::from(b.min(d))).checked_div(u128::from(d));
    assert_eq!(released.map(|atoms| u128::from(atoms.0)), expected);

    let bps = number(&mut data) as u16;
    if let Some(fee) = FeeBps::at_most(bps, BPS_PER_ONE) {
        assert!(bps <= BPS_PER_ONE);
        let expected = u128::from(a) * u128::from(bps) / u128::from(BPS_PER_ONE);
        assert_eq!(u128::from(fee_floor(BaseAtoms(a), fee).0), expected);
    } else {
        assert!(bps > BPS_PER_ONE);
    }
}
