//! `ctx outline`: files and the symbols in them, as a [`View`].

mod cap;
mod entries;
mod file;
mod folders;
mod worth;

use super::files::{self, Role, SourceFile, WalkOptions};
use super::syntax::{Language, Limits, SymbolKind};
use crate::tokens::{Counter, Tokens};
use crate::view::{ItemBuilder, Level, Noun, Place, View};
use cap::Cap;
use file::{FileOutline, Parsed, ParsedText, parse_file, parse_text};
use folders::{Folders, label, name_of};
use rayon::prelude::*;
use std::ops::Range;
use std::path::{Path, PathBuf};
use worth::{file_values, most_symbols, ratios, reachable};

const FILES: u8 = 0;
const SYMBOLS: u8 = 1;
const FOLDERS: u8 = 2;
const NOTES: u8 = 3;

/// What telling that a path could not be read is worth: it comes before nearly all else.
const PROBLEM: f32 = 40.0;

/// Which symbols of tests are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tests {
    /// Tests and everything else.
    #[default]
    Also,
    /// Everything but tests.
    No,
    /// Tests alone.
    Only,
}

/// What to outline, and how much of it.
#[derive(Clone, Debug)]
pub struct OutlineRequest {
    /// Files, folders and globs; the whole workspace when empty.
    pub paths: Vec<PathBuf>,
    /// The highest level shown.
    pub level: Level,
    /// Most symbols above a symbol; `None` for no limit.
    pub depth: Option<u16>,
    /// Only symbols of these kinds, and what they stand in; all when empty.
    pub kinds: Vec<SymbolKind>,
    /// Only what is visible from outside.
    pub public_only: bool,
    /// Tests.
    pub tests: Tests,
    /// Only files of these languages; all when empty.
    pub languages: Vec<&'static str>,
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// Outlines the files that `request` names. Relative paths start at `base`.
pub fn outline(
    root: &Path,
    base: &Path,
    request: &OutlineRequest,
    counter: &Counter,
    budget: Tokens,
) -> View {
    let mut found = files::find(root, base, &request.paths, request.walk);
    found.files.retain(|file| is_wanted(file, request));
    let values = file_values(&found.files);
    let mut folders = Folders::new(&found.files, &values);
    let ratios = ratios(&found.files, &values, &folders);
    let reachable = reachable(&values, &ratios, counter, budget);
    let cap = Cap::new(most_symbols(counter, budget));
    let named: Vec<PathBuf> = request
        .paths
        .iter()
        .map(|path| files::locate(root, base, path))
        .collect();
    let parse = |idx: usize| {
        let file = &found.files[idx];
        reachable[idx].then(|| parse_file(file, named.contains(&file.location), request))
    };
    let outline_of = |(idx, parsed): (usize, Option<Result<Parsed, String>>)| {
        let outline = parsed?.map(|parsed| {
            let mut outline = parsed.outline(request, counter);
            cap.thin(&mut outline, ratios[idx]);
            outline
        });
        Some(outline)
    };
    let outline_some = |batch: &Range<usize>| -> Vec<Option<Result<FileOutline, String>>> {
        let parsed: Vec<_> = batch.clone().map(parse).collect();
        batch.clone().zip(parsed).map(outline_of).collect()
    };
    let batches = batches(&found.files);
    let outlines: Vec<Vec<_>> = batches.par_iter().map(outline_some).collect();
    let mut outlines: Vec<_> = outlines.into_iter().flatten().collect();
    let read = outlines.iter_mut().zip(&ratios);
    cap.cut(read.filter_map(|(outline, ratio)| Some((outline.as_mut()?.as_mut().ok()?, *ratio))));
    let mut view = new_view(request);
    for ((file, outline), value) in found.files.iter().zip(&outlines).zip(&values) {
        match outline {
            Some(Ok(outline)) => {
                let folder = folders.item(&mut view, &file.path);
                add_file(&mut view, folder, file, *value, outline, request);
            }
            Some(Err(problem)) => found.problems.push((file.path.clone(), problem.clone())),
            None => {}
        }
    }
    add_unlisted(&mut view, &found.files, &reachable);
    let unlisted = outlines
        .iter()
        .flatten()
        .flatten()
        .map(|outline| outline.unlisted);
    let (count, bytes) = unlisted.fold((0, 0), |(n, sum), (more, bytes)| (n + more, sum + bytes));
    if count > 0 {
        view.unlisted.push((SYMBOLS, count, bytes));
    }
    if folders.unlisted() > 0 {
        view.unlisted.push((FOLDERS, folders.unlisted(), 0));
    }
    for (about, problem) in &found.problems {
        view.add_note(NOTES, about, problem, PROBLEM);
    }
    view
}

/// Most files and bytes that are parsed before they are counted.
const BATCH: (usize, u64) = (32, 256 * 1024);

/// The files in batches, in order: small enough that there is work for every thread to the end.
fn batches(files: &[SourceFile]) -> Vec<Range<usize>> {
    let most = (files.len() / 32).clamp(1, BATCH.0);
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (idx, file) in files.iter().enumerate() {
        if idx > start && (idx - start >= most || bytes + file.bytes > BATCH.1) {
            batches.push(start..idx);
            (start, bytes) = (idx, 0);
        }
        bytes += file.bytes;
    }
    batches.push(start..files.len());
    batches
}

/// Outlines one text that has no file: standard input.
pub fn outline_text(
    name: &str,
    language: &'static Language,
    text: &str,
    request: &OutlineRequest,
    counter: &Counter,
) -> View {
    let parsed = ParsedText {
        content: text.to_owned(),
        syntax: parse_text(text, Some(language), request),
        weight: 1.0,
    };
    let outline = parsed.outline(request, counter);
    let file = SourceFile {
        path: name.to_owned(),
        location: PathBuf::new(),
        bytes: text.len() as u64,
        role: Role::Source,
        language: Some(language),
    };
    let mut view = new_view(request);
    add_file(&mut view, None, &file, 1.0, &outline, request);
    view
}

fn new_view(request: &OutlineRequest) -> View {
    let nouns = vec![
        Noun {
            one: "file",
            many: "files",
        },
        Noun {
            one: "symbol",
            many: "symbols",
        },
        Noun {
            one: "folder",
            many: "folders",
        },
        Noun {
            one: "note",
            many: "notes",
        },
    ];
    View::new("outline", request.command.clone(), nouns)
}

fn is_wanted(file: &SourceFile, request: &OutlineRequest) -> bool {
    let language = file.language.map(|language| language.name);
    request.languages.is_empty() || language.is_some_and(|name| request.languages.contains(&name))
}

fn add_file(
    view: &mut View,
    folder: Option<u32>,
    file: &SourceFile,
    value: f32,
    outline: &FileOutline,
    request: &OutlineRequest,
) {
    let path = view.add_path(file.path.clone());
    let name = match folder {
        Some(_) => name_of(&file.path),
        None => &file.path,
    };
    let mut levels = vec![(Level::Name, label(name), value)];
    if !outline.doc.is_empty() && request.level >= Level::Doc {
        levels.push((Level::Doc, outline.doc.clone(), value * 1.4));
    }
    let levels: Vec<_> = levels
        .iter()
        .map(|(l, text, value)| (*l, text.as_str(), *value))
        .collect();
    let item = view.add(ItemBuilder {
        parent: folder,
        noun: FILES,
        place: Place { path, lines: None },
        kind: "file",
        label: "",
        tokens: outline.tokens,
        is_parent: true,
        levels: &levels,
    });
    for note in &outline.notes {
        view.add(ItemBuilder {
            parent: Some(item),
            noun: NOTES,
            place: Place { path, lines: None },
            kind: "note",
            levels: &[(Level::Name, &format!("note: {note}"), 0.5 * value)],
            ..ItemBuilder::default()
        });
    }
    let first = item + 1 + outline.notes.len() as u32;
    let mut levels = Vec::with_capacity(Level::ALL.len());
    for entry in &outline.listed.entries {
        levels.clear();
        levels.extend(entry.levels(&outline.listed.texts));
        view.add(ItemBuilder {
            parent: Some(entry.parent.map_or(item, |parent| first + parent)),
            noun: SYMBOLS,
            place: Place {
                path,
                lines: Some(entry.lines),
            },
            kind: entry.kind.word(),
            label: entry.kind.short(),
            tokens: entry.tokens,
            is_parent: entry.is_parent,
            levels: &levels,
        });
    }
}

fn add_unlisted(view: &mut View, files: &[SourceFile], reachable: &[bool]) {
    let unlisted = files
        .iter()
        .zip(reachable)
        .filter(|(_, reachable)| !**reachable);
    let (count, bytes) = unlisted.fold((0, 0), |(n, bytes), (file, _)| (n + 1, bytes + file.bytes));
    if count > 0 {
        // A signature or two for every fifty bytes of source: the outline of the rest.
        view.unlisted.push((FILES, count, bytes / 5));
    }
}
