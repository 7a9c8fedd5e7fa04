//! `finalize_trade`: a proof of payment settles an order.

use account_checks::{all_writable, exactly, log_event};
use groth16_verifier_interface::{ID as GROTH16_VERIFIER, Verify};
use layout::{Tagged, U64, bytes};
use market_interface::generated::ID as MARKET;
use order_processor_interface::{
    OrderProcessorError,
    generated::{FinalizeTradeArgs, TradeFinalized},
};
use order_store_interface::{ID as ORDER_STORE, Status};
use pinocchio::{AccountView, ProgramResult};
use quantities::FiatMinorUnits;
use statements::{PaymentStatement, bitmap_is};

use crate::{
    accounts::{
        arguments, ask_of, check_authority, check_programs, check_status, check_system_program,
        check_token_program, line_of, market_of, now, order as load_order, terms_of,
    },
    deadlines::{paid_until, prove_until},
    nullifier::{self, By, Spent},
    settlement::{Payment, Settlement, released},
};

/// Releases to the order's buyer what the proven payment pays for, and logs `TradeFinalized`. Anyone may bring the proof: nothing
/// in it, and nothing here, goes to the one who does.
///
/// Checks: seventeen accounts; exact data length; the payer signs; payer, order, ask, vault, line, the buyer's token account and the
/// nullifier are writable; this program's authority; the three programs; the token program; the system program; the order is one;
/// market, terms, ask and line are the order's; the verifying key is the terms'; payment is awaited; the time to prove has not
/// passed; the terms are not revoked; the payment is not below the order's least; the bitmap names exactly k of the n attestors;
/// the nullifier is less than r and not zero; its account is at its address, and so is that of the seller's word for it; neither a
/// proof nor a word has spent it; the proof proves the statement that is put together here from the order, its market and its
/// terms. Vault and token account are the market's to check.
pub(crate) fn finalize_trade(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some(
        [
            payer,
            order,
            market,
            terms,
            ask,
            vault,
            line,
            buyer_token,
            nullifier,
            word,
            payment_key,
            processor_authority,
            groth16_verifier,
            order_store,
            market_program,
            token_program,
            system_program,
        ],
    ) = exactly(accounts)
    else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    let args: &FinalizeTradeArgs = arguments(args)?;
    if !payer.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
    }
    if !all_writable([payer, order, ask, vault, line, buyer_token, nullifier]) {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([
        (groth16_verifier, &GROTH16_VERIFIER),
        (order_store, &ORDER_STORE),
        (market_program, &MARKET),
    ])?;
    check_token_program(token_program)?;
    check_system_program(system_program)?;
    let now = now()?;
    let paid_floor = FiatMinorUnits(args.paid_floor_minor_units.get());
    let payment = {
        let order = load_order(order)?;
        let market = market_of(&order, market)?;
        let terms = terms_of(&order, terms)?;
        ask_of(&order, ask)?;
        line_of(&order, line)?;
        if payment_key.address() != &terms.payment_key {
            return Err(OrderProcessorError::PaymentKeyMismatch.into());
        }
        check_status(&order, Status::AwaitingPayment)?;
        let prove_until = prove_until(&order, terms.claim_extension_s.get())
            .ok_or(OrderProcessorError::ArithmeticOverflow)?;
        if now > prove_until {
            return Err(OrderProcessorError::ProveTooLate.into());
        }
        if terms.revoked_at_unix_s.get() != 0 {
            return Err(OrderProcessorError::TermsRevoked.into());
        }
        if paid_floor < FiatMinorUnits(order.paid_min_minor_units.get()) {
            return Err(OrderProcessorError::PaidBelowMinimum.into());
        }
        if !bitmap_is(args.bitmap, terms.attestor_k, terms.attestor_n) {
            return Err(OrderProcessorError::BitmapInvalid.into());
        }
        nullifier::check(&args.nf)?;
        let unspent = nullifier::check_unspent(nullifier, word, &order.line_id, &args.nf)?;
        let spent = Spent { by: By::Proof, nf: &args.nf, bump: unspent.nullifier_bump };
        let stmt = PaymentStatement {
            domain: &market.domain_payment,
            order_id: order.order_id.get(),
            paid_floor_minor_units: paid_floor.0,
            not_before_unix_s: order.revealed_at_unix_s.get(),
            not_after_unix_s: paid_until(order.pay_by_unix_s.get())
                .ok_or(OrderProcessorError::ArithmeticOverflow)?,
            bitmap: args.bitmap,
            payee_commit: &order.payee_commit,
            root: &terms.attestor_root,
            line_id: &order.line_id,
            nf: &args.nf,
        }
        .stmt()
        .ok_or(OrderProcessorError::ArithmeticOverflow)?;
        Verify {
            verifying_key: payment_key,
            expected_verifying_key: &terms.payment_key,
            proof: &args.proof,
            public_inputs: &[stmt],
        }
        .invoke()?;
        let released = released(&order, paid_floor)?;
        Payment { spent, paid_floor, released, now_unix_s: now }
    };
    Settlement {
        payer,
        order,
        market,
        terms,
        ask,
        vault,
        line,
        buyer_token,
        mark: nullifier,
        processor_authority,
        token_program,
    }
    .settle(&payment)?;
    log_event(bytes(&TradeFinalized {
        tag: TradeFinalized::TAG,
        order: *order.address(),
        nf: args.nf,
        paid_floor_minor_units: args.paid_floor_minor_units,
        released_atoms: U64::new(payment.released.0),
    }));
    Ok(())
}
