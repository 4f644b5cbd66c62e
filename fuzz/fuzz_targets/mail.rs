//! Any bytes taken for mails with their attachments: reading ends without a panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| evlint_fuzz::sound("mail", input));
