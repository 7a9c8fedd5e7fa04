//! The complete check.

use crate::{Book, BookError, slab::NONE, tree::above};

impl<const N: usize> Book<N> {
    /// Checks everything that a book promises, and refuses the slab as [`BookError::Corrupted`] otherwise: keys ascend, the
    /// leaves are as many as counted, every node has its height, heights of siblings differ by at most one, and each used node
    /// is either a leaf or in the chain of free ones. It walks the whole slab: for tests and tools, not for a program.
    pub fn validate(&self) -> Result<(), BookError> {
        let used = self.header.used.get();
        let mut leaves = self.iter();
        while let Some(handle) = leaves.advance()? {
            let (left, right) = self.heights_below(handle)?;
            let height = self.node(handle)?.height;
            if handle > used || left.abs_diff(right) > 1 || height != above(left, right) {
                return Err(BookError::Corrupted);
            }
        }
        // A node in the chain has height 0 and a leaf has not, so none is both; a chain with a loop does not end in time.
        let mut free = self.header.free.get();
        for _ in self.header.len.get()..used {
            let node = self.node(free)?;
            if free > used {
                return Err(BookError::Corrupted);
            }
            free = node.next_free()?;
        }
        if free == NONE { Ok(()) } else { Err(BookError::Corrupted) }
    }
}
