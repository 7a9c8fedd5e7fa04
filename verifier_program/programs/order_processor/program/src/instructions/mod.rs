//! One file per instruction. Each checks, in this order: the number of accounts; the length of the data; signers; writable flags;
//! addresses of programs; owners, tags and belonging-together of accounts; then its own rules, written down at its function.
//! Then come the calls to other programs and the event.

mod cancel_order;
mod expire_order;
mod extend_claim;
mod finalize_trade;
mod release_by_seller;
mod report_payment;
mod reveal_payee;

pub(crate) use {
    cancel_order::cancel_order, expire_order::expire_order, extend_claim::extend_claim,
    finalize_trade::finalize_trade, release_by_seller::release_by_seller, report_payment::report_payment,
    reveal_payee::reveal_payee,
};
