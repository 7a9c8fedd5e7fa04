//! Work shared among threads.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    thread,
};

/// Calls `work` on every task by up to `threads` threads, each with a state of its own; results in the tasks' order.
///
/// Each thread takes the next task when it has done one, so a slow core does fewer. A panic in a task is passed on.
pub(crate) fn share<T: Send, S, R: Send>(
    threads: usize,
    tasks: Vec<T>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    let Ok(results) = try_share(threads, tasks, state, |state, task| Ok::<R, Infallible>(work(state, task)));
    results
}

/// [`share`] for tasks that can fail: after the first that does no further one is begun.
pub(crate) fn try_share<T: Send, S, R: Send, E: Send>(
    threads: usize,
    tasks: Vec<T>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let threads = threads.min(tasks.len());
    if threads <= 1 {
        let mut state = state();
        return tasks.into_iter().map(|task| work(&mut state, task)).collect();
    }
    let count = tasks.len();
    let queue = Mutex::new(Some(tasks.into_iter().enumerate()));
    // The lock is held for what does not panic.
    let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let run = || {
        let mut state = state();
        let mut results = Vec::new();
        loop {
            let next = queue().as_mut().and_then(Iterator::next);
            let Some((index, task)) = next else { return Ok(results) };
            match work(&mut state, task) {
                Ok(result) => results.push((index, result)),
                Err(error) => {
                    *queue() = None;
                    return Err(error);
                }
            }
        }
    };
    let mut results: Vec<Option<R>> = Vec::new();
    results.resize_with(count, || None);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut place = |done: Result<Vec<(usize, R)>, E>| {
            done.map(|done| {
                for (index, result) in done {
                    results[index] = Some(result);
                }
            })
        };
        let mut all = place(run());
        for other in others {
            let done = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            all = all.and(place(done));
        }
        all
    })?;
    Ok(results.into_iter().flatten().collect())
}
