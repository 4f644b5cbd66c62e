//! The database as a file: made, opened, set aside, looked at, emptied.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// In the cache folder.
pub(super) const NAME: &str = "found.sqlite";

/// What was damaged or not ours lies here.
const ASIDE: &str = "found.sqlite.aside";

/// Held by whoever makes, sets aside or empties the database.
const LOCK: &str = "lock";

/// What `SQLite` keeps beside a database in use.
const BESIDE: [&str; 2] = ["found.sqlite-wal", "found.sqlite-shm"];

/// `evlt`: the database is ours.
const APPLICATION: i32 = 0x6576_6c74;

/// Of the tables and of how values are packed. What values hold is in their keys.
const SCHEMA: i32 = 1;

/// How long another run is waited for that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why there is no database to be had.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{}", super::kind(.0))]
    Io(#[from] io::Error),
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
}

/// What a database is.
enum State {
    Ours,
    /// Empty, or of another version of ours.
    Old,
    /// Damaged, or somebody else's.
    Foreign,
}

/// The database in `folder`, made where there is none. Where what was there is of no use, says where it
/// lies now.
pub(super) fn open(folder: &Path) -> Result<(Connection, Option<PathBuf>), OpenError> {
    make_folder(folder)?;
    let file = folder.join(NAME);
    if file.is_file()
        && let Ok(connection) = connect(&file)
        && let Ok(State::Ours) = state(&connection)
    {
        return Ok((connection, None));
    }
    // Others may be at it too: whoever comes second finds it done.
    let _lock = lock(folder);
    make_file(&file)?;
    let connection = connect(&file)?;
    match state(&connection)? {
        State::Ours => Ok((connection, None)),
        State::Old => {
            make(&connection)?;
            Ok((connection, None))
        }
        State::Foreign => {
            drop(connection);
            let aside = move_aside(folder)?;
            make_file(&file)?;
            let connection = connect(&file)?;
            make(&connection)?;
            Ok((connection, Some(aside)))
        }
    }
}

/// One more connection to a database that [`open`] has opened.
pub(super) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

fn state(connection: &Connection) -> rusqlite::Result<State> {
    let look = || -> rusqlite::Result<State> {
        let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application, schema) = (number("application_id")?, number("user_version")?);
        let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        // Whoever may write there could leave more behind than data.
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA synchronous = NORMAL;")?;
        Ok(match (application, schema) {
            (APPLICATION, SCHEMA) => {
                connection.prepare("SELECT key, used, value FROM found")?;
                State::Ours
            }
            (APPLICATION, _) => State::Old,
            (0, 0) if tables == 0 => State::Old,
            _ => State::Foreign,
        })
    };
    match look() {
        Err(error) if is_of_content(&error) => Ok(State::Foreign),
        other => other,
    }
}

/// It is there and can be read, and is no database of ours.
fn is_of_content(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown | ErrorCode::SchemaChanged)
    )
}

fn make(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         BEGIN IMMEDIATE;
         DROP TABLE IF EXISTS found;
         CREATE TABLE found (key INTEGER PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL);
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {SCHEMA};
         COMMIT;"
    ))
}

/// For its user alone, and so are the folders above it that are not there yet. One that is there stays
/// as its user has it: the database in it is private by itself.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// `SQLite` gives what it keeps beside the database the database's own mode.
fn make_file(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Given back when dropped. Where files cannot be locked, runs have to come at different times.
fn lock(folder: &Path) -> Option<File> {
    let file = folder.join(LOCK);
    make_file(&file).ok()?;
    let file = File::open(file).ok()?;
    file.lock().ok().map(|()| file)
}

/// Moves the database out of the way, unless another run has done so.
///
/// # Errors
/// Where it cannot be moved.
pub(super) fn set_aside(folder: &Path) -> io::Result<PathBuf> {
    let _lock = lock(folder);
    move_aside(folder)
}

fn move_aside(folder: &Path) -> io::Result<PathBuf> {
    let aside = folder.join(ASIDE);
    fs::rename(folder.join(NAME), &aside)?;
    for name in BESIDE {
        let _ = fs::remove_file(folder.join(name)); // it may not be there
    }
    Ok(aside)
}

/// What a cache folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// On disk, with all that lies beside the database.
    pub bytes: u64,
    /// Values; None where the database cannot be read.
    pub entries: Option<u64>,
}

/// Looks, and makes nothing.
#[must_use]
pub fn info(folder: &Path) -> Info {
    let bytes = files(folder).filter_map(|file| fs::metadata(file).ok()).map(|found| found.len()).sum();
    let file = folder.join(NAME);
    if !file.exists() {
        return Info { bytes, entries: Some(0) };
    }
    let ours = connect(&file).ok().filter(|connection| matches!(state(connection), Ok(State::Ours)));
    Info { bytes, entries: ours.and_then(|connection| count(&connection).ok()) }
}

/// What was thrown away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// On disk.
    pub bytes: u64,
    /// Values, where they could be counted.
    pub entries: Option<u64>,
    /// Others have it open: the database is empty, and still there.
    pub in_use: bool,
}

/// Throws away all that is kept, and no file but our own.
///
/// # Errors
/// Where it cannot be thrown away.
pub fn clean(folder: &Path) -> Result<Cleaned, OpenError> {
    let found = info(folder);
    let mut cleaned = Cleaned { bytes: found.bytes, entries: found.entries, in_use: false };
    let file = folder.join(NAME);
    if !folder.is_dir() || files(folder).all(|file| !file.exists()) {
        return Ok(cleaned);
    }
    let _lock = lock(folder);
    if file.is_file() && found.entries.is_some() {
        // A database that others have open must not be taken from under them; one that turns back
        // to having no files beside it is ours alone.
        let connection = connect(&file)?;
        connection.execute_batch("DELETE FROM found; VACUUM;")?;
        let mode = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0));
        cleaned.in_use = !mode.is_ok_and(|mode| mode == "delete");
    }
    if cleaned.in_use {
        cleaned.bytes = cleaned.bytes.saturating_sub(info(folder).bytes);
        return Ok(cleaned);
    }
    for file in files(folder).filter(|file| file.exists()) {
        fs::remove_file(file)?;
    }
    Ok(cleaned)
}

fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM found", [], |row| row.get::<_, u32>(0)).map(u64::from)
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    [NAME, ASIDE].into_iter().chain(BESIDE).map(|name| folder.join(name))
}
