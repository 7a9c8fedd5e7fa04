//! order_processor: settles matched orders, by a proof of payment or by the seller's word, and ends those whose time is over.
//!
//! It holds no tokens and no orders. It decides, and its authority, an address that only this program can sign for, tells
//! order_store to move the order and market to pay. A settlement is one transaction: it happens whole, or nothing does. The two
//! kinds of account it owns, the nullifier and the seller's word, make a fiat transfer settle one order and no more.
#![no_std]

mod accounts;
pub mod deadlines;
mod ending;
mod instructions;
mod nullifier;
mod settlement;

use account_checks::entrypoint_limit;
use order_processor_interface::{
    OrderProcessorError,
    generated::{
        ACCOUNTS_MAX, CANCEL_ORDER_DISCRIMINATOR, EXPIRE_ORDER_DISCRIMINATOR, EXTEND_CLAIM_DISCRIMINATOR,
        FINALIZE_TRADE_DISCRIMINATOR, RELEASE_BY_SELLER_DISCRIMINATOR, REPORT_PAYMENT_DISCRIMINATOR,
        REVEAL_PAYEE_DISCRIMINATOR,
    },
};
use pinocchio::{AccountView, Address, ProgramResult, no_allocator, nostd_panic_handler, program_entrypoint};

program_entrypoint!(process, { entrypoint_limit(ACCOUNTS_MAX) });
no_allocator!();
nostd_panic_handler!();

const EXPIRE_ORDER: u64 = u64::from_le_bytes(EXPIRE_ORDER_DISCRIMINATOR);
const CANCEL_ORDER: u64 = u64::from_le_bytes(CANCEL_ORDER_DISCRIMINATOR);
const EXTEND_CLAIM: u64 = u64::from_le_bytes(EXTEND_CLAIM_DISCRIMINATOR);
const FINALIZE_TRADE: u64 = u64::from_le_bytes(FINALIZE_TRADE_DISCRIMINATOR);
const RELEASE_BY_SELLER: u64 = u64::from_le_bytes(RELEASE_BY_SELLER_DISCRIMINATOR);
const REPORT_PAYMENT: u64 = u64::from_le_bytes(REPORT_PAYMENT_DISCRIMINATOR);
const REVEAL_PAYEE: u64 = u64::from_le_bytes(REVEAL_PAYEE_DISCRIMINATOR);

/// Runs the instruction that the first 8 bytes of `data` name.
///
/// The program's address is the constant [`order_processor_interface::ID`], not the argument: deployed anywhere else, the
/// program's signature is nobody's.
fn process(_program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Some((discriminator, args)) = data.split_first_chunk() else {
        return Err(OrderProcessorError::InstructionUnknown.into());
    };
    match u64::from_le_bytes(*discriminator) {
        FINALIZE_TRADE => instructions::finalize_trade(accounts, args),
        RELEASE_BY_SELLER => instructions::release_by_seller(accounts, args),
        REVEAL_PAYEE => instructions::reveal_payee(accounts, args),
        REPORT_PAYMENT => instructions::report_payment(accounts, args),
        EXPIRE_ORDER => instructions::expire_order(accounts, args),
        CANCEL_ORDER => instructions::cancel_order(accounts, args),
        EXTEND_CLAIM => instructions::extend_claim(accounts, args),
        _ => Err(OrderProcessorError::InstructionUnknown.into()),
    }
}
