//! Sorting and searching, in place.

use crate::runtime::{Output, word_at};

const MOST: usize = 120;

#[derive(Clone, Copy, Default)]
struct Order {
    price: u64,
    quantity: u32,
    side: u8,
}

/// input: word operation, then words → the words sorted, or what was found
pub fn run(input: &[u8], output: &mut Output) -> u64 {
    let operation = word_at(input, 0);
    let count = input.len() / 8 - 1;
    let mut storage = [0u64; MOST];
    let words = &mut storage[..count];
    for (index, word) in words.iter_mut().enumerate() {
        *word = word_at(input, 1 + index);
    }
    match operation {
        0 => words.sort_unstable(),
        1 => words.sort_unstable_by(|a, b| b.cmp(a)),
        2 => words.sort_unstable_by_key(|word| (word & 0xff, *word)),
        3 => {
            words.sort_unstable();
            for needle in [0, words[0], words[count / 2], words[count - 1], u64::MAX, 1 << 32] {
                match words.binary_search(&needle) {
                    Ok(index) => output.word(words[index] ^ 1),
                    Err(index) => output.word(index as u64 | 1 << 63),
                }
            }
            return 0;
        }
        4 => {
            let (_, median, _) = words.select_nth_unstable(count / 2);
            output.word(*median);
            return 0;
        }
        5 => return by_price(words, output),
        6 => insertion(words),
        _ => return 3,
    }
    for word in words.iter() {
        output.word(*word);
    }
    0
}

fn by_price(words: &[u64], output: &mut Output) -> u64 {
    let mut orders = [Order::default(); MOST];
    for (order, word) in orders.iter_mut().zip(words) {
        *order = Order { price: word >> 40, quantity: *word as u32, side: (word >> 32) as u8 };
    }
    let orders = &mut orders[..words.len()];
    orders.sort_unstable_by(|a, b| {
        b.price.cmp(&a.price).then(a.side.cmp(&b.side)).then(a.quantity.cmp(&b.quantity))
    });
    for order in orders {
        output.word(order.price << 40 | u64::from(order.side) << 32 | u64::from(order.quantity));
    }
    0
}

fn insertion(words: &mut [u64]) {
    for end in 1..words.len() {
        let mut here = end;
        while here > 0 && words[here - 1] > words[here] {
            words.swap(here - 1, here);
            here -= 1;
        }
    }
}
