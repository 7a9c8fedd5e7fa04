//! Inserting and removing: an AVL tree without parent links.
//!
//! A change happens at the end of a path. The path is then gone back upwards: each node on it gets its child's new handle and
//! its own new height, and is rotated where one side is two higher than the other.

use core::cmp::Ordering;

use crate::{
    Book, BookError, Key,
    path::Path,
    slab::{ABOVE_ROOT, Handle, Le32, NONE, Side},
};

impl<const N: usize> Book<N> {
    /// Adds a leaf. Refuses, in this order, a key that is there ([`Duplicate`](BookError::Duplicate)) and a leaf too many
    /// ([`Full`](BookError::Full)).
    pub fn insert(&mut self, key: Key, payload: &[u8; N]) -> Result<(), BookError> {
        let mut path = Path::new();
        let (mut next, mut height) = (self.header.root.get(), ABOVE_ROOT);
        let (mut parent, mut side) = (NONE, Side::Left);
        while next != NONE {
            let node = self.node_below(height, next)?;
            side = match key.cmp(&node.key()) {
                Ordering::Less => Side::Left,
                Ordering::Equal => return Err(BookError::Duplicate),
                Ordering::Greater => Side::Right,
            };
            path.push(next)?;
            (parent, next, height) = (next, node.link(side), node.height);
        }
        let leaf = self.allocate()?;
        self.node_mut(leaf)?.occupy(key, payload);
        if parent != NONE {
            self.node_mut(parent)?.set_link(side, leaf);
        }
        self.retrace(path, leaf, leaf)
    }

    /// Takes the leaf with this key out and returns its payload.
    pub fn remove(&mut self, key: Key) -> Result<[u8; N], BookError> {
        let mut path = Path::new();
        let (mut handle, mut height) = (self.header.root.get(), ABOVE_ROOT);
        let (left, right) = loop {
            if handle == NONE {
                return Err(BookError::NotFound);
            }
            let node = self.node_below(height, handle)?;
            let side = match key.cmp(&node.key()) {
                Ordering::Less => Side::Left,
                Ordering::Equal => break (node.link(Side::Left), node.link(Side::Right)),
                Ordering::Greater => Side::Right,
            };
            path.push(handle)?;
            (handle, height) = (node.link(side), node.height);
        };
        if left == NONE || right == NONE {
            let child = if left == NONE { right } else { left };
            self.retrace(path, handle, child)?;
        } else {
            self.replace_by_successor(path, handle)?;
        }
        let payload = self.node(handle)?.payload;
        self.release(handle)?;
        Ok(payload)
    }

    /// Puts the first node of its right side in the place of a node with two children. `path` leads to the node, without it.
    fn replace_by_successor(&mut self, mut path: Path, removed: Handle) -> Result<(), BookError> {
        let position = path.len();
        let node = self.node(removed)?;
        let (left, right, removed_height) = (node.link(Side::Left), node.link(Side::Right), node.height);
        let (mut successor, mut height, mut next) = (removed, removed_height, right);
        while next != NONE {
            path.push(successor)?;
            let node = self.node_below(height, next)?;
            (successor, height, next) = (next, node.height, node.link(Side::Left));
        }
        let orphan = self.node(successor)?.link(Side::Right);

        // The successor becomes what the removed node was. Where it was the right child itself, it now leads to itself, until
        // the way back puts the orphan there.
        let node = self.node_mut(successor)?;
        node.set_link(Side::Left, left);
        node.set_link(Side::Right, right);
        node.height = removed_height;
        path.replace(position, successor)?;
        match position.checked_sub(1) {
            Some(above) => self.relink(path.at(above)?, removed, successor)?,
            None => self.header.root = Le32::new(successor),
        }
        self.retrace(path, successor, orphan)
    }

    /// Goes a path back upwards. The child of its last node, `before`, has become `after`. Ends where nothing changes any more.
    fn retrace(&mut self, mut path: Path, mut before: Handle, mut after: Handle) -> Result<(), BookError> {
        while let Some(parent) = path.pop() {
            self.relink(parent, before, after)?;
            let height = self.node(parent)?.height;
            let top = self.rebalance(parent)?;
            if top == parent && self.node(top)?.height == height {
                return Ok(());
            }
            (before, after) = (parent, top);
        }
        self.header.root = Le32::new(after);
        Ok(())
    }

    /// Makes the link of `parent` that leads to its child `before` lead to `after`.
    #[inline(always)]
    fn relink(&mut self, parent: Handle, before: Handle, after: Handle) -> Result<(), BookError> {
        let node = self.node_mut(parent)?;
        let side = if node.link(Side::Left) == before { Side::Left } else { Side::Right };
        node.set_link(side, after);
        Ok(())
    }

    /// Restores the rule at a node whose children keep it: their heights differ by at most one. Returns what is now in its place.
    #[inline(always)]
    fn rebalance(&mut self, top: Handle) -> Result<Handle, BookError> {
        let (left, right) = self.heights_below(top)?;
        let heavy = if left > right.saturating_add(1) {
            Side::Left
        } else if right > left.saturating_add(1) {
            Side::Right
        } else {
            self.node_mut(top)?.height = above(left, right);
            return Ok(top);
        };
        let child = self.node(top)?.link(heavy);
        let (left, right) = self.heights_below(child)?;
        let leans_inwards = match heavy {
            Side::Left => left < right,
            Side::Right => right < left,
        };
        if leans_inwards {
            let child = self.rotate(child, heavy.other())?;
            self.node_mut(top)?.set_link(heavy, child);
        }
        self.rotate(top, heavy)
    }

    /// Lifts the child on one side into the place of `top`, which becomes that child's child. Returns the lifted one.
    fn rotate(&mut self, top: Handle, side: Side) -> Result<Handle, BookError> {
        let lifted = self.node(top)?.link(side);
        let inner = self.node(lifted)?.link(side.other());
        self.node_mut(top)?.set_link(side, inner);
        self.node_mut(lifted)?.set_link(side.other(), top);
        for handle in [top, lifted] {
            let (left, right) = self.heights_below(handle)?;
            self.node_mut(handle)?.height = above(left, right);
        }
        Ok(lifted)
    }

    /// The heights of a node's children; 0 for none.
    #[inline(always)]
    pub(crate) fn heights_below(&self, handle: Handle) -> Result<(u8, u8), BookError> {
        let node = self.node(handle)?;
        Ok((self.height(node.link(Side::Left))?, self.height(node.link(Side::Right))?))
    }

    #[inline(always)]
    fn height(&self, handle: Handle) -> Result<u8, BookError> {
        if handle == NONE { Ok(0) } else { Ok(self.node(handle)?.height) }
    }

    /// Takes a node out of the chain of free ones, or the first that was never used, and counts its leaf.
    #[inline(always)]
    fn allocate(&mut self) -> Result<Handle, BookError> {
        let free = self.header.free.get();
        let handle = if free != NONE {
            self.header.free = Le32::new(self.node(free)?.next_free()?);
            free
        } else {
            // Positions count from 1: the new number of used nodes is the handle of the last of them.
            let handle = self.header.used.get().checked_add(1).ok_or(BookError::Corrupted)?;
            if handle as usize > self.capacity() {
                return Err(BookError::Full);
            }
            self.header.used = Le32::new(handle);
            handle
        };
        self.header.len = Le32::new(self.header.len.get().checked_add(1).ok_or(BookError::Corrupted)?);
        Ok(handle)
    }

    /// Puts a node into the chain of free ones, and counts its leaf no more.
    #[inline(always)]
    fn release(&mut self, handle: Handle) -> Result<(), BookError> {
        let free = self.header.free.get();
        self.node_mut(handle)?.vacate(free);
        self.header.free = Le32::new(handle);
        self.header.len = Le32::new(self.header.len.get().checked_sub(1).ok_or(BookError::Corrupted)?);
        Ok(())
    }
}

/// The height of a node over children of these heights.
#[inline(always)]
pub(crate) fn above(left: u8, right: u8) -> u8 {
    left.max(right).saturating_add(1)
}
