//! The recorded corpora: every input that the fuzzer kept, through its target again.
#![allow(clippy::unwrap_used)] // Tests.

use std::{
    collections::BTreeSet,
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

use fuzz_targets::TARGETS;

/// A folder of the fuzz workspace.
fn fuzz(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(folder)
}

/// The names in a folder, without their suffixes.
fn names(folder: &Path) -> BTreeSet<String> {
    let paths = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_recorded_input_passes_its_target() {
    for (name, target) in TARGETS {
        let mut inputs = 0;
        for entry in fuzz("corpora").join(name).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let data = fs::read(&path).unwrap();
            assert!(catch_unwind(|| target(&data)).is_ok(), "{name} does not hold for {}", path.display());
            inputs += 1;
        }
        assert!(inputs > 0, "{name} has a corpus without inputs");
    }
}

#[test]
fn every_target_has_a_corpus_and_a_binary_and_there_are_no_others() {
    let targets = BTreeSet::from(TARGETS.map(|(name, _)| name.to_owned()));
    assert_eq!(names(&fuzz("corpora")), targets);
    assert_eq!(names(&fuzz("src/bin")), targets);
}
