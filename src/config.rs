//! Reads `evlint.json`.
