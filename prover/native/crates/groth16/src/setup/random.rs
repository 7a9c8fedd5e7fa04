//! Numbers and points that a seed decides, as snarkjs draws them: ChaCha20, whose seed words are big-endian.
//!
//! A beacon's contribution can be repeated by all only if all draw the same numbers from it: which they are is therefore
//! part of the file formats. Facts: iden3/ffjavascript, src/chacha.js and `fromRng` of fields and curves; iden3/snarkjs, src/misc.js and
//! src/keypair.js. A drawn number is taken as it is for an element's Montgomery form.

use bn254::{Affine, Field, Fq, Fq2, Fr, G1Affine, G2Affine, Group};
use sha2::{Digest, Sha256};

use super::blake2b::{Blake2b, COLUMNS_AND_DIAGONALS};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::modulus::{Q, R, Words, is_below};

/// The exponents of a beacon's iterations: 2^10 to 2^63 times.
pub(crate) const BEACON_EXPONENTS: std::ops::RangeInclusive<u8> = 10..=63;
/// Iterations between two looks at whether the work was cancelled.
const PIECE: u64 = 1 << 20;
/// The order of G2's curve over the subgroup's order.
const COFACTOR: Words =
    [0x345f_2299_c0f9_fa8d, 0x06ce_ecda_572a_2489, 0xb850_45b6_8181_585e, 0x3064_4e72_e131_a029];
/// (q + 1)/4 and (q + 1)/2.
const ROOT_EXPONENT: Words =
    [0x4f08_2305_b61f_3f52, 0x65e0_5aa4_5a1c_72a3, 0x6e14_116d_a060_5617, 0x0c19_139c_b84c_680a];
const NEGATIVE_FROM: Words =
    [0x9e10_460b_6c3e_7ea4, 0xcbc0_b548_b438_e546, 0xdc28_22db_40c0_ac2e, 0x1832_2739_7098_d014];

/// A stream of numbers from a seed.
pub(crate) struct Stream {
    state: [u32; 16],
    block: [u32; 16],
    next: usize,
}

impl Drop for Stream {
    fn drop(&mut self) {
        crate::memory::wipe(&mut self.state);
        crate::memory::wipe(&mut self.block);
    }
}

impl Stream {
    /// The stream of a seed; of a longer hash, its first 32 bytes.
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        let mut state = [0; 16];
        state[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        for (word, bytes) in state[4..12].iter_mut().zip(seed.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        Self { state, block: [0; 16], next: 16 }
    }

    /// The stream of a hash's first half.
    fn of_hash(hash: &[u8; 64]) -> Self {
        let mut seed = [0; 32];
        seed.copy_from_slice(&hash[..32]);
        let stream = Self::new(&seed);
        crate::memory::wipe(&mut seed);
        stream
    }

    /// A stream that nobody can repeat: from the system's random numbers and whatever a contributor adds to them.
    pub(crate) fn from_entropy(entropy: &[u8]) -> Result<Self> {
        let mut drawn = [0u8; 64];
        crate::random::fill(&mut drawn)?;
        let mut hash = Blake2b::new();
        hash.update(&drawn);
        hash.update(entropy);
        crate::memory::wipe(&mut drawn);
        let mut hash = hash.finish();
        let stream = Self::of_hash(&hash);
        crate::memory::wipe(&mut hash);
        Ok(stream)
    }

    /// The stream of a beacon: its value, hashed 2^exponent times by SHA-256.
    pub(crate) fn from_beacon(value: &[u8], exponent: u8, control: &Control) -> Result<Self> {
        let mut hash: [u8; 32] = Sha256::digest(value).into();
        let mut left = (1u64 << exponent) - 1;
        while left > 0 {
            control.check()?;
            let piece = left.min(PIECE);
            for _ in 0..piece {
                hash = Sha256::digest(hash).into();
            }
            left -= piece;
        }
        Ok(Self::new(&hash))
    }

    fn u32(&mut self) -> u32 {
        if self.next == 16 {
            self.block = self.state;
            for _ in 0..10 {
                for [a, b, c, d] in COLUMNS_AND_DIAGONALS {
                    self.quarter(a, b, [d, c], [16, 12]);
                    self.quarter(a, b, [d, c], [8, 7]);
                }
            }
            for (word, before) in self.block.iter_mut().zip(self.state) {
                *word = word.wrapping_add(before);
            }
            // The last four words count the blocks.
            for word in &mut self.state[12..] {
                *word = word.wrapping_add(1);
                if *word != 0 {
                    break;
                }
            }
            self.next = 0;
        }
        self.next += 1;
        self.block[self.next - 1]
    }

    fn quarter(&mut self, a: usize, b: usize, [d, c]: [usize; 2], [first, second]: [u32; 2]) {
        let s = &mut self.block;
        s[a] = s[a].wrapping_add(s[b]);
        s[d] = (s[d] ^ s[a]).rotate_left(first);
        s[c] = s[c].wrapping_add(s[d]);
        s[b] = (s[b] ^ s[c]).rotate_left(second);
    }

    fn bit(&mut self) -> bool {
        self.u32() & 1 == 1
    }

    /// 254 bits, drawn again until they are below the modulus.
    fn words(&mut self, modulus: &Words) -> Words {
        loop {
            let mut words: Words =
                std::array::from_fn(|_| u64::from(self.u32()) << 32 | u64::from(self.u32()));
            words[3] &= u64::MAX >> 2;
            if is_below(&words, modulus) {
                return words;
            }
        }
    }

    /// A scalar.
    pub(crate) fn scalar(&mut self) -> Fr {
        Fr(self.words(&R))
    }

    fn point<F: Drawn>(&mut self) -> Affine<F> {
        loop {
            let x = F::draw(self);
            let negative = self.bit();
            if let Some(root) = (x.square() * x + F::B).root() {
                let y = if root.is_negative() == negative { root } else { -root };
                return Affine { x, y };
            }
        }
    }

    /// A point of G1.
    pub(crate) fn g1(&mut self) -> G1Affine {
        self.point()
    }

    /// A point of G2.
    fn g2(&mut self) -> G2Affine {
        self.point::<Fq2>().mul_plain(&COFACTOR).to_affine()
    }
}

/// The point of G2 that a hash decides.
pub(crate) fn hash_to_g2(hash: &[u8; 64]) -> G2Affine {
    Stream::of_hash(hash).g2()
}

/// Refuse a beacon that snarkjs does not take.
pub(crate) fn check_beacon(value: &[u8], exponent: u8) -> Result<()> {
    if value.is_empty() || value.len() > 255 {
        let message = format!("a beacon has 1 to 255 bytes; {} came", value.len());
        return Err(Error::new(Kind::Usage, message));
    }
    if !BEACON_EXPONENTS.contains(&exponent) {
        let message = format!("a beacon is hashed 2^10 to 2^63 times; 2^{exponent} was asked for");
        return Err(Error::new(Kind::Usage, message));
    }
    Ok(())
}

/// A field of coordinates that points can be drawn in.
pub(crate) trait Drawn: Group {
    fn draw(stream: &mut Stream) -> Self;

    /// A square root.
    fn root(&self) -> Option<Self>;

    /// Whether the number, of two the second that is not zero, is in the upper half.
    fn is_negative(&self) -> bool;
}

impl Drawn for Fq {
    fn draw(stream: &mut Stream) -> Self {
        Self(stream.words(&Q))
    }

    fn root(&self) -> Option<Self> {
        let root = self.pow(&ROOT_EXPONENT);
        (root.square() == *self).then_some(root)
    }

    fn is_negative(&self) -> bool {
        !is_below(&self.to_plain(), &NEGATIVE_FROM)
    }
}

impl Drawn for Fq2 {
    fn draw(stream: &mut Stream) -> Self {
        let c0 = Fq::draw(stream);
        Self { c0, c1: Fq::draw(stream) }
    }

    fn root(&self) -> Option<Self> {
        // (a + b·u)² = self: a² - b² = c0 and 2·a·b = c1, so a² = (c0 ± norm's root)/2 for one of the two signs.
        let norm_root = (self.c0.square() + self.c1.square()).root()?;
        let half = Fq::from_u64(2).inverse()?;
        let a = [norm_root, -norm_root].into_iter().find_map(|root| ((self.c0 + root) * half).root())?;
        let b = match a.inverse() {
            Some(inverse) => self.c1 * half * inverse,
            // Then c1 = 0 and -c0 is a square.
            None => (-self.c0).root()?,
        };
        let root = Self { c0: a, c1: b };
        (root.square() == *self).then_some(root)
    }

    fn is_negative(&self) -> bool {
        if self.c1.is_zero() { self.c0.is_negative() } else { self.c1.is_negative() }
    }
}
