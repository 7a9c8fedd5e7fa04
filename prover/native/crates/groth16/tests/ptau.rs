//! Powers of tau: a well-formed file is read, and every cut and every broken rule has its own refusal.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use bn254::{G1Affine, G2Affine};
use groth16::Kind;
use groth16::formats::ptau::{Ptau, sections};
use groth16::modulus::{Q, R};

/// A file that is removed when the test is done with it.
struct Temporary(PathBuf);

impl Temporary {
    fn new(data: &[u8]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("anomi-ptau-{}-{number}", std::process::id()));
        std::fs::write(&path, data).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A file that stays behind in the temporary folder hurts nobody.
        drop(std::fs::remove_file(&self.0));
    }
}

fn words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn g1(point: &G1Affine) -> Vec<u8> {
    words(&[point.x.0, point.y.0].concat())
}

fn g2(point: &G2Affine) -> Vec<u8> {
    words(&[point.x.c0.0, point.x.c1.0, point.y.c0.0, point.y.c1.0].concat())
}

/// The sections of powers up to 2^1, prepared, with one contribution named “name”.
fn sample(tau: &G1Affine) -> Vec<(u32, Vec<u8>)> {
    let (one, two) = (g1(&G1Affine::GENERATOR), g2(&G2Affine::GENERATOR));
    let mut header = 32u32.to_le_bytes().to_vec();
    header.extend(words(&Q));
    header.extend([1, 0, 0, 0, 3, 0, 0, 0]);
    let mut record = 1u32.to_le_bytes().to_vec();
    record.extend([&one[..], &two, &one, &one, &two].concat());
    record.extend([one.repeat(6), two.repeat(3), vec![7; 216], vec![8; 64]].concat());
    record.extend([0, 0, 0, 0, 6, 0, 0, 0, 1, 4]);
    record.extend(b"name");
    vec![
        (sections::HEADER, header),
        (sections::TAU_G1, [one.clone(), g1(tau), one.clone()].concat()),
        (sections::TAU_G2, two.repeat(2)),
        (sections::ALPHA_TAU_G1, one.repeat(2)),
        (sections::BETA_TAU_G1, one.repeat(2)),
        (sections::BETA_G2, two.clone()),
        (sections::CONTRIBUTIONS, record),
        (sections::LAGRANGE_TAU_G1, one.repeat(7)),
        (sections::LAGRANGE_TAU_G2, two.repeat(3)),
        (sections::LAGRANGE_ALPHA_G1, one.repeat(3)),
        (sections::LAGRANGE_BETA_G1, one.repeat(3)),
    ]
}

fn pack(sections: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut data = b"ptau".to_vec();
    data.extend(1u32.to_le_bytes());
    data.extend((sections.len() as u32).to_le_bytes());
    for (number, content) in sections {
        data.extend(number.to_le_bytes());
        data.extend((content.len() as u64).to_le_bytes());
        data.extend(content);
    }
    data
}

fn refusal(data: &[u8]) -> Option<Kind> {
    let file = Temporary::new(data);
    Ptau::open(&file.0).err().map(|error| error.kind)
}

fn changed(change: impl FnOnce(&mut Vec<(u32, Vec<u8>)>)) -> Option<Kind> {
    let mut sections = sample(&-G1Affine::GENERATOR);
    change(&mut sections);
    refusal(&pack(&sections))
}

#[test]
fn a_well_formed_file_is_read() {
    let file = Temporary::new(&pack(&sample(&-G1Affine::GENERATOR)));
    let ptau = Ptau::open(&file.0).unwrap();
    assert_eq!((ptau.power, ptau.ceremony_power, ptau.prepared, ptau.tau_is_one()), (1, 3, true, false));
    assert_eq!(ptau.contributions.len(), 1);
    assert_eq!(ptau.contributions[0].said.name.as_deref(), Some(&b"name"[..]));
    assert_eq!(ptau.contributions[0].partial_hash, [7; 216]);
    assert_eq!(ptau.g1(sections::TAU_G1, 1, 1).unwrap(), [-G1Affine::GENERATOR]);
    assert_eq!(ptau.g2(sections::TAU_G2, 0, 2).unwrap(), [G2Affine::GENERATOR; 2]);
    assert_eq!(ptau.g1(sections::TAU_G1, 2, 2).unwrap_err().kind, Kind::TruncatedFile);
    assert_eq!(ptau.g1(sections::TAU_G1, u64::MAX, 1).unwrap_err().kind, Kind::TruncatedFile);

    let mut bare = sample(&G1Affine::GENERATOR);
    bare.truncate(7);
    let file = Temporary::new(&pack(&bare));
    let ptau = Ptau::open(&file.0).unwrap();
    assert!(!ptau.prepared && ptau.tau_is_one());
}

#[test]
fn a_file_cut_at_any_byte_is_refused_as_cut() {
    let data = pack(&sample(&-G1Affine::GENERATOR));
    for end in 0..data.len() {
        assert_eq!(refusal(&data[..end]), Some(Kind::TruncatedFile), "cut at {end}");
    }
    assert_eq!(refusal(&[&data[..], &[0]].concat()), Some(Kind::TrailingBytes));
}

#[test]
fn every_rule_has_its_refusal() {
    assert_eq!(changed(|_| ()), None);
    assert_eq!(changed(|sections| sections[0].1[4..36].copy_from_slice(&words(&R))), Some(Kind::WrongField));
    for (at, power) in [(36, 0), (36, 4), (36, 29), (40, 0), (40, 29)] {
        assert_eq!(changed(|sections| sections[0].1[at] = power), Some(Kind::FileFormat), "{at} {power}");
    }
    assert_eq!(changed(|sections| sections[0].1.push(0)), Some(Kind::TrailingBytes));
    for index in [1, 2, 3, 4, 5, 7, 8, 9, 10] {
        assert_eq!(changed(|sections| sections[index].1.truncate(64)), Some(Kind::SectionLength), "{index}");
    }
    for index in [0, 1, 2, 3, 4, 5, 6, 8, 9, 10] {
        assert_eq!(changed(|sections| drop(sections.remove(index))), Some(Kind::MissingSection), "{index}");
    }
    assert_eq!(changed(|sections| sections.push(sections[3].clone())), Some(Kind::DuplicateSection));
    assert_eq!(changed(|sections| sections.push((99, vec![1]))), None);
    assert_eq!(
        changed(|sections| sections[1].1[..32].copy_from_slice(&words(&Q))),
        Some(Kind::CoordinateTooLarge)
    );
    assert_eq!(changed(|sections| sections[1].1[0] ^= 1), Some(Kind::FileFormat));
    assert_eq!(changed(|sections| sections[6].1[0] = 2), Some(Kind::TruncatedFile));
    assert_eq!(
        changed(|sections| sections[6].1[..4].copy_from_slice(&100_001u32.to_le_bytes())),
        Some(Kind::FileFormat)
    );
    // The record's end: a type, a length, and parameters.
    let end = 14;
    for (from_end, byte) in [(end, 1), (end, 2), (6, 9), (9, 8)] {
        assert_eq!(
            changed(|sections| {
                let at = sections[6].1.len() - from_end;
                sections[6].1[at] = byte;
            }),
            Some(Kind::FileFormat),
            "{from_end} {byte}"
        );
    }
}
