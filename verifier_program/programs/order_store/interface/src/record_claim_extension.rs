//! The call `record_claim_extension`.

use layout::{InstructionData, bytes};
use pinocchio::{
    AccountView, ProgramResult,
    cpi::{Signer, invoke_signed},
    instruction::{InstructionAccount, InstructionView},
};

use crate::generated::{ID, RECORD_CLAIM_EXTENSION_DISCRIMINATOR, RecordClaimExtensionArgs};

/// Records that the buyer has more time to prove. The program id is a constant: no other program can stand in for it; the caller's
/// instruction carries the program's own account too.
pub struct RecordClaimExtension<'a> {
    /// order_processor's authority; order_processor signs for it.
    pub processor_authority: &'a AccountView,
    /// The order.
    pub order: &'a AccountView,
    /// What changes.
    pub args: RecordClaimExtensionArgs,
}

impl RecordClaimExtension<'_> {
    /// Calls it with the signatures of the caller's own addresses. When the callee refuses, the runtime ends the whole
    /// transaction with the callee's error.
    #[inline(always)]
    pub fn invoke_signed(&self, signers: &[Signer]) -> ProgramResult {
        let accounts = [
            InstructionAccount::readonly_signer(self.processor_authority.address()),
            InstructionAccount::writable(self.order.address()),
        ];
        let data = InstructionData { discriminator: RECORD_CLAIM_EXTENSION_DISCRIMINATOR, args: self.args };
        let instruction = InstructionView { program_id: &ID, accounts: &accounts, data: bytes(&data) };
        let views = [self.processor_authority, self.order];
        invoke_signed(&instruction, &views, signers)
    }
}
