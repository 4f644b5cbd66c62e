//! Whether a path that is not there yet would count.

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use super::{TreeError, name, own, patterns};

/// A file or folder of this name would be left out by a pattern: `ignore`, as for
/// [`walk`](super::walk), or an ignore file between it and the root, or the repository's. `path` lies
/// inside `root`, and both are real paths.
///
/// # Errors
/// Where `ignore` holds no pattern.
pub fn is_ignored(root: &Path, ignore: &[String], path: &Path) -> Result<bool, TreeError> {
    let inside = name::evidence_path(path, root);
    if patterns(ignore)?.matched_path_or_any_parents(inside.as_str(), true).is_ignore() {
        return Ok(true);
    }
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
    let above = path.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
    for folder in above {
        for file in [own::IGNORE, ".gitignore"] {
            // Patterns of our own kind count inside the evidence folder only.
            if file == own::IGNORE && !folder.starts_with(root) || !folder.join(file).is_file() {
                continue;
            }
            let mut builder = GitignoreBuilder::new(folder);
            builder.add(folder.join(file)); // its bad lines are told when the folder is walked
            let Ok(matcher) = builder.build() else { continue };
            let found = matcher.matched_path_or_any_parents(path, true);
            if !found.is_none() {
                return Ok(found.is_ignore());
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_pattern_anywhere_above_counts() {
        let top = tempfile::tempdir().expect("a folder");
        let top = fs::canonicalize(top.path()).expect("a folder");
        let root = top.join("证据");
        fs::create_dir_all(root.join("出/甲")).expect("folders");
        fs::create_dir(top.join(".git")).expect("a repository");
        fs::write(top.join(".gitignore"), "*.zip\n").expect("a file");
        fs::write(root.join(".evlintignore"), "/出/\n").expect("a file");
        fs::write(root.join("出/.gitignore"), "!甲\n").expect("a file");
        for (path, expected) in
            [("证据/资料册.zip", true), ("证据/资料册", false), ("证据/出/资料册", true), ("证据/草稿/资料册", true)]
        {
            let found = is_ignored(&root, &["草稿/".to_owned()], &top.join(path));
            assert_eq!(found.map_err(miette::Report::new).expect("patterns"), expected, "{path}");
        }
    }
}
