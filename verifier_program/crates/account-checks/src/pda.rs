//! Program-derived addresses.

use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::{Seed, Signer},
};
use pinocchio_system::create_account_with_minimum_balance_signed;

use crate::{copy, sha256};

/// The most bytes of all seeds together, the bump not counted: four of the runtime's longest.
const SEEDS_BYTES_MAX: usize = 128;

/// What the runtime hashes last, so that no program-derived address is another kind of derived one.
const MARKER: &[u8; 21] = b"ProgramDerivedAddress";

/// Seeds, bump, program, marker.
const PREIMAGE_BYTES_MAX: usize = SEEDS_BYTES_MAX + 1 + size_of::<Address>() + MARKER.len();

/// A program-derived address with its canonical bump: the largest that gives a valid address.
pub struct Pda {
    /// The address.
    pub address: Address,
    /// The canonical bump.
    pub bump: u8,
}

impl Pda {
    /// Derives the address of these seeds. None for more than 128 bytes of them and, in practice never, when no bump gives one.
    ///
    /// It is the sha256 of seeds, bump, program and marker, for the largest bump whose hash is no point of Curve25519: what
    /// `sol_try_find_program_address` returns too, for 1,500 units a bump. Hash and check by themselves cost a quarter of that.
    #[inline(never)]
    pub fn find(seeds: &[&[u8]], program: &Address) -> Option<Self> {
        let mut preimage = [0; PREIMAGE_BYTES_MAX];
        let mut bump_at = 0usize;
        for seed in seeds {
            copy(preimage.get_mut(bump_at..)?, seed)?;
            bump_at = bump_at.checked_add(seed.len())?;
        }
        let (_, rest) = preimage.split_at_mut_checked(bump_at.checked_add(1)?)?;
        copy(rest, program.as_ref())?;
        copy(rest.get_mut(size_of::<Address>()..)?, MARKER)?;
        let preimage = preimage.get_mut(..bump_at.checked_add(PREIMAGE_BYTES_MAX - SEEDS_BYTES_MAX)?)?;
        for bump in (1..=u8::MAX).rev() {
            *preimage.get_mut(bump_at)? = bump;
            let address = Address::new_from_array(sha256(preimage)?);
            if !address.is_on_curve() {
                return Some(Self { address, bump });
            }
        }
        None
    }
}

/// Creates `account`, rent-exempt, with `space` bytes of zeros, owned by `owner`; `payer` pays what its balance lacks.
///
/// `seeds` ends with the bump. Anyone can send lamports to an address beforehand, and the system program then refuses
/// `CreateAccount`: such an account is topped up, allocated and assigned instead, so nobody can block an address.
#[inline(always)]
pub fn create(
    account: &mut AccountView,
    space: usize,
    owner: &Address,
    payer: &AccountView,
    seeds: &[Seed],
) -> ProgramResult {
    NewAccount { account, space, owner, payer, seeds }.create()
}

/// The arguments of [`create`], in memory: a call on chain has five words of arguments at most, and this is too long a function
/// to stand wherever it is called.
struct NewAccount<'a, 'b> {
    account: &'a mut AccountView,
    space: usize,
    owner: &'a Address,
    payer: &'a AccountView,
    seeds: &'a [Seed<'b>],
}

impl NewAccount<'_, '_> {
    #[inline(never)]
    fn create(&mut self) -> ProgramResult {
        let signer = [Signer::from(self.seeds)];
        create_account_with_minimum_balance_signed(
            self.account,
            self.space,
            self.owner,
            self.payer,
            None,
            &signer,
        )
    }
}
