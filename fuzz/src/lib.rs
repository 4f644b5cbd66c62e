//! What all targets do: read, and fail where a reader panicked.

use evlint::extract::{Options, read};
use evlint::model::{EvidencePath, Reading, Unreadable};

pub mod input;

/// Reads an input of a target. Time and memory are the fuzzer's to watch.
pub fn sound(target: &str, input: &[u8]) {
    let (name, bytes) = input::file(target, input);
    for source in read(&EvidencePath::new(name), &bytes, &Options::default()) {
        if let Reading::Unreadable(Unreadable::Fault { detail }) = &source.reading {
            panic!("{}: {detail}", source.path);
        }
    }
}
