//! Reads a folder of audit evidence and says which clauses of a standard have gaps.
//!
//! One way through, floor by floor; each knows only the floors before it:
//!
//! 1. [`model`]: the words we all speak.
//! 2. [`rules`], [`config`]: a pack and `evlint.json` to checked values.
//! 3. [`tree`]: the files of the folder and their bytes.
//! 4. [`extract`]: bytes of one file to a `Document` with places.
//! 5. [`matching`]: what a document is and which items it shows.
//! 6. [`assess`]: what is a gap and how grave it is.
//! 7. [`wording`], [`report`]: the answer, in the language and the format asked for.

pub mod assess;
pub mod config;
pub mod extract;
pub mod matching;
pub mod model;
pub mod report;
pub mod rules;
pub mod tree;
pub mod wording;
