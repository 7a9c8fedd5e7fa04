//! Arithmetic modulo a prime for x86-64. Multiplication is by BMI2 and ADX: `mulx` leaves the flags alone, `adcx` and
//! `adox` are two chains of carries. Addition and subtraction are for every x86-64: compilers make branches or long
//! detours of them.

use core::{
    arch::asm,
    sync::atomic::{AtomicU8, Ordering},
};

use crate::{backend::Arithmetic, field::Prime};

/// Whether this CPU has BMI2 and ADX.
#[inline(always)]
pub(crate) fn is_available() -> bool {
    // 0: not asked yet; 1: no; 2: yes.
    static ANSWER: AtomicU8 = AtomicU8::new(0);
    match ANSWER.load(Ordering::Relaxed) {
        2 => true,
        1 => false,
        _ => {
            let yes = is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("adx");
            ANSWER.store(1 + yes as u8, Ordering::Relaxed);
            yes
        }
    }
}

/// Scalar arithmetic of this module. To be used only after [`is_available`].
pub(crate) struct Adx;

impl Arithmetic for Adx {
    #[inline(always)]
    fn mul<P: Prime>(a: &P, b: &P) -> P {
        // SAFETY: who uses this has asked whether the CPU has BMI2 and ADX: `Backend::checked`, or an operator.
        P::from_limbs(unsafe { mont_mul(a.limbs(), b.limbs(), &P::MODULUS, P::INV) })
    }
}

/// Adds a limb of b, at an offset in bytes, times a: five limbs from t0.
macro_rules! add_product {
    ($offset:literal) => {
        concat!(
            "mov rdx, qword ptr [{b} + ",
            $offset,
            "]\n",
            "xor {lo:e}, {lo:e}\n",
            "mulx {hi}, {lo}, qword ptr [{a}]\n",
            "adox {t0}, {lo}\n",
            "adcx {t1}, {hi}\n",
            "mulx {hi}, {lo}, qword ptr [{a} + 8]\n",
            "adox {t1}, {lo}\n",
            "adcx {t2}, {hi}\n",
            "mulx {hi}, {lo}, qword ptr [{a} + 16]\n",
            "adox {t2}, {lo}\n",
            "adcx {t3}, {hi}\n",
            "mulx {t4}, {lo}, qword ptr [{a} + 24]\n",
            "adox {t3}, {lo}\n",
            "mov {lo:e}, 0\n",
            "adcx {t4}, {lo}\n",
            "adox {t4}, {lo}\n",
        )
    };
}

/// Adds the multiple of p that makes t0 zero, and takes the limb away: four limbs from t0.
macro_rules! reduce {
    () => {
        concat!(
            "mov rdx, {inv}\n",
            "imul rdx, {t0}\n",
            "xor {lo:e}, {lo:e}\n",
            "mulx {hi}, {lo}, qword ptr [{p}]\n",
            "adcx {lo}, {t0}\n",
            "mov {t0}, {hi}\n",
            "adcx {t0}, {t1}\n",
            "mulx {t1}, {lo}, qword ptr [{p} + 8]\n",
            "adox {t0}, {lo}\n",
            "adcx {t1}, {t2}\n",
            "mulx {t2}, {lo}, qword ptr [{p} + 16]\n",
            "adox {t1}, {lo}\n",
            "adcx {t2}, {t3}\n",
            "mulx {t3}, {lo}, qword ptr [{p} + 24]\n",
            "adox {t2}, {lo}\n",
            "mov {lo:e}, 0\n",
            "adcx {t3}, {lo}\n",
            "adox {t3}, {t4}\n",
        )
    };
}

/// Montgomery's product `a·b/2^256 mod p`, for `a, b < p < 2^254` and `inv = -1/p mod 2^64`.
///
/// # Safety
///
/// The CPU has BMI2 and ADX.
#[inline(always)]
pub(crate) unsafe fn mont_mul(a: &[u64; 4], b: &[u64; 4], p: &'static [u64; 4], inv: u64) -> [u64; 4] {
    let (t0, t1, t2, t3): (u64, u64, u64, u64);
    // Per limb of b: t += a·b[i] with five limbs, then t = (t + m·p)/2^64. p's free bits keep t[4] + carry in 64 bits.
    // SAFETY: reads only the twelve limbs behind the pointers; the CPU has the instructions.
    unsafe {
        asm!(
            "mov rdx, qword ptr [{b}]",
            "mulx {t1}, {t0}, qword ptr [{a}]",
            "mulx {t2}, {lo}, qword ptr [{a} + 8]",
            "add {t1}, {lo}",
            "mulx {t3}, {lo}, qword ptr [{a} + 16]",
            "adc {t2}, {lo}",
            "mulx {t4}, {lo}, qword ptr [{a} + 24]",
            "adc {t3}, {lo}",
            "adc {t4}, 0",
            reduce!(),
            add_product!(8),
            reduce!(),
            add_product!(16),
            reduce!(),
            add_product!(24),
            reduce!(),
            // The result is less than 2p: p is taken away unless that borrows.
            "mov {t4}, {t0}",
            "mov {lo}, {t1}",
            "mov {hi}, {t2}",
            "mov rdx, {t3}",
            "sub {t4}, qword ptr [{p}]",
            "sbb {lo}, qword ptr [{p} + 8]",
            "sbb {hi}, qword ptr [{p} + 16]",
            "sbb rdx, qword ptr [{p} + 24]",
            "cmovnc {t0}, {t4}",
            "cmovnc {t1}, {lo}",
            "cmovnc {t2}, {hi}",
            "cmovnc {t3}, rdx",
            a = in(reg) a.as_ptr(),
            b = in(reg) b.as_ptr(),
            p = in(reg) p.as_ptr(),
            inv = in(reg) inv,
            t0 = out(reg) t0,
            t1 = out(reg) t1,
            t2 = out(reg) t2,
            t3 = out(reg) t3,
            t4 = out(reg) _,
            lo = out(reg) _,
            hi = out(reg) _,
            out("rdx") _,
            options(pure, readonly, nostack)
        );
    }
    [t0, t1, t2, t3]
}

/// `a + b mod p`, for `a, b < p < 2^255`.
#[inline(always)]
pub(crate) fn add_mod(a: &[u64; 4], b: &[u64; 4], p: &'static [u64; 4]) -> [u64; 4] {
    let [mut r0, mut r1, mut r2, mut r3] = *a;
    // SAFETY: reads only the four limbs behind each pointer.
    unsafe {
        asm!(
            "add {r0}, qword ptr [{b}]",
            "adc {r1}, qword ptr [{b} + 8]",
            "adc {r2}, qword ptr [{b} + 16]",
            "adc {r3}, qword ptr [{b} + 24]",
            "mov {s0}, {r0}",
            "mov {s1}, {r1}",
            "mov {s2}, {r2}",
            "mov {s3}, {r3}",
            "sub {s0}, qword ptr [{p}]",
            "sbb {s1}, qword ptr [{p} + 8]",
            "sbb {s2}, qword ptr [{p} + 16]",
            "sbb {s3}, qword ptr [{p} + 24]",
            "cmovnc {r0}, {s0}",
            "cmovnc {r1}, {s1}",
            "cmovnc {r2}, {s2}",
            "cmovnc {r3}, {s3}",
            b = in(reg) b.as_ptr(),
            p = in(reg) p.as_ptr(),
            r0 = inout(reg) r0,
            r1 = inout(reg) r1,
            r2 = inout(reg) r2,
            r3 = inout(reg) r3,
            s0 = out(reg) _,
            s1 = out(reg) _,
            s2 = out(reg) _,
            s3 = out(reg) _,
            options(pure, readonly, nostack)
        );
    }
    [r0, r1, r2, r3]
}

/// `a - b mod p`, for `a, b < p`.
#[inline(always)]
pub(crate) fn sub_mod(a: &[u64; 4], b: &[u64; 4], p: &'static [u64; 4]) -> [u64; 4] {
    let [mut r0, mut r1, mut r2, mut r3] = *a;
    // SAFETY: reads only the four limbs behind each pointer.
    unsafe {
        asm!(
            "xor {s0:e}, {s0:e}",
            "xor {s1:e}, {s1:e}",
            "xor {s2:e}, {s2:e}",
            "xor {s3:e}, {s3:e}",
            "sub {r0}, qword ptr [{b}]",
            "sbb {r1}, qword ptr [{b} + 8]",
            "sbb {r2}, qword ptr [{b} + 16]",
            "sbb {r3}, qword ptr [{b} + 24]",
            // p is given back if that borrowed.
            "cmovc {s0}, qword ptr [{p}]",
            "cmovc {s1}, qword ptr [{p} + 8]",
            "cmovc {s2}, qword ptr [{p} + 16]",
            "cmovc {s3}, qword ptr [{p} + 24]",
            "add {r0}, {s0}",
            "adc {r1}, {s1}",
            "adc {r2}, {s2}",
            "adc {r3}, {s3}",
            b = in(reg) b.as_ptr(),
            p = in(reg) p.as_ptr(),
            r0 = inout(reg) r0,
            r1 = inout(reg) r1,
            r2 = inout(reg) r2,
            r3 = inout(reg) r3,
            s0 = out(reg) _,
            s1 = out(reg) _,
            s2 = out(reg) _,
            s3 = out(reg) _,
            options(pure, readonly, nostack)
        );
    }
    [r0, r1, r2, r3]
}
