//! Preparing powers of tau for phase 2: the Lagrange bases of every size.

use std::path::Path;

use bn254::{Affine, Field, Fq, Fq2, Fr};

use super::output::Output;
use super::phase_one::write_header;
use super::points::{Stored, inverse_transform, read_checked, scale};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::ptau::{Ptau, sections};
use crate::memory::Plain;

/// A domain of 2^28 places is the largest, and that of twice the powers is needed.
const POWER_MAX: u32 = 27;
/// What a point of G2 costs, in points of G1.
const G2_COST: u64 = 2;

/// Write powers of tau with their Lagrange bases.
///
/// Memory: four times the largest section of powers.
pub fn prepare_powers(input: &Path, output: &Path, threads: usize, control: &Control) -> Result<()> {
    let old = Ptau::open(input)?;
    if old.power > POWER_MAX {
        let message =
            format!("{} has power {}; up to 2^{POWER_MAX} are prepared here", old.file.name(), old.power);
        return Err(Error::new(Kind::Usage, message));
    }
    if old.tau_is_one() || old.contributions.is_empty() {
        let message = format!(
            "{} has no phase-1 contribution: τ is 1, and keys made from it accept forged witnesses",
            old.file.name()
        );
        return Err(Error::new(Kind::PhaseOneNotContributed, message)
            .hint("contribute to it first, or use powers of tau of a public ceremony"));
    }
    let mut output = Output::create(output, "ptau", 11)?;
    write_header(&mut output, old.power, old.ceremony_power)?;
    for number in sections::TAU_G1..=sections::CONTRIBUTIONS {
        output.copy(&old.file, number)?;
    }
    let mut work = Preparing { old: &old, output: &mut output, threads, control, done: 0 };
    work.section::<Fq>(sections::TAU_G1, sections::LAGRANGE_TAU_G1, old.power + 1, 1)?;
    work.section::<Fq2>(sections::TAU_G2, sections::LAGRANGE_TAU_G2, old.power, G2_COST)?;
    work.section::<Fq>(sections::ALPHA_TAU_G1, sections::LAGRANGE_ALPHA_G1, old.power, 1)?;
    work.section::<Fq>(sections::BETA_TAU_G1, sections::LAGRANGE_BETA_G1, old.power, 1)?;
    output.finish()?;
    control.advance(1000);
    Ok(())
}

/// Products in the transforms of all sizes up to 2^power.
fn products(power: u32) -> u64 {
    (0..=power).map(|power| u64::from(power) << power >> 1).sum()
}

struct Preparing<'a> {
    old: &'a Ptau,
    output: &'a mut Output,
    threads: usize,
    control: &'a Control,
    /// Products done, in those of G1.
    done: u64,
}

impl Preparing<'_> {
    fn section<F: Stored>(&mut self, from: u32, to: u32, power: u32, cost: u64) -> Result<()>
    where
        Affine<F>: Plain,
    {
        let (threads, control) = (self.threads, self.control);
        let total = products(self.old.power + 1) + (2 + G2_COST) * products(self.old.power);
        let size = 1usize << power;
        let known = self.old.file.section(from)?.length / F::BYTES;
        let mut powers: Vec<Affine<F>> =
            read_checked(&self.old.file, from, 0, size.min(known as usize), threads, control)?;
        // Of τ^i only the first 2n - 1 are known; the last Lagrange polynomial's coefficient is taken for zero.
        powers.resize(size, Affine::INFINITY);
        let at = self.output.section(to, (2 * size as u64 - 1) * F::BYTES)?;
        self.output.skip((2 * size as u64 - 1) * F::BYTES)?;

        // Divided by the size once: the basis of half the size is that of twice the first half.
        let scalar = Fr::from_u64(size as u64).inverse().unwrap_or(Fr::ONE).to_plain();
        scale(&mut powers, &vec![scalar; size], threads, control)?;
        for power in (0..=power).rev() {
            let size = 1usize << power;
            let mut basis = powers[..size].to_vec();
            inverse_transform(&mut basis, threads, control, |count| {
                self.done += cost * count as u64;
                control.advance((self.done * 1000 / total).min(999) as u32);
            })?;
            self.output.put(at + (size as u64 - 1) * F::BYTES, &basis)?;
            powers.truncate(size / 2);
            let mut twice = powers.clone();
            F::butterflies(&mut powers, &mut twice, threads);
        }
        Ok(())
    }
}
