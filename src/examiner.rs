//! Reads and matches the files of a folder, or knows from an earlier run what that gave.
//!
//! What is kept is what was found, [`Facts`], under all that it depends on: the file's content and path
//! (names and folders are signs too), the pack, the names looked for, what reads pictures, and the
//! program itself, whose readers and limits change with it. What people say of a file is held against
//! what is kept with it. A content is known by its hash; a file that nobody touched by its stamp, and a
//! blob by git's id, so that nothing need be read to know its hash.
//!
//! Start reading at [`Examiner::examine`].

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::assess;
use crate::assess::known::Before;
use crate::extract::cache::{Cache, Key};
use crate::extract::{self, Answer, Extractor};
use crate::matching::{self, Facts, Word};
use crate::model::evidence::{Reading, Source, Unreadable};
use crate::model::{EvidencePath, FileFormat, Pack, Settings};
use crate::tree::git::{Blob, Pointer};
use crate::tree::{self, At, Entry, Stamp, Tree};

/// Of every source file and dependency of this program: another program may find something else.
const PROGRAM: &str = env!("EVLINT_SOURCES");

/// Files that are asked for at a time. Enough to make one transaction cheap, few enough for every core
/// to have some.
const AT_A_TIME: usize = 512;

/// What every file of a run is read and matched with.
#[derive(Debug)]
pub struct Examiner<'a> {
    pack: &'a Pack,
    names: Vec<String>,
    said: assess::Said<'a>,
    extractor: &'a Extractor,
    done: Done<'a>,
    /// All that every file's facts depend on.
    context: Key,
    /// Something was found that another run may find otherwise, though git's ids are the same.
    fleeting: AtomicBool,
}

/// Called after each file, from any thread.
pub struct Done<'a>(pub &'a (dyn Fn() + Sync));

/// What is kept of a file or member: what was found, and what people had said then.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    facts: Facts,
    word: Word,
}

/// What git's id of a content stands for.
#[derive(Debug, Serialize, Deserialize)]
struct Held {
    /// Of the content as git holds it.
    sha256: String,
    /// What stands for another content: an LFS pointer.
    pointer: Option<Pointer>,
}

/// The bytes of a file and their hash.
struct Content {
    bytes: Vec<u8>,
    sha256: String,
}

impl<'a> Examiner<'a> {
    #[must_use]
    pub fn new(pack: &'a Pack, settings: &'a Settings, extractor: &'a Extractor, done: &'a (dyn Fn() + Sync)) -> Self {
        let names = assess::names(settings);
        let mut parts = vec!["facts".as_bytes(), PROGRAM.as_bytes(), pack.digest.as_bytes()];
        parts.push(extractor.engine().as_bytes());
        parts.extend(names.iter().map(String::as_bytes));
        let context = Key::of(&parts);
        let said = assess::Said::of(settings);
        Self { pack, names, said, extractor, done: Done(done), context, fleeting: AtomicBool::default() }
    }

    /// What an earlier run judged of just these files by these settings, where git's ids say that they
    /// are the same.
    #[must_use]
    pub fn judged(&self, of: Option<Key>) -> Option<Before> {
        self.extractor.cache()?.find::<Before>(&[of?]).pop().flatten()
    }

    /// Keeps what was judged of files that were examined here, unless it is kept.
    pub fn keep_judged(&self, of: Option<Key>, judged: &Before) {
        if let (Some(cache), Some(key)) = (self.extractor.cache(), of)
            && !self.fleeting.load(Ordering::SeqCst)
            && self.judged(of).is_none()
        {
            cache.keep(&key, judged);
        }
    }

    /// What a tree's judgement depends on; `None` for files on disk, whose content no name vouches for.
    #[must_use]
    pub fn key_of(&self, settings: &Settings, tree: &Tree) -> Option<Key> {
        let files: Option<Vec<[&[u8]; 2]>> = tree
            .files
            .iter()
            .map(|entry| match &entry.at {
                At::Git(blob) => Some([entry.path.as_str().as_bytes(), blob.id().as_bytes()]),
                At::Disk(_) => None,
            })
            .collect();
        // Its debug form has every field.
        let settings = format!("{settings:?}");
        let mut parts: Vec<&[u8]> = vec![b"judged", self.context.as_bytes(), settings.as_bytes()];
        parts.extend(files?.into_iter().flatten());
        Some(Key::of(&parts))
    }

    /// Each file with its members, in their order, on the current rayon pool. Never fails: what cannot be read says why.
    #[must_use]
    pub fn examine(&self, entries: &[&Entry]) -> Vec<Vec<Facts>> {
        let Some(cache) = self.extractor.cache() else {
            return entries.par_iter().map(|entry| self.afresh(entry)).collect();
        };
        let known: Vec<Option<Vec<Facts>>> =
            entries.par_chunks(AT_A_TIME).flat_map_iter(|chunk| self.known(cache, chunk)).collect();
        let examine = |(entry, known): (&&Entry, Option<Vec<Facts>>)| match known {
            Some(facts) => {
                (self.done.0)();
                facts
            }
            None => self.kept(cache, entry),
        };
        entries.par_iter().zip(known).map(examine).collect()
    }

    /// What earlier runs found in files whose content is known without reading it.
    fn known(&self, cache: &Cache, entries: &[&Entry]) -> Vec<Option<Vec<Facts>>> {
        let (hashes, pointers) = hashes(cache, entries);
        if pointers {
            self.fleeting.store(true, Ordering::SeqCst);
        }
        let keys: Vec<Key> = entries
            .iter()
            .zip(&hashes)
            // A content that is not known has a key that nothing is kept under.
            .map(|(entry, sha256)| self.key(entry, sha256.as_deref().unwrap_or_default()))
            .collect();
        cache.find::<Vec<Kept>>(&keys).into_iter().map(|kept| self.as_said(kept?)).collect()
    }

    /// What is kept, unless people say something else by now.
    fn as_said(&self, kept: Vec<Kept>) -> Option<Vec<Facts>> {
        let is_said = |kept: &Kept| kept.word == self.said.about(&kept.facts.path, &kept.facts.sha256);
        kept.iter().all(is_said).then(|| kept.into_iter().map(|kept| kept.facts).collect())
    }

    /// Reads a file, and matches it unless its content was seen under this path before.
    fn kept(&self, cache: &Cache, entry: &Entry) -> Vec<Facts> {
        let content = match content(cache, entry) {
            Ok(content) => content,
            Err(why) => {
                self.fleeting.store(true, Ordering::SeqCst);
                return self.done_with(vec![self.match_one(&unread(entry, why)).facts]);
            }
        };
        let key = self.key(entry, &content.sha256);
        let seen = cache.find::<Vec<Kept>>(&[key]).pop().flatten().and_then(|kept| self.as_said(kept));
        if let Some(facts) = seen {
            return self.done_with(facts);
        }
        let answer = self.read(entry, content.bytes);
        let found: Vec<Kept> = answer.sources.iter().map(|source| self.match_one(source)).collect();
        if answer.lasting {
            cache.keep(&key, &found);
        } else {
            self.fleeting.store(true, Ordering::SeqCst);
        }
        self.done_with(found.into_iter().map(|kept| kept.facts).collect())
    }

    fn afresh(&self, entry: &Entry) -> Vec<Facts> {
        let sources = match tree::read(entry) {
            Ok(bytes) => self.read(entry, bytes).sources,
            Err(why) => vec![unread(entry, why)],
        };
        self.done_with(sources.iter().map(|source| self.match_one(source).facts).collect())
    }

    /// Nothing for a file of evlint's own, which only its bytes tell apart; and whether the content alone
    /// decided what came out.
    fn read(&self, entry: &Entry, bytes: Vec<u8>) -> Answer {
        if entry.is_own(&bytes) {
            return Answer { sources: Vec::new(), lasting: true };
        }
        self.extractor.answer(&entry.path, bytes)
    }

    fn match_one(&self, source: &Source) -> Kept {
        let word = self.said.about(&source.path, &source.sha256);
        Kept { facts: matching::examine(self.pack, &self.names, &word, source).for_judging(), word }
    }

    fn done_with(&self, facts: Vec<Facts>) -> Vec<Facts> {
        (self.done.0)();
        facts
    }

    fn key(&self, entry: &Entry, sha256: &str) -> Key {
        Key::of(&[self.context.as_bytes(), sha256.as_bytes(), entry.path.as_str().as_bytes()])
    }
}

impl std::fmt::Debug for Done<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Done")
    }
}

fn unread(entry: &Entry, why: Unreadable) -> Source {
    Source {
        path: EvidencePath::clone(&entry.path),
        size: entry.size,
        sha256: String::new(),
        format: FileFormat::Unknown,
        reader: String::new(),
        reading: Reading::Unreadable(why),
    }
}

/// The hashes of contents that are known without reading them, and whether any is a pointer to another
/// content, which may come and go.
fn hashes(cache: &Cache, entries: &[&Entry]) -> (Vec<Option<String>>, bool) {
    let known: Vec<Option<Key>> = entries.iter().map(|entry| known_by(entry)).collect();
    let keys: Vec<Key> = known.iter().flatten().copied().collect();
    let mut held = cache.find::<Held>(&keys).into_iter();
    let mut hashes: Vec<Option<String>> = Vec::with_capacity(entries.len());
    let mut objects: Vec<(usize, PathBuf, Pointer)> = Vec::new();
    let mut pointers = false;
    for (entry, known) in entries.iter().zip(&known) {
        let found = if known.is_some() { held.next().flatten() } else { None };
        pointers |= found.as_ref().is_some_and(|held| held.pointer.is_some());
        hashes.push(match (found, &entry.at) {
            (Some(Held { pointer: Some(pointer), sha256 }), At::Git(blob)) => match blob.object(&pointer) {
                Some(file) => {
                    objects.push((hashes.len(), file, pointer));
                    None
                }
                None => Some(sha256), // the pointer itself is all that there is
            },
            (found, _) => found.map(|held| held.sha256),
        });
    }
    // An object of LFS is a file on disk: it is what its pointer says if nobody touched it since.
    let stamps: Vec<Option<Key>> = objects.iter().map(|(_, file, _)| Some(stamp_key(&Stamp::of(file)?))).collect();
    let keys: Vec<Key> = stamps.iter().flatten().copied().collect();
    let mut held = cache.find::<Held>(&keys).into_iter();
    for ((at, _, pointer), stamp) in objects.into_iter().zip(stamps) {
        let found = if stamp.is_some() { held.next().flatten() } else { None };
        hashes[at] = found.map(|held| held.sha256).filter(|sha256| *sha256 == pointer.id);
    }
    (hashes, pointers)
}

/// By what a content is known without being read.
fn known_by(entry: &Entry) -> Option<Key> {
    match &entry.at {
        At::Disk(path) => Stamp::of(path).map(|stamp| stamp_key(&stamp)),
        At::Git(blob) => Some(blob_key(blob)),
    }
}

fn stamp_key(stamp: &Stamp) -> Key {
    Key::of(&[b"stamp", &stamp.to_bytes()])
}

fn blob_key(blob: &Blob) -> Key {
    Key::of(&[b"blob", blob.id().as_bytes()])
}

/// Reads a file, and keeps by what its content is known another time.
fn content(cache: &Cache, entry: &Entry) -> Result<Content, Unreadable> {
    let of = |bytes: Vec<u8>| Content { sha256: extract::sha256(&bytes), bytes };
    match &entry.at {
        At::Disk(path) => {
            let before = Stamp::of(path);
            let content = of(tree::read(entry)?);
            keep_stamp(cache, path, before, &content.sha256);
            Ok(content)
        }
        At::Git(blob) => {
            let content = of(blob.raw()?);
            let pointer = Pointer::of(&content.bytes);
            let held = Held { sha256: content.sha256.clone(), pointer: pointer.clone() };
            cache.keep(&blob_key(blob), &held);
            let Some(pointer) = pointer else { return Ok(content) };
            let file = blob.object(&pointer);
            let before = file.as_deref().and_then(Stamp::of);
            let Some(object) = blob.read_object(&pointer)? else { return Ok(content) };
            let object = of(object);
            if let Some(file) = file {
                keep_stamp(cache, &file, before, &object.sha256);
            }
            Ok(object)
        }
    }
}

/// Only if nobody wrote the file while it was read, nor may have since without its showing.
fn keep_stamp(cache: &Cache, file: &Path, before: Option<Stamp>, sha256: &str) {
    let Some(stamp) = before.filter(|stamp| stamp.is_settled(cache.now()) && Stamp::of(file) == Some(*stamp)) else {
        return;
    };
    cache.keep(&stamp_key(&stamp), &Held { sha256: sha256.to_owned(), pointer: None });
}
