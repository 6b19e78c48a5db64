//! Code: from files to symbols to views. Knows nothing of tasks, sessions and doors.

pub mod budget;
pub mod cost;
pub mod diff;
pub mod family;
pub mod files;
pub mod git;
pub mod graph;
pub mod history;
pub mod index;
pub mod map;
pub mod matches;
pub mod outline;
pub mod read;
pub mod scope;
pub mod search;
pub mod summary;
pub mod symbol;
pub mod syntax;
