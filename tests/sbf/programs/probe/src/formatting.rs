//! core::fmt: trait objects, tables of digits and of pieces, all behind pointers.

use crate::runtime::{Output, word_at};
use core::fmt::Write;

#[derive(Debug)]
#[allow(dead_code)] // read by Debug
struct Point {
    x: i64,
    y: Option<u32>,
}

#[derive(Debug)]
#[allow(dead_code)] // read by Debug
enum Event {
    Nothing,
    Named(&'static str),
    Moved { to: Point, by: (u8, i8) },
}

/// input: words case, value → text
pub fn run(input: &[u8], output: &mut Output) -> u64 {
    let (case, value) = (word_at(input, 0), word_at(input, 1));
    let result = match case {
        0 => write!(output, "{value} {value:x} {value:#X} {value:b} {value:o}"),
        1 => write!(output, "[{value:>24}] [{value:<24}] [{value:^24}] [{value:024}] [{value:+}]"),
        2 => write!(output, "{} {} {}", value as i64, value as i32, value as i8),
        3 => write!(output, "{:?}", Point { x: value as i64, y: (value % 2 == 0).then_some(value as u32) }),
        4 => write!(
            output,
            "{:#?}",
            Event::Moved { to: Point { x: -1, y: None }, by: (value as u8, value as i8) }
        ),
        5 => write!(output, "{:?} {:?}", Event::Nothing, Event::Named("quo\"ted\n")),
        6 => write!(output, "{:?} {:?} {:?}", 'ß', "tab\tü\u{1F600}\u{7f}", [value, 2, 3]),
        7 => write!(output, "{:>8}|{:<8}|{:^8}|{:.3}", "ab", "cd", "ef", "truncated"),
        8 => write!(output, "{:?} {:?}", value.checked_add(1), core::str::from_utf8(&value.to_be_bytes())),
        9 => write!(output, "{}", value == 0),
        10 => write!(output, "{:?}", value.to_le_bytes()),
        11 => write!(output, "{:08x}{:08x}", (value >> 32) as u32, value as u32),
        _ => return 3,
    };
    u64::from(result.is_err())
}
