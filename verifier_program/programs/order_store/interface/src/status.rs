//! The states of an order.

/// The status of an order, as its account holds it. It only moves along the arrows of order_store's transition table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Matched; the seller has still to reveal whom to pay.
    Pending = 0,
    /// Revealed; the buyer pays, and proves it.
    AwaitingPayment = 1,
    /// The payment is proven or accepted. It lasts for a part of one transaction only.
    PaymentConfirmed = 2,
    /// The tokens have been released: the order is a receipt now.
    Settled = 3,
    /// A deadline passed, and the tokens went back to the ask.
    Expired = 4,
    /// The buyer gave it up, and the tokens went back to the ask.
    Cancelled = 5,
}

impl Status {
    /// The status that a byte stands for. None for any other byte.
    #[inline(always)]
    #[must_use]
    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Pending),
            1 => Some(Self::AwaitingPayment),
            2 => Some(Self::PaymentConfirmed),
            3 => Some(Self::Settled),
            4 => Some(Self::Expired),
            5 => Some(Self::Cancelled),
            _ => None,
        }
    }
}
