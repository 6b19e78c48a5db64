//! The integration tests: one binary, one file per area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budget;
mod cli;
mod corpus;
mod digest;
mod hostile;
mod mutations;
mod oracle;
mod outline;
mod promises;
mod read;
mod sandbox;
mod session;
mod syntax;
mod tidy;
