//! Work on the points of a set-up's files: checks, products, Lagrange bases.

use bn254::{Affine, Field, Fq, Fq2, Fr, root_of_unity};

use super::encode::Encoded;
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::{Container, points};
use crate::key::first_where;
use crate::memory::{Plain, Secret};
use crate::modulus::Words;

/// Points between two looks at whether the work was cancelled.
pub(crate) const PIECE: usize = 1 << 14;

/// A group as files hold its points.
pub(crate) trait Stored: Encoded {
    /// Bytes of a point.
    const BYTES: u64;

    /// Whether a point of the curve is in the subgroup of order r.
    fn is_in_subgroup(point: &Affine<Self>) -> bool;

    /// `count` points of a section from place `from`, not checked.
    fn read(file: &Container, section: u32, from: u64, count: usize) -> Result<Vec<Affine<Self>>>;
}

impl Stored for Fq {
    const BYTES: u64 = points::G1_BYTES;

    fn is_in_subgroup(_: &Affine<Self>) -> bool {
        true
    }

    fn read(file: &Container, section: u32, from: u64, count: usize) -> Result<Vec<Affine<Self>>> {
        read_values(file, section, from.saturating_mul(Self::BYTES), count)
    }
}

impl Stored for Fq2 {
    const BYTES: u64 = points::G2_BYTES;

    fn is_in_subgroup(point: &Affine<Self>) -> bool {
        point.is_in_subgroup()
    }

    fn read(file: &Container, section: u32, from: u64, count: usize) -> Result<Vec<Affine<Self>>> {
        read_values(file, section, from.saturating_mul(Self::BYTES), count)
    }
}

fn read_values<T: Plain>(file: &Container, section: u32, at: u64, count: usize) -> Result<Vec<T>> {
    file.read_values(section, at, count)
}

/// Whether points at infinity are let through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Infinity {
    Allowed,
    Refused,
}

/// Refuse points that are none; `place` names them, the first as number `from`.
pub(crate) fn check<F: Stored>(
    points: &[Affine<F>],
    infinity: Infinity,
    place: &str,
    from: u64,
    threads: usize,
    control: &Control,
) -> Result<()> {
    let bad = first_where(points.len(), threads, control, |index| {
        let point = &points[index];
        if point.is_infinity() {
            return infinity == Infinity::Refused;
        }
        !(point.is_canonical() && point.is_on_curve() && F::is_in_subgroup(point))
    })?;
    let Some(index) = bad else { return Ok(()) };
    let point = &points[index];
    let (kind, what) = if point.is_infinity() {
        (Kind::PointAtInfinity, "is at infinity")
    } else if !point.is_canonical() {
        (Kind::CoordinateTooLarge, "has a coordinate not below q")
    } else if !point.is_on_curve() {
        (Kind::PointNotOnCurve, "is not on its curve")
    } else {
        (Kind::PointNotInSubgroup, "is outside the subgroup of order r")
    };
    Err(Error::new(kind, format!("{place}: point {} {what}", from + index as u64)))
}

/// Read points of a section and check them; none may be at infinity.
pub(crate) fn read_checked<F: Stored>(
    file: &Container,
    section: u32,
    from: u64,
    count: usize,
    threads: usize,
    control: &Control,
) -> Result<Vec<Affine<F>>> {
    let points = F::read(file, section, from, count)?;
    let place = format!("{}, section {section}", file.name());
    check(&points, Infinity::Refused, &place, from, threads, control)?;
    Ok(points)
}

/// Multiply each point by its scalar, stopping when cancelled.
pub(crate) fn scale<F: Stored>(
    points: &mut [Affine<F>],
    scalars: &[Words],
    threads: usize,
    control: &Control,
) -> Result<()> {
    for (points, scalars) in points.chunks_mut(PIECE).zip(scalars.chunks(PIECE)) {
        control.check()?;
        F::mul_each(points, scalars, threads);
    }
    Ok(())
}

/// Multiply point i by `first·step^i`; return what the next point's scalar would be.
pub(crate) fn scale_by_powers<F: Stored>(
    points: &mut [Affine<F>],
    first: Fr,
    step: Fr,
    threads: usize,
    control: &Control,
) -> Result<Fr> {
    let mut scalar = first;
    for points in points.chunks_mut(PIECE) {
        let mut scalars = Secret(Vec::with_capacity(points.len()));
        for _ in 0..points.len() {
            scalars.0.push(scalar.to_plain());
            scalar *= step;
        }
        scale(points, &scalars.0, threads, control)?;
    }
    Ok(scalar)
}

/// From n = 2^k points P to the n points Σⱼ ω⁻ⁱʲ·Pⱼ, in place: n times the Lagrange basis when P are powers of τ.
///
/// `count` is called with the number of products after each group of them.
pub(crate) fn inverse_transform<F: Stored>(
    points: &mut [Affine<F>],
    threads: usize,
    control: &Control,
    mut count: impl FnMut(usize),
) -> Result<()> {
    let n = points.len();
    let power = n.trailing_zeros();
    if power == 0 {
        return Ok(());
    }
    let inverse = root_of_unity(power).and_then(|root| root.inverse());
    let root =
        inverse.ok_or_else(|| Error::new(Kind::Usage, format!("there is no domain of 2^{power} places")))?;
    let mut roots: Vec<Words> = Vec::with_capacity(n / 2);
    let mut power_of_root = Fr::ONE;
    for _ in 0..n / 2 {
        roots.push(power_of_root.to_plain());
        power_of_root *= root;
    }
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - power);
        if i < j {
            points.swap(i, j);
        }
    }
    // The pairs of a level are taken together, whichever blocks they stand in.
    let piece = PIECE.min(n / 2);
    let (mut low, mut high, mut scalars) =
        (Vec::with_capacity(piece), Vec::with_capacity(piece), Vec::with_capacity(piece));
    for level in 0..power {
        let half = 1usize << level;
        let place = |pair: usize| pair / half * 2 * half + pair % half;
        for from in (0..n / 2).step_by(piece) {
            control.check()?;
            let pairs = from..from + piece;
            low.clear();
            high.clear();
            scalars.clear();
            for pair in pairs.clone() {
                low.push(points[place(pair)]);
                high.push(points[place(pair) + half]);
                scalars.push(roots[pair % half * (n / 2 / half)]);
            }
            F::mul_each(&mut high, &scalars, threads);
            F::butterflies(&mut low, &mut high, threads);
            for (pair, (low, high)) in pairs.zip(low.iter().zip(&high)) {
                points[place(pair)] = *low;
                points[place(pair) + half] = *high;
            }
            count(piece);
        }
    }
    Ok(())
}
