//! Random numbers, from the operating system only.

use bn254::Fr;

use crate::error::{Error, Kind, Result};
use crate::modulus::{R, Words, is_below};

/// A uniform scalar in 0 … r − 1, as plain words: 254 random bits, drawn again while they are not below r.
pub(crate) fn scalar_words() -> Result<Words> {
    loop {
        let mut words = words()?;
        words[3] &= u64::MAX >> 2;
        if is_below(&words, &R) {
            return Ok(words);
        }
    }
}

/// A uniform scalar.
pub(crate) fn scalar() -> Result<Fr> {
    // A uniform Montgomery form is a uniform value.
    scalar_words().map(Fr)
}

/// Many uniform scalars, as plain words, with one question to the system for many of them.
pub(crate) fn fill_scalars(scalars: &mut [Words]) -> Result<()> {
    fill(crate::memory::bytes_mut(scalars))?;
    for scalar in scalars {
        scalar[3] &= u64::MAX >> 2;
        if !is_below(scalar, &R) {
            *scalar = scalar_words()?;
        }
    }
    Ok(())
}

/// A random number of 128 bits other than zero, as plain words: enough to keep sums of false equations false.
pub(crate) fn coefficient() -> Result<Words> {
    loop {
        let [low, high, _, _] = words()?;
        if low | high != 0 {
            return Ok([low, high, 0, 0]);
        }
    }
}

fn words() -> Result<Words> {
    let mut words = [[0; 4]];
    fill(crate::memory::bytes_mut(&mut words))?;
    Ok(words[0])
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        Error::new(Kind::NoRandomness, format!("the operating system gives no random numbers: {error}"))
    })
}
