//! A book over its slab: opening it, and everything that only reads.

use core::{cmp::Ordering, ptr};

use crate::{
    BookError, Iter,
    slab::{ABOVE_ROOT, CAPACITY_MAX, HEADER_BYTES, Handle, Header, Key, NONE, Node, Side},
};

/// A book of leaves with `N` bytes of payload each, in place over its slab.
#[repr(C)]
pub struct Book<const N: usize> {
    pub(crate) header: Header,
    pub(crate) nodes: [Node<N>],
}

/// A leaf: its place and its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a, const N: usize> {
    /// Its place.
    pub key: Key,
    /// Its bytes.
    pub payload: &'a [u8; N],
}

impl<const N: usize> Book<N> {
    /// The bytes that each leaf takes.
    pub const NODE_BYTES: usize = size_of::<Node<N>>();

    /// The length of a slab that no book can use more of.
    pub const SLAB_BYTES_MAX: usize = Self::slab_bytes(CAPACITY_MAX);

    /// The length of a slab for so many leaves.
    pub const fn slab_bytes(capacity: usize) -> usize {
        capacity.saturating_mul(Self::NODE_BYTES).saturating_add(HEADER_BYTES)
    }

    /// Makes an empty book of a slab, whatever was in it.
    pub fn init(slab: &mut [u8]) -> Result<&mut Self, BookError> {
        let book = Self::over_mut(slab)?;
        book.header = Header::EMPTY;
        Ok(book)
    }

    /// Opens a slab to read. What is checked here takes no walk; [`validate`](Self::validate) checks everything.
    #[inline]
    pub fn load(slab: &[u8]) -> Result<&Self, BookError> {
        let capacity = Self::capacity_of(slab)?;
        let slab = ptr::slice_from_raw_parts(slab.as_ptr().cast::<Node<N>>(), capacity) as *const Self;
        // SAFETY: a book is a header and `capacity` nodes, which `capacity_of` found room for in the slab. Both are `repr(C)`
        // structs of bytes and arrays of bytes only: alignment 1, no padding, every value valid. The borrow is the slab's.
        let book = unsafe { &*slab };
        book.counts_agree()?;
        Ok(book)
    }

    /// Opens a slab to read and write; see [`load`](Self::load).
    #[inline]
    pub fn load_mut(slab: &mut [u8]) -> Result<&mut Self, BookError> {
        let book = Self::over_mut(slab)?;
        book.counts_agree()?;
        Ok(book)
    }

    /// The number of leaves.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.header.len.get() as usize
    }

    /// Whether there is no leaf.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The most leaves that this slab holds.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.nodes.len()
    }

    /// The payload of the leaf with this key.
    #[inline]
    pub fn get(&self, key: Key) -> Result<&[u8; N], BookError> {
        Ok(&self.node(self.find(key)?)?.payload)
    }

    /// The payload of the leaf with this key, to change.
    #[inline]
    pub fn get_mut(&mut self, key: Key) -> Result<&mut [u8; N], BookError> {
        let handle = self.find(key)?;
        Ok(&mut self.node_mut(handle)?.payload)
    }

    /// The leaf of the lowest price, the earliest of these.
    #[inline]
    pub fn first(&self) -> Result<Option<Entry<'_, N>>, BookError> {
        self.outermost(Side::Left)
    }

    /// The leaf of the highest price, the latest of these.
    #[inline]
    pub fn last(&self) -> Result<Option<Entry<'_, N>>, BookError> {
        self.outermost(Side::Right)
    }

    /// All leaves in order.
    #[inline]
    pub fn iter(&self) -> Iter<'_, N> {
        Iter::new(self)
    }

    #[inline(always)]
    fn capacity_of(slab: &[u8]) -> Result<usize, BookError> {
        let nodes_bytes = slab.len().checked_sub(HEADER_BYTES).ok_or(BookError::SlabTooShort)?;
        let capacity = nodes_bytes.checked_div(Self::NODE_BYTES).ok_or(BookError::Corrupted)?;
        Ok(capacity.min(CAPACITY_MAX))
    }

    #[inline(always)]
    fn over_mut(slab: &mut [u8]) -> Result<&mut Self, BookError> {
        let capacity = Self::capacity_of(slab)?;
        let slab = ptr::slice_from_raw_parts_mut(slab.as_mut_ptr().cast::<Node<N>>(), capacity) as *mut Self;
        // SAFETY: as in `load`; the slab is borrowed exclusively.
        Ok(unsafe { &mut *slab })
    }

    #[inline(always)]
    fn counts_agree(&self) -> Result<(), BookError> {
        let used = self.header.used.get() as usize;
        if self.len() <= used && used <= self.capacity() { Ok(()) } else { Err(BookError::Corrupted) }
    }

    #[inline(always)]
    pub(crate) fn node(&self, handle: Handle) -> Result<&Node<N>, BookError> {
        // The handle of no node becomes a position that no slab has.
        self.nodes.get(handle.wrapping_sub(1) as usize).ok_or(BookError::Corrupted)
    }

    #[inline(always)]
    pub(crate) fn node_mut(&mut self, handle: Handle) -> Result<&mut Node<N>, BookError> {
        self.nodes.get_mut(handle.wrapping_sub(1) as usize).ok_or(BookError::Corrupted)
    }

    /// A node of the tree that must be lower than `height`, its parent's. Walks that go by this end: a height is at least 1.
    #[inline(always)]
    pub(crate) fn node_below(&self, height: u8, handle: Handle) -> Result<&Node<N>, BookError> {
        let node = self.node(handle)?;
        if node.height != 0 && node.height < height { Ok(node) } else { Err(BookError::Corrupted) }
    }

    fn find(&self, key: Key) -> Result<Handle, BookError> {
        let (mut handle, mut height) = (self.header.root.get(), ABOVE_ROOT);
        while handle != NONE {
            let node = self.node_below(height, handle)?;
            height = node.height;
            handle = match key.cmp(&node.key()) {
                Ordering::Less => node.link(Side::Left),
                Ordering::Equal => return Ok(handle),
                Ordering::Greater => node.link(Side::Right),
            };
        }
        Err(BookError::NotFound)
    }

    fn outermost(&self, side: Side) -> Result<Option<Entry<'_, N>>, BookError> {
        let (mut handle, mut height) = (self.header.root.get(), ABOVE_ROOT);
        let mut outermost = None;
        while handle != NONE {
            let node = self.node_below(height, handle)?;
            (height, handle, outermost) = (node.height, node.link(side), Some(node));
        }
        Ok(outermost.map(|node| Entry { key: node.key(), payload: &node.payload }))
    }
}
