//! One file per instruction. Each checks, in this order: the number of accounts; the length of the data; signers; writable flags;
//! fixed addresses; owners, tags and derived addresses; then its own rules, written down at its function.

mod close_order;
mod record_claim_extension;
mod record_payment_report;
mod record_reveal;
mod store_matched_order;
mod update_status;

pub(crate) use {
    close_order::close_order, record_claim_extension::record_claim_extension,
    record_payment_report::record_payment_report, record_reveal::record_reveal,
    store_matched_order::store_matched_order, update_status::update_status,
};
