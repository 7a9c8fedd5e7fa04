//! Money as types, with only the sums and products that make sense, each named by its rounding.
//!
//! | function | what | rounded |
//! |---|---|---|
//! | [`due_ceil`] | fiat that some base tokens cost | up: a buyer never pays less than the price |
//! | [`released_floor`] | base tokens that a payment releases | down: never more than was paid for |
//! | [`fee_floor`] | the treasury's part of released tokens | down |
//! | [`mul_div_floor`], [`mul_div_ceil`] | `a · b / d`, exact over a 128-bit product | by name |
//!
//! Arithmetic never wraps, panics or saturates: a result that does not fit is `None`. It is built from 64-bit instructions
//! alone. Solana's machine has no 128-bit division, no variable 128-bit shift and no 64×64→128-bit product, and the library
//! calls that compilers put in their place do not exist there.
#![no_std]

mod mul_div;
mod trade;
mod units;

pub use {
    mul_div::{mul_div_ceil, mul_div_floor},
    trade::{due_ceil, fee_floor, released_floor},
    units::{BASE_DECIMALS_MAX, BPS_PER_ONE, BaseAtoms, BaseDecimals, FeeBps, FiatMinorUnits, Price},
};
