//! `evlint baseline`: writes down what is found now, so that `check --baseline` reports only others.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use evlint::baseline::{self, Baseline};
use evlint::tree;

use super::args::{self, Global};
use super::error::CliError;
use super::{NOTHING, check, setup, terminal, version, write};

pub(crate) fn run(asked: &args::Baseline, global: &Global) -> Result<ExitCode, CliError> {
    let judged = version::judged(&asked.path, &asked.judge, &asked.version, None)?;
    setup::demand_level(&judged.setup)?;
    let out = asked.out.clone().unwrap_or_else(|| judged.setup.root.join(baseline::NAME));
    refuse_foreign(&out)?;
    let tree = judged.tree()?;
    setup::tell_troubles(&tree, global);
    let reading = check::Reading { path: &asked.path, read: &asked.read };
    let (assessment, _) = reading.assess(&judged.setup, &tree, None, global)?;
    if assessment.files.is_empty() {
        super::error::say_nothing_checked(&asked.path, terminal::language(global.lang));
        return Ok(ExitCode::from(NOTHING));
    }
    let baseline = Baseline::of(&assessment, terminal::language(global.lang));
    write::atomically(&out, baseline.to_json().as_bytes())?;
    let (count, out) = (baseline.count(), out.display());
    terminal::note(
        global,
        &format!("{count} 处问题记入 {out}；以后用 `evlint check --baseline {out}` 只报新的"),
        &format!("{count} findings written to {out}; `evlint check --baseline {out}` reports only others"),
    );
    Ok(ExitCode::SUCCESS)
}

/// A slip of the keyboard must not cost a contract.
fn refuse_foreign(out: &Path) -> Result<(), CliError> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    match fs::read(out) {
        Ok(bytes) if name == evlint::config::NAME || !(bytes.is_empty() || tree::is_own(&name, &bytes)) => {
            Err(CliError::Foreign { path: out.to_path_buf() })
        }
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(CliError::Write { path: out.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}
