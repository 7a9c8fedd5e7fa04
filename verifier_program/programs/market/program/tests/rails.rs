//! The list of rails: one exponent for each provider and currency, and room for sixteen.
#![allow(clippy::unwrap_used)] // Tests.

use layout::{U16, U32, bytes, view};
use market::rails::{check_rail, register};
use market_interface::generated::{Config, MarketError, RAILS_MAX, RailEntry};
use proptest::{collection::vec, prelude::*};

fn new_config() -> Config {
    *view(&[0; size_of::<Config>()]).unwrap()
}

#[test]
fn a_rail_has_a_provider_a_currency_and_a_small_exponent() {
    for (provider_id, currency, exponent) in [(1, 1, 0), (u32::MAX, 999, 6)] {
        assert_eq!(check_rail(provider_id, currency, exponent), Ok(()));
    }
    for (provider_id, currency, exponent) in [(0, 586, 2), (1, 0, 2), (1, 1000, 2), (1, 586, 7)] {
        assert_eq!(check_rail(provider_id, currency, exponent), Err(MarketError::RailInvalid));
    }
}

#[test]
fn a_rail_is_listed_once() {
    let mut config = new_config();
    register(&mut config, 1, 586, 2).unwrap();
    let listed = config;
    register(&mut config, 1, 586, 2).unwrap();
    assert_eq!(bytes(&config), bytes(&listed));
    assert_eq!(register(&mut config, 1, 586, 3), Err(MarketError::RailExponentMismatch));
    register(&mut config, 1, 978, 3).unwrap();
    register(&mut config, 2, 586, 3).unwrap();
    assert_eq!(config.rails_count, 3);
}

#[test]
fn places_that_are_not_in_use_list_nothing() {
    let mut config = new_config();
    register(&mut config, 1, 586, 2).unwrap();
    config.rails_count = 0;
    register(&mut config, 1, 586, 3).unwrap();
    assert_eq!(config.rails_count, 1);
}

#[test]
fn there_is_room_for_sixteen() {
    let mut config = new_config();
    for provider_id in 1..=RAILS_MAX as u32 {
        register(&mut config, provider_id, 586, 2).unwrap();
    }
    assert_eq!(register(&mut config, 99, 586, 2), Err(MarketError::RailsFull));
    assert_eq!(register(&mut config, 16, 586, 2), Ok(()));
    assert_eq!(register(&mut config, 16, 586, 3), Err(MarketError::RailExponentMismatch));
}

proptest! {
    #[test]
    fn a_rail_is_checked_by_its_ranges(
        provider_id in prop_oneof![0..3u32, any::<u32>()],
        currency in prop_oneof![0..3u16, 997..1003u16, any::<u16>()],
        exponent in prop_oneof![0..9u8, any::<u8>()],
    ) {
        let kept = provider_id != 0 && currency != 0 && currency < 1000 && exponent < 7;
        let expected = if kept { Ok(()) } else { Err(MarketError::RailInvalid) };
        prop_assert_eq!(check_rail(provider_id, currency, exponent), expected);
    }

    /// Any rails in any order beside a list of them: a rail stays where it was put, and what is refused changes nothing.
    #[test]
    fn the_config_lists_what_was_registered(rails in vec((1..6u32, 1..6u16, 0..2u8), 0..60)) {
        let (mut config, mut listed) = (new_config(), Vec::<(u32, u16, u8)>::new());
        for (provider_id, currency, exponent) in rails {
            let before = listed.iter().find(|rail| (rail.0, rail.1) == (provider_id, currency));
            let expected = match before {
                Some(rail) if rail.2 == exponent => Ok(()),
                Some(_) => Err(MarketError::RailExponentMismatch),
                None if listed.len() == 16 => Err(MarketError::RailsFull),
                None => {
                    listed.push((provider_id, currency, exponent));
                    Ok(())
                }
            };
            prop_assert_eq!(register(&mut config, provider_id, currency, exponent), expected);
            let mut after = Config { rails_count: listed.len() as u8, ..new_config() };
            for (entry, (provider_id, currency, exponent)) in after.rails.iter_mut().zip(&listed) {
                let (provider_id, iso4217_numeric) = (U32::new(*provider_id), U16::new(*currency));
                *entry = RailEntry { provider_id, iso4217_numeric, exponent: *exponent };
            }
            prop_assert_eq!(bytes(&config), bytes(&after));
        }
    }
}
