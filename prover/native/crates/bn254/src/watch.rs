//! Looking on while long work is done, and stopping it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Told from time to time, perhaps by several threads at once, what part of some work is done, from 0 to 1; returns
/// whether to go on.
pub type Watch<'a> = &'a (dyn Fn(f64) -> bool + Sync);

/// Nobody watches, nothing stops the work.
pub const UNWATCHED: Watch<'static> = &|_| true;

/// Whoever watched the work stopped it. What it has written until then means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Counts what many threads do of some work.
pub(crate) struct Meter<'a> {
    watch: Watch<'a>,
    all: usize,
    done: AtomicUsize,
}

impl<'a> Meter<'a> {
    /// For work of about `all` units, whatever they are.
    pub(crate) fn new(watch: Watch<'a>, all: usize) -> Self {
        Self { watch, all: all.max(1), done: AtomicUsize::new(0) }
    }

    /// Notes that more units are done.
    pub(crate) fn advance(&self, units: usize) -> Result<(), Stopped> {
        let done = (self.done.fetch_add(units, Ordering::Relaxed) + units).min(self.all);
        if (self.watch)(done as f64 / self.all as f64) { Ok(()) } else { Err(Stopped) }
    }
}
