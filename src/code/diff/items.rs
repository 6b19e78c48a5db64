//! The items of a difference and what each is worth: every changed symbol by name before any
//! hunk, exported API before private bodies, sources before tests before what a program wrote.

use super::file::{FileDiff, Priced};
use super::sides::Sides;
use super::symbols::{SymbolChange, Verb};
use super::uses::{Use, Uses};
use super::{DiffRequest, concerns_users};
use crate::code::files::Role;
use crate::code::outline::Tests;
use crate::view::{ItemBuilder, Level, Noun, Place, View};
use std::collections::{BTreeMap, BTreeSet};

const FILES: u8 = 0;
const SYMBOLS: u8 = 1;
const HUNKS: u8 = 2;
const DETAILS: u8 = 3;
const NOTES: u8 = 4;

/// Values for each byte, so that the order of the sorts of items holds whatever their length.
mod worth {
    /// What was compared.
    pub const HEAD: f32 = 4_000.0;
    /// A conflict, a problem.
    pub const NOTE: f32 = 1_000.0;
    /// The line of a source file, and of one that a merge could not settle.
    pub const FILE: f32 = 50.0;
    /// See [`FILE`].
    pub const CONFLICT: f32 = 2_000.0;
    /// The name of a symbol of a source file.
    pub const SYMBOL: f32 = 40.0;
    /// Its signature.
    pub const SIGNATURE: f32 = 14.0;
    /// The signature it had.
    pub const WAS: f32 = 12.0;
    /// Who uses it, in short.
    pub const USES: f32 = 10.0;
    /// Each of its uses.
    pub const USES_LISTED: f32 = 1.5;
    /// Imports that changed.
    pub const IMPORTS: f32 = 5.0;
    /// A hunk.
    pub const HUNK: f32 = 1.0;
}

/// Uses named in the short form, and in the long one.
const FEW: usize = 3;
/// See [`FEW`].
const MANY: usize = 40;

/// The name whose uses a reader of `change` is told, if any.
pub(super) fn looked_up(change: &SymbolChange) -> Option<&str> {
    let is_used = !change.kind.is_member_data() && !change.is_test && change.name.len() > 1;
    if !concerns_users(change.verb) || !is_used {
        return None;
    }
    match (change.verb, &change.other_end) {
        // Its users may still use the name it had.
        (Verb::Renamed, Some(old)) => {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            old.rsplit(|c| !is_word(c))
                .next()
                .filter(|name| !name.is_empty())
        }
        _ => Some(&change.name),
    }
}

type AllUses = BTreeMap<(&'static str, String), Uses>;

/// Builds the view.
pub(super) fn view(
    request: &DiffRequest,
    sides: &Sides,
    notes: &[String],
    files: &[FileDiff],
    uses: &AllUses,
    unlisted: usize,
) -> View {
    let mut view = View::new("diff", request.command.clone(), nouns());
    head(&mut view, sides, files);
    for note in notes {
        view.add_note(NOTES, "", note, valued(worth::NOTE, note.len(), 0));
    }
    let mut order: Vec<&FileDiff> = files.iter().collect();
    order.sort_by_key(|file| (!file.is_conflict, rank(file)));
    for file in order {
        FileItems {
            view: &mut view,
            file,
            uses,
            request,
        }
        .add();
    }
    if unlisted > 0 {
        view.unlisted.push((FILES, unlisted, 400 * unlisted as u64));
    }
    view
}

fn nouns() -> Vec<Noun> {
    let nouns = [
        ("file", "files"),
        ("symbol", "symbols"),
        ("hunk", "hunks"),
        ("detail", "details"),
        ("note", "notes"),
    ];
    nouns.iter().map(|(one, many)| Noun { one, many }).collect()
}

/// Files of one sort stand together, sources first.
fn rank(file: &FileDiff) -> u8 {
    if file.collapsed.is_some() {
        return 9;
    }
    match file.role {
        Role::Source => 0,
        Role::Example => 1,
        Role::Docs | Role::Config => 2,
        Role::Test => 3,
        Role::Vendored | Role::Generated => 9,
    }
}

/// What a file is worth against a source file.
fn weight(file: &FileDiff) -> f32 {
    if file.collapsed.is_some() {
        return 0.02;
    }
    match file.role {
        Role::Source => 1.0,
        Role::Example => 0.7,
        Role::Docs | Role::Config => 0.6,
        Role::Test => 0.5,
        Role::Vendored => 0.05,
        Role::Generated => 0.02,
    }
}

/// What a symbol is worth against an exported one that its users must follow.
fn symbol_weight(change: &SymbolChange) -> f32 {
    let verb = match change.verb {
        Verb::Signature | Verb::Removed | Verb::Renamed => 1.0,
        Verb::Added => 0.9,
        Verb::Body | Verb::Value => 0.8,
        Verb::Moved | Verb::Attributes => 0.7,
        Verb::Doc => 0.5,
        Verb::Reformatted => 0.3,
    };
    let reach = if change.is_public { 1.0 } else { 0.75 };
    let part = if change.kind.is_member_data() {
        0.6
    } else {
        1.0
    };
    let test = if change.is_test { 0.6 } else { 1.0 };
    let nested = if change.parent.is_some() { 0.7 } else { 1.0 };
    verb * reach * part * test * nested
}

/// Value of a text of so many bytes at a depth: `ratio` for each byte that it costs.
fn valued(ratio: f32, bytes: usize, depth: usize) -> f32 {
    ratio * (bytes + 14 + 2 * depth) as f32
}

fn head(view: &mut View, sides: &Sides, files: &[FileDiff]) {
    let (came, went) = files.iter().fold((0, 0), |(came, went), file| {
        (came + file.counts.0, went + file.counts.1)
    });
    let symbols: usize = files.iter().map(|file| file.changes.len()).sum();
    let counted = |count: usize, noun: u8| nouns()[usize::from(noun)].counted(count);
    let text = format!(
        "{}: {}, +{came} -{went} lines, {}",
        sides.words,
        counted(files.len(), FILES),
        counted(symbols, SYMBOLS)
    );
    let path = view.add_path(".".to_owned());
    view.add(ItemBuilder {
        noun: DETAILS,
        place: Place { path, lines: None },
        kind: "comparison",
        levels: &[(Level::Signature, &text, valued(worth::HEAD, text.len(), 0))],
        ..ItemBuilder::default()
    });
}

struct FileItems<'a> {
    view: &'a mut View,
    file: &'a FileDiff,
    uses: &'a AllUses,
    request: &'a DiffRequest,
}

impl FileItems<'_> {
    fn add(mut self) {
        let file = self.file;
        let path = self.view.add_path(file.path.clone());
        let top = self.file_item(path);
        for note in &file.notes {
            let text = format!("note: {note}");
            self.view.add(ItemBuilder {
                parent: Some(top),
                noun: NOTES,
                place: Place { path, lines: None },
                kind: "note",
                levels: &[(Level::Name, &text, valued(worth::NOTE, text.len(), 1))],
                ..ItemBuilder::default()
            });
        }
        if !file.imports.is_empty() && self.request.tests != Tests::Only {
            let text = format!("imports {}", file.imports);
            let ratio = worth::IMPORTS * weight(file);
            self.detail(Some(top), path, "imports", &text, ratio);
        }
        let mut sequence: Vec<(u32, usize, Part)> = Vec::new();
        for (idx, change) in file.changes.iter().enumerate() {
            if change.parent.is_none() {
                sequence.push((self.position(idx), idx, Part::Symbol(idx)));
            }
        }
        for (idx, priced) in file.hunks.iter().enumerate() {
            if priced.hunk.owner.is_none() {
                sequence.push((priced.hunk.lines.0, idx, Part::Hunk(idx)));
            }
        }
        sequence.sort_by_key(|(line, idx, part)| (*line, matches!(part, Part::Symbol(_)), *idx));
        for (_, _, part) in sequence {
            match part {
                Part::Symbol(idx) => self.symbol(top, path, idx),
                Part::Hunk(idx) => self.hunk(top, path, &file.hunks[idx], 0.6),
            }
        }
    }

    /// The line of the new file that a change stands at: for what is gone, where its hunk is.
    fn position(&self, idx: usize) -> u32 {
        let change = &self.file.changes[idx];
        let own = || {
            self.file
                .hunks
                .iter()
                .find(|priced| priced.hunk.owner == Some(idx))
        };
        match change.lines {
            Some((start, _)) => start,
            None => own().map_or(change.old_lines.map_or(0, |lines| lines.0), |priced| {
                priced.hunk.lines.0
            }),
        }
    }

    fn file_item(&mut self, path: u32) -> u32 {
        let file = self.file;
        let mut text = first_word(&file.path);
        if file.counts != (0, 0) {
            text.push_str(&format!(" (+{} -{})", file.counts.0, file.counts.1));
        }
        if !file.words.is_empty() {
            text.push_str(&format!(" {}", file.words));
        }
        if let Some(reason) = file.collapsed {
            text.push_str(&format!(" [{reason}]"));
        }
        let ratio = if file.is_conflict {
            worth::CONFLICT
        } else {
            worth::FILE * weight(file).max(0.04)
        };
        self.view.add(ItemBuilder {
            noun: FILES,
            place: Place { path, lines: None },
            kind: "file",
            tokens: file.hunks.iter().map(|priced| priced.tokens).sum(),
            is_parent: true,
            levels: &[(Level::Signature, &text, valued(ratio, text.len(), 0))],
            ..ItemBuilder::default()
        })
    }

    fn symbol(&mut self, parent: u32, path: u32, idx: usize) {
        let file = self.file;
        let change = &file.changes[idx];
        let depth = usize::from(self.view.items[parent as usize].depth) + 1;
        let weight = weight(file) * symbol_weight(change);
        let name = named(change, &file.path);
        let long = signed(change, &file.path);
        let name_value = valued(worth::SYMBOL * weight, name.len(), depth);
        let grown = long.len().saturating_sub(name.len()) as f32;
        let mut levels = vec![(Level::Name, name.as_str(), name_value)];
        if grown <= 12.0 {
            levels.clear();
        }
        let base = if grown <= 12.0 {
            valued(worth::SYMBOL * weight, long.len(), depth)
        } else {
            name_value + worth::SIGNATURE * weight * grown
        };
        levels.push((Level::Signature, long.as_str(), base));
        let own = file
            .hunks
            .iter()
            .filter(|priced| priced.hunk.owner == Some(idx));
        let item = self.view.add(ItemBuilder {
            parent: Some(parent),
            noun: SYMBOLS,
            place: Place {
                path,
                lines: change.lines,
            },
            kind: change.verb.word(),
            label: change.verb.word(),
            tokens: own.map(|priced| priced.tokens).sum(),
            is_parent: true,
            levels: &levels,
        });
        if let Some(old) = &change.old_signature {
            let text = format!("was {}", without_common(old, &change.signature));
            self.detail(Some(item), path, "was", &text, worth::WAS * weight);
        }
        self.used(item, path, change, weight);
        for priced in file
            .hunks
            .iter()
            .filter(|priced| priced.hunk.owner == Some(idx))
        {
            let is_elsewhere =
                matches!(change.verb, Verb::Moved | Verb::Reformatted | Verb::Removed);
            self.hunk(
                item,
                path,
                priced,
                if is_elsewhere {
                    0.2
                } else {
                    symbol_weight(change)
                },
            );
        }
        for (child, nested) in file.changes.iter().enumerate() {
            if nested.parent == Some(idx) {
                self.symbol(item, path, child);
            }
        }
    }

    fn hunk(&mut self, parent: u32, path: u32, priced: &Priced, weight_of_symbol: f32) {
        let depth = usize::from(self.view.items[parent as usize].depth) + 1;
        let gone = if self.file.is_gone { 0.1 } else { 1.0 };
        let ratio = worth::HUNK * weight(self.file) * weight_of_symbol * gone;
        let text = &priced.hunk.text;
        self.view.add(ItemBuilder {
            parent: Some(parent),
            noun: HUNKS,
            place: Place {
                path,
                lines: Some(priced.hunk.lines),
            },
            kind: "hunk",
            levels: &[(Level::Body, text, valued(ratio, text.len(), depth))],
            ..ItemBuilder::default()
        });
    }

    /// Who uses a symbol that changed for its users.
    fn used(&mut self, item: u32, path: u32, change: &SymbolChange, weight: f32) {
        let (Some(name), Some(language)) = (looked_up(change), self.file.language) else {
            return;
        };
        let key = (crate::code::family::family(language), name.to_owned());
        let Some(uses) = self.uses.get(&key) else {
            return;
        };
        let Some((short, long)) = told(change, name, uses) else {
            return;
        };
        let depth = usize::from(self.view.items[item as usize].depth) + 1;
        let short_value = valued(worth::USES * weight, short.len(), depth);
        let long_value = short_value + worth::USES_LISTED * weight * long.len() as f32;
        self.view.add(ItemBuilder {
            parent: Some(item),
            noun: DETAILS,
            place: Place { path, lines: None },
            kind: "uses",
            levels: &[
                (Level::Signature, &short, short_value),
                (Level::Doc, &long, long_value),
            ],
            ..ItemBuilder::default()
        });
    }

    fn detail(
        &mut self,
        parent: Option<u32>,
        path: u32,
        kind: &'static str,
        text: &str,
        ratio: f32,
    ) {
        self.view.add(ItemBuilder {
            parent,
            noun: DETAILS,
            place: Place { path, lines: None },
            kind,
            levels: &[(Level::Signature, text, valued(ratio, text.len(), 2))],
            ..ItemBuilder::default()
        });
    }
}

/// What stands under a file.
enum Part {
    Symbol(usize),
    Hunk(usize),
}

/// A path that no line mistakes for something else.
fn first_word(path: &str) -> String {
    if path.starts_with([' ', '/', '+', '-']) {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

/// `fn Item::new`, with where it came from.
fn named(change: &SymbolChange, path: &str) -> String {
    let name = match scope(change, path) {
        Some(_) => &change.qualified_name,
        None => &change.name,
    };
    with_end(change, format!("{} {name}", change.kind.short()))
}

/// `added pub fn new(name: &str) -> Item in Item`
fn signed(change: &SymbolChange, path: &str) -> String {
    let mut text = format!("{} {}", change.verb.word(), change.signature);
    let scope = scope(change, path).filter(|scope| !change.signature.contains(scope));
    if let Some(scope) = scope {
        text.push_str(&format!(" in {scope}"));
    }
    with_end(change, text)
}

/// The names around a symbol, where neither the line above nor the name of the file tells them.
fn scope<'a>(change: &'a SymbolChange, path: &str) -> Option<&'a str> {
    let scope = change.qualified_name.strip_suffix(change.name.as_str())?;
    let scope = scope.trim_end_matches([':', '.', '#', '/', '\\', ' ', '-', '>']);
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let is_known = scope.is_empty() || change.parent.is_some() || scope.eq_ignore_ascii_case(stem);
    (!is_known).then_some(scope)
}

fn with_end(change: &SymbolChange, mut text: String) -> String {
    match (&change.other_end, change.verb) {
        (Some(old), Verb::Renamed) => text.push_str(&format!(" (was {old})")),
        (Some(other), Verb::Moved) => {
            let is_place = other.starts_with(|c: char| c.is_ascii_digit());
            let word = if is_place { "from " } else { "" };
            text.push_str(&format!(" ({word}{other})"));
        }
        _ => {}
    }
    if let (Verb::Removed, Some((start, end))) = (change.verb, change.old_lines) {
        let lines = if start == end {
            start.to_string()
        } else {
            format!("{start}-{end}")
        };
        text.push_str(&format!(" (was {lines})"));
    }
    text
}

/// An old signature; of a long one only what the new one has not, with a few words around it.
fn without_common(old: &str, new: &str) -> String {
    const LONG: usize = 100;
    const AROUND: usize = 24;
    if old.len() < LONG {
        return old.to_owned();
    }
    let prefix = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = old.len().min(new.len()) - prefix;
    let ends = old.bytes().rev().zip(new.bytes().rev());
    let suffix = ends.take(rest).take_while(|(a, b)| a == b).count();
    let start = old[..floor(old, prefix.saturating_sub(AROUND))]
        .rfind(' ')
        .unwrap_or(0);
    let after = floor(old, (old.len() - suffix + AROUND).min(old.len()));
    let end = old[after..].find(' ').map_or(old.len(), |at| after + at);
    let before = if start > 0 { "…" } else { "" };
    let behind = if end < old.len() { " …" } else { "" };
    format!("{before}{}{behind}", &old[start..end])
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The uses of a symbol in a line, and one by one.
fn told(change: &SymbolChange, name: &str, uses: &Uses) -> Option<(String, String)> {
    let is_gone = matches!(change.verb, Verb::Removed | Verb::Renamed);
    if uses.common > 0 {
        let text = format!(
            "used: `{name}` is too common to look up by name ({} files hold it)",
            uses.common
        );
        return Some((text, String::new()));
    }
    // A name that others define too is no sign that this one is still used.
    if uses.places.is_empty() {
        return (!is_gone).then(|| ("used nowhere else, by name".to_owned(), String::new()));
    }
    let sure = match (uses.definitions, is_gone) {
        (0, true) => "no definition is left".to_owned(),
        (1, false) => "by name, its only definition".to_owned(),
        (n, true) => format!("by name, {n} other definitions have it"),
        (n, false) => format!("by name, {n} definitions have it"),
    };
    let (tests, others): (Vec<&Use>, Vec<&Use>) =
        uses.places.iter().partition(|place| place.is_test);
    let files: BTreeSet<&str> = uses
        .places
        .iter()
        .map(|place| place.path.as_str())
        .collect();
    let still = match change.verb {
        Verb::Removed => "still used".to_owned(),
        Verb::Renamed => format!("`{name}` still used"),
        _ => "used".to_owned(),
    };
    let counted = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let shown: Vec<String> = others
        .iter()
        .chain(&tests)
        .take(FEW)
        .map(|place| at(place))
        .collect();
    let more = uses.places.len().saturating_sub(FEW);
    let dots = if more > 0 { ", …" } else { "" };
    let short = format!(
        "{still} {} in {}, {} in tests ({sure}): {}{dots}",
        counted(uses.places.len(), "time", "times"),
        counted(files.len(), "file", "files"),
        tests.len(),
        shown.join(", ")
    );
    let mut long: Vec<String> = Vec::new();
    if more > 0 {
        long.extend(
            others
                .iter()
                .chain(&tests)
                .take(MANY)
                .map(|place| at(place)),
        );
        let rest = uses.places.len().saturating_sub(MANY);
        if rest > 0 {
            long.push(format!("and {rest} more"));
        }
    }
    Some((short, long.join("\n")))
}

fn at(place: &Use) -> String {
    let test = if place.is_test { "test " } else { "" };
    format!("{test}{}:{} {}", place.path, place.line, place.within)
        .trim_end()
        .to_owned()
}
