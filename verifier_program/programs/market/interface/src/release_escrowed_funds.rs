//! The call `release_escrowed_funds`.

use layout::{InstructionData, bytes};
use pinocchio::{
    AccountView, ProgramResult,
    cpi::{Signer, invoke_signed},
    instruction::{InstructionAccount, InstructionView},
};

use crate::generated::{ID, RELEASE_ESCROWED_FUNDS_DISCRIMINATOR, ReleaseEscrowedFundsArgs};

/// Pays a confirmed order's tokens to its buyer. The program id is a constant: no other program can stand in for it; the caller's
/// instruction carries the program's own account too.
pub struct ReleaseEscrowedFunds<'a> {
    /// order_processor's authority; order_processor signs for it.
    pub processor_authority: &'a AccountView,
    /// The order's market.
    pub market: &'a AccountView,
    /// The order's terms.
    pub terms: &'a AccountView,
    /// The order, in status PaymentConfirmed.
    pub order: &'a AccountView,
    /// The order's ask.
    pub ask: &'a AccountView,
    /// The ask's vault.
    pub vault: &'a AccountView,
    /// The order's solvency line.
    pub line: &'a AccountView,
    /// The buyer's associated token account.
    pub buyer_token: &'a AccountView,
    /// The classic SPL Token program.
    pub token_program: &'a AccountView,
    /// What was paid.
    pub args: ReleaseEscrowedFundsArgs,
}

impl ReleaseEscrowedFunds<'_> {
    /// Calls it with the signatures of the caller's own addresses. When the callee refuses, the runtime ends the whole
    /// transaction with the callee's error.
    #[inline(always)]
    pub fn invoke_signed(&self, signers: &[Signer]) -> ProgramResult {
        let accounts = [
            InstructionAccount::readonly_signer(self.processor_authority.address()),
            InstructionAccount::readonly(self.market.address()),
            InstructionAccount::readonly(self.terms.address()),
            InstructionAccount::readonly(self.order.address()),
            InstructionAccount::writable(self.ask.address()),
            InstructionAccount::writable(self.vault.address()),
            InstructionAccount::writable(self.line.address()),
            InstructionAccount::writable(self.buyer_token.address()),
            InstructionAccount::readonly(self.token_program.address()),
        ];
        let data = InstructionData { discriminator: RELEASE_ESCROWED_FUNDS_DISCRIMINATOR, args: self.args };
        let instruction = InstructionView { program_id: &ID, accounts: &accounts, data: bytes(&data) };
        let views = [
            self.processor_authority,
            self.market,
            self.terms,
            self.order,
            self.ask,
            self.vault,
            self.line,
            self.buyer_token,
            self.token_program,
        ];
        invoke_signed(&instruction, &views, signers)
    }
}
