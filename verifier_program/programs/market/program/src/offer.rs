//! What a seller may offer.

use account_checks::TIME_BITS;
use market_interface::generated::{MarketError, Terms};
use quantities::{BaseAtoms, BaseDecimals, Price, due_ceil};

/// What is listed, as the seller says it.
pub(crate) struct Offer {
    pub(crate) base_atoms: u64,
    pub(crate) min_fill_atoms: u64,
    pub(crate) price: u64,
    pub(crate) expiry_unix_s: u64,
}

impl Offer {
    /// Checks, in this order: the amount and the smallest fill reach the minimums of the terms; the fill is not above the amount;
    /// the price is not zero; what is due for all of it fits; the expiry has 40 bits and is still to come.
    pub(crate) fn check(&self, terms: &Terms, base_decimals: u8, now: u64) -> Result<(), MarketError> {
        if self.base_atoms < terms.min_ask_atoms.get() || self.min_fill_atoms < terms.min_fill_atoms.get() {
            return Err(MarketError::AmountBelowMinimum);
        }
        if self.min_fill_atoms > self.base_atoms {
            return Err(MarketError::MinFillAboveAmount);
        }
        let price = Price::new(self.price).ok_or(MarketError::PriceZero)?;
        let decimals = BaseDecimals::new(base_decimals).ok_or(MarketError::MarketInvalid)?;
        due_ceil(BaseAtoms(self.base_atoms), price, decimals).ok_or(MarketError::DueOutOfRange)?;
        if self.expiry_unix_s >> TIME_BITS != 0 {
            return Err(MarketError::ExpiryOutOfRange);
        }
        if self.expiry_unix_s <= now {
            return Err(MarketError::ExpiryPassed);
        }
        Ok(())
    }
}
