//! Values of every size and shape, returned and passed across calls that are not inlined.

use crate::runtime::{Output, word_at};
use core::hint::black_box;

#[inline(never)]
fn pair(a: u64, b: u64) -> (u64, u64) {
    (b.wrapping_add(1), a ^ b)
}
#[inline(never)]
fn array(a: u64) -> [u64; 5] {
    [a, a.wrapping_add(1), a.wrapping_mul(3), !a, a >> 7]
}
#[inline(never)]
fn wide(a: u64, b: u64) -> u128 {
    u128::from(a) << 64 | u128::from(b)
}
#[inline(never)]
fn wide_in(a: u128, b: u128) -> u128 {
    a.wrapping_sub(b)
}
#[inline(never)]
fn option(a: u64) -> Option<u128> {
    (a % 3 != 0).then(|| u128::from(a) * u128::from(a))
}
#[inline(never)]
fn result(a: u64) -> Result<(u32, u64), [u8; 20]> {
    if a % 2 == 0 { Ok((a as u32, !a)) } else { Err([a as u8; 20]) }
}
#[inline(never)]
fn slice(data: &[u8], from: usize) -> &[u8] {
    &data[from..]
}
#[inline(never)]
fn small(a: u64) -> (u8, u16, bool, char) {
    (a as u8, (a >> 8) as u16, a % 5 == 0, char::from(b'a' + (a % 26) as u8))
}
struct Big {
    words: [u64; 40],
    tail: u8,
}
#[inline(never)]
fn big(a: u64) -> Big {
    let mut words = [0; 40];
    for (index, word) in words.iter_mut().enumerate() {
        *word = a.wrapping_mul(index as u64 + 1);
    }
    Big { words, tail: a as u8 }
}
#[inline(never)]
fn five(a: u64, b: u32, c: u8, d: &[u64; 3]) -> u64 {
    a.wrapping_add(u64::from(b)).wrapping_mul(u64::from(c)).wrapping_sub(d[1])
}
#[inline(never)]
fn signed(a: i8, b: i16, c: i32) -> i64 {
    i64::from(a) + i64::from(b) * 2 - i64::from(c)
}
#[inline(never)]
fn fibonacci(n: u64) -> u64 {
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

/// input: words a, b → everything above, packed
pub fn run(input: &[u8], output: &mut Output) -> u64 {
    let (a, b) = (black_box(word_at(input, 0)), black_box(word_at(input, 1)));
    let (first, second) = pair(a, b);
    output.word(first);
    output.word(second);
    array(a).iter().for_each(|word| output.word(*word));
    output.wide(wide(a, b));
    output.wide(wide_in(wide(a, b), wide(b, a)));
    output.wide(option(a).unwrap_or(7));
    match result(a) {
        Ok((low, rest)) => output.word(u64::from(low) ^ rest),
        Err(bytes) => output.put(&bytes),
    }
    output.put(slice(input, 11));
    let (byte, half, flag, letter) = small(a);
    output.word(
        u64::from(byte) | u64::from(half) << 8 | u64::from(flag) << 24 | u64::from(u32::from(letter)) << 32,
    );
    let large = big(b);
    output.word(large.words.iter().fold(u64::from(large.tail), |sum, word| sum.wrapping_add(*word)));
    output.word(five(a, b as u32, b as u8, &[1, a, 3]));
    output.word(signed(a as i8, a as i16, b as i32) as u64);
    output.word(fibonacci(a % 12));
    0
}
