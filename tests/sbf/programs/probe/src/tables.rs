//! Constants that hold pointers, function pointers and vtables: every kind of relocation in data.

use crate::runtime::{Output, word_at};
use core::hint::black_box;

static STRINGS: [&str; 9] = [
    "",
    "a",
    "ab",
    "the quick brown fox",
    "jumps",
    "über",
    "the lazy dog",
    "0123456789abcdef",
    "0123456789abcdef0123456789abcdef",
];

/// input: word index → the string
pub fn strings(input: &[u8], output: &mut Output) -> u64 {
    output.put(STRINGS[word_at(input, 0) as usize].as_bytes());
    0
}

struct Link {
    name: &'static str,
    values: &'static [u32],
    next: Option<&'static Link>,
}

static FIRST: Link = Link { name: "first", values: &[1, 2, 3], next: Some(&SECOND) };
static SECOND: Link = Link { name: "second", values: &[], next: Some(&THIRD) };
static THIRD: Link = Link { name: "third", values: &[0xdead_beef], next: None };
static HEADS: [Option<&Link>; 4] = [Some(&FIRST), Some(&SECOND), None, Some(&THIRD)];

/// input: word head → name, sum of values, of each link; a reference to any static must not look like `None`
pub fn chain(input: &[u8], output: &mut Output) -> u64 {
    let mut here = HEADS[word_at(input, 0) as usize];
    while let Some(link) = here {
        output.put(link.name.as_bytes());
        output.put(b"=");
        output.word(link.values.iter().map(|value| u64::from(*value)).sum());
        here = link.next;
    }
    0
}

#[inline(never)]
fn double(value: u64) -> u64 {
    value.wrapping_mul(2)
}
#[inline(never)]
fn square(value: u64) -> u64 {
    value.wrapping_mul(value)
}
#[inline(never)]
fn negate(value: u64) -> u64 {
    value.wrapping_neg()
}
#[cold]
#[inline(never)]
fn cold(value: u64) -> u64 {
    value ^ 0xC01D
}
fn later(value: u64) -> u64 {
    FUNCTIONS[(value % 3) as usize](value)
}

static FUNCTIONS: [fn(u64) -> u64; 5] = [double, square, negate, cold, later];

struct Named {
    name: &'static str,
    run: fn(u64) -> u64,
}
static NAMED: [Named; 3] = [
    Named { name: "double", run: double },
    Named { name: "cold", run: cold },
    Named { name: "square", run: square },
];

/// input: word index, word value → result of the function; the same by name; whether one function has one address
pub fn functions(input: &[u8], output: &mut Output) -> u64 {
    let (index, value) = (word_at(input, 0) as usize, word_at(input, 1));
    output.word(black_box(&FUNCTIONS)[index](value));
    let chosen = black_box(NAMED.as_slice()).iter().find(|entry| entry.name.len() == index + 4);
    output.word(chosen.map_or(0, |entry| (entry.run)(value)));
    let one: fn(u64) -> u64 = black_box(double);
    output.word(u64::from(
        core::ptr::fn_addr_eq(one, FUNCTIONS[0]) && core::ptr::fn_addr_eq(one, NAMED[0].run),
    ));
    // A closure that captures, called through a pointer and a vtable.
    let mut count = 0;
    let mut add = |n: u64| count += n;
    let by_pointer: &mut dyn FnMut(u64) = black_box(&mut add);
    by_pointer(value & 0xffff);
    by_pointer(1);
    output.word(count);
    0
}

trait Shape: Sync {
    fn area(&self) -> u64;
    fn name(&self) -> &'static str;
    fn scaled(&self, by: u64) -> u64 {
        self.area().wrapping_mul(by)
    }
}
struct Square(u64);
struct Rectangle {
    width: u64,
    height: u64,
}
struct Nothing;
impl Shape for Square {
    fn area(&self) -> u64 {
        self.0.wrapping_mul(self.0)
    }
    fn name(&self) -> &'static str {
        "square"
    }
}
impl Shape for Rectangle {
    fn area(&self) -> u64 {
        self.width.wrapping_mul(self.height)
    }
    fn name(&self) -> &'static str {
        "rectangle"
    }
    fn scaled(&self, by: u64) -> u64 {
        self.area().wrapping_add(by)
    }
}
impl Shape for Nothing {
    fn area(&self) -> u64 {
        0
    }
    fn name(&self) -> &'static str {
        "nothing"
    }
}
static SHAPES: [&dyn Shape; 4] = [&Square(7), &Rectangle { width: 3, height: 5 }, &Nothing, &Square(1 << 33)];

/// input: word index, word factor → name, area, scaled area
pub fn shapes(input: &[u8], output: &mut Output) -> u64 {
    let shape = black_box(SHAPES)[word_at(input, 0) as usize];
    output.word(shape.area());
    output.word(shape.scaled(word_at(input, 1)));
    output.put(shape.name().as_bytes());
    0
}

/// input: word → two words and a string by dense and sparse matches (lookup tables, bit tests, comparison trees)
pub fn switch(input: &[u8], output: &mut Output) -> u64 {
    let value = word_at(input, 0);
    output.word(match value {
        0 => 11,
        1 => 7,
        2 => 1 << 40,
        3 => 0,
        4 => 99,
        5 => 3,
        6 => 0xffff_ffff_ffff_ffff,
        7 => 5,
        8 => 17,
        9 => 23,
        _ => 42,
    });
    output.word(match value {
        10 | 12 | 14 | 17 | 40 | 63 => 1,
        1_000 => 2,
        1_001..=2_000 => 3,
        0x1_0000_0000 => 4,
        u64::MAX => 5,
        _ => 0,
    });
    let name = match value {
        0 => "zero",
        1 => "one",
        2 => "two",
        3 => "three",
        4 => "four",
        5 => "five",
        6 => "six",
        7 => "seven",
        _ => "many",
    };
    output.put(name.as_bytes());
    0
}

static ARRAY: [u32; 10] = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109];
static MIDDLE: &u32 = &ARRAY[5];
static PART: &[u32] = {
    let (_, tail) = ARRAY.split_at(3);
    let (part, _) = tail.split_at(4);
    part
};
static TEXT_TAIL: &str = {
    let (_, tail) = "prefix:tail".split_at(7);
    tail
};
#[repr(align(64))]
struct Aligned([u8; 3]);
static ALIGNED: Aligned = Aligned([1, 2, 3]);
static WIDE: u128 = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff;
static EMPTY: &[u64] = &[];
static KEYS: [[u8; 16]; 2] = [*b"sixteen bytes 01", *b"sixteen bytes 02"];
static KEYS_32: [[u8; 32]; 2] = [*b"thirty-two bytes of a public key", *b"thirty-two bytes of another key!"];

/// Pointers into the middle and past the end of objects, alignment, and addresses that are never null.
pub fn pointers(_: &[u8], output: &mut Output) -> u64 {
    let range = black_box(&ARRAY).as_ptr_range();
    output.word(u64::from(*black_box(MIDDLE)));
    output.word(black_box(PART).iter().map(|value| u64::from(*value)).sum());
    output.word(range.end as u64 - range.start as u64);
    output.word(core::ptr::from_ref(black_box(MIDDLE)) as u64 - range.start as u64);
    output.word(core::ptr::from_ref(black_box(&ALIGNED)) as u64 % 64);
    output.word(core::ptr::from_ref(black_box(&WIDE)) as u64 % 16);
    output.word(u64::from(ALIGNED.0[2]));
    output.wide(*black_box(&WIDE));
    output.word(black_box(EMPTY).len() as u64 + u64::from(black_box(EMPTY).as_ptr() as u64 == 0));
    output.word(
        u64::from(black_box(&KEYS)[1] == *b"sixteen bytes 02")
            + 2 * u64::from(black_box(&KEYS)[0] == KEYS[1]),
    );
    output.word(u64::from(black_box(&KEYS_32)[0] == *b"thirty-two bytes of a public key"));
    let addresses = [
        core::ptr::from_ref(&ARRAY) as u64,
        core::ptr::from_ref(&FIRST) as u64,
        core::ptr::from_ref(&STRINGS) as u64,
        core::ptr::from_ref(&COUNTS) as u64,
        STRINGS[3].as_ptr() as u64,
        double as *const () as u64,
    ];
    output.word(black_box(addresses).iter().filter(|address| **address == 0).count() as u64);
    output.word(black_box(&COUNTS).iter().map(|count| u64::from(*count)).sum());
    output.put(black_box(TEXT_TAIL).as_bytes());
    0
}

static COUNTS: [u8; 5] = [1, 2, 3, 4, 5];
