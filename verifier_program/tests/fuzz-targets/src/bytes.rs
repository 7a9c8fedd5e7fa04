//! Accounts and arguments as views of bytes: exactly as long, with their tag, and the same bytes again.

use layout::{Tagged, account, account_mut, bytes, view};
use market_interface::generated::{Ask, Market, PlaceBidOrderArgs, SolvencyLine, Terms};

fn account_of<T: Tagged>(data: &[u8]) {
    let mut copy = data.to_vec();
    let taken = data.len() == size_of::<T>() && data.starts_with(&T::TAG);
    assert_eq!(account_mut::<T>(&mut copy).is_some(), taken);
    match account::<T>(data) {
        Some(value) => assert!(taken && bytes(value) == data),
        None => assert!(!taken),
    }
}

/// Any bytes as an account of each kind, and as arguments; the first byte says which tag they are given.
pub fn views(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    let tags = [Ask::TAG, Market::TAG, SolvencyLine::TAG, Terms::TAG];
    let mut tagged = rest.to_vec();
    if let (Some(tag), Some(head)) = (tags.get(usize::from(kind)), tagged.first_chunk_mut()) {
        *head = *tag;
    }
    account_of::<Ask>(&tagged);
    account_of::<Market>(&tagged);
    account_of::<SolvencyLine>(&tagged);
    account_of::<Terms>(&tagged);
    let args = view::<PlaceBidOrderArgs>(rest);
    assert_eq!(args.is_some(), rest.len() == size_of::<PlaceBidOrderArgs>());
    assert!(args.is_none_or(|args| bytes(args) == rest));
}
