//! The memory routines: by a length known at run time (a call) and at compile time (inlined stores).

use crate::runtime::{Output, word_at};
use core::hint::black_box;

const SIZE: usize = 900;

macro_rules! fixed_copies {
    ($buffer:expr, $from:expr, $to:expr, $length:expr, [$($n:literal)*]) => {
        match $length {
            $($n => {
                let piece: [u8; $n] = $buffer[$from..$from + $n].try_into().unwrap_or([0; $n]);
                $buffer[$to..$to + $n].copy_from_slice(&black_box(piece));
            })*
            _ => return 3,
        }
    };
}

/// input: words operation, from, to, length, byte → a buffer of 900 bytes (i·7 + i/256 each) after the operation, or the result
pub fn run(input: &[u8], output: &mut Output) -> u64 {
    let (operation, from, to) = (word_at(input, 0), word_at(input, 1) as usize, word_at(input, 2) as usize);
    let (length, byte) = (word_at(input, 3) as usize, word_at(input, 4) as u8);
    let mut buffer = [0u8; SIZE];
    for (index, slot) in buffer.iter_mut().enumerate() {
        *slot = (index * 7 + index / 256) as u8;
    }
    match operation {
        0 => {
            let (head, tail) = buffer.split_at_mut(SIZE / 2);
            tail[to..to + length].copy_from_slice(&head[from..from + length]);
        }
        1 => buffer.copy_within(from..from + length, to),
        2 => buffer[to..to + length].fill(byte),
        3 => {
            buffer[to] ^= byte; // makes the ranges differ, or not
            output.word(buffer[from..from + length].cmp(&buffer[to..to + length]) as i8 as u64);
            output.word(u64::from(buffer[from..from + length] == buffer[to..to + length]));
            return 0;
        }
        4 => {
            fixed_copies!(buffer, from, to, length, [1 2 3 4 5 7 8 9 15 16 17 24 31 32 33 48 63 64 65 100 127 128 129 200 255 256])
        }
        5 => buffer[to..to + length].reverse(),
        6 => buffer[to..].rotate_left(length),
        7 => {
            let (head, tail) = buffer.split_at_mut(SIZE / 2);
            head[from..from + length].swap_with_slice(&mut tail[to..to + length]);
        }
        _ => return 3,
    }
    output.put(&buffer);
    0
}
