//! Which room of the workspace may import which.
//!
//! A program is code that holds authority: what it shares with another one goes through an interface or a crate, never
//! through the other program's own code.

use std::path::Path;

/// A room: the kind of a package, told by its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// `crates/<name>`
    Crate,
    /// `programs/<name>/interface`
    Interface(String),
    /// `programs/<name>/program`
    Program(String),
    /// `bench/<name>`
    Bench,
    /// `tests/<name>`
    Test,
}

impl Room {
    /// The room of a package folder, relative to the workspace. None for a folder that is no room.
    pub fn of(folder: &Path) -> Option<Self> {
        let parts: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
        match parts.as_slice() {
            ["crates", _] => Some(Self::Crate),
            ["programs", name, "interface"] => Some(Self::Interface((*name).to_owned())),
            ["programs", name, "program"] => Some(Self::Program((*name).to_owned())),
            ["bench", _] => Some(Self::Bench),
            ["tests", _] => Some(Self::Test),
            _ => None,
        }
    }

    /// Whether a package in this room may depend on one in the other.
    pub fn may_import(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Crate) => true,
            (Self::Program(_) | Self::Bench | Self::Test, Self::Interface(_)) => true,
            (_, Self::Interface(_) | Self::Program(_) | Self::Bench | Self::Test) => false,
        }
    }
}
