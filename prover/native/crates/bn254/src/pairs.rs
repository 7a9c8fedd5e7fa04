//! Many independent additions of affine points with one inversion.
//!
//! An affine addition costs one inversion, two products and a square; an inversion shared by a batch costs three
//! products. So a sum is six products, where mixed addition is ten: everything that can be arranged as independent pairs
//! is added here.

use crate::{
    backend::{Arithmetic, Backend},
    curve::{Affine, CurveField},
    field::{Field, Fq},
    fq2::Fq2,
};

/// Set in an index: the point is to be negated first.
pub(crate) const NEGATED: u32 = 1 << 31;

/// One addition: `target[sum] = ±source[left] ± source[right]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// An index into the source, perhaps with [`NEGATED`].
    pub(crate) left: u32,
    /// An index into the source, perhaps with [`NEGATED`].
    pub(crate) right: u32,
    /// An index into the target.
    pub(crate) sum: u32,
}

/// From where a batch's points come.
pub(crate) enum Source<'a, F> {
    /// From another slice.
    Other(&'a [Affine<F>]),
    /// From the target itself: a sum may take the place of one of its own two points, of no other pair's.
    Target,
}

/// What a special pair is: one that the formula for two points with different x does not add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special<F> {
    /// Two points with different x: nothing special.
    No,
    /// Twice a point.
    Double,
    /// The sum is known: one of the points is at infinity, or they are opposite.
    Known(Affine<F>),
}

impl<F: CurveField> Special<F> {
    pub(crate) fn of(left: &Affine<F>, right: &Affine<F>) -> Self {
        if left.is_infinity() {
            Self::Known(*right)
        } else if right.is_infinity() {
            Self::Known(*left)
        } else if left.x != right.x {
            Self::No
        } else if left.y == right.y {
            Self::Double
        } else {
            Self::Known(Affine::INFINITY)
        }
    }
}

/// The point at an index that may say [`NEGATED`].
#[inline(always)]
pub(crate) fn signed<F: CurveField>(points: &[Affine<F>], index: u32) -> Affine<F> {
    let point = points[(index & !NEGATED) as usize];
    if index & NEGATED == 0 { point } else { -point }
}

/// What a field of coordinates needs besides for the kernels.
pub(crate) trait PairField: CurveField {
    /// A product by the given arithmetic.
    fn mul_by<A: Arithmetic>(&self, other: &Self) -> Self;

    /// A square by the given arithmetic.
    fn square_by<A: Arithmetic>(&self) -> Self;

    /// Adds pairs by AVX-512 IFMA.
    ///
    /// # Safety
    ///
    /// The CPU has what [`Backend::Ifma`] stands for, and the pairs' indices are within their slices.
    #[cfg(target_arch = "x86_64")]
    unsafe fn add_pairs_ifma(
        source: Source<'_, Self>,
        target: &mut [Affine<Self>],
        pairs: &[Pair],
        scratch: &mut crate::ifma::Scratch,
    );
}

impl PairField for Fq {
    #[inline(always)]
    fn mul_by<A: Arithmetic>(&self, other: &Self) -> Self {
        A::mul(self, other)
    }

    #[inline(always)]
    fn square_by<A: Arithmetic>(&self) -> Self {
        A::mul(self, self)
    }

    #[cfg(target_arch = "x86_64")]
    unsafe fn add_pairs_ifma(
        source: Source<'_, Self>,
        target: &mut [Affine<Self>],
        pairs: &[Pair],
        scratch: &mut crate::ifma::Scratch,
    ) {
        // SAFETY: the caller's promise.
        unsafe { crate::ifma::add_pairs_g1(source, target, pairs, scratch) }
    }
}

impl PairField for Fq2 {
    #[inline(always)]
    fn mul_by<A: Arithmetic>(&self, other: &Self) -> Self {
        let v0 = A::mul(&self.c0, &other.c0);
        let v1 = A::mul(&self.c1, &other.c1);
        let cross = A::mul(&(self.c0 + self.c1), &(other.c0 + other.c1));
        Self { c0: v0 - v1, c1: cross - v0 - v1 }
    }

    #[inline(always)]
    fn square_by<A: Arithmetic>(&self) -> Self {
        let product = A::mul(&self.c0, &self.c1);
        Self { c0: A::mul(&(self.c0 + self.c1), &(self.c0 - self.c1)), c1: product.double() }
    }

    #[cfg(target_arch = "x86_64")]
    unsafe fn add_pairs_ifma(
        source: Source<'_, Self>,
        target: &mut [Affine<Self>],
        pairs: &[Pair],
        scratch: &mut crate::ifma::Scratch,
    ) {
        // SAFETY: the caller's promise.
        unsafe { crate::ifma::add_pairs_g2(source, target, pairs, scratch) }
    }
}

/// Adds batches of pairs, with memory of its own that is used again.
pub(crate) struct PairAdder<F> {
    backend: Backend,
    products: Vec<F>,
    #[cfg(target_arch = "x86_64")]
    scratch: crate::ifma::Scratch,
}

impl<F: PairField> PairAdder<F> {
    pub(crate) fn new(backend: Backend) -> Self {
        Self {
            backend: backend.checked(),
            products: Vec::new(),
            #[cfg(target_arch = "x86_64")]
            scratch: Default::default(),
        }
    }

    /// Adds independent pairs. Panics if an index is outside its slice.
    pub(crate) fn add(&mut self, source: Source<'_, F>, target: &mut [Affine<F>], pairs: &[Pair]) {
        #[cfg(target_arch = "x86_64")]
        if self.backend == Backend::Ifma && pairs.len() >= 16 {
            let length = match source {
                Source::Other(points) => points.len(),
                Source::Target => target.len(),
            };
            let inside = |index: u32| ((index & !NEGATED) as usize) < length;
            let all = pairs.iter().fold(true, |all, pair| {
                all & inside(pair.left) & inside(pair.right) & ((pair.sum as usize) < target.len())
            });
            assert!(all, "indices are within their slices");
            // SAFETY: `new` has checked that the CPU has it, and the indices have just been checked.
            unsafe { F::add_pairs_ifma(source, target, pairs, &mut self.scratch) };
            return;
        }
        crate::backend::with_arithmetic!(self.backend, A => add_scalar::<F, A>(source, target, pairs, &mut self.products))
    }
}

/// [`PairAdder::add`] without lanes.
#[inline(always)]
fn add_scalar<F: PairField, A: Arithmetic>(
    source: Source<'_, F>,
    target: &mut [Affine<F>],
    pairs: &[Pair],
    products: &mut Vec<F>,
) {
    products.clear();
    let mut product = F::ONE;
    let points = match source {
        Source::Other(points) => points,
        Source::Target => &*target,
    };
    for (index, pair) in pairs.iter().enumerate() {
        if let Some(later) = pairs.get(index + 8) {
            prefetch(points, later.left);
            prefetch(points, later.right);
        }
        let (left, right) = (signed(points, pair.left), signed(points, pair.right));
        products.push(product);
        product = product.mul_by::<A>(&denominator(&left, &right));
    }
    // Denominators are not zero, nor is their product.
    let mut inverse = product.inverse().unwrap_or(F::ONE);
    for (index, (pair, before)) in pairs.iter().zip(products.iter()).enumerate().rev() {
        let points = match source {
            Source::Other(points) => points,
            Source::Target => &*target,
        };
        if let Some(later) = index.checked_sub(8).and_then(|index| pairs.get(index)) {
            prefetch(points, later.left);
            prefetch(points, later.right);
        }
        let (left, right) = (signed(points, pair.left), signed(points, pair.right));
        let mut dx = right.x - left.x;
        let mut dy = right.y - left.y;
        if dx.is_zero() || left.x.is_zero() || right.x.is_zero() {
            match Special::of(&left, &right) {
                Special::No => (),
                Special::Double => {
                    let square = left.x.square();
                    (dx, dy) = (left.y.double(), square.double() + square);
                }
                // A known sum's denominator was 1.
                Special::Known(sum) => {
                    target[pair.sum as usize] = sum;
                    continue;
                }
            }
        }
        let slope = dy.mul_by::<A>(&inverse.mul_by::<A>(before));
        inverse = inverse.mul_by::<A>(&dx);
        let x = slope.square_by::<A>() - left.x - right.x;
        let y = slope.mul_by::<A>(&(left.x - x)) - left.y;
        target[pair.sum as usize] = Affine { x, y };
    }
}

/// Asks for a point's memory ahead of its use: bases come in no order.
#[inline(always)]
fn prefetch<F>(points: &[Affine<F>], index: u32) {
    #[cfg(target_arch = "x86_64")]
    if let Some(point) = points.get((index & !NEGATED) as usize) {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 has the instruction, and it reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(core::ptr::from_ref(point).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (points, index);
}

/// What the slope is divided by; 1 where there is no slope.
#[inline(always)]
fn denominator<F: CurveField>(left: &Affine<F>, right: &Affine<F>) -> F {
    let dx = right.x - left.x;
    if !dx.is_zero() && !left.x.is_zero() && !right.x.is_zero() {
        return dx;
    }
    match Special::of(left, right) {
        Special::No => dx,
        Special::Double => left.y.double(),
        Special::Known(_) => F::ONE,
    }
}
