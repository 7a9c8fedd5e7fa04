//! Which instructions the kernels use: chosen once at run time, so that a generic build is fast.

use crate::{field::Prime, limbs};

/// A way to do arithmetic that this CPU can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Plain Rust.
    Portable,
    /// BMI2 and ADX: `mulx` with two chains of carries.
    #[cfg(target_arch = "x86_64")]
    Adx,
    /// AVX-512 IFMA (with F and VBMI2): eight lanes of 52-bit limbs; BMI2 and ADX where there are no eight.
    #[cfg(target_arch = "x86_64")]
    Ifma,
}

impl Backend {
    /// What this CPU can do, slowest first.
    pub fn available() -> Vec<Self> {
        let all = [
            Self::Portable,
            #[cfg(target_arch = "x86_64")]
            Self::Adx,
            #[cfg(target_arch = "x86_64")]
            Self::Ifma,
        ];
        all.into_iter().filter(|backend| backend.is_available()).collect()
    }

    /// Whether this CPU can do it.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Adx => crate::adx::is_available(),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma => {
                crate::adx::is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512ifma")
                    && is_x86_feature_detected!("avx512vbmi2")
            }
        }
    }

    /// Whether it works on many elements at a time. An inversion then costs as much as many products.
    pub(crate) fn has_lanes(self) -> bool {
        match self {
            Self::Portable => false,
            #[cfg(target_arch = "x86_64")]
            Self::Adx => false,
            #[cfg(target_arch = "x86_64")]
            Self::Ifma => true,
        }
    }

    /// The backend itself; panics if this CPU cannot do it. Whatever runs a backend's instructions asks this first.
    pub(crate) fn checked(self) -> Self {
        assert!(self.is_available(), "this CPU has no {self:?}");
        self
    }

    /// The fastest that this CPU can do.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Portable)
    }
}

/// Scalar arithmetic of one backend, for kernels that are compiled once for each.
pub(crate) trait Arithmetic {
    /// Montgomery's product with R = 2^256.
    fn mul<P: Prime>(a: &P, b: &P) -> P;
}

/// Plain Rust.
pub(crate) struct Portable;

impl Arithmetic for Portable {
    #[inline(always)]
    fn mul<P: Prime>(a: &P, b: &P) -> P {
        P::from_limbs(limbs::mont_mul(a.limbs(), b.limbs(), &P::MODULUS, P::INV))
    }
}

/// Runs an expression with the type of a backend's scalar arithmetic.
macro_rules! with_arithmetic {
    ($backend:expr, $name:ident => $run:expr) => {{
        #[allow(unreachable_patterns, reason = "on a CPU without other backends")]
        match $backend {
            $crate::backend::Backend::Portable => {
                type $name = $crate::backend::Portable;
                $run
            }
            _ => {
                #[cfg(target_arch = "x86_64")]
                type $name = $crate::adx::Adx;
                #[cfg(not(target_arch = "x86_64"))]
                type $name = $crate::backend::Portable;
                $run
            }
        }
    }};
}
pub(crate) use with_arithmetic;
