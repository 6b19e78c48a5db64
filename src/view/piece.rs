//! One item written at one level: the pieces whose costs add up to the cost of the whole.
//!
//! Every piece ends in one newline, is never blank and never begins with `/`. Then the tokens
//! of the pieces written one after the other are the sum of the tokens of each: see
//! [`crate::tokens::adds_up`].

use super::item::{Item, Level, NOTE, View};
use std::fmt::Write as _;

/// How a view is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people and agents.
    Text,
    /// For programs; charged as JSON.
    Json,
}

/// How much of an item is written: a level, or a beginning of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub level: Level,
    /// Bytes of the level's own text that are shown; `None` for all of it.
    pub cut: Option<usize>,
}

impl Shown {
    pub fn whole(level: Level) -> Shown {
        Shown { level, cut: None }
    }
}

/// Appends what stands before an item's children.
pub(super) fn open(view: &View, item: &Item, shown: Shown, format: Format, out: &mut String) {
    match format {
        Format::Text => text(view, item, shown, out),
        Format::Json => json(view, item, shown, out),
    }
}

/// Appends what stands after an item's children.
pub(super) fn close(item: &Item, format: Format, out: &mut String) {
    if format == Format::Json && item.is_parent {
        out.push_str("]}\n");
    }
}

fn text(view: &View, item: &Item, shown: Shown, out: &mut String) {
    let own = own_text(view, item, shown);
    let (label, head, rest) = match shown.level {
        Level::Body => ("", "", own),
        Level::Doc => head_and_doc(view, item, own),
        Level::Signature => ("", own, ""),
        Level::Name => (item.label, own, ""),
    };
    let pad = 2 * usize::from(item.depth);
    let _ = write!(out, "{:pad$}", "");
    match item.place.lines {
        Some((start, end)) if start == end => {
            let _ = write!(out, "{start} ");
        }
        Some((start, end)) => {
            let _ = write!(out, "{start}-{end} ");
        }
        // A piece never begins with `/`.
        None if pad == 0 && label.is_empty() && head.starts_with('/') => out.push(' '),
        None => {}
    }
    if shown.level == Level::Body {
        out.pop_if_space();
        out.push_str(":\n");
        out.push_str(rest);
        cut_mark(shown, out);
    } else {
        out.push_str(label);
        if !label.is_empty() {
            out.push(' ');
        }
        push_line(head, out);
        let is_in_head = rest.is_empty();
        if is_in_head {
            cut_mark(shown, out);
        }
        cost(view, item, out);
        for line in rest.lines() {
            let _ = write!(out, "\n{:pad$}    ", "");
            push_line(line.trim_end(), out);
        }
        if !is_in_head {
            cut_mark(shown, out);
        }
    }
    out.push('\n');
}

/// The line that documentation stands under, with its label, and the documentation; its own
/// first line where there is no other.
fn head_and_doc<'a>(view: &'a View, item: &Item, doc: &'a str) -> (&'static str, &'a str, &'a str) {
    let doc = doc.trim_start_matches(['\n', '\r']);
    let below = below(item, Level::Doc);
    let label = if below == Level::Name { item.label } else { "" };
    match view.text(item, below) {
        "" => {
            let (head, rest) = doc.split_once('\n').unwrap_or((doc, ""));
            ("", head, rest)
        }
        line => (label, line, doc),
    }
}

/// The cost of the whole of an item, where there is more to it.
fn cost(view: &View, item: &Item, out: &mut String) {
    if view.costs_in_text && item.tokens > 0 {
        let _ = write!(out, " +{}", item.tokens);
    }
}

fn cut_mark(shown: Shown, out: &mut String) {
    if shown.cut.is_some() {
        out.push('…');
    }
}

/// Bytes of a written piece beside its text: indentation or keys, lines, cost. Only for rough
/// figures: the order of steps, the size of what is too large to be counted.
pub(super) fn overhead(format: Format) -> usize {
    match format {
        Format::Text => 14,
        Format::Json => 64,
    }
}

/// Bytes of text written at a level, given those of its own text and those written at the level
/// below: documentation stands under the signature, in JSON everything stands side by side,
/// else a level replaces the one below. Never less than below.
pub(super) fn bytes(level: Level, own: usize, below: usize, format: Format) -> usize {
    if level == Level::Doc || format == Format::Json {
        below + own
    } else {
        own.max(below)
    }
}

/// Whether the text of this level is written at all: in JSON, the path of a file or folder
/// stands in place of its name.
pub(super) fn is_written(item: &Item, level: Level, format: Format) -> bool {
    let is_label = level == Level::Name && item.place.lines.is_none() && item.kind != NOTE;
    format == Format::Text || !is_label
}

/// The highest level of `item` below `level`.
fn below(item: &Item, level: Level) -> Level {
    item.levels()
        .filter(|known| *known < level)
        .last()
        .unwrap_or(Level::Name)
}

fn own_text<'a>(view: &'a View, item: &Item, shown: Shown) -> &'a str {
    let text = view.text(item, shown.level);
    let end = shown.cut.unwrap_or(text.len()).min(text.len());
    text[..end].trim_end()
}

/// `text` on one line, whatever control characters its names hold.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_line(text, &mut line);
    line
}

/// A text on one line, whatever control characters its names hold.
fn push_line(text: &str, out: &mut String) {
    if !text.contains(char::is_control) {
        return out.push_str(text);
    }
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default())
        } else {
            out.push(c)
        }
    }
}

fn json(view: &View, item: &Item, shown: Shown, out: &mut String) {
    // The space makes the piece cost the same with a comma before it and without, in both
    // encodings: `{"` is one token of o200k, `,{"` is two.
    out.push_str("{ \"kind\":");
    string(item.kind, out);
    match item.place.lines {
        None => field("path", view.path(item), out),
        Some((start, end)) => {
            let _ = write!(out, ",\"lines\":[{start},{end}]");
        }
    }
    for level in item.levels().filter(|level| *level <= shown.level) {
        let is_shown = level == shown.level;
        if is_written(item, level, Format::Json) {
            let text = if is_shown {
                own_text(view, item, shown)
            } else {
                view.text(item, level)
            };
            field(level.word(), text, out);
        }
    }
    if shown.cut.is_some() {
        out.push_str(",\"cut\":true");
    }
    if item.tokens > 0 {
        let _ = write!(out, ",\"tokens\":{}", item.tokens);
    }
    out.push_str(if item.is_parent {
        ",\"items\":[\n"
    } else {
        "}\n"
    });
}

fn field(name: &str, value: &str, out: &mut String) {
    let _ = write!(out, ",\"{name}\":");
    string(value, out);
}

/// Appends `text` as a JSON string.
pub fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

trait PopIfSpace {
    fn pop_if_space(&mut self);
}

impl PopIfSpace for String {
    fn pop_if_space(&mut self) {
        if self.ends_with(' ') {
            self.pop();
        }
    }
}
