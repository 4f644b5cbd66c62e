//! The command line: flags in, findings out.

fn main() {}
