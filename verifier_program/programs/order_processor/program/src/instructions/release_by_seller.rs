//! `release_by_seller`: the seller has seen the money arrive, and releases without a proof.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, U64, bytes};
use market_interface::generated::ID as MARKET;
use order_processor_interface::{
    OrderProcessorError,
    generated::{ReleaseBySellerArgs, TradeReleased},
};
use order_store_interface::{ID as ORDER_STORE, Status};
use pinocchio::{AccountView, ProgramResult};
use quantities::FiatMinorUnits;

use crate::{
    accounts::{
        arguments, ask_of, check_authority, check_programs, check_status, check_system_program,
        check_token_program, line_of, market_of, now, order as load_order, terms_of,
    },
    nullifier::{self, By, Spent},
    settlement::{Payment, Settlement, released},
};

/// Releases all of the order's tokens to its buyer, as if all that is due were proven, and logs `TradeReleased`. No deadline and no
/// revoked terms stand in its way: until the order has expired, the seller may be fair.
///
/// Checks: fifteen accounts; exact data length; the seller signs; seller, order, ask, vault, line, the buyer's token account and
/// the seller's word are writable; this program's authority; the two programs; the token program; the system program; the order is
/// one; market, terms, ask and line are the order's; it is this seller's; payment is awaited; the nullifier is the one that the
/// buyer reported; its account is at its address, and so is that of the seller's word for it; neither a proof nor a word for this
/// line has spent it.
/// Vault and token account are the market's to check.
pub(crate) fn release_by_seller(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some(
        [
            seller,
            order,
            market,
            terms,
            ask,
            vault,
            line,
            buyer_token,
            nullifier,
            word,
            processor_authority,
            order_store,
            market_program,
            token_program,
            system_program,
        ],
    ) = exactly(accounts)
    else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    let ReleaseBySellerArgs { nf } = arguments(args)?;
    if !seller.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
    }
    if !all_writable([seller, order, ask, vault, line, buyer_token, word]) {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([(order_store, &ORDER_STORE), (market_program, &MARKET)])?;
    check_token_program(token_program)?;
    check_system_program(system_program)?;
    let now_unix_s = now()?;
    let payment = {
        let order = load_order(order)?;
        market_of(&order, market)?;
        terms_of(&order, terms)?;
        ask_of(&order, ask)?;
        line_of(&order, line)?;
        if seller.address() != &order.seller {
            return Err(OrderProcessorError::SellerMismatch.into());
        }
        check_status(&order, Status::AwaitingPayment)?;
        if *nf == [0; 32] || *nf != order.reported_nf {
            return Err(OrderProcessorError::PaymentNotReported.into());
        }
        let unspent = nullifier::check_unspent(nullifier, word, &order.line_id, nf)?;
        let spent = Spent { by: By::Word { line_id: order.line_id }, nf, bump: unspent.word_bump };
        let paid_floor = FiatMinorUnits(order.due_minor_units.get());
        let released = released(&order, paid_floor)?;
        Payment { spent, paid_floor, released, now_unix_s }
    };
    Settlement {
        payer: seller,
        order,
        market,
        terms,
        ask,
        vault,
        line,
        buyer_token,
        mark: word,
        processor_authority,
        token_program,
    }
    .settle(&payment)?;
    log_event(bytes(&TradeReleased {
        tag: TradeReleased::TAG,
        order: *order.address(),
        nf: *nf,
        released_atoms: U64::new(payment.released.0),
    }));
    Ok(())
}
