//! BLAKE2b with 64 bytes of output and no key (RFC 7693), whose state can be saved and restored.
//!
//! Why not a crate: a contribution to phase 1 records the state of its hash over the new points, so that whoever verifies
//! it can go on from there with the public key. The 216 recorded bytes are part of the file, and crates do not let them out.
//! They begin with the whole buffer, and what stands behind its used bytes is left from earlier blocks: to write the same
//! file as snarkjs, the hash must be fed in the same pieces and must keep, byte for byte, the same remains. That is why
//! whole blocks pass the buffer by here, and only a last or partial one goes through it.

use crate::memory::wipe;

const BLOCK: usize = 128;
const ROUNDS: usize = 12;
/// Bytes of a saved state: buffer, chained words, bytes hashed, bytes in the buffer, and eight that are zero.
pub(crate) const STATE_BYTES: usize = 216;

const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The columns, then the diagonals, of a state of 4 × 4 words: what a round of BLAKE2b, and two of ChaCha20, mix.
pub(crate) const COLUMNS_AND_DIAGONALS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// A hash in the making, overwritten when dropped: a contributor's entropy goes through one.
#[derive(Clone)]
pub(crate) struct Blake2b {
    words: [u64; 8],
    buffer: [u8; BLOCK],
    used: usize,
    /// Bytes taken so far, those in the buffer included.
    length: u64,
}

impl Drop for Blake2b {
    fn drop(&mut self) {
        wipe(&mut self.words);
        wipe(&mut self.buffer);
    }
}

impl Blake2b {
    pub(crate) fn new() -> Self {
        let mut words = IV;
        // No key, 64 bytes of output, no tree.
        words[0] ^= 0x0101_0040;
        Self { words, buffer: [0; BLOCK], used: 0, length: 0 }
    }

    /// The hash of some bytes.
    pub(crate) fn hash(data: &[u8]) -> [u8; 64] {
        let mut hash = Self::new();
        hash.update(data);
        hash.finish()
    }

    /// Take more bytes.
    pub(crate) fn update(&mut self, data: &[u8]) {
        let mut left = data;
        while !left.is_empty() {
            if self.used == BLOCK {
                let block = self.buffer;
                self.compress(&block, false);
                self.used = 0;
            }
            // Whole blocks, but for the last, do not go through the buffer.
            if self.used == 0 {
                while let Some((block, rest)) =
                    left.split_first_chunk::<BLOCK>().filter(|(_, rest)| !rest.is_empty())
                {
                    self.length += BLOCK as u64;
                    self.compress(block, false);
                    left = rest;
                }
            }
            let (taken, rest) = left.split_at(left.len().min(BLOCK - self.used));
            self.buffer[self.used..self.used + taken.len()].copy_from_slice(taken);
            self.used += taken.len();
            self.length += taken.len() as u64;
            left = rest;
        }
    }

    /// The hash of all that was taken.
    pub(crate) fn finish(mut self) -> [u8; 64] {
        let mut block = self.buffer;
        block[self.used..].fill(0);
        self.compress(&block, true);
        let mut hash = [0; 64];
        for (bytes, word) in hash.as_chunks_mut::<8>().0.iter_mut().zip(self.words) {
            *bytes = word.to_le_bytes();
        }
        hash
    }

    /// The state.
    pub(crate) fn save(&self) -> [u8; STATE_BYTES] {
        let mut state = [0; STATE_BYTES];
        state[..BLOCK].copy_from_slice(&self.buffer);
        let numbers = self.words.into_iter().chain([self.length - self.used as u64, self.used as u64]);
        for (bytes, number) in state[BLOCK..].as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *bytes = number.to_le_bytes();
        }
        state
    }

    /// The hash of a saved state, or `None` when the bytes are no such state.
    pub(crate) fn restore(state: &[u8; STATE_BYTES]) -> Option<Self> {
        let (buffer, numbers) = state.split_first_chunk::<BLOCK>()?;
        let mut values = [0; 11];
        for (value, bytes) in values.iter_mut().zip(numbers.as_chunks::<8>().0) {
            *value = u64::from_le_bytes(*bytes);
        }
        let [words @ .., hashed, used, _] = values;
        let used = usize::try_from(used).ok().filter(|used| *used <= BLOCK)?;
        Some(Self { words, buffer: *buffer, used, length: hashed.checked_add(used as u64)? })
    }

    fn compress(&mut self, block: &[u8; BLOCK], last: bool) {
        let mut message = [0; 16];
        for (word, bytes) in message.iter_mut().zip(block.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        let mut v = [0; 16];
        v[..8].copy_from_slice(&self.words);
        v[8..].copy_from_slice(&IV);
        v[12] ^= self.length;
        if last {
            v[14] = !v[14];
        }
        for round in 0..ROUNDS {
            let order = &SIGMA[round % SIGMA.len()];
            for (i, [a, b, c, d]) in COLUMNS_AND_DIAGONALS.into_iter().enumerate() {
                for (word, [first, second]) in [(order[2 * i], [32, 24]), (order[2 * i + 1], [16, 63])] {
                    v[a] = v[a].wrapping_add(v[b]).wrapping_add(message[word]);
                    v[d] = (v[d] ^ v[a]).rotate_right(first);
                    v[c] = v[c].wrapping_add(v[d]);
                    v[b] = (v[b] ^ v[c]).rotate_right(second);
                }
            }
        }
        for (i, word) in self.words.iter_mut().enumerate() {
            *word ^= v[i] ^ v[i + 8];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_rfc_example() {
        let expected = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
                        7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
        assert_eq!(hex(&Blake2b::hash(b"abc")), expected);
    }

    #[test]
    fn the_hash_does_not_depend_on_how_the_bytes_come_and_survives_saving() {
        let data: Vec<u8> = (0..1000u32).map(|i| (i * 7) as u8).collect();
        for length in [0, 1, 127, 128, 129, 255, 256, 257, 1000] {
            let data = &data[..length];
            let whole = Blake2b::hash(data);
            for piece in [1, 63, 64, 128, 200] {
                let mut hash = Blake2b::new();
                for part in data.chunks(piece) {
                    hash.update(part);
                    hash = Blake2b::restore(&hash.save()).unwrap_or_else(Blake2b::new);
                }
                assert_eq!(hash.finish(), whole);
            }
        }
    }

    #[test]
    fn a_state_with_more_than_a_block_in_the_buffer_is_none() {
        let mut state = Blake2b::new().save();
        state[200] = 128;
        assert!(Blake2b::restore(&state).is_some());
        state[200] = 129;
        assert!(Blake2b::restore(&state).is_none());
    }
}
