//! The container of iden3's binary files (.r1cs, .wtns, .zkey, .ptau), with a bound on everything.
//!
//! `magic[4] ‖ u32 version ‖ u32 section count ‖ (u32 id ‖ u64 length ‖ bytes)*`, little-endian, sections in any order,
//! unknown ids passed over. Format: iden3/binfileutils, whose reader checks no bounds.
//!
//! Files are read, not mapped: a mapped file that is cut short while it is open kills the process with SIGBUS, and its
//! points would stand at addresses that are multiples of nothing.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::error::{Error, Kind, Result, reason};
use crate::memory::{bytes_mut, physical_bytes, zeros};

pub(crate) const HEADER_BYTES: usize = 12;
pub(crate) const SECTION_HEADER_BYTES: usize = 12;
const SECTIONS_MAX: u32 = 64;
/// No header is as long; what stands behind its values is refused without being read.
pub(crate) const HEADER_BYTES_MAX: u64 = 1 << 16;

/// Where a section stands.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its id.
    pub number: u32,
    /// Where its first byte stands in the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// An open file and its table of sections.
#[derive(Debug)]
pub struct Container {
    file: File,
    name: String,
    kind: &'static str,
    size: u64,
    sections: Vec<Section>,
}

impl Container {
    /// Open a file of a kind (“zkey”, its magic) and version, and read its table.
    pub fn open(path: &Path, kind: &'static str, version: u32) -> Result<Self> {
        let mut container = Self::unread(path, kind)?;
        container.read_table(version)?;
        Ok(container)
    }

    /// Which of some kinds a file says that it is.
    pub fn kind_of<const N: usize>(path: &Path, kinds: [&'static str; N]) -> Result<&'static str> {
        let file = Self::unread(path, "set-up")?;
        let mut magic = [0; 4];
        file.read_at(0, &mut magic)?;
        kinds.into_iter().find(|kind| *kind.as_bytes() == magic).ok_or_else(|| {
            let message = format!("{} starts with none of “{}”", file.name, kinds.join("”, “"));
            Error::new(Kind::MagicMismatch, message)
        })
    }

    fn unread(path: &Path, kind: &'static str) -> Result<Self> {
        let name = path.display().to_string();
        let unreadable = |why: String| {
            Error::new(Kind::FileUnreadable, format!("cannot read the {kind} file {name}: {why}"))
        };
        // Without O_NONBLOCK, opening a pipe waits for its other end.
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)
            .map_err(|error| unreadable(reason(&error)))?;
        let status = file.metadata().map_err(|error| unreadable(reason(&error)))?;
        if !status.is_file() {
            let what = if status.is_dir() { "it is a directory" } else { "it is not a regular file" };
            return Err(unreadable(what.into()));
        }
        Ok(Self { file, name, kind, size: status.len(), sections: Vec::new() })
    }

    fn read_table(&mut self, version: u32) -> Result<()> {
        let (name, kind) = (&self.name, self.kind);
        let mut head = [0; HEADER_BYTES];
        self.read_at(0, &mut head)?;
        let mut words = Reader::new(&head[4..], name.clone());
        let (found, count) = (words.u32()?, words.u32()?);
        if head[..4] != *kind.as_bytes() {
            let message = format!("{name} is not a .{kind} file: it does not start with “{kind}”");
            return Err(Error::new(Kind::MagicMismatch, message));
        }
        if found != version {
            let message = format!("{name} is {kind} version {found}; version {version} is read here");
            return Err(Error::new(Kind::VersionMismatch, message));
        }
        if count > SECTIONS_MAX {
            let message = format!("{name} announces {count} sections; at most {SECTIONS_MAX} are read");
            return Err(Error::new(Kind::SectionCount, message));
        }
        let mut sections: Vec<Section> = Vec::new();
        let mut at = HEADER_BYTES as u64;
        for _ in 0..count {
            let mut head = [0; SECTION_HEADER_BYTES];
            self.read_at(at, &mut head)?;
            at += SECTION_HEADER_BYTES as u64;
            let mut words = Reader::new(&head, name.clone());
            let (number, length) = (words.u32()?, words.u64()?);
            let left = self.size - at;
            if length > left {
                let message = format!(
                    "{name} is cut short: section {number} announces {length} bytes, {left} are left"
                );
                return Err(Error::new(Kind::TruncatedFile, message));
            }
            if sections.iter().any(|section| section.number == number) {
                let message = format!("{name} holds section {number} twice");
                return Err(Error::new(Kind::DuplicateSection, message));
            }
            sections.push(Section { number, offset: at, length });
            at += length;
        }
        if at != self.size {
            let message = format!("{name} holds {} bytes behind its last section", self.size - at);
            return Err(Error::new(Kind::TrailingBytes, message));
        }
        self.sections = sections;
        Ok(())
    }

    /// The file's name, for sentences.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The sections, in the order of the file.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Whether a section is there.
    pub fn has(&self, number: u32) -> bool {
        self.sections.iter().any(|section| section.number == number)
    }

    /// A section that this kind of file must have.
    pub fn section(&self, number: u32) -> Result<Section> {
        let found = self.sections.iter().find(|section| section.number == number);
        found.copied().ok_or_else(|| {
            let (name, kind) = (&self.name, self.kind);
            let message = format!("{name} has no section {number}, which every {kind} file has");
            Error::new(Kind::MissingSection, message)
        })
    }

    /// Refuse a section whose length is not the one that follows from the header.
    pub fn require_length(&self, number: u32, expected: u64) -> Result<()> {
        let length = self.section(number)?.length;
        if length == expected {
            return Ok(());
        }
        let name = &self.name;
        let message = format!(
            "{name}: section {number} must hold {expected} bytes by the header's counts; it holds {length}"
        );
        Err(Error::new(Kind::SectionLength, message))
    }

    /// Refuse a file that is larger than the machine's memory, before any of it is taken.
    pub fn require_memory(&self) -> Result<()> {
        let memory = physical_bytes();
        if self.size <= memory {
            return Ok(());
        }
        let message =
            format!("{} is {} bytes; this machine has {memory} bytes of memory", self.name, self.size);
        Err(Error::new(Kind::OutOfMemory, message))
    }

    /// A whole section, or its first `max_bytes`, as bytes of its own.
    pub fn read(&self, number: u32, max_bytes: u64) -> Result<Vec<u8>> {
        let section = self.section(number)?;
        let mut data = zeros::<u8>(section.length.min(max_bytes) as usize)?;
        self.read_at(section.offset, &mut data)?;
        Ok(data)
    }

    /// `count` plain values, from `at` bytes behind the start of a section.
    pub(crate) fn read_values<T: crate::memory::Plain>(
        &self,
        number: u32,
        at: u64,
        count: usize,
    ) -> Result<Vec<T>> {
        let section = self.section(number)?;
        let mut values = zeros::<T>(count)?;
        let wanted = bytes_mut(&mut values);
        let end = at.checked_add(wanted.len() as u64);
        if end.is_none_or(|end| end > section.length) {
            let message = format!("{}: section {number} ends before what is read of it", self.name);
            return Err(Error::new(Kind::TruncatedFile, message));
        }
        self.read_at(section.offset + at, wanted)?;
        Ok(values)
    }

    /// Fill a buffer from a place in the file.
    pub(crate) fn read_at(&self, at: u64, buffer: &mut [u8]) -> Result<()> {
        let name = &self.name;
        let end = at.saturating_add(buffer.len() as u64);
        if end > self.size {
            let message = format!("{name} is cut short: {end} bytes are needed, it holds {}", self.size);
            return Err(Error::new(Kind::TruncatedFile, message));
        }
        self.file.read_exact_at(buffer, at).map_err(|error| {
            if error.kind() == std::io::ErrorKind::UnexpectedEof {
                Error::new(Kind::TruncatedFile, format!("{name} was cut short while it was read"))
            } else {
                Error::new(Kind::ReadFailed, format!("{name} cannot be read: {}", reason(&error)))
            }
        })
    }
}

/// Reads little-endian values from bytes, never past their end.
#[derive(Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    place: String,
}

impl<'a> Reader<'a> {
    /// A reader; `place` names the bytes in sentences.
    pub fn new(data: &'a [u8], place: impl Into<String>) -> Self {
        Self { data, place: place.into() }
    }

    /// What the bytes are called.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.data.len()
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let Some((head, tail)) = self.data.split_at_checked(count) else {
            let message = format!("{}: {count} bytes are needed, {} are left", self.place, self.data.len());
            return Err(Error::new(Kind::TruncatedFile, message));
        };
        self.data = tail;
        Ok(head)
    }

    /// The next bytes, as many as the array has.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next byte.
    pub fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    /// The next u32.
    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// The next u64.
    pub fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next 32 bytes as four words, least significant first.
    pub fn limbs(&mut self) -> Result<[u64; 4]> {
        Ok([self.u64()?, self.u64()?, self.u64()?, self.u64()?])
    }

    /// Refuse what was not read.
    pub fn require_end(&self) -> Result<()> {
        if self.data.is_empty() {
            return Ok(());
        }
        let message = format!("{}: {} bytes stand behind the last value", self.place, self.data.len());
        Err(Error::new(Kind::TrailingBytes, message))
    }
}
