//! The words we all speak: plain data, no I/O.
//!
//! Every floor above uses these types and none of them uses a floor above. Start reading at
//! [`document`] for what a file says, [`pack`] for what a standard asks, and [`assessment`] for
//! what an assessor would answer.

pub mod assessment;
pub mod document;
pub mod evidence;
mod extension;
pub mod finding;
pub mod form;
pub mod name;
pub mod pack;
pub(crate) mod pinyin;
pub mod settings;
pub mod text;
pub mod time;

pub use assessment::{Assessment, ClauseResult, ItemResult, MaterialResult, Status, Verdict};
pub use document::{Block, Cell, CellRef, Content, Document, Margin, Metadata, Place, Row, Table};
pub use evidence::{EvidencePath, FileFormat, Reading, Source, Unreadable};
pub use finding::{Confidence, Finding, Kind, Severity};
pub use pack::{Clause, Item, Material, MaterialRef, Pack};
pub use settings::{Project, Settings};
pub use time::{Cadence, Period, Span};
