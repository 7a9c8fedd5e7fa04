//! The way from the root to a node.

use crate::{
    BookError,
    slab::{HEIGHT_MAX, Handle, NONE},
};

/// Handles from the root downwards, at most as many as the tree is high.
pub(crate) struct Path {
    handles: [Handle; HEIGHT_MAX],
    len: usize,
}

impl Path {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { handles: [NONE; HEIGHT_MAX], len: 0 }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, handle: Handle) -> Result<(), BookError> {
        *self.handles.get_mut(self.len).ok_or(BookError::Corrupted)? = handle;
        self.len = self.len.saturating_add(1);
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<Handle> {
        self.len = self.len.checked_sub(1)?;
        self.handles.get(self.len).copied()
    }

    #[inline(always)]
    pub(crate) fn at(&self, position: usize) -> Result<Handle, BookError> {
        self.handles.get(position).copied().ok_or(BookError::Corrupted)
    }

    #[inline(always)]
    pub(crate) fn replace(&mut self, position: usize, handle: Handle) -> Result<(), BookError> {
        *self.handles.get_mut(position).ok_or(BookError::Corrupted)? = handle;
        Ok(())
    }
}
