//! Times of the kernels by each backend of this CPU and by arkworks, alternately in one run.
//!
//! `cargo run --release --example kernels -- KIND LOG_SIZE [THREADS] [ROUNDS]`, with KIND one of `mul`, `g1`, `g2`, `ntt`,
//! `witness` (G1 sums with a witness's scalars: 60 % zeros, 26 % ones). Arkworks uses one thread.
#![allow(clippy::unwrap_used, reason = "a program for developers")]

use std::{env, hint::black_box, time::Instant};

use ark_bn254 as ark;
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup, VariableBaseMSM};
use ark_ff::{BigInt, PrimeField};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use bn254::{
    Backend, Bases, Domain, Field, Fq, Fq2, Fr, G1Affine, G2Affine, Options, UNWATCHED, finite, msm,
};

/// A generator of well-spread numbers (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    fn scalar(&mut self) -> Fr {
        Fr([self.next(), self.next(), self.next(), self.next() % Fr::MODULUS[3]])
    }
}

fn fq(element: &ark::Fq) -> Fq {
    Fq(element.0.0)
}

/// A kernel to be timed, by its name.
type Run<'a> = (String, Box<dyn FnMut() + 'a>);

/// The CPU time of this thread, where the system tells it: a busy machine makes it grow less than the clock's.
fn busy_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// Runs all alternately and prints medians, least times, CPU times of this thread, and ratios to the last one.
fn race(rounds: usize, mut runs: Vec<Run<'_>>) {
    let mut times = vec![Vec::new(); runs.len()];
    let mut busy = vec![0.0; runs.len()];
    for round in 0..=rounds {
        for ((times, busy), (_, run)) in times.iter_mut().zip(&mut busy).zip(&mut runs) {
            let (start, start_busy) = (Instant::now(), busy_ms());
            run();
            // The first round warms up.
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
                *busy += (busy_ms() - start_busy) / rounds as f64;
            }
        }
    }
    let median = |times: &Vec<f64>| {
        let mut times = times.clone();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let last = times.last().cloned().unwrap();
    for ((times, busy), (name, _)) in times.iter().zip(&busy).zip(&runs) {
        let ratios: Vec<f64> = times.iter().zip(&last).map(|(ours, theirs)| ours / theirs).collect();
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "{name:>12} {:>10.3} ms, least {least:>10.3}, CPU {busy:>10.3}, {:>6.3} of the last",
            median(times),
            median(&ratios)
        );
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let number =
        |index: usize, default: usize| arguments.get(index).map_or(default, |text| text.parse().unwrap());
    let kind = arguments.get(1).map_or("g1", String::as_str);
    let (log_size, threads, rounds) = (number(2, 14), number(3, 1), number(4, 11));
    let size = 1usize << log_size;
    let mut numbers = Numbers(1);
    let only = env::var("BACKEND").ok();
    let backends: Vec<Backend> = Backend::available()
        .into_iter()
        .filter(|backend| only.as_ref().is_none_or(|only| format!("{backend:?}") == *only))
        .collect();

    let scalars: Vec<Fr> = (0..size)
        .map(|_| match (kind, numbers.next() % 100) {
            ("witness" | "witness2", 0..60) => Fr::ZERO,
            ("witness" | "witness2", 60..86) => Fr::ONE,
            _ => numbers.scalar(),
        })
        .collect();
    let plain: Vec<[u64; 4]> = scalars.iter().map(Fr::to_plain).collect();
    let bigints: Vec<BigInt<4>> = plain.iter().map(|scalar| BigInt(*scalar)).collect();

    match kind {
        "mul" => {
            let (a, b) = (Fq(numbers.scalar().0), Fq(numbers.scalar().0));
            let oracle = ark::Fq::from_bigint(BigInt(a.to_plain())).unwrap();
            race(
                rounds,
                vec![
                    (
                        "ours".into(),
                        Box::new(|| {
                            let mut x = a;
                            (0..size).for_each(|_| x *= b);
                            black_box(x);
                        }),
                    ),
                    (
                        "inverse".into(),
                        Box::new(|| {
                            let mut x = a;
                            (0..size / 256).for_each(|_| x = x.inverse().unwrap() + b);
                            black_box(x);
                        }),
                    ),
                    (
                        "arkworks".into(),
                        Box::new(move || {
                            let mut x = oracle;
                            (0..size).for_each(|_| x *= oracle);
                            black_box(x);
                        }),
                    ),
                ],
            );
        }
        "ntt" => {
            let domain = Domain::new(log_size as u32).unwrap();
            let values = scalars.clone();
            let theirs = Radix2EvaluationDomain::<ark::Fr>::new(size).unwrap();
            let mut oracle: Vec<ark::Fr> =
                bigints.iter().map(|b| ark::Fr::from_bigint(*b).unwrap()).collect();
            let mut runs: Vec<Run<'_>> = Vec::new();
            for backend in backends {
                let (domain, mut values) = (&domain, values.clone());
                runs.push((
                    format!("{backend:?}"),
                    Box::new(move || {
                        let _ = domain.to_odd_coset_by(&mut [&mut values], threads, backend, UNWATCHED);
                    }),
                ));
            }
            runs.push((
                "arkworks".into(),
                Box::new(|| {
                    theirs.ifft_in_place(&mut oracle);
                    theirs.fft_in_place(&mut oracle);
                }),
            ));
            race(rounds, runs);
        }
        "g2" | "witness2" => {
            let step = ark::G2Projective::generator();
            let points: Vec<_> = std::iter::successors(Some(step), |p| Some(*p + step)).take(size).collect();
            let oracle = ark::G2Projective::normalize_batch(&points);
            let f = |e: &ark::Fq2| Fq2::new(fq(&e.c0), fq(&e.c1));
            let bases: Vec<G2Affine> = oracle
                .iter()
                .map(|p| p.xy().map(|(x, y)| G2Affine { x: f(&x), y: f(&y) }).unwrap())
                .collect();
            let finite = finite(&bases);
            let set = Bases { finite: &finite, g2: Some(&bases), ..Bases::default() };
            let mut runs: Vec<Run<'_>> = Vec::new();
            for backend in backends {
                let options = Options { backend, ..Options::new(threads) };
                let (set, plain) = (&set, &plain);
                runs.push((
                    format!("{backend:?}"),
                    Box::new(move || _ = black_box(msm(plain, set, &options))),
                ));
            }
            if env::var("NO_ARK").is_err() {
                runs.push((
                    "arkworks".into(),
                    Box::new(|| {
                        let _ = black_box(ark::G2Projective::msm_bigint(&oracle, &bigints));
                    }),
                ));
            }
            race(rounds, runs);
        }
        _ => {
            let step = ark::G1Projective::generator();
            let points: Vec<_> = std::iter::successors(Some(step), |p| Some(*p + step)).take(size).collect();
            let oracle = ark::G1Projective::normalize_batch(&points);
            let bases: Vec<G1Affine> = oracle
                .iter()
                .map(|p| p.xy().map(|(x, y)| G1Affine { x: fq(&x), y: fq(&y) }).unwrap())
                .collect();
            let finite = finite(&bases);
            let set = Bases { finite: &finite, g1: Some(&bases), ..Bases::default() };
            let mut runs: Vec<Run<'_>> = Vec::new();
            for backend in backends {
                let options = Options { backend, ..Options::new(threads) };
                let (set, plain) = (&set, &plain);
                runs.push((
                    format!("{backend:?}"),
                    Box::new(move || _ = black_box(msm(plain, set, &options))),
                ));
            }
            if env::var("NO_ARK").is_err() {
                runs.push((
                    "arkworks".into(),
                    Box::new(|| {
                        let _ = black_box(ark::G1Projective::msm_bigint(&oracle, &bigints));
                    }),
                ));
            }
            race(rounds, runs);
        }
    }
}
