//! Where a statement holds: in one deployment, on one rail, in one market, as one kind of statement.

use crate::{
    FieldBytes,
    generated::{TAG_DEPLOYMENT, TAG_RAIL},
    poseidon, split, word,
};

/// The name of a market program on a cluster.
#[inline(always)]
#[must_use]
pub fn deployment(genesis_hash: &[u8; 32], market_program: &[u8; 32]) -> Option<FieldBytes> {
    let (genesis_high, genesis_low) = split(genesis_hash);
    let (program_high, program_low) = split(market_program);
    poseidon([&word(TAG_DEPLOYMENT.into()), &genesis_high, &genesis_low, &program_high, &program_low])
}

/// The name of a payment rail: its provider, its currency, and the decimal digits of the currency's minor unit.
#[inline(always)]
#[must_use]
pub fn rail(provider_id: u32, iso4217_numeric: u16, exponent: u8) -> Option<FieldBytes> {
    poseidon([
        &word(TAG_RAIL.into()),
        &word(provider_id.into()),
        &word(iso4217_numeric.into()),
        &word(exponent.into()),
    ])
}

/// The domain of one kind of statement, `TAG_SOLVENCY` or `TAG_PAYMENT`, in a market.
#[inline(always)]
#[must_use]
pub fn domain(tag: u8, deployment: &FieldBytes, rail: &FieldBytes, market: &[u8; 32]) -> Option<FieldBytes> {
    let (market_high, market_low) = split(market);
    poseidon([&word(tag.into()), deployment, rail, &market_high, &market_low])
}
