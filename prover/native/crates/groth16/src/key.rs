//! What must hold of a proving key before anything is proven with it.

use std::ops::Range;
use std::sync::Mutex;

use bn254::{G1Affine, G2Affine};

use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::zkey::Zkey;
use crate::pairing;
use crate::verify::{PreparedVerifyingKey, check_g1};

impl Zkey {
    /// Refuse a key that proves false statements, or whose proofs would not hide the witness.
    ///
    /// With τ = 1, or any τ in the evaluation domain, the vanishing polynomial Z(τ) is 0: the quotient's points
    /// (section H) are all at infinity and only the constraint at that one place of the domain is enforced. [β]₁ and
    /// [δ]₁ carry the blinding, so a key that has them at infinity yields proofs that verify and leak.
    pub fn check(&self) -> Result<PreparedVerifyingKey> {
        let verifying_key = self.verifying_key();
        verifying_key.check()?;
        check_g1(&self.header.beta1, "β in G1 of the proving key")?;
        check_g1(&self.header.delta1, "δ in G1 of the proving key")?;
        if self.h[0].is_infinity() {
            let message = format!(
                "{}: τ lies in the evaluation domain (τ = 1 without a phase-1 contribution), so the key enforces one \
                 constraint at most",
                self.name
            );
            return Err(Error::new(Kind::PhaseOneNotContributed, message)
                .hint("make the key from powers of tau that have contributions"));
        }
        self.require_contributions()?;
        Ok(verifying_key.prepare_checked())
    }

    /// Refuse a key that nobody contributed to.
    pub(crate) fn require_contributions(&self) -> Result<()> {
        if !self.contributions.is_empty() {
            return Ok(());
        }
        let message = format!(
            "{}: the key lists no phase-2 contribution, so its maker can forge proofs for it",
            self.name
        );
        Err(Error::new(Kind::PhaseTwoNotContributed, message)
            .hint("contribute to it: `anomi setup contribute`, or `anomi setup dev` for development"))
    }

    /// Refuse a key any of whose points is none, or whose β or δ differ between the groups.
    ///
    /// This takes longer than a proof, and its outcome depends on the file's bytes only: callers remember it by the
    /// file's hash.
    pub fn check_points(&self, threads: usize, control: &Control) -> Result<()> {
        let header = &self.header;
        for (what, g1, g2) in [("β", header.beta1, header.beta2), ("δ", header.delta1, header.delta2)] {
            let product = pairing::miller([
                (g1, pairing::prepare(&G2Affine::GENERATOR)),
                (-G1Affine::GENERATOR, pairing::prepare(&g2)),
            ]);
            if !pairing::is_one(product) {
                return Err(
                    self.damaged(&format!("its {what} in G1 and its {what} in G2 are different numbers"))
                );
            }
        }
        for (section, points) in [("A", &self.a), ("B1", &self.b1), ("C", &self.c), ("H", &self.h)] {
            let bad = first_where(points.len(), threads, control, |index| {
                let point = &points[index];
                !(point.is_canonical() && point.is_on_curve())
            })?;
            if let Some(index) = bad {
                if !points[index].is_canonical() {
                    let message = format!(
                        "{}: a coordinate of point {index} of section {section} is not below q",
                        self.name
                    );
                    return Err(Error::new(Kind::CoordinateTooLarge, message));
                }
                return Err(self.damaged(&format!("point {index} of section {section} is not on the curve")));
            }
        }
        let bad = first_where(self.b2.len(), threads, control, |index| !is_in_g2(&self.b2[index]))?;
        if let Some(index) = bad {
            let point = &self.b2[index];
            if !point.is_canonical() {
                let message =
                    format!("{}: a coordinate of point {index} of section B2 is not below q", self.name);
                return Err(Error::new(Kind::CoordinateTooLarge, message));
            }
            let what =
                if point.is_on_curve() { "outside its subgroup of order r" } else { "not on the twist" };
            return Err(self.damaged(&format!("point {index} of section B2 is {what}")));
        }
        Ok(())
    }

    fn damaged(&self, what: &str) -> Error {
        Error::new(Kind::DamagedKey, format!("{} is damaged: {what}", self.name))
            .hint("get or make the key again")
    }

    /// Whether every phase-2 contribution is a beacon's, so that its secret is public: a development key.
    pub fn is_development(&self) -> bool {
        self.contributions.iter().all(|contribution| contribution.said.beacon_hash.is_some())
    }
}

fn is_in_g2(point: &G2Affine) -> bool {
    point.is_canonical() && point.is_on_curve() && (point.is_infinity() || point.is_in_subgroup())
}

/// The first place of 0 … n − 1 where something holds, looked for by threads until they are cancelled.
pub(crate) fn first_where(
    n: usize,
    threads: usize,
    control: &Control,
    holds: impl Fn(usize) -> bool + Sync,
) -> Result<Option<usize>> {
    let first = Mutex::new(None::<usize>);
    let share = n.div_ceil(threads.max(1)).max(1);
    let look = |places: Range<usize>| {
        if let Some(found) = places.into_iter().find(|place| control.is_cancelled() || holds(*place))
            && let Ok(mut first) = first.lock()
        {
            *first = Some(first.map_or(found, |earlier| earlier.min(found)));
        }
    };
    std::thread::scope(|scope| {
        let look = &look;
        for from in (share..n).step_by(share) {
            scope.spawn(move || look(from..n.min(from + share)));
        }
        look(0..n.min(share));
    });
    control.check()?;
    Ok(first.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
}
