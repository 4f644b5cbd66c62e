//! The command line: flags in, findings out.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
