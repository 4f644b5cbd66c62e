//! Any bytes taken for Rich Text: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("rtf", input));
