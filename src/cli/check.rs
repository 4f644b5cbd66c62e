//! `evlint check`: the folder's gaps, written in every format asked for.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evlint::assess::known::Before;
use evlint::model::settings::Language;
use evlint::model::{Assessment, Severity};
use evlint::report::{FORMATS, Format, Style};
use evlint::tree::Tree;
use evlint::tree::git::Folder;
use evlint::wording;
use indicatif::{ProgressBar, ProgressStyle};
use same_file::Handle;

use super::args::{Check, Global, Least, Read, Threshold};
use super::error::CliError;
use super::setup::{self, Setup};
use super::{FINDINGS, NOTHING, files, known, links, reading, terminal, version, write};

/// Shorter runs are over before a bar could help.
const PROGRESS_FROM: usize = 60;

pub(crate) fn run(check: &Check, global: &Global) -> Result<ExitCode, CliError> {
    let mut outputs = outputs(&check.format, global)?;
    if !check.files.is_empty() {
        let assessment = files::assess(check, global)?;
        return report(assessment, &outputs, check);
    }
    let since = check.known.since.as_deref();
    // The process ends with the report: to give back what was found of thousands of files only takes time.
    let judged = ManuallyDrop::new(version::judged(&check.path, &check.judge, &check.version, since)?);
    let setup = &judged.setup;
    for output in &mut outputs {
        output.style.evidence = links::to_evidence(&setup.root, output.file.as_deref());
    }
    let before = judged.before.as_ref();
    if let (Some(folder), Some(before), Some(since)) = (&judged.folder, before, since)
        && folder.is_same(before)
        && is_text(&outputs)
        && check.known.baseline.is_none()
    {
        return say_same(since, global);
    }
    setup::demand_level(setup)?;
    let mut tree = ManuallyDrop::new(judged.tree()?);
    leave_out_output(&mut tree);
    setup::tell_troubles(&tree, global);
    let reading = Reading { path: &check.path, read: &check.read };
    let (mut assessment, before) = reading.assess(setup, &tree, before, global)?;
    known::leave_new(&mut assessment, before.as_ref(), &check.known, true, global)?;
    // Who takes the last file away has changed something; who commits beside an empty folder has not.
    let nothing = assessment.files.is_empty() && before.is_none_or(|before| !before.empty);
    let code = report(assessment, &outputs, check)?;
    if nothing && (since.is_none() || code == ExitCode::SUCCESS) {
        super::error::say_nothing_checked(&check.path, terminal::language(global.lang));
        return Ok(ExitCode::from(NOTHING));
    }
    Ok(code)
}

/// Writes what is asked for; the exit code speaks of all findings, shown or not.
fn report(assessment: Assessment, outputs: &[Output], check: &Check) -> Result<ExitCode, CliError> {
    let mut assessment = ManuallyDrop::new(assessment);
    let code = exit_code(&assessment, check);
    keep_severe(&mut assessment, check.min_severity);
    for output in outputs {
        output.write(&assessment)?;
    }
    Ok(code)
}

/// Nobody waits for a report that a program reads.
fn is_text(outputs: &[Output]) -> bool {
    outputs.iter().all(|output| output.format.name() == "text" && output.file.is_none())
}

/// Nothing of the evidence has changed: no finding can be new.
fn say_same(since: &str, global: &Global) -> Result<ExitCode, CliError> {
    let since = wording::safe(since);
    let text = match terminal::language(global.lang) {
        Language::Zh => format!("证据与 {since} 相同，没有新的问题。"),
        Language::En => format!("the evidence is the same as in {since}: nothing new."),
    };
    closed_is_fine(writeln!(io::stdout(), "{text}")).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

/// A shell that sends our output into the folder has made the file already, and it is empty: no
/// evidence, and no empty file to complain about.
fn leave_out_output(tree: &mut Tree) {
    let outputs: Vec<Handle> = [Handle::stdout(), Handle::stderr()].into_iter().flatten().collect();
    let is_output = |path: &Path| Handle::from_path(path).is_ok_and(|file| outputs.contains(&file));
    tree.files.retain(|entry| entry.size > 0 || !entry.on_disk().is_some_and(is_output));
}

/// How files are read, and what the report calls the folder.
pub(crate) struct Reading<'a> {
    pub(crate) path: &'a Path,
    pub(crate) read: &'a Read,
}

impl Reading<'_> {
    /// The folder's assessment, and where another version of it is given what is to be known of that.
    pub(crate) fn assess(
        &self,
        setup: &Setup,
        tree: &Tree,
        before: Option<&Folder>,
        global: &Global,
    ) -> Result<(Assessment, Option<Before>), CliError> {
        // A thread for each worker: it waits for it, then matches what it read.
        let jobs = reading::jobs(self.read.jobs);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build().map_err(CliError::threads)?;
        let progress = progress(tree.files.len());
        let extractor = reading::extractor(self.read, jobs, global);
        let root = self.path.display().to_string();
        let (pack, settings, is_shown) = (&setup.pack, &setup.settings, !progress.is_hidden());
        let done = || {
            // Even a hidden bar looks at the clock.
            if is_shown {
                progress.inc(1);
            }
        };
        let assessed = pool.install(|| match before {
            None => Ok((evlint::check(pack, settings, tree, &extractor, &root, &done), None)),
            Some(before) => evlint::check_since(pack, settings, tree, before, &extractor, &root, &done)
                .map(|(now, before)| (now, Some(before))),
        });
        progress.finish_and_clear();
        reading::finish(&extractor, global);
        assessed.map_err(CliError::tree)
    }
}

/// A bar on standard error, for long runs that somebody watches.
fn progress(files: usize) -> ProgressBar {
    if files < PROGRESS_FROM || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(files as u64).with_style(style)
}

/// Findings count before `--min-severity` hides any: what is not shown still fails.
fn exit_code(assessment: &Assessment, check: &Check) -> ExitCode {
    let threshold = match check.fail_on {
        Threshold::Error => Severity::Error,
        Threshold::Warning => Severity::Warning,
        Threshold::Never => return ExitCode::SUCCESS,
    };
    let fails = assessment.findings.iter().any(|finding| finding.severity >= threshold);
    if fails && !check.exit_zero { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

fn keep_severe(assessment: &mut Assessment, least: Least) {
    let least = match least {
        Least::Error => Severity::Error,
        Least::Warning => Severity::Warning,
        Least::Note => Severity::Note,
    };
    assessment.findings.retain(|finding| finding.severity >= least);
}

/// Where one format goes.
struct Output {
    format: &'static dyn Format,
    file: Option<PathBuf>,
    style: Style,
}

/// Reads `NAME[=FILE]`; text to standard output where nothing is asked for.
fn outputs(asked: &[String], global: &Global) -> Result<Vec<Output>, CliError> {
    let text = ["text".to_owned()];
    let asked = if asked.is_empty() { &text[..] } else { asked };
    let mut outputs: Vec<Output> = Vec::new();
    for one in asked {
        let (name, file) =
            one.split_once('=').map_or((one.as_str(), None), |(name, file)| (name, Some(PathBuf::from(file))));
        let format =
            FORMATS.iter().copied().find(|format| format.name() == name).ok_or_else(|| CliError::format(name))?;
        if file.is_none() && outputs.iter().any(|output| output.file.is_none()) {
            return Err(CliError::TwoToOutput);
        }
        if let Some(file) = &file {
            if file.as_os_str().is_empty() {
                return Err(CliError::NoFile { name: name.to_owned() });
            }
            if outputs.iter().any(|output| output.file.as_deref().is_some_and(|other| is_same(other, file))) {
                return Err(CliError::TwoToFile { path: file.clone() });
            }
        }
        let style = if file.is_some() { terminal::plain(global) } else { terminal::style(global) };
        outputs.push(Output { format, file, style });
    }
    Ok(outputs)
}

/// Two names of one file, whether or not it is there yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let folder = fs::canonicalize(folder_of(path)).unwrap_or_else(|_| folder_of(path).to_path_buf());
        fs::canonicalize(path).unwrap_or_else(|_| folder.join(path.file_name().unwrap_or_default()))
    };
    whole(one) == whole(other)
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

impl Output {
    fn write(&self, assessment: &Assessment) -> Result<(), CliError> {
        match &self.file {
            Some(file) => self.write_file(assessment, file),
            None => closed_is_fine(self.write_stdout(assessment)).map_err(|source| CliError::Output { source }),
        }
    }

    fn write_stdout(&self, assessment: &Assessment) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        self.format.write(assessment, &self.style, &mut out)?;
        out.flush()
    }

    fn write_file(&self, assessment: &Assessment, file: &Path) -> Result<(), CliError> {
        let mut bytes = Vec::new();
        let unwritten = |source| CliError::Write { path: file.to_path_buf(), source };
        self.format.write(assessment, &self.style, &mut bytes).map_err(unwritten)?;
        write::atomically(file, &bytes)
    }
}

/// `evlint check | head` is a success.
pub(crate) fn closed_is_fine(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
