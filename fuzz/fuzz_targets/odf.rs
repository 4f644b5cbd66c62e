//! Any bytes taken for Open Document texts, sheets and slides: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("odf", input));
