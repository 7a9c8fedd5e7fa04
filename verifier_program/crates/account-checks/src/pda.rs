//! Program-derived addresses.

use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::{Seed, Signer},
};
use pinocchio_system::create_account_with_minimum_balance_signed;

/// A program-derived address with its canonical bump: the largest that gives a valid address.
pub struct Pda {
    /// The address.
    pub address: Address,
    /// The canonical bump.
    pub bump: u8,
}

impl Pda {
    /// Derives the address of these seeds. None, in practice never, when no bump gives one.
    #[cfg(target_os = "solana")]
    pub fn find(seeds: &[&[u8]], program: &Address) -> Option<Self> {
        Address::try_find_program_address(seeds, program).map(|(address, bump)| Self { address, bump })
    }

    /// Derives nothing: off chain there is no syscall for it.
    #[cfg(not(target_os = "solana"))]
    pub fn find(_seeds: &[&[u8]], _program: &Address) -> Option<Self> {
        None
    }
}

/// Creates `account`, rent-exempt, with `space` bytes of zeros, owned by `owner`; `payer` pays what its balance lacks.
///
/// `seeds` ends with the bump. Anyone can send lamports to an address beforehand, and the system program then refuses
/// `CreateAccount`: such an account is topped up, allocated and assigned instead, so nobody can block an address.
#[inline(always)] // More than the five arguments that a call can have.
pub fn create(
    account: &mut AccountView,
    space: usize,
    owner: &Address,
    payer: &AccountView,
    seeds: &[Seed],
) -> ProgramResult {
    create_account_with_minimum_balance_signed(account, space, owner, payer, None, &[Signer::from(seeds)])
}
