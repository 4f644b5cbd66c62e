//! Any bytes taken for Visio drawings: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("vsdx", input));
