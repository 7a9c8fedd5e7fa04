//! Nullifiers: a fiat transfer settles one order. The account at the address of its number is the mark that it has.
//!
//! The address holds the order's line too. A proof shows that the transfer was made from the line's account, so that a transfer
//! has one line. A seller's word shows nothing: were the number alone the address, a seller could spend an honest buyer's
//! transfer on an order of his own making, before the buyer has proven it.

use account_checks::{Pda, create};
use layout::{Tagged, new_account};
use order_processor_interface::{
    ID, OrderProcessorError,
    generated::{NULLIFIER_SEED, Nullifier},
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed, error::ProgramError};
use statements::{FieldBytes, is_canonical};

/// What gives a nullifier its address.
pub(crate) struct Spent<'a> {
    pub(crate) line_id: FieldBytes,
    pub(crate) nf: &'a FieldBytes,
    pub(crate) bump: u8,
}

/// Checks that the bytes name a transfer: a number less than r, as otherwise one transfer would have several addresses, and not
/// zero, which stands for none.
#[inline(always)]
pub(crate) fn check(nf: &FieldBytes) -> Result<(), OrderProcessorError> {
    if !is_canonical(nf) || *nf == [0; 32] {
        return Err(OrderProcessorError::FieldElementNotCanonical);
    }
    Ok(())
}

/// Checks that the account is at the nullifier's address and that the transfer is unspent; returns what gives it its address.
#[inline(always)]
pub(crate) fn check_unspent<'a>(
    account: &AccountView,
    line_id: &FieldBytes,
    nf: &'a FieldBytes,
) -> Result<Spent<'a>, ProgramError> {
    let pda = Pda::find(&[NULLIFIER_SEED, line_id, nf], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if account.address() != &pda.address {
        return Err(OrderProcessorError::NullifierAddressMismatch.into());
    }
    if account.owned_by(&ID) {
        return Err(OrderProcessorError::NullifierAlreadySpent.into());
    }
    Ok(Spent { line_id: *line_id, nf, bump: pda.bump })
}

/// Creates the nullifier's account for ever: nothing closes it or writes to it again. Lamports at its address do not block it.
#[inline(always)]
pub(crate) fn spend(
    account: &mut AccountView,
    payer: &AccountView,
    spent: &Spent<'_>,
    order: &Address,
) -> ProgramResult {
    let Spent { line_id, nf, bump } = spent;
    let seeds = [
        Seed::from(NULLIFIER_SEED),
        Seed::from(line_id),
        Seed::from(*nf),
        Seed::from(core::slice::from_ref(bump)),
    ];
    create(account, size_of::<Nullifier>(), &ID, payer, &seeds)?;
    let nullifier = Nullifier { tag: Nullifier::TAG, nf: **nf, order: *order };
    new_account(&mut account.try_borrow_mut()?, &nullifier).ok_or(ProgramError::AccountDataTooSmall)
}
