//! The bytes: keys, handles, header and nodes.

use crate::BookError;

/// The most leaves a book holds, however long its slab is.
pub const CAPACITY_MAX: usize = 4_096;

/// The height of the highest AVL tree of [`CAPACITY_MAX`] nodes.
pub const HEIGHT_MAX: usize = height_max(CAPACITY_MAX);

/// The length of a book's header.
pub const HEADER_BYTES: usize = size_of::<Header>();

const _: () = assert!(HEADER_BYTES == 16 && align_of::<Header>() == 1);
const _: () = assert!(size_of::<Node<0>>() == 25 && align_of::<Node<0>>() == 1);
const _: () = assert!(HEIGHT_MAX == 16);

/// The fewest nodes of an AVL tree of height h are 1 + those of height h − 1 + those of height h − 2.
const fn height_max(nodes: usize) -> usize {
    let (mut fewest_before, mut fewest, mut height) = (0usize, 1usize, 0usize);
    while fewest <= nodes {
        height = height.saturating_add(1);
        (fewest_before, fewest) = (fewest, fewest.saturating_add(fewest_before).saturating_add(1));
    }
    height
}

/// A leaf's place: price first, then sequence. A key is in a book at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Lower prices come first.
    pub price: u64,
    /// Among equal prices, lower sequences come first.
    pub sequence: u64,
}

/// A node's position counted from 1.
pub(crate) type Handle = u32;

/// The handle of no node.
pub(crate) const NONE: Handle = 0;

/// The height that a root is below.
pub(crate) const ABOVE_ROOT: u8 = HEIGHT_MAX as u8 + 1;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Side {
    #[inline(always)]
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// A little-endian u32 of alignment 1.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Le32([u8; 4]);

impl Le32 {
    #[inline(always)]
    pub(crate) const fn new(value: u32) -> Self {
        Self(value.to_le_bytes())
    }

    #[inline(always)]
    pub(crate) const fn get(self) -> u32 {
        u32::from_le_bytes(self.0)
    }
}

#[repr(C)]
pub(crate) struct Header {
    pub(crate) root: Le32,
    pub(crate) free: Le32,
    /// Nodes from here on were never used.
    pub(crate) used: Le32,
    pub(crate) len: Le32,
}

impl Header {
    pub(crate) const EMPTY: Self =
        Self { root: Le32::new(NONE), free: Le32::new(NONE), used: Le32::new(0), len: Le32::new(0) };
}

#[repr(C)]
pub(crate) struct Node<const N: usize> {
    price: [u8; 8],
    sequence: [u8; 8],
    left: Le32,
    right: Le32,
    /// 1 + the larger height of its children; 0 when the node is free.
    pub(crate) height: u8,
    pub(crate) payload: [u8; N],
}

impl<const N: usize> Node<N> {
    #[inline(always)]
    pub(crate) fn key(&self) -> Key {
        Key { price: u64::from_le_bytes(self.price), sequence: u64::from_le_bytes(self.sequence) }
    }

    #[inline(always)]
    pub(crate) fn link(&self, side: Side) -> Handle {
        match side {
            Side::Left => self.left.get(),
            Side::Right => self.right.get(),
        }
    }

    #[inline(always)]
    pub(crate) fn set_link(&mut self, side: Side, to: Handle) {
        match side {
            Side::Left => self.left = Le32::new(to),
            Side::Right => self.right = Le32::new(to),
        }
    }

    /// Makes the node a leaf of the tree that has no children.
    #[inline(always)]
    pub(crate) fn occupy(&mut self, key: Key, payload: &[u8; N]) {
        self.price = key.price.to_le_bytes();
        self.sequence = key.sequence.to_le_bytes();
        self.left = Le32::new(NONE);
        self.right = Le32::new(NONE);
        self.height = 1;
        self.payload = *payload;
    }

    /// Makes the node a free one, before `next` in the chain.
    #[inline(always)]
    pub(crate) fn vacate(&mut self, next: Handle) {
        self.left = Le32::new(next);
        self.right = Le32::new(NONE);
        self.height = 0;
    }

    /// The next node in the chain of free ones.
    #[inline(always)]
    pub(crate) fn next_free(&self) -> Result<Handle, BookError> {
        if self.height == 0 { Ok(self.left.get()) } else { Err(BookError::Corrupted) }
    }
}
