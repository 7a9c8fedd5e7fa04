//! The list of rails: one exponent for each provider and currency, and room for sixteen.
#![allow(clippy::unwrap_used)] // Tests.

use layout::{bytes, view};
use market::rails::{check_rail, register};
use market_interface::generated::{Config, MarketError, RAILS_MAX};

fn config() -> Config {
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
    let mut config = config();
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
    let mut config = config();
    register(&mut config, 1, 586, 2).unwrap();
    config.rails_count = 0;
    register(&mut config, 1, 586, 3).unwrap();
    assert_eq!(config.rails_count, 1);
}

#[test]
fn there_is_room_for_sixteen() {
    let mut config = config();
    for provider_id in 1..=RAILS_MAX as u32 {
        register(&mut config, provider_id, 586, 2).unwrap();
    }
    assert_eq!(register(&mut config, 99, 586, 2), Err(MarketError::RailsFull));
    assert_eq!(register(&mut config, 16, 586, 2), Ok(()));
    assert_eq!(register(&mut config, 16, 586, 3), Err(MarketError::RailExponentMismatch));
}
