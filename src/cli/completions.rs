//! `evlint completions`: a script by which a shell completes commands, flags and their values.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::check::closed_is_fine;
use super::error::CliError;

pub(crate) fn run(completions: &Completions) -> Result<ExitCode, CliError> {
    let mut script = Vec::new(); // the generator panics where its writer fails; a vector takes all
    clap_complete::generate(completions.shell, &mut Cli::command(), env!("CARGO_PKG_NAME"), &mut script);
    closed_is_fine(io::stdout().write_all(&script)).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}
