//! Any bytes taken for zip, 7z and RAR archives with their members: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("archive", input));
