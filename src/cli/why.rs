//! `evlint why`: what a file was taken for, by which signs, and why not for the rest.

use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use evlint::examiner::Examiner;
use evlint::matching::{Candidate, Facts, State, Strength};
use evlint::model::pack::{Material, Pack};
use evlint::model::settings::Language;
use evlint::wording;

use super::args::{Global, Why};
use super::check::closed_is_fine;
use super::error::CliError;
use super::{reading, setup, terminal};

/// Refused candidates beyond the strongest say nothing to anybody.
const REFUSED: usize = 8;

pub(crate) fn run(why: &Why, global: &Global) -> Result<ExitCode, CliError> {
    let folder =
        why.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| std::path::Path::new("."));
    let setup = setup::prepare(setup::on_disk(folder, &why.judge)?, &why.judge)?;
    let entry = setup::entry(&setup.root, &why.file)?;
    let extractor = reading::extractor(&why.read, NonZeroUsize::MIN, global);
    let found = Examiner::new(&setup.pack, &setup.settings, &extractor, &|| ()).examine(&[&entry]);
    reading::finish(&extractor, global);
    let language = terminal::language(global.lang);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    if found.iter().all(Vec::is_empty) {
        let text = match language {
            Language::Zh => "evlint 自己写的文件，不算证据",
            Language::En => "a file of evlint's own: no evidence",
        };
        written = writeln!(out, "{}\n  {text}", wording::safe(entry.path.as_str()));
    }
    for facts in found.into_iter().flatten() {
        written = written.and_then(|()| write_facts(&setup.pack, &facts, language, &mut out));
    }
    closed_is_fine(written.and_then(|()| out.flush())).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

fn write_facts(pack: &Pack, facts: &Facts, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let zh = language == Language::Zh;
    let label = |zh_text: &'static str, en_text: &'static str| if zh { zh_text } else { en_text };
    writeln!(out, "{}", wording::safe(facts.path.as_str()))?;
    write!(out, "  {}", wording::format(facts.format, language))?;
    if let Some(title) = &facts.title {
        write!(out, " · {}{}", label("题名", "title "), wording::quote(title))?;
    }
    if let Some(kind) = facts.kind {
        write!(out, " · {}", wording::document_kind(kind, language))?;
    }
    writeln!(out)?;
    if let State::Unreadable(why) = &facts.state {
        writeln!(out, "  {}", wording::unreadable(why, facts.format, language))?;
    }
    if facts.template {
        writeln!(out, "  {}", label("没有填写的模板", "a form that nobody filled in"))?;
    }
    write_time(facts, language, out)?;
    let (taken, refused): (Vec<&Candidate>, Vec<&Candidate>) =
        facts.candidates.iter().partition(|candidate| candidate.strength != Strength::Refused);
    if taken.is_empty() {
        writeln!(out, "  {}", label("不属于任何条款", "serves no clause"))?;
    }
    for candidate in taken.into_iter().chain(refused.into_iter().take(REFUSED)) {
        write_candidate(pack, facts, candidate, language, out)?;
    }
    writeln!(out)
}

fn write_time(facts: &Facts, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let zh = language == Language::Zh;
    if let Some(day) = facts.time.dated {
        writeln!(out, "  {} {day}", if zh { "日期" } else { "dated" })?;
    }
    if !facts.time.periods.is_empty() {
        let periods: Vec<String> = facts.time.periods.iter().map(|period| period.label()).collect();
        writeln!(out, "  {} {}", if zh { "所述期间" } else { "about" }, periods.join(" "))?;
    }
    if let Some((term, _)) = &facts.time.term {
        writeln!(out, "  {} {}..{}", if zh { "期限" } else { "term" }, term.from, term.to)?;
    }
    Ok(())
}

fn write_candidate(
    pack: &Pack,
    facts: &Facts,
    candidate: &Candidate,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let material = pack.material(&candidate.material);
    let name = material.map_or("", |material| wording::words(&material.name, language));
    let percent = (candidate.score * 100.0).round();
    writeln!(out, "\n  {} {} {name}  {percent}%", wording::strength(candidate.strength, language), candidate.material)?;
    for signal in &candidate.signals {
        writeln!(out, "    · {}", wording::signal(signal, language))?;
    }
    if !candidate.is_match() && facts.does_as(candidate) {
        writeln!(out, "    · {}", wording::does_as(language))?;
    }
    if candidate.strength != Strength::Refused
        && let Some(material) = material
    {
        write_items(material, candidate, language, out)?;
    }
    Ok(())
}

fn write_items(material: &Material, candidate: &Candidate, language: Language, out: &mut dyn Write) -> io::Result<()> {
    for (item, found) in material.items.iter().zip(&candidate.items) {
        match &found.shown {
            Some(_) if candidate.is_confirmed() => writeln!(out, "      ✓ {}", item.name)?,
            Some((place, structure)) => {
                let place = wording::place(place, language).unwrap_or_default();
                writeln!(out, "      ✓ {}  {place} · {}", item.name, wording::structure(*structure, language))?;
            }
            None => writeln!(out, "      ✗ {}", item.name)?,
        }
    }
    Ok(())
}
