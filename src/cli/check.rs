//! `evlint check`: the folder's gaps, written in every format asked for.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evlint::model::{Assessment, Severity};
use evlint::report::{FORMATS, Format, Style};
use evlint::tree::{self, Tree};
use indicatif::{ProgressBar, ProgressStyle};
use same_file::Handle;

use super::args::{Check, Global, Least, Threshold};
use super::error::CliError;
use super::setup::{self, Setup};
use super::{FINDINGS, NOTHING, reading, terminal};

/// Shorter runs are over before a bar could help.
const PROGRESS_FROM: usize = 60;

pub(crate) fn run(check: &Check, global: &Global) -> Result<ExitCode, CliError> {
    let outputs = outputs(&check.format, global)?;
    let setup = setup::prepare(&check.path, &check.judge)?;
    let mut tree = tree::walk(&setup.root, &setup.settings.ignore).map_err(CliError::tree)?;
    leave_out_output(&mut tree);
    setup::tell_troubles(&tree, global);
    let mut assessment = assess(&setup, &tree, check, global)?;
    let empty = assessment.files.is_empty();
    let code = exit_code(&assessment, check);
    keep_severe(&mut assessment, check.min_severity);
    for output in &outputs {
        output.write(&assessment)?;
    }
    if empty {
        super::error::say_nothing_checked(&check.path, terminal::language(global.lang));
        return Ok(ExitCode::from(NOTHING));
    }
    Ok(code)
}

/// A shell that sends our output into the folder has made the file already, and it is empty: no
/// evidence, and no empty file to complain about.
fn leave_out_output(tree: &mut Tree) {
    let outputs: Vec<Handle> = [Handle::stdout(), Handle::stderr()].into_iter().flatten().collect();
    let is_output = |path: &Path| Handle::from_path(path).is_ok_and(|file| outputs.contains(&file));
    tree.files.retain(|entry| entry.size > 0 || !is_output(&entry.os_path));
}

fn assess(setup: &Setup, tree: &Tree, check: &Check, global: &Global) -> Result<Assessment, CliError> {
    // A thread for each worker: it waits for it, then matches what it read.
    let jobs = reading::jobs(check.jobs);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build().map_err(CliError::threads)?;
    let progress = progress(tree.files.len());
    let extractor = reading::extractor(check.no_ocr, jobs, global);
    let root = check.path.display().to_string();
    let assessment =
        pool.install(|| evlint::check(&setup.pack, &setup.settings, tree, &extractor, &root, &|| progress.inc(1)));
    progress.finish_and_clear();
    Ok(assessment)
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
            Some(file) => {
                self.write_file(assessment, file).map_err(|source| CliError::Write { path: file.clone(), source })
            }
            None => closed_is_fine(self.write_stdout(assessment)).map_err(|source| CliError::Output { source }),
        }
    }

    fn write_stdout(&self, assessment: &Assessment) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        self.format.write(assessment, &self.style, &mut out)?;
        out.flush()
    }

    fn write_file(&self, assessment: &Assessment, file: &Path) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.format.write(assessment, &self.style, &mut bytes)?;
        write_whole(file, &bytes)
    }
}

/// Atomically: a reader sees the old file or the new one, never half of it. A link stays one, and
/// what is no regular file, such as `/dev/stderr` or a pipe, is written to as it is.
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|is| !is.is_file()) {
        return fs::OpenOptions::new().write(true).open(file)?.write_all(bytes);
    }
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let mut part = tempfile::NamedTempFile::new_in(folder_of(&file))?;
    part.write_all(bytes)?;
    set_usual_mode(part.as_file())?;
    part.persist(&file).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is private; a report is read by whoever reads the folder.
#[cfg(unix)]
pub(crate) fn set_usual_mode(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(crate) fn set_usual_mode(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// `evlint check | head` is a success.
pub(crate) fn closed_is_fine(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
