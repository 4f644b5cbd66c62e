//! What the terminal can do, decided once: colour, width, frames, links.

use std::env;
use std::io::{IsTerminal, stdout};

use anstream::{AutoStream, ColorChoice};
use evlint::model::settings::Language;
use evlint::report::Style;

use super::args::{Color, Global, Lang};

/// Narrower or wider terminals get these: below, diagnostics fall apart; above, lines are hard to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;
/// Where nobody says how wide it is.
const WIDTH: usize = 80;

/// For standard output.
pub(crate) fn style(global: &Global) -> Style {
    Style {
        language: language(global.lang),
        width: width(),
        color: color(global.color),
        graphics: graphics(),
        links: stdout().is_terminal() && color(global.color),
        evidence: String::new(),
    }
}

/// For a file: no colour, no links, the usual width.
pub(crate) fn plain(global: &Global) -> Style {
    let language = language(global.lang);
    Style { language, width: WIDTH, color: false, graphics: true, links: false, evidence: String::new() }
}

pub(crate) fn language(lang: Lang) -> Language {
    match lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    }
}

/// Tells of trouble on standard error; the run goes on.
#[expect(clippy::print_stderr, reason = "trouble goes to standard error")]
pub(crate) fn note(global: &Global, zh: &str, en: &str) {
    match language(global.lang) {
        Language::Zh => eprintln!("注意：{zh}"),
        Language::En => eprintln!("note: {en}"),
    }
}

/// The flag beats `NO_COLOR`, which beats `CLICOLOR_FORCE`, which beats the terminal.
fn color(flag: Color) -> bool {
    match flag {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(&stdout()) != ColorChoice::Never,
    }
}

fn width() -> usize {
    let asked = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let told = || env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    asked.or_else(told).unwrap_or(WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Frames, bars and underlines help an eye and hinder a screen reader.
fn graphics() -> bool {
    let refused = env::var_os("NO_GRAPHICS").is_some_and(|value| value != "0");
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && !dumb
}
