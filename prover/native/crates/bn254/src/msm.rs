//! Multi-scalar multiplication: Pippenger's buckets, with every addition in a batch of independent affine pairs.
//!
//! 1. A scalar s > r/2 becomes r - s with the base negated, and is cut into signed digits of c bits: base i with digit d
//!    of window w belongs into bucket |d| of w with d's sign. Zero digits belong nowhere, so scalars that are zero, one
//!    or minus one cost next to nothing.
//! 2. Per window, the bases are sorted by bucket.
//! 3. Each bucket is summed as a tree: its bases are paired, then the sums. All buckets' pairs of one level are one batch.
//!    Nothing depends on how full a bucket is: the bucket of all ones is a tree of as many levels as its size has bits,
//!    and is shared among threads.
//! 4. A window's sum Σ b·S_b is 2·Σ b·(S_2b + S_2b+1) + Σ S_2b+1, and so on: again trees, two additions for a bucket.
//! 5. What remains is a point for each bit of a scalar, added up by doubling.

use crate::{
    backend::Backend,
    curve::{Affine, G1, G1Affine, G2, G2Affine, Point},
    field::Fq,
    field::Fr,
    fq2::Fq2,
    limbs,
    pairs::{NEGATED, Pair, PairAdder, PairField, Source, signed},
    threads::{share, try_share},
    watch::{Meter, Stopped, UNWATCHED, Watch},
    wipe::Secret,
};

/// How kernels do their work.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The number of threads to use, at least 1.
    pub threads: usize,
    /// The instructions to use.
    pub backend: Backend,
    /// Who watches, several times in a tenth of a second.
    pub watch: Watch<'a>,
}

impl Options<'_> {
    /// The fastest way, by so many threads, watched by nobody.
    pub fn new(threads: usize) -> Self {
        Self { threads, backend: Backend::best(), watch: UNWATCHED }
    }
}

/// Bases in one or both groups that are to be multiplied by the same scalars.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bases<'a> {
    /// The scalar that belongs to base 0.
    pub first_scalar: usize,
    /// The indices of the bases that are not at infinity in all groups, see [`finite`].
    pub finite: &'a [u32],
    /// Bases in G1, or none.
    pub g1: Option<&'a [G1Affine]>,
    /// Bases in G2, or none.
    pub g2: Option<&'a [G2Affine]>,
}

/// The indices of the points that are not at infinity: found once for each key. Panics if there are 2^31 points.
pub fn finite<F: crate::CurveField>(points: &[Affine<F>]) -> Vec<u32> {
    assert!(points.len() < 1 << 31, "fewer than 2^31 bases");
    (0u32..).zip(points).filter(|(_, point)| !point.is_infinity()).map(|(index, _)| index).collect()
}

/// The sum of `scalars[i]·bases[i]` in G1, by `threads` threads.
///
/// Scalars are plain integers less than r, bases canonical and on the curve: for others it panics or the result is
/// unspecified. Panics if the slices differ in length.
pub fn msm_g1(bases: &[G1Affine], scalars: &[[u64; 4]], threads: usize) -> G1 {
    assert_eq!(bases.len(), scalars.len(), "as many scalars as bases");
    let all = Bases { finite: &finite(bases), g1: Some(bases), ..Bases::default() };
    unwatched(scalars, &all, threads).0
}

/// The sum of `scalars[i]·bases[i]` in G2, by `threads` threads.
///
/// Scalars are plain integers less than r, bases canonical and on the curve: for others it panics or the result is
/// unspecified. Panics if the slices differ in length.
pub fn msm_g2(bases: &[G2Affine], scalars: &[[u64; 4]], threads: usize) -> G2 {
    assert_eq!(bases.len(), scalars.len(), "as many scalars as bases");
    let all = Bases { finite: &finite(bases), g2: Some(bases), ..Bases::default() };
    unwatched(scalars, &all, threads).1
}

fn unwatched(scalars: &[[u64; 4]], bases: &Bases<'_>, threads: usize) -> (G1, G2) {
    msm(scalars, bases, &Options::new(threads)).unwrap_or_else(|Stopped| unreachable!("nobody stops it"))
}

/// Scalars are at most (r-1)/2 after a sign is taken out: 253 bits.
const BITS: usize = 253;

/// The widest window. A digit's bucket is a 16-bit number.
const MAX_WIDTH: usize = 16;

/// Entries (bases in a bucket) that are sorted at a time: bounds the memory of large sums.
const WAVE_ENTRIES: usize = 1 << 22;

/// How many additions in G1 take as long as one in G2.
const WEIGHT_OF_G2: usize = 3;

/// How scalars are cut into windows.
#[derive(Clone, Copy, Debug)]
struct Windows {
    /// Bits of a digit.
    width: usize,
    /// Number of windows.
    count: usize,
    /// What is added to a scalar so that every digit but the highest is positive: the digit's offset 2^(width-1) in
    /// each of their windows. A digit is then a function of its own bits alone.
    bias: [u64; 4],
    /// The largest digit of the highest window, which has no offset.
    top: usize,
}

impl Windows {
    fn new(width: usize) -> Self {
        let count = BITS.div_ceil(width);
        let mut bias = [0u64; 4];
        for window in 0..count - 1 {
            let bit = window * width + width - 1;
            bias[bit / 64] |= 1 << (bit % 64);
        }
        let half_r = [
            Fr::MODULUS[0] >> 1 | Fr::MODULUS[1] << 63,
            Fr::MODULUS[1] >> 1 | Fr::MODULUS[2] << 63,
            Fr::MODULUS[2] >> 1 | Fr::MODULUS[3] << 63,
            Fr::MODULUS[3] >> 1,
        ];
        let largest = limbs::add(&half_r, &bias).0;
        let mut windows = Self { width, count, bias, top: usize::MAX };
        windows.top = windows.raw_digit(&largest, count - 1) as usize;
        windows
    }

    /// The width that makes the least work for scalars of these lengths in bits.
    fn best(lengths: &Lengths) -> Self {
        // longer[l]: the scalars of more than l bits.
        let mut longer = [0usize; BITS + 1];
        for length in (0..BITS).rev() {
            longer[length] = longer[length + 1] + lengths[length + 1];
        }
        let cost = |windows: &Self| -> usize {
            let of_window = |window: usize| {
                // Measured in additions: each entry is one; a bucket that is used is two, and as much again for its
                // memory, but its first entry is none; to look at an empty one costs a sixth. A window costs forty.
                let entries = longer[(window * windows.width).min(BITS)];
                if entries == 0 {
                    return 0;
                }
                entries + 11 * windows.half().min(entries) / 4 + windows.half() / 6 + 40
            };
            (0..windows.count).map(of_window).sum()
        };
        (2..=MAX_WIDTH).map(Self::new).min_by_key(cost).unwrap_or_else(|| Self::new(8))
    }

    /// 2^(width-1).
    fn half(&self) -> usize {
        1 << (self.width - 1)
    }

    /// The number of a window's slots: buckets from 0 to the largest digit.
    fn slots(&self, window: usize) -> usize {
        1 + if window + 1 == self.count { self.top } else { self.half() }
    }

    /// The bits of a window, of a scalar with the bias.
    #[inline(always)]
    fn raw_digit(&self, scalar: &[u64; 4], window: usize) -> u64 {
        let bit = window * self.width;
        let low = scalar[bit / 64] >> (bit % 64);
        let high = scalar.get(bit / 64 + 1).map_or(0, |limb| limb << 1 << (63 - bit % 64));
        let digit = low | high;
        if window + 1 == self.count { digit } else { digit & ((1 << self.width) - 1) }
    }

    /// A digit as its bucket, with [`NEGATED`].
    #[inline(always)]
    fn digit(&self, scalar: &[u64; 4], window: usize) -> u32 {
        let offset = if window + 1 == self.count { 0 } else { self.half() as i32 };
        let digit = self.raw_digit(scalar, window) as i32 - offset;
        digit.unsigned_abs() | (digit as u32 & NEGATED)
    }
}

/// Scalars ready to be cut, with the index of their base, perhaps [`NEGATED`].
struct Recoded {
    /// Scalars of full size, with the bias.
    full: Secret<(u32, [u64; 4])>,
    /// Scalars less than 2^(width-1): one digit in window 0.
    small: Secret<(u32, u32)>,
}

/// How many scalars there are of each length in bits.
type Lengths = [usize; BITS + 1];

/// The length of a number of at most 253 bits.
#[inline(always)]
fn length(value: &[u64; 4]) -> usize {
    let limb = (0..4).rev().find(|limb| value[*limb] != 0).unwrap_or(0);
    64 * limb + 64 - value[limb].leading_zeros() as usize
}

/// The magnitude of a scalar as a number from 0 to (r-1)/2, and whether it is negative.
#[inline(always)]
fn magnitude(scalar: &[u64; 4]) -> ([u64; 4], bool) {
    let negative = limbs::sub(&Fr::MODULUS, scalar).0;
    if limbs::less_than(&negative, scalar) { (negative, true) } else { (*scalar, false) }
}

/// One window's bases sorted by bucket; nothing at all if there are none.
#[derive(Default)]
struct Sorted {
    /// Where each bucket's entries end.
    ends: Secret<u32>,
    /// Indices of bases, perhaps [`NEGATED`].
    entries: Secret<u32>,
}

/// A part of one bucket's entries.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The bucket's slot in the wave.
    slot: u32,
    /// The window in the wave.
    window: u32,
    /// The entries in the window.
    start: u32,
    end: u32,
}

/// The sums of `scalars[first_scalar + i]·base[i]` in G1 and in G2 (infinity where there are no bases).
///
/// Scalars are plain integers less than r, bases canonical and on the curve: for others it panics or the result is
/// unspecified. Panics if an index in `finite` is beyond the bases or has no scalar, or if this CPU has not got the
/// backend's instructions.
pub fn msm(scalars: &[[u64; 4]], set: &Bases<'_>, options: &Options<'_>) -> Result<(G1, G2), Stopped> {
    let threads = options.threads.max(1);
    let count = set.finite.len();
    if count == 0 {
        return Ok((G1::INFINITY, G2::INFINITY));
    }
    let scalar_of = |index: u32| &scalars[set.first_scalar + index as usize];
    let parts = || set.finite.chunks(count.div_ceil(threads)).collect::<Vec<_>>();

    // The width is chosen by the scalars' lengths.
    let lengths = share(
        threads,
        parts(),
        || (),
        |(), part| {
            let mut lengths: Lengths = [0; BITS + 1];
            for index in part {
                lengths[length(&magnitude(scalar_of(*index)).0)] += 1;
            }
            lengths
        },
    );
    let mut all: Lengths = [0; BITS + 1];
    for lengths in &lengths {
        all.iter_mut().zip(lengths).for_each(|(all, length)| *all += length);
    }
    let windows = Windows::best(&all);
    let half = windows.half() as u64;
    let tasks = parts().into_iter().zip(&lengths).collect();
    let recoded = share(
        threads,
        tasks,
        || (),
        |(), (part, lengths): (&[u32], &Lengths)| {
            let small = lengths[1..windows.width].iter().sum();
            let full = lengths[windows.width..].iter().sum();
            let mut recoded =
                Recoded { full: Secret(Vec::with_capacity(full)), small: Secret(Vec::with_capacity(small)) };
            for index in part {
                let (value, negative) = magnitude(scalar_of(*index));
                let entry = index | if negative { NEGATED } else { 0 };
                if value[1] | value[2] | value[3] == 0 && value[0] < half {
                    if value[0] != 0 {
                        recoded.small.0.push((entry, value[0] as u32));
                    }
                } else {
                    recoded.full.0.push((entry, limbs::add(&value, &windows.bias).0));
                }
            }
            recoded
        },
    );

    // A scalar has a digit in each window that it reaches. An addition in G2 takes as long as about three in G1.
    let digits = |(length, count): (usize, &usize)| count * (length / windows.width + 1).min(windows.count);
    let entries: usize = all.iter().enumerate().skip(1).map(digits).sum();
    let groups = set.g1.map_or(0, |_| 1) + set.g2.map_or(0, |_| WEIGHT_OF_G2);
    let meter = Meter::new(options.watch, entries * groups);
    meter.advance(0)?;

    let per_wave = (WAVE_ENTRIES / (count + 1)).clamp(threads.min(windows.count), windows.count);
    let mut bits = (Vec::new(), Vec::new());
    let mut first = 0;
    while first < windows.count {
        let end = (first + per_wave).min(windows.count);
        let tasks: Vec<usize> = (first..end).collect();
        let sort = |(): &mut (), window| {
            meter.advance(0)?;
            Ok(sort(&windows, &recoded, window))
        };
        let sorted = try_share(threads, tasks, || (), sort)?;
        if let Some(points) = set.g1 {
            let advance = |entries| meter.advance(entries);
            bits.0.extend(wave(&windows, points, first, &sorted, threads, options.backend, &advance)?);
        }
        if let Some(points) = set.g2 {
            let advance = |entries| meter.advance(WEIGHT_OF_G2 * entries);
            bits.1.extend(wave(&windows, points, first, &sorted, threads, options.backend, &advance)?);
        }
        first = end;
    }
    Ok((by_doubling::<Fq>(bits.0), by_doubling::<Fq2>(bits.1)))
}

/// Sorts one window's bases by bucket. Bucket 0 is left out.
fn sort(windows: &Windows, recoded: &[Recoded], window: usize) -> Sorted {
    let mut ends = vec![0u32; windows.slots(window)];
    for part in recoded {
        for (_, scalar) in &part.full.0 {
            ends[(windows.digit(scalar, window) & !NEGATED) as usize] += 1;
        }
        if window == 0 {
            for (_, digit) in &part.small.0 {
                ends[*digit as usize] += 1;
            }
        }
    }
    ends[0] = 0;
    // From counts to starts; placing an entry moves its bucket's start to what becomes its end.
    let mut total = 0;
    for end in &mut ends {
        total += core::mem::replace(end, total);
    }
    if total == 0 {
        return Sorted::default();
    }
    let mut entries = vec![0u32; total as usize];
    let mut place = |bucket: u32, entry: u32| {
        let end = &mut ends[bucket as usize];
        entries[*end as usize] = entry;
        *end += 1;
    };
    for part in recoded {
        for (entry, scalar) in &part.full.0 {
            let digit = windows.digit(scalar, window);
            if digit & !NEGATED != 0 {
                place(digit & !NEGATED, entry ^ (digit & NEGATED));
            }
        }
        if window == 0 {
            for (entry, digit) in &part.small.0 {
                place(*digit, *entry);
            }
        }
    }
    Sorted { ends: Secret(ends), entries: Secret(entries) }
}

/// Sums the buckets of some windows and reduces them to points that belong to bits; says how many entries were summed.
fn wave<F: PairField>(
    windows: &Windows,
    points: &[Affine<F>],
    first: usize,
    sorted: &[Sorted],
    threads: usize,
    backend: Backend,
    advance: &(dyn Fn(usize) -> Result<(), Stopped> + Sync),
) -> Result<Vec<(usize, Affine<F>)>, Stopped> {
    // Batches that fit a core's own cache, and no fewer than two for each thread.
    let total: usize = sorted.iter().map(|window| window.entries.0.len()).sum();
    let bytes = if backend.has_lanes() { 1 << 19 } else { 1 << 18 };
    let batch = (bytes / size_of::<Affine<F>>()).min(total.div_ceil(2 * threads)).max(64);

    // Runs of one bucket each; a long one in parts, so that it can be shared.
    let mut runs = Vec::new();
    let mut first_slot = 0u32;
    for (window, Sorted { ends, .. }) in (0u32..).zip(sorted) {
        let mut start = 0;
        for (slot, end) in (first_slot..).zip(&ends.0) {
            while start < *end {
                let part = (*end - start).min(batch as u32);
                runs.push(Run { slot, window, start, end: start + part });
                start += part;
            }
        }
        first_slot += ends.0.len() as u32;
    }

    // A batch has the slots after those of the batch before it. What continues a slot of an earlier batch is a partial
    // sum, to be added afterwards.
    let mut slots = vec![Affine::<F>::INFINITY; first_slot as usize];
    let mut tasks = Vec::new();
    let mut rest_runs = &runs[..];
    let mut rest_slots = &mut slots[..];
    let mut offset = 0u32;
    while !rest_runs.is_empty() {
        let mut length = 0;
        let count = rest_runs
            .iter()
            .take_while(|run| {
                let fits = length == 0 || length + (run.end - run.start) as usize <= batch;
                length += (run.end - run.start) as usize;
                fits
            })
            .count();
        let (task, other_runs) = rest_runs.split_at(count);
        let slots_end = task.last().map_or(offset, |run| run.slot + 1).max(offset);
        let (task_slots, other_slots) = rest_slots.split_at_mut((slots_end - offset) as usize);
        tasks.push((task, task_slots, offset));
        (rest_runs, rest_slots, offset) = (other_runs, other_slots, slots_end);
    }
    let partials = try_share(
        threads,
        tasks,
        || Tree::new(backend),
        |tree, (runs, slots, offset)| {
            advance(runs.iter().map(|run| (run.end - run.start) as usize).sum())?;
            Ok(tree.sum(points, sorted, runs, slots, offset))
        },
    )?;
    for (slot, partial) in partials.into_iter().flatten() {
        let slot = &mut slots[slot as usize];
        *slot = Point::from(*slot).add_affine(&partial).to_affine();
    }

    // Windows are reduced in groups that fit a core's own cache, one or more for each thread.
    let mut tasks = Vec::new();
    let mut rest_slots = &mut slots[..];
    let fitting = (1 << 19) / (size_of::<Affine<F>>() * windows.slots(0));
    let group = sorted.len().div_ceil(threads).min(fitting).max(1);
    for start in (0..sorted.len()).step_by(group) {
        let lengths: Vec<usize> =
            sorted[start..].iter().take(group).map(|window| window.ends.0.len()).collect();
        let (task_slots, other_slots) = rest_slots.split_at_mut(lengths.iter().sum());
        tasks.push((first + start, lengths, task_slots));
        rest_slots = other_slots;
    }
    let width = windows.width;
    let bits = try_share(
        threads,
        tasks,
        || PairAdder::new(backend),
        |adder, (first, lengths, slots)| {
            advance(0)?;
            Ok(reduce(adder, slots, &lengths, |window, level| (first + window) * width + level))
        },
    )?;
    Ok(bits.into_iter().flatten().collect())
}

/// Sums buckets as trees, with memory of its own that is used again.
struct Tree<F> {
    adder: PairAdder<F>,
    /// Sums, those of a run next to each other.
    sums: Vec<Affine<F>>,
    pairs: Vec<Pair>,
    /// Where each run's sums start and how many are left.
    heads: Vec<(u32, u32)>,
}

impl<F: PairField> Tree<F> {
    fn new(backend: Backend) -> Self {
        Self { adder: PairAdder::new(backend), sums: Vec::new(), pairs: Vec::new(), heads: Vec::new() }
    }

    /// Sums runs into their slots; returns the sums of runs whose slots are before `offset`.
    fn sum(
        &mut self,
        points: &[Affine<F>],
        sorted: &[Sorted],
        runs: &[Run],
        slots: &mut [Affine<F>],
        offset: u32,
    ) -> Vec<(u32, Affine<F>)> {
        // The first level: from the bases. What the sums were before does not matter, each is written before it is read.
        self.pairs.clear();
        self.heads.clear();
        let count: usize = runs.iter().map(|run| (run.end - run.start).div_ceil(2) as usize).sum();
        if self.sums.len() < count {
            self.sums.resize(count, Affine::INFINITY);
        }
        let mut head = 0u32;
        for run in runs {
            let entries = &sorted[run.window as usize].entries.0[run.start as usize..run.end as usize];
            let (twos, one) = entries.as_chunks::<2>();
            let pairs =
                (head..).zip(twos).map(|(sum, [left, right])| Pair { left: *left, right: *right, sum });
            self.pairs.extend(pairs);
            if let [one] = one {
                self.sums[head as usize + twos.len()] = signed(points, *one);
            }
            let count = entries.len().div_ceil(2) as u32;
            self.heads.push((head, count));
            head += count;
        }
        self.adder.add(Source::Other(points), &mut self.sums, &self.pairs);

        // The others in place: what is left of a run has a distance of `stride`.
        let mut stride = 1;
        let mut longest = self.heads.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let mut heads: Vec<(u32, u32)> = self.heads.clone();
        while longest > 1 {
            self.pairs.clear();
            heads.retain_mut(|(head, count)| {
                for i in 0..*count / 2 {
                    let left = *head + 2 * i * stride;
                    self.pairs.push(Pair { left, right: left + stride, sum: left });
                }
                *count = count.div_ceil(2);
                *count > 1
            });
            self.adder.add(Source::Target, &mut self.sums, &self.pairs);
            longest = longest.div_ceil(2);
            stride *= 2;
        }

        // A slot's later parts, if this batch has several, are partial sums, too.
        let mut partials = Vec::new();
        let mut last = None;
        for (run, (head, _)) in runs.iter().zip(&self.heads) {
            let sum = self.sums[*head as usize];
            if run.slot < offset || last == Some(run.slot) {
                partials.push((run.slot, sum));
            } else {
                slots[(run.slot - offset) as usize] = sum;
            }
            last = Some(run.slot);
        }
        partials
    }
}

/// Reduces windows whose slots are next to each other to Σ b·S_b, as a point for each window and level that is to be
/// multiplied by a power of two: `bit` of window and level.
///
/// At level l the element b is in slot b·2^l of its window. Elements of odd b are summed for the level's point; then
/// those of 2b and 2b + 1 are added in the slot of 2b, where they are element b of the next level. Element 0 does not
/// count.
fn reduce<F: PairField>(
    adder: &mut PairAdder<F>,
    slots: &mut [Affine<F>],
    lengths: &[usize],
    bit: impl Fn(usize, usize) -> usize,
) -> Vec<(usize, Affine<F>)> {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let mut odd: Vec<(usize, Vec<u32>)> = Vec::new();
    let mut pairs = Vec::new();
    let mut level = 0;
    loop {
        pairs.clear();
        // Elements that are summed for the points of earlier levels.
        for (_, slots) in &mut odd {
            for [left, right] in slots.as_chunks::<2>().0 {
                pairs.push(Pair { left: *left, right: *right, sum: *left });
            }
            let mut index = 0;
            slots.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
        // Elements that make the next level's. Odd ones are read in this batch and changed in later ones.
        if 1 << level < longest {
            let mut start = 0;
            for (window, length) in lengths.iter().enumerate() {
                let mut odd_slots = Vec::new();
                for left in (start..start + length).step_by(2 << level) {
                    let right = left + (1 << level);
                    if right >= start + length || slots[right].is_infinity() {
                        continue;
                    }
                    odd_slots.push(right as u32);
                    if left == start {
                        continue;
                    }
                    if slots[left].is_infinity() {
                        slots[left] = slots[right];
                    } else {
                        pairs.push(Pair { left: left as u32, right: right as u32, sum: left as u32 });
                    }
                }
                if !odd_slots.is_empty() {
                    odd.push((bit(window, level), odd_slots));
                }
                start += length;
            }
            level += 1;
        } else if pairs.is_empty() {
            break;
        }
        adder.add(Source::Target, slots, &pairs);
    }
    odd.into_iter().filter_map(|(bit, left)| Some((bit, slots[*left.first()? as usize]))).collect()
}

/// The sum of 2^bit·point.
fn by_doubling<F: PairField>(mut bits: Vec<(usize, Affine<F>)>) -> Point<F> {
    bits.sort_unstable_by_key(|(bit, _)| core::cmp::Reverse(*bit));
    let mut sum = Point::INFINITY;
    let mut at = 0;
    for (bit, point) in bits {
        for _ in bit..at {
            sum = sum.double();
        }
        sum = sum.add_affine(&point);
        at = bit;
    }
    for _ in 0..at {
        sum = sum.double();
    }
    sum
}
