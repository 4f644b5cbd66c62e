//! Archives of every kind: their members, under the names that their maker saw.
//!
//! What holds for all of them stands here: which entries are files, how much may come out. What
//! tells them apart is one [`Container`] each: [`zip`], [`seven`], [`rar`].

use std::io::{self, Read, Write};

use super::{File, MAX_FILE_BYTES, MAX_INFLATED_BYTES, MAX_MEMBERS, Member, Outcome, Reader, limit};
use crate::model::{FileFormat, Unreadable};

mod rar;
mod seven;
mod zip;

/// Times its stored size that a member may inflate to once it is large ([`RATIO_FROM_BYTES`]):
/// texts reach twenty, sparse sheets some hundreds.
const MAX_RATIO: u64 = 500;

/// Smaller members hurt nobody, whatever their ratio.
const RATIO_FROM_BYTES: u64 = 16 << 20;

/// Memory that an archive's packer may ask back for its window, in bytes. 7-Zip's and `WinRAR`'s strongest
/// settings ask for 64 to 256 MB.
const MAX_WINDOW_BYTES: u64 = 256 << 20;

/// Takes archives apart; reading the members is not its business.
#[derive(Debug)]
pub struct Archive;

impl Reader for Archive {
    fn name(&self) -> &'static str {
        "archive"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Zip, FileFormat::SevenZip, FileFormat::Rar]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let mut basket = Basket::new(file.bytes.len() as u64);
        match file.format {
            FileFormat::SevenZip => seven::take_apart(file.bytes, &mut basket)?,
            FileFormat::Rar => rar::take_apart(file.bytes, &mut basket)?,
            _ => zip::take_apart(file.bytes, &mut basket)?,
        }
        Ok(Outcome { document: None, members: basket.members })
    }
}

/// What came out so far, and how much more may.
#[derive(Debug)]
struct Basket {
    members: Vec<Member>,
    /// Bytes that may still inflate.
    left: u64,
    /// Of the archive itself: all that a container knows of a member's stored size at worst.
    archive_bytes: u64,
}

impl Basket {
    fn new(archive_bytes: u64) -> Self {
        Self { members: Vec::new(), left: MAX_INFLATED_BYTES, archive_bytes }
    }

    /// One more than the limit: whoever reads the members says so at the first that is too much.
    fn is_full(&self) -> bool {
        self.members.len() > MAX_MEMBERS
    }

    /// Folders, and what systems put beside files, are no members.
    fn wants(name: &str) -> bool {
        !name.is_empty() && !name.ends_with(['/', '\\']) && !name.starts_with("__MACOSX/")
    }

    fn refuse(&mut self, name: String, why: Unreadable) {
        self.members.push(Member { name, bytes: Err(why) });
    }

    /// Bytes that a member may inflate to. `stored` as its container says; None: it shares them with others.
    fn most(&self, stored: Option<u64>) -> Most {
        let by_ratio = stored.unwrap_or(self.archive_bytes).saturating_mul(MAX_RATIO).max(RATIO_FROM_BYTES);
        Most { bytes: MAX_FILE_BYTES.min(self.left).min(by_ratio), by_ratio }
    }

    /// Adds a member. Headers may lie about sizes: what is read is counted.
    fn inflate(
        &mut self,
        name: String,
        stored: Option<u64>,
        content: impl Read,
        why: impl Fn(&io::Error) -> Unreadable,
    ) {
        let most = self.most(stored);
        let mut bytes = Vec::new();
        let read = content.take(most.bytes + 1).read_to_end(&mut bytes);
        let bytes = match read {
            Err(error) => Err(why(&error)),
            Ok(_) => most.check(bytes),
        };
        self.put(name, bytes);
    }

    fn put(&mut self, name: String, bytes: Result<Vec<u8>, Unreadable>) {
        self.left = self.left.saturating_sub(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64));
        self.members.push(Member { name, bytes });
    }
}

/// How much a member may be, and by which limit.
#[derive(Debug, Clone, Copy)]
struct Most {
    bytes: u64,
    by_ratio: u64,
}

impl Most {
    fn check(self, bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        if bytes.len() as u64 <= self.bytes { Ok(bytes) } else { Err(self.why()) }
    }

    fn why(self) -> Unreadable {
        match self.bytes {
            MAX_FILE_BYTES => limit("MAX_FILE_BYTES", MAX_FILE_BYTES),
            most if most == self.by_ratio => limit("MAX_RATIO", MAX_RATIO),
            _ => limit("MAX_INFLATED_BYTES", MAX_INFLATED_BYTES),
        }
    }
}

/// For containers that write rather than let read: keeps one byte more than allowed and lets the rest go.
#[derive(Debug)]
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let room = usize::try_from((self.most + 1).saturating_sub(self.bytes.len() as u64)).unwrap_or(usize::MAX);
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = room.min(more.len());
        self.bytes.extend_from_slice(&more[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn corrupt(error: &impl std::fmt::Display) -> Unreadable {
    Unreadable::Corrupt { detail: error.to_string() }
}
