//! Number-theoretic transforms over the 2^k-th roots of unity of Fr.
//!
//! A Groth16 prover's transforms go from values on the domain to values on the odd coset. Both directions are one walk
//! here: levels from large to small distances (decimation in frequency) give coefficients in bit-reversed order, from
//! which levels from small to large distances (decimation in time) start, so nothing is put in order between. The
//! coset's shift is in the second half's twiddle factors: at the level of size m they are the odd powers of a root of
//! order 2m. The walk is recursive, so that its parts fit the caches, whatever they are.

use std::sync::OnceLock;

use crate::{
    backend::{Arithmetic, Backend, with_arithmetic},
    field::{Field, Fr},
    threads::try_share,
    watch::{Meter, Stopped, Watch},
};

/// The largest k of a domain: r - 1 is divisible by 2^28 and no more.
pub const MAX_LOG_SIZE: u32 = 28;

/// Domains smaller than this have nothing to gain from tables.
const MIN_LOG_SIZE_OF_TABLES: u32 = 8;

/// Blocks of a quarter that are one task of a pass over memory: a few milliseconds.
const CHUNK: usize = 1 << 13;

/// 5^((r-1)/2^28), of order 2^28: the root of which snarkjs and arkworks take powers, too.
const ROOT: Fr = Fr([0x636e735580d13d9c, 0xa22bf3742445ffd6, 0x56452ac01eb203d8, 0x1860ef942963f9e7]);

/// Eight elements next to each other, or their limbs transposed.
pub(crate) type Block = [Fr; 8];

/// The root of unity of order 2^k, or `None` if there is none.
pub fn root_of_unity(k: u32) -> Option<Fr> {
    (k <= MAX_LOG_SIZE).then(|| (k..MAX_LOG_SIZE).fold(ROOT, |root, _| root.square()))
}

/// The domain of the 2^k-th roots of unity, with its tables, which are made when they are first used.
#[derive(Clone, Debug)]
pub struct Domain {
    log_size: u32,
    /// Of order 2^k.
    root: Fr,
    inverse_root: Fr,
    size_inverse: Fr,
    /// A root of order 2^(k+1), whose odd powers are the odd coset.
    odd_shift: Fr,
    /// ω^i and ω^-i for i < 2^(k-1).
    roots: OnceLock<Vec<Fr>>,
    inverse_roots: OnceLock<Vec<Fr>>,
    scalar_tables: OnceLock<Tables>,
    #[cfg(target_arch = "x86_64")]
    lane_tables: OnceLock<Tables>,
}

/// Twiddle factors of the walk to the odd coset, for lanes as these want them.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    /// For m = 16, 32, …, at log m: ω_m^-j for j < m/2.
    down: Vec<Vec<Block>>,
    /// For m = 16, 32, …, at log m: ω_2m^(2j+1) for j < m/2.
    up: Vec<Vec<Block>>,
    /// For m = 2, 4, 8, at m/2 + j.
    pub(crate) small_down: [Fr; 8],
    pub(crate) small_up: [Fr; 8],
    /// 1/2^k.
    pub(crate) scale: Fr,
    /// ω_4/2^k.
    pub(crate) scaled_turn: Fr,
}

impl Tables {
    /// The factors of the level of size 2^log_m ≥ 16 on the way to coefficients.
    #[inline(always)]
    pub(crate) fn down(&self, log_m: u32) -> &[Block] {
        &self.down[log_m as usize]
    }

    /// The factors of the level of size 2^log_m ≥ 16 on the way to values.
    #[inline(always)]
    pub(crate) fn up(&self, log_m: u32) -> &[Block] {
        &self.up[log_m as usize]
    }

    /// Tables for a domain, each block made ready by `block` and each single factor by `single`.
    fn new(domain: &Domain, block: impl Fn(&mut Block), single: impl Fn(Fr) -> Fr) -> Self {
        let mut tables = Self {
            down: vec![Vec::new(); domain.log_size as usize + 1],
            up: vec![Vec::new(); domain.log_size as usize + 1],
            small_down: [Fr::ONE; 8],
            small_up: [Fr::ONE; 8],
            scale: single(domain.size_inverse),
            scaled_turn: Fr::ONE,
        };
        // Of order 2m and m.
        let (mut odd, mut even, mut inverse) = (domain.odd_shift, domain.root, domain.inverse_root);
        for log_m in (1..=domain.log_size).rev() {
            let half = 1usize << (log_m - 1);
            let fill = |first: Fr, ratio: Fr| {
                let mut factors = vec![[first; 8]; half.div_ceil(8)];
                // Eight chains: a product need not wait for the one before it.
                if let Some(start) = factors.first_mut() {
                    for i in 1..8 {
                        start[i] = start[i - 1] * ratio;
                    }
                }
                let stride = ratio.square().square().square();
                for i in 1..factors.len() {
                    factors[i] = factors[i - 1].map(|factor| factor * stride);
                }
                factors
            };
            let (mut down, mut up) = (fill(Fr::ONE, inverse), fill(odd, even));
            if log_m < 4 {
                for j in 0..half {
                    tables.small_down[half + j] = single(down[0][j]);
                    tables.small_up[half + j] = single(up[0][j]);
                }
                if log_m == 1 {
                    tables.scaled_turn = single(up[0][0] * domain.size_inverse);
                }
            } else {
                down.iter_mut().for_each(&block);
                up.iter_mut().for_each(&block);
                tables.down[log_m as usize] = down;
                tables.up[log_m as usize] = up;
            }
            (odd, even, inverse) = (even, even.square(), inverse.square());
        }
        tables
    }
}

impl Domain {
    /// The domain of size 2^k, or `None` if k is 28 or more: its odd coset needs a root of order 2^(k+1).
    pub fn new(k: u32) -> Option<Self> {
        let odd_shift = root_of_unity(k.checked_add(1)?)?;
        let root = odd_shift.square();
        Some(Self {
            log_size: k,
            root,
            inverse_root: root.inverse()?,
            size_inverse: Fr::from_u64(1 << k).inverse()?,
            odd_shift,
            roots: OnceLock::new(),
            inverse_roots: OnceLock::new(),
            scalar_tables: OnceLock::new(),
            #[cfg(target_arch = "x86_64")]
            lane_tables: OnceLock::new(),
        })
    }

    /// The number of points, 2^k.
    pub fn size(&self) -> usize {
        1 << self.log_size
    }

    /// From coefficients to values at ω^0, ω^1, …, in place, by `threads` threads. Panics unless there are `size()`.
    pub fn fft(&self, values: &mut [Fr], _threads: usize) {
        self.transform(values, self.roots.get_or_init(|| powers(self.root, self.size() / 2)));
    }

    /// From values at ω^0, ω^1, … to coefficients, in place, by `threads` threads. Panics unless there are `size()`.
    pub fn ifft(&self, values: &mut [Fr], _threads: usize) {
        self.transform(values, self.inverse_roots.get_or_init(|| powers(self.inverse_root, self.size() / 2)));
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
    pub fn to_odd_coset(
        &self,
        vectors: &mut [&mut [Fr]],
        threads: usize,
        watch: Watch<'_>,
    ) -> Result<(), Stopped> {
        self.to_odd_coset_by(vectors, threads, Backend::best(), watch)
    }

    /// [`Domain::to_odd_coset`] by the instructions of a backend. Panics if this CPU has not got them.
    pub fn to_odd_coset_by(
        &self,
        vectors: &mut [&mut [Fr]],
        threads: usize,
        backend: Backend,
        watch: Watch<'_>,
    ) -> Result<(), Stopped> {
        for values in vectors.iter() {
            assert_eq!(values.len(), self.size(), "as many values as the domain has points");
        }
        if self.log_size < MIN_LOG_SIZE_OF_TABLES {
            for values in vectors {
                self.ifft(values, threads);
                self.coset_fft(values, &self.odd_shift, threads);
            }
            return Ok(());
        }
        let tables = self.tables(backend.checked());

        // Two levels on columns of quarters, then the quarters, then two levels on columns again.
        let log_size = self.log_size;
        let mut vectors: Vec<&mut [Block]> =
            vectors.iter_mut().map(|values| values.as_chunks_mut::<8>().0).collect();
        let chunk = (self.size() / 32).div_ceil(threads.max(1)).min(CHUNK);
        // Counted in blocks of each pass over memory; the quarters' levels take about four.
        let meter = Meter::new(watch, 6 * vectors.len() * self.size() / 8);
        let columns = |vectors: &mut [&mut [Block]], work: &(dyn Fn([&mut [Block]; 4], usize) + Sync)| {
            let mut tasks = Vec::new();
            for vector in vectors {
                let [a, b, c, d] = quarters(vector);
                let parts = a
                    .chunks_mut(chunk)
                    .zip(b.chunks_mut(chunk))
                    .zip(c.chunks_mut(chunk))
                    .zip(d.chunks_mut(chunk));
                for (index, (((a, b), c), d)) in parts.enumerate() {
                    tasks.push(([a, b, c, d], index * chunk));
                }
            }
            try_share(
                threads,
                tasks,
                || (),
                |(), (quarters, at)| {
                    meter.advance(4 * quarters[0].len())?;
                    work(quarters, at);
                    Ok(())
                },
            )
        };
        columns(&mut vectors, &|quarters, at| pass_down(backend, quarters, at, tables, log_size))?;
        let tasks = vectors.iter_mut().flat_map(|vector| quarters(vector)).collect();
        try_share(
            threads,
            tasks,
            || (),
            |(), quarter: &mut [Block]| {
                meter.advance(4 * quarter.len())?;
                turn(backend, quarter, tables, log_size - 2);
                Ok(())
            },
        )?;
        columns(&mut vectors, &|quarters, at| pass_up(backend, quarters, at, tables, log_size))?;
        Ok(())
    }

    /// The tables for a backend.
    fn tables(&self, backend: Backend) -> &Tables {
        match backend {
            #[cfg(target_arch = "x86_64")]
            Backend::Ifma => self.lane_tables.get_or_init(|| {
                // SAFETY: `to_odd_coset_by` has checked that the CPU has it.
                let block = |block: &mut Block| unsafe { crate::ifma::ntt::twiddles(block) };
                Tables::new(self, block, |factor| (0..4).fold(factor, |factor, _| factor.double()))
            }),
            _ => self.scalar_tables.get_or_init(|| Tables::new(self, |_| (), |factor| factor)),
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

/// The four quarters of a slice.
pub(crate) fn quarters(blocks: &mut [Block]) -> [&mut [Block]; 4] {
    let (low, high) = blocks.split_at_mut(blocks.len() / 2);
    let (a, b) = low.split_at_mut(low.len() / 2);
    let (c, d) = high.split_at_mut(high.len() / 2);
    [a, b, c, d]
}

/// The first two levels on a part of the four quarters of 2^log_m elements; `at` is where in the quarters it starts.
fn pass_down(backend: Backend, quarters: [&mut [Block]; 4], at: usize, tables: &Tables, log_m: u32) {
    #[cfg(target_arch = "x86_64")]
    if backend == Backend::Ifma {
        // SAFETY: `to_odd_coset_by` has checked that the CPU has it.
        unsafe { crate::ifma::ntt::pass_down(quarters, at, tables, log_m, true) };
        return;
    }
    with_arithmetic!(backend, A => {
        let [a, b, c, d] = quarters;
        let quarter = (1usize << log_m) / 32;
        level_down::<A>(a, c, &tables.down(log_m)[at..]);
        level_down::<A>(b, d, &tables.down(log_m)[at + quarter..]);
        level_down::<A>(a, b, &tables.down(log_m - 1)[at..]);
        level_down::<A>(c, d, &tables.down(log_m - 1)[at..]);
    })
}

/// The last two levels, likewise.
fn pass_up(backend: Backend, quarters: [&mut [Block]; 4], at: usize, tables: &Tables, log_m: u32) {
    #[cfg(target_arch = "x86_64")]
    if backend == Backend::Ifma {
        // SAFETY: `to_odd_coset_by` has checked that the CPU has it.
        unsafe { crate::ifma::ntt::pass_up(quarters, at, tables, log_m, true) };
        return;
    }
    with_arithmetic!(backend, A => {
        let [a, b, c, d] = quarters;
        let quarter = (1usize << log_m) / 32;
        level_up::<A>(a, b, &tables.up(log_m - 1)[at..]);
        level_up::<A>(c, d, &tables.up(log_m - 1)[at..]);
        level_up::<A>(a, c, &tables.up(log_m)[at..]);
        level_up::<A>(b, d, &tables.up(log_m)[at + quarter..]);
    })
}

/// All levels of 2^log_m ≥ 64 elements, down and up again.
fn turn(backend: Backend, blocks: &mut [Block], tables: &Tables, log_m: u32) {
    #[cfg(target_arch = "x86_64")]
    if backend == Backend::Ifma {
        // SAFETY: `to_odd_coset_by` has checked that the CPU has it.
        unsafe { crate::ifma::ntt::turn(blocks, tables, log_m) };
        return;
    }
    with_arithmetic!(backend, A => turn_scalar::<A>(blocks, tables, log_m))
}

fn turn_scalar<A: Arithmetic>(blocks: &mut [Block], tables: &Tables, log_m: u32) {
    if let [block] = blocks {
        turn_block::<A>(block, tables);
        return;
    }
    let (low, high) = blocks.split_at_mut(blocks.len() / 2);
    level_down::<A>(low, high, tables.down(log_m));
    turn_scalar::<A>(low, tables, log_m - 1);
    turn_scalar::<A>(high, tables, log_m - 1);
    level_up::<A>(low, high, tables.up(log_m));
}

#[inline(always)]
fn level_down<A: Arithmetic>(low: &mut [Block], high: &mut [Block], factors: &[Block]) {
    for ((low, high), factors) in low.iter_mut().zip(high).zip(factors) {
        for ((a, b), factor) in low.iter_mut().zip(high).zip(factors) {
            (*a, *b) = (*a + *b, A::mul(&(*a - *b), factor));
        }
    }
}

#[inline(always)]
fn level_up<A: Arithmetic>(low: &mut [Block], high: &mut [Block], factors: &[Block]) {
    for ((low, high), factors) in low.iter_mut().zip(high).zip(factors) {
        for ((a, b), factor) in low.iter_mut().zip(high).zip(factors) {
            let product = A::mul(b, factor);
            (*a, *b) = (*a + product, *a - product);
        }
    }
}

/// The last three levels down and the first three up.
#[inline(always)]
fn turn_block<A: Arithmetic>(x: &mut Block, tables: &Tables) {
    for distance in [4, 2] {
        for start in (0..8).step_by(2 * distance) {
            for j in start..start + distance {
                let factor = &tables.small_down[distance + j - start];
                (x[j], x[j + distance]) = (x[j] + x[j + distance], A::mul(&(x[j] - x[j + distance]), factor));
            }
        }
    }
    for [a, b] in x.as_chunks_mut::<2>().0 {
        let (sum, difference) = (A::mul(&(*a + *b), &tables.scale), A::mul(&(*a - *b), &tables.scaled_turn));
        (*a, *b) = (sum + difference, sum - difference);
    }
    for distance in [2, 4] {
        for start in (0..8).step_by(2 * distance) {
            for j in start..start + distance {
                let product = A::mul(&x[j + distance], &tables.small_up[distance + j - start]);
                (x[j], x[j + distance]) = (x[j] + product, x[j] - product);
            }
        }
    }
}
