//! What the ranking needs from storage, and the store that answers from parsed documents alone.
//!
//! A document is a file's text with its [`FileSyntax`]. It is cut into units: each symbol worth
//! a line of its own, without the units inside it, and what is left of the file.

use super::terms;
use crate::code::files::Role;
use crate::code::syntax::{FileSyntax, Lines, Symbol, SymbolKind};
use std::collections::HashMap;
use std::sync::Arc;

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
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// Path relative to the workspace, with `/`.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// Its units: a range of indices, the residual unit first.
    pub units: (u32, u32),
    /// Number of lines.
    pub lines: u32,
    /// Terms in it.
    pub length: u32,
}

/// One unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Index of its file.
    pub file: u32,
    /// What it is; `None` for what no symbol holds.
    pub kind: Option<SymbolKind>,
    /// Its name; empty for the residual unit.
    pub name: String,
    /// Its name with those around it.
    pub qualified: String,
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
    /// Hash of its text, 0 for short ones: equal for copies.
    pub copy: u64,
}

/// How often a term stands in the fields of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Index of the unit.
    pub unit: u32,
    /// Occurrences in each field.
    pub counts: [u16; FIELDS],
}

/// What the ranking asks of storage. An index on disk answers the same questions.
pub trait Store {
    /// All files, sorted by path.
    fn files(&self) -> &[FileEntry];
    /// All units, by file, in source order.
    fn units(&self) -> &[Unit];
    /// The units that hold `term`, in order.
    fn postings(&self, term: &str) -> &[Posting];
    /// The files whose path holds `term`, in order.
    fn paths(&self, term: &str) -> &[u32];
    /// The units in whose containers' names `term` stands, in order.
    fn containers(&self, term: &str) -> &[u32];
    /// The units whose symbol has exactly this name.
    fn definitions(&self, name: &str) -> &[u32];
    /// The units that use `name`, in order.
    fn uses(&self, name: &str) -> &[u32];
    /// The names that a unit uses.
    fn used_by(&self, unit: u32) -> &[Arc<str>];
    /// The text of a file.
    fn text(&self, file: u32) -> &str;
}

/// A file ready to be stored.
pub struct Document {
    /// Path relative to the workspace.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// Its text.
    pub text: Arc<str>,
    /// What the parse of it found.
    pub syntax: Arc<FileSyntax>,
}

/// A store that holds the postings of the terms of one query.
#[derive(Default)]
pub struct Memory {
    files: Vec<FileEntry>,
    units: Vec<Unit>,
    postings: HashMap<String, Vec<Posting>>,
    paths: HashMap<String, Vec<u32>>,
    containers: HashMap<String, Vec<u32>>,
    definitions: HashMap<String, Vec<u32>>,
    uses: HashMap<Arc<str>, Vec<u32>>,
    used_by: Vec<Vec<Arc<str>>>,
    texts: Vec<Arc<str>>,
}

impl Store for Memory {
    fn files(&self) -> &[FileEntry] {
        &self.files
    }
    fn units(&self) -> &[Unit] {
        &self.units
    }
    fn postings(&self, term: &str) -> &[Posting] {
        self.postings.get(term).map_or(&[], Vec::as_slice)
    }
    fn paths(&self, term: &str) -> &[u32] {
        self.paths.get(term).map_or(&[], Vec::as_slice)
    }
    fn containers(&self, term: &str) -> &[u32] {
        self.containers.get(term).map_or(&[], Vec::as_slice)
    }
    fn definitions(&self, name: &str) -> &[u32] {
        self.definitions.get(name).map_or(&[], Vec::as_slice)
    }
    fn uses(&self, name: &str) -> &[u32] {
        self.uses.get(name).map_or(&[], Vec::as_slice)
    }
    fn used_by(&self, unit: u32) -> &[Arc<str>] {
        &self.used_by[unit as usize]
    }
    fn text(&self, file: u32) -> &str {
        &self.texts[file as usize]
    }
}

/// What one file gives to the store; made for each file apart, so in parallel.
pub struct Scanned {
    document: Document,
    lines: u32,
    units: Vec<Unit>,
    /// (term, unit of the file, counts)
    hits: HashMap<(u32, u32), [u16; FIELDS]>,
    used_by: Vec<Vec<Arc<str>>>,
}

impl Memory {
    /// Joins what was scanned, given in the order of paths.
    pub fn new(scanned: Vec<Scanned>, wanted: &[String]) -> Memory {
        let mut memory = Memory::default();
        let mut postings: Vec<Vec<Posting>> = vec![Vec::new(); wanted.len()];
        for file in scanned {
            let (base, idx) = (memory.units.len() as u32, memory.files.len() as u32);
            let mut hits: Vec<_> = file.hits.into_iter().collect();
            hits.sort_unstable_by_key(|(key, _)| *key);
            for ((term, unit), counts) in hits {
                postings[term as usize].push(Posting {
                    unit: base + unit,
                    counts,
                });
            }
            let length = file
                .units
                .iter()
                .map(|unit| unit.lengths.iter().sum::<u32>())
                .sum();
            for (at, mut unit) in file.units.into_iter().enumerate() {
                unit.file = idx;
                unit.parent = unit.parent.map(|parent| base + parent);
                if unit.kind.is_some() {
                    memory
                        .definitions
                        .entry(unit.name.clone())
                        .or_default()
                        .push(base + at as u32);
                }
                memory.units.push(unit);
            }
            for (at, names) in file.used_by.into_iter().enumerate() {
                for name in &names {
                    memory
                        .uses
                        .entry(name.clone())
                        .or_default()
                        .push(base + at as u32);
                }
                memory.used_by.push(names);
            }
            memory.files.push(FileEntry {
                path: file.document.path,
                role: file.document.role,
                units: (base, memory.units.len() as u32),
                lines: file.lines,
                length,
            });
            memory.texts.push(file.document.text);
        }
        memory.postings = wanted.iter().cloned().zip(postings).collect();
        memory.mark_copies();
        memory.find_paths(wanted);
        memory.find_containers(wanted);
        memory
    }
}

impl Memory {
    /// Files that are made of others count as generated: first those joined from several files
    /// (`single_include/`), then the later of two that are the same.
    fn mark_copies(&mut self) {
        let mut homes: HashMap<u64, Vec<u32>> = HashMap::new();
        for unit in self.units.iter().filter(|unit| unit.copy != 0) {
            let known = homes.entry(unit.copy).or_default();
            if known.last() != Some(&unit.file)
                && self.files[unit.file as usize].role == Role::Source
            {
                known.push(unit.file);
            }
        }
        let copied = |file: &FileEntry, idx: u32, derived: &dyn Fn(u32) -> bool| {
            let units = &self.units[file.units.0 as usize..file.units.1 as usize];
            let (mut all, mut copies) = (0, 0);
            let mut others: Vec<u32> = Vec::new();
            for unit in units.iter().filter(|unit| unit.copy != 0) {
                all += 1;
                let elsewhere = homes
                    .get(&unit.copy)
                    .into_iter()
                    .flatten()
                    .filter(|other| **other != idx && !derived(**other));
                let before = others.len();
                others.extend(elsewhere);
                copies += usize::from(others.len() > before);
            }
            others.sort_unstable();
            others.dedup();
            (all >= 5 && copies * 10 >= all * 6).then_some(others)
        };
        let mut derived = vec![false; self.files.len()];
        for (idx, file) in (0..).zip(&self.files) {
            derived[idx as usize] = file.role == Role::Source
                && copied(file, idx, &|_| false).is_some_and(|others| others.len() >= 3);
        }
        for (idx, file) in (0..).zip(&self.files) {
            if file.role == Role::Source && !derived[idx as usize] {
                let others = copied(file, idx, &|other| derived[other as usize]);
                let rank = |idx: u32| (self.files[idx as usize].path.matches('/').count(), idx);
                derived[idx as usize] = others
                    .is_some_and(|others| others.iter().any(|other| rank(*other) < rank(idx)));
            }
        }
        for (file, derived) in self.files.iter_mut().zip(derived) {
            if derived {
                file.role = Role::Generated;
            }
        }
    }

    fn find_paths(&mut self, wanted: &[String]) {
        let mut paths: HashMap<String, Vec<u32>> =
            wanted.iter().map(|term| (term.clone(), vec![])).collect();
        for (idx, file) in (0..).zip(&self.files) {
            terms::words(&file.path, |_, word| {
                terms::terms(word, |term| {
                    if let Some(known) = paths.get_mut(term)
                        && known.last() != Some(&idx)
                    {
                        known.push(idx);
                    }
                });
            });
        }
        self.paths = paths;
    }

    fn find_containers(&mut self, wanted: &[String]) {
        let wanted: HashMap<&str, usize> = wanted
            .iter()
            .enumerate()
            .map(|(at, term)| (term.as_str(), at))
            .collect();
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); wanted.len()];
        let mut names: HashMap<u32, Vec<usize>> = HashMap::new();
        for (idx, unit) in (0..).zip(&self.units) {
            let Some(parent) = unit
                .parent
                .filter(|parent| self.units[*parent as usize].kind.is_some())
            else {
                continue;
            };
            let terms = names.entry(parent).or_insert_with(|| {
                let mut here = Vec::new();
                let name = &self.units[parent as usize].qualified;
                terms::words(name, |_, word| {
                    terms::terms(word, |term| here.extend(wanted.get(term)))
                });
                here.sort_unstable();
                here.dedup();
                here
            });
            for term in terms.iter() {
                found[*term].push(idx);
            }
        }
        self.containers = wanted
            .into_iter()
            .map(|(term, at)| (term.to_owned(), std::mem::take(&mut found[at])))
            .collect();
    }
}

/// Whether a symbol is worth a line of its own.
fn is_unit(symbol: &Symbol, symbols: &[Symbol]) -> bool {
    let kind = symbol.kind;
    let inside_callable = || {
        symbol
            .parent
            .is_some_and(|parent| symbols[parent as usize].kind.is_callable())
    };
    use SymbolKind::*;
    match kind {
        Field | Property | Variant | Key | Element => {
            symbol.lines.end > symbol.lines.start + 2 && kind != Key
        }
        Variable | Constant => !inside_callable(),
        _ => true,
    }
}

/// Scans one file for the terms in `wanted`.
pub fn scan(document: Document, wanted: &HashMap<String, u32>) -> Scanned {
    let text: &str = &document.text;
    let symbols = &document.syntax.symbols;
    let n_lines = text.lines().count().max(1) as u32;
    let mut units = vec![Unit {
        file: 0,
        kind: None,
        name: String::new(),
        qualified: String::new(),
        lines: Lines {
            start: 1,
            end: n_lines,
        },
        doc_line: 1,
        parent: None,
        is_test: false,
        has_body: true,
        lengths: [0; FIELDS],
        copy: 0,
    }];
    // Unit of each symbol, and the symbol of each unit.
    let mut unit_of = vec![0_u32; symbols.len()];
    let mut symbol_of: Vec<Option<usize>> = vec![None];
    for (idx, symbol) in symbols.iter().enumerate() {
        let parent = symbol.parent.map_or(0, |parent| unit_of[parent as usize]);
        if !is_unit(symbol, symbols) {
            unit_of[idx] = parent;
            continue;
        }
        unit_of[idx] = units.len() as u32;
        symbol_of.push(Some(idx));
        let lead = symbol
            .doc
            .as_ref()
            .filter(|doc| doc.end <= symbol.span.start);
        let lead = lead.map_or(0, |doc| {
            text[doc.start..symbol.span.start].matches('\n').count() as u32
        });
        units.push(Unit {
            file: 0,
            kind: Some(symbol.kind),
            name: symbol.name.clone(),
            qualified: symbol.qualified_name.clone(),
            lines: symbol.lines,
            doc_line: symbol.lines.start.saturating_sub(lead).max(1),
            parent: Some(parent),
            is_test: symbol.is_test,
            has_body: symbol.body.is_some(),
            lengths: [0; FIELDS],
            copy: copy_hash(&text[symbol.span.clone()]),
        });
    }
    let start_of = |unit: usize| {
        let symbol = &symbols[symbol_of[unit].unwrap_or(0)];
        symbol
            .doc
            .as_ref()
            .map_or(symbol.span.start, |doc| doc.start.min(symbol.span.start))
    };
    let mut order: Vec<usize> = (1..units.len()).collect();
    order.sort_by_key(|unit| start_of(*unit));
    let mut next = 0;
    let mut stack: Vec<usize> = vec![0];
    let mut hits: HashMap<(u32, u32), [u16; FIELDS]> = HashMap::new();
    let mut known: HashMap<&str, (u32, Vec<u32>)> = HashMap::new();
    terms::words(text, |at, word| {
        while next < order.len() && start_of(order[next]) <= at {
            stack.push(order[next]);
            next += 1;
        }
        while stack.len() > 1
            && stack
                .last()
                .and_then(|unit| symbol_of[*unit])
                .is_some_and(|s| symbols[s].span.end <= at)
        {
            stack.pop();
        }
        let unit = stack.last().copied().unwrap_or(0);
        let field = match symbol_of[unit].map(|symbol| &symbols[symbol]) {
            None => Field::Body,
            Some(symbol) if symbol.name_span.contains(&at) => Field::Name,
            Some(symbol) if symbol.signature.contains(&at) => Field::Signature,
            Some(symbol) if symbol.doc.as_ref().is_some_and(|doc| doc.contains(&at)) => Field::Doc,
            Some(_) => Field::Body,
        };
        let (n_terms, ids) = known.entry(word).or_insert_with(|| {
            let (mut n, mut ids) = (0, Vec::new());
            terms::terms(word, |term| {
                n += 1;
                ids.extend(wanted.get(term));
            });
            (n, ids)
        });
        units[unit].lengths[field as usize] += *n_terms;
        for id in ids {
            let counts = hits.entry((*id, unit as u32)).or_default();
            counts[field as usize] = counts[field as usize].saturating_add(1);
        }
    });
    let mut used_by: Vec<Vec<Arc<str>>> = vec![Vec::new(); units.len()];
    for reference in &document.syntax.references {
        let unit = reference
            .within
            .map_or(0, |within| unit_of[within as usize]);
        used_by[unit as usize].push(Arc::from(reference.name.as_str()));
    }
    for names in &mut used_by {
        names.sort_unstable();
        names.dedup();
    }
    Scanned {
        lines: n_lines,
        units,
        hits,
        used_by,
        document,
    }
}

/// A hash of a text without its white space; 0 for a text too short to tell a copy by.
fn copy_hash(text: &str) -> u64 {
    if text.len() < 120 {
        return 0;
    }
    let bytes = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
