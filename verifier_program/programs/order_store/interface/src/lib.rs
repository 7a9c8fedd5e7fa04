//! What another program needs to call order_store: its id, layouts, error codes and calls.
#![no_std]

pub mod generated;
mod record_claim_extension;
mod record_payment_report;
mod record_reveal;
mod status;
mod store_matched_order;
mod update_status;

pub use {
    generated::{ID, OrderStoreError},
    record_claim_extension::RecordClaimExtension,
    record_payment_report::RecordPaymentReport,
    record_reveal::RecordReveal,
    status::Status,
    store_matched_order::StoreMatchedOrder,
    update_status::UpdateStatus,
};
