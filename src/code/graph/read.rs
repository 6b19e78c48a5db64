//! Reads and parses the tree for a graph. The one part of it that touches files.

use super::source::Source;
use crate::code::files::{self, Role, SourceFile, WalkOptions};
use crate::code::syntax::{self, FileSyntax, Limits, Wants};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// What is read of a tree.
#[derive(Clone, Copy, Debug)]
pub struct TreeOptions {
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
}

/// What was read: the files that hold text, sorted by path, and the problems met, as
/// (path, problem).
#[derive(Debug, Default)]
pub struct Tree {
    /// The files.
    pub sources: Vec<Source>,
    /// Files that could not be read; those that hold no text are none.
    pub problems: Vec<(String, String)>,
}

/// Reads all files below `root`.
pub fn read_tree(root: &Path, options: TreeOptions) -> Tree {
    let found = files::find(root, root, &[], options.walk);
    let read: Vec<Result<Source, Option<(String, String)>>> = found
        .files
        .par_iter()
        .map(|file| source(file, options))
        .collect();
    let mut tree = Tree {
        sources: Vec::with_capacity(read.len()),
        problems: found.problems,
    };
    for source in read {
        match source {
            Ok(source) => tree.sources.push(source),
            Err(problem) => tree.problems.extend(problem),
        }
    }
    tree.sources.sort_by(|a, b| a.path.cmp(&b.path));
    tree
}

fn source(file: &SourceFile, options: TreeOptions) -> Result<Source, Option<(String, String)>> {
    let text = match files::read(&file.location, options.max_file_bytes) {
        Ok(text) => text.content,
        Err(files::Problem::Binary { .. } | files::Problem::TooLarge { .. }) => return Err(None),
        Err(problem) => return Err(Some((file.path.clone(), problem.to_string()))),
    };
    let head = &text.as_bytes()[..text.len().min(8192)];
    let language = syntax::language::detect(&file.location, head);
    let role = if files::is_marked_generated(head) {
        Role::Generated
    } else {
        file.role
    };
    let wants = Wants {
        references: true,
        limits: options.limits,
    };
    // Data refers to nothing, and parsing it costs as much as parsing code.
    let syntax = match language {
        Some(language) if role != Role::Config => syntax::parse(language, &text, wants),
        _ => FileSyntax::default(),
    };
    Ok(Source {
        path: file.path.clone(),
        role,
        language,
        text: Arc::from(text),
        syntax: Arc::new(syntax),
    })
}
