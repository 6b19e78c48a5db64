//! One file of a difference: its lines compared, its symbols compared, its hunks priced.

use super::DiffRequest;
use super::changes::{Change, Status};
use super::content::Content;
use super::lines::{Edit, Hunk, edits, hunks, split};
use super::symbols::{Compared, Parsed, SymbolChange, Touch, compare, extent};
use crate::code::files::{Role, is_marked_generated};
use crate::code::syntax::{self, FileSyntax, Import, Language, Wants};
use crate::tokens::Counter;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// A hunk and what it costs.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The hunk.
    pub hunk: Hunk,
    /// Its tokens.
    pub tokens: u64,
}

/// What is told of one file.
#[derive(Clone, Debug)]
pub struct FileDiff {
    /// Its path for the reader.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// Its language.
    pub language: Option<&'static Language>,
    /// What happened to it, in words; empty when only its text changed.
    pub words: String,
    /// Whether it is told before all others.
    pub is_conflict: bool,
    /// Whether it is gone.
    pub is_gone: bool,
    /// Lines that came and went.
    pub counts: (usize, usize),
    /// Why its hunks are shown as one, last of all.
    pub collapsed: Option<&'static str>,
    /// Imports that came and went, on one line; may be empty.
    pub imports: String,
    /// Its symbols.
    pub changes: Vec<SymbolChange>,
    /// Its hunks, in order.
    pub hunks: Vec<Priced>,
    /// What was not understood of it.
    pub notes: Vec<String>,
}

/// Longest text of the hunks of one file, in bytes; what is longer is named, not shown.
const MOST_HUNK_BYTES: usize = 2_000_000;

/// Compares the sides of one file; `None` when nothing differs after all.
pub(super) fn file_diff(
    path: String,
    change: &Change,
    old: &Content,
    new: &Content,
    request: &DiffRequest,
    counter: &Counter,
) -> Option<FileDiff> {
    let own_path = change.path().to_string_lossy();
    let mut file = FileDiff {
        role: Role::of(&own_path),
        language: None,
        path,
        words: words(change),
        is_conflict: change.status == Status::Unmerged,
        is_gone: change.new.is_none(),
        counts: (0, 0),
        collapsed: None,
        imports: String::new(),
        changes: Vec::new(),
        hunks: Vec::new(),
        notes: Vec::new(),
    };
    match (old, new) {
        (Content::Text(..) | Content::Nothing, Content::Text(..) | Content::Nothing) => {
            texts(&mut file, change, old, new, request, counter);
        }
        _ if old == new && !matches!(old, Content::Binary(_) | Content::TooLarge(_)) => {}
        _ => also(
            &mut file.words,
            &format!("{}{}", told(old, new), bytes_words(old, new)),
        ),
    }
    let is_same = file.words.is_empty() && file.hunks.is_empty() && file.changes.is_empty();
    (!is_same).then_some(file)
}

fn also(words: &mut String, more: &str) {
    if !words.is_empty() {
        words.push_str(", ");
    }
    words.push_str(more);
}

/// What happened to a file beside its text.
fn words(change: &Change) -> String {
    let mut words = match change.status {
        Status::Added => "new".to_owned(),
        Status::Untracked => "new, untracked".to_owned(),
        Status::Deleted => "deleted".to_owned(),
        Status::Modified => String::new(),
        Status::Renamed => format!("renamed from {}", old_path(change)),
        Status::Copied => format!("copied from {}", old_path(change)),
        Status::Unmerged => format!("conflict: {}", change.conflict.unwrap_or("unmerged")),
    };
    if let (Some(old), Some(new)) = (&change.old, &change.new)
        && old.mode != new.mode
    {
        also(
            &mut words,
            &format!("mode {:o} -> {:o}", old.mode, new.mode),
        );
    }
    words
}

fn old_path(change: &Change) -> String {
    let old = change
        .old
        .as_ref()
        .map(|old| old.path.to_string_lossy().into_owned());
    old.unwrap_or_default()
}

/// What a side is that is no text.
fn told(old: &Content, new: &Content) -> String {
    let word = |content: &Content| match content {
        Content::Nothing => "nothing".to_owned(),
        Content::Text(..) => "text".to_owned(),
        Content::Binary(_) => "binary".to_owned(),
        Content::TooLarge(_) => "too large to compare (`code.max_file_bytes`)".to_owned(),
        Content::Link(target) => format!("link to {target}"),
        Content::Submodule(commit) => {
            format!("submodule at {}", super::sides::short(commit))
        }
        Content::Unreadable(why) => format!("unreadable: {why}"),
    };
    let (old_word, new_word) = (word(old), word(new));
    match (old, new) {
        (Content::Nothing, _) => new_word,
        (_, Content::Nothing) => old_word,
        _ if old_word == new_word => new_word,
        _ => format!("{old_word} -> {new_word}"),
    }
}

fn bytes_words(old: &Content, new: &Content) -> String {
    let size = |content: &Content| match content {
        Content::Binary(bytes) | Content::TooLarge(bytes) => Some(*bytes),
        _ => None,
    };
    match (size(old), size(new)) {
        (Some(old), Some(new)) if old == new => format!(", {new} bytes"),
        (Some(old), Some(new)) => format!(", {old} -> {new} bytes"),
        (Some(one), None) | (None, Some(one)) => format!(", {one} bytes"),
        (None, None) => String::new(),
    }
}

/// A side's text with what is known of it.
struct Side<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    /// Byte at which each line begins, and the length of the text.
    starts: Vec<usize>,
    syntax: FileSyntax,
}

impl<'a> Side<'a> {
    fn new(content: &'a Content, language: Option<&'static Language>, wants: Wants) -> Side<'a> {
        let text = match content {
            Content::Text(text, _) => text.as_str(),
            _ => "",
        };
        let lines = split(text);
        let mut starts = Vec::with_capacity(lines.len() + 1);
        let mut at = 0;
        for line in &lines {
            starts.push(at);
            at += line.len();
        }
        starts.push(at);
        let syntax = match language {
            Some(language) if !text.is_empty() => syntax::parse(language, text, wants),
            _ => FileSyntax::default(),
        };
        Side {
            text,
            lines,
            starts,
            syntax,
        }
    }

    fn parsed(&self) -> Parsed<'_> {
        Parsed {
            text: self.text,
            syntax: &self.syntax,
        }
    }

    /// The lines, 0-based, that a range of bytes stands in.
    fn lines_of(&self, bytes: Range<usize>) -> Range<usize> {
        let line = |byte: usize| self.starts.partition_point(|start| *start <= byte).max(1) - 1;
        let end = bytes.end.max(bytes.start + 1) - 1;
        line(bytes.start)..(line(end) + 1).min(self.lines.len())
    }

    /// For each line the change that its innermost symbol belongs to. A blank line goes with
    /// the one before it.
    fn owners(&self, of: &[Option<usize>]) -> Vec<Option<usize>> {
        let mut owners = vec![None; self.lines.len()];
        for (symbol, owner) in self.syntax.symbols.iter().zip(of) {
            let lines = self.lines_of(extent(symbol));
            if let Some(slots) = owners.get_mut(lines) {
                slots.fill(*owner);
            }
        }
        for at in 1..owners.len() {
            if self.lines[at].trim().is_empty() && owners[at - 1].is_some() {
                owners[at] = owners[at - 1];
            }
        }
        owners
    }
}

fn texts(
    file: &mut FileDiff,
    change: &Change,
    old: &Content,
    new: &Content,
    request: &DiffRequest,
    counter: &Counter,
) {
    if old == new {
        return;
    }
    let shown = if matches!(new, Content::Text(..)) {
        new
    } else {
        old
    };
    let Content::Text(text, is_lossy) = shown else {
        return;
    };
    let head = &text.as_bytes()[..text.len().min(8_192)];
    file.language = syntax::language::detect(change.path(), head);
    file.collapsed = collapsed(file.role, head, change.path());
    if *is_lossy {
        file.notes
            .push("invalid UTF-8, shown as \u{fffd}".to_owned());
    }
    // What a program wrote is not told by its symbols.
    let language = file.language.filter(|_| file.collapsed.is_none());
    let wants = Wants {
        references: false,
        limits: request.limits,
    };
    let (old, new) = (
        Side::new(old, language, wants),
        Side::new(new, language, wants),
    );
    if language.is_some() && file.role != Role::Docs {
        file.notes.extend(new.syntax.notes.first().cloned());
    }
    let edits = edits(&old.lines, &new.lines);
    file.counts = edits.iter().fold((0, 0), |(came, went), edit| {
        (came + edit.new.len(), went + edit.old.len())
    });
    let compared = compare(
        old.parsed(),
        new.parsed(),
        |bytes| touched(&edits, old.lines_of(bytes), |edit| &edit.old),
        |bytes| touched(&edits, new.lines_of(bytes), |edit| &edit.new),
    );
    file.imports = imports(&old.syntax.imports, &new.syntax.imports);
    if file.is_conflict {
        file.notes.extend(conflicts(&new.lines));
    }
    add_hunks(file, &old, &new, &edits, compared, counter);
}

/// Why a file's lines are nothing to read one by one.
fn collapsed(role: Role, head: &[u8], path: &Path) -> Option<&'static str> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    let is_lock = name.is_some_and(|name| {
        name.contains("lock") || name == "go.sum" || name == "npm-shrinkwrap.json"
    });
    match role {
        Role::Generated if is_lock => Some("a lock file"),
        Role::Generated => Some("generated, by its name"),
        Role::Vendored => Some("other people's code"),
        _ if is_marked_generated(head) => Some("generated, it says"),
        _ => None,
    }
}

fn touched(edits: &[Edit], lines: Range<usize>, side: impl Fn(&Edit) -> &Range<usize>) -> Touch {
    let first = edits.partition_point(|edit| side(edit).end <= lines.start);
    let shared: usize = edits[first..]
        .iter()
        .take_while(|edit| side(edit).start < lines.end)
        .map(|edit| side(edit).end.min(lines.end) - side(edit).start.max(lines.start))
        .sum();
    // Lines that are gone on this side leave a mark between two of its lines.
    let is_between = edits[first.saturating_sub(1)..].iter().take(2).any(|edit| {
        let at = side(edit);
        at.is_empty() && at.start > lines.start && at.start < lines.end
    });
    match shared {
        0 if is_between => Touch::Part,
        0 => Touch::None,
        all if all == lines.len() => Touch::All,
        _ => Touch::Part,
    }
}

fn add_hunks(
    file: &mut FileDiff,
    old: &Side,
    new: &Side,
    edits: &[Edit],
    compared: Compared,
    counter: &Counter,
) {
    let old_owners = old.owners(&compared.of_old);
    let new_owners = new.owners(&compared.of_new);
    file.changes = compared.changes;
    let is_one = file.collapsed.is_some() || file.is_gone;
    let found = hunks(
        &old.lines,
        &new.lines,
        edits,
        |line| old_owners[line].filter(|_| !is_one),
        |line| new_owners[line].filter(|_| !is_one),
    );
    let mut bytes = 0;
    for hunk in found {
        bytes += hunk.text.len();
        if bytes > MOST_HUNK_BYTES {
            let note = format!("hunks over {MOST_HUNK_BYTES} bytes are not shown: `git diff` does");
            return file.notes.push(note);
        }
        let tokens = counter.count(&hunk.text).0;
        match file.hunks.last_mut().filter(|_| is_one) {
            Some(last) => {
                last.hunk.text.push_str(&hunk.text);
                last.hunk.lines.1 = hunk.lines.1.max(last.hunk.lines.0);
                last.tokens += tokens;
            }
            None => file.hunks.push(Priced { hunk, tokens }),
        }
    }
}

/// Imports that came and went: `+ a, b; - c`.
fn imports(old: &[Import], new: &[Import]) -> String {
    let paths = |imports: &[Import]| -> BTreeSet<String> {
        imports.iter().map(|import| import.path.clone()).collect()
    };
    let (old, new) = (paths(old), paths(new));
    let listed = |mark: &str, from: &BTreeSet<String>, without: &BTreeSet<String>| {
        let names: Vec<&str> = from.difference(without).map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("{mark} {}", names.join(", ")))
    };
    let parts = [listed("+", &new, &old), listed("-", &old, &new)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Where the sides of a merge stand in the file.
fn conflicts(lines: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = None;
    for (idx, line) in lines.iter().enumerate() {
        if let Some(ours) = line.strip_prefix("<<<<<<< ") {
            start = Some((idx + 1, ours.trim()));
        } else if let Some(theirs) = line.strip_prefix(">>>>>>> ")
            && let Some((first, ours)) = start.take()
        {
            let theirs = theirs.trim();
            found.push(format!(
                "{first}-{} conflict of {ours} and {theirs}",
                idx + 1
            ));
        }
    }
    found
}

/// Whether a symbol of the file is shown under what was asked of tests.
pub(super) fn is_test(file: &FileDiff, change: &SymbolChange) -> bool {
    file.role == Role::Test || change.is_test
}
