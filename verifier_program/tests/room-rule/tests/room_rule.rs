//! The rule itself, and the workspace held to it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // Tests.

use std::{collections::BTreeMap, path::Path};

use cargo_metadata::MetadataCommand;
use room_rule::Room;

fn room(folder: &str) -> Room {
    Room::of(Path::new(folder)).unwrap()
}

#[test]
fn the_rule_allows_and_forbids() {
    let program = room("programs/market/program");
    assert!(program.may_import(&room("programs/market/interface")));
    assert!(program.may_import(&room("programs/groth16_verifier/interface")));
    assert!(program.may_import(&room("crates/groth16-verify")));
    assert!(!program.may_import(&room("programs/groth16_verifier/program")));
    assert!(!program.may_import(&room("bench/gate_probe")));
    assert!(room("programs/market/interface").may_import(&room("crates/groth16-verify")));
    assert!(!room("programs/market/interface").may_import(&room("programs/market/program")));
    assert!(!room("crates/groth16-verify").may_import(&room("programs/market/interface")));
    assert!(room("bench/gate_probe").may_import(&room("programs/market/interface")));
    assert!(!room("bench/gate_probe").may_import(&room("programs/market/program")));
    assert_eq!(Room::of(Path::new("somewhere/else")), None);
}

#[test]
fn every_package_keeps_the_rule() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(vec!["--locked".to_owned(), "--offline".to_owned()])
        .exec()
        .unwrap();
    let rooms: BTreeMap<&str, Room> = metadata
        .workspace_packages()
        .into_iter()
        .map(|package| {
            let folder = package.manifest_path.parent().unwrap();
            let relative = folder.strip_prefix(&metadata.workspace_root).unwrap();
            let found = Room::of(relative.as_std_path());
            (
                package.name.as_str(),
                found.unwrap_or_else(|| panic!("{relative} is no room of this workspace")),
            )
        })
        .collect();
    assert!(rooms.len() >= 5, "the workspace's packages were found: {rooms:?}");
    let mut imports = 0;
    for package in metadata.workspace_packages() {
        let importer = &rooms[package.name.as_str()];
        for dependency in &package.dependencies {
            // A crate may name itself, to switch on a feature for its tests.
            let Some(imported) = rooms.get(dependency.name.as_str()) else { continue };
            if dependency.name != package.name.as_str() {
                assert!(
                    importer.may_import(imported),
                    "{} ({importer:?}) imports {} ({imported:?})",
                    package.name,
                    dependency.name
                );
                imports += 1;
            }
        }
    }
    assert!(imports >= 5, "the workspace's imports were found: {imports}");
}

#[test]
fn every_direct_dependency_is_pinned_exactly() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            if dependency.path.is_none() {
                let requirement = dependency.req.to_string();
                assert!(requirement.starts_with('='), "{}: {} {requirement}", package.name, dependency.name);
            }
        }
    }
}
