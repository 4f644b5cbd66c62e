//! `evlint man`: the manual's pages, made of the same definitions as `--help`.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_mangen::Man as Page;

use super::args::{Cli, Man};
use super::check::closed_is_fine;
use super::error::{CliError, did_you_mean};
use super::write;

/// Commands of users stand in section 1 of a manual (man-pages(7)).
const SECTION: &str = "1";

const SOURCE: &str = concat!("evlint ", env!("CARGO_PKG_VERSION"));

pub(crate) fn run(man: &Man) -> Result<ExitCode, CliError> {
    let mut program = Cli::command();
    program.build();
    match (&man.dir, &man.command) {
        (Some(dir), _) => write_all(&program, dir)?,
        (None, Some(name)) => print(&page(find(&program, name)?))?,
        (None, None) => print(&page(&program))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn find<'c>(program: &'c Command, name: &str) -> Result<&'c Command, CliError> {
    program.find_subcommand(name).ok_or_else(|| {
        let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
        CliError::UnknownCommand { name: name.to_owned(), help: did_you_mean(name, &names) }
    })
}

fn page(command: &Command) -> Vec<u8> {
    // A page is looked up by one word: `man evlint-check`.
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut bytes = Vec::new();
    let page = Page::new(command.clone().name(name)).section(SECTION).source(SOURCE).manual("evlint");
    page.render(&mut bytes).expect("a vector takes all");
    bytes
}

fn print(page: &[u8]) -> Result<(), CliError> {
    closed_is_fine(io::stdout().write_all(page)).map_err(|source| CliError::Output { source })
}

/// `evlint.1`, `evlint-check.1`….
fn write_all(program: &Command, dir: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(dir).map_err(|source| CliError::Write { path: dir.to_path_buf(), source })?;
    for command in std::iter::once(program).chain(program.get_subcommands()) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let path = dir.join(format!("{name}.{SECTION}"));
        write::atomically(&path, &page(command))?;
    }
    Ok(())
}
