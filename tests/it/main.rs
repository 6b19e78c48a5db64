//! The integration tests: one binary, one file per area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budget;
mod cli;
mod corpus;
mod digest;
mod graph;
mod hostile;
mod map;
mod mutations;
mod oracle;
mod outline;
mod promises;
mod read;
mod sandbox;
mod search;
mod symbol;
mod syntax;
mod tidy;
