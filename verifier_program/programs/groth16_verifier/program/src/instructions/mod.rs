//! One file per instruction. Each checks, in this order: the number of accounts; the length of the data; signer and writable
//! flags; owners, tags and addresses; then its own rules, written down at its function.

mod close_staging;
mod finalize_key;
mod init_key;
mod verify;
mod verify_batch;
mod write_key;

pub(crate) use {
    close_staging::close_staging, finalize_key::finalize_key, init_key::init_key, verify::verify,
    verify_batch::verify_batch, write_key::write_key,
};
