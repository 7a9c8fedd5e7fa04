//! Leaves in order.

use core::iter::FusedIterator;

use crate::{
    Book, BookError, Entry, Key,
    path::Path,
    slab::{ABOVE_ROOT, Handle, NONE, Side},
};

/// The leaves of a book in order: keys strictly ascend, and there are as many as the book counts. Where a slab does not allow
/// that, the item after the last good one is [`BookError::Corrupted`], and nothing comes after it.
pub struct Iter<'a, const N: usize> {
    book: &'a Book<N>,
    /// Nodes whose left side is done, above the one to come.
    path: Path,
    /// The subtree to come, and the height it is below.
    next: Handle,
    height: u8,
    before: Option<Key>,
    remaining: u32,
}

impl<'a, const N: usize> Iter<'a, N> {
    #[inline(always)]
    pub(crate) fn new(book: &'a Book<N>) -> Self {
        Self {
            book,
            path: Path::new(),
            next: book.header.root.get(),
            height: ABOVE_ROOT,
            before: None,
            remaining: book.header.len.get(),
        }
    }

    /// The handle of the next leaf.
    #[inline(always)]
    pub(crate) fn advance(&mut self) -> Result<Option<Handle>, BookError> {
        while self.next != NONE {
            let node = self.book.node_below(self.height, self.next)?;
            self.path.push(self.next)?;
            (self.next, self.height) = (node.link(Side::Left), node.height);
        }
        let Some(handle) = self.path.pop() else {
            return if self.remaining == 0 { Ok(None) } else { Err(BookError::Corrupted) };
        };
        let node = self.book.node(handle)?;
        (self.next, self.height) = (node.link(Side::Right), node.height);
        let key = node.key();
        if self.before.is_some_and(|before| before >= key) {
            return Err(BookError::Corrupted);
        }
        self.before = Some(key);
        self.remaining = self.remaining.checked_sub(1).ok_or(BookError::Corrupted)?;
        Ok(Some(handle))
    }

    fn entry(&mut self) -> Result<Option<Entry<'a, N>>, BookError> {
        let Some(handle) = self.advance()? else { return Ok(None) };
        let node = self.book.node(handle)?;
        Ok(Some(Entry { key: node.key(), payload: &node.payload }))
    }
}

impl<'a, const N: usize> Iterator for Iter<'a, N> {
    type Item = Result<Entry<'a, N>, BookError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entry();
        if entry.is_err() {
            (self.path, self.next, self.remaining) = (Path::new(), NONE, 0);
        }
        entry.transpose()
    }
}

impl<const N: usize> FusedIterator for Iter<'_, N> {}

impl<'a, const N: usize> IntoIterator for &'a Book<N> {
    type Item = Result<Entry<'a, N>, BookError>;
    type IntoIter = Iter<'a, N>;

    #[inline]
    fn into_iter(self) -> Iter<'a, N> {
        self.iter()
    }
}
