//! Turns the JSON of `evlint.json` into checked values.

use std::collections::BTreeSet;

use ignore::gitignore::GitignoreBuilder;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::{Config, ConfigError, shape};
use crate::model::settings::{Confirmation, Entry, Lines, PriorFinding, Waiver};
use crate::model::{EvidencePath, MaterialRef, Pack, Project, Span};
use crate::rules::source::{At, OneOrMany, did_you_mean};

pub(super) fn config(shape: &shape::Config, pack: &Pack, at: &At<'_>) -> Result<Config, ConfigError> {
    let levels: Vec<&str> = pack.levels.iter().map(|level| level.id.as_str()).collect();
    let audits: Vec<&str> = pack.audits.iter().map(|audit| audit.id.as_str()).collect();
    let day = |written: &Option<String>, key| written.as_deref().map(|written| date(written, &at.key(key))).transpose();
    let projects = projects(&shape.projects, &at.key("projects"))?;
    let mut config = Config {
        organization: shape.organization.as_deref().map(nfc),
        level: known(("级别", "level"), shape.level.as_ref().map(|level| level.0.as_str()), &levels, &at.key("level"))?,
        audit: known(("审核类型", "audit"), shape.audit.as_deref(), &audits, &at.key("audit"))?,
        period: span(shape.period.as_ref(), &at.key("period"))?,
        as_of: day(&shape.as_of, "as_of")?,
        assessed_on: day(&shape.assessed_on, "assessed_on")?,
        assessors: shape.assessors.clone(),
        prior_findings: prior_findings(&shape.prior_findings, pack, &at.key("prior_findings"))?,
        evidence: evidence(shape, pack, &at.key("evidence"))?,
        waivers: each(&shape.waivers, &at.key("waivers"), |shape, at| waiver(shape, pack, &projects, at))?,
        confirmations: each(&shape.confirmations, &at.key("confirmations"), |shape, at| confirmation(shape, pack, at))?,
        ignore: each(&shape.ignore, &at.key("ignore"), |written, at| glob(nfc(written), at))?,
        projects,
        lines: Lines::new(),
    };
    config.lines = lines(&config, at);
    Ok(config)
}

/// Each checked entry stands where its unchecked one does.
fn lines(config: &Config, at: &At<'_>) -> Lines {
    let project = |project: &Project| Entry::Project(project.name.clone());
    let prior = |prior: &PriorFinding| Entry::PriorFinding(prior.id.clone());
    let evidence = |(of, _): &(MaterialRef, Vec<String>)| Entry::Evidence { of: of.to_string() };
    let waiver = |waiver: &Waiver| Entry::Waiver { of: waiver.of(), project: waiver.project.clone() };
    let confirmation = |confirmation: &Confirmation| Entry::Confirmation {
        path: confirmation.path.to_string(),
        of: confirmation.material.to_string(),
    };
    let parts: [(&str, Vec<Entry>); 5] = [
        ("projects", config.projects.iter().map(project).collect()),
        ("prior_findings", config.prior_findings.iter().map(prior).collect()),
        ("evidence", config.evidence.iter().map(evidence).collect()),
        ("waivers", config.waivers.iter().map(waiver).collect()),
        ("confirmations", config.confirmations.iter().map(confirmation).collect()),
    ];
    parts
        .into_iter()
        .filter(|(_, entries)| !entries.is_empty())
        .flat_map(|(key, entries)| entries.into_iter().zip(at.key(key).lines()))
        .collect()
}

fn each<S, M>(
    shapes: &[S],
    at: &At<'_>,
    check: impl Fn(&S, &At<'_>) -> Result<M, ConfigError>,
) -> Result<Vec<M>, ConfigError> {
    shapes.iter().enumerate().map(|(index, shape)| check(shape, &at.nth(index))).collect()
}

fn projects(shapes: &[shape::Project], at: &At<'_>) -> Result<Vec<Project>, ConfigError> {
    unique(("项目", "project"), "name", shapes.iter().map(|project| project.name.as_str()), at)?;
    each(shapes, at, |shape, at| {
        Ok(Project {
            name: nfc(&filled("name", &shape.name, at)?),
            paths: shape.path.as_ref().map_or(Ok(Vec::new()), |path| paths(path, &at.key("path")))?,
            customer: shape.customer.as_deref().map(nfc),
            aliases: shape.aliases.iter().map(|alias| nfc(alias)).collect(),
            contract: span(shape.contract.as_ref(), &at.key("contract"))?,
        })
    })
}

/// A project's folders. One that is the evidence folder itself makes all of it its own, which the
/// model says by an empty list.
fn paths(shape: &OneOrMany, at: &At<'_>) -> Result<Vec<String>, ConfigError> {
    let paths = one_or_many(shape, at, inside)?;
    Ok(if paths.iter().any(String::is_empty) { Vec::new() } else { paths })
}

fn one_or_many(
    shape: &OneOrMany,
    at: &At<'_>,
    check: impl Fn(&str, &At<'_>) -> Result<String, ConfigError>,
) -> Result<Vec<String>, ConfigError> {
    match shape {
        OneOrMany::One(written) => Ok(vec![check(written, at)?]),
        OneOrMany::Many(written) => each(written, at, |written, at| check(written, at)),
    }
}

fn prior_findings(shapes: &[shape::PriorFinding], pack: &Pack, at: &At<'_>) -> Result<Vec<PriorFinding>, ConfigError> {
    unique(("问题编号", "finding"), "id", shapes.iter().map(|finding| finding.id.as_str()), at)?;
    let kinds: Vec<&str> = pack.rectification.iter().map(|row| row.kind.as_str()).collect();
    each(shapes, at, |shape, at| {
        known(("问题类型", "kind of finding"), Some(&shape.kind), &kinds, &at.key("kind"))?;
        Ok(PriorFinding { id: filled("id", &shape.id, at)?, kind: shape.kind.clone(), text: shape.text.clone() })
    })
}

fn evidence(shape: &shape::Config, pack: &Pack, at: &At<'_>) -> Result<Vec<(MaterialRef, Vec<String>)>, ConfigError> {
    let mut evidence = Vec::new();
    for (name, files) in &shape.evidence.0 {
        let at = at.key(name);
        let Some(material) = find(name, pack) else { return Err(no_material(name, pack, at.name_span(), &at)) };
        evidence.push((material, one_or_many(files, &at, |written, at| glob(inside(written, at)?, at))?));
    }
    Ok(evidence)
}

fn waiver(shape: &shape::Waiver, pack: &Pack, projects: &[Project], at: &At<'_>) -> Result<Waiver, ConfigError> {
    let (clause, material) = match (shape.clause, &shape.material) {
        (Some(clause), None) => (self::clause(clause, pack, &at.key("clause"))?, None),
        (None, Some(name)) => {
            let found = material(name, pack, &at.key("material"))?;
            (found.clause, Some(found.material))
        }
        _ => return Err(ConfigError::Waiver { text: at.text(), at: at.span() }),
    };
    let names: Vec<&str> = projects.iter().map(|project| project.name.as_str()).collect();
    let project = shape.project.as_deref().map(nfc);
    Ok(Waiver {
        clause,
        material,
        project: known(("项目", "project"), project.as_deref(), &names, &at.key("project"))?,
        reason: filled("reason", &shape.reason, at)?,
        owner: filled("owner", &shape.owner, at)?,
        until: date(&shape.until, &at.key("until"))?,
    })
}

fn confirmation(shape: &shape::Confirmation, pack: &Pack, at: &At<'_>) -> Result<Confirmation, ConfigError> {
    let sha256 = shape.sha256.to_lowercase();
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ConfigError::Sha256 { text: at.text(), at: at.key("sha256").span() });
    }
    Ok(Confirmation {
        path: EvidencePath::new(inside(&shape.path, &at.key("path"))?),
        sha256,
        material: material(&shape.material, pack, &at.key("material"))?,
        by: filled("by", &shape.by, at)?,
        on: date(&shape.on, &at.key("on"))?,
        note: shape.note.clone(),
    })
}

/// A clause of the pack, or a rectification row, for its gaps carry its number.
fn clause(no: u32, pack: &Pack, at: &At<'_>) -> Result<u32, ConfigError> {
    let numbers = pack.clauses.iter().map(|clause| clause.no).chain(pack.rectification.iter().map(|row| row.no));
    let numbers: Vec<String> = numbers.map(|no| no.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    known(("条款", "clause"), Some(&no.to_string()), &numbers, at).map(|_| no)
}

fn material(name: &str, pack: &Pack, at: &At<'_>) -> Result<MaterialRef, ConfigError> {
    find(name, pack).ok_or_else(|| no_material(name, pack, at.span(), at))
}

fn find(name: &str, pack: &Pack) -> Option<MaterialRef> {
    name.parse().ok().filter(|material| pack.material(material).is_some())
}

fn no_material(name: &str, pack: &Pack, at: miette::SourceSpan, source: &At<'_>) -> ConfigError {
    let of_clause = |clause: &crate::model::Clause| {
        clause.materials.iter().map(|material| format!("{}.{}", clause.no, material.id)).collect::<Vec<_>>()
    };
    let names: Vec<String> = pack.clauses.iter().flat_map(of_clause).collect();
    let help = did_you_mean(name, names.iter().map(String::as_str));
    ConfigError::unknown(("材料", "material"), name, help, at, source)
}

fn known(
    what: (&'static str, &'static str),
    id: Option<&str>,
    defined: &[&str],
    at: &At<'_>,
) -> Result<Option<String>, ConfigError> {
    match id {
        Some(id) if !defined.contains(&id) => {
            Err(ConfigError::unknown(what, id, did_you_mean(id, defined.iter().copied()), at.span(), at))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

fn unique<'n>(
    (zh, en): (&'static str, &'static str),
    key: &str,
    names: impl Iterator<Item = &'n str>,
    at: &At<'_>,
) -> Result<(), ConfigError> {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(nfc(name)) {
            let at = at.nth(index).key(key);
            return Err(ConfigError::Duplicate { zh, en, name: name.to_owned(), text: at.text(), at: at.span() });
        }
    }
    Ok(())
}

fn filled(field: &'static str, written: &str, at: &At<'_>) -> Result<String, ConfigError> {
    if written.trim().is_empty() {
        return Err(ConfigError::Empty { field, text: at.text(), at: at.key(field).span() });
    }
    Ok(written.to_owned())
}

fn span(shape: Option<&shape::Span>, at: &At<'_>) -> Result<Option<Span>, ConfigError> {
    let Some(shape) = shape else { return Ok(None) };
    let span = Span { from: date(&shape.from, &at.key("from"))?, to: date(&shape.to, &at.key("to"))? };
    if span.from > span.to {
        return Err(ConfigError::Period { text: at.text(), at: at.span() });
    }
    Ok(Some(span))
}

/// `YYYY-MM-DD` and nothing else (RFC 3339, full-date): two ways to write a day are one too many.
fn date(written: &str, at: &At<'_>) -> Result<Date, ConfigError> {
    let parts: Vec<&str> = written.split('-').collect();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = match parts[..] {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok())
        }
        _ => None,
    };
    let wrong = |help| ConfigError::Date { written: written.to_owned(), text: at.text(), at: at.span(), help };
    let Some(((year, month), day)) = numbers else {
        return Err(wrong("写成 YYYY-MM-DD，如 2025-01-31 (write YYYY-MM-DD)".to_owned()));
    };
    Date::new(year, month, day).map_err(|_| {
        wrong(match Date::new(year, month, 1) {
            Ok(first) => format!("这个月到 {} 为止 (the month's last day is {0})", first.last_of_month()),
            Err(_) => "月份是 01 到 12 (months are 01 to 12)".to_owned(),
        })
    })
}

/// A path that stays inside the evidence folder: NFC, `/` between parts, none at either end; the
/// folder itself is empty.
fn inside(written: &str, at: &At<'_>) -> Result<String, ConfigError> {
    // People on Windows write their own separator; names with a backslash in them are rarer.
    let path = nfc(written).replace('\\', "/");
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let parts = || path.split('/').filter(|part| !part.is_empty() && *part != ".");
    if path.starts_with('/') || is_drive || parts().any(|part| part == "..") {
        return Err(ConfigError::Path { written: written.to_owned(), text: at.text(), at: at.span() });
    }
    Ok(parts().collect::<Vec<_>>().join("/"))
}

/// Held against the same reader of globs that will match it.
fn glob(written: String, at: &At<'_>) -> Result<String, ConfigError> {
    match GitignoreBuilder::new("").add_line(None, &written) {
        Ok(_) => Ok(written),
        Err(source) => Err(ConfigError::Glob { text: at.text(), at: at.span(), source }),
    }
}

fn nfc(text: &str) -> String {
    text.nfc().collect()
}
