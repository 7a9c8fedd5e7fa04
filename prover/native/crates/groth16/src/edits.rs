//! A witness kept beside its constraint system, so that an edited value costs only the constraints in which it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::formats::r1cs::R1cs;
use crate::formats::wtns::Witness;
use crate::memory::zeros;
use crate::modulus::{R, Words, is_below};

/// For each wire the constraints in which it stands, in the order of the file.
#[derive(Debug)]
pub struct Incidence {
    starts: Vec<u32>,
    constraints: Vec<u32>,
}

impl Incidence {
    /// Walk over the constraints twice: to count, then to fill.
    pub fn new(system: &R1cs) -> Result<Self> {
        let mut starts: Vec<u32> = zeros(system.n_wires as usize + 1)?;
        let mut total: u32 = 0;
        let mut countable = true;
        each_use(system, |wire, _| {
            // Filling counts each start up to the next wire's.
            starts[wire as usize + 1] += 1;
            match total.checked_add(1) {
                Some(sum) => total = sum,
                None => countable = false,
            }
        })?;
        if !countable {
            let message =
                format!("{}: more than {} uses of wires are not indexed here", system.name, u32::MAX);
            return Err(Error::new(Kind::FileFormat, message));
        }
        for wire in 1..starts.len() {
            starts[wire] += starts[wire - 1];
        }
        let mut constraints: Vec<u32> = zeros(total as usize)?;
        let mut next = starts.clone();
        each_use(system, |wire, index| {
            let at = &mut next[wire as usize];
            constraints[*at as usize] = index;
            *at += 1;
        })?;
        Ok(Self { starts, constraints })
    }

    /// The constraints in which a wire stands, ascending.
    ///
    /// # Panics
    /// When there is no such wire.
    pub fn of(&self, wire: u32) -> &[u32] {
        let wire = wire as usize;
        &self.constraints[self.starts[wire] as usize..self.starts[wire + 1] as usize]
    }
}

/// Call `found` once for each constraint and each wire in it.
fn each_use(system: &R1cs, mut found: impl FnMut(u32, u32)) -> Result<()> {
    // One more than the last constraint in which the wire was met.
    let mut met: Vec<u32> = zeros(system.n_wires as usize)?;
    for index in 0..system.n_constraints() as u32 {
        for (wire, _) in system.constraint(index as usize).into_iter().flat_map(|part| part.terms()) {
            let met = &mut met[wire as usize];
            if *met != index + 1 {
                *met = index + 1;
                found(wire, index);
            }
        }
    }
    Ok(())
}

/// A full witness of a constraint system, valid or not, and which constraints it violates.
pub struct Edits {
    system: Arc<R1cs>,
    incidence: Arc<Incidence>,
    witness: Witness,
    violated: BTreeSet<u32>,
}

impl Edits {
    /// Check a witness against every constraint, and keep it.
    pub fn new(system: Arc<R1cs>, incidence: Arc<Incidence>, witness: Witness) -> Result<Self> {
        system.require_wires(witness.values().len())?;
        let violated = (0..system.n_constraints()).filter(|index| !system.holds(*index, witness.values()));
        let violated = violated.map(|index| index as u32).collect();
        Ok(Self { system, incidence, witness, violated })
    }

    /// The values as they stand.
    pub fn values(&self) -> &[Words] {
        self.witness.values()
    }

    /// The constraints that the witness violates as it stands, ascending.
    pub fn violated(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.violated.iter().copied()
    }

    /// The first constraint that would be violated if these wires had these values; the witness stays as it is.
    pub fn first_violation(&mut self, edits: &[(u32, Words)]) -> Result<Option<u32>> {
        self.check(edits)?;
        let touched = self.touched(edits);
        let before = self.exchange(edits);
        let elsewhere = self.violated.iter().copied().find(|index| touched.binary_search(index).is_err());
        let values = self.witness.values();
        let here = touched
            .iter()
            .copied()
            .take_while(|index| elsewhere.is_none_or(|first| *index < first))
            .find(|index| !self.system.holds(*index as usize, values));
        self.restore(before);
        Ok(here.or(elsewhere))
    }

    /// Give these wires these values and keep them so.
    pub fn set(&mut self, edits: &[(u32, Words)]) -> Result<()> {
        self.check(edits)?;
        let touched = self.touched(edits);
        forget(self.exchange(edits));
        for index in touched {
            if self.system.holds(index as usize, self.witness.values()) {
                self.violated.remove(&index);
            } else {
                self.violated.insert(index);
            }
        }
        Ok(())
    }

    fn check(&self, edits: &[(u32, Words)]) -> Result<()> {
        let n_wires = self.witness.values().len();
        for (wire, value) in edits {
            if *wire == 0 {
                return Err(Error::new(Kind::Usage, "wire 0 is the constant 1; it cannot be edited"));
            }
            if *wire as usize >= n_wires {
                let message = format!("this constraint system has {n_wires} wires; wire {wire} came");
                return Err(Error::new(Kind::Usage, message));
            }
            if !is_below(value, &R) {
                let message = format!("the value of wire {wire} is not below r");
                return Err(Error::new(Kind::WitnessValue, message));
            }
        }
        Ok(())
    }

    fn touched(&self, edits: &[(u32, Words)]) -> Vec<u32> {
        match edits {
            [(wire, _)] => self.incidence.of(*wire).to_vec(),
            _ => {
                let all: BTreeSet<u32> =
                    edits.iter().flat_map(|(wire, _)| self.incidence.of(*wire)).copied().collect();
                all.into_iter().collect()
            }
        }
    }

    /// Put values in, and return what stood there.
    fn exchange(&mut self, edits: &[(u32, Words)]) -> Vec<(u32, Words)> {
        let values = self.witness.values_mut();
        let put =
            |(wire, value): &(u32, Words)| (*wire, std::mem::replace(&mut values[*wire as usize], *value));
        edits.iter().map(put).collect()
    }

    /// Undo an exchange: backwards, because a wire may stand in it twice.
    fn restore(&mut self, before: Vec<(u32, Words)>) {
        let values = self.witness.values_mut();
        for (wire, value) in before.iter().rev() {
            values[*wire as usize] = *value;
        }
        forget(before);
    }
}

/// Overwrite values of a witness before their memory is given back.
fn forget(mut values: Vec<(u32, Words)>) {
    for (_, value) in &mut values {
        crate::memory::wipe(std::slice::from_mut(value));
    }
}
