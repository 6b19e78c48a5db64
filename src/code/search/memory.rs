//! The store that answers from parsed documents alone, for the terms of one query. It is what
//! the index on disk is compared with.

use super::copies::{self, Candidate};
use super::store::{FIELDS, FileEntry, Posting, Store, Totals, Unit};
use super::terms;
use super::units::{self, Cut, MAX_LENGTH};
use crate::code::files::Role;
use crate::code::syntax::FileSyntax;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

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
    files: Vec<StoredFile>,
    units: Vec<Unit>,
    /// The symbol of each unit, as an index within its file.
    symbols: Vec<Option<u32>>,
    totals: Totals,
    postings: HashMap<String, Vec<Posting>>,
    paths: HashMap<String, Vec<u32>>,
    containers: HashMap<String, Vec<u32>>,
    definitions: HashMap<String, Vec<u32>>,
    uses: HashMap<Arc<str>, Vec<u32>>,
    used_by: Vec<Vec<Arc<str>>>,
}

struct StoredFile {
    document: Document,
    role: Role,
    units: (u32, u32),
    lines: u32,
    length: u32,
}

fn list<'a, T: Clone>(known: Option<&'a Vec<T>>) -> Cow<'a, [T]> {
    Cow::Borrowed(known.map_or(&[], Vec::as_slice))
}

impl Store for Memory {
    fn n_files(&self) -> u32 {
        self.files.len() as u32
    }
    fn n_units(&self) -> u32 {
        self.units.len() as u32
    }
    fn file(&self, file: u32) -> FileEntry<'_> {
        let file = &self.files[file as usize];
        FileEntry {
            path: &file.document.path,
            role: file.role,
            units: file.units,
            lines: file.lines,
            length: file.length,
        }
    }
    fn unit(&self, unit: u32) -> Unit {
        self.units[unit as usize]
    }
    fn name(&self, unit: u32) -> Cow<'_, str> {
        Cow::Borrowed(self.symbol(unit).map_or("", |symbol| &symbol.name))
    }
    fn qualified(&self, unit: u32) -> Cow<'_, str> {
        Cow::Borrowed(
            self.symbol(unit)
                .map_or("", |symbol| &symbol.qualified_name),
        )
    }
    fn totals(&self) -> Totals {
        self.totals
    }
    fn postings(&self, term: &str) -> Cow<'_, [Posting]> {
        list(self.postings.get(term))
    }
    fn paths(&self, term: &str) -> Cow<'_, [u32]> {
        list(self.paths.get(term))
    }
    fn containers(&self, term: &str) -> Cow<'_, [u32]> {
        list(self.containers.get(term))
    }
    fn definitions(&self, name: &str) -> Cow<'_, [u32]> {
        list(self.definitions.get(name))
    }
    fn uses(&self, name: &str) -> Cow<'_, [u32]> {
        list(self.uses.get(name))
    }
    fn used_by(&self, unit: u32) -> Vec<String> {
        let names = self.used_by[unit as usize].iter();
        names.map(|name| name.to_string()).collect()
    }
    fn text(&self, file: u32) -> &str {
        &self.files[file as usize].document.text
    }
}

/// What one file gives to the store; made for each file apart, so in parallel.
pub struct Scanned {
    document: Document,
    lines: u32,
    units: Vec<Cut>,
    /// (term, unit of the file, counts)
    hits: HashMap<(u32, u32), [u16; FIELDS]>,
    used_by: Vec<Vec<Arc<str>>>,
}

impl Memory {
    /// Joins what was scanned, given in the order of paths.
    pub fn new(scanned: Vec<Scanned>, wanted: &[String]) -> Memory {
        let mut memory = Memory::default();
        let mut postings: Vec<Vec<Posting>> = vec![Vec::new(); wanted.len()];
        let derived = copies::derived(&scanned.iter().map(candidate).collect::<Vec<_>>());
        for (file, derived) in scanned.into_iter().zip(derived) {
            memory.add(file, derived, &mut postings);
        }
        memory.postings = wanted.iter().cloned().zip(postings).collect();
        memory.find_paths(wanted);
        memory.find_containers(wanted);
        memory
    }

    fn add(&mut self, file: Scanned, derived: bool, postings: &mut [Vec<Posting>]) {
        let (base, idx) = (self.units.len() as u32, self.files.len() as u32);
        let mut hits: Vec<_> = file.hits.into_iter().collect();
        hits.sort_unstable_by_key(|(key, _)| *key);
        for ((term, unit), counts) in hits {
            postings[term as usize].push(Posting {
                unit: base + unit,
                counts,
            });
        }
        let mut length = 0;
        for cut in file.units {
            let at = self.units.len() as u32;
            let mut unit = cut.unit;
            unit.file = idx;
            unit.parent = unit.parent.map(|parent| base + parent);
            for (sum, n) in self.totals.unit_lengths.iter_mut().zip(unit.lengths) {
                *sum += u64::from(n);
                length += n;
            }
            if let Some(symbol) = cut.symbol {
                let name = &file.document.syntax.symbols[symbol as usize].name;
                self.definitions.entry(name.clone()).or_default().push(at);
            }
            self.symbols.push(cut.symbol);
            self.units.push(unit);
        }
        for (at, names) in (base..).zip(file.used_by) {
            for name in &names {
                self.uses.entry(name.clone()).or_default().push(at);
            }
            self.used_by.push(names);
        }
        self.totals.file_length += u64::from(length);
        self.files.push(StoredFile {
            role: if derived {
                Role::Generated
            } else {
                file.document.role
            },
            document: file.document,
            units: (base, self.units.len() as u32),
            lines: file.lines,
            length,
        });
    }

    fn symbol(&self, unit: u32) -> Option<&crate::code::syntax::Symbol> {
        let symbol = self.symbols[unit as usize]?;
        let file = &self.files[self.units[unit as usize].file as usize];
        file.document.syntax.symbols.get(symbol as usize)
    }

    fn find_paths(&mut self, wanted: &[String]) {
        let mut paths: HashMap<String, Vec<u32>> =
            wanted.iter().map(|term| (term.clone(), vec![])).collect();
        for (idx, file) in (0..).zip(&self.files) {
            terms::words(&file.document.path, |_, word| {
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
                let name = self.qualified(parent);
                terms::words(&name, |_, word| {
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

fn candidate(file: &Scanned) -> Candidate<'_> {
    let hashes = file.units.iter().map(|cut| cut.copy);
    Candidate {
        path: &file.document.path,
        role: file.document.role,
        hashes: hashes.filter(|hash| *hash != 0).collect(),
    }
}

/// Scans one file for the terms in `wanted`.
pub fn scan(document: Document, wanted: &HashMap<String, u32>) -> Scanned {
    let text: &str = &document.text;
    let mut units = units::cut(text, &document.syntax);
    let mut hits: HashMap<(u32, u32), [u16; FIELDS]> = HashMap::new();
    let mut known: HashMap<&str, (u32, Vec<u32>)> = HashMap::new();
    let mut lengths = vec![[0_u32; FIELDS]; units.cuts.len()];
    units::words(text, &document.syntax, &units, |unit, field, word| {
        let (n_terms, ids) = known.entry(word).or_insert_with(|| {
            let (mut n, mut ids) = (0, Vec::new());
            terms::terms(word, |term| {
                n += 1;
                ids.extend(wanted.get(term));
            });
            (n, ids)
        });
        lengths[unit as usize][field as usize] += *n_terms;
        for id in ids {
            let counts = hits.entry((*id, unit)).or_default();
            counts[field as usize] = counts[field as usize].saturating_add(1);
        }
    });
    for (cut, lengths) in units.cuts.iter_mut().zip(lengths) {
        let [name, signature, doc, body] = lengths;
        cut.unit.lengths = [
            name.min(MAX_LENGTH),
            signature.min(MAX_LENGTH),
            doc.min(MAX_LENGTH),
            body,
        ];
    }
    let mut used_by: Vec<Vec<Arc<str>>> = vec![Vec::new(); units.cuts.len()];
    for reference in &document.syntax.references {
        let unit = reference
            .within
            .map_or(0, |within| units.unit_of[within as usize]);
        used_by[unit as usize].push(Arc::from(reference.name.as_str()));
    }
    for names in &mut used_by {
        names.sort_unstable();
        names.dedup();
    }
    Scanned {
        lines: units.lines,
        units: units.cuts,
        hits,
        used_by,
        document,
    }
}
