//! Any bytes taken for zip and RAR archives with their members: reading ends without a panic.
//!
//! A 7z's header is its library's to read. That takes counts on trust and may ask for more memory than there is,
//! which ends a process, here as anywhere; a worker's limit on memory is what answers it.

#![no_main]

const SEVEN: &[u8] = b"7z\xbc\xaf\x27\x1c";

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if !input.windows(SEVEN.len()).any(|bytes| bytes == SEVEN) {
        evlint_fuzz::sound("archive", input);
    }
});
