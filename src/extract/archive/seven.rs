//! 7z archives: blocks that each hold several members one behind the other.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};

use super::{Basket, MAX_WINDOW_BYTES, corrupt};
use crate::extract::{guard, limit};
use crate::model::Unreadable;

pub(super) fn take_apart(bytes: &[u8], basket: &mut Basket) -> Result<(), Unreadable> {
    let nobody = Password::empty();
    let mut source = Cursor::new(bytes);
    // Indices in its tables are taken on trust.
    let archive = guard::foreign(|| Archive::read(&mut source, &nobody).map_err(|error| why(&error)))?;
    let mut seen = BTreeSet::new();
    for index in 0..archive.blocks.len() {
        if basket.is_full() {
            return Ok(());
        }
        if let Err(why) = guard::foreign(|| block(&archive, index, &mut source, basket, &mut seen)) {
            refuse_rest(&archive, index, &seen, &why, basket);
        }
    }
    for file in archive.files.iter().filter(|file| !file.has_stream) {
        if is_member(file) && !basket.is_full() {
            basket.put(file.name.clone(), Ok(Vec::new()));
        }
    }
    Ok(())
}

/// The members of one block, until one is too much: those behind it can only be had through it.
fn block(
    archive: &Archive,
    index: usize,
    source: &mut Cursor<&[u8]>,
    basket: &mut Basket,
    seen: &mut BTreeSet<String>,
) -> Result<(), Unreadable> {
    let nobody = Password::empty();
    let mut refused = None;
    let decoder = BlockDecoder::new(1, index, archive, &nobody, source);
    let done = decoder.for_each_entries(&mut |file: &ArchiveEntry, content: &mut dyn Read| {
        if basket.is_full() {
            return Ok(false);
        }
        seen.insert(file.name.clone());
        if !is_member(file) {
            // The next member begins where this one ends.
            io::copy(content, &mut io::sink())?;
            return Ok(true);
        }
        basket.inflate(file.name.clone(), None, content, |error| corrupt(&error));
        refused = basket.members.last().and_then(|member| member.bytes.as_ref().err().cloned());
        Ok(refused.is_none())
    });
    match (refused, done) {
        (Some(why), _) => Err(why),
        (None, Ok(_)) => Ok(()),
        (None, Err(error)) => Err(why(&error)),
    }
}

fn refuse_rest(archive: &Archive, index: usize, seen: &BTreeSet<String>, why: &Unreadable, basket: &mut Basket) {
    let of_block = archive.files.iter().zip(&archive.stream_map.file_block_index).filter(|(_, at)| **at == Some(index));
    for (file, _) in of_block {
        if is_member(file) && !seen.contains(&file.name) && !basket.is_full() {
            basket.refuse(file.name.clone(), why.clone());
        }
    }
}

fn is_member(file: &ArchiveEntry) -> bool {
    !file.is_directory && !file.is_anti_item && Basket::wants(&file.name)
}

fn why(error: &Error) -> Unreadable {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Unreadable::Encrypted,
        // The library is built without decryption and names what it would take.
        Error::UnsupportedCompressionMethod(method) if method == EncoderMethod::AES256_SHA256.name() => {
            Unreadable::Encrypted
        }
        Error::UnsupportedCompressionMethod(_) | Error::ExternalUnsupported | Error::Unsupported(_) => {
            Unreadable::Unsupported
        }
        Error::MaxMemLimited { .. } => limit("MAX_WINDOW_BYTES", MAX_WINDOW_BYTES),
        error => corrupt(error),
    }
}
