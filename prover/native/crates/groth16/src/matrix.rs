//! The two sparse matrices A and B of a proving key, row by row.

use bn254::{Field, Fr};

use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::memory::zeros;
use crate::modulus::{R, Words, is_below};

/// Bytes of one coefficient in a .zkey: u32 matrix, u32 row, u32 wire, and the value.
pub(crate) const COEFFICIENT_BYTES: usize = 12 + 32;

/// Rows between two looks at whether the work was cancelled.
const ROWS: usize = 1 << 12;

/// One matrix: row i has the terms from `starts[i]` to `starts[i + 1]`.
#[derive(Debug)]
pub(crate) struct Matrix {
    starts: Vec<u32>,
    terms: Vec<[u32; 2]>,
    values: Values,
}

/// Different values, each kept once or a few times: circuits repeat theirs, so a term is eight bytes, not 36.
#[derive(Debug)]
struct Values {
    values: Vec<Fr>,
    /// Where a value was put that last had these low bits. With no more memory than this, a file whose values all differ
    /// costs what they take, and none can make looking up slow.
    seen: Vec<u32>,
}

impl Values {
    const SEEN_MAX: usize = 1 << 16;

    fn of_terms(terms: usize) -> Result<Self> {
        Ok(Self { values: Vec::new(), seen: zeros(terms.next_power_of_two().min(Self::SEEN_MAX))? })
    }

    /// The index of a value.
    fn index(&mut self, value: Words) -> u32 {
        let low_bits = value[0] as usize & (self.seen.len() - 1);
        let seen = &mut self.seen[low_bits];
        if self.values.get(*seen as usize) != Some(&Fr(value)) {
            // There are fewer than 2^32 coefficients in all.
            *seen = self.values.len() as u32;
            self.values.push(Fr(value));
        }
        *seen
    }
}

impl Matrix {
    /// The product with a witness, rows shared among threads: for each row the Montgomery form of Σ value·w.
    ///
    /// A .zkey holds v·2^512, so that Montgomery's product with a plain witness value is the Montgomery form of v·w.
    pub(crate) fn times(&self, witness: &[Words], threads: usize, control: &Control) -> Result<Vec<Fr>> {
        let rows = self.starts.len() - 1;
        let mut product: Vec<Fr> = zeros(rows)?;
        // Terms are shared equally: rows differ much in length.
        let share = (self.terms.len() / threads.max(1) + 1) as u32;
        let mut left = &mut product[..];
        let mut from = 0;
        std::thread::scope(|scope| {
            while from < rows {
                let limit = self.starts[from].saturating_add(share);
                let to = from + 1 + self.starts[from + 2..].partition_point(|start| *start <= limit);
                let (chunk, rest) = std::mem::take(&mut left).split_at_mut(to - from);
                left = rest;
                let mut work = move || {
                    for (rows, sums) in (from..to).step_by(ROWS).zip(chunk.chunks_mut(ROWS)) {
                        if control.is_cancelled() {
                            return;
                        }
                        for (row, sum) in (rows..).zip(sums) {
                            *sum = self.row(row, witness);
                        }
                    }
                };
                if to == rows {
                    work();
                } else {
                    scope.spawn(work);
                }
                from = to;
            }
        });
        control.check()?;
        Ok(product)
    }

    fn row(&self, row: usize, witness: &[Words]) -> Fr {
        let terms = self.starts[row] as usize..self.starts[row + 1] as usize;
        let mut sum = Fr::ZERO;
        for [wire, value] in &self.terms[terms] {
            sum += self.values.values[*value as usize] * Fr(witness[*wire as usize]);
        }
        sum
    }
}

/// Sort the coefficients of a .zkey into matrices A and B.
///
/// `data` is section 4 behind its count. Refuses a coefficient of no matrix, row or wire, and a value not below r.
pub(crate) fn read_matrices(data: &[u8], rows: usize, n_wires: u32, place: &str) -> Result<[Matrix; 2]> {
    let coefficients = data.as_chunks::<COEFFICIENT_BYTES>().0;
    if u32::try_from(coefficients.len()).is_err() {
        let message = format!("{place}: {} coefficients are more than are read here", coefficients.len());
        return Err(Error::new(Kind::FileFormat, message));
    }
    // Rows are counted two places on, and `starts` becomes what it says while they are filled.
    let mut starts: [Vec<u32>; 2] = [zeros(rows + 2)?, zeros(rows + 2)?];
    for coefficient in coefficients {
        let [matrix, row, wire] = indices(coefficient);
        for (what, found, limit) in
            [("matrix", matrix, 2), ("row", row, rows as u64), ("wire", wire, u64::from(n_wires))]
        {
            if found >= limit {
                let message = format!("{place}: a coefficient names {what} {found}; there are {limit}");
                return Err(Error::new(Kind::FileFormat, message));
            }
        }
        starts[matrix as usize][row as usize + 2] += 1;
    }
    let mut matrices = Vec::with_capacity(2);
    for mut starts in starts {
        for row in 2..starts.len() {
            starts[row] += starts[row - 1];
        }
        let terms = starts[rows + 1] as usize;
        matrices.push(Matrix { starts, terms: zeros(terms)?, values: Values::of_terms(terms)? });
    }
    for coefficient in coefficients {
        let [matrix, row, wire] = indices(coefficient);
        let value = value(coefficient);
        if !is_below(&value, &R) {
            let message = format!("{place}: a coefficient's value is not below r");
            return Err(Error::new(Kind::FileFormat, message));
        }
        let matrix = &mut matrices[matrix as usize];
        let at = &mut matrix.starts[row as usize + 1];
        matrix.terms[*at as usize] = [wire as u32, matrix.values.index(value)];
        *at += 1;
    }
    for matrix in &mut matrices {
        matrix.starts.truncate(rows + 1);
        matrix.values.seen = Vec::new();
        matrix.values.values.shrink_to_fit();
    }
    let mut matrices = matrices.into_iter();
    match (matrices.next(), matrices.next()) {
        (Some(a), Some(b)) => Ok([a, b]),
        _ => unreachable!("two matrices were pushed"),
    }
}

fn indices(coefficient: &[u8; COEFFICIENT_BYTES]) -> [u64; 3] {
    std::array::from_fn(|i| {
        let bytes = &coefficient[4 * i..4 * i + 4];
        bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    })
}

fn value(coefficient: &[u8; COEFFICIENT_BYTES]) -> Words {
    std::array::from_fn(|i| {
        let bytes = &coefficient[12 + 8 * i..20 + 8 * i];
        bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    })
}
