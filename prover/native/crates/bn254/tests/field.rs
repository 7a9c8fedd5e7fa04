//! The fields against arkworks.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod oracle;

use ark_ff::Field as _;
use bn254::{Field, Fq, Fq2, Fr, batch_inverse};
use oracle::{any_fq, any_fq2, any_fr, fq, fq2, fr};
use proptest::prelude::*;

macro_rules! field_tests {
    ($name:ident, $any:ident, $ark:ident) => {
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(4000))]
                #[test]
                fn operations_are_arkworks(a in $any(), b in $any()) {
                    prop_assert_eq!($ark(&(a + b)), $ark(&a) + $ark(&b));
                    prop_assert_eq!($ark(&(a - b)), $ark(&a) - $ark(&b));
                    prop_assert_eq!($ark(&(a * b)), $ark(&a) * $ark(&b));
                    prop_assert_eq!($ark(&-a), -$ark(&a));
                    prop_assert_eq!($ark(&a.square()), $ark(&a).square());
                    prop_assert_eq!($ark(&a.double()), $ark(&a) + $ark(&a));
                    prop_assert_eq!(a.is_zero(), $ark(&a) == $ark(&Field::ZERO));
                    prop_assert!((a * b).is_canonical() && (a - b).is_canonical() && (a + b).is_canonical());
                }
            }

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(300))]
                #[test]
                fn inverses_are_arkworks(a in $any(), power in any::<[u64; 2]>()) {
                    prop_assert_eq!(a.inverse().map(|inverse| $ark(&inverse)), $ark(&a).inverse());
                    prop_assert_eq!($ark(&a.pow(&power)), $ark(&a).pow(power));
                }

                #[test]
                fn batch_inverses_are_inverses(mut values in prop::collection::vec($any(), 0..20)) {
                    let expected: Vec<_> = values.iter().map(|v| v.inverse().unwrap_or_default()).collect();
                    batch_inverse(&mut values);
                    prop_assert_eq!(values, expected);
                }
            }
        }
    };
}

field_tests!(coordinates, any_fq, fq);
field_tests!(scalars, any_fr, fr);
field_tests!(extension, any_fq2, fq2);

#[test]
fn one_is_one() {
    assert_eq!(Fq::ONE, Fq::from_u64(1));
    assert_eq!(Fr::ONE, Fr::from_u64(1));
    assert_eq!(fq2(&Fq2::ONE), ark_bn254::Fq2::ONE);
}

#[test]
fn bytes_are_read_below_the_modulus_only() {
    for (modulus, last) in [(Fq::MODULUS, -Fq::ONE), (Fr::MODULUS, Fq((-Fr::ONE).0))] {
        let mut bytes = [0; 32];
        for (chunk, limb) in bytes.chunks_mut(8).zip(modulus) {
            chunk.copy_from_slice(&limb.to_le_bytes());
        }
        let mut below = bytes;
        below[0] -= 1;
        if modulus == Fq::MODULUS {
            assert_eq!(Fq::from_bytes_plain_le(&bytes), None);
            assert_eq!(Fq::from_bytes_plain_le(&[255; 32]), None);
            assert_eq!(Fq::from_bytes_montgomery_le(&bytes), None);
            assert_eq!(Fq::from_bytes_plain_le(&below), Some(last));
            assert_eq!(last.to_bytes_plain_le(), below);
            assert!(Fq::from_bytes_montgomery_le(&below).is_some());
        } else {
            assert_eq!(Fr::from_bytes_plain_le(&bytes), None);
            assert_eq!(Fr::from_bytes_plain_le(&[255; 32]), None);
            assert_eq!(Fr::from_bytes_montgomery_le(&bytes), None);
            assert_eq!(Fr::from_bytes_plain_le(&below), Some(-Fr::ONE));
            assert_eq!((-Fr::ONE).to_bytes_plain_le(), below);
            assert!(Fr::from_bytes_montgomery_le(&below).is_some());
        }
    }
}

proptest! {
    #[test]
    fn bytes_come_back(a in any_fq(), b in any_fr()) {
        prop_assert_eq!(Fq::from_bytes_plain_le(&a.to_bytes_plain_le()), Some(a));
        prop_assert_eq!(Fq::from_bytes_montgomery_le(&a.to_bytes_montgomery_le()), Some(a));
        prop_assert_eq!(Fr::from_bytes_plain_le(&b.to_bytes_plain_le()), Some(b));
        prop_assert_eq!(Fr::from_bytes_montgomery_le(&b.to_bytes_montgomery_le()), Some(b));
        prop_assert_eq!(Fr::from_plain(&b.to_plain()), Some(b));
    }
}
