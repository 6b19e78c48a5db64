//! `ctx`
pub mod cli;
pub mod code;
pub mod config;
pub mod error;
mod nearest;
mod shell;
pub mod tokens;
pub mod view;
pub mod workspace;
