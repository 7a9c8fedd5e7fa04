//! An ask through any sequence of steps: no token is lost or made, and a step that is refused changes nothing.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use layout::{Flag, U32, U64, bytes, view};
use market::ask::{collect_fees, deposit, give_back, is_over, lock, release, relist, unlist, withdraw};
use market_interface::generated::Ask;
use proptest::{collection::vec, prelude::*, sample::Index};
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

/// One step; an order is one of the live ones, or one more than there are.
#[derive(Clone, Copy, Debug)]
enum Step {
    Lock(Part),
    Release { order: Index, to_buyer: Part, fee: Part },
    GiveBack(Index),
    Unlist,
    Relist,
    Withdraw,
    CollectFees,
}

/// An amount: so much of what there is, all of it, one more, or any number.
#[derive(Clone, Copy, Debug)]
enum Part {
    Some(u64),
    All,
    OneMore,
    Any(u64),
}

impl Part {
    fn of(self, there_is: u64) -> u64 {
        match self {
            Self::Some(number) => number % there_is.max(1),
            Self::All => there_is,
            Self::OneMore => there_is.saturating_add(1),
            Self::Any(number) => number,
        }
    }
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        6 => any::<u64>().prop_map(Part::Some),
        2 => Just(Part::All),
        1 => Just(Part::OneMore),
        1 => any::<u64>().prop_map(Part::Any),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => part().prop_map(Step::Lock),
        3 => (any::<Index>(), part(), part())
            .prop_map(|(order, to_buyer, fee)| Step::Release { order, to_buyer, fee }),
        2 => any::<Index>().prop_map(Step::GiveBack),
        1 => Just(Step::Unlist),
        1 => Just(Step::Relist),
        2 => Just(Step::Withdraw),
        2 => Just(Step::CollectFees),
    ]
}

/// What lies where. Amounts never wrap: all of them together are the deposit.
#[derive(Clone, Debug, Default)]
struct Model {
    deposited: u64,
    open: u64,
    orders: Vec<u64>,
    released: u64,
    fees: u64,
    owed: u64,
    returned: u64,
    withdrawn: u64,
}

impl Model {
    fn locked(&self) -> u64 {
        self.orders.iter().sum()
    }

    /// A live order's base, taken off the list; for one more than there are none, and more than is locked.
    fn end(&mut self, order: Index) -> (bool, u64) {
        let place = order.index(self.orders.len() + 1);
        match place < self.orders.len() {
            true => (true, self.orders.swap_remove(place)),
            false => (false, self.locked().saturating_add(1)),
        }
    }

    fn ask(&self) -> Ask {
        Ask {
            listed: Flag::new(self.open > 0),
            live_orders: U32::new(self.orders.len() as u32),
            deposited_atoms: U64::new(self.deposited),
            locked_atoms: U64::new(self.locked()),
            released_atoms: U64::new(self.released),
            fees_atoms: U64::new(self.fees),
            fee_owed_atoms: U64::new(self.owed),
            returned_atoms: U64::new(self.returned),
            withdrawn_atoms: U64::new(self.withdrawn),
            ..new_ask()
        }
    }
}

proptest! {
    /// The ask beside a model of each of its places and of its vault. More than there is of anything is refused; the deposit is
    /// less than the largest number, so that there is one more.
    #[test]
    fn every_token_is_in_one_place(
        base in prop_oneof![1..100u64, 1..u64::MAX, Just(u64::MAX - 1)], steps in vec(step(), 0..60)
    ) {
        let mut ask = new_ask();
        prop_assert_eq!(deposit(&mut ask, atoms(base)), Some(atoms(base)));
        let (mut model, mut vault) = (Model { deposited: base, open: base, ..Model::default() }, base);
        for step in steps {
            let mut after = model.clone();
            let happened = match step {
                Step::Lock(part) => {
                    let fill = part.of(model.open);
                    let open = lock(&mut ask, atoms(model.open), atoms(fill));
                    after.orders.push(fill);
                    after.open = model.open.saturating_sub(fill);
                    prop_assert_eq!(open, (fill <= model.open).then_some(atoms(after.open)));
                    open.is_some()
                }
                Step::Release { order, to_buyer, fee } => {
                    let (lives, base) = after.end(order);
                    let to_buyer = to_buyer.of(base);
                    let fee = fee.of(base.saturating_sub(to_buyer));
                    let possible = lives && u128::from(to_buyer) + u128::from(fee) <= u128::from(base);
                    let done = release(&mut ask, atoms(base), atoms(to_buyer), atoms(fee));
                    prop_assert_eq!(done.is_some(), possible);
                    if possible {
                        after.released += to_buyer;
                        (after.fees, after.owed) = (after.fees + fee, after.owed + fee);
                        after.returned += base - to_buyer - fee;
                        vault -= to_buyer;
                    }
                    possible
                }
                Step::GiveBack(order) => {
                    let (lives, base) = after.end(order);
                    prop_assert_eq!(give_back(&mut ask, atoms(base)).is_some(), lives);
                    after.returned += if lives { base } else { 0 };
                    lives
                }
                Step::Unlist => {
                    prop_assert_eq!(unlist(&mut ask, atoms(model.open)), Some(()));
                    (after.open, after.returned) = (0, model.returned + model.open);
                    true
                }
                // The instruction relists what is not listed, and not nothing.
                Step::Relist if model.open == 0 && model.returned > 0 => {
                    prop_assert_eq!(relist(&mut ask), atoms(model.returned));
                    (after.open, after.returned) = (model.returned, 0);
                    true
                }
                Step::Relist => false,
                Step::Withdraw => {
                    let paid = withdraw(&mut ask).unwrap().0;
                    prop_assert_eq!(paid, model.returned);
                    (after.returned, after.withdrawn) = (0, model.withdrawn + paid);
                    vault -= paid;
                    true
                }
                Step::CollectFees => {
                    let paid = collect_fees(&mut ask).0;
                    prop_assert_eq!(paid, model.owed);
                    after.owed = 0;
                    vault -= paid;
                    true
                }
            };
            model = if happened { after } else { model };
            let expected = model.ask();
            prop_assert_eq!(bytes(&ask), bytes(&expected), "{:?} gave {:?}", step, model);
            prop_assert_eq!(missing(&ask, model.open), 0);
            prop_assert_eq!(vault, model.open + model.locked() + model.returned + model.owed);
            let over = model.open == 0 && model.orders.is_empty() && model.owed == 0;
            prop_assert_eq!(is_over(&ask), over);
            prop_assert!(!over || vault == model.returned);
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
        let mut ask = before;
        prop_assert_eq!(relist(&mut ask).0, before.returned_atoms.get());
        prop_assert_eq!(missing(&ask, before.returned_atoms.get()), missing(&before, 0));
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
