//! `evlint hook`: a pre-commit hook of git for those without the `pre-commit` program.
//!
//! The hook is ours by its mark; any other is left as it is.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evlint::config;
use evlint::model::settings::Language;
use evlint::tree::git::Repository;

use super::args::{CacheFlags, Global, Hook, HookAction};
use super::check::closed_is_fine;
use super::error::CliError;
use super::{terminal, version, write};

/// The line by which a hook is ours.
const MARK: &str = "# evlint:hook";

/// What it is called among git's hooks.
const NAME: &str = "pre-commit";

pub(crate) fn run(hook: &Hook, global: &Global) -> Result<ExitCode, CliError> {
    match &hook.action {
        HookAction::Install { path, cache } => install(path, cache, global),
        HookAction::Uninstall => uninstall(global),
    }
}

fn install(folders: &[PathBuf], cache: &CacheFlags, global: &Global) -> Result<ExitCode, CliError> {
    for folder in folders {
        config::find(folder).ok_or_else(|| CliError::NoConfig { path: folder.clone() })?;
    }
    let first = folders.first().map_or(Path::new("."), PathBuf::as_path);
    let repository = version::open(first)?;
    let mut lines = Vec::new();
    for folder in folders {
        lines.push(line(&repository, folder, cache)?);
    }
    let file = hook_file(&repository, &lines)?;
    let script = script(&lines)?;
    match fs::read(&file) {
        Ok(bytes) if bytes == script => {
            return say(
                global,
                &format!("钩子已经装好：{}", file.display()),
                &format!("already there: {}", file.display()),
            );
        }
        Ok(bytes) if !is_ours(&bytes) => {
            return Err(CliError::ForeignHook { path: file, help: help(&lines) });
        }
        Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(CliError::Read { path: file, source }),
        _ => {}
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|source| CliError::Write { path: folder.to_path_buf(), source })?;
    }
    write::program(&file, &script)?;
    say(
        global,
        &format!("钩子已写入 {}：提交使证据变差时拦住；跳过一次用 `git commit --no-verify`", file.display()),
        &format!(
            "hook written to {}: it stops a commit that makes the evidence worse; `git commit --no-verify` skips it once",
            file.display()
        ),
    )
}

fn uninstall(global: &Global) -> Result<ExitCode, CliError> {
    let repository = version::open(Path::new("."))?;
    let file = hook_file(&repository, &[])?;
    match fs::read(&file) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => say(global, "没有装钩子", "no hook is installed"),
        Err(source) => Err(CliError::Read { path: file, source }),
        Ok(bytes) if !is_ours(&bytes) => Err(CliError::ForeignHook {
            path: file,
            help:
                "不是 evlint 写的：自己打开它，去掉 evlint 那一行 (evlint did not write it: take out its line yourself)"
                    .to_owned(),
        }),
        Ok(_) => {
            fs::remove_file(&file).map_err(|source| CliError::Write { path: file.clone(), source })?;
            say(global, &format!("已去掉 {}", file.display()), &format!("removed {}", file.display()))
        }
    }
}

/// Where the hook goes. A folder outside of the repository serves others too: it is not ours to write in.
fn hook_file(repository: &Repository, lines: &[Vec<u8>]) -> Result<PathBuf, CliError> {
    if repository.is_bare() {
        return Err(CliError::BareHook);
    }
    let real = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path);
    let hooks = repository.hooks().map_err(CliError::git)?;
    let common = real(repository.common().map_err(CliError::git)?);
    let found = real(hooks.clone());
    if !found.starts_with(&common) && !found.starts_with(repository.top()) {
        return Err(CliError::SharedHooks { path: hooks, help: help(lines) });
    }
    Ok(hooks.join(NAME))
}

fn is_ours(script: &[u8]) -> bool {
    String::from_utf8_lossy(script).lines().any(|line| line.starts_with(MARK))
}

fn help(lines: &[Vec<u8>]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
    format!("在那个钩子里自己加上 (add to it yourself): {}", lines.join(" "))
}

/// `evlint check --staged --since HEAD -- 'FOLDER' || exit`, the folder from the top of the working
/// tree, where git runs its hooks.
fn line(repository: &Repository, folder: &Path, cache: &CacheFlags) -> Result<Vec<u8>, CliError> {
    let prefix = repository.prefix(folder).map_err(CliError::git)?;
    let folder = if prefix.is_empty() { b".".to_vec() } else { prefix };
    let mut line = b"evlint check --staged --since HEAD ".to_vec();
    if cache.no_cache {
        line.extend(b"--no-cache ");
    }
    if let Some(cache) = &cache.cache_dir {
        // Not every folder that a hook runs in is this one.
        let cache = std::path::absolute(cache).map_err(|source| CliError::Read { path: cache.clone(), source })?;
        line.extend(b"--cache-dir ");
        line.extend(quoted(cache.as_os_str().as_encoded_bytes()));
        line.push(b' ');
    }
    Ok([&line[..], b"-- ", &quoted(&folder), b" || exit"].concat())
}

/// For a shell: nothing between the quotes means anything.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for byte in text {
        match byte {
            b'\'' => out.extend_from_slice(br"'\''"),
            byte => out.push(*byte),
        }
    }
    out.push(b'\'');
    out
}

fn script(lines: &[Vec<u8>]) -> Result<Vec<u8>, CliError> {
    let program = std::env::current_exe().map_err(|source| CliError::Read { path: "evlint".into(), source })?;
    let mut script = format!(
        "#!/bin/sh\n\
         {MARK} - written by `evlint hook install`; `evlint hook uninstall` removes it.\n\
         # Judges what is staged and stops a commit that makes the evidence worse.\n\
         # A graphical git client may not know the PATH: then it is the program that wrote this.\n\
         command -v evlint >/dev/null || evlint() {{ "
    )
    .into_bytes();
    script.extend(quoted(program.as_os_str().as_encoded_bytes()));
    script.extend(b" \"$@\"; }\n");
    for line in lines {
        script.extend(line);
        script.push(b'\n');
    }
    Ok(script)
}

fn say(global: &Global, zh: &str, en: &str) -> Result<ExitCode, CliError> {
    let text = if terminal::language(global.lang) == Language::Zh { zh } else { en };
    closed_is_fine(writeln!(io::stdout(), "{text}")).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_any_name_as_it_is() {
        for (name, written) in [("证据", "'证据'"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$(x)\n", "'$(x)\n'")]
        {
            assert_eq!(quoted(name.as_bytes()), written.as_bytes());
        }
    }
}
