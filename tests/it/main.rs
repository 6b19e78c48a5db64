//! The integration tests: one binary, one file per area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corpus;
mod digest;
mod syntax;
mod tidy;
