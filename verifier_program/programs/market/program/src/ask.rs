//! What an ask may become. Each step moves tokens between the places of an ask and loses none:
//!
//! > deposited = open + locked + released + fees + returned + withdrawn
//!
//! *Open* is what the ask's leaf in the book holds: a step that changes it takes it and gives it back. A step either happens
//! whole or returns `None` and leaves the ask as it was; amounts that the programs can reach never overflow.

use layout::{Flag, U32, U64};
use market_interface::generated::Ask;
use quantities::BaseAtoms;

/// The first deposit: all of it is open, and listed.
#[must_use]
pub fn deposit(ask: &mut Ask, base: BaseAtoms) -> Option<BaseAtoms> {
    ask.deposited_atoms = U64::new(atoms(ask.deposited_atoms).checked_add(base)?.0);
    ask.listed = Flag::new(true);
    Some(base)
}

/// Holds `fill` of what is `open` for a new order; returns what stays open.
///
/// With nothing left open the ask leaves the book: the caller removes its leaf.
#[must_use]
pub fn lock(ask: &mut Ask, open: BaseAtoms, fill: BaseAtoms) -> Option<BaseAtoms> {
    let open = open.checked_sub(fill)?;
    let locked = atoms(ask.locked_atoms).checked_add(fill)?;
    let live_orders = ask.live_orders.get().checked_add(1)?;
    ask.locked_atoms = U64::new(locked.0);
    ask.live_orders = U32::new(live_orders);
    ask.listed = Flag::new(open != BaseAtoms::ZERO);
    Some(open)
}

/// Ends an order of `base` by paying `to_buyer` and keeping `fee`; the rest of it is the seller's again.
#[must_use]
pub fn release(ask: &mut Ask, base: BaseAtoms, to_buyer: BaseAtoms, fee: BaseAtoms) -> Option<()> {
    let rest = base.checked_sub(to_buyer)?.checked_sub(fee)?;
    let locked = atoms(ask.locked_atoms).checked_sub(base)?;
    let released = atoms(ask.released_atoms).checked_add(to_buyer)?;
    let fees = atoms(ask.fees_atoms).checked_add(fee)?;
    let fee_owed = atoms(ask.fee_owed_atoms).checked_add(fee)?;
    let returned = atoms(ask.returned_atoms).checked_add(rest)?;
    let live_orders = ask.live_orders.get().checked_sub(1)?;
    ask.locked_atoms = U64::new(locked.0);
    ask.released_atoms = U64::new(released.0);
    ask.fees_atoms = U64::new(fees.0);
    ask.fee_owed_atoms = U64::new(fee_owed.0);
    ask.returned_atoms = U64::new(returned.0);
    ask.live_orders = U32::new(live_orders);
    Some(())
}

/// Ends an order of `base` without payment: all of it is the seller's again.
#[must_use]
pub fn give_back(ask: &mut Ask, base: BaseAtoms) -> Option<()> {
    release(ask, base, BaseAtoms::ZERO, BaseAtoms::ZERO)
}

/// Takes the ask off the book: what was `open` is the seller's again. The caller removes the leaf.
#[must_use]
pub fn unlist(ask: &mut Ask, open: BaseAtoms) -> Option<()> {
    ask.returned_atoms = U64::new(atoms(ask.returned_atoms).checked_add(open)?.0);
    ask.listed = Flag::new(false);
    Some(())
}

/// Makes all that is the seller's open again; returns how much. The caller adds the leaf.
#[must_use]
pub fn relist(ask: &mut Ask) -> BaseAtoms {
    let open = atoms(ask.returned_atoms);
    ask.returned_atoms = U64::new(0);
    ask.listed = Flag::new(true);
    open
}

/// Takes everything that is the seller's; returns how much to pay him.
#[must_use]
pub fn withdraw(ask: &mut Ask) -> Option<BaseAtoms> {
    let paid = atoms(ask.returned_atoms);
    ask.withdrawn_atoms = U64::new(atoms(ask.withdrawn_atoms).checked_add(paid)?.0);
    ask.returned_atoms = U64::new(0);
    Some(paid)
}

/// Takes every fee that is owed; returns how much to pay the treasury.
#[must_use]
pub fn collect_fees(ask: &mut Ask) -> BaseAtoms {
    let paid = atoms(ask.fee_owed_atoms);
    ask.fee_owed_atoms = U64::new(0);
    paid
}

/// Whether nothing of anybody's is left to wait for, but what is returned: the vault may close with it.
#[must_use]
pub fn is_over(ask: &Ask) -> bool {
    !ask.listed.get() && ask.live_orders.get() == 0 && ask.fee_owed_atoms.get() == 0
}

fn atoms(stored: U64) -> BaseAtoms {
    BaseAtoms(stored.get())
}
