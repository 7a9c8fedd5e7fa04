//! See the function of that name.
#![no_main]

anomi_programs_fuzz::target!(anomi_programs_fuzz::views);
