//! Fuzzes .wtns files.
#![no_main]

anomi_prover_fuzz::target!(anomi_prover_fuzz::readers::Reader::Wtns);
