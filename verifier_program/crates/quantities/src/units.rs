//! The units of money.

/// The most decimals a base token may have. A whole token is then at most 10^12 atoms.
pub const BASE_DECIMALS_MAX: u8 = 12;

/// Basis points of one whole.
pub const BPS_PER_ONE: u16 = 10_000;

const TEN_TO: [u64; BASE_DECIMALS_MAX as usize + 1] = {
    let mut powers = [1; BASE_DECIMALS_MAX as usize + 1];
    let (mut last, mut rest) = (1u64, powers.as_mut_slice());
    while let Some((power, tail)) = rest.split_first_mut() {
        *power = last;
        last = last.wrapping_mul(10); // The last one, 10^13, is not used; it would fit.
        rest = tail;
    }
    powers
};

/// An amount of a base token in its smallest unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct BaseAtoms(pub u64);

/// An amount of a fiat currency in its minor unit, paisa for instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct FiatMinorUnits(pub u64);

/// Fiat minor units for one whole base token; at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Price(u64);

/// A fee in basis points, at most [`BPS_PER_ONE`]: a fee never exceeds what it is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct FeeBps(u16);

/// How many decimals a base token's mint has, at most [`BASE_DECIMALS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct BaseDecimals(u8);

macro_rules! sums {
    ($unit:ident) => {
        impl $unit {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The sum, unless it does not fit.
            #[inline(always)]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// The difference, unless `other` is larger.
            #[inline(always)]
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }
        }
    };
}

sums!(BaseAtoms);
sums!(FiatMinorUnits);

impl Price {
    /// A price, unless it is zero.
    #[inline(always)]
    pub const fn new(fiat_minor_units_per_token: u64) -> Option<Self> {
        if fiat_minor_units_per_token == 0 { None } else { Some(Self(fiat_minor_units_per_token)) }
    }

    /// Fiat minor units per whole base token.
    #[inline(always)]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl FeeBps {
    /// A fee, unless it is over the caller's limit or over the whole.
    #[inline(always)]
    pub const fn at_most(bps: u16, bps_max: u16) -> Option<Self> {
        if bps > bps_max || bps > BPS_PER_ONE { None } else { Some(Self(bps)) }
    }

    /// Basis points.
    #[inline(always)]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl BaseDecimals {
    /// The decimals of a mint, unless they are more than [`BASE_DECIMALS_MAX`].
    #[inline(always)]
    pub const fn new(decimals: u8) -> Option<Self> {
        if decimals > BASE_DECIMALS_MAX { None } else { Some(Self(decimals)) }
    }

    /// The number of decimals.
    #[inline(always)]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// 10^decimals. There is a power for every value of this type.
    #[inline(always)]
    pub(crate) fn atoms_per_token(self) -> Option<u64> {
        TEN_TO.get(usize::from(self.0)).copied()
    }
}
