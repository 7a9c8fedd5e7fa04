//! The end without settlement: the order's tokens go back to its ask, and the order is over.

use layout::U64;
use market_interface::{ReturnEscrowedFunds, ReturnReason};
use order_store_interface::{Status, UpdateStatus, generated::UpdateStatusArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::accounts::sign;

/// The accounts of an end without settlement, checked. The book is the market's to check.
pub(crate) struct Ending<'a> {
    pub(crate) order: &'a AccountView,
    pub(crate) terms: &'a AccountView,
    pub(crate) ask: &'a AccountView,
    pub(crate) line: &'a AccountView,
    pub(crate) book: &'a AccountView,
    pub(crate) processor_authority: &'a AccountView,
}

impl Ending<'_> {
    /// Has the market return the tokens, then moves the order to `status`: the market looks at the status that it still has.
    pub(crate) fn end(&self, reason: ReturnReason, status: Status, now_unix_s: u64) -> ProgramResult {
        let Self { order, terms, ask, line, book, processor_authority } = self;
        sign(|signers| {
            ReturnEscrowedFunds { processor_authority, terms, order, ask, line, book, reason }
                .invoke_signed(signers)
        })?;
        let args = UpdateStatusArgs {
            status: status as u8,
            now_unix_s: U64::new(now_unix_s),
            nf: [0; 32],
            paid_floor_minor_units: U64::new(0),
            released_atoms: U64::new(0),
        };
        sign(|signers| UpdateStatus { processor_authority, order, args }.invoke_signed(signers))
    }
}
