//! What a worker and its master say to each other: frames of a length and as many bytes.
//!
//! Both are the same program in the same version, so the content is `model` as it is.

use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::{Answer, Options, Refused};
use crate::model::{EvidencePath, Source};

/// What a worker says first. Another version would speak another language.
pub(super) const GREETING: &str = concat!("evlint worker ", env!("CARGO_PKG_VERSION"));

/// What a master says first, once.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Terms {
    /// In bytes.
    pub(super) memory: u64,
    pub(super) options: Options,
}

/// A file to read.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) path: EvidencePath,
    pub(super) refused: Refused,
    pub(super) bytes: Arc<Vec<u8>>,
}

/// What a worker says of a job: what it begins, each time, and once what it read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// The place in the answer, and the source without its reading.
    Begun(usize, Box<Source>),
    Read(Answer),
}

impl Job {
    pub(super) fn send(&self, out: &mut impl Write) -> io::Result<()> {
        send(out, &(&self.path, &self.refused))?;
        send_bytes(out, &self.bytes)
    }

    /// # Errors
    /// Of the pipe; `UnexpectedEof` where the master has gone.
    pub(super) fn receive(input: &mut impl Read) -> io::Result<Self> {
        let (path, refused) = receive(input, u64::MAX)?;
        Ok(Self { path, refused, bytes: Arc::new(receive_bytes(input, u64::MAX)?) })
    }
}

pub(super) fn send<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    send_bytes(out, &encode(value)?)
}

pub(super) fn encode<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(nonsense)
}

/// In one piece where it is short: a frame is mostly a line or two, and each write wakes the other side.
pub(super) fn send_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    const SHORT: usize = 64 << 10;
    let length = (bytes.len() as u64).to_le_bytes();
    if bytes.len() <= SHORT {
        out.write_all(&[&length, bytes].concat())?;
    } else {
        out.write_all(&length)?;
        out.write_all(bytes)?;
    }
    out.flush()
}

/// # Errors
/// Of the pipe; `InvalidData` where a frame is longer than `most` bytes or makes no sense.
pub(super) fn receive<T: DeserializeOwned>(input: &mut impl Read, most: u64) -> io::Result<T> {
    let bytes = receive_bytes(input, most)?;
    let (value, rest) = postcard::take_from_bytes(&bytes).map_err(nonsense)?;
    if rest.is_empty() { Ok(value) } else { Err(nonsense("bytes left over")) }
}

fn receive_bytes(input: &mut impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(nonsense("a frame too long"));
    }
    // Exactly, since a large frame that grows by doubling holds twice its size.
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(length).map_err(nonsense)?)?;
    let received = input.take(length).read_to_end(&mut bytes)?;
    if received as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn nonsense(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Options, read};
    use crate::model::Unreadable;

    #[test]
    fn what_is_sent_is_received() {
        let job = Job {
            path: EvidencePath::new("记录/a.zip"),
            refused: Refused::from([(2, Unreadable::Limit { limit: "x".to_owned() })]),
            bytes: Arc::new(vec![7; 100_000]),
        };
        let mut pipe = Vec::new();
        job.send(&mut pipe).expect("a vector takes all");
        let received = Job::receive(&mut &pipe[..]).expect("what was sent");
        assert_eq!((received.path, received.refused, received.bytes), (job.path, job.refused, job.bytes));
    }

    /// Every format's own kinds of block and place go over the wire.
    #[test]
    fn answers_survive_the_wire() {
        let mut answers = 0;
        for folder in ["fixtures/extract", "fixtures/example/05_报告"] {
            for entry in std::fs::read_dir(folder).expect(folder) {
                let path = entry.expect(folder).path();
                let Ok(bytes) = std::fs::read(&path) else { continue };
                let sources = read(&EvidencePath::new(path.to_string_lossy()), &bytes, &Options::default());
                let sources = Answer { sources, lasting: true };
                let mut pipe = Vec::new();
                send(&mut pipe, &Message::Read(sources.clone())).expect("a vector takes all");
                let Ok(Message::Read(received)) = receive(&mut &pipe[..], u64::MAX) else {
                    panic!("{}", path.display())
                };
                assert_eq!(received, sources, "{}", path.display());
                answers += 1;
            }
        }
        assert!(answers > 5, "only {answers} fixtures were read");
    }

    #[test]
    fn nonsense_is_noticed() {
        let frame = |bytes: &[u8]| [&(bytes.len() as u64).to_le_bytes(), bytes].concat();
        for (name, bytes, kind) in [
            ("nothing", Vec::new(), io::ErrorKind::UnexpectedEof),
            ("half a length", vec![1, 2], io::ErrorKind::UnexpectedEof),
            ("text", b"thread 'main' panicked at src/x.rs".to_vec(), io::ErrorKind::InvalidData),
            ("half a frame", frame(b"1234")[..10].to_vec(), io::ErrorKind::UnexpectedEof),
            ("no message", frame(&[9, 9, 9]), io::ErrorKind::InvalidData),
            ("bytes left over", frame(&[1, 0, 0, 0]), io::ErrorKind::InvalidData),
            ("a million sources in no bytes", frame(&[1, 0xff, 0xff, 0xff, 0x7f]), io::ErrorKind::InvalidData),
        ] {
            let error = receive::<Message>(&mut &bytes[..], 1000).expect_err(name);
            assert_eq!(error.kind(), kind, "{name}");
        }
    }
}
