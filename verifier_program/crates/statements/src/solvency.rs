//! Solvency: "k registered attestors saw, just now, that this line's account covers what it has reserved".

use crate::{
    FIELD_BYTES, FieldBytes,
    field::{put, time_bytes},
    generated::{
        SOLVENCY_BITMAP_SHIFT, SOLVENCY_COVERED_MINOR_UNITS_SHIFT, SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT,
        SOLVENCY_SEQ_SHIFT, SOLVENCY_WORDS,
    },
    poseidon, split,
};

/// The public values of a bid.
pub struct SolvencyStatement<'a> {
    /// The market's domain of solvency statements.
    pub domain: &'a FieldBytes,
    /// Who bids: the proof is of no use to anybody else.
    pub buyer: &'a [u8; 32],
    /// The attested balance is at least this.
    pub covered_minor_units: u64,
    /// The line's sequence number: the proof is of no use twice.
    pub seq: u64,
    /// Start of the attestation's freshness window, unix seconds of 40 bits.
    pub issued_min_unix_s: u64,
    /// Who signed, bit i for the attestor at leaf i.
    pub bitmap: u8,
    /// Root of the attestors' tree.
    pub root: &'a FieldBytes,
    /// The line.
    pub line_id: &'a FieldBytes,
}

impl SolvencyStatement<'_> {
    /// The one public input of the proof. None when the time has more than 40 bits or a field element is not less than r.
    #[inline(always)]
    #[must_use]
    pub fn stmt(&self) -> Option<FieldBytes> {
        let (buyer_high, buyer_low) = split(self.buyer);
        let words: [_; SOLVENCY_WORDS] =
            [self.domain, &buyer_high, &buyer_low, &self.packed()?, self.root, self.line_id];
        poseidon(words)
    }

    /// The word that holds the small values side by side.
    #[inline(always)]
    #[must_use]
    pub fn packed(&self) -> Option<FieldBytes> {
        let mut packed = [0; FIELD_BYTES];
        put::<SOLVENCY_COVERED_MINOR_UNITS_SHIFT, 8>(&mut packed, self.covered_minor_units.to_be_bytes());
        put::<SOLVENCY_SEQ_SHIFT, 8>(&mut packed, self.seq.to_be_bytes());
        put::<SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT, 5>(&mut packed, time_bytes(self.issued_min_unix_s)?);
        put::<SOLVENCY_BITMAP_SHIFT, 1>(&mut packed, [self.bitmap]);
        Some(packed)
    }
}
