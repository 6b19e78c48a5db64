//! The integration tests: one binary, one file per area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budget;
mod cli;
mod corpus;
mod digest;
mod fresh;
mod hostile;
mod index;
mod mutations;
mod oracle;
mod outline;
mod promises;
mod read;
mod sandbox;
mod search;
mod syntax;
mod tidy;
