//! One file per instruction. Each checks, in this order: the number of accounts; the length of the data; signers; writable
//! flags; addresses of programs; owners, tags, addresses and belonging-together of accounts; then its own rules, written down
//! at its function. Then come the changes, the calls to other programs and the event.

mod cancel_ask_order;
mod collect_fees;
mod grow_book;
mod initialize_config;
mod initialize_market;
mod place_ask_order;
mod place_bid_order;
mod publish_terms;
mod release_escrowed_funds;
mod return_escrowed_funds;
mod withdraw_ask;

pub(crate) use {
    cancel_ask_order::cancel_ask_order, collect_fees::collect_fees, grow_book::grow_book,
    initialize_config::initialize_config, initialize_market::initialize_market,
    place_ask_order::place_ask_order, place_bid_order::place_bid_order, publish_terms::publish_terms,
    release_escrowed_funds::release_escrowed_funds, return_escrowed_funds::return_escrowed_funds,
    withdraw_ask::withdraw_ask,
};
