//! Any bytes taken for compound files: Outlook messages, and what is read here of Word 97 and Excel 97: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("ole", input));
