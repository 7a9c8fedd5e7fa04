//! Whether a proving key belongs to a circuit and to powers of tau, and follows from its contributions.

use std::path::Path;

use bn254::{Domain, Fq, Fr, G1Affine, G2Affine, root_of_unity};

use super::phase_two::{Drawn, KIND, Transcript, check_header};
use super::points::read_checked;
use super::random::hash_to_g2;
use super::record::stream_of;
use super::verify_phase_one::{Summed, coefficients, not_verified, same_ratio};
use super::zkey_new::{InitialKey, domain_power};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::formats::Container;
use crate::formats::ptau::{self, Ptau};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{Zkey, sections};
use crate::memory::bytes_of;
use crate::verify::{check_g1, check_g2};

/// Accept a key, or say what is wrong with it. The powers' own points are taken as they are: see `verify_powers`.
///
/// The key is made again from the circuit and compared; what contributions change is compared by random sums, whose
/// coefficients have 128 bits.
pub fn verify_key(r1cs: &Path, ptau: &Path, zkey: &Path, threads: usize, control: &Control) -> Result<()> {
    let circuit = R1cs::read(r1cs)?;
    let powers = Ptau::open(ptau)?;
    let key = Zkey::read(zkey)?;
    let file = Container::open(zkey, KIND, 1)?;
    check_counts(&key, &circuit)?;
    key.require_contributions()?;
    check_header(&key)?;
    key.check_points(threads, control)?;
    control.advance(100);
    check_chain(&key, control, Beacons::MadeAgain)?;
    control.advance(150);
    let initial = InitialKey::make(&circuit, &powers, threads, control, 900)?;
    check_fixed(&key, &file, &initial)?;
    check_shifted(&key, &initial, &powers, threads, control)?;
    control.advance(1000);
    Ok(())
}

/// Accept a key whose contributions lead from δ = 1 to its δ, each with a proof that its maker knew the factor.
///
/// This needs neither circuit nor powers of tau, and tells nothing of what they would: see `verify_key`. Beacons are taken
/// for what they say that they are: whoever lists his own factor as a beacon's makes the key look worse, not better.
pub fn verify_contributions(zkey: &Path, control: &Control) -> Result<()> {
    let key = Zkey::read(zkey)?;
    key.check()?;
    check_chain(&key, control, Beacons::Believed)?;
    control.advance(1000);
    Ok(())
}

/// Whether beacons' values are hashed again, up to 2^63 times as the file says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beacons {
    MadeAgain,
    Believed,
}

fn check_counts(key: &Zkey, circuit: &R1cs) -> Result<()> {
    let rows = |power: u32| 1u64 << power;
    for (what, in_key, in_circuit) in [
        ("wires", key.header.n_vars.into(), circuit.n_wires.into()),
        ("public signals", key.header.n_public.into(), circuit.n_public().into()),
        ("rows of the evaluation domain", rows(key.header.domain_power), rows(domain_power(circuit))),
    ] {
        if in_key != in_circuit {
            let message = format!("the proving key has {in_key} {what}, the circuit {in_circuit}");
            return Err(Error::new(Kind::KeyCircuitMismatch, message));
        }
    }
    Ok(())
}

/// Follow the contributions from δ = 1 to the key's δ.
fn check_chain(key: &Zkey, control: &Control, beacons: Beacons) -> Result<()> {
    let mut transcript = Transcript::new(&key.circuit_hash);
    let mut delta = G1Affine::GENERATOR;
    for (index, one) in key.contributions.iter().enumerate() {
        control.check()?;
        let place = format!("{}: phase-2 contribution {}", key.name, index + 1);
        for point in [&one.delta_after, &one.g1_s, &one.g1_sx] {
            check_g1(point, &format!("a point of {place}"))?;
        }
        check_g2(&one.g2_spx, &format!("a point of {place}"))?;
        if transcript.answer(&one.g1_s, &one.g1_sx) != one.transcript {
            return Err(not_verified(format!("{place} does not answer the contributions before it")));
        }
        let base = hash_to_g2(&one.transcript);
        if !same_ratio(&one.g1_s, &one.g1_sx, &base, &one.g2_spx) {
            return Err(not_verified(format!("{place} does not prove that its maker knew the factor of δ")));
        }
        if !same_ratio(&delta, &one.delta_after, &base, &one.g2_spx) {
            return Err(not_verified(format!("{place}: δ does not follow from the one before")));
        }
        if beacons == Beacons::MadeAgain
            && let Some(mut stream) = stream_of(&one.said, &place, control)?
        {
            let drawn = Drawn::from(&mut stream);
            if (drawn.g1_s, drawn.g1_sx) != (one.g1_s, one.g1_sx) {
                return Err(not_verified(format!("{place} is not what its beacon makes")));
            }
        }
        transcript.contribution(one);
        delta = one.delta_after;
    }
    let one = (&G1Affine::GENERATOR, &G2Affine::GENERATOR);
    if delta != key.header.delta1 || !same_ratio(one.0, &delta, one.1, &key.header.delta2) {
        return Err(not_verified(format!("{}: δ is not the last contribution's", key.name)));
    }
    Ok(())
}

/// Compare what contributions do not change.
fn check_fixed(key: &Zkey, file: &Container, initial: &InitialKey) -> Result<()> {
    let mine = &initial.header;
    let header = &key.header;
    let g1 = (header.alpha1, header.beta1) == (mine.alpha1, mine.beta1);
    if !g1 || (header.beta2, header.gamma2) != (mine.beta2, mine.gamma2) {
        return Err(not_verified(format!("{}: α, β or γ are not those of the powers of tau", key.name)));
    }
    if key.circuit_hash != initial.circuit_hash {
        let message = format!("{} was made of another circuit or of other powers of tau", key.name);
        return Err(not_verified(message));
    }
    for (name, number, expected) in [
        ("IC", sections::IC, bytes_of(&initial.ic)),
        ("coefficients", sections::COEFFICIENTS, &initial.coefficients[..]),
        ("A", sections::A, bytes_of(&initial.a)),
        ("B1", sections::B1, bytes_of(&initial.b1)),
        ("B2", sections::B2, bytes_of(&initial.b2)),
    ] {
        if file.read(number, u64::MAX)? != expected {
            let message =
                format!("{}: section {name} is not what the circuit and the powers of tau make", key.name);
            return Err(not_verified(message));
        }
    }
    Ok(())
}

/// Compare what is divided by δ.
fn check_shifted(
    key: &Zkey,
    initial: &InitialKey,
    powers: &Ptau,
    threads: usize,
    control: &Control,
) -> Result<()> {
    let (one, delta) = (G2Affine::GENERATOR, key.header.delta2);
    let wrong = |section: &str| {
        not_verified(format!("{}: section {section} is not what the contributions make of it", key.name))
    };
    if !key.c.is_empty() {
        let scalars = coefficients(key.c.len())?;
        let before = Fq::sum(&initial.c, &scalars, threads).to_affine();
        let after = Fq::sum(&key.c, &scalars, threads).to_affine();
        // A sum at infinity on both sides: every point is, but for chance.
        let both = before.is_infinity() && after.is_infinity();
        if !both && !same_ratio(&after, &before, &one, &delta) {
            return Err(wrong("C"));
        }
    }
    // H straight from the powers, whatever their Lagrange bases say: with c's values at the odd places ĉ,
    // Σ cᵢ·[τ^(n+i) − τ^i] = −2·Σ ĉᵢ·Hᵢ·δ.
    let (n, power) = (key.h.len(), key.header.domain_power);
    let mut scalars = coefficients(n - 1)?;
    let section = ptau::sections::TAU_G1;
    let high = read_checked::<Fq>(&powers.file, section, n as u64, n - 1, threads, control)?;
    let low = read_checked::<Fq>(&powers.file, section, 0, n - 1, threads, control)?;
    let before = Fq::sum(&high, &scalars, threads) - Fq::sum(&low, &scalars, threads);
    scalars.push([0; 4]);
    let mut values: Vec<Fr> =
        scalars.iter().map(|scalar| Fr::from_plain(scalar).unwrap_or_default()).collect();
    let (Some(domain), Some(shift)) = (Domain::new(power), root_of_unity(power + 1)) else {
        return Err(Error::new(Kind::Usage, format!("there is no domain of 2^{power} places")));
    };
    domain.coset_fft(&mut values, &shift, threads);
    let minus_two = -Fr::from_u64(2);
    for (scalar, value) in scalars.iter_mut().zip(&values) {
        *scalar = (*value * minus_two).to_plain();
    }
    let after = Fq::sum(&key.h, &scalars, threads);
    let (before, after) = (before.to_affine(), after.to_affine());
    let both = before.is_infinity() && after.is_infinity();
    if !both && !same_ratio(&after, &before, &one, &delta) {
        return Err(wrong("H"));
    }
    Ok(())
}
