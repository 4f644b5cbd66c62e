//! The order of the steps: flags in, findings out, and an exit code.

mod args;
mod baseline;
mod bundle;
mod cache;
mod check;
mod completions;
mod error;
mod explain;
mod files;
mod form;
mod hook;
mod init;
mod known;
mod links;
mod manual;
mod ocr;
mod reading;
mod setup;
mod terminal;
mod text;
mod verify;
mod version;
mod why;
mod write;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// There are findings at or above `--fail-on`.
const FINDINGS: u8 = 1;
/// Bad flags, configuration, pack or folder.
const CANNOT_RUN: u8 = 2;
/// The folder holds no file but our own.
const NOTHING: u8 = 3;

/// The one argument that makes this program a worker.
pub(crate) use reading::WORKER;

/// Runs what the command line asks for.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = ocr::check(&cli.global).and_then(|()| match &cli.command {
        Command::Init(init) => init::run(init, &cli.global),
        Command::Bundle(bundle) => bundle::run(bundle, &cli.global),
        Command::Check(check) => check::run(check, &cli.global),
        Command::Form(form) => form::run(form, &cli.global),
        Command::Explain(explain) => explain::run(explain, &cli.global),
        Command::Why(why) => why::run(why, &cli.global),
        Command::Baseline(baseline) => baseline::run(baseline, &cli.global),
        Command::Hook(hook) => hook::run(hook, &cli.global),
        Command::Cache(action) => cache::run(action, &cli.global),
        Command::Text(text) => text::run(text, &cli.global),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => manual::run(man),
    });
    done.unwrap_or_else(|error| {
        error::say(&error, &cli.global);
        ExitCode::from(CANNOT_RUN)
    })
}
