//! One file of an outline: read, parsed, priced.

use super::OutlineRequest;
use super::entries::{Entries, Listed, retain};
use crate::code::cost::LineCosts;
use crate::code::files::{self, Role, SourceFile};
use crate::code::syntax::signature::doc_summary;
use crate::code::syntax::{self, FileSyntax, Language, Wants};
use crate::tokens::Counter;
use crate::view::Level;
use std::path::Path;

/// Longest doc summary, in bytes.
pub(super) const MAX_DOC: usize = 240;

/// The outline of one file, with everything that its items need and nothing more.
#[derive(Default)]
pub(super) struct FileOutline {
    /// Tokens of the whole file.
    pub tokens: u64,
    /// What the file says of itself, on one line; may be empty.
    pub doc: String,
    /// Its symbols, as many as the budget could show.
    pub listed: Listed,
    /// How many more symbols it has, and the bytes of their outline.
    pub unlisted: (usize, u64),
    /// What was not understood of it.
    pub notes: Vec<String>,
}

impl FileOutline {
    /// Lists no symbols but those that are kept; they hold the parents of each that they hold.
    pub fn retain(&mut self, is_kept: &[bool]) {
        let (listed, (dropped, bytes)) = retain(std::mem::take(&mut self.listed), is_kept);
        self.listed = listed;
        self.unlisted.0 += dropped;
        self.unlisted.1 += bytes;
    }
}

/// A file that was read and parsed. Its tokens are counted later: the tables of a grammar and
/// those of a vocabulary do not fit into a processor's cache together, so a few files are parsed
/// one after the other and then counted one after the other.
pub(super) enum Parsed {
    /// A text and what is in it.
    Text(ParsedText),
    /// A file without a text, or with one that is too large: there is no more to find out.
    Other(FileOutline),
}

/// A text that was parsed.
pub(super) struct ParsedText {
    pub content: String,
    pub syntax: FileSyntax,
    /// What a reader cares for the file, against 1.0.
    pub weight: f32,
}

/// Reads and parses one file. A file that holds no text to outline is still one.
///
/// # Errors
/// Why it cannot be read at all.
pub(super) fn parse_file(
    file: &SourceFile,
    is_named: bool,
    request: &OutlineRequest,
) -> Result<Parsed, String> {
    let text = match files::read(&file.location, request.max_file_bytes) {
        Ok(text) => text,
        Err(problem @ (files::Problem::Binary { .. } | files::Problem::TooLarge { .. })) => {
            // A tree is full of pictures: only who asks for one is told that it is one.
            let is_told = is_named || matches!(problem, files::Problem::TooLarge { .. });
            return Ok(Parsed::Other(FileOutline {
                notes: is_told.then(|| problem.to_string()).into_iter().collect(),
                ..FileOutline::default()
            }));
        }
        Err(problem) => return Err(problem.to_string()),
    };
    let head = &text.content.as_bytes()[..text.content.len().min(8192)];
    let language = syntax::language::detect(Path::new(&file.path), head);
    let by_hand = if files::is_marked_generated(head) {
        0.1
    } else {
        1.0
    };
    let mut parsed = ParsedText {
        syntax: parse_text(&text.content, language, request),
        weight: file.role.weight() * by_hand,
        content: text.content,
    };
    if file.role == Role::Docs {
        // Prose is never wrong, and nobody compiles it.
        parsed.syntax.notes.clear();
    }
    if text.is_lossy {
        let note = "invalid UTF-8, shown as \u{fffd}".to_owned();
        parsed.syntax.notes.push(note);
    }
    Ok(Parsed::Text(parsed))
}

/// Parses a text, when its language is known.
pub(super) fn parse_text(
    text: &str,
    language: Option<&'static Language>,
    request: &OutlineRequest,
) -> FileSyntax {
    let wants = Wants {
        references: false,
        limits: request.limits,
    };
    language
        .map(|language| syntax::parse(language, text, wants))
        .unwrap_or_default()
}

impl Parsed {
    /// Counts and lists what was parsed.
    pub fn outline(self, request: &OutlineRequest, counter: &Counter) -> FileOutline {
        match self {
            Parsed::Text(text) => text.outline(request, counter),
            Parsed::Other(outline) => outline,
        }
    }
}

impl ParsedText {
    /// Counts and lists what was parsed.
    pub fn outline(self, request: &OutlineRequest, counter: &Counter) -> FileOutline {
        let (text, syntax) = (&self.content, &self.syntax);
        let costs = LineCosts::new(counter, text);
        let listed = Entries {
            text,
            syntax,
            costs: &costs,
            counter,
            request,
            weight: self.weight,
        }
        .collect();
        let doc = syntax.doc.clone().filter(|_| request.level >= Level::Doc);
        FileOutline {
            tokens: counter.scale(costs.total()).0,
            doc: doc.map_or(String::new(), |doc| doc_summary(&text[doc], MAX_DOC)),
            listed,
            unlisted: (0, 0),
            notes: self.syntax.notes,
        }
    }
}
