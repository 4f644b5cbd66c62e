//! Reads and matches the files of a folder, or knows from an earlier run what that gave.
//!
//! What is kept is what was found, [`Facts`], under all that it depends on: the file's content and path
//! (names and folders are signs too), the pack, the names looked for, what reads pictures, and the
//! program itself, whose readers and limits change with it. What people say of a file is held against
//! what is kept with it. A content is known by its hash; a file that nobody touched by its stamp, so that
//! it need not be read to know its hash; and what git holds by git's id, so that nothing need be hashed.
//!
//! Start reading at [`Examiner::examine`].

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::assess;
use crate::assess::known::Before;
use crate::extract::cache::{Cache, Key};
use crate::extract::{self, Answer, Extractor};
use crate::matching::{self, Facts};
use crate::model::evidence::{Reading, Source, Unreadable};
use crate::model::{EvidencePath, FileFormat, Pack, Settings};
use crate::tree::git::{Blob, Pointer};
use crate::tree::{self, At, Entry, Stamp};

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

/// What a file's stamp stands for, or git's id of what is only a pointer.
#[derive(Debug, Serialize, Deserialize)]
struct Held {
    sha256: String,
    /// What stands for another content: an LFS pointer.
    pointer: Option<Pointer>,
}

/// The bytes of a file and their hash.
struct Content {
    bytes: Vec<u8>,
    sha256: String,
    /// Git holds a pointer, which another content may come to stand for.
    elsewhere: bool,
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
    pub fn judged(&self, of: Key) -> Option<Before> {
        self.extractor.cache()?.find::<Before>(&[of]).pop().flatten()
    }

    /// Keeps what was judged of files that were examined here, unless it is kept.
    pub fn keep_judged(&self, of: Key, judged: &Before) {
        if let Some(cache) = self.extractor.cache()
            && !self.fleeting.load(Ordering::SeqCst)
            && self.judged(of).is_none()
        {
            cache.keep(&of, judged);
        }
    }

    /// What the judgement of files depends on that git knows by this id.
    #[must_use]
    pub fn key_of(&self, settings: &Settings, id: &str) -> Key {
        // Its debug form has every field.
        let settings = format!("{settings:?}");
        Key::of(&[b"judged", self.context.as_bytes(), settings.as_bytes(), id.as_bytes()])
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
        let ids: Vec<(usize, Key)> =
            entries.iter().enumerate().filter_map(|(at, entry)| Some((at, self.git_key(entry)?))).collect();
        let mut known: Vec<Option<Vec<Facts>>> = entries.iter().map(|_| None).collect();
        for ((at, _), kept) in ids.iter().zip(cache.find(&keys(&ids))) {
            known[*at] = kept;
        }
        let (hashes, pointers) = hashes(cache, entries, |at| known[at].is_none());
        if pointers {
            self.fleeting.store(true, Ordering::SeqCst);
        }
        let contents: Vec<(usize, Key)> =
            hashes.into_iter().map(|(at, sha256)| (at, self.key(entries[at], &sha256))).collect();
        for ((at, _), kept) in contents.iter().zip(cache.find(&keys(&contents))) {
            known[*at] = kept;
        }
        known.into_iter().map(|kept| kept.filter(|kept| self.is_as_said(kept))).collect()
    }

    /// Whether people still say of them what they said when they were kept.
    fn is_as_said(&self, kept: &[Facts]) -> bool {
        kept.iter().all(|facts| facts.word == self.said.about(&facts.path, &facts.sha256))
    }

    /// Reads a file, and matches it unless its content was seen under this path before.
    fn kept(&self, cache: &Cache, entry: &Entry) -> Vec<Facts> {
        let content = match content(cache, entry) {
            Ok(content) => content,
            Err(why) => {
                self.fleeting.store(true, Ordering::SeqCst);
                return self.done_with(vec![self.match_one(&unread(entry, why))]);
            }
        };
        let key = self.key(entry, &content.sha256);
        let git_key = self.git_key(entry).filter(|_| !content.elsewhere);
        let seen = cache.find::<Vec<Facts>>(&[key]).pop().flatten();
        if let Some(seen) = seen.filter(|seen| self.is_as_said(seen)) {
            if let Some(git_key) = git_key {
                cache.keep(&git_key, &seen);
            }
            return self.done_with(seen);
        }
        let answer = self.read(entry, content.bytes);
        let found: Vec<Facts> = answer.sources.iter().map(|source| self.match_one(source)).collect();
        if answer.lasting {
            for key in git_key.into_iter().chain([key]) {
                cache.keep(&key, &found);
            }
        } else {
            self.fleeting.store(true, Ordering::SeqCst);
        }
        self.done_with(found)
    }

    fn afresh(&self, entry: &Entry) -> Vec<Facts> {
        let sources = match tree::read(entry) {
            Ok(bytes) => self.read(entry, bytes).sources,
            Err(why) => vec![unread(entry, why)],
        };
        self.done_with(sources.iter().map(|source| self.match_one(source)).collect())
    }

    /// Nothing for a file of evlint's own, which only its bytes tell apart; and whether the content alone
    /// decided what came out.
    fn read(&self, entry: &Entry, bytes: Vec<u8>) -> Answer {
        if entry.is_own(&bytes) {
            return Answer { sources: Vec::new(), lasting: true };
        }
        self.extractor.answer(&entry.path, bytes)
    }

    fn match_one(&self, source: &Source) -> Facts {
        let word = self.said.about(&source.path, &source.sha256);
        matching::examine(self.pack, &self.names, &word, source).for_judging()
    }

    fn done_with(&self, facts: Vec<Facts>) -> Vec<Facts> {
        (self.done.0)();
        facts
    }

    /// `content` is its hash, or git's id of it.
    fn key(&self, entry: &Entry, content: &str) -> Key {
        let path = &entry.path;
        Key::of(&[self.context.as_bytes(), content.as_bytes(), path.as_str().as_bytes()]).among(path.folder())
    }

    /// Nothing is kept under it where what git holds is a pointer to another content.
    fn git_key(&self, entry: &Entry) -> Option<Key> {
        match &entry.at {
            At::Git(blob) => Some(self.key(entry, blob.id()).among(&format!("git {}", entry.path.folder()))),
            At::Disk(_) => None,
        }
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

/// The hashes of contents that are asked for and known without reading them, by the entries' places, and
/// whether any is a pointer to another content, which may come and go.
fn hashes(cache: &Cache, entries: &[&Entry], is_asked: impl Fn(usize) -> bool) -> (Vec<(usize, String)>, bool) {
    let known: Vec<(usize, Key)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| is_asked(at).then(|| known_by(entry)).flatten().map(|key| (at, key)))
        .collect();
    let mut hashes: Vec<(usize, String)> = Vec::with_capacity(known.len());
    let mut objects: Vec<(usize, Key, Pointer)> = Vec::new();
    let mut pointers = false;
    for ((at, _), held) in known.iter().zip(cache.find::<Held>(&keys(&known))) {
        match (held, &entries[*at].at) {
            (Some(Held { pointer: Some(pointer), sha256 }), At::Git(blob)) => {
                pointers = true;
                match blob.object(&pointer) {
                    // An object of LFS is a file on disk: it is what its pointer says if nobody touched it since.
                    Some(file) => objects.extend(Stamp::of(&file).map(|stamp| (*at, stamp_key(&stamp), pointer))),
                    None => hashes.push((*at, sha256)), // the pointer itself is all that there is
                }
            }
            (Some(held), _) => hashes.push((*at, held.sha256)),
            (None, _) => {}
        }
    }
    let stamps: Vec<Key> = objects.iter().map(|(_, stamp, _)| *stamp).collect();
    for ((at, _, pointer), held) in objects.into_iter().zip(cache.find::<Held>(&stamps)) {
        hashes.extend(held.filter(|held| held.sha256 == pointer.id).map(|held| (at, held.sha256)));
    }
    (hashes, pointers)
}

fn keys(of: &[(usize, Key)]) -> Vec<Key> {
    of.iter().map(|(_, key)| *key).collect()
}

/// By what the hash of a content is known without reading it.
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

/// Reads a file, and keeps by what its hash is known another time.
fn content(cache: &Cache, entry: &Entry) -> Result<Content, Unreadable> {
    let of = |bytes: Vec<u8>, elsewhere| Content { sha256: extract::sha256(&bytes), bytes, elsewhere };
    match &entry.at {
        At::Disk(path) => {
            let before = Stamp::of(path);
            let content = of(tree::read(entry)?, false);
            keep_stamp(cache, path, before, &content.sha256);
            Ok(content)
        }
        At::Git(blob) => {
            let bytes = blob.raw()?;
            let Some(pointer) = Pointer::of(&bytes) else { return Ok(of(bytes, false)) };
            let content = of(bytes, true);
            let held = Held { sha256: content.sha256.clone(), pointer: Some(pointer.clone()) };
            cache.keep(&blob_key(blob), &held);
            let file = blob.object(&pointer);
            let before = file.as_deref().and_then(Stamp::of);
            let Some(object) = blob.read_object(&pointer)? else { return Ok(content) };
            let object = of(object, true);
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
