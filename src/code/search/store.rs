//! What the ranking needs from storage. Two stores answer alike: [`super::Memory`] from parsed
//! documents, and the index on disk (`code/index`).
//!
//! A document is a file's text with its symbols. It is cut into units: each symbol worth a line
//! of its own, without the units inside it, and what is left of the file. Files are numbered in
//! the order of their paths, units by file and in source order.
//!
//! # How to ask
//! Nothing is a slice of everything: a store on disk decodes what is asked for. [`Store::unit`]
//! and [`Store::file`] return small values and are cheap (a row is read), names and qualified
//! names cost a look-up each, so ask for those of the few units that matter. Sums over all units
//! come ready from [`Store::totals`]. Lists come as `Cow`: borrowed from memory, owned from disk.

use crate::code::files::Role;
use crate::code::syntax::{Lines, SymbolKind};
use std::borrow::Cow;

/// Where in a unit a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The symbol's own name.
    Name,
    /// Its signature, without the name.
    Signature,
    /// Its documentation.
    Doc,
    /// Everything else, comments included.
    Body,
}

/// Number of fields.
pub const FIELDS: usize = 4;

/// One file as the ranking sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileEntry<'a> {
    /// Path relative to the workspace, with `/`.
    pub path: &'a str,
    /// What it is for.
    pub role: Role,
    /// Its units: a range of indices, the residual unit first.
    pub units: (u32, u32),
    /// Number of lines.
    pub lines: u32,
    /// Terms in it.
    pub length: u32,
}

/// One unit, without its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Index of its file.
    pub file: u32,
    /// What it is; `None` for what no symbol holds.
    pub kind: Option<SymbolKind>,
    /// Its lines, those of units inside it included, without its doc comment.
    pub lines: Lines,
    /// First line of its doc comment, or of itself.
    pub doc_line: u32,
    /// The unit it stands in; the residual unit for the outermost.
    pub parent: Option<u32>,
    /// Whether it is a test.
    pub is_test: bool,
    /// Whether it is more than a declaration.
    pub has_body: bool,
    /// Terms of each field, those of units inside it not included.
    pub lengths: [u32; FIELDS],
}

/// How often a term stands in the fields of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Index of the unit.
    pub unit: u32,
    /// Occurrences in each field.
    pub counts: [u16; FIELDS],
}

/// Sums over everything in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Terms of each field of all units.
    pub unit_lengths: [u64; FIELDS],
    /// Terms of all files.
    pub file_length: u64,
}

/// What the ranking asks of storage.
pub trait Store {
    /// Number of files; they are numbered in the order of their paths.
    fn n_files(&self) -> u32;
    /// Number of units; they are numbered by file, in source order.
    fn n_units(&self) -> u32;
    /// A file; `file` is smaller than [`Store::n_files`].
    fn file(&self, file: u32) -> FileEntry<'_>;
    /// A unit; `unit` is smaller than [`Store::n_units`].
    fn unit(&self, unit: u32) -> Unit;
    /// The name of a unit; empty for the residual unit.
    fn name(&self, unit: u32) -> Cow<'_, str>;
    /// The name of a unit with those around it; empty for the residual unit.
    fn qualified(&self, unit: u32) -> Cow<'_, str>;
    /// Sums over all files and units.
    fn totals(&self) -> Totals;
    /// The units that hold `term`, in order.
    fn postings(&self, term: &str) -> Cow<'_, [Posting]>;
    /// The files whose path holds `term`, in order.
    fn paths(&self, term: &str) -> Cow<'_, [u32]>;
    /// The units in whose containers' names `term` stands, in order.
    fn containers(&self, term: &str) -> Cow<'_, [u32]>;
    /// The units whose symbol has exactly this name, in order.
    fn definitions(&self, name: &str) -> Cow<'_, [u32]>;
    /// The units that use `name`, in order.
    fn uses(&self, name: &str) -> Cow<'_, [u32]>;
    /// The names that a unit uses, sorted, each once.
    fn used_by(&self, unit: u32) -> Vec<String>;
    /// The text of a file.
    fn text(&self, file: u32) -> &str;
}
