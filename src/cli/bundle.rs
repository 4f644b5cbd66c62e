//! `evlint bundle`: the auditor's binder, as a folder or an archive; or a check of one.
//!
//! It is put together beside its place and moved there whole. Evidence is opened to be read, and what
//! changed since it was judged stops the work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evlint::bundle::manifest::{self, Hashes};
use evlint::bundle::zip::Packer;
use evlint::bundle::{Binder, Plan, Stored};
use evlint::model::{Assessment, EvidencePath};
use evlint::tree::{Entry, Tree};
use evlint::wording::binder as said;
use evlint::{extract, tree, wording};

use super::args::{Bundle, Global};
use super::check::closed_is_fine;
use super::error::{self, CliError};
use super::setup::{self, Setup};
use super::write::set_usual_mode;
use super::{NOTHING, reading, terminal, verify};

pub(crate) fn run(bundle: &Bundle, global: &Global) -> Result<ExitCode, CliError> {
    if let Some(binder) = &bundle.verify {
        return verify::run(binder, global);
    }
    let out = bundle.out.as_deref().unwrap_or_else(|| Path::new(""));
    let setup = setup::judged(&bundle.path, &bundle.judge)?;
    let place = Place::of(out, &setup)?;
    let tree = tree::walk(&setup.root, &setup.settings.ignore).map_err(CliError::tree)?;
    setup::tell_troubles(&tree, global);
    let assessment = assess(&setup, &tree, bundle, global)?;
    if assessment.files.is_empty() {
        error::say_nothing_checked(&bundle.path, terminal::language(global.lang));
        return Ok(ExitCode::from(NOTHING));
    }
    let style = terminal::plain(global);
    let binder = Binder {
        pack: &setup.pack,
        settings: &setup.settings,
        assessment: &assessment,
        style: &style,
        copy: bundle.copy,
    };
    let plan = binder.plan();
    let made = Making { place: &place, tree: &tree, binder: &binder, plan: &plan }.make(global)?;
    tell(out, &assessment, &plan, &made, global)?;
    Ok(ExitCode::SUCCESS)
}

fn assess(setup: &Setup, tree: &Tree, bundle: &Bundle, global: &Global) -> Result<Assessment, CliError> {
    let jobs = reading::jobs(bundle.read.jobs);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build().map_err(CliError::threads)?;
    let extractor = reading::extractor(&bundle.read, jobs, global);
    let root = bundle.path.display().to_string();
    let assessment = pool.install(|| evlint::check(&setup.pack, &setup.settings, tree, &extractor, &root, &|| {}));
    reading::finish(&extractor, global);
    Ok(assessment)
}

/// Where the binder will stand.
struct Place {
    path: PathBuf,
    /// The folder that will hold it.
    folder: PathBuf,
    is_zip: bool,
}

impl Place {
    /// Nothing is there yet, and it is not among the evidence.
    fn of(out: &Path, setup: &Setup) -> Result<Self, CliError> {
        let unwritable = |source| CliError::Write { path: out.to_path_buf(), source };
        if fs::symlink_metadata(out).is_ok() {
            return Err(CliError::BinderExists { path: out.to_path_buf() });
        }
        let name = out.file_name().ok_or_else(|| CliError::BinderExists { path: out.to_path_buf() })?;
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let folder = fs::canonicalize(folder).map_err(unwritable)?;
        let path = folder.join(name);
        let is_zip = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if let Ok(root) = fs::canonicalize(&setup.root)
            && path.starts_with(&root)
            && !tree::is_ignored(&root, &setup.settings.ignore, &path).map_err(CliError::tree)?
        {
            return Err(CliError::BinderInside { path: out.to_path_buf() });
        }
        Ok(Self { path, folder, is_zip })
    }
}

/// All that it takes to put the binder together.
struct Making<'a> {
    place: &'a Place,
    tree: &'a Tree,
    binder: &'a Binder<'a>,
    plan: &'a Plan,
}

impl Making<'_> {
    /// The hashes of the list that covers the whole binder.
    fn make(&self, global: &Global) -> Result<Hashes, CliError> {
        let unwritable = |source| CliError::Write { path: self.place.path.clone(), source };
        let own = self.binder.own_files(self.plan).map_err(|source| CliError::Binder { source })?;
        let folder = tempfile::Builder::new().prefix(".evlint-").tempdir_in(&self.place.folder).map_err(unwritable)?;
        let mut hashes = BTreeMap::new();
        let order: Vec<&String> = own.iter().map(|(path, _)| path).collect();
        for (path, bytes) in &own {
            write(folder.path(), path, bytes).map_err(unwritable)?;
            hashes.insert(path.clone(), manifest::hashes(bytes));
        }
        self.copy(folder.path(), &mut hashes, global)?;
        let stored = self.plan.stored.iter().map(|stored| &stored.to);
        let mut order: Vec<&str> = order.into_iter().chain(stored).map(String::as_str).collect();
        let lists = manifest::write(hashes);
        for (name, text) in &lists {
            write(folder.path(), name, text.as_bytes()).map_err(unwritable)?;
            order.push(name);
        }
        if self.place.is_zip {
            self.pack(folder.path(), &order).map_err(unwritable)?;
        } else {
            set_usual_folder_mode(folder.path()).map_err(unwritable)?;
            let folder = folder.keep();
            if let Err(source) = fs::rename(&folder, &self.place.path) {
                let _ = fs::remove_dir_all(&folder); // only what we made; the first error is the one to tell
                return Err(unwritable(source));
            }
        }
        Ok(manifest::hashes(lists[1].1.as_bytes()))
    }

    /// Copies the evidence, one file of the folder after the other.
    fn copy(&self, to: &Path, hashes: &mut BTreeMap<String, Hashes>, global: &Global) -> Result<(), CliError> {
        let language = terminal::language(global.lang);
        for (entry, stored) in self.by_file()? {
            let bytes = tree::read(entry).map_err(|why| CliError::EvidenceUnread {
                path: entry.path.to_string(),
                why: wording::unreadable(&why, evlint::model::FileFormat::Unknown, language),
            })?;
            let mut left: BTreeSet<&Stored> = stored.iter().copied().collect();
            let mut failed: io::Result<()> = Ok(());
            let mut take = |path: &EvidencePath, bytes: &[u8]| {
                let of_it: Vec<&Stored> = left.iter().filter(|stored| stored.from == *path).copied().collect();
                if of_it.is_empty() {
                    return;
                }
                let found = manifest::hashes(bytes);
                for stored in of_it.into_iter().filter(|stored| stored.sha256 == found.sha256) {
                    left.remove(stored);
                    hashes.insert(stored.to.clone(), found.clone());
                    if failed.is_ok() {
                        failed = write(to, &stored.to, bytes);
                    }
                }
            };
            take(&entry.path, &bytes);
            let members: BTreeSet<EvidencePath> =
                stored.iter().map(|stored| stored.from.clone()).filter(|path| *path != entry.path).collect();
            if !members.is_empty() {
                extract::take_out(&entry.path, &bytes, &members, &mut take);
            }
            failed.map_err(|source| CliError::Write { path: self.place.path.clone(), source })?;
            if let Some(stored) = left.first() {
                return Err(CliError::EvidenceChanged { path: stored.from.to_string() });
            }
        }
        Ok(())
    }

    /// The files of the folder that hold what is to be copied: they themselves, or their members.
    fn by_file(&self) -> Result<Vec<(&Entry, Vec<&Stored>)>, CliError> {
        let entries = &self.tree.files;
        let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_path.entry(entry.path.as_str()).or_default().push(at);
        }
        let mut files: BTreeMap<usize, Vec<&Stored>> = BTreeMap::new();
        for stored in &self.plan.stored {
            let from = stored.from.as_str();
            let outer = from.match_indices("!/").map(|(at, _)| &from[..at]).chain([from]);
            let found: Vec<usize> = outer.filter_map(|path| by_path.get(path)).flatten().copied().collect();
            let is_it = |at: &usize| {
                tree::read(&entries[*at]).is_ok_and(|bytes| manifest::hashes(&bytes).sha256 == stored.sha256)
            };
            let at = match found[..] {
                [only] => Some(only),
                // Names that only their Unicode form tells apart: the one with the bytes.
                ref several => several.iter().copied().find(is_it).or(several.first().copied()),
            };
            let at = at.ok_or_else(|| CliError::EvidenceChanged { path: from.to_owned() })?;
            files.entry(at).or_default().push(stored);
        }
        Ok(files.into_iter().map(|(at, stored)| (&entries[at], stored)).collect())
    }

    fn pack(&self, folder: &Path, order: &[&str]) -> io::Result<()> {
        let out = tempfile::Builder::new().prefix(".evlint-").suffix(".zip").tempfile_in(&self.place.folder)?;
        let mut packer = Packer::new(BufWriter::new(out));
        for path in order {
            let file = File::open(inside(folder, path))?;
            let size = file.metadata()?.len();
            packer.add(path, size, &mut BufReader::new(file))?;
        }
        let out = packer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        set_usual_mode(out.as_file(), false)?;
        out.persist_noclobber(&self.place.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// A path of the binder on disk.
fn inside(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_path_buf(), |folder, part| folder.join(part))
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let file = inside(folder, path);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create_new(file)?.write_all(bytes)
}

/// A temporary folder is private; a binder is read by whoever gets it.
#[cfg(unix)]
pub(crate) fn set_usual_folder_mode(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
pub(crate) fn set_usual_folder_mode(_: &Path) -> io::Result<()> {
    Ok(())
}

fn tell(out: &Path, assessment: &Assessment, plan: &Plan, made: &Hashes, global: &Global) -> Result<(), CliError> {
    let language = terminal::language(global.lang);
    let clauses = plan.tabs.iter().filter(|tab| tab.entries.iter().any(|entry| !entry.files.is_empty())).count();
    let (to, stored) = (wording::safe(&out.display().to_string()), plan.stored.len());
    let mut text = said::made(&to, clauses, stored, plan.left_out.len(), language);
    text.push('\n');
    text.push_str(&said::fingerprint(&made.sha256, &made.sm3, language));
    if let Some(open) = said::open(assessment, language) {
        text.push('\n');
        text.push_str(&open);
    }
    closed_is_fine(writeln!(io::stdout().lock(), "{text}")).map_err(|source| CliError::Output { source })
}
