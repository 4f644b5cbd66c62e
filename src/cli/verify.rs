//! `evlint bundle --verify`: whether a binder still is what was handed over.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use evlint::bundle::manifest::{self, Hashes, Hashing};
use evlint::bundle::zip;
use evlint::tree::evidence_path;
use evlint::wording::binder as said;

use super::args::Global;
use super::check::closed_is_fine;
use super::error::CliError;
use super::{FINDINGS, terminal};

/// Bytes of a list of hashes: one of some hundred thousand files.
const LARGEST_LIST: u64 = 64 << 20;

/// Bytes that all files of an archive may inflate to: no binder is larger, and a bomb may be.
const LARGEST: u64 = 256 << 30;

pub(crate) fn run(binder: &Path, global: &Global) -> Result<ExitCode, CliError> {
    let unread = |source| CliError::Read { path: binder.to_path_buf(), source };
    let language = terminal::language(global.lang);
    let is_folder = fs::metadata(binder).map_err(unread)?.is_dir();
    let found = if is_folder { folder(binder) } else { archive(binder) }.map_err(unread)?;
    let sha256 = list(binder, manifest::SHA256, found.sha256.as_deref())?;
    let sm3 =
        found.sm3.as_deref().map_or_else(|| Ok(BTreeMap::new()), |text| list(binder, manifest::SM3, Some(text)))?;
    let troubles = manifest::compare(&sha256, &sm3, &found.files);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut write = || -> io::Result<()> {
        for (path, trouble) in &troubles {
            writeln!(out, "{}", said::trouble(*trouble, path, language))?;
        }
        writeln!(out, "{}", said::verified(sha256.len(), troubles.len(), language))?;
        if let Some(text) = &found.sha256 {
            let own = manifest::hashes(text.as_bytes());
            writeln!(out, "{}", said::fingerprint(&own.sha256, &own.sm3, language))?;
        }
        out.flush()
    };
    closed_is_fine(write()).map_err(|source| CliError::Output { source })?;
    Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

fn list(binder: &Path, name: &'static str, text: Option<&str>) -> Result<BTreeMap<String, String>, CliError> {
    let text = text.ok_or_else(|| CliError::NoManifest { path: binder.to_path_buf() })?;
    manifest::parse(text).map_err(|line| CliError::BadManifest { path: binder.to_path_buf(), name, line })
}

/// What a binder holds.
#[derive(Default)]
struct Found {
    /// The two lists, where they are there and are text.
    sha256: Option<String>,
    sm3: Option<String>,
    /// All but `manifest.sha256`, by path; None is no regular file.
    files: BTreeMap<String, Option<Hashes>>,
}

impl Found {
    fn file(&mut self, path: String, bytes: &mut dyn Read) -> io::Result<()> {
        let is_list = path == manifest::SHA256 || path == manifest::SM3;
        if !is_list {
            let mut hashing = Hashing::default();
            io::copy(bytes, &mut hashing)?;
            // An archive may name two files alike; neither is what was handed over.
            let twice = self.files.contains_key(&path);
            self.files.insert(path, (!twice).then(|| hashing.finish()));
            return Ok(());
        }
        let mut text = Vec::new();
        bytes.take(LARGEST_LIST).read_to_end(&mut text)?;
        let hashes = manifest::hashes(&text);
        let text = String::from_utf8(text).ok();
        if path == manifest::SHA256 {
            self.sha256 = text;
        } else {
            self.sm3 = text;
            self.files.insert(path, Some(hashes));
        }
        Ok(())
    }
}

fn folder(root: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let kind = fs::symlink_metadata(&path)?.file_type();
            let name = evidence_path(&path, root).to_string();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                found.file(name, &mut BufReader::new(File::open(&path)?))?;
            } else {
                // A link or a device: never followed.
                found.files.insert(name, None);
            }
        }
    }
    Ok(found)
}

fn archive(file: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut left = LARGEST;
    zip::each(BufReader::new(File::open(file)?), &mut |name, bytes| {
        let name = evidence_path(Path::new(name), Path::new("")).to_string();
        let mut bounded = bytes.take(left + 1);
        found.file(name, &mut bounded)?;
        left = bounded
            .limit()
            .checked_sub(1)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "more than 256 GiB inside"))?;
        Ok(())
    })?;
    Ok(found)
}
