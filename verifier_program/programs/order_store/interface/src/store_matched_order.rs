//! The call `store_matched_order`.

use layout::{InstructionData, bytes};
use pinocchio::{
    AccountView, ProgramResult,
    cpi::{Signer, invoke_signed},
    instruction::{InstructionAccount, InstructionView},
};

use crate::generated::{ID, STORE_MATCHED_ORDER_DISCRIMINATOR, StoreMatchedOrderArgs};

/// Stores a new order. The program id is a constant: no other program can stand in for it; the caller's instruction carries the
/// program's own account too.
pub struct StoreMatchedOrder<'a> {
    /// The market's authority; the market signs for it.
    pub market_authority: &'a AccountView,
    /// Signs, and pays the rent.
    pub payer: &'a AccountView,
    /// The order's address, derived from market, line_id and seq.
    pub order: &'a AccountView,
    /// The system program.
    pub system_program: &'a AccountView,
    /// The order.
    pub args: StoreMatchedOrderArgs,
}

impl StoreMatchedOrder<'_> {
    /// Calls it with the signatures of the caller's own addresses. When the callee refuses, the runtime ends the whole
    /// transaction with the callee's error.
    #[inline(always)]
    pub fn invoke_signed(&self, signers: &[Signer]) -> ProgramResult {
        let accounts = [
            InstructionAccount::readonly_signer(self.market_authority.address()),
            InstructionAccount::writable_signer(self.payer.address()),
            InstructionAccount::writable(self.order.address()),
            InstructionAccount::readonly(self.system_program.address()),
        ];
        let data = InstructionData { discriminator: STORE_MATCHED_ORDER_DISCRIMINATOR, args: self.args };
        let instruction = InstructionView { program_id: &ID, accounts: &accounts, data: bytes(&data) };
        let views = [self.market_authority, self.payer, self.order, self.system_program];
        invoke_signed(&instruction, &views, signers)
    }
}
