//! Number-theoretic transforms over the 2^k-th roots of unity of Fr.

use crate::field::{Field, Fr};

/// The largest k of a domain: r - 1 is divisible by 2^28 and no more.
pub const MAX_LOG_SIZE: u32 = 28;

/// 5^((r-1)/2^28), of order 2^28: the root of which snarkjs and arkworks take powers, too.
const ROOT: Fr = Fr([0x636e735580d13d9c, 0xa22bf3742445ffd6, 0x56452ac01eb203d8, 0x1860ef942963f9e7]);

/// The root of unity of order 2^k.
pub fn root_of_unity(k: u32) -> Option<Fr> {
    (k <= MAX_LOG_SIZE).then(|| (k..MAX_LOG_SIZE).fold(ROOT, |root, _| root.square()))
}

/// The domain of the 2^k-th roots of unity, with its tables.
#[derive(Clone, Debug)]
pub struct Domain {
    log_size: u32,
    /// ω^i and ω^-i for i < 2^(k-1).
    roots: Vec<Fr>,
    inverse_roots: Vec<Fr>,
    size_inverse: Fr,
    /// A root of order 2^(k+1), whose odd powers are the odd coset.
    odd_shift: Fr,
}

impl Domain {
    /// The domain of size 2^k, or `None` if k is 28 or more: its odd coset needs a root of order 2^(k+1).
    pub fn new(k: u32) -> Option<Self> {
        let odd_shift = root_of_unity(k.checked_add(1)?)?;
        let root = odd_shift.square();
        let size_inverse = Fr::from_u64(1 << k).inverse()?;
        let half = (1usize << k) / 2;
        let inverse_root = root.inverse()?;
        Some(Self {
            log_size: k,
            roots: powers(root, half.max(1)),
            inverse_roots: powers(inverse_root, half.max(1)),
            size_inverse,
            odd_shift,
        })
    }

    /// The number of points, 2^k.
    pub fn size(&self) -> usize {
        1 << self.log_size
    }

    /// From coefficients to values at ω^0, ω^1, …, in place, by `threads` threads. Panics unless there are `size()`.
    pub fn fft(&self, values: &mut [Fr], _threads: usize) {
        self.transform(values, &self.roots);
    }

    /// From values at ω^0, ω^1, … to coefficients, in place, by `threads` threads. Panics unless there are `size()`.
    pub fn ifft(&self, values: &mut [Fr], _threads: usize) {
        self.transform(values, &self.inverse_roots);
        for value in values {
            *value *= self.size_inverse;
        }
    }

    /// From coefficients to values at shift·ω^i, in place, by `threads` threads. Panics unless there are `size()`.
    pub fn coset_fft(&self, values: &mut [Fr], shift: &Fr, threads: usize) {
        let mut power = Fr::ONE;
        for value in values.iter_mut() {
            *value *= power;
            power *= *shift;
        }
        self.fft(values, threads);
    }

    /// From values at shift·ω^i to coefficients, in place, by `threads` threads. Panics unless there are `size()`
    /// and the shift is not zero.
    pub fn coset_ifft(&self, values: &mut [Fr], shift: &Fr, threads: usize) {
        assert!(!shift.is_zero(), "a coset's shift is not zero");
        self.ifft(values, threads);
        let inverse = shift.inverse().unwrap_or(Fr::ONE);
        let mut power = Fr::ONE;
        for value in values.iter_mut() {
            *value *= power;
            power *= inverse;
        }
    }

    /// From values at ω^i to values at the odd coset, w·ω^i with w² = ω, of the polynomial of degree less than 2^k:
    /// for each of several vectors, in place, by `threads` threads. Panics unless each has `size()` values.
    pub fn to_odd_coset(&self, vectors: &mut [&mut [Fr]], threads: usize) {
        for values in vectors {
            self.ifft(values, threads);
            self.coset_fft(values, &self.odd_shift, threads);
        }
    }

    fn transform(&self, values: &mut [Fr], roots: &[Fr]) {
        assert_eq!(values.len(), self.size(), "as many values as the domain has points");
        let bits = self.log_size;
        for i in 0..values.len() {
            let j = if bits == 0 { 0 } else { i.reverse_bits() >> (usize::BITS - bits) };
            if i < j {
                values.swap(i, j);
            }
        }
        for level in 0..bits {
            let half = 1usize << level;
            let stride = values.len() / (2 * half);
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for (i, (a, b)) in low.iter_mut().zip(high).enumerate() {
                    let product = *b * roots[i * stride];
                    (*a, *b) = (*a + product, *a - product);
                }
            }
        }
    }
}

fn powers(base: Fr, count: usize) -> Vec<Fr> {
    core::iter::successors(Some(Fr::ONE), |power| Some(*power * base)).take(count).collect()
}
