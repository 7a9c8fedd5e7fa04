//! `store_matched_order`: records an order at the market's word.

use account_checks::{Pda, all_sign, all_writable, create, exactly, log_event};
use layout::{Tagged, bytes, view, view_mut};
use market_interface::generated::AUTHORITY_ADDRESS;
use order_store_interface::{
    ID, OrderStoreError, Status,
    generated::{MatchedOrder, ORDER_SEED, OrderStored, StoreMatchedOrderArgs},
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed, error::ProgramError};

/// Creates the order's account, writes the order in status Pending and logs `OrderStored`.
///
/// Checks: four accounts; exact data length; the authority and the payer sign; the payer and the order are writable; the system
/// program; the authority is the market's; the order is at the address derived from market, line_id and seq, with the canonical
/// bump; it does not exist yet. What the order says is the market's word: it has checked every value.
pub(crate) fn store_matched_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([market_authority, payer, order, system_program]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &StoreMatchedOrderArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    if !all_sign([market_authority, payer]) {
        return Err(OrderStoreError::SignerMissing.into());
    }
    if !all_writable([payer, order]) {
        return Err(OrderStoreError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(OrderStoreError::SystemProgramMismatch.into());
    }
    if market_authority.address() != &AUTHORITY_ADDRESS {
        return Err(OrderStoreError::AuthorityAddressMismatch.into());
    }
    let seeds = [ORDER_SEED, args.market.as_ref(), &args.line_id, args.seq.as_bytes()];
    let pda = Pda::find(&seeds, &ID).ok_or(ProgramError::InvalidSeeds)?;
    if order.address() != &pda.address {
        return Err(OrderStoreError::OrderAddressMismatch.into());
    }
    if order.owned_by(&ID) {
        return Err(OrderStoreError::OrderAlreadyExists.into());
    }
    let signer_seeds = [
        Seed::from(ORDER_SEED),
        Seed::from(args.market.as_ref()),
        Seed::from(&args.line_id),
        Seed::from(args.seq.as_bytes()),
        Seed::from(core::slice::from_ref(&pda.bump)),
    ];
    create(order, size_of::<MatchedOrder>(), &ID, payer, &signer_seeds)?;
    let mut data = order.try_borrow_mut()?;
    let stored = view_mut(&mut data).ok_or(ProgramError::AccountDataTooSmall)?;
    write(stored, args, payer.address(), pda.bump);
    log_event(bytes(&OrderStored {
        tag: OrderStored::TAG,
        order: pda.address,
        market: args.market,
        order_id: args.order_id,
        reveal_by_unix_s: args.reveal_by_unix_s,
    }));
    Ok(())
}

/// Fills a new order. What it does not set is zeros in a new account, and zeros are right: not yet, none, no.
#[inline(always)]
fn write(order: &mut MatchedOrder, args: &StoreMatchedOrderArgs, rent_payer: &Address, bump: u8) {
    order.tag = MatchedOrder::TAG;
    order.market = args.market;
    order.order_id = args.order_id;
    order.buyer = args.buyer;
    order.seller = args.seller;
    order.ask = args.ask;
    order.line_id = args.line_id;
    order.seq = args.seq;
    order.base_atoms = args.base_atoms;
    order.price = args.price;
    order.due_minor_units = args.due_minor_units;
    order.paid_min_minor_units = args.paid_min_minor_units;
    order.payee_commit = args.payee_commit;
    order.terms_version = args.terms_version;
    order.matched_at_unix_s = args.matched_at_unix_s;
    order.reveal_by_unix_s = args.reveal_by_unix_s;
    order.reveal_key = args.reveal_key;
    order.rent_payer = *rent_payer;
    order.bump = bump;
    order.status = Status::Pending as u8;
}
