//! Reveal keys: the X25519 key to which a seller seals the payee.
//!
//! With a key of small order every shared secret is the same, known to all: sealing refuses it, so that the order could never be
//! revealed. It would lock tokens of an honest seller, and cost its buyer nothing.

/// The points of small order on Curve25519 and its twist, by their u in canonical form: 0, 1, two of order 8, and p - 1.
pub const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

/// Whether a key is a number less than p = 2^255 - 19, little-endian, and none of small order.
///
/// X25519 ignores the highest bit and reduces by p, so that a key could be written in up to four ways. Only the shortest is taken:
/// the list then holds every small one.
#[inline(always)]
#[must_use]
pub fn is_usable(key: &[u8; 32]) -> bool {
    let [w0, w1, w2, w3] = words(key);
    let canonical = w3 < 0x7fff_ffff_ffff_ffff
        || (w3 == 0x7fff_ffff_ffff_ffff && (w2 != u64::MAX || w1 != u64::MAX || w0 < 0xffff_ffff_ffff_ffed));
    canonical && SMALL_ORDER.iter().all(|small| small != key)
}

/// The number's 64-bit words, the lowest first.
#[inline(always)]
fn words(key: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(key.chunks_exact(8)) {
        let mut eight = [0; 8];
        eight.copy_from_slice(bytes);
        *word = u64::from_le_bytes(eight);
    }
    words
}
