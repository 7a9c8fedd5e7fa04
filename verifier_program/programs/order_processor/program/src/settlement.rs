//! The end that a proof and a seller's word have in common: the transfer is spent, the order confirmed, paid out and settled.

use layout::U64;
use market_interface::{ReleaseEscrowedFunds, generated::ReleaseEscrowedFundsArgs};
use order_processor_interface::OrderProcessorError;
use order_store_interface::{
    Status, UpdateStatus,
    generated::{MatchedOrder, UpdateStatusArgs},
};
use pinocchio::{AccountView, ProgramResult};
use quantities::{BaseAtoms, FiatMinorUnits, released_floor};

use crate::{
    accounts::sign,
    nullifier::{self, Spent},
};

/// The accounts of a settlement, checked.
pub(crate) struct Settlement<'a> {
    pub(crate) payer: &'a AccountView,
    pub(crate) order: &'a AccountView,
    pub(crate) market: &'a AccountView,
    pub(crate) terms: &'a AccountView,
    pub(crate) ask: &'a AccountView,
    pub(crate) vault: &'a AccountView,
    pub(crate) line: &'a AccountView,
    pub(crate) buyer_token: &'a AccountView,
    /// The account that marks the transfer as spent, not there yet.
    pub(crate) mark: &'a mut AccountView,
    pub(crate) processor_authority: &'a AccountView,
    pub(crate) token_program: &'a AccountView,
}

/// What is settled.
pub(crate) struct Payment<'a> {
    pub(crate) spent: Spent<'a>,
    pub(crate) paid_floor: FiatMinorUnits,
    pub(crate) released: BaseAtoms,
    pub(crate) now_unix_s: u64,
}

/// What a payment of `paid` releases of an order's tokens, fee included.
#[inline(always)]
pub(crate) fn released(order: &MatchedOrder, paid: FiatMinorUnits) -> Result<BaseAtoms, OrderProcessorError> {
    let (base, due) = (BaseAtoms(order.base_atoms.get()), FiatMinorUnits(order.due_minor_units.get()));
    released_floor(base, paid, due).ok_or(OrderProcessorError::ArithmeticOverflow)
}

impl Settlement<'_> {
    /// Spends the transfer, confirms the order, has the market pay it out, and settles it. The market takes a confirmed order only,
    /// and the order is confirmed during this call only.
    pub(crate) fn settle(&mut self, payment: &Payment<'_>) -> ProgramResult {
        let Payment { ref spent, paid_floor, released, now_unix_s } = *payment;
        nullifier::spend(self.mark, self.payer, spent, self.order.address())?;
        self.update_status(UpdateStatusArgs {
            status: Status::PaymentConfirmed as u8,
            now_unix_s: U64::new(now_unix_s),
            nf: *spent.nf,
            paid_floor_minor_units: U64::new(paid_floor.0),
            released_atoms: U64::new(0),
        })?;
        self.release(paid_floor)?;
        self.update_status(UpdateStatusArgs {
            status: Status::Settled as u8,
            now_unix_s: U64::new(now_unix_s),
            nf: [0; 32],
            paid_floor_minor_units: U64::new(0),
            released_atoms: U64::new(released.0),
        })
    }

    fn update_status(&self, args: UpdateStatusArgs) -> ProgramResult {
        let Self { processor_authority, order, .. } = self;
        sign(|signers| UpdateStatus { processor_authority, order, args }.invoke_signed(signers))
    }

    fn release(&self, paid_floor: FiatMinorUnits) -> ProgramResult {
        let args = ReleaseEscrowedFundsArgs { paid_floor_minor_units: U64::new(paid_floor.0) };
        let Self { processor_authority, market, terms, order, ask, .. } = self;
        let Self { vault, line, buyer_token, token_program, .. } = self;
        let call = ReleaseEscrowedFunds {
            processor_authority,
            market,
            terms,
            order,
            ask,
            vault,
            line,
            buyer_token,
            token_program,
            args,
        };
        sign(|signers| call.invoke_signed(signers))
    }
}
