//! Transforms in lanes.
//!
//! A block is eight consecutive elements, whose 32 limbs are kept transposed between the passes: one register for each
//! limb. Two levels of butterflies are done in one pass over memory. The last six levels before and the first six after
//! the turning point are done on tiles of 64 elements; there another transposition turns the levels between neighbours
//! into levels between registers.
//!
//! Values in memory are less than 1.1·r between passes and canonical at the end. Twiddle factors carry 2^260, so that a
//! product keeps its other factor's 2^256.

use core::arch::x86_64::*;

use super::lanes::{self, Limbs};
use crate::{
    field::Fr,
    limbs::reduce_once,
    ntt::{Block, Tables, quarters},
};

/// A block's limbs as they are in memory, one register for each: as normal limbs.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn load(block: &Block) -> Limbs {
    let row = |i: usize| {
        // SAFETY: a block has 256 bytes.
        unsafe { _mm512_loadu_si512(block.as_ptr().byte_add(64 * i).cast()) }
    };
    lanes::unpack(&[row(0), row(1), row(2), row(3)])
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn store(block: &mut Block, a: &Limbs) {
    for (i, row) in lanes::pack(a).into_iter().enumerate() {
        // SAFETY: a block has 256 bytes.
        unsafe { _mm512_storeu_si512(block.as_mut_ptr().byte_add(64 * i).cast(), row) };
    }
}

/// Transposes a block's limbs, from elements next to each other.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn limbs_apart(block: &mut Block) {
    let row = |i: usize| {
        // SAFETY: a block has 256 bytes.
        unsafe { _mm512_loadu_si512(block.as_ptr().byte_add(64 * i).cast()) }
    };
    // Limbs 0 and 1 of four elements, then limbs 2 and 3.
    let low = _mm512_setr_epi64(0, 4, 8, 12, 1, 5, 9, 13);
    let high = _mm512_setr_epi64(2, 6, 10, 14, 3, 7, 11, 15);
    let rows = [
        _mm512_permutex2var_epi64(row(0), low, row(1)),
        _mm512_permutex2var_epi64(row(2), low, row(3)),
        _mm512_permutex2var_epi64(row(0), high, row(1)),
        _mm512_permutex2var_epi64(row(2), high, row(3)),
    ];
    let apart = [
        _mm512_shuffle_i64x2::<0x44>(rows[0], rows[1]),
        _mm512_shuffle_i64x2::<0xee>(rows[0], rows[1]),
        _mm512_shuffle_i64x2::<0x44>(rows[2], rows[3]),
        _mm512_shuffle_i64x2::<0xee>(rows[2], rows[3]),
    ];
    for (i, row) in apart.into_iter().enumerate() {
        // SAFETY: a block has 256 bytes.
        unsafe { _mm512_storeu_si512(block.as_mut_ptr().byte_add(64 * i).cast(), row) };
    }
}

/// Undoes [`limbs_apart`] and makes the elements canonical.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(super) fn limbs_together(block: &mut Block) {
    let mut rows = [[0u64; 8]; 4];
    for (row, elements) in rows.iter_mut().zip(block.as_chunks::<2>().0) {
        row[..4].copy_from_slice(&elements[0].0);
        row[4..].copy_from_slice(&elements[1].0);
    }
    for (i, element) in block.iter_mut().enumerate() {
        *element = Fr(reduce_once(&[rows[0][i], rows[1][i], rows[2][i], rows[3][i]], &Fr::MODULUS));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn mul(a: &Limbs, b: &Limbs) -> Limbs {
    lanes::carry(&lanes::mul_raw::<Fr>(a, b))
}

/// `a - b + 2r`, normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn sub(a: &Limbs, b: &Limbs) -> Limbs {
    lanes::carry(&lanes::add_modulus::<Fr>(&lanes::sub_raw(a, b), 2))
}

/// One level on the way down: `(a + b, (a - b)·w)`, limbs not normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn down(a: &Limbs, b: &Limbs, w: &Limbs) -> (Limbs, Limbs) {
    (lanes::add_raw(a, b), lanes::mul_raw::<Fr>(&sub(a, b), w))
}

/// One level on the way up: `(a + b·w, a - b·w)`, limbs not normal, for normal b.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn up(a: &Limbs, b: &Limbs, w: &Limbs) -> (Limbs, Limbs) {
    let product = lanes::mul_raw::<Fr>(b, w);
    (lanes::add_raw(a, &product), lanes::sub_raw(a, &product))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn settle(a: &Limbs) -> Limbs {
    lanes::settle::<Fr>(a)
}

/// Two levels down, on the blocks of one column of four quarters: with ω^j, ω^(j + m/4) of the first level and ω^2j of
/// the second.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn down_twice(q: [&mut Block; 4], w: [&Block; 3]) {
    let [w0, w1, w2] = w.map(|w| load(w));
    let [a, b, c, d] = [load(q[0]), load(q[1]), load(q[2]), load(q[3])];
    // Values are less than 1.1r: sums less than 2.2r, products less than 1.1r.
    let (a, c) = down(&a, &c, &w0);
    let (b, d) = down(&b, &d, &w1);
    store(q[0], &settle(&lanes::add_raw(&a, &b)));
    // a - b > -2.2r.
    let run = lanes::carry(&lanes::add_modulus::<Fr>(&lanes::sub_raw(&a, &b), 3));
    store(q[1], &mul(&run, &w2));
    store(q[2], &settle(&lanes::add_raw(&c, &d)));
    let run = lanes::carry(&lanes::add_modulus::<Fr>(&lanes::sub_raw(&c, &d), 3));
    store(q[3], &mul(&run, &w2));
}

/// Two levels up.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn up_twice(q: [&mut Block; 4], w: [&Block; 3]) {
    let [w0, w1, w2] = w.map(|w| load(w));
    let [a, b, c, d] = [load(q[0]), load(q[1]), load(q[2]), load(q[3])];
    let (a, b) = up(&a, &b, &w2);
    let (c, d) = up(&c, &d, &w2);
    // c and d are in -1.1r..2.2r.
    let positive = |a: &Limbs| lanes::carry(&lanes::add_modulus::<Fr>(a, 2));
    let (a, c) = up(&a, &positive(&c), &w0);
    let (b, d) = up(&b, &positive(&d), &w1);
    store(q[0], &settle(&a));
    store(q[1], &settle(&b));
    store(q[2], &settle(&c));
    store(q[3], &settle(&d));
}

/// Two levels down over parts of four quarters of m elements; `at` is the block of the quarter at which they start.
///
/// # Safety
///
/// The CPU has AVX-512 F, IFMA and VBMI2.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(crate) unsafe fn pass_down(q: [&mut [Block]; 4], at: usize, tables: &Tables, log_m: u32, first: bool) {
    let (first_level, second_level) = (tables.down(log_m), tables.down(log_m - 1));
    let quarter = (1 << log_m) / 32;
    let [q0, q1, q2, q3] = q;
    for (i, (((a, b), c), d)) in (at..).zip(q0.iter_mut().zip(q1).zip(q2).zip(q3)) {
        if first {
            limbs_apart(a);
            limbs_apart(b);
            limbs_apart(c);
            limbs_apart(d);
        }
        down_twice([a, b, c, d], [&first_level[i], &first_level[i + quarter], &second_level[i]]);
    }
}

/// Two levels up over parts of four quarters of m elements; `at` is the block of the quarter at which they start.
///
/// # Safety
///
/// The CPU has AVX-512 F, IFMA and VBMI2.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(crate) unsafe fn pass_up(q: [&mut [Block]; 4], at: usize, tables: &Tables, log_m: u32, last: bool) {
    let (first_level, second_level) = (tables.up(log_m), tables.up(log_m - 1));
    let quarter = (1 << log_m) / 32;
    let [q0, q1, q2, q3] = q;
    for (i, (((a, b), c), d)) in (at..).zip(q0.iter_mut().zip(q1).zip(q2).zip(q3)) {
        up_twice([a, b, c, d], [&first_level[i], &first_level[i + quarter], &second_level[i]]);
        if last {
            limbs_together(a);
            limbs_together(b);
            limbs_together(c);
            limbs_together(d);
        }
    }
}

/// All levels down and up again of 2^log_m elements, a multiple of a tile.
///
/// # Safety
///
/// The CPU has AVX-512 F, IFMA and VBMI2.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(crate) unsafe fn turn(blocks: &mut [Block], tables: &Tables, log_m: u32) {
    if log_m == 6 {
        if let [tile] = blocks.as_chunks_mut::<8>().0 {
            turn_tile(tile, tables);
        }
        return;
    }
    if log_m == 7 {
        // One level alone.
        let (low, high) = blocks.split_at_mut(8);
        for ((a, b), w) in low.iter_mut().zip(&mut *high).zip(tables.down(7)) {
            let (sum, product) = down(&load(a), &load(b), &load(w));
            store(a, &settle(&sum));
            store(b, &lanes::carry(&product));
        }
        // SAFETY: the caller's promise.
        unsafe {
            turn(low, tables, 6);
            turn(high, tables, 6);
        }
        for ((a, b), w) in low.iter_mut().zip(high).zip(tables.up(7)) {
            let (sum, difference) = up(&load(a), &load(b), &load(w));
            store(a, &settle(&sum));
            store(b, &settle(&difference));
        }
        return;
    }
    // SAFETY: the caller's promise.
    unsafe {
        pass_down(quarters(blocks), 0, tables, log_m, false);
        for quarter in quarters(blocks) {
            turn(quarter, tables, log_m - 2);
        }
        pass_up(quarters(blocks), 0, tables, log_m, false);
    }
}

/// Between registers that are `distance` apart, one level down; the sums settled, all normal.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn level_down(a: &mut [Limbs; 8], distance: usize, w: impl Fn(usize) -> Limbs) {
    for start in (0..8).step_by(2 * distance) {
        for j in 0..distance {
            let (sum, product) = down(&a[start + j], &a[start + j + distance], &w(j));
            a[start + j] = settle(&sum);
            a[start + j + distance] = lanes::carry(&product);
        }
    }
}

/// Between registers that are `distance` apart, one level up; all settled.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn level_up(a: &mut [Limbs; 8], distance: usize, w: impl Fn(usize) -> Limbs) {
    for start in (0..8).step_by(2 * distance) {
        for j in 0..distance {
            let (sum, difference) = up(&a[start + j], &a[start + j + distance], &w(j));
            a[start + j] = settle(&sum);
            a[start + j + distance] = settle(&difference);
        }
    }
}

/// Transposes eight registers of each limb.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn transpose(a: &mut [Limbs; 8]) {
    for limb in 0..5 {
        let rows = lanes::transpose(&core::array::from_fn(|i| a[i][limb]));
        for (a, row) in a.iter_mut().zip(rows) {
            a[limb] = row;
        }
    }
}

/// Six levels down and six up on 64 elements.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
fn turn_tile(tile: &mut [Block; 8], tables: &Tables) {
    let mut a = [[_mm512_setzero_si512(); 5]; 8];
    for (a, block) in a.iter_mut().zip(&*tile) {
        *a = load(block);
    }
    level_down(&mut a, 4, |j| load(&tables.down(6)[j]));
    level_down(&mut a, 2, |j| load(&tables.down(5)[j]));
    level_down(&mut a, 1, |_| load(&tables.down(4)[0]));
    transpose(&mut a);
    let splat = |w: &Fr| lanes::splat_limbs(&w.0);
    level_down(&mut a, 4, |j| splat(&tables.small_down[4 + j]));
    level_down(&mut a, 2, |j| splat(&tables.small_down[2 + j]));
    // At the turning point all is divided by the domain's size: the product's half by a factor that has it.
    for pair in a.as_chunks_mut::<2>().0 {
        let sum = settle(&lanes::add_raw(&pair[0], &pair[1]));
        let difference = sub(&pair[0], &pair[1]);
        let sum = lanes::mul_raw::<Fr>(&sum, &splat(&tables.scale));
        let difference = lanes::mul_raw::<Fr>(&difference, &splat(&tables.scaled_turn));
        pair[0] = settle(&lanes::add_raw(&sum, &difference));
        pair[1] = settle(&lanes::sub_raw(&sum, &difference));
    }
    level_up(&mut a, 2, |j| splat(&tables.small_up[2 + j]));
    level_up(&mut a, 4, |j| splat(&tables.small_up[4 + j]));
    transpose(&mut a);
    level_up(&mut a, 1, |_| load(&tables.up(4)[0]));
    level_up(&mut a, 2, |j| load(&tables.up(5)[j]));
    level_up(&mut a, 4, |j| load(&tables.up(6)[j]));
    for (a, block) in a.iter().zip(tile) {
        store(block, a);
    }
}

/// Makes a block of twiddle factors: transposed, with 2^260.
///
/// # Safety
///
/// The CPU has AVX-512 F, IFMA and VBMI2.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub(crate) unsafe fn twiddles(block: &mut Block) {
    for element in block.iter_mut() {
        for _ in 0..4 {
            *element += *element;
        }
    }
    limbs_apart(block);
}
