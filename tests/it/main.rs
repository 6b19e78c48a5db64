//! The integration tests: one binary, one file per area.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budget;
mod cli;
mod corpus;
mod diff;
mod digest;
mod digest_door;
mod fresh;
mod graph;
mod hostile;
mod index;
mod map;
mod mutations;
mod oracle;
mod outline;
mod promises;
mod read;
mod sandbox;
mod search;
mod session;
mod summary;
mod symbol;
mod syntax;
#[cfg(unix)]
mod task;
#[cfg(target_os = "linux")]
mod task_faults;
mod tidy;
