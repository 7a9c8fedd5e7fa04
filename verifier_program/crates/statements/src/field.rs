//! Field elements of BN254's scalar field, as programs hold them, and their one hash.

use crate::ops;

/// Bytes of a field element.
pub const FIELD_BYTES: usize = 32;

/// A field element: 32 bytes big-endian. Canonical when less than r; what came from outside need not be.
pub type FieldBytes = [u8; FIELD_BYTES];

/// The most words of one hash: the syscall's limit.
const WORDS_MAX: usize = 12;

/// The order r of the scalar field, as big-endian 64-bit words.
const FR_MODULUS: [u64; 4] = [0x30644e72e131a029, 0xb85045b68181585d, 0x2833e84879b97091, 0x43e1f593f0000001];

/// circomlib's Poseidon of 1 to 12 words, the tag included. None when a word is not less than r.
///
/// Costs 542 + 61·N² compute units on chain, and some ten a word.
#[inline(always)]
#[must_use]
pub fn poseidon<const N: usize>(words: [&FieldBytes; N]) -> Option<FieldBytes> {
    const { assert!(N >= 1 && N <= WORDS_MAX, "Poseidon hashes 1 to 12 words") };
    ops::poseidon(words)
}

/// Whether the bytes are a number less than r.
#[inline(always)]
#[must_use]
pub fn is_canonical(bytes: &FieldBytes) -> bool {
    let (words, _) = bytes.as_chunks();
    for (word, modulus_word) in words.iter().zip(FR_MODULUS) {
        let word = u64::from_be_bytes(*word);
        if word != modulus_word {
            return word < modulus_word;
        }
    }
    false
}

/// A number as a field element.
#[inline(always)]
#[must_use]
pub fn word(number: u64) -> FieldBytes {
    let mut bytes = [0; FIELD_BYTES];
    put::<0, 8>(&mut bytes, number.to_be_bytes());
    bytes
}

/// A 32-byte key as two field elements, its big-endian halves: high, low. Reduced modulo r, two keys could be one number.
#[inline(always)]
#[must_use]
pub fn split(key: &[u8; 32]) -> (FieldBytes, FieldBytes) {
    let (mut high, mut low) = ([0; FIELD_BYTES], [0; FIELD_BYTES]);
    if let ([key_high, key_low], []) = key.as_chunks() {
        put::<0, 16>(&mut high, *key_high);
        put::<0, 16>(&mut low, *key_low);
    }
    (high, low)
}

/// Writes a big-endian number into a word, `SHIFT` bits up: whole bytes, and inside the word.
#[inline(always)]
pub(crate) fn put<const SHIFT: usize, const BYTES: usize>(target: &mut FieldBytes, number: [u8; BYTES]) {
    let start = const {
        assert!(SHIFT.is_multiple_of(8), "a part begins with a byte");
        match FIELD_BYTES.checked_sub(SHIFT / 8 + BYTES) {
            Some(start) => start,
            None => panic!("a part ends in the word"),
        }
    };
    if let Some(part) = target.get_mut(start..).and_then(|tail| tail.first_chunk_mut()) {
        *part = number;
    }
}

/// A time's 40 bits. None when it has more: the time would run into the part above it.
#[inline(always)]
pub(crate) fn time_bytes(unix_s: u64) -> Option<[u8; 5]> {
    match unix_s.to_be_bytes() {
        [0, 0, 0, time @ ..] => Some(time),
        _ => None,
    }
}
