//! Why git could not say what the folder holds.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

/// Why git could not say what the folder holds. The codes are stable.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum GitError {
    #[error("运行不了 git (cannot run git)")]
    #[diagnostic(code(evlint::git::none), help("安装 git，并确保它在 PATH 里 (install git and have it on the PATH)"))]
    NoGit { source: io::Error },

    #[error("{} 不在可用的 git 仓库里 (no git repository here): {said}", path.display())]
    #[diagnostic(
        code(evlint::git::no_repository),
        help(
            "--staged、--commit、--since 和 hook 只能用在 git 仓库里的文件夹上 (name a folder inside a git repository)"
        )
    )]
    NoRepository { path: PathBuf, said: String },

    #[error("{} 不在仓库 {} 里 (it is outside the repository)", path.display(), top.display())]
    #[diagnostic(code(evlint::git::outside), help("给出仓库里的文件夹 (name a folder inside it)"))]
    Outside { path: PathBuf, top: PathBuf },

    #[error("裸仓库 {} 没有暂存区 (a bare repository has no index)", path.display())]
    #[diagnostic(
        code(evlint::git::no_index),
        help("用 --commit REV 检查一个提交；证据在子文件夹里就写 --commit REV:文件夹 (name a commit, or REV:FOLDER)")
    )]
    NoIndex { path: PathBuf },

    #[error("没有提交 {revision} (no commit `{revision}` here)")]
    #[diagnostic(code(evlint::git::no_revision))]
    NoRevision {
        revision: String,
        #[help]
        help: String,
    },

    #[error("{path} 还没有合并好 (it is not merged)")]
    #[diagnostic(
        code(evlint::git::unmerged),
        help("解决冲突并 `git add` 后再检查 (resolve the conflict, `git add` it, and check again)")
    )]
    Unmerged { path: String },

    #[error("git {doing} 失败 (git failed): {said}")]
    #[diagnostic(
        code(evlint::git::failed),
        help("在同一文件夹里运行这条 git 命令看原因 (run the same command there to see why)")
    )]
    Failed { doing: String, said: String },

    #[error("看不懂 git {doing} 的输出 (its output makes no sense)")]
    #[diagnostic(code(evlint::git::output), help("检查 git 的版本，需要 2.28 或更新 (git 2.28 or later is needed)"))]
    Output { doing: &'static str },
}

pub(super) fn no_revision_help(is_shallow: bool) -> String {
    if is_shallow {
        "这是浅克隆，没有完整的历史：CI 里给 checkout 写 `fetch-depth: 0`，否则运行 `git fetch --unshallow` \
         (a shallow clone: use `fetch-depth: 0` in CI, or `git fetch --unshallow`)"
            .to_owned()
    } else {
        "写一个这里有的提交、分支或标签，如 HEAD、origin/main；没有取下来的先 `git fetch` (name a commit, branch or tag \
         that is here; `git fetch` it first)"
            .to_owned()
    }
}
