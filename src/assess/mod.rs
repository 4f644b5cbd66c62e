//! Decides which clauses have gaps.
