//! `check --files`: what is wrong with some files as such. No clause is judged: that takes the folder.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use evlint::config;
use evlint::model::{Assessment, EvidencePath};
use evlint::tree::{self, Entry, Tree};

use super::args::{Check, Global};
use super::check::Reading;
use super::error::CliError;
use super::{known, setup, terminal, version};

/// How much of a file tells whether evlint wrote it, in bytes.
const HEAD: u64 = 4 * 1024;

pub(crate) fn assess(check: &Check, global: &Global) -> Result<Assessment, CliError> {
    let configured = configured(check);
    let path = configured.as_ref().unwrap_or(&check.path);
    let judged = version::judged(path, &check.judge, &check.version, None)?;
    let setup = &judged.setup;
    let mut asked = inside(&setup.root, &check.files, global);
    if check.force_exclude && configured.is_none() {
        asked.clear(); // the rest of a repository is no evidence
    }
    let is_asked = |entry: &Entry| asked.iter().any(|(path, _)| *path == entry.path);
    let files: Vec<Entry> = if check.force_exclude || !check.version.is_on_disk() {
        judged.tree()?.files.into_iter().filter(is_asked).collect()
    } else {
        let entries = asked.iter().filter(|(_, file)| !is_own(file)).map(|(_, file)| setup::entry(&setup.root, file));
        entries.collect::<Result<BTreeSet<Entry>, CliError>>()?.into_iter().collect()
    };
    let tree = Tree { files, ..Tree::default() };
    let reading = Reading { path, read: &check.read };
    let (mut assessment, _) = reading.assess(setup, &tree, None, global)?;
    assessment.clauses.clear();
    assessment.stages.clear();
    assessment.rectification.clear();
    assessment.findings.retain(|finding| finding.kind.is_hygiene());
    known::leave_new(&mut assessment, None, &check.known, false, global)?;
    Ok(assessment)
}

/// The folder given, else that of the first file, for which an evlint.json speaks.
fn configured(check: &Check) -> Option<PathBuf> {
    if check.judge.config.is_some() || config::find(&check.path).is_some() {
        return Some(check.path.clone());
    }
    let folders = check.files.iter().filter_map(|file| file.parent()).map(here);
    folders.filter_map(config::find).find_map(|found| found.parent().map(Path::to_path_buf))
}

fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The files that lie in the evidence folder, with their paths in it; of the others it is told.
fn inside<'a>(root: &Path, files: &'a [PathBuf], global: &Global) -> Vec<(EvidencePath, &'a PathBuf)> {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let mut asked = Vec::new();
    for file in files {
        // The name itself is not followed: a link counts under its own.
        let folder = fs::canonicalize(here(file.parent().unwrap_or(Path::new(""))));
        let real = folder.ok().zip(file.file_name()).map(|(folder, name)| folder.join(name));
        match real.as_deref().and_then(|real| real.strip_prefix(&root).ok()) {
            Some(path) => asked.push((tree::evidence_path(path, Path::new("")), file)),
            None => terminal::note(
                global,
                &format!("{} 不在证据文件夹 {} 里，没有检查", file.display(), root.display()),
                &format!("{} is not in the evidence folder {}: not checked", file.display(), root.display()),
            ),
        }
    }
    asked
}

/// Written by evlint, or read by tools only.
fn is_own(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    let mut head = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    tree::is_housekeeping(name) || read.is_ok_and(|_| tree::is_own(&name.to_string_lossy(), &head))
}
