//! One file per instruction. Each checks, in this order: the number of accounts; the length of the data; signers; writable
//! flags; addresses of programs; owners, tags, addresses and belonging-together of accounts; then its own rules, written down
//! at its function. Then come the changes, the calls to other programs and the event.

mod accept_authority;
mod accept_terms;
mod cancel_ask_order;
mod collect_fees;
mod grow_book;
mod initialize_config;
mod initialize_market;
mod place_ask_order;
mod place_bid_order;
mod prune_ask;
mod publish_terms;
mod release_escrowed_funds;
mod relist_ask;
mod restore_terms;
mod return_escrowed_funds;
mod revoke_terms;
mod set_paused;
mod transfer_authority;
mod withdraw_ask;

pub(crate) use {
    accept_authority::accept_authority, accept_terms::accept_terms, cancel_ask_order::cancel_ask_order,
    collect_fees::collect_fees, grow_book::grow_book, initialize_config::initialize_config,
    initialize_market::initialize_market, place_ask_order::place_ask_order, place_bid_order::place_bid_order,
    prune_ask::prune_ask, publish_terms::publish_terms, release_escrowed_funds::release_escrowed_funds,
    relist_ask::relist_ask, restore_terms::restore_terms, return_escrowed_funds::return_escrowed_funds,
    revoke_terms::revoke_terms, set_paused::set_paused, transfer_authority::transfer_authority,
    withdraw_ask::withdraw_ask,
};
