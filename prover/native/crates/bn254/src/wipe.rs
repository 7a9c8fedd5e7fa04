//! Overwriting secrets.

use core::hint::black_box;

/// Overwrites values with their default, zero for numbers and field elements, in a way that the compiler may not leave
/// out: it has to assume that somebody reads them afterwards.
pub fn wipe<T: Copy + Default>(values: &mut [T]) {
    values.fill(T::default());
    black_box(values);
}

/// Secret values, overwritten when they are dropped, whatever the reason.
#[derive(Default)]
pub struct Secret<T: Copy + Default>(pub Vec<T>);

impl<T: Copy + Default> Drop for Secret<T> {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}
