//! The integration tests: one binary, one file per area.

mod corpus;
mod syntax;
