//! One file as the graph takes it, and what is read from its text before files are joined.

use super::habits::{Habits, habits};
use super::imports::{self, ImportFacts};
use super::receiver::{Receiver, receiver};
use crate::code::files::Role;
use crate::code::syntax::{FileSyntax, Language};
use std::sync::Arc;

/// One file, parsed with references.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the workspace, with `/`.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// Its language; files without one define nothing.
    pub language: Option<&'static Language>,
    /// Its text.
    pub text: Arc<str>,
    /// What the parse of it found.
    pub syntax: Arc<FileSyntax>,
}

impl Source {
    /// How its language finds names.
    pub fn habits(&self) -> Habits {
        habits(self.language)
    }
}

/// What one file says by itself.
#[derive(Debug)]
pub(super) struct Facts {
    /// What each reference is written behind, in the order of the references.
    pub receivers: Vec<Receiver>,
    /// Its imports.
    pub imports: Vec<ImportFacts>,
}

impl Facts {
    pub fn of(source: &Source) -> Facts {
        let habits = source.habits();
        if !habits.is_code {
            return Facts {
                receivers: Vec::new(),
                imports: Vec::new(),
            };
        }
        Facts {
            receivers: source
                .syntax
                .references
                .iter()
                .map(|reference| receiver(&source.text, reference.span.start))
                .collect(),
            imports: imports::facts(source, &habits),
        }
    }
}
