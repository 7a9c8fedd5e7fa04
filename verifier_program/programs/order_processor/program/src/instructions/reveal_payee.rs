//! `reveal_payee`: the buyer learns whom to pay, and the time to pay begins.

use account_checks::{exactly, log_event};
use layout::{Tagged, U64, bytes};
use order_processor_interface::{
    OrderProcessorError,
    generated::{PayeeRevealed, REVEAL_CIPHERTEXT_BYTES, RevealPayeeArgs},
};
use order_store_interface::{ID as ORDER_STORE, RecordReveal, Status, generated::RecordRevealArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{
        arguments, ask_of, check_authority, check_programs, check_status, now, order as load_order, sign,
        terms_of,
    },
    deadlines::after_reveal,
};

/// Records the ciphertext and the deadlines that follow from this second, and logs `PayeeRevealed`.
///
/// Checks: six accounts; exact data length; the revealer signs; the order is writable; this program's authority; order_store; the
/// order is one; ask and terms are the order's; the revealer is the order's seller or the ask's delegate; the order is Pending; the
/// time to reveal has not passed; the ciphertext is not all zeros; the deadlines are times. Whether the ciphertext opens the ask's
/// commitment only the buyer can see: his client pays nobody else.
pub(crate) fn reveal_payee(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([revealer, order, ask, terms, processor_authority, order_store]) = exactly(accounts) else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    let RevealPayeeArgs { reveal_ciphertext } = arguments(args)?;
    if !revealer.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
    }
    if !order.is_writable() {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([(order_store, &ORDER_STORE)])?;
    let now = now()?;
    let deadlines = {
        let order = load_order(order)?;
        let ask = ask_of(&order, ask)?;
        let terms = terms_of(&order, terms)?;
        if revealer.address() != &order.seller && revealer.address() != &ask.reveal_delegate {
            return Err(OrderProcessorError::RevealerMismatch.into());
        }
        check_status(&order, Status::Pending)?;
        if now > order.reveal_by_unix_s.get() {
            return Err(OrderProcessorError::RevealTooLate.into());
        }
        if *reveal_ciphertext == [0; REVEAL_CIPHERTEXT_BYTES] {
            return Err(OrderProcessorError::RevealEmpty.into());
        }
        after_reveal(now, terms.pay_window_s.get(), terms.prove_window_s.get())
            .ok_or(OrderProcessorError::ClockOutOfRange)?
    };
    let args = RecordRevealArgs {
        revealed_at_unix_s: U64::new(now),
        pay_by_unix_s: U64::new(deadlines.pay_by_unix_s),
        prove_by_unix_s: U64::new(deadlines.prove_by_unix_s),
        reveal_ciphertext: *reveal_ciphertext,
    };
    sign(|signers| RecordReveal { processor_authority, order, args }.invoke_signed(signers))?;
    log_event(bytes(&PayeeRevealed {
        tag: PayeeRevealed::TAG,
        order: *order.address(),
        pay_by_unix_s: args.pay_by_unix_s,
        prove_by_unix_s: args.prove_by_unix_s,
    }));
    Ok(())
}
