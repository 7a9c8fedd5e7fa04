//! Watching and stopping long work from another thread.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bn254::{Stopped, Watch};

use crate::error::{Error, Kind, Result};

/// Shared between the thread that works and the one that watches.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    permille: AtomicU32,
    stages: Mutex<Vec<(&'static str, Duration)>>,
}

impl Control {
    /// Ask the work to stop; it does at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// How much of the work is done, in thousandths; it never falls.
    pub fn permille(&self) -> u32 {
        self.permille.load(Ordering::Relaxed)
    }

    /// How long each stage took, in the order in which they ended.
    pub fn stages(&self) -> Vec<(&'static str, Duration)> {
        self.stages.lock().map(|stages| stages.clone()).unwrap_or_default()
    }

    /// Whether the work was cancelled.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Refuse to go on once the work was cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Self::cancelled());
        }
        Ok(())
    }

    fn cancelled() -> Error {
        Error::new(Kind::Cancelled, "the work was cancelled")
    }

    /// Note that so many thousandths of the work are done.
    pub(crate) fn advance(&self, permille: u32) {
        self.permille.fetch_max(permille, Ordering::Relaxed);
    }

    /// Do one stage, note how long it took and that `permille` of all is done; refuse to begin a cancelled one.
    pub(crate) fn stage<T>(&self, name: &'static str, permille: u32, work: impl FnOnce() -> T) -> Result<T> {
        self.check()?;
        let began = Instant::now();
        let result = work();
        if let Ok(mut stages) = self.stages.lock() {
            stages.push((name, began.elapsed()));
        }
        self.permille.fetch_max(permille, Ordering::Relaxed);
        Ok(result)
    }

    /// A stage that tells what part of it is done, and stops once the work was cancelled.
    pub(crate) fn watched_stage<T>(
        &self,
        name: &'static str,
        permille: u32,
        work: impl FnOnce(Watch<'_>) -> std::result::Result<T, Stopped>,
    ) -> Result<T> {
        let from = self.permille();
        let watch = |part: f64| {
            self.advance(from + (f64::from(permille.saturating_sub(from)) * part) as u32);
            !self.is_cancelled()
        };
        self.stage(name, permille, || work(&watch))?.map_err(|Stopped| Self::cancelled())
    }
}
