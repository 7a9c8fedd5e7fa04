//! Integer arithmetic, every operation over a batch of operand pairs.

use crate::runtime::{Output, wide_at, word_at};

fn option(output: &mut Output, value: Option<u64>) {
    output.word(u64::from(value.is_some()));
    output.word(value.unwrap_or(0));
}

fn wide_option(output: &mut Output, value: Option<u128>) {
    output.word(u64::from(value.is_some()));
    output.wide(value.unwrap_or(0));
}

/// input: word operation, then pairs of words → for each pair what the operation gives
pub fn words(input: &[u8], output: &mut Output) -> u64 {
    let operation = word_at(input, 0);
    for index in 0..(input.len() - 8) / 16 {
        let (a, b) = (word_at(input, 1 + 2 * index), word_at(input, 2 + 2 * index));
        let (x, y) = (a as i64, b as i64);
        match operation {
            0 => option(output, a.checked_mul(b)),
            1 => output.word(a.saturating_mul(b)),
            2 => output.word(a.wrapping_mul(b)),
            3 => {
                let (value, overflow) = a.overflowing_mul(b);
                output.word(value);
                output.word(u64::from(overflow));
            }
            4 => output.wide(u128::from(a) * u128::from(b)),
            5 => option(output, x.checked_mul(y).map(|value| value as u64)),
            6 => output.word(x.saturating_mul(y) as u64),
            7 => output.wide((i128::from(x) * i128::from(y)) as u128),
            8 => option(output, a.checked_add(b)),
            9 => option(output, a.checked_sub(b)),
            10 => option(output, a.checked_div(b)),
            11 => option(output, a.checked_rem(b)),
            12 => option(output, a.checked_pow((b & 7) as u32)),
            13 => {
                output.word(
                    u64::from(a.leading_zeros())
                        | u64::from(a.trailing_zeros()) << 8
                        | u64::from(a.count_ones()) << 16,
                );
                output.word(a.swap_bytes());
                output.word(a.reverse_bits());
                output.word(a.rotate_left((b & 63) as u32));
            }
            14 => {
                output.word(a.wrapping_shl((b & 63) as u32));
                output.word(a.wrapping_shr((b & 63) as u32));
                output.word(x.wrapping_shr((b & 63) as u32) as u64);
                output.word(u64::from((a as u32).wrapping_shl((b & 31) as u32)));
                output.word((a as i32).wrapping_shr((b & 31) as u32) as u64);
            }
            15 => {
                option(output, (a as u32).checked_mul(b as u32).map(u64::from));
                option(output, (a as i32).checked_mul(b as i32).map(|value| value as u64));
                option(output, (a as u16).checked_mul(b as u16).map(u64::from));
                option(output, (a as i8).checked_mul(b as i8).map(|value| value as u64));
                output.word(u64::from((a as u8).wrapping_mul(b as u8)));
                output.word((a as i16).saturating_add(b as i16) as u64);
            }
            16 => {
                output.word(
                    u64::from(a < b)
                        | u64::from(x < y) << 1
                        | u64::from(a <= b) << 2
                        | u64::from(x <= y) << 3,
                );
                output.word(a.abs_diff(b));
                output.word(x.unsigned_abs());
                output.word(a.min(b) ^ x.max(y) as u64);
            }
            // floor(a·b / 2^k) for constant k: the shape of a fixed-point product
            17 => output.word((u128::from(a) * u128::from(b) >> 37) as u64),
            18 => output.word((u128::from(a) * u128::from(b) >> 64) as u64),
            19 => {
                let (low, high) = a.carrying_mul(b, a ^ b);
                output.word(low);
                output.word(high);
            }
            // A closed form that the optimiser finds by itself, with products of odd widths.
            20 => output.word((0..a & 0xfff).fold(b, |sum, n| sum.wrapping_add(n.wrapping_mul(n)))),
            21 => output.word((0..a).fold(b & 0xff, |sum, n| sum.wrapping_add(n))),
            _ => return 3,
        }
    }
    0
}

/// input: word operation, word unused, then pairs of 16-byte words → for each pair what the operation gives
pub fn wide(input: &[u8], output: &mut Output) -> u64 {
    let operation = word_at(input, 0);
    for index in 0..(input.len() - 16) / 32 {
        let (a, b) = (wide_at(input, 1 + 2 * index), wide_at(input, 2 + 2 * index));
        let (x, y) = (a as i128, b as i128);
        match operation {
            0 => output.wide(a.wrapping_mul(b)),
            1 => wide_option(output, a.checked_mul(b)),
            2 => output.wide(a.saturating_mul(b)),
            3 => output.wide(x.wrapping_mul(y) as u128),
            4 => wide_option(output, x.checked_mul(y).map(|value| value as u128)),
            5 => output.wide(x.saturating_mul(y) as u128),
            6 => wide_option(output, a.checked_add(b)),
            7 => wide_option(output, a.checked_sub(b)),
            8 => wide_option(output, x.checked_add(y).map(|value| value as u128)),
            9 => output.wide(a.saturating_sub(b)),
            10 => {
                output.word(
                    u64::from(a < b)
                        | u64::from(x < y) << 1
                        | u64::from(a == b) << 2
                        | u64::from(x <= y) << 3,
                );
                output.word(
                    u64::from(a.leading_zeros())
                        | u64::from(a.trailing_zeros()) << 8
                        | u64::from(a.count_ones()) << 16,
                );
            }
            11 => output.wide(a.min(b).wrapping_add(a.max(b) >> 3)),
            12 => output.wide(a & b ^ (a | b).swap_bytes()),
            13 => output.wide(x.wrapping_neg() as u128),
            14 => output.wide(a.abs_diff(b)),
            15 => wide_option(output, a.checked_pow((b & 3) as u32)),
            _ => return 3,
        }
    }
    0
}

macro_rules! constant_shifts {
    ($value:expr, $amount:expr, [$($n:literal)*]) => {
        match $amount {
            $($n => ($value << $n, $value >> $n, (($value as i128) >> $n) as u128),)*
            _ => (0, 0, 0),
        }
    };
}

/// input: word 0 for constant and 1 for variable amounts, word unused, then 16-byte value and amount → left, right, arithmetic
pub fn shifts(input: &[u8], output: &mut Output) -> u64 {
    for index in 0..(input.len() - 16) / 32 {
        let (value, amount) = (wide_at(input, 1 + 2 * index), wide_at(input, 2 + 2 * index) as u32);
        let (left, right, arithmetic) = if word_at(input, 0) == 0 {
            constant_shifts!(value, amount, [0 1 7 8 31 32 33 40 63 64 65 71 96 100 126 127])
        } else {
            (value << amount, value >> amount, ((value as i128) >> amount) as u128)
        };
        output.wide(left);
        output.wide(right);
        output.wide(arithmetic);
    }
    0
}
