//! Contents by their ids, from one `git cat-file --batch`, and of Git LFS pointers from the local store.

use std::cmp::Ordering;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::read::{LARGEST, read_file, too_large, unreadable};
use super::repository::Repository;
use crate::model::Unreadable;
use crate::model::text::hex;

/// A pointer is shorter than this, in bytes (git-lfs specification, «The Pointer»).
const LONGEST_POINTER: usize = 1024;

/// How a pointer begins (git-lfs specification, «The Pointer»).
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// A file's content as git holds it.
#[derive(Debug, Clone)]
pub struct Blob {
    id: String,
    blobs: Arc<Blobs>,
}

impl Blob {
    pub(super) fn new(id: &str, blobs: &Arc<Blobs>) -> Self {
        Self { id: id.to_owned(), blobs: Arc::clone(blobs) }
    }

    /// In hex: SHA-1, or SHA-256 in repositories made with it. The same id is the same content.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The bytes; of an LFS pointer those of its object, if that is here.
    pub(in super::super) fn read(&self) -> Result<Vec<u8>, Unreadable> {
        let bytes = self.raw()?;
        match Pointer::of(&bytes) {
            Some(pointer) => Ok(self.read_object(&pointer)?.unwrap_or(bytes)),
            None => Ok(bytes),
        }
    }

    /// The bytes as git holds them.
    ///
    /// # Errors
    /// Where git does not have them, or they are too large.
    pub fn raw(&self) -> Result<Vec<u8>, Unreadable> {
        self.blobs.content(&self.id)
    }

    /// The bytes of a pointer's object; None where the local store does not have them whole.
    ///
    /// # Errors
    /// Where they cannot be read, or are too large.
    pub fn read_object(&self, pointer: &Pointer) -> Result<Option<Vec<u8>>, Unreadable> {
        self.blobs.object(pointer)
    }

    /// The file of a pointer's object, if there is one of that size in the local store.
    #[must_use]
    pub fn object(&self, pointer: &Pointer) -> Option<PathBuf> {
        self.blobs.object_file(pointer)
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Blob {}

impl PartialOrd for Blob {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Blob {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// Where contents come from. One process serves all threads: git answers faster than any reader reads.
#[derive(Debug)]
pub(super) struct Blobs {
    repository: Arc<Repository>,
    /// Started at the first question, and anew where git has died.
    batch: Mutex<Option<Batch>>,
    /// The local store of Git LFS.
    store: OnceLock<Option<PathBuf>>,
}

impl Blobs {
    pub(super) fn new(repository: Arc<Repository>) -> Self {
        Self { repository, batch: Mutex::new(None), store: OnceLock::new() }
    }

    /// Starts the process, so that the first question need not wait for it. An error comes again.
    pub(super) fn start(&self) {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        if batch.is_none() {
            *batch = Batch::start(&self.repository).ok();
        }
    }

    /// As git holds it.
    pub(super) fn content(&self, id: &str) -> Result<Vec<u8>, Unreadable> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = match batch.take() {
            Some(running) => running,
            None => Batch::start(&self.repository).map_err(|error| unreadable(&error))?,
        };
        let answer = running.ask(id).map_err(|error| unreadable(&error))?;
        *batch = Some(running);
        match answer {
            Answer::Content(bytes) => Ok(bytes),
            Answer::TooLarge => Err(too_large()),
            Answer::Missing => Err(Unreadable::Denied { detail: format!("git has no object {id}") }),
        }
    }

    fn object_file(&self, pointer: &Pointer) -> Option<PathBuf> {
        let store = self.store.get_or_init(|| store(&self.repository)).as_ref()?;
        let path = store.join("objects").join(&pointer.id[..2]).join(&pointer.id[2..4]).join(&pointer.id);
        let found = fs::metadata(&path).ok()?;
        (found.len() == pointer.size).then_some(path)
    }

    /// The object of a pointer; None where the store does not have it whole.
    fn object(&self, pointer: &Pointer) -> Result<Option<Vec<u8>>, Unreadable> {
        let Some(path) = self.object_file(pointer) else { return Ok(None) };
        if pointer.size > LARGEST {
            return Err(too_large());
        }
        let bytes = read_file(&path, pointer.size)?;
        // What was damaged in the store would be judged as what the commit holds.
        Ok((hex(&Sha256::digest(&bytes)) == pointer.id).then_some(bytes))
    }
}

/// `lfs.storage`, relative to the folder that worktrees share; by default `lfs` in it.
fn store(repository: &Repository) -> Option<PathBuf> {
    let common = repository.common().ok()?;
    let asked = repository.run(&["config", "--type=path", "--get", "lfs.storage"]).ok();
    let asked = asked.map(|said| String::from_utf8_lossy(&said).trim_end().to_owned()).filter(|path| !path.is_empty());
    Some(common.join(asked.as_deref().map_or(Path::new("lfs"), Path::new)))
}

/// What an LFS pointer points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// SHA-256 in lower-case hex.
    pub id: String,
    /// In bytes.
    pub size: u64,
}

impl Pointer {
    /// None where the bytes are no pointer.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.len() >= LONGEST_POINTER || !bytes.starts_with(POINTER) {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let id = value("oid")?.strip_prefix("sha256:")?;
        let is_hex = id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        Some(Self { id: is_hex.then(|| id.to_owned())?, size: value("size")?.parse().ok()? })
    }
}

enum Answer {
    Content(Vec<u8>),
    TooLarge,
    Missing,
}

/// A running `git cat-file --batch`: ids in, contents out.
#[derive(Debug)]
struct Batch {
    child: Child,
    /// None once it is closed.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    fn start(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// An error leaves the conversation in the middle: the process is of no more use.
    fn ask(&mut self, id: &str) -> io::Result<Answer> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{id}")?;
        questions.flush()?;
        let mut head = String::new();
        if self.answers.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // `ID TYPE SIZE`, or `ID missing`.
        let words: Vec<&str> = head.split_whitespace().collect();
        let Some(size) = words.get(2).and_then(|size| size.parse::<u64>().ok()) else { return Ok(Answer::Missing) };
        let mut content = (&mut self.answers).take(size);
        let mut bytes = Vec::new();
        if size > LARGEST {
            io::copy(&mut content, &mut io::sink())?;
        } else {
            bytes.reserve_exact(usize::try_from(size).unwrap_or_default());
            content.read_to_end(&mut bytes)?;
            if bytes.len() as u64 != size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.answers.read_exact(&mut [0])?; // the line feed behind the content
        Ok(if size > LARGEST { Answer::TooLarge } else { Answer::Content(bytes) })
    }
}

impl Drop for Batch {
    /// git ends by itself when nobody can ask it any more, unless it is stuck in an answer.
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_known_by_its_shape() {
        let id = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let text = |rest: &str| format!("version https://git-lfs.github.com/spec/v1\n{rest}");
        let good = Pointer { id: id.to_owned(), size: 12345 };
        for (text, expected) in [
            (text(&format!("oid sha256:{id}\nsize 12345\n")), Some(good)),
            (text(&format!("oid sha256:{}\nsize 12345\n", &id[1..])), None),
            (text("oid sha256:../../../../../../../../../../../../../../../../../../etc/passwd00\nsize 1\n"), None),
            (text(&format!("oid sha256:{id}\n")), None),
            (format!("oid sha256:{id}\nsize 12345\n"), None),
            (text(&format!("oid sha256:{id}\nsize 12345\n{}", "x".repeat(LONGEST_POINTER))), None),
        ] {
            assert_eq!(Pointer::of(text.as_bytes()), expected, "{text}");
        }
    }
}
