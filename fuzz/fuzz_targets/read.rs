//! Any bytes under any name: reading them ends, and ends without a panic.
//!
//! The content decides which reader reads; where it cannot (Markdown, CSV), `EVLINT_FUZZ_EXTENSION` does:
//!
//! ```text
//! EVLINT_FUZZ_EXTENSION=ofd cargo +nightly fuzz run read fuzz/corpus/ofd
//! ```

#![no_main]

use evlint::extract::{Options, read};
use evlint::model::{EvidencePath, Reading, Unreadable};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let extension = std::env::var("EVLINT_FUZZ_EXTENSION").unwrap_or_default();
    for source in read(&EvidencePath::new(format!("a.{extension}")), bytes, &Options::default()) {
        if let Reading::Unreadable(Unreadable::Fault { detail }) = &source.reading {
            panic!("{}: {detail}", source.path);
        }
    }
});
