//! RAR archives, old and new.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use rars::{
    ArchiveMember, ArchiveReadOptions, ArchiveReader, Error, ErrorKind, ExtractionDecision, ExtractionErrorAction,
};

use super::{Basket, Bounded, MAX_WINDOW_BYTES, Most, corrupt};
use crate::extract::{MAX_MEMBERS, encoding, limit};
use crate::model::Unreadable;

/// Bytes of all headers: a name and its dates take some hundred.
const MAX_HEADER_BYTES: u64 = 16 << 20;

pub(super) fn take_apart(bytes: &[u8], basket: &mut Basket) -> Result<(), Unreadable> {
    let archive = ArchiveReader::read_with_options(bytes, options()).map_err(|error| why(&error))?;
    let taking = RefCell::new(Taking { basket, open: None, begun: 0, gave_up: None });
    let done = archive.extract_with_control_and_errors(
        options(),
        |member| Ok(taking.borrow_mut().begin(member, archive.is_solid())),
        |_, error| {
            taking.borrow_mut().close(Err(why(error)));
            Ok(ExtractionErrorAction::Continue)
        },
    );
    let mut taking = taking.into_inner();
    taking.close(done.as_ref().map(|_| ()).map_err(why));
    let rest = done.err().map(|error| why(&error)).or(taking.gave_up);
    let Some(rest) = rest else { return Ok(()) };
    // Later members of a solid archive can only be had through those before them.
    for member in archive.member_refs().skip(taking.begun).map(|member| member.to_owned()) {
        if is_member(&member) && !taking.basket.is_full() {
            taking.basket.refuse(name_of(&member), rest.clone());
        }
    }
    Ok(())
}

fn options() -> ArchiveReadOptions<'static> {
    ArchiveReadOptions::new()
        .with_max_header_count(4 * MAX_MEMBERS as u64)
        .with_max_header_bytes(MAX_HEADER_BYTES)
        .with_rar50_dictionary_size_limit(MAX_WINDOW_BYTES)
        .with_max_reader_workspace_bytes(2 * MAX_WINDOW_BYTES)
}

/// Members on their way from the archive to the basket.
struct Taking<'b> {
    basket: &'b mut Basket,
    /// The member that is being written.
    open: Option<Open>,
    /// Members that were looked at.
    begun: usize,
    /// Why nothing more of a solid archive is read.
    gave_up: Option<Unreadable>,
}

struct Open {
    name: String,
    most: Most,
    sink: Rc<RefCell<Bounded>>,
}

impl Taking<'_> {
    fn begin(&mut self, member: &ArchiveMember, solid: bool) -> ExtractionDecision {
        self.close(Ok(()));
        self.begun += 1;
        if self.basket.is_full() {
            return ExtractionDecision::Stop;
        }
        let meta = &member.meta;
        if !is_member(member) {
            let is_file = !meta.is_directory && !meta.is_redirection;
            return if solid && is_file {
                ExtractionDecision::Extract(Box::new(io::sink()))
            } else {
                ExtractionDecision::Skip
            };
        }
        let stored = (!solid).then_some(meta.packed_size);
        let most = self.basket.most(stored);
        let refused = match () {
            () if meta.is_encrypted => Some(Unreadable::Encrypted),
            // The other volumes are other files.
            () if meta.is_split_before || meta.is_split_after => Some(Unreadable::Unsupported),
            () if meta.unpacked_size > most.bytes => Some(most.why()),
            () => None,
        };
        if let Some(why) = refused {
            self.basket.refuse(name_of(member), why.clone());
            if !solid {
                return ExtractionDecision::Skip;
            }
            self.gave_up = Some(why);
            return ExtractionDecision::Stop;
        }
        let sink = Rc::new(RefCell::new(Bounded { bytes: Vec::new(), most: most.bytes }));
        self.open = Some(Open { name: name_of(member), most, sink: Rc::clone(&sink) });
        ExtractionDecision::Extract(Box::new(Shared(sink)))
    }

    /// Puts the open member into the basket, or what went wrong with it.
    fn close(&mut self, done: Result<(), Unreadable>) {
        let Some(open) = self.open.take() else { return };
        let bytes = std::mem::take(&mut open.sink.borrow_mut().bytes);
        let full = bytes.len() as u64 > open.most.bytes;
        // What was too much ends in an error of its own, that says less.
        self.basket.put(open.name, if full { Err(open.most.why()) } else { done.map(|()| bytes) });
    }
}

/// A destination that outlives its being written to.
struct Shared(Rc<RefCell<Bounded>>);

impl Write for Shared {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(more)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_member(member: &ArchiveMember) -> bool {
    !member.meta.is_directory && !member.meta.is_redirection && Basket::wants(&name_of(member))
}

fn name_of(member: &ArchiveMember) -> String {
    encoding::decode_name(&member.meta.name, member.name_is_unicode())
}

fn why(error: &Error) -> Unreadable {
    match error.kind() {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => Unreadable::Encrypted,
        // Built without decryption.
        ErrorKind::UnsupportedFeature if matches!(error.root_cause(), Error::FeatureDisabled { .. }) => {
            Unreadable::Encrypted
        }
        ErrorKind::UnsupportedFeature | ErrorKind::UnsupportedFormat => Unreadable::Unsupported,
        ErrorKind::ResourceLimit => limit("MAX_WINDOW_BYTES", MAX_WINDOW_BYTES),
        _ => corrupt(error),
    }
}
