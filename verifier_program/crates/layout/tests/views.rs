//! Views: exactly as many bytes as the struct has, wherever they begin, and nothing besides them.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use layout::{
    Flag, InstructionData, Plain, Tagged, U16, U32, U64, account, account_mut, bytes, new_account, view,
    view_mut,
};
use proptest::{collection::vec, prelude::*};

/// Of an odd length, and no number in it at a multiple of its size.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Record {
    tag: [u8; 8],
    open: Flag,
    small: U16,
    amount: U64,
    count: U32,
}

const SIZE: usize = 23;

// SAFETY: plain fields of alignment 1, 8 + 1 + 2 + 8 + 4 bytes without padding (a test below).
unsafe impl Plain for Record {}

impl Tagged for Record {
    const TAG: [u8; 8] = *b"a record";
}

/// What stands at each field's place, read byte by byte.
fn fields(data: &[u8]) -> (Vec<u8>, bool, u16, u64, u32) {
    let number = |from: usize, count: usize| {
        data[from..from + count].iter().rev().fold(0u64, |number, byte| number * 256 + u64::from(*byte))
    };
    (data[..8].to_vec(), data[8] != 0, number(9, 2) as u16, number(11, 8), number(19, 4) as u32)
}

fn fields_of(record: &Record) -> (Vec<u8>, bool, u16, u64, u32) {
    let Record { tag, open, small, amount, count } = record;
    (tag.to_vec(), open.get(), small.get(), amount.get(), count.get())
}

fn record() -> impl Strategy<Value = Record> {
    any::<(bool, u16, u64, u32)>().prop_map(|(open, small, amount, count)| Record {
        tag: Record::TAG,
        open: Flag::new(open),
        small: U16::new(small),
        amount: U64::new(amount),
        count: U32::new(count),
    })
}

/// Some memory, and a piece of it: often as long as a record, else of any length.
fn pieces() -> impl Strategy<Value = (Vec<u8>, usize, usize)> {
    let length = prop_oneof![2 => Just(SIZE), 1 => SIZE - 1..=SIZE + 1, 1 => 0..2 * SIZE];
    (vec(any::<u8>(), 64), 0..16usize, length)
}

proptest! {
    #[test]
    fn a_view_is_the_bytes_wherever_they_begin((mut memory, start, length) in pieces()) {
        let data = memory[start..start + length].to_vec();
        let piece = &mut memory[start..start + length];
        match view::<Record>(piece) {
            Some(record) => {
                prop_assert_eq!(length, SIZE);
                prop_assert_eq!(bytes(record).as_ptr_range(), piece.as_ptr_range());
                prop_assert_eq!(bytes(record), &data);
                prop_assert_eq!(fields_of(record), fields(&data));
            }
            None => prop_assert_ne!(length, SIZE),
        }
        prop_assert_eq!(view_mut::<Record>(piece).is_some(), length == SIZE);
        prop_assert_eq!(view::<[u8; SIZE]>(&data).map(|same| same.to_vec()), (length == SIZE).then(|| data.clone()));
    }

    #[test]
    fn what_is_written_through_a_view_is_there_and_nowhere_else(
        (mut memory, start, _) in pieces(), written in record(), amount: u64
    ) {
        let mut expected = memory.clone();
        expected[start..start + SIZE].copy_from_slice(bytes(&written));
        expected[start + 11..start + 19].copy_from_slice(&amount.to_le_bytes());
        let place = view_mut::<Record>(&mut memory[start..start + SIZE]).unwrap();
        *place = written;
        place.amount = U64::new(amount);
        prop_assert_eq!(memory, expected);
    }

    /// The tag of the record with any one of its bytes altered, or as it is.
    #[test]
    fn an_account_has_the_length_and_the_tag_of_its_struct(
        (mut memory, start, length) in pieces(),
        altered in prop_oneof![Just(None), (0..8usize, 1..=u8::MAX).prop_map(Some)],
    ) {
        let data = &mut memory[start..start + length];
        let mut tag = Record::TAG;
        if let Some((at, by)) = altered {
            tag[at] ^= by;
        }
        let part = length.min(8);
        data[..part].copy_from_slice(&tag[..part]);
        let before = data.to_vec();
        let taken = length == SIZE && altered.is_none();
        prop_assert_eq!(account::<Record>(data).map(|record| bytes(record).to_vec()), taken.then(|| before.clone()));
        prop_assert_eq!(account_mut::<Record>(data).is_some(), taken);
        if let Some(record) = account_mut::<Record>(data) {
            record.count = U32::new(7);
            prop_assert_eq!(&data[19..], &[7, 0, 0, 0]);
        } else {
            prop_assert_eq!(data, before);
        }
    }

    #[test]
    fn a_new_account_holds_its_value_or_what_it_held((mut memory, start, length) in pieces(), value in record()) {
        let mut expected = memory.clone();
        if length == SIZE {
            expected[start..start + SIZE].copy_from_slice(bytes(&value));
        }
        let done = new_account(&mut memory[start..start + length], &value);
        prop_assert_eq!((done.is_some(), memory), (length == SIZE, expected));
    }

    #[test]
    fn the_data_of_an_instruction_is_its_name_and_then_its_arguments(discriminator: [u8; 8], args in record()) {
        let data = InstructionData { discriminator, args };
        prop_assert_eq!(bytes(&data), &[&discriminator, bytes(&args)].concat());
        let read: &InstructionData<Record> = view(bytes(&data)).unwrap();
        prop_assert_eq!((read.discriminator, fields_of(&read.args)), (discriminator, fields(bytes(&args))));
    }
}

#[test]
fn no_bytes_are_a_view_of_nothing_only() {
    assert!(view::<[u8; 0]>(&[]).is_some());
    assert!(view::<Record>(&[]).is_none() && account::<Record>(&[]).is_none());
}

#[test]
fn a_struct_of_plain_fields_has_no_padding() {
    assert_eq!((size_of::<Record>(), align_of::<Record>()), (SIZE, 1));
    let instruction = (size_of::<InstructionData<Record>>(), align_of::<InstructionData<Record>>());
    assert_eq!(instruction, (8 + SIZE, 1));
}
