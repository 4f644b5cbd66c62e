//! Decides what a document is and which items it shows.
