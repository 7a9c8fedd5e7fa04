//! The call `return_escrowed_funds`.

use layout::{InstructionData, bytes};
use pinocchio::{
    AccountView, ProgramResult,
    cpi::{Signer, invoke_signed},
    instruction::{InstructionAccount, InstructionView},
};

use crate::{
    ReturnReason,
    generated::{ID, RETURN_ESCROWED_FUNDS_DISCRIMINATOR, ReturnEscrowedFundsArgs},
};

/// Gives an order's tokens back to its ask. The program id is a constant: no other program can stand in for it; the caller's
/// instruction carries the program's own account too.
pub struct ReturnEscrowedFunds<'a> {
    /// order_processor's authority; order_processor signs for it.
    pub processor_authority: &'a AccountView,
    /// The order's terms.
    pub terms: &'a AccountView,
    /// The order, still Pending or AwaitingPayment.
    pub order: &'a AccountView,
    /// The order's ask.
    pub ask: &'a AccountView,
    /// The order's solvency line.
    pub line: &'a AccountView,
    /// The market's book.
    pub book: &'a AccountView,
    /// Why.
    pub reason: ReturnReason,
}

impl ReturnEscrowedFunds<'_> {
    /// Calls it with the signatures of the caller's own addresses. When the callee refuses, the runtime ends the whole
    /// transaction with the callee's error.
    #[inline(always)]
    pub fn invoke_signed(&self, signers: &[Signer]) -> ProgramResult {
        let accounts = [
            InstructionAccount::readonly_signer(self.processor_authority.address()),
            InstructionAccount::readonly(self.terms.address()),
            InstructionAccount::readonly(self.order.address()),
            InstructionAccount::writable(self.ask.address()),
            InstructionAccount::writable(self.line.address()),
            InstructionAccount::writable(self.book.address()),
        ];
        let args = ReturnEscrowedFundsArgs { reason: self.reason as u8 };
        let data = InstructionData { discriminator: RETURN_ESCROWED_FUNDS_DISCRIMINATOR, args };
        let instruction = InstructionView { program_id: &ID, accounts: &accounts, data: bytes(&data) };
        let views = [self.processor_authority, self.terms, self.order, self.ask, self.line, self.book];
        invoke_signed(&instruction, &views, signers)
    }
}
