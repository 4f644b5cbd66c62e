//! Walks the evidence folder.
