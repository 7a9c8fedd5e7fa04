//! Payment: "k registered attestors saw the bidder's account complete this transfer to the seller in time".

use crate::{
    FIELD_BYTES, FieldBytes,
    field::{put, time_bytes},
    generated::{
        PAYMENT_BITMAP_SHIFT, PAYMENT_NOT_AFTER_UNIX_S_SHIFT, PAYMENT_NOT_BEFORE_UNIX_S_SHIFT,
        PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT, PAYMENT_WORDS,
    },
    poseidon, word,
};

/// The public values of a settlement.
pub struct PaymentStatement<'a> {
    /// The market's domain of payment statements.
    pub domain: &'a FieldBytes,
    /// The order, by its number in the market.
    pub order_id: u64,
    /// The transfer is of at least this amount.
    pub paid_floor_minor_units: u64,
    /// The transfer was made in this second or later, unix seconds of 40 bits.
    pub not_before_unix_s: u64,
    /// The transfer was made in this second or earlier, unix seconds of 40 bits.
    pub not_after_unix_s: u64,
    /// Who signed, bit i for the attestor at leaf i.
    pub bitmap: u8,
    /// The ask's commitment to the account that was paid.
    pub payee_commit: &'a FieldBytes,
    /// Root of the attestors' tree.
    pub root: &'a FieldBytes,
    /// The bidder's line: the transfer was made from its account.
    pub line_id: &'a FieldBytes,
    /// The transfer's nullifier.
    pub nf: &'a FieldBytes,
}

impl PaymentStatement<'_> {
    /// The one public input of the proof. None when a time has more than 40 bits or a field element is not less than r.
    #[inline(always)]
    #[must_use]
    pub fn stmt(&self) -> Option<FieldBytes> {
        let words: [_; PAYMENT_WORDS] = [
            self.domain,
            &word(self.order_id),
            &self.packed()?,
            self.payee_commit,
            self.root,
            self.line_id,
            self.nf,
        ];
        poseidon(words)
    }

    /// The word that holds the small values side by side.
    #[inline(always)]
    #[must_use]
    pub fn packed(&self) -> Option<FieldBytes> {
        let mut packed = [0; FIELD_BYTES];
        put::<PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT, 8>(
            &mut packed,
            self.paid_floor_minor_units.to_be_bytes(),
        );
        put::<PAYMENT_NOT_BEFORE_UNIX_S_SHIFT, 5>(&mut packed, time_bytes(self.not_before_unix_s)?);
        put::<PAYMENT_NOT_AFTER_UNIX_S_SHIFT, 5>(&mut packed, time_bytes(self.not_after_unix_s)?);
        put::<PAYMENT_BITMAP_SHIFT, 1>(&mut packed, [self.bitmap]);
        Some(packed)
    }
}
