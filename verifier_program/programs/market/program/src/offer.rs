//! What a seller may offer.

use account_checks::TIME_BITS;
use market_interface::generated::{LISTING_MIN_S, MarketError, Terms};
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
    /// the price is not zero; what is due for all of it fits; the expiry has 40 bits, is still to come, and is not too soon.
    ///
    /// An ask that expires at once would cost its seller a fee and nothing else, and be dead in front of the book until somebody
    /// prunes it: a few of them, listed again and again, would stop every bid.
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
        let Some(lifetime_s) = self.expiry_unix_s.checked_sub(now).filter(|lifetime_s| *lifetime_s != 0)
        else {
            return Err(MarketError::ExpiryPassed);
        };
        if lifetime_s < LISTING_MIN_S as u64 {
            return Err(MarketError::ExpiryTooSoon);
        }
        Ok(())
    }
}
