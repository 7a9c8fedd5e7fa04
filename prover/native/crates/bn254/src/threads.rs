//! Work shared among threads.

use std::{
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
    let threads = threads.min(tasks.len());
    if threads <= 1 {
        let mut state = state();
        return tasks.into_iter().map(|task| work(&mut state, task)).collect();
    }
    let count = tasks.len();
    let queue = Mutex::new(tasks.into_iter().enumerate());
    let run = || {
        let mut state = state();
        let mut results = Vec::new();
        loop {
            // The lock is held for `next` alone, which does not panic.
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((index, task)) = next else { return results };
            results.push((index, work(&mut state, task)));
        }
    };
    let mut results: Vec<Option<R>> = Vec::new();
    results.resize_with(count, || None);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut place = |done: Vec<(usize, R)>| {
            for (index, result) in done {
                results[index] = Some(result);
            }
        };
        place(run());
        for other in others {
            place(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    results.into_iter().flatten().collect()
}
