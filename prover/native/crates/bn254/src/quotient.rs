//! The step between a prover's transforms and its sum over H.

use crate::{
    backend::Backend,
    field::{Fr, Prime},
    threads::share,
};

/// Writes `a[i]·b[i] - c[i]` as plain integers, by `threads` threads. Panics if the slices differ in length.
pub fn product_less_plain(a: &[Fr], b: &[Fr], c: &[Fr], plain: &mut [[u64; 4]], threads: usize) {
    product_less_plain_by(a, b, c, plain, threads, Backend::best());
}

/// [`product_less_plain`] by the instructions of a backend. Panics if this CPU has not got them.
pub fn product_less_plain_by(
    a: &[Fr],
    b: &[Fr],
    c: &[Fr],
    plain: &mut [[u64; 4]],
    threads: usize,
    backend: Backend,
) {
    let backend = backend.checked();
    let count = plain.len();
    assert!(a.len() == count && b.len() == count && c.len() == count, "as many of each");
    let part = count.div_ceil(threads.max(1)).next_multiple_of(8).max(8);
    let parts = a.chunks(part).zip(b.chunks(part)).zip(c.chunks(part)).zip(plain.chunks_mut(part));
    let tasks: Vec<_> = parts.collect();
    share(
        threads,
        tasks,
        || (),
        |(), (((a, b), c), plain)| {
            #[allow(unused_mut, reason = "on a CPU without lanes")]
            let mut done = 0;
            #[cfg(target_arch = "x86_64")]
            if backend == Backend::Ifma {
                done = in_lanes(a, b, c, plain);
            }
            let rest = a[done..].iter().zip(&b[done..]).zip(&c[done..]).zip(&mut plain[done..]);
            crate::backend::with_arithmetic!(backend, A => {
                for (((a, b), c), plain) in rest {
                    let difference = <A as crate::backend::Arithmetic>::mul(a, b) - *c;
                    *plain = *<A as crate::backend::Arithmetic>::mul(&difference, &Fr::from_limbs([1, 0, 0, 0])).limbs();
                }
            });
        },
    );
}

/// Does blocks of eight, some at a time so that they stay in the cache; returns how many elements it did.
#[cfg(target_arch = "x86_64")]
fn in_lanes(a: &[Fr], b: &[Fr], c: &[Fr], plain: &mut [[u64; 4]]) -> usize {
    let (a, b, c) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0, c.as_chunks::<8>().0);
    let mut blocks: [crate::ntt::Block; 64] = [[Fr([0; 4]); 8]; 64];
    let plain = plain.as_chunks_mut::<8>().0;
    for (((a, b), c), plain) in a.chunks(64).zip(b.chunks(64)).zip(c.chunks(64)).zip(plain.chunks_mut(64)) {
        let blocks = &mut blocks[..a.len()];
        blocks.copy_from_slice(a);
        // SAFETY: the caller has checked that the CPU has it.
        unsafe { crate::ifma::quotient::product_less_plain(blocks, b, c) };
        for (plain, block) in plain.iter_mut().zip(&*blocks) {
            *plain = block.map(|element| element.0);
        }
        debug_assert!(plain.iter().flatten().all(|plain| crate::limbs::less_than(plain, &Fr::MODULUS)));
    }
    8 * a.len()
}
