//! Which terms a market takes: honest ones, altered in one or two places, beside the rules written once more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // Tests.

use layout::{U16, U32, U64, view};
use market::terms::check;
use market_interface::generated::{
    AttestorKey, COOLDOWN_MAX_S, FREE_CANCEL_INTERVAL_MAX_S, MarketError, PAY_WINDOW_MAX_S, PAY_WINDOW_MIN_S,
    PROVE_WINDOW_MAX_S, PROVE_WINDOW_MIN_S, PublishTermsArgs, REVEAL_WINDOW_MAX_S, REVEAL_WINDOW_MIN_S,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// The order of the scalar field, big-endian: so numbers compare as their bytes do.
const R: [u8; 32] = [
    0x30, 0x64, 0x4e, 0x72, 0xe1, 0x31, 0xa0, 0x29, 0xb8, 0x50, 0x45, 0xb6, 0x81, 0x81, 0x58, 0x5d, 0x28,
    0x33, 0xe8, 0x48, 0x79, 0xb9, 0x70, 0x91, 0x43, 0xe1, 0xf5, 0x93, 0xf0, 0x00, 0x00, 0x01,
];

const KEYS: usize = 5;

/// What is wrong, in the order in which it is looked for. None for terms that a market takes.
fn wrong(args: &PublishTermsArgs) -> Option<MarketError> {
    let (k, n, depth) = (args.attestor_k, args.attestor_n, args.attestor_depth);
    if !(1..=3).contains(&depth) {
        return Some(MarketError::AttestorDepthInvalid);
    }
    let places = [2, 4, 8][usize::from(depth) - 1].min(KEYS as u8);
    if !(1..=places).contains(&n) || k > n || 2 * u16::from(k) <= u16::from(n) {
        return Some(MarketError::AttestorCountInvalid);
    }
    let (used, unused) = args.attestor_keys.split_at(n.into());
    for place in 0..used.len() {
        if used[place].x >= R || used[place].y >= R {
            return Some(MarketError::AttestorKeyNotCanonical);
        }
        if (0..place).any(|before| used[before].y == used[place].y) {
            return Some(MarketError::AttestorKeysEqual);
        }
    }
    let windows = [
        (args.reveal_window_s, REVEAL_WINDOW_MIN_S, REVEAL_WINDOW_MAX_S),
        (args.pay_window_s, PAY_WINDOW_MIN_S, PAY_WINDOW_MAX_S),
        (args.prove_window_s, PROVE_WINDOW_MIN_S, PROVE_WINDOW_MAX_S),
        (args.cooldown_s, 0, COOLDOWN_MAX_S),
        (args.free_cancel_grace_s, 0, args.pay_window_s.get() as usize),
        (args.free_cancel_interval_s, 0, FREE_CANCEL_INTERVAL_MAX_S),
    ];
    let rules = [
        (unused.iter().all(|key| key.x == [0; 32] && key.y == [0; 32]), MarketError::AttestorKeyUnused),
        (args.fee_bps.get() <= 100, MarketError::FeeTooHigh),
        (
            windows.iter().all(|(window, least, most)| {
                let window = window.get() as usize;
                *least <= window && window <= *most
            }),
            MarketError::WindowOutOfBounds,
        ),
        (args.strikes_max <= 10, MarketError::StrikesTooMany),
        (args.min_fill_atoms.get() > 0, MarketError::MinimumInvalid),
        (args.min_fill_atoms.get() <= args.min_ask_atoms.get(), MarketError::MinimumInvalid),
    ];
    rules.into_iter().find(|(kept, _)| !kept).map(|(_, error)| error)
}

/// Terms that a market takes: the least of everything, and `n` keys that differ.
fn honest(depth: u8, n: u8, k: u8) -> PublishTermsArgs {
    let mut args: PublishTermsArgs = *view(&[0; size_of::<PublishTermsArgs>()]).unwrap();
    (args.attestor_depth, args.attestor_n, args.attestor_k) = (depth, n, k);
    for (number, key) in (1..=n).zip(&mut args.attestor_keys) {
        *key = AttestorKey { x: [number; 32], y: [number + 7; 32] };
    }
    args.reveal_window_s = U32::new(REVEAL_WINDOW_MIN_S as u32);
    args.pay_window_s = U32::new(PAY_WINDOW_MIN_S as u32);
    args.prove_window_s = U32::new(PROVE_WINDOW_MIN_S as u32);
    args.min_ask_atoms = U64::new(1000);
    args.min_fill_atoms = U64::new(1000);
    args
}

/// One place of the terms, and what is written there.
#[derive(Clone, Copy, Debug)]
enum Altered {
    Counts([u8; 3]),
    X(usize, [u8; 32]),
    Y(usize, [u8; 32]),
    SameY(usize, usize),
    Fee(u16),
    Window(usize, u32),
    Strikes(u8),
    Minimums(u64, u64),
}

fn altered() -> impl Strategy<Value = Altered> {
    let edges = [
        REVEAL_WINDOW_MIN_S,
        REVEAL_WINDOW_MAX_S,
        PAY_WINDOW_MIN_S,
        PAY_WINDOW_MAX_S,
        PROVE_WINDOW_MIN_S,
        PROVE_WINDOW_MAX_S,
        COOLDOWN_MAX_S,
        FREE_CANCEL_INTERVAL_MAX_S,
    ];
    let near = (select(edges.to_vec()), 0..3u32).prop_map(|(edge, more)| edge as u32 + more - 1);
    let coordinate = || {
        let near_r = (0..32usize, 0..3u8).prop_map(|(at, more)| {
            let mut near = R;
            near[at] = near[at].wrapping_add(more).wrapping_sub(1);
            near
        });
        prop_oneof![near_r, Just([0; 32]), any::<[u8; 32]>()]
    };
    prop_oneof![
        [0..7u8, 0..7u8, 0..5u8].prop_map(Altered::Counts),
        (0..KEYS, coordinate()).prop_map(|(place, x)| Altered::X(place, x)),
        (0..KEYS, coordinate()).prop_map(|(place, y)| Altered::Y(place, y)),
        (0..KEYS, 0..KEYS).prop_map(|(one, other)| Altered::SameY(one, other)),
        prop_oneof![99..103u16, any::<u16>()].prop_map(Altered::Fee),
        (0..6usize, prop_oneof![4 => near, 1 => any::<u32>()])
            .prop_map(|(which, s)| Altered::Window(which, s)),
        prop_oneof![9..13u8, any::<u8>()].prop_map(Altered::Strikes),
        (0..3u64, 0..3u64).prop_map(|(ask, fill)| Altered::Minimums(ask, fill)),
    ]
}

fn alter(args: &mut PublishTermsArgs, altered: Altered) {
    match altered {
        Altered::Counts([k, n, depth]) => {
            (args.attestor_k, args.attestor_n, args.attestor_depth) = (k, n, depth);
        }
        Altered::X(place, x) => args.attestor_keys[place].x = x,
        Altered::Y(place, y) => args.attestor_keys[place].y = y,
        Altered::SameY(one, other) => args.attestor_keys[one].y = args.attestor_keys[other].y,
        Altered::Fee(bps) => args.fee_bps = U16::new(bps),
        Altered::Window(which, seconds) => {
            let windows = [
                &mut args.reveal_window_s,
                &mut args.pay_window_s,
                &mut args.prove_window_s,
                &mut args.cooldown_s,
                &mut args.free_cancel_grace_s,
                &mut args.free_cancel_interval_s,
            ];
            *windows.into_iter().nth(which).unwrap() = U32::new(seconds);
        }
        Altered::Strikes(strikes) => args.strikes_max = strikes,
        Altered::Minimums(ask, fill) => {
            (args.min_ask_atoms, args.min_fill_atoms) = (U64::new(ask), U64::new(fill));
        }
    }
}

#[test]
fn every_majority_that_a_tree_has_room_for_is_taken() {
    for depth in 0..=u8::MAX {
        for n in 0..=KEYS as u8 {
            for k in 0..=KEYS as u8 {
                let args = honest(depth, n, k);
                assert_eq!(check(&args).err(), wrong(&args), "{k} of {n} in a tree of depth {depth}");
            }
        }
    }
    assert_eq!((check(&honest(1, 1, 1)), check(&honest(3, 5, 5))), (Ok(()), Ok(())));
}

#[test]
fn every_window_is_taken_to_its_edges_and_not_past_them() {
    let windows = [
        (REVEAL_WINDOW_MIN_S, REVEAL_WINDOW_MAX_S),
        (PAY_WINDOW_MIN_S, PAY_WINDOW_MAX_S),
        (PROVE_WINDOW_MIN_S, PROVE_WINDOW_MAX_S),
        (0, COOLDOWN_MAX_S),
        (0, PAY_WINDOW_MIN_S), // A grace to cancel within, while the time to pay is the least.
        (0, FREE_CANCEL_INTERVAL_MAX_S),
    ];
    let with = |which, seconds: usize| {
        let mut args = honest(2, 3, 2);
        alter(&mut args, Altered::Window(which, seconds as u32));
        check(&args)
    };
    for (which, (least, most)) in windows.into_iter().enumerate() {
        assert_eq!((with(which, least), with(which, most)), (Ok(()), Ok(())), "window {which}");
        assert_eq!(with(which, most + 1), Err(MarketError::WindowOutOfBounds), "window {which}");
        if let Some(less) = least.checked_sub(1) {
            assert_eq!(with(which, less), Err(MarketError::WindowOutOfBounds), "window {which}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn terms_are_taken_or_refused_for_the_first_thing_that_is_wrong(
        (depth, n, k) in select(vec![(1u8, 1u8, 1u8), (1, 2, 2), (2, 3, 2), (2, 4, 3), (3, 5, 3), (3, 5, 5)]),
        alterations in vec(altered(), 0..4),
    ) {
        let mut args = honest(depth, n, k);
        prop_assert_eq!(check(&args), Ok(()));
        for altered in alterations {
            alter(&mut args, altered);
        }
        prop_assert_eq!(check(&args).err(), wrong(&args));
    }
}
