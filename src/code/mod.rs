//! Code: from files to symbols to views. Knows nothing of tasks, sessions and doors.

pub mod budget;
pub mod cost;
pub mod files;
pub mod index;
pub mod outline;
pub mod read;
pub mod search;
pub mod syntax;
