//! The step between a prover's transforms and its sum over H.

use crate::{
    backend::Backend,
    field::{Fr, Prime},
    threads::share,
};

/// Replaces each `a[i]` by `a[i]·b[i] - c[i]`, whose limbs then are the plain integer's, not the Montgomery form's, by
/// `threads` threads. Panics if the slices differ in length.
pub fn product_less_plain(a: &mut [Fr], b: &[Fr], c: &[Fr], threads: usize) {
    product_less_plain_by(a, b, c, threads, Backend::best());
}

/// [`product_less_plain`] by the instructions of a backend. Panics if this CPU has not got them.
pub fn product_less_plain_by(a: &mut [Fr], b: &[Fr], c: &[Fr], threads: usize, backend: Backend) {
    let backend = backend.checked();
    let count = a.len();
    assert!(b.len() == count && c.len() == count, "as many of each");
    let part = count.div_ceil(threads.max(1)).next_multiple_of(8).max(8);
    let tasks: Vec<_> = a.chunks_mut(part).zip(b.chunks(part)).zip(c.chunks(part)).collect();
    share(
        threads,
        tasks,
        || (),
        |(), ((a, b), c)| {
            #[allow(unused_mut, reason = "on a CPU without lanes")]
            let mut done = 0;
            #[cfg(target_arch = "x86_64")]
            if backend == Backend::Ifma {
                done = in_lanes(a, b, c);
            }
            let rest = a[done..].iter_mut().zip(&b[done..]).zip(&c[done..]);
            crate::backend::with_arithmetic!(backend, A => {
                for ((a, b), c) in rest {
                    let difference = <A as crate::backend::Arithmetic>::mul(a, b) - *c;
                    *a = <A as crate::backend::Arithmetic>::mul(&difference, &Fr::from_limbs([1, 0, 0, 0]));
                }
            });
        },
    );
}

/// Does blocks of eight; returns how many elements it did.
#[cfg(target_arch = "x86_64")]
fn in_lanes(a: &mut [Fr], b: &[Fr], c: &[Fr]) -> usize {
    let (a, b, c) = (a.as_chunks_mut::<8>().0, b.as_chunks::<8>().0, c.as_chunks::<8>().0);
    // SAFETY: the caller has checked that the CPU has it.
    unsafe { crate::ifma::quotient::product_less_plain(a, b, c) };
    debug_assert!(a.iter().flatten().all(Fr::is_canonical));
    8 * a.len()
}
