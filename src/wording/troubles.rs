//! What the walk could not look at.

use super::{pick, safe};
use crate::model::settings::Language;
use crate::tree::Trouble;

/// One line: what, where, and what to do.
#[must_use]
pub fn trouble(trouble: &Trouble, language: Language) -> String {
    let path = safe(trouble.path().as_str());
    let (zh, en) = match trouble {
        Trouble::Unlisted { .. } => (
            "打不开这个文件夹，里面的文件没有检查；检查读取权限",
            "folder cannot be opened, its files were not checked; check its permissions",
        ),
        Trouble::DanglingLink { .. } => {
            ("链接指向的文件不存在；放入文件本身", "link leads nowhere; put the file itself here")
        }
        Trouble::LinkOutside { .. } => (
            "链接指向证明材料文件夹之外，没有跟随；放入文件本身",
            "link leads out of the evidence folder and was not followed; put the file itself here",
        ),
        Trouble::LinkLoop { .. } => (
            "链接指向包含它的文件夹，没有跟随；删除链接",
            "link leads to a folder that holds it and was not followed; remove it",
        ),
        Trouble::Special { .. } => ("不是普通文件，没有读取", "no regular file, not read"),
        Trouble::SameName { .. } => (
            "与另一个文件同名，只是 Unicode 写法不同；改名",
            "same name as another file but for its Unicode form; rename one",
        ),
        Trouble::Submodule { .. } => (
            "是 git 子模块，它的文件不在这个提交里，没有检查；到子模块里检查",
            "a git submodule: its files are not in this commit and were not checked; check them there",
        ),
        Trouble::BadPatterns { .. } => {
            ("忽略规则里有写错的一行，已跳过", "a line of this ignore file is no pattern and was skipped")
        }
    };
    format!("{path}{}{}", pick(language, "：", ": "), pick(language, zh, en))
}
