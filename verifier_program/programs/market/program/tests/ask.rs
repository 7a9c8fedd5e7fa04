//! An ask through any sequence of steps: no token is lost or made, and a step that is refused changes nothing.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use layout::{U64, bytes, view};
use market::ask::{collect_fees, deposit, give_back, is_over, lock, release, relist, unlist, withdraw};
use market_interface::generated::Ask;
use proptest::{collection::vec, prelude::*};
use quantities::BaseAtoms;

fn atoms(amount: u64) -> BaseAtoms {
    BaseAtoms(amount)
}

fn new_ask() -> Ask {
    *view(&[0; size_of::<Ask>()]).unwrap()
}

/// An ask with something in each of its places, and 50 open.
fn some_ask() -> Ask {
    let mut ask = new_ask();
    deposit(&mut ask, atoms(1000)).unwrap();
    lock(&mut ask, atoms(1000), atoms(500)).unwrap();
    lock(&mut ask, atoms(500), atoms(450)).unwrap();
    release(&mut ask, atoms(450), atoms(300), atoms(50)).unwrap();
    ask
}

/// Deposited less everything else: 0 when every token is in exactly one place. In 128 bits, where nothing can wrap.
fn missing(ask: &Ask, open: u64) -> i128 {
    let places = [
        open,
        ask.locked_atoms.get(),
        ask.released_atoms.get(),
        ask.fees_atoms.get(),
        ask.returned_atoms.get(),
        ask.withdrawn_atoms.get(),
    ];
    i128::from(ask.deposited_atoms.get()) - places.into_iter().map(i128::from).sum::<i128>()
}

/// One step, with numbers that the test reduces to something possible or leaves as they are.
#[derive(Clone, Copy, Debug)]
enum Step {
    Lock(u64),
    Release { order: usize, to_buyer: u64, fee: u64 },
    GiveBack(usize),
    Unlist,
    Relist,
    Withdraw,
    CollectFees,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u64>().prop_map(Step::Lock),
        3 => (any::<usize>(), any::<u64>(), any::<u64>())
            .prop_map(|(order, to_buyer, fee)| Step::Release { order, to_buyer, fee }),
        2 => any::<usize>().prop_map(Step::GiveBack),
        1 => Just(Step::Unlist),
        1 => Just(Step::Relist),
        2 => Just(Step::Withdraw),
        2 => Just(Step::CollectFees),
    ]
}

proptest! {
    /// The ask beside a model that keeps the vault, the orders and what is open.
    #[test]
    fn every_token_is_in_one_place(base in 1..=u64::MAX, steps in vec(step(), 0..60)) {
        let mut ask = new_ask();
        deposit(&mut ask, atoms(base)).unwrap();
        let (mut open, mut vault, mut orders) = (base, base, Vec::<u64>::new());
        for step in steps {
            match step {
                Step::Lock(fill) if open > 0 => {
                    let fill = 1 + fill % open;
                    open = lock(&mut ask, atoms(open), atoms(fill)).unwrap().0;
                    orders.push(fill);
                }
                Step::Release { order, to_buyer, fee } if !orders.is_empty() => {
                    let base = orders.swap_remove(order % orders.len());
                    let to_buyer = to_buyer % base.saturating_add(1).max(1);
                    let fee = fee % (base - to_buyer).saturating_add(1).max(1);
                    release(&mut ask, atoms(base), atoms(to_buyer), atoms(fee)).unwrap();
                    vault -= to_buyer;
                }
                Step::GiveBack(order) if !orders.is_empty() => {
                    let base = orders.swap_remove(order % orders.len());
                    give_back(&mut ask, atoms(base)).unwrap();
                }
                Step::Unlist if open > 0 => {
                    unlist(&mut ask, atoms(open)).unwrap();
                    open = 0;
                }
                Step::Relist if !ask.listed.get() && ask.returned_atoms.get() > 0 => open = relist(&mut ask).0,
                Step::Withdraw => vault -= withdraw(&mut ask).unwrap().0,
                Step::CollectFees => vault -= collect_fees(&mut ask).0,
                _ => (),
            }
            prop_assert_eq!(missing(&ask, open), 0);
            prop_assert_eq!(ask.locked_atoms.get(), orders.iter().sum::<u64>());
            prop_assert_eq!(ask.live_orders.get() as usize, orders.len());
            prop_assert_eq!(ask.listed.get(), open > 0);
            let held = open + ask.locked_atoms.get() + ask.returned_atoms.get() + ask.fee_owed_atoms.get();
            prop_assert_eq!(vault, held);
            prop_assert_eq!(is_over(&ask), vault == ask.returned_atoms.get());
        }
    }

    /// Any numbers at all, in any state at all: a step conserves, or refuses and leaves the ask as it was.
    #[test]
    fn a_refused_step_changes_nothing(
        state in vec(any::<u8>(), size_of::<Ask>()), open in any::<u64>(), a in any::<u64>(), b in any::<u64>(), c in any::<u64>()
    ) {
        let before: Ask = *view(&state).unwrap();
        let mut ask = before;
        match lock(&mut ask, atoms(open), atoms(a)) {
            Some(rest) => prop_assert_eq!(missing(&ask, rest.0), missing(&before, open)),
            None => prop_assert_eq!(bytes(&ask), bytes(&before)),
        }
        let mut ask = before;
        match release(&mut ask, atoms(a), atoms(b), atoms(c)) {
            Some(()) => prop_assert_eq!(missing(&ask, open), missing(&before, open)),
            None => prop_assert_eq!(bytes(&ask), bytes(&before)),
        }
        let mut ask = before;
        match unlist(&mut ask, atoms(open)) {
            Some(()) => prop_assert_eq!(missing(&ask, 0), missing(&before, open)),
            None => prop_assert_eq!(bytes(&ask), bytes(&before)),
        }
        let mut ask = before;
        match withdraw(&mut ask) {
            Some(paid) => {
                prop_assert_eq!(paid.0, before.returned_atoms.get());
                prop_assert_eq!(missing(&ask, open), missing(&before, open));
            }
            None => prop_assert_eq!(bytes(&ask), bytes(&before)),
        }
        let mut ask = before;
        prop_assert_eq!(collect_fees(&mut ask).0, before.fee_owed_atoms.get());
        prop_assert_eq!(missing(&ask, open), missing(&before, open));
    }
}

#[test]
fn more_than_there_is_is_refused() {
    let refused: [fn(&mut Ask) -> bool; 7] = [
        |ask| lock(ask, atoms(50), atoms(51)).is_none(),
        |ask| release(ask, atoms(501), atoms(501), atoms(0)).is_none(),
        |ask| release(ask, atoms(500), atoms(501), atoms(0)).is_none(),
        |ask| release(ask, atoms(500), atoms(500), atoms(1)).is_none(),
        |ask| release(ask, atoms(500), atoms(0), atoms(501)).is_none(),
        |ask| give_back(ask, atoms(501)).is_none(),
        |ask| unlist(ask, atoms(u64::MAX)).is_none(),
    ];
    for step in refused {
        let mut ask = some_ask();
        assert!(step(&mut ask));
        assert_eq!(bytes(&ask), bytes(&some_ask()));
    }
    let mut ask = some_ask();
    assert_eq!(lock(&mut ask, atoms(50), atoms(50)), Some(atoms(0)));
    assert!(!ask.listed.get());
    let mut ask = some_ask();
    release(&mut ask, atoms(500), atoms(499), atoms(1)).unwrap();
    assert_eq!((ask.locked_atoms.get(), ask.returned_atoms.get(), ask.fee_owed_atoms.get()), (0, 100, 51));
}

#[test]
fn an_order_that_is_not_live_cannot_end() {
    let mut ask = new_ask();
    deposit(&mut ask, atoms(10)).unwrap();
    assert_eq!(release(&mut ask, atoms(0), atoms(0), atoms(0)), None);
    ask.locked_atoms = U64::new(10);
    assert_eq!(give_back(&mut ask, atoms(10)), None);
}

#[test]
fn an_ask_is_over_when_nothing_is_listed_live_or_owed() {
    let mut ask = new_ask();
    assert!(is_over(&ask));
    deposit(&mut ask, atoms(100)).unwrap();
    assert!(!is_over(&ask));
    lock(&mut ask, atoms(100), atoms(100)).unwrap();
    assert!(!is_over(&ask));
    release(&mut ask, atoms(100), atoms(99), atoms(1)).unwrap();
    assert!(!is_over(&ask));
    assert_eq!(collect_fees(&mut ask), atoms(1));
    assert!(is_over(&ask));
}
