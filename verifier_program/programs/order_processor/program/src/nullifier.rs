//! Nullifiers: a fiat transfer settles one order. An account at the address of its number is the mark that it has.
//!
//! A proof shows that the transfer was made, so it spends it for every line: one fiat account can have several, as under two sets of
//! attestors. A seller's word shows nothing: it spends the transfer for its order's line only, as otherwise a seller could use up
//! an honest buyer's transfer on an order of his own making, before the buyer has proven it. Whoever settles brings both accounts,
//! and neither may exist.

use account_checks::{Pda, create};
use layout::{Tagged, new_account};
use order_processor_interface::{
    ID, OrderProcessorError,
    generated::{NULLIFIER_SEED, Nullifier, SellerWord, WORD_SEED},
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed, error::ProgramError};
use statements::{FieldBytes, is_canonical};

/// A transfer that is about to be spent: what gives the account its address that marks it.
pub(crate) struct Spent<'a> {
    pub(crate) by: By,
    pub(crate) nf: &'a FieldBytes,
    pub(crate) bump: u8,
}

/// Who says that the transfer was made.
pub(crate) enum By {
    /// A proof, for every line.
    Proof,
    /// The seller, for the line of his order.
    Word { line_id: FieldBytes },
}

/// The bumps of the two addresses of an unspent transfer.
pub(crate) struct Unspent {
    pub(crate) nullifier_bump: u8,
    pub(crate) word_bump: u8,
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

/// Checks that both accounts are at their addresses, and that neither a proof nor a word for this line has spent the transfer.
#[inline(always)]
pub(crate) fn check_unspent(
    nullifier: &AccountView,
    word: &AccountView,
    line_id: &FieldBytes,
    nf: &FieldBytes,
) -> Result<Unspent, ProgramError> {
    let by_proof = Pda::find(&[NULLIFIER_SEED, nf], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if nullifier.address() != &by_proof.address {
        return Err(OrderProcessorError::NullifierAddressMismatch.into());
    }
    let by_word = Pda::find(&[WORD_SEED, line_id, nf], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if word.address() != &by_word.address {
        return Err(OrderProcessorError::WordAddressMismatch.into());
    }
    if nullifier.owned_by(&ID) || word.owned_by(&ID) {
        return Err(OrderProcessorError::NullifierAlreadySpent.into());
    }
    Ok(Unspent { nullifier_bump: by_proof.bump, word_bump: by_word.bump })
}

/// Creates the account for ever: nothing closes it or writes to it again. Lamports at its address do not block it.
#[inline(always)]
pub(crate) fn spend(
    account: &mut AccountView,
    payer: &AccountView,
    spent: &Spent<'_>,
    order: &Address,
) -> ProgramResult {
    let Spent { by, nf, bump } = spent;
    let bump = core::slice::from_ref(bump);
    match by {
        By::Proof => {
            let seeds = [Seed::from(NULLIFIER_SEED), Seed::from(*nf), Seed::from(bump)];
            create(account, size_of::<Nullifier>(), &ID, payer, &seeds)?;
            write(account, &Nullifier { tag: Nullifier::TAG, nf: **nf, order: *order })
        }
        By::Word { line_id } => {
            let seeds = [Seed::from(WORD_SEED), Seed::from(line_id), Seed::from(*nf), Seed::from(bump)];
            create(account, size_of::<SellerWord>(), &ID, payer, &seeds)?;
            write(account, &SellerWord { tag: SellerWord::TAG, nf: **nf, order: *order })
        }
    }
}

#[inline(always)]
fn write<T: Tagged>(account: &mut AccountView, content: &T) -> ProgramResult {
    new_account(&mut account.try_borrow_mut()?, content).ok_or(ProgramError::AccountDataTooSmall)
}
