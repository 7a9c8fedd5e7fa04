//! The rails that the config lists: one exponent for each provider and currency.
//!
//! With two exponents, one transfer would count a hundred times as much in one market as in another, and its nullifier would
//! not be the same in both.

use layout::{U16, U32};
use market_interface::generated::{Config, MarketError, RailEntry};

/// ISO 4217 numeric codes have three digits.
const ISO4217_NUMERIC_MAX: u16 = 999;

/// The most decimal digits that a minor unit may have.
const EXPONENT_MAX: u8 = 6;

/// Checks that a rail is one.
pub fn check_rail(provider_id: u32, iso4217_numeric: u16, exponent: u8) -> Result<(), MarketError> {
    let currency = (1..=ISO4217_NUMERIC_MAX).contains(&iso4217_numeric);
    if provider_id == 0 || !currency || exponent > EXPONENT_MAX {
        return Err(MarketError::RailInvalid);
    }
    Ok(())
}

/// Lists a rail, unless it is listed already; refuses a second exponent for its provider and currency.
pub fn register(
    config: &mut Config,
    provider_id: u32,
    iso4217_numeric: u16,
    exponent: u8,
) -> Result<(), MarketError> {
    let entry = RailEntry {
        provider_id: U32::new(provider_id),
        iso4217_numeric: U16::new(iso4217_numeric),
        exponent,
    };
    let listed = config.rails.iter().take(config.rails_count.into());
    for rail in listed {
        if rail.provider_id == entry.provider_id && rail.iso4217_numeric == entry.iso4217_numeric {
            return if rail.exponent == exponent { Ok(()) } else { Err(MarketError::RailExponentMismatch) };
        }
    }
    let free = config.rails.get_mut(usize::from(config.rails_count)).ok_or(MarketError::RailsFull)?;
    *free = entry;
    config.rails_count = config.rails_count.saturating_add(1);
    Ok(())
}
