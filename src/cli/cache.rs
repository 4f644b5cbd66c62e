//! Where what was found is kept between runs; `evlint cache`.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use evlint::extract::cache::{self, Cache, MAX_BYTES, Trouble};
use evlint::wording::cache as said;

use super::args::{CacheAction, CacheFlags, Global};
use super::check::closed_is_fine;
use super::error::CliError;
use super::terminal;

/// Our folder in the user's cache folder.
const NAME: &str = "evlint";

pub(crate) fn run(action: &CacheAction, global: &Global) -> Result<ExitCode, CliError> {
    let language = terminal::language(global.lang);
    let (CacheAction::Info(asked) | CacheAction::Clean(asked)) = action;
    let folder = asked.cache_dir.clone().or_else(usual).ok_or(CliError::NoCacheFolder)?;
    let shown = folder.display().to_string();
    let text = match action {
        CacheAction::Info(_) => said::info(&shown, &cache::info(&folder), MAX_BYTES, language),
        CacheAction::Clean(_) => {
            let cleaned = cache::clean(&folder)
                .map_err(|why| CliError::CacheClean { path: folder.clone(), why: why.to_string() })?;
            said::cleaned(&shown, &cleaned, language)
        }
    };
    closed_is_fine(writeln!(io::stdout(), "{text}")).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

/// What earlier runs found, unless it is not wanted or not to be had.
pub(crate) fn open(flags: &CacheFlags, global: &Global) -> Option<Cache> {
    if flags.no_cache {
        return None;
    }
    let folder = flags.cache_dir.clone().or_else(usual)?;
    Cache::open(&folder, now()).inspect_err(|trouble| tell(trouble, global)).ok()
}

pub(crate) fn tell(trouble: &Trouble, global: &Global) {
    use evlint::model::settings::Language::{En, Zh};
    terminal::note(global, &said::trouble(trouble, Zh), &said::trouble(trouble, En));
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// As each system has it (XDG Base Directory Specification; Apple, «File System Programming Guide»;
/// Microsoft, «KNOWNFOLDERID»). A relative path counts as none, as XDG demands.
fn usual() -> Option<PathBuf> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = named("XDG_CACHE_HOME").or_else(|| {
        if cfg!(windows) {
            named("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            Some(named("HOME")?.join("Library/Caches"))
        } else {
            Some(named("HOME")?.join(".cache"))
        }
    })?;
    Some(folder.join(NAME))
}
