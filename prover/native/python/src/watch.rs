//! Long work without the interpreter's lock, while signals, cancellation and progress are looked after.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use groth16::{Control, Error};
use pyo3::prelude::*;

use crate::errors::{internal, raised};

/// How often a caller is told of progress, and asked whether to go on.
const PERIOD: Duration = Duration::from_millis(20);

/// What a caller may hand in to watch long work.
#[derive(Default)]
pub(crate) struct Watcher<'py> {
    /// Called with thousandths done, whenever they have changed.
    pub(crate) progress: Option<Bound<'py, PyAny>>,
    /// Asked whether to stop.
    pub(crate) cancel: Option<Bound<'py, PyAny>>,
}

impl Watcher<'_> {
    /// Do the work in another thread and return its result. What a callback or a signal raises stops the work and is
    /// raised once it has stopped.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        control: &Control,
        work: impl FnOnce() -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let mut stopped = None;
        let mut told = 0;
        let done = std::thread::scope(|scope| {
            let (result, mut results) = mpsc::sync_channel(1);
            scope.spawn(move || {
                // The receiver outlives the thread: it waits for it.
                drop(result.send(work()));
            });
            loop {
                let (receiver, received) = py.detach(move || {
                    let received = results.recv_timeout(PERIOD);
                    (results, received)
                });
                results = receiver;
                match received {
                    Ok(done) => return Some(done),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) if stopped.is_some() => {}
                    Err(RecvTimeoutError::Timeout) => {
                        if let Err(error) = self.look(py, control, &mut told) {
                            control.cancel();
                            stopped = Some(error);
                        }
                    }
                }
            }
        });
        if let Some(error) = stopped {
            return Err(error);
        }
        match done {
            Some(Ok(value)) => {
                if let Some(progress) = &self.progress
                    && told < control.permille()
                {
                    progress.call1((control.permille(),))?;
                }
                Ok(value)
            }
            Some(Err(error)) => Err(raised(py, &error)),
            None => Err(internal(py, "a thread of the native core ended by a panic; please report it")),
        }
    }

    fn look(&self, py: Python<'_>, control: &Control, told: &mut u32) -> PyResult<()> {
        py.check_signals()?;
        let permille = control.permille();
        if let Some(progress) = &self.progress
            && permille > *told
        {
            *told = permille;
            progress.call1((permille,))?;
        }
        if let Some(cancel) = &self.cancel
            && cancel.call0()?.is_truthy()?
        {
            control.cancel();
        }
        Ok(())
    }
}
