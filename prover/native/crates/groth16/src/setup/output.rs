//! A file of sections that appears whole or not at all: written under another name in its folder, synced, renamed.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use bn254::Affine;

use crate::error::{Error, Kind, Result, reason};
use crate::formats::Container;
use crate::memory::{Plain, bytes_of};

/// Bytes of a section that are copied at once.
const PIECE_BYTES: u64 = 1 << 22;

/// A file being written; without `finish` it goes away.
pub(crate) struct Output {
    file: File,
    path: PathBuf,
    partial: PathBuf,
    finished: bool,
}

impl Output {
    /// Begin a file of a kind, version 1, with so many sections.
    pub(crate) fn create(path: &Path, kind: &'static str, sections: u32) -> Result<Self> {
        // A link is followed, not replaced; a device would be.
        let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if std::fs::metadata(path).is_ok_and(|status| !status.is_file()) {
            let message = format!("cannot write {}: it is not a regular file", path.display());
            return Err(Error::new(Kind::OutputNotWritable, message));
        }
        let mut drawn = [0u8; 8];
        crate::random::fill(&mut drawn)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().ok_or_else(|| {
            Error::new(Kind::Usage, format!("{} does not name a file to write", path.display()))
        })?);
        name.push(format!(".{:016x}.partial", u64::from_le_bytes(drawn)));
        let partial = path.with_file_name(name);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&partial)
            .map_err(|error| not_writable(path, &error))?;
        let mut output = Self { file, path: path.to_path_buf(), partial, finished: false };
        output.write(kind.as_bytes())?;
        output.write(&1u32.to_le_bytes())?;
        output.write(&sections.to_le_bytes())?;
        Ok(output)
    }

    /// Begin a section; return where its content starts.
    pub(crate) fn section(&mut self, number: u32, length: u64) -> Result<u64> {
        self.write(&number.to_le_bytes())?;
        self.write(&length.to_le_bytes())?;
        self.file.stream_position().map_err(|error| not_writable(&self.path, &error))
    }

    /// Append bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| not_writable(&self.path, &error))
    }

    /// Append points as they stand in files.
    pub(crate) fn points<F>(&mut self, points: &[Affine<F>]) -> Result<()>
    where
        Affine<F>: Plain,
    {
        self.write(bytes_of(points))
    }

    /// A whole section.
    pub(crate) fn whole(&mut self, number: u32, content: &[u8]) -> Result<()> {
        self.section(number, content.len() as u64)?;
        self.write(content)
    }

    /// A section of another file, as it is.
    pub(crate) fn copy(&mut self, from: &Container, number: u32) -> Result<()> {
        let section = from.section(number)?;
        self.section(number, section.length)?;
        let mut at = section.offset;
        let end = section.offset + section.length;
        let mut piece = Vec::new();
        while at < end {
            piece.resize(PIECE_BYTES.min(end - at) as usize, 0);
            from.read_at(at, &mut piece)?;
            self.write(&piece)?;
            at += piece.len() as u64;
        }
        Ok(())
    }

    /// Leave room in a section that `put` fills in any order.
    pub(crate) fn skip(&mut self, length: u64) -> Result<()> {
        let to = self.file.stream_position().map_err(|error| not_writable(&self.path, &error))? + length;
        self.file.set_len(to).map_err(|error| not_writable(&self.path, &error))?;
        self.file.seek(SeekFrom::Start(to)).map(drop).map_err(|error| not_writable(&self.path, &error))
    }

    /// Write points at a place.
    pub(crate) fn put<F>(&mut self, at: u64, points: &[Affine<F>]) -> Result<()>
    where
        Affine<F>: Plain,
    {
        self.file.write_all_at(bytes_of(points), at).map_err(|error| not_writable(&self.path, &error))
    }

    /// Read back what was written at a place.
    pub(crate) fn get(&self, at: u64, buffer: &mut [u8]) -> Result<()> {
        self.file.read_exact_at(buffer, at).map_err(|error| {
            let message = format!("{} cannot be read back: {}", self.partial.display(), reason(&error));
            Error::new(Kind::ReadFailed, message)
        })
    }

    /// Give the file its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        let done = self.file.sync_all().and_then(|()| std::fs::rename(&self.partial, &self.path));
        done.map_err(|error| not_writable(&self.path, &error))?;
        self.finished = true;
        // The name lasts only once its folder is synced, too. A folder that cannot be opened is no reason to fail now.
        let folder =
            self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Ok(folder) = File::open(folder) {
            drop(folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.finished {
            drop(std::fs::remove_file(&self.partial));
        }
    }
}

fn not_writable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::OutputNotWritable, format!("cannot write {}: {}", path.display(), reason(error)))
}
