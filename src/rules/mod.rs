//! Reads rule packs.
