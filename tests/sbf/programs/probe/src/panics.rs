//! Every common way to panic. The tests look for the message, the file and the line in the log.

use crate::runtime::{Output, word_at};
use core::hint::black_box;

/// input: word case → does not return, but for case 0
pub fn run(input: &[u8], output: &mut Output) -> u64 {
    let case = word_at(input, 0);
    let values = black_box([10u64, 20, 30]);
    let index = black_box(case as usize);
    let none: Option<u64> = black_box(None);
    let failed: Result<u64, &str> = black_box(Err("reason"));
    let result = match case {
        0 => 0,
        1 => panic!("case {case} of {}", "panics"), // LINE: explicit
        2 => none.unwrap(),                         // LINE: unwrap
        3 => failed.expect("expected"),             // LINE: expect
        4 => values[index],                         // LINE: index
        5 => values[2..index].iter().sum(),         // LINE: slice
        6 => u64::MAX - 5 + case,                   // LINE: add
        7 => black_box(1u64 << 63) * case,          // LINE: multiply
        8 => values[0] / (case - 8),                // LINE: divide
        9 => unreachable!("never {case}"),          // LINE: unreachable
        10 => {
            assert_eq!(values[0], case + 1, "left and right"); // LINE: assert
            0
        }
        11 => u64::from("héllo".as_bytes()[index]) + "héllo"[2..].len() as u64, // LINE: index in string
        12 => u64::from(black_box(200u8) + case as u8 * 5),                     // LINE: narrow add
        13 => depth(black_box(1_000)),
        _ => return 3,
    };
    output.word(result);
    0
}

/// Deeper than the runtime's 64 frames.
#[inline(never)]
fn depth(left: u64) -> u64 {
    if black_box(left) == 0 { 0 } else { 1 + depth(left - 1) }
}
