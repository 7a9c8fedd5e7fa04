//! Fuzzes .zkey files, checked and proven with.
#![no_main]

anomi_prover_fuzz::target!(anomi_prover_fuzz::readers::Reader::ProvingKey);
