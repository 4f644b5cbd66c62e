//! Keeps what was found in files from one run to the next.
//!
//! One `SQLite` database in a folder of the user's: any number of runs may use it at once, and one that
//! is killed leaves nothing half written. What a value is and what it depends on is for the caller to
//! say, by its [`Key`]: a value is never changed, only no longer asked for, and in the end thrown out.
//!
//! Nothing depends on what is kept. A value that is damaged is one that is not there; a database that is
//! damaged or not ours is set aside; where none can be had, the run goes on without. Start reading at
//! [`Cache::open`].

mod file;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub use self::file::{Cleaned, Info, clean, info};

/// Bytes that the database may take. 10,000 files take some 30 MB; what was used longest ago goes first.
pub const MAX_BYTES: u64 = 512 << 20;

/// Once it is too large it shrinks to this part of [`MAX_BYTES`], so that not every run has to.
const KEPT_OF_FOUR: u64 = 3;

/// Values wait until there are so many bytes of them: a transaction for each would cost more than reading.
/// What a killed run loses is not more than this.
const BATCH_BYTES: usize = 256 << 10;

/// A value's last use is noted again after so many seconds: to note each would turn reading into writing.
const STAMP_SECONDS: i64 = 24 * 60 * 60;

/// What is asked for: a digest of all that the value depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// Of parts in order; `["ab", "c"]` and `["a", "bc"]` are two keys.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The same key among those of its group, which lie together and are read in one go: what is asked
    /// for together.
    #[must_use]
    pub fn among(mut self, group: &str) -> Self {
        self.0[..4].copy_from_slice(&checksum(group.as_bytes()));
        self
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Rows are found by a number; the value itself holds the whole key.
    fn row(&self) -> i64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        i64::from_be_bytes(first)
    }
}

/// What a person is told of; findings are the same with it and without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The database was damaged or somebody else's: it lies there now, and a new one was begun.
    SetAside(PathBuf),
    /// There is none to be had, or nothing more could be written.
    Unusable { folder: PathBuf, why: String },
}

/// What earlier runs found, and what this one finds. Asked and told from any thread.
#[derive(Debug)]
pub struct Cache {
    file: PathBuf,
    /// When the run began, in seconds since 1970.
    now: i64,
    most: u64,
    idle: Mutex<Vec<Connection>>,
    waiting: Mutex<Waiting>,
    /// Rows whose last use is to be noted.
    used: Mutex<Vec<i64>>,
    is_damaged: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
}

/// Values that are not written yet.
#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<(i64, Vec<u8>)>,
    bytes: usize,
}

impl Cache {
    /// The one in `folder`, which is made where it is not there, for its user alone. `now` is in seconds
    /// since 1970.
    ///
    /// # Errors
    /// Where none can be had there.
    pub fn open(folder: &Path, now: i64) -> Result<Self, Trouble> {
        let (connection, aside) = file::open(folder)
            .map_err(|why| Trouble::Unusable { folder: folder.to_path_buf(), why: why.to_string() })?;
        Ok(Self {
            file: folder.join(file::NAME),
            now,
            most: MAX_BYTES,
            idle: Mutex::new(vec![connection]),
            waiting: Mutex::default(),
            used: Mutex::default(),
            is_damaged: AtomicBool::new(false),
            trouble: Mutex::new(aside.map(Trouble::SetAside)),
        })
    }

    /// When the run began, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// What is kept for these keys, in their order.
    #[must_use]
    pub fn find<T: DeserializeOwned>(&self, keys: &[Key]) -> Vec<Option<T>> {
        let found = self.with(|connection| self.look(connection, keys));
        found.unwrap_or_else(|| keys.iter().map(|_| None).collect())
    }

    /// Keeps a value; one that cannot be written is as good as none.
    pub fn keep<T: Serialize>(&self, key: &Key, value: &T) {
        let Some(bytes) = packed(key, value) else { return };
        let full = {
            let mut waiting = lock(&self.waiting);
            waiting.bytes += bytes.len();
            waiting.rows.push((key.row(), bytes));
            (waiting.bytes >= BATCH_BYTES).then(|| std::mem::take(&mut *waiting))
        };
        if let Some(full) = full {
            self.write(&full.rows, &[]);
        }
    }

    /// Writes what waits and throws out what is too much. What there is to tell is told once.
    pub fn finish(&self) -> Option<Trouble> {
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        let used = std::mem::take(&mut *lock(&self.used));
        if !(waiting.rows.is_empty() && used.is_empty()) {
            self.write(&waiting.rows, &used);
            self.with(|connection| shrink(connection, self.most));
        }
        if self.is_damaged.swap(false, Ordering::SeqCst) {
            lock(&self.idle).clear();
            let folder = self.file.parent().unwrap_or(Path::new(""));
            if let Ok(aside) = file::set_aside(folder) {
                self.tell(Trouble::SetAside(aside));
            }
        }
        lock(&self.trouble).take()
    }

    fn look<T: DeserializeOwned>(&self, connection: &Connection, keys: &[Key]) -> rusqlite::Result<Vec<Option<T>>> {
        // One transaction for all: each would be locked and unlocked by itself.
        let transaction = connection.unchecked_transaction()?;
        let mut select = transaction
            .prepare_cached("SELECT key, used, value FROM found WHERE key BETWEEN ?1 AND ?2 ORDER BY key")?;
        let mut found: Vec<Option<T>> = keys.iter().map(|_| None).collect();
        let mut stale = Vec::new();
        let mut order: Vec<(i64, usize)> = keys.iter().enumerate().map(|(at, key)| (key.row(), at)).collect();
        order.sort_unstable();
        for group in order.chunk_by(|one, two| one.0 >> 32 == two.0 >> 32) {
            let mut wanted = group.iter().peekable();
            let [first, last] = [group[0].0, group[group.len() - 1].0];
            let mut rows = select.query([first, last])?;
            while let Some(row) = rows.next()? {
                let key: i64 = row.get(0)?;
                while wanted.next_if(|(own, _)| *own < key).is_some() {}
                let used: i64 = row.get(1)?;
                while let Some((_, at)) = wanted.next_if(|(own, _)| *own == key) {
                    let value = row.get_ref(2)?.as_blob().ok().and_then(|bytes| unpacked(&keys[*at], bytes));
                    if value.is_some() && (self.now - used).abs() >= STAMP_SECONDS {
                        stale.push(key);
                    }
                    found[*at] = value;
                }
            }
        }
        lock(&self.used).append(&mut stale);
        Ok(found)
    }

    fn write(&self, rows: &[(i64, Vec<u8>)], used: &[i64]) {
        self.with(|connection| {
            let transaction =
                rusqlite::Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
            {
                let mut insert = transaction
                    .prepare_cached("INSERT OR REPLACE INTO found (key, used, value) VALUES (?1, ?2, ?3)")?;
                for (row, bytes) in rows {
                    insert.execute(params![row, self.now, bytes])?;
                }
                let mut stamp = transaction.prepare_cached("UPDATE found SET used = ?2 WHERE key = ?1")?;
                for row in used {
                    stamp.execute(params![row, self.now])?;
                }
            }
            transaction.commit()
        });
    }

    /// With a connection of this thread's own; None where that fails. The run goes on.
    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        if self.is_damaged.load(Ordering::SeqCst) {
            return None;
        }
        let idle = lock(&self.idle).pop();
        let done = match idle.map_or_else(|| file::connect(&self.file), Ok) {
            Ok(connection) => {
                let done = work(&connection);
                lock(&self.idle).push(connection);
                done
            }
            Err(error) => Err(error),
        };
        done.map_err(|error| self.failed(&error)).ok()
    }

    fn failed(&self, error: &rusqlite::Error) {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => self.is_damaged.store(true, Ordering::SeqCst),
            // Another run is writing: what it writes is as good.
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {}
            _ => {
                let folder = self.file.parent().map(Path::to_path_buf).unwrap_or_default();
                self.tell(Trouble::Unusable { folder, why: error.to_string() });
            }
        }
    }

    /// The first trouble is the one to tell: others follow from it.
    fn tell(&self, trouble: Trouble) {
        lock(&self.trouble).get_or_insert(trouble);
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = self.finish(); // nobody is left to be told
    }
}

/// Nothing panics while it holds one of these, and none is ever half changed.
fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Throws out what was used longest ago until it is small enough again.
fn shrink(connection: &Connection, most: u64) -> rusqlite::Result<()> {
    let size = size(connection)?;
    if size <= most {
        return Ok(());
    }
    let sum = connection.query_row("SELECT total(length(value)) FROM found", [], |row| row.get::<_, f64>(0))?;
    // Pages are not full: of the values goes the same part as of the pages.
    let part = (size - most / 4 * KEPT_OF_FOUR) as f64 / size as f64;
    let mut too_much = sum * part;
    let mut oldest = Vec::new();
    {
        let mut select = connection.prepare("SELECT key, length(value) FROM found ORDER BY used, key")?;
        let mut rows = select.query([])?;
        while let (true, Some(row)) = (too_much > 0.0, rows.next()?) {
            oldest.push(row.get::<_, i64>(0)?);
            too_much -= f64::from(row.get::<_, u32>(1)?);
        }
    }
    let transaction = rusqlite::Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
    {
        let mut delete = transaction.prepare("DELETE FROM found WHERE key = ?1")?;
        for row in oldest {
            delete.execute([row])?;
        }
    }
    transaction.commit()?;
    // A page is given back with each row that is asked for.
    let mut vacuum = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// Bytes of pages in use.
fn size(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).map(u64::from);
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}

/// How many bytes stand before a value: a checksum over all behind it, and the key.
const HEAD: usize = 4 + 32;

fn packed<T: Serialize>(key: &Key, value: &T) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 4];
    bytes.extend_from_slice(&key.0);
    let mut bytes = postcard::to_extend(value, bytes).ok()?;
    let sum = checksum(&bytes[4..]);
    bytes[..4].copy_from_slice(&sum);
    Some(bytes)
}

/// None of what another key's value has taken the row of, of another shape, or damaged: `SQLite`
/// does not look after the contents of its pages.
fn unpacked<T: DeserializeOwned>(key: &Key, bytes: &[u8]) -> Option<T> {
    let (sum, rest) = bytes.split_at_checked(4)?;
    let value = bytes.get(HEAD..)?;
    if rest.get(..32)? != key.0 || checksum(rest) != *sum {
        return None;
    }
    match postcard::take_from_bytes(value) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum().to_le_bytes()
}

/// An error of the system, as a person may read it in any language.
fn kind(error: &io::Error) -> String {
    error.kind().to_string()
}

#[cfg(test)]
mod tests;
