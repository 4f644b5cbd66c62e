//! `evlint form`: the standard's own form, filled, brought up to date, or checked.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evlint::extract::Extractor;
use evlint::form::{self, FileKind, Subject, Updated};
use evlint::model::evidence::{Reading, Source};
use evlint::model::form::FormFinding;
use evlint::model::settings::Language;
use evlint::model::{Assessment, Document, EvidencePath, Severity};
use evlint::{tree, wording};

use super::args::{Form, FormCheck, FormFill, Global, Judge, Read, TextFormat, Threshold};
use super::check::closed_is_fine;
use super::error::CliError;
use super::setup::{self, Setup};
use super::write;
use super::{FINDINGS, NOTHING, error, reading, terminal};

pub(crate) fn run(form: &Form, global: &Global) -> Result<ExitCode, CliError> {
    match form {
        Form::Fill(fill) => self::fill(fill, global),
        Form::Check(check) => self::check(check, global),
    }
}

fn fill(fill: &FormFill, global: &Global) -> Result<ExitCode, CliError> {
    let out = fill.out.as_deref().or(fill.update.as_deref()).unwrap_or_else(|| Path::new(""));
    let kind = kind_of(out)?;
    if let Some(update) = &fill.update
        && kind_of(update)? != kind
    {
        return Err(CliError::FormFormats);
    }
    let is_update = fill.update.as_deref() == Some(out);
    if out.exists() && !is_update && !fill.force {
        return Err(CliError::FormExists { path: out.to_path_buf() });
    }
    let run = Run::of(&fill.path, &fill.judge, &fill.read, global)?;
    let assessment = run.assess(&fill.path, &[Some(out), fill.update.as_deref()], global)?;
    if assessment.files.is_empty() {
        error::say_nothing_checked(&fill.path, terminal::language(global.lang));
        return Ok(ExitCode::from(NOTHING));
    }
    let subject = Subject { pack: &run.setup.pack, settings: &run.setup.settings, assessment: &assessment };
    let failed = |source| CliError::Form { path: out.to_path_buf(), source };
    let bytes = match &fill.update {
        None => form::fill(&subject, kind).map_err(failed)?,
        Some(old) => {
            let (bytes, document) = read(old, &run.extractor, global)?;
            let updated = form::update(&subject, kind, &bytes, &document).map_err(failed)?;
            tell_kept(&updated, &subject, global);
            updated.bytes
        }
    };
    write::atomically(out, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn check(check: &FormCheck, global: &Global) -> Result<ExitCode, CliError> {
    let run = Run::of(&check.path, &check.judge, &check.read, global)?;
    let (_, document) = read(&check.file, &run.extractor, global)?;
    let assessment = run.assess(&check.path, &[Some(&check.file)], global)?;
    let subject = Subject { pack: &run.setup.pack, settings: &run.setup.settings, assessment: &assessment };
    let findings =
        form::check(&subject, &document).map_err(|source| CliError::Form { path: check.file.clone(), source })?;
    let name = check.file.to_string_lossy();
    let language = terminal::language(global.lang);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match check.format {
        TextFormat::Text => form::write_text(&findings, &name, language, terminal::style(global).color, &mut out),
        TextFormat::Json => form::write_json(&findings, &name, language, &mut out),
    };
    closed_is_fine(written.and_then(|()| out.flush())).map_err(|source| CliError::Output { source })?;
    Ok(exit_code(&findings, check))
}

fn exit_code(findings: &[FormFinding], check: &FormCheck) -> ExitCode {
    let threshold = match check.fail_on {
        Threshold::Error => Severity::Error,
        Threshold::Warning => Severity::Warning,
        Threshold::Never => return ExitCode::SUCCESS,
    };
    let fails = findings.iter().any(|finding| finding.severity >= threshold);
    if fails && !check.exit_zero { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

fn kind_of(file: &Path) -> Result<FileKind, CliError> {
    let extension = file.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
    FileKind::of_extension(&extension).ok_or_else(|| CliError::FormExtension { path: file.to_path_buf() })
}

/// What both commands need: what to judge by, and what reads files.
struct Run {
    setup: Setup,
    extractor: Extractor,
    jobs: NonZeroUsize,
}

impl Run {
    fn of(path: &Path, judge: &Judge, read: &Read, global: &Global) -> Result<Self, CliError> {
        let setup = setup::judged(path, judge)?;
        let jobs = reading::jobs(read.jobs);
        Ok(Self { setup, extractor: reading::extractor(read, jobs, global), jobs })
    }

    /// Checks the folder; the forms themselves are no evidence, whoever made them.
    fn assess(&self, path: &Path, forms: &[Option<&Path>], global: &Global) -> Result<Assessment, CliError> {
        let Setup { root, pack, settings } = &self.setup;
        let mut tree = tree::walk(root, &settings.ignore).map_err(CliError::tree)?;
        setup::tell_troubles(&tree, global);
        let forms: Vec<PathBuf> = forms.iter().flatten().filter_map(|form| fs::canonicalize(form).ok()).collect();
        let is_form = |path: &Path| fs::canonicalize(path).is_ok_and(|path| forms.contains(&path));
        tree.files.retain(|entry| !entry.on_disk().is_some_and(is_form));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs.get()).build().map_err(CliError::threads)?;
        let root = path.display().to_string();
        let assessment = pool.install(|| evlint::check(pack, settings, &tree, &self.extractor, &root, &|| {}));
        reading::finish(&self.extractor, global);
        Ok(assessment)
    }
}

/// A form's bytes, and what they say.
fn read(file: &Path, extractor: &Extractor, global: &Global) -> Result<(Vec<u8>, Document), CliError> {
    let bytes = fs::read(file).map_err(|source| CliError::Read { path: file.to_path_buf(), source })?;
    let sources = extractor.read(&EvidencePath::new(file.to_string_lossy()), bytes.clone());
    let language = terminal::language(global.lang);
    match sources.into_iter().next() {
        Some(Source { reading: Reading::Document(document), .. }) => Ok((bytes, document)),
        Some(Source { reading: Reading::Unreadable(why), format, .. }) => Err(CliError::FormUnreadable {
            path: file.to_path_buf(),
            why: wording::unreadable(&why, format, language),
            help: wording::unreadable_help(&why, format, language).to_owned(),
        }),
        _ => Err(CliError::FormUnreadable {
            path: file.to_path_buf(),
            why: wording::unreadable(
                &evlint::model::Unreadable::Unsupported,
                evlint::model::FileFormat::Unknown,
                language,
            ),
            help: "用 .docx 或 .xlsx 的表 (give a .docx or .xlsx file)".to_owned(),
        }),
    }
}

/// Which cells stayed a person's own; on standard error, as all that is no finding.
#[expect(clippy::print_stderr, reason = "trouble goes to standard error")]
fn tell_kept(updated: &Updated, subject: &Subject<'_>, global: &Global) {
    let language = terminal::language(global.lang);
    let changed = updated.changed.len();
    match language {
        Language::Zh => eprintln!("更新了 {changed} 处。"),
        Language::En => eprintln!("{changed} cells were updated."),
    }
    for kept in &updated.kept {
        let cell = form::cell_label(subject.pack, kept.cell);
        let place = wording::place(&kept.text.place, language).map(|place| format!("（{place}）")).unwrap_or_default();
        terminal::note(
            global,
            &format!("保留人写的内容：{cell}{place}"),
            &format!("kept what a person wrote: {cell}{place}"),
        );
    }
    for cell in &updated.absent {
        let cell = form::cell_label(subject.pack, *cell);
        terminal::note(global, &format!("表里没有：{cell}"), &format!("not in the form: {cell}"));
    }
}
