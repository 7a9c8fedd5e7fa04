//! The recorded corpora of the fuzz targets: whatever is in them, no panic, and no memory that the file does not call for.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

#[path = "../../../fuzz/src/allocation.rs"]
mod allocation;
#[path = "../../../fuzz/src/readers.rs"]
mod readers;

use std::path::Path;

use readers::Reader;

#[global_allocator]
static ALLOCATOR: allocation::Counting = allocation::Counting;

// One test only, because the allocator counts for the whole process.
#[test]
fn every_recorded_input_is_read_or_refused_within_its_bound() {
    let (_, peak) = allocation::peak_of(|| vec![1u8; 1 << 20].len());
    assert!((1 << 20..2 << 20).contains(&peak), "the allocator does not count");
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../tests/fuzz/corpora");
    for (reader, name) in Reader::ALL {
        let (mut read, mut refused) = (0, 0);
        for entry in corpora.join(name).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let bytes = path.metadata().unwrap().len() as usize;
            let (outcome, peak) = allocation::peak_of(|| reader.run(&path));
            assert!(
                peak <= reader.bytes_max(bytes),
                "{}: {peak} bytes for a file of {bytes}",
                path.display()
            );
            *if outcome.is_ok() { &mut read } else { &mut refused } += 1;
        }
        // A corpus that has lost its well-formed files, or all others, tests nothing.
        assert!(read > 0 && refused > 0, "{name}: {read} were read, {refused} refused");
    }
}
