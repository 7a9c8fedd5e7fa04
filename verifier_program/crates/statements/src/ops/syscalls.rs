//! The `poseidon` syscall of the Solana runtime: return code 0 when every word was less than r.

use core::mem::MaybeUninit;

use crate::FieldBytes;

/// x⁵ over BN254's scalar field, with circomlib's constants.
const BN254_X5: u64 = 0;
const BIG_ENDIAN: u64 = 0;

unsafe extern "C" {
    fn sol_poseidon(
        parameters: u64,
        endianness: u64,
        words: *const u8,
        words_count: u64,
        hash: *mut u8,
    ) -> u64;
}

#[inline(always)]
pub(crate) fn poseidon<const N: usize>(words: [&FieldBytes; N]) -> Option<FieldBytes> {
    let words: [&[u8]; N] = words.map(|word| word.as_slice());
    let mut hash = MaybeUninit::<FieldBytes>::uninit();
    // SAFETY: `words` is N slices, laid out as the syscall reads them (address, length), and `hash` is 32 writable bytes.
    let code = unsafe {
        sol_poseidon(
            BN254_X5,
            BIG_ENDIAN,
            words.as_ptr().cast(),
            words.len() as u64,
            hash.as_mut_ptr().cast(),
        )
    };
    // SAFETY: with return code 0 the runtime wrote the whole hash.
    (code == 0).then(|| unsafe { hash.assume_init() })
}
