//! The same work on each of many points: products, sums and differences, in batches that share an inversion.

use crate::{
    backend::Backend,
    curve::{Affine, CurveField},
    field::{Fq, Fr},
    fq2::Fq2,
    limbs,
    pairs::{NEGATED, Pair, PairAdder, PairField, Source},
    threads::share,
};

/// Points that go through all steps of a product together: with their tables they fit a core's own cache.
const BATCH: usize = 768;

/// Odd multiples in a point's table: 1, 3, 5, 7 times.
const TABLE: usize = 4;

/// Bits of a digit, its sign included.
const WIDTH: u32 = 4;

/// r - 1.
const MINUS_ONE: [u64; 4] = [Fr::MODULUS[0] - 1, Fr::MODULUS[1], Fr::MODULUS[2], Fr::MODULUS[3]];

/// A group whose points can be worked on in batches.
pub trait Group: CurveField {
    /// Replaces each point by `scalars[i]·points[i]`, by `threads` threads.
    ///
    /// Scalars are plain integers less than r, points canonical and in the subgroup of order r: for others the result is
    /// unspecified. Times depend on the scalars. Panics if the slices differ in length.
    fn mul_each(points: &mut [Affine<Self>], scalars: &[[u64; 4]], threads: usize);

    /// Replaces each `(low[i], high[i])` by their sum and their difference, by `threads` threads.
    ///
    /// Points are canonical and on the curve. Panics if the slices differ in length.
    fn butterflies(low: &mut [Affine<Self>], high: &mut [Affine<Self>], threads: usize);

    /// The sums of runs of points that follow each other: run i has the points from `ends[i - 1]` to `ends[i]`.
    ///
    /// Points are canonical and on the curve. Panics if an end is beyond the points or before the one before it.
    fn sum_runs(points: &[Affine<Self>], ends: &[usize], threads: usize) -> Vec<Affine<Self>>;
}

macro_rules! group {
    ($field:ty) => {
        impl Group for $field {
            fn mul_each(points: &mut [Affine<Self>], scalars: &[[u64; 4]], threads: usize) {
                mul_each(points, scalars, threads);
            }

            fn butterflies(low: &mut [Affine<Self>], high: &mut [Affine<Self>], threads: usize) {
                butterflies(low, high, threads);
            }

            fn sum_runs(points: &[Affine<Self>], ends: &[usize], threads: usize) -> Vec<Affine<Self>> {
                sum_runs(points, ends, threads)
            }
        }
    };
}
group!(Fq);
group!(Fq2);

/// What the endomorphism x → β·x, y → y needs: on the subgroup it multiplies by λ, a cube root of one.
trait Endomorphism: PairField {
    /// β·self.
    fn times_beta(&self) -> Self;

    /// The coordinate as numbers less than q: batches leave some that exceed it by a hair.
    fn canonical(&self) -> Self;
}

impl Endomorphism for Fq {
    fn times_beta(&self) -> Self {
        *self * BETA_G1
    }

    fn canonical(&self) -> Self {
        Self(limbs::reduce_once(&self.0, &Self::MODULUS))
    }
}

impl Endomorphism for Fq2 {
    fn times_beta(&self) -> Self {
        *self * BETA_G2
    }

    fn canonical(&self) -> Self {
        Self::new(self.c0.canonical(), self.c1.canonical())
    }
}

fn canonical<F: Endomorphism>(point: &Affine<F>) -> Affine<F> {
    Affine { x: point.x.canonical(), y: point.y.canonical() }
}

/// The cube root of one in Fq that belongs to λ in G1.
const BETA_G1: Fq = Fq([0x71930c11d782e155, 0xa6bb947cffbe3323, 0xaa303344d4741444, 0x2c3b3f0d26594943]);
/// The one that belongs to λ in G2.
const BETA_G2: Fq = Fq([0x3350c88e13e80b9c, 0x7dce557cdb5e56b9, 0x6001b4b8b615564a, 0x2682e617020217e0]);

/// A short basis (A1, -B1), (A2, A1) of the pairs (a, b) with a + b·λ = 0 modulo r; its determinant is r.
const A1: u128 = 0x89d3256894d213e3;
const B1: u128 = 0x6f4d8248eeb859fc8211bbeb7d4f1128;
const A2: u128 = 0x6f4d8248eeb859fd0be4e1541221250b;
/// A1·2^256/r and B1·2^256/r, rounded down.
const A1_OVER_R: [u64; 3] = [0xd91d232ec7e0b3d7, 0x0000000000000002, 0x0000000000000000];
const B1_OVER_R: [u64; 3] = [0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 0x0000000000000002];

/// `(a, b)` of half the size with a + b·λ = scalar modulo r.
fn halves(scalar: &[u64; 4]) -> (i128, i128) {
    // The closest point of the lattice, but for rounding: a and b are then less than 3/4 of the basis' sums, 2^127.
    let (c1, c2) = (times_over_2_256(scalar, &A1_OVER_R), times_over_2_256(scalar, &B1_OVER_R));
    let low = u128::from(scalar[0]) | u128::from(scalar[1]) << 64;
    let a = low.wrapping_sub(c1.wrapping_mul(A1)).wrapping_sub(c2.wrapping_mul(A2));
    let b = c1.wrapping_mul(B1).wrapping_sub(c2.wrapping_mul(A1));
    (a as i128, b as i128)
}

/// The integer closest to `a·b/2^256`, modulo 2^128.
fn times_over_2_256(a: &[u64; 4], b: &[u64; 3]) -> u128 {
    let mut product = [0u64; 7];
    for (i, a) in a.iter().enumerate() {
        let mut carry = 0;
        for (j, b) in b.iter().enumerate() {
            (product[i + j], carry) = limbs::mac(product[i + j], *a, *b, carry);
        }
        product[i + 3] = carry;
    }
    let rounded = u128::from(product[4]) | u128::from(product[5]) << 64;
    rounded.wrapping_add(u128::from(product[3] >> 63))
}

/// The signed odd digits of a number, at most 7: `(position, digit)`, the highest position last.
fn digits(number: i128, out: &mut Vec<(u8, i8)>) {
    out.clear();
    let negative = number < 0;
    let mut rest = number.unsigned_abs();
    let mut position = 0u32;
    while rest != 0 {
        let zeros = rest.trailing_zeros();
        rest >>= zeros;
        position += zeros;
        let low = (rest & ((1 << WIDTH) - 1)) as i8;
        let digit = if low < 1 << (WIDTH - 1) { low } else { low - (1 << WIDTH) };
        // The number is below 2^127, so adding a digit's size does not overflow.
        rest = rest.wrapping_sub(digit as i128 as u128);
        out.push((position as u8, if negative { -digit } else { digit }));
    }
}

fn mul_each<F: Endomorphism>(points: &mut [Affine<F>], scalars: &[[u64; 4]], threads: usize) {
    assert_eq!(points.len(), scalars.len(), "as many scalars as points");
    let batch = BATCH.min(points.len().div_ceil(threads.max(1))).max(16);
    let tasks: Vec<_> = points.chunks_mut(batch).zip(scalars.chunks(batch)).collect();
    share(threads, tasks, || Scaler::new(), |scaler, (points, scalars)| scaler.scale(points, scalars));
}

/// Multiplies batches, with memory of its own that is used again.
struct Scaler<F> {
    adder: PairAdder<F>,
    /// The running sums, then the tables, then the tables of β: of each item the first multiple, then the second ...
    points: Vec<Affine<F>>,
    pairs: Vec<Pair>,
    /// For each item the digits of both halves.
    digits: Vec<[Vec<(u8, i8)>; 2]>,
}

impl<F: Endomorphism> Scaler<F> {
    fn new() -> Self {
        Self {
            adder: PairAdder::new(Backend::best()),
            points: Vec::new(),
            pairs: Vec::new(),
            digits: Vec::new(),
        }
    }

    fn scale(&mut self, points: &mut [Affine<F>], scalars: &[[u64; 4]]) {
        // What needs no product is done at once.
        let mut items: Vec<usize> = Vec::with_capacity(points.len());
        for (index, (point, scalar)) in points.iter_mut().zip(scalars).enumerate() {
            if limbs::is_zero(scalar) || point.is_infinity() {
                *point = Affine::INFINITY;
            } else if *scalar == MINUS_ONE {
                *point = -*point;
            } else if *scalar != [1, 0, 0, 0] {
                items.push(index);
            }
        }
        let count = items.len();
        self.tables(points, &items);
        self.digits.resize_with(count.max(self.digits.len()), Default::default);
        let mut top = 0;
        for (digits, item) in self.digits.iter_mut().zip(&items) {
            let (a, b) = halves(&scalars[*item]);
            for (digits_of, number) in digits.iter_mut().zip([a, b]) {
                self::digits(number, digits_of);
                top = top.max(digits_of.last().map_or(0, |(position, _)| *position));
            }
        }
        let count32 = count as u32;
        for position in (0..=top).rev() {
            self.pairs.clear();
            for item in 0..count32 {
                if !self.points[item as usize].is_infinity() {
                    self.pairs.push(Pair { left: item, right: item, sum: item });
                }
            }
            self.adder.add(Source::Target, &mut self.points, &self.pairs);
            for half in 0..2u32 {
                self.pairs.clear();
                for (item, digits) in (0u32..).zip(&mut self.digits[..count]) {
                    let digits = &mut digits[half as usize];
                    let Some((_, digit)) = digits.pop_if(|(at, _)| *at == position) else { continue };
                    let multiple = u32::from(digit.unsigned_abs() / 2);
                    let entry = count32 * (1 + half * TABLE as u32 + multiple) + item;
                    let sign = if digit < 0 { NEGATED } else { 0 };
                    self.pairs.push(Pair { left: item, right: entry | sign, sum: item });
                }
                self.adder.add(Source::Target, &mut self.points, &self.pairs);
            }
        }
        for (item, product) in items.iter().zip(&self.points) {
            points[*item] = canonical(product);
        }
    }

    /// Fills `self.points`: sums at infinity, odd multiples of the items' points, the same times β.
    fn tables(&mut self, points: &[Affine<F>], items: &[usize]) {
        let count = items.len();
        self.points.clear();
        self.points.resize(count * (1 + 2 * TABLE), Affine::INFINITY);
        for (entry, item) in self.points[count..].iter_mut().zip(items) {
            *entry = points[*item];
        }
        // Twice the point, for a while where the sums will be.
        let index = |multiple: usize, item: usize| (count * multiple + item) as u32;
        let add = |this: &mut Self, left: usize, right: usize, sum: usize| {
            this.pairs.clear();
            this.pairs.extend((0..count).map(|item| Pair {
                left: index(left, item),
                right: index(right, item),
                sum: index(sum, item),
            }));
            this.adder.add(Source::Target, &mut this.points, &this.pairs);
        };
        add(self, 1, 1, 0);
        for multiple in 1..TABLE {
            add(self, multiple, 0, multiple + 1);
        }
        let (all, images) = self.points.split_at_mut(count * (1 + TABLE));
        for (image, point) in images.iter_mut().zip(&all[count..]) {
            *image = Affine { x: point.x.times_beta(), y: point.y };
        }
        all[..count].fill(Affine::INFINITY);
    }
}

fn butterflies<F: Endomorphism>(low: &mut [Affine<F>], high: &mut [Affine<F>], threads: usize) {
    assert_eq!(low.len(), high.len(), "as many points in both halves");
    let batch = (2 * BATCH).min(low.len().div_ceil(threads.max(1))).max(16);
    let tasks: Vec<_> = low.chunks_mut(batch).zip(high.chunks_mut(batch)).collect();
    let state = || (PairAdder::new(Backend::best()), Vec::new(), Vec::new());
    share(threads, tasks, state, |(adder, source, target), (low, high)| {
        let count = low.len();
        source.clear();
        source.extend_from_slice(low);
        source.extend_from_slice(high);
        target.clear();
        target.resize(2 * count, Affine::INFINITY);
        let half = count as u32;
        let pairs: Vec<Pair> = (0..half)
            .flat_map(|i| {
                let (left, right) = (i, i + half);
                [Pair { left, right, sum: i }, Pair { left, right: right | NEGATED, sum: i + half }]
            })
            .collect();
        adder.add(Source::Other(source), target, &pairs);
        for (point, result) in low.iter_mut().chain(high).zip(target.iter()) {
            *point = canonical(result);
        }
    });
}

fn sum_runs<F: Endomorphism>(points: &[Affine<F>], ends: &[usize], threads: usize) -> Vec<Affine<F>> {
    // Tasks of whole runs, of about equal size.
    let share_of = points.len().div_ceil(4 * threads.max(1)).max(1);
    let mut tasks = Vec::new();
    let (mut first, mut start) = (0, 0);
    for (index, end) in ends.iter().enumerate() {
        if end - start >= share_of || index + 1 == ends.len() {
            tasks.push((start, &points[start..*end], &ends[first..=index]));
            (first, start) = (index + 1, *end);
        }
    }
    let sums = share(
        threads,
        tasks,
        || PairAdder::new(Backend::best()),
        |adder, (offset, points, ends)| sum_runs_of(adder, points, offset, ends),
    );
    sums.into_iter().flatten().collect()
}

fn sum_runs_of<F: Endomorphism>(
    adder: &mut PairAdder<F>,
    points: &[Affine<F>],
    offset: usize,
    ends: &[usize],
) -> Vec<Affine<F>> {
    let mut sums = points.to_vec();
    // What is left of a run stands at its start.
    let mut start = 0;
    let mut runs: Vec<(usize, usize)> = Vec::with_capacity(ends.len());
    for end in ends {
        runs.push((start, end - offset - start));
        start = end - offset;
    }
    let mut left = runs.clone();
    let mut stride = 1;
    let mut pairs = Vec::new();
    loop {
        pairs.clear();
        left.retain_mut(|(start, count)| {
            for i in 0..*count / 2 {
                let at = (*start + 2 * i * stride) as u32;
                pairs.push(Pair { left: at, right: at + stride as u32, sum: at });
            }
            *count = count.div_ceil(2);
            *count > 1
        });
        if pairs.is_empty() {
            break;
        }
        adder.add(Source::Target, &mut sums, &pairs);
        stride *= 2;
    }
    let sum = |(start, count): &(usize, usize)| {
        if *count == 0 { Affine::INFINITY } else { canonical(&sums[*start]) }
    };
    runs.iter().map(sum).collect()
}
