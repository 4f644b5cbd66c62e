//! The command line: flags in, findings out. Or, as a worker of itself, a file in and its text out.

mod cli;

use std::process::ExitCode;

use evlint::extract::worker;

fn main() -> ExitCode {
    let first = std::env::args_os().nth(1);
    // Before the flags are read: no flag, so no help shows it and no typing error leads to it.
    if first.is_some_and(|first| first == cli::WORKER) { worker::serve() } else { cli::run() }
}
