//! See the function of that name.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::views(data));
