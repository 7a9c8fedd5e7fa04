//! Why an order's tokens go back to its ask.

/// The reason of [`ReturnEscrowedFunds`](crate::ReturnEscrowedFunds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ReturnReason {
    /// The seller missed the time to reveal: his ask leaves the book.
    RevealMissed = 0,
    /// The buyer missed the time to prove: his line gets a strike.
    ProofMissed = 1,
    /// The buyer gave the order up in time: his line's next free cancel has to wait.
    CancelledFree = 2,
    /// The buyer gave the order up: his line gets a strike.
    Cancelled = 3,
}

impl ReturnReason {
    /// The reason that a byte stands for. None for any other byte.
    #[inline(always)]
    #[must_use]
    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::RevealMissed),
            1 => Some(Self::ProofMissed),
            2 => Some(Self::CancelledFree),
            3 => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// Whether the buyer's line gets a strike for it.
    #[inline(always)]
    #[must_use]
    pub const fn is_strike(self) -> bool {
        matches!(self, Self::ProofMissed | Self::Cancelled)
    }
}
