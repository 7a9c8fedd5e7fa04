//! market: keeps sellers' tokens in escrow, matches bids that prove solvency, and pays out on order_processor's word.
//!
//! An ask's tokens lie in a vault of their own, a token account that the ask's own address owns. They leave it in three ways
//! only: to the ask's seller, to an order's buyer, and as fees to the treasury. What an ask and a line may become is in
//! [`ask`] and [`line`], what terms and rails are taken in [`terms`] and [`rails`], without accounts; the instructions are the checks around them.
#![no_std]

mod accounts;
pub mod ask;
mod book;
mod instructions;
pub mod line;
mod listing;
mod offer;
pub mod rails;
pub mod reveal_key;
pub mod terms;

use account_checks::entrypoint_limit;
use market_interface::generated::{
    ACCEPT_AUTHORITY_DISCRIMINATOR, ACCEPT_TERMS_DISCRIMINATOR, ACCOUNTS_MAX, CANCEL_ASK_ORDER_DISCRIMINATOR,
    COLLECT_FEES_DISCRIMINATOR, GROW_BOOK_DISCRIMINATOR, INITIALIZE_CONFIG_DISCRIMINATOR,
    INITIALIZE_MARKET_DISCRIMINATOR, MarketError, PLACE_ASK_ORDER_DISCRIMINATOR,
    PLACE_BID_ORDER_DISCRIMINATOR, PRUNE_ASK_DISCRIMINATOR, PUBLISH_TERMS_DISCRIMINATOR,
    RELEASE_ESCROWED_FUNDS_DISCRIMINATOR, RELIST_ASK_DISCRIMINATOR, RESTORE_TERMS_DISCRIMINATOR,
    RETURN_ESCROWED_FUNDS_DISCRIMINATOR, REVOKE_TERMS_DISCRIMINATOR, SET_PAUSED_DISCRIMINATOR,
    TRANSFER_AUTHORITY_DISCRIMINATOR, WITHDRAW_ASK_DISCRIMINATOR,
};
use pinocchio::{AccountView, Address, ProgramResult, no_allocator, nostd_panic_handler, program_entrypoint};

program_entrypoint!(process, { entrypoint_limit(ACCOUNTS_MAX) });
no_allocator!();
nostd_panic_handler!();

const ACCEPT_AUTHORITY: u64 = u64::from_le_bytes(ACCEPT_AUTHORITY_DISCRIMINATOR);
const ACCEPT_TERMS: u64 = u64::from_le_bytes(ACCEPT_TERMS_DISCRIMINATOR);
const CANCEL_ASK_ORDER: u64 = u64::from_le_bytes(CANCEL_ASK_ORDER_DISCRIMINATOR);
const COLLECT_FEES: u64 = u64::from_le_bytes(COLLECT_FEES_DISCRIMINATOR);
const GROW_BOOK: u64 = u64::from_le_bytes(GROW_BOOK_DISCRIMINATOR);
const INITIALIZE_CONFIG: u64 = u64::from_le_bytes(INITIALIZE_CONFIG_DISCRIMINATOR);
const INITIALIZE_MARKET: u64 = u64::from_le_bytes(INITIALIZE_MARKET_DISCRIMINATOR);
const PLACE_ASK_ORDER: u64 = u64::from_le_bytes(PLACE_ASK_ORDER_DISCRIMINATOR);
const PLACE_BID_ORDER: u64 = u64::from_le_bytes(PLACE_BID_ORDER_DISCRIMINATOR);
const PRUNE_ASK: u64 = u64::from_le_bytes(PRUNE_ASK_DISCRIMINATOR);
const PUBLISH_TERMS: u64 = u64::from_le_bytes(PUBLISH_TERMS_DISCRIMINATOR);
const RELEASE_ESCROWED_FUNDS: u64 = u64::from_le_bytes(RELEASE_ESCROWED_FUNDS_DISCRIMINATOR);
const RELIST_ASK: u64 = u64::from_le_bytes(RELIST_ASK_DISCRIMINATOR);
const RESTORE_TERMS: u64 = u64::from_le_bytes(RESTORE_TERMS_DISCRIMINATOR);
const RETURN_ESCROWED_FUNDS: u64 = u64::from_le_bytes(RETURN_ESCROWED_FUNDS_DISCRIMINATOR);
const REVOKE_TERMS: u64 = u64::from_le_bytes(REVOKE_TERMS_DISCRIMINATOR);
const SET_PAUSED: u64 = u64::from_le_bytes(SET_PAUSED_DISCRIMINATOR);
const TRANSFER_AUTHORITY: u64 = u64::from_le_bytes(TRANSFER_AUTHORITY_DISCRIMINATOR);
const WITHDRAW_ASK: u64 = u64::from_le_bytes(WITHDRAW_ASK_DISCRIMINATOR);

/// Runs the instruction that the first 8 bytes of `data` name.
///
/// The program's address is the constant [`market_interface::ID`], not the argument: deployed anywhere else, the program can
/// neither create an account nor read one.
fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Some((discriminator, args)) = data.split_first_chunk() else {
        return Err(MarketError::InstructionUnknown.into());
    };
    match u64::from_le_bytes(*discriminator) {
        PLACE_BID_ORDER => instructions::place_bid_order(accounts, args),
        RELEASE_ESCROWED_FUNDS => instructions::release_escrowed_funds(accounts, args),
        RETURN_ESCROWED_FUNDS => instructions::return_escrowed_funds(accounts, args),
        PLACE_ASK_ORDER => instructions::place_ask_order(accounts, args),
        CANCEL_ASK_ORDER => instructions::cancel_ask_order(accounts, args),
        WITHDRAW_ASK => instructions::withdraw_ask(accounts, args),
        COLLECT_FEES => instructions::collect_fees(accounts, args),
        INITIALIZE_CONFIG => instructions::initialize_config(accounts, args),
        INITIALIZE_MARKET => instructions::initialize_market(accounts, args),
        GROW_BOOK => instructions::grow_book(accounts, args),
        PUBLISH_TERMS => instructions::publish_terms(accounts, args),
        RELIST_ASK => instructions::relist_ask(accounts, args),
        ACCEPT_TERMS => instructions::accept_terms(accounts, args),
        PRUNE_ASK => instructions::prune_ask(accounts, args),
        REVOKE_TERMS => instructions::revoke_terms(accounts, args),
        RESTORE_TERMS => instructions::restore_terms(accounts, args),
        SET_PAUSED => instructions::set_paused(accounts, args),
        TRANSFER_AUTHORITY => instructions::transfer_authority(accounts, args),
        ACCEPT_AUTHORITY => instructions::accept_authority(accounts, args),
        _ => Err(MarketError::InstructionUnknown.into()),
    }
}
