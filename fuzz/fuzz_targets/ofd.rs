//! Any bytes taken for OFD packages (GB/T 33190): reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("ofd", input));
