//! Why a folder cannot be walked, and what in it could not be looked at.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::git::GitError;
use super::name;
use crate::model::EvidencePath;

/// Why an evidence folder cannot be walked at all. The codes are stable.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum TreeError {
    #[error("没有文件夹 {} (no such folder)", path.display())]
    #[diagnostic(
        code(evlint::tree::no_folder),
        help("检查路径；不写路径就是当前文件夹 (without a path it is the current folder)")
    )]
    NoFolder { path: PathBuf },

    #[error("{} 是文件，不是文件夹 (it is a file)", path.display())]
    #[diagnostic(code(evlint::tree::is_file), help("给出证据文件夹，如 {} (name the evidence folder)", parent.display()))]
    IsFile { path: PathBuf, parent: PathBuf },

    #[error("打不开文件夹 {} (cannot list it)", path.display())]
    #[diagnostic(code(evlint::tree::unlisted), help("检查读取权限 (check its permissions)"))]
    Unlisted { path: PathBuf, source: io::Error },

    #[error("通配符有错：{pattern} (`{pattern}` is no pattern)")]
    #[diagnostic(code(evlint::tree::pattern), help("写法同 .gitignore (as in .gitignore)"))]
    Pattern { pattern: String, source: ignore::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
}

/// Something in the folder that could not be looked at. The rest is listed all the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A folder that cannot be opened: its files are not listed. `detail` is in English.
    Unlisted { path: EvidencePath, detail: String },
    /// A link that leads nowhere, or to itself.
    DanglingLink { path: EvidencePath },
    /// A link out of the evidence folder: never followed.
    LinkOutside { path: EvidencePath },
    /// A link to a folder that holds the link.
    LinkLoop { path: EvidencePath },
    /// A pipe, a socket, a device.
    Special { path: EvidencePath },
    /// Two files whose names differ in their Unicode form alone (Unicode annex 15). Both count.
    SameName { path: EvidencePath },
    /// Another repository inside this one: its files are in none of this one's commits.
    Submodule { path: EvidencePath },
    /// A line of an ignore file that is no pattern; its other lines count. `detail` is in English.
    BadPatterns { path: EvidencePath, detail: String },
}

impl Trouble {
    pub(super) fn unlisted(root: &Path, error: &ignore::Error) -> Self {
        let path = path_of(error).map_or_else(|| EvidencePath::new(""), |path| name::evidence_path(path, root));
        let detail = error.io_error().map_or_else(|| plain(error), |error| error.kind().to_string());
        Self::Unlisted { path, detail }
    }

    pub(super) fn bad_pattern(path: EvidencePath, error: &ignore::Error) -> Self {
        Self::BadPatterns { path, detail: plain(error) }
    }

    pub(super) fn bad_patterns(root: &Path, error: &ignore::Error) -> Self {
        let path = path_of(error).map_or_else(|| EvidencePath::new(""), |path| name::evidence_path(path, root));
        Self::BadPatterns { path, detail: plain(error) }
    }

    #[must_use]
    pub fn path(&self) -> &EvidencePath {
        match self {
            Self::Unlisted { path, .. }
            | Self::DanglingLink { path }
            | Self::LinkOutside { path }
            | Self::LinkLoop { path }
            | Self::Special { path }
            | Self::SameName { path }
            | Self::Submodule { path }
            | Self::BadPatterns { path, .. } => path,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted { path, detail } => {
                write!(out, "打不开文件夹 {path}，其中的文件没有检查 (cannot list it: {detail})")
            }
            Self::DanglingLink { path } => write!(out, "链接 {path} 指向的文件不存在 (dangling link)"),
            Self::LinkOutside { path } => {
                write!(out, "链接 {path} 指向证据文件夹之外，没有检查 (link out of the folder)")
            }
            Self::LinkLoop { path } => write!(out, "链接 {path} 指向它所在的文件夹 (link to a folder that holds it)"),
            Self::Special { path } => write!(out, "{path} 不是普通文件，没有检查 (not a regular file)"),
            Self::SameName { path } => write!(
                out,
                "两个文件的名字都是 {path}，只有 Unicode 编码形式不同 (two names that only their Unicode form tells apart)"
            ),
            Self::Submodule { path } => {
                write!(out, "{path} 是 git 子模块，它的文件不在这个提交里，没有检查 (a submodule: not checked)")
            }
            Self::BadPatterns { path, detail } => write!(out, "{path} 里有写错的通配符 (bad pattern: {detail})"),
        }
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

/// The error without the paths of this machine.
fn plain(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => plain(err),
        ignore::Error::WithLineNumber { line, err } => format!("line {line}: {}", plain(err)),
        ignore::Error::Partial(errors) => errors.iter().map(plain).collect::<Vec<_>>().join("; "),
        error => error.to_string(),
    }
}
