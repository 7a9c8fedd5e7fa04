//! order_store: keeps the record of every matched order; a settled one is a receipt for ever.
//!
//! No user calls it, but to close the record of an order that came to nothing. The market's authority stores an order, order_processor's authority moves it: each is an address that only
//! that program can sign for, so that its signature says who calls. What an order may become is the table in [`state`].
#![no_std]

mod instructions;
mod processor_call;
pub mod state;

use account_checks::entrypoint_limit;
use order_store_interface::{
    OrderStoreError,
    generated::{
        ACCOUNTS_MAX, CLOSE_ORDER_DISCRIMINATOR, RECORD_CLAIM_EXTENSION_DISCRIMINATOR,
        RECORD_PAYMENT_REPORT_DISCRIMINATOR, RECORD_REVEAL_DISCRIMINATOR, STORE_MATCHED_ORDER_DISCRIMINATOR,
        UPDATE_STATUS_DISCRIMINATOR,
    },
};
use pinocchio::{AccountView, Address, ProgramResult, no_allocator, nostd_panic_handler, program_entrypoint};

program_entrypoint!(process, { entrypoint_limit(ACCOUNTS_MAX) });
no_allocator!();
nostd_panic_handler!();

const CLOSE_ORDER: u64 = u64::from_le_bytes(CLOSE_ORDER_DISCRIMINATOR);
const RECORD_CLAIM_EXTENSION: u64 = u64::from_le_bytes(RECORD_CLAIM_EXTENSION_DISCRIMINATOR);
const RECORD_PAYMENT_REPORT: u64 = u64::from_le_bytes(RECORD_PAYMENT_REPORT_DISCRIMINATOR);
const RECORD_REVEAL: u64 = u64::from_le_bytes(RECORD_REVEAL_DISCRIMINATOR);
const STORE_MATCHED_ORDER: u64 = u64::from_le_bytes(STORE_MATCHED_ORDER_DISCRIMINATOR);
const UPDATE_STATUS: u64 = u64::from_le_bytes(UPDATE_STATUS_DISCRIMINATOR);

/// Runs the instruction that the first 8 bytes of `data` name.
///
/// The program's address is the constant [`order_store_interface::ID`], not the argument: deployed anywhere else, the program can
/// neither store an order nor change one.
fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Some((discriminator, args)) = data.split_first_chunk() else {
        return Err(OrderStoreError::InstructionUnknown.into());
    };
    match u64::from_le_bytes(*discriminator) {
        UPDATE_STATUS => instructions::update_status(accounts, args),
        STORE_MATCHED_ORDER => instructions::store_matched_order(accounts, args),
        RECORD_REVEAL => instructions::record_reveal(accounts, args),
        RECORD_PAYMENT_REPORT => instructions::record_payment_report(accounts, args),
        RECORD_CLAIM_EXTENSION => instructions::record_claim_extension(accounts, args),
        CLOSE_ORDER => instructions::close_order(accounts, args),
        _ => Err(OrderStoreError::InstructionUnknown.into()),
    }
}
