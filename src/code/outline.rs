//! `ctx outline`: files and the symbols in them, as a [`View`].

use super::cost::LineCosts;
use super::files::{self, Role, SourceFile, WalkOptions};
use super::syntax::signature::{doc_summary, signature_line};
use super::syntax::{self, FileSyntax, Language, Limits, Symbol, SymbolKind, Visibility, Wants};
use crate::tokens::{Counter, Tokens};
use crate::view::{ItemBuilder, Level, Noun, Place, View};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Longest doc summary, in bytes.
const MAX_DOC: usize = 240;
/// Fewest tokens that a file's line can cost: no budget shows more files than it holds of these.
const LEAST_FILE_COST: u64 = 3;
/// Files that are always opened: the smallest budget that works is then found in the view that
/// it will be asked of.
const LEAST_FILES: usize = 64;
/// Bytes of a line beside its label, about.
const LINE_OVERHEAD: usize = 16;

const FILES: u8 = 0;
const SYMBOLS: u8 = 1;
const FOLDERS: u8 = 2;
const NOTES: u8 = 3;

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
    let groups = groups(&found.files, &values);
    let reachable = reachable(&found.files, &values, &groups, counter, budget);
    let named: Vec<PathBuf> = request
        .paths
        .iter()
        .map(|path| files::locate(root, base, path))
        .collect();
    let outlines: Vec<Option<Result<FileOutline, String>>> = found
        .files
        .par_iter()
        .zip(&reachable)
        .map(|(file, is_reachable)| {
            let is_named = named.contains(&file.location);
            is_reachable.then(|| outline_file(file, request, counter, is_named))
        })
        .collect();
    let mut view = new_view(request);
    let mut folders = Folders {
        last: None,
        listed: 0,
        groups,
    };
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
    let unlisted_folders = folders.groups.len() - folders.listed;
    if unlisted_folders > 0 {
        view.unlisted.push((FOLDERS, unlisted_folders, 0));
    }
    for (about, problem) in &found.problems {
        view.add_note(NOTES, about, problem);
    }
    view
}

/// Outlines one text that has no file: standard input.
pub fn outline_text(
    name: &str,
    language: &'static Language,
    text: &str,
    request: &OutlineRequest,
    counter: &Counter,
) -> View {
    let outline = outline_of(text, Some(language), 1.0, request, counter);
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

/// Which files a budget could show at all: as many as it holds lines, of those worth most and
/// of those worth most for what their line costs, which is how they are packed. Symbols of a
/// file are never worth more than the file's own line, so the other files need not even be
/// opened.
fn reachable(
    files: &[SourceFile],
    values: &[f32],
    groups: &Groups,
    counter: &Counter,
    budget: Tokens,
) -> Vec<bool> {
    let lines = counter.base_budget(budget).0 / LEAST_FILE_COST;
    let most = usize::try_from(lines)
        .unwrap_or(usize::MAX)
        .max(LEAST_FILES);
    if files.len() <= most {
        return vec![true; files.len()];
    }
    let ratio = |value: f32, label: &str| value / (label.len() + LINE_OVERHEAD) as f32;
    let ratios: Vec<f32> = files
        .iter()
        .zip(values)
        .map(|(file, value)| match groups.get(folder_of(&file.path)) {
            Some(group) => {
                ratio(*value, name_of(&file.path)).min(ratio(group.value(), folder_of(&file.path)))
            }
            None => ratio(*value, &file.path),
        })
        .collect();
    let mut reachable = vec![false; files.len()];
    for worth in [values, &ratios] {
        let mut ranked: Vec<usize> = (0..files.len()).collect();
        ranked.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
        for idx in ranked.into_iter().take(most) {
            reachable[idx] = true;
        }
    }
    reachable
}

/// What the line of each file is worth. Each further file of one folder is worth less: the
/// twentieth sibling tells a reader little that the others did not.
fn file_values(files: &[SourceFile]) -> Vec<f32> {
    let mut values: Vec<f32> = files.iter().map(file_value).collect();
    let mut start = 0;
    while start < files.len() {
        let folder = folder_of(&files[start].path);
        let siblings = files[start..]
            .iter()
            .take_while(|file| folder_of(&file.path) == folder)
            .count();
        let mut ranked: Vec<usize> = (start..start + siblings).collect();
        ranked.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
        for (rank, idx) in ranked.into_iter().enumerate() {
            values[idx] *= 0.94_f32.powi(rank.min(60) as i32);
        }
        start += siblings;
    }
    values
}

/// What the line of a file is worth by itself: its role, its size, how deep it lies.
fn file_value(file: &SourceFile) -> f32 {
    let size = (1.0 + file.bytes.min(1 << 20) as f32 / 1_000.0).ln();
    let depth = file.path.matches('/').count().min(12) as f32;
    let known = if file.language.is_some() { 1.0 } else { 0.3 };
    // Squared: a test file's line comes after the names of the types in the source.
    file.role.weight().powi(2) * known * (3.0 + size) * 0.95_f32.powf(depth)
}

/// The outline of one file, with everything that its items need and nothing more.
struct FileOutline {
    tokens: u64,
    doc: String,
    entries: Vec<Entry>,
    notes: Vec<String>,
}

struct Entry {
    kind: SymbolKind,
    parent: Option<u32>,
    lines: (u32, u32),
    tokens: u64,
    is_parent: bool,
    levels: Vec<(Level, String, f32)>,
}

/// The outline of a file; an error when there is none and nothing else to say of it.
fn outline_file(
    file: &SourceFile,
    request: &OutlineRequest,
    counter: &Counter,
    is_named: bool,
) -> Result<FileOutline, String> {
    let text = match files::read(&file.location, request.max_file_bytes) {
        Ok(text) => text,
        Err(problem @ (files::Problem::Binary { .. } | files::Problem::TooLarge { .. })) => {
            // A tree is full of pictures: only who asks for one is told that it is one.
            let is_told = is_named || matches!(problem, files::Problem::TooLarge { .. });
            return Ok(FileOutline {
                tokens: 0,
                doc: String::new(),
                entries: vec![],
                notes: is_told.then(|| problem.to_string()).into_iter().collect(),
            });
        }
        Err(problem) => return Err(problem.to_string()),
    };
    let head = &text.content.as_bytes()[..text.content.len().min(8192)];
    let language = syntax::language::detect(Path::new(&file.path), head);
    let generated = if files::is_marked_generated(head) {
        0.1
    } else {
        1.0
    };
    let weight = file.role.weight() * generated;
    let mut outline = outline_of(&text.content, language, weight, request, counter);
    if text.is_lossy {
        outline
            .notes
            .push("invalid UTF-8, shown as \u{fffd}".to_owned());
    }
    Ok(outline)
}

fn outline_of(
    text: &str,
    language: Option<&'static Language>,
    weight: f32,
    request: &OutlineRequest,
    counter: &Counter,
) -> FileOutline {
    let costs = LineCosts::new(counter, text);
    let wants = Wants {
        references: false,
        limits: request.limits,
    };
    let syntax = language
        .map(|language| syntax::parse(language, text, wants))
        .unwrap_or_default();
    let entries = Entries {
        text,
        syntax: &syntax,
        costs: &costs,
        counter,
        request,
        weight,
    }
    .collect();
    FileOutline {
        tokens: counter.scale(costs.total()).0,
        doc: String::new(),
        entries,
        notes: syntax.notes.clone(),
    }
}

/// Turns the symbols of a file into entries.
struct Entries<'a> {
    text: &'a str,
    syntax: &'a FileSyntax,
    costs: &'a LineCosts,
    counter: &'a Counter,
    request: &'a OutlineRequest,
    weight: f32,
}

impl Entries<'_> {
    fn collect(&self) -> Vec<Entry> {
        let symbols = &self.syntax.symbols;
        let kept = self.kept();
        let mut has_children = vec![false; symbols.len()];
        for (symbol, _) in symbols.iter().zip(&kept).filter(|(_, kept)| **kept) {
            if let Some(parent) = symbol.parent {
                has_children[parent as usize] = true;
            }
        }
        let mut entry_of = vec![None; symbols.len()];
        let mut depths = vec![0_u16; symbols.len()];
        let mut entries = Vec::new();
        for (idx, symbol) in symbols.iter().enumerate() {
            let parent = symbol.parent.map(|parent| parent as usize);
            depths[idx] = parent.map_or(0, |parent| depths[parent] + 1);
            if kept[idx] {
                entry_of[idx] = Some(entries.len() as u32);
                let parent = parent.and_then(|parent| entry_of[parent]);
                entries.push(self.entry(symbol, parent, depths[idx], has_children[idx]));
            }
        }
        entries
    }

    /// The symbols asked for, and everything they stand in.
    fn kept(&self) -> Vec<bool> {
        let symbols = &self.syntax.symbols;
        let mut kept = vec![false; symbols.len()];
        let mut depths = vec![0_u16; symbols.len()];
        for (idx, symbol) in symbols.iter().enumerate() {
            depths[idx] = symbol
                .parent
                .map_or(0, |parent| depths[parent as usize] + 1);
            kept[idx] =
                self.matches(symbol) && self.request.depth.is_none_or(|most| depths[idx] < most);
        }
        for idx in (0..symbols.len()).rev() {
            if let (true, Some(parent)) = (kept[idx], symbols[idx].parent) {
                kept[parent as usize] = true;
            }
        }
        kept
    }

    fn matches(&self, symbol: &Symbol) -> bool {
        let request = self.request;
        let tests = match request.tests {
            Tests::Also => true,
            Tests::No => !symbol.is_test,
            Tests::Only => symbol.is_test,
        };
        tests
            && (request.kinds.is_empty() || request.kinds.contains(&symbol.kind))
            && (!request.public_only || symbol.visibility == Visibility::Public)
    }

    fn entry(&self, symbol: &Symbol, parent: Option<u32>, depth: u16, is_parent: bool) -> Entry {
        let lines = (symbol.lines.start, symbol.lines.end);
        let name = symbol.name.clone();
        let raw = &self.text[symbol.signature.clone()];
        let whole = &self.text[symbol.span.start.max(symbol.signature.start)..symbol.span.end];
        let is_one_line = whole.len() <= 100 && !whole.trim_end().contains('\n');
        let signature = signature_line(if is_one_line && !is_parent {
            whole
        } else {
            raw
        });
        let signature = if signature.is_empty() {
            format!("{} {name}", symbol.kind.short())
        } else {
            signature
        };
        let doc = symbol
            .doc
            .clone()
            .map(|doc| doc_summary(&self.text[doc], MAX_DOC));
        let is_all = (is_one_line || symbol.body.is_none()) && lines.0 == lines.1;
        let worth = self.weight * worth(symbol, depth);
        let mut levels = vec![
            (Level::Name, name, worth),
            (Level::Signature, signature, 1.7 * worth),
        ];
        if let Some(doc) = doc.filter(|doc| !doc.is_empty()) {
            levels.push((Level::Doc, doc, 2.0 * worth));
        }
        if !is_all && !is_parent {
            let start = self.text[..symbol.span.start]
                .rfind('\n')
                .map_or(0, |at| at + 1);
            if self.request.level == Level::Body {
                levels.push((
                    Level::Body,
                    self.text[start..symbol.span.end].to_owned(),
                    2.6 * worth,
                ));
            }
        }
        levels.retain(|(level, ..)| *level <= self.request.level);
        let tokens = if is_all {
            0
        } else {
            self.counter.scale(self.costs.of(symbol.lines)).0
        };
        Entry {
            kind: symbol.kind,
            parent,
            lines,
            tokens,
            is_parent,
            levels,
        }
    }
}

/// What the name of a symbol is worth to a reader who does not know the file.
fn worth(symbol: &Symbol, depth: u16) -> f32 {
    let kind = match symbol.kind {
        kind if kind.is_type() => 1.0,
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Impl | SymbolKind::Extension => {
            0.9
        }
        kind if kind.is_callable() => 0.9,
        SymbolKind::Heading | SymbolKind::Service | SymbolKind::Rpc | SymbolKind::Target => 0.9,
        kind if kind.is_member_data() => 0.3,
        _ => 0.5,
    };
    let visibility = if symbol.visibility == Visibility::Public {
        1.0
    } else {
        0.55
    };
    let test = if symbol.is_test { 0.3 } else { 1.0 };
    let size = 1.0 + f32::from((symbol.lines.end - symbol.lines.start).min(400) as u16) / 400.0;
    kind * visibility * test * size * 0.8_f32.powi(i32::from(depth))
}

/// A folder with several files.
struct Group {
    files: usize,
    /// What the line of its best file is worth.
    best: f32,
}

impl Group {
    /// What its heading is worth: it says something about each of its files.
    fn value(&self) -> f32 {
        3.0 * self.best
    }
}

/// The folders that have a heading, by path. They depend on the files alone and not on the
/// budget, so that a larger budget changes no heading.
type Groups = BTreeMap<String, Group>;

fn groups(files: &[SourceFile], values: &[f32]) -> Groups {
    let mut groups = Groups::new();
    for (file, value) in files.iter().zip(values) {
        let group = groups
            .entry(folder_of(&file.path).to_owned())
            .or_insert(Group {
                files: 0,
                best: 0.0,
            });
        group.files += 1;
        group.best = group.best.max(*value);
    }
    groups.retain(|folder, group| group.files > 1 && !folder.is_empty());
    groups
}

/// The headings of folders, each added before the first of its files.
struct Folders {
    /// Folder of the last file, and the item made for it.
    last: Option<(String, Option<u32>)>,
    /// How many were added.
    listed: usize,
    groups: Groups,
}

impl Folders {
    fn item(&mut self, view: &mut View, path: &str) -> Option<u32> {
        let folder = folder_of(path);
        if let Some((last, item)) = &self.last
            && last == folder
        {
            return *item;
        }
        let item = self.groups.get(folder).map(|group| {
            self.listed += 1;
            let mut label = label(&format!("{folder}/"));
            if group.files > 3 {
                label.push_str(&format!(" ({} files)", group.files));
            }
            let path = view.add_path(format!("{folder}/"));
            view.add(ItemBuilder {
                noun: FOLDERS,
                place: Place { path, lines: None },
                kind: "folder",
                is_parent: true,
                levels: &[(Level::Name, &label, group.value())],
                ..ItemBuilder::default()
            })
        });
        self.last = Some((folder.to_owned(), item));
        item
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path as the beginning of a line: never white space first, or a mark that would be read as
/// something else.
fn label(path: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '+' | '<' | '/');
    if path.starts_with(is_plain) {
        path.to_owned()
    } else {
        format!("./{path}")
    }
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
            levels: &[(Level::Name, &format!("note: {note}"), value * 0.5)],
            ..ItemBuilder::default()
        });
    }
    let first = item + 1 + outline.notes.len() as u32;
    for entry in &outline.entries {
        let levels: Vec<_> = entry
            .levels
            .iter()
            .map(|(level, text, value)| (*level, text.as_str(), *value))
            .collect();
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
