//! Why a book refuses.

/// Why a book refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookError {
    /// The slab is shorter than a header.
    SlabTooShort,
    /// Every node holds a leaf.
    Full,
    /// There is a leaf with this key already.
    Duplicate,
    /// There is no leaf with this key.
    NotFound,
    /// The slab contradicts itself, or is shorter than it was. No sequence of calls brings a book there.
    Corrupted,
}
