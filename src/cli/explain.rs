//! `evlint explain`: what a clause or a material asks for, and what a kind of finding means.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use evlint::model::pack::{Clause, Material, MaterialRef, Need, Pack, Scope};
use evlint::model::settings::Language;
use evlint::wording::{self, Explanation};

use super::args::{Explain, Global};
use super::check::closed_is_fine;
use super::error::{CliError, did_you_mean};
use super::{setup, terminal};

pub(crate) fn run(explain: &Explain, global: &Global) -> Result<ExitCode, CliError> {
    let pack = setup::pack(explain.rules.as_deref())?;
    let language = terminal::language(global.lang);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if let Some(explanation) = wording::explain_kind(&explain.code) {
        write_kind(explanation, language, &mut out)
    } else if let Some((clause, only)) = find(&pack, &explain.code) {
        write_clause(&pack, clause, only, language, &mut out)
    } else {
        return Err(unknown(&pack, &explain.code));
    };
    closed_is_fine(written.and_then(|()| out.flush())).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

/// A clause, and one of its materials where the code names one.
fn find<'p>(pack: &'p Pack, code: &str) -> Option<(&'p Clause, Option<&'p Material>)> {
    if let Ok(no) = code.parse() {
        return Some((pack.clause(no)?, None));
    }
    let of: MaterialRef = code.parse().ok()?;
    Some((pack.clause(of.clause)?, Some(pack.material(&of)?)))
}

fn unknown(pack: &Pack, code: &str) -> CliError {
    let materials: Vec<String> = pack
        .clauses
        .iter()
        .flat_map(|clause| clause.materials.iter().map(|material| format!("{}.{}", clause.no, material.id)))
        .collect();
    let names = materials.iter().map(String::as_str).chain(wording::codes().map(|code| -> &str { code }));
    let mut near: Vec<(f64, &str)> = names.map(|name| (strsim::jaro_winkler(code, name), name)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<&str> = near.into_iter().take(6).map(|(_, name)| name).collect();
    CliError::UnknownCode { code: code.to_owned(), help: did_you_mean(code, &names) }
}

fn write_kind(explanation: &Explanation, language: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", explanation.code, explanation.title.of(language))?;
    for (label, text) in [
        (("含义", "means"), &explanation.means),
        (("怎么判断", "judged"), &explanation.judged),
        (("怎么办", "fix"), &explanation.fix),
    ] {
        writeln!(out, "\n{}\n  {}", pick(language, label), text.of(language))?;
    }
    Ok(())
}

fn write_clause(
    pack: &Pack,
    clause: &Clause,
    only: Option<&Material>,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let stage = wording::words(&pack.stages[clause.stage].name, language);
    writeln!(out, "{} {}  {stage}", pick(language, ("条款", "clause")), clause.no)?;
    let names = |ids: &[String], of: &dyn Fn(&str) -> Option<String>| {
        ids.iter().filter_map(|id| of(id)).collect::<Vec<_>>().join("、")
    };
    let levels = names(&clause.levels, &|id| Some(wording::words(&pack.level(id)?.name, language).to_owned()));
    let audits = names(&clause.audits, &|id| Some(wording::words(&pack.audit(id)?.name, language).to_owned()));
    writeln!(out, "{}：{levels} · {audits}", pick(language, ("适用", "applies to")))?;
    writeln!(out, "\n{}\n  {}", pick(language, ("条款", "requirement")), clause.clause)?;
    writeln!(out, "\n{}\n  {}", pick(language, ("需提供证明材料", "evidence asked for")), clause.evidence)?;
    for material in clause.materials.iter().filter(|material| only.is_none_or(|only| only.id == material.id)) {
        write_material(clause, material, language, out)?;
    }
    Ok(())
}

fn write_material(clause: &Clause, material: &Material, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let scope = match material.scope {
        Scope::Organization => pick(language, ("公司一份", "one for the organisation")),
        Scope::Project => pick(language, ("每个项目一份", "one for each project")),
    };
    writeln!(out, "\n{}.{}  {}  ({scope})", clause.no, material.id, wording::words(&material.name, language))?;
    writeln!(out, "  {}", wording::words(&material.accepts, language))?;
    if !material.items.is_empty() {
        writeln!(out, "  {}", pick(language, ("要有的内容", "must contain")))?;
    }
    for item in &material.items {
        let need = match item.need {
            Need::All => "",
            Need::Any => pick(language, ("（其一即可）", " (one of these)")),
            Need::Suitable => pick(language, ("（适宜时）", " (when suitable)")),
        };
        writeln!(out, "    · {}{need}", item.name)?;
    }
    for (label, others) in [
        (("只看这些材料的文件", "shown only by the documents of"), &material.inside),
        (
            ("没有单独的文件时，由这些材料的记录体现", "without a document of its own, shown by the records of"),
            &material.shown_by,
        ),
        (("容易与这些材料混淆", "easily taken for"), &material.confused_with),
    ] {
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            writeln!(out, "  {}：{}", pick(language, label), others.join(" "))?;
        }
    }
    Ok(())
}

fn pick<'t>(language: Language, (zh, en): (&'t str, &'t str)) -> &'t str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}
