//! Builds one segment, in memory: from parsed files, or from the living files of other segments.
//!
//! A builder belongs to one thread. Everything is appended to flat lists and put in order once,
//! at the end; words are looked up once each, whatever the number of files they stand in.

use super::bytes::{Damage, put};
use super::dictionary::DictionaryWriter;
use super::intern::Interner;
use super::lists::{self, Counts, TermLists, put_steps};
use super::record;
use super::segment::{FileRow, Segment, UnitRow, assemble};
use crate::code::files::Role;
use crate::code::search::units::{self, MAX_LENGTH, Units};
use crate::code::search::{FIELDS, terms};
use crate::code::syntax::{FileSyntax, Language, language};

/// A file to be added.
pub struct Parsed<'a> {
    /// Path relative to the workspace, with `/`.
    pub path: &'a str,
    /// What it is for.
    pub role: Role,
    /// Its language.
    pub language: Option<&'static Language>,
    /// Its text.
    pub text: &'a str,
    /// What the parse of it found.
    pub syntax: &'a FileSyntax,
}

/// Occurrences of a term in a unit.
#[derive(Clone, Copy)]
struct Hit {
    term: u32,
    unit: u32,
    counts: Counts,
}

/// The record of a file with the names it refers to, as numbers of the interner, in the order
/// of their bytes.
struct Record {
    names: Vec<u32>,
    body: (usize, usize),
}

/// A segment in the making.
#[derive(Default)]
pub struct Builder {
    words: Interner,
    /// Terms of each word: a range of `word_terms`.
    word_ends: Vec<u32>,
    word_terms: Vec<u32>,
    terms: Interner,
    names: Interner,
    hits: Vec<Hit>,
    /// (term, row of a file)
    path_terms: Vec<(u32, u32)>,
    /// (term, unit)
    container_terms: Vec<(u32, u32)>,
    /// (name, unit)
    definitions: Vec<(u32, u32)>,
    uses: Vec<(u32, u32)>,
    files: Vec<FileRow>,
    units: Vec<UnitRow>,
    paths: Vec<u8>,
    records: Vec<Record>,
    bodies: Vec<u8>,
    copies: Vec<u32>,
    local: Local,
    keys: Vec<u64>,
    /// The names of the file at hand, in the order of [`record::each_name`].
    visited: Vec<u32>,
}

/// The names of the file at hand: the index of each in its sorted list.
#[derive(Default)]
struct Local {
    /// Index by number of the interner; valid where `file` says so.
    index: Vec<(u32, u32)>,
    file: u32,
}

impl Builder {
    /// About how many bytes it holds.
    pub fn weight(&self) -> usize {
        self.hits.len() * size_of::<Hit>()
            + (self.uses.len() + self.definitions.len()) * 8
            + self.units.len() * size_of::<UnitRow>()
            + self.bodies.len()
    }

    /// Adds a file and returns its row.
    pub fn add(&mut self, file: &Parsed<'_>) -> u32 {
        let row = self.files.len() as u32;
        let base = self.units.len() as u32;
        let units = units::cut(file.text, file.syntax);
        let lengths = self.add_words(file, &units, base);
        let copies_start = self.copies.len() as u32;
        if file.role == Role::Source {
            let hashes = units.cuts.iter().map(|cut| cut.copy);
            self.copies.extend(hashes.filter(|hash| *hash != 0));
        }
        let mut sums = [0_u32; FIELDS];
        for (at, cut) in (base..).zip(&units.cuts) {
            let [name, signature, doc, body] = lengths[(at - base) as usize];
            let capped = [
                name.min(MAX_LENGTH),
                signature.min(MAX_LENGTH),
                doc.min(MAX_LENGTH),
                body,
            ];
            for (sum, n) in sums.iter_mut().zip(capped) {
                *sum += n;
            }
            let symbol = cut
                .symbol
                .and_then(|idx| file.syntax.symbols.get(idx as usize));
            let (mut name, mut scope, mut is_whole) = ("", "", false);
            if let Some(symbol) = symbol {
                name = &symbol.name;
                (scope, is_whole) = record::scope(symbol);
            }
            let name_id = self.names.intern(name.as_bytes()).0;
            if symbol.is_some() {
                self.definitions.push((name_id, at));
            }
            self.units.push(UnitRow {
                kind: cut.unit.kind,
                is_test: cut.unit.is_test,
                has_body: cut.unit.has_body,
                is_whole,
                lead: (cut.unit.lines.start - cut.unit.doc_line).min(MAX_LENGTH) as u16,
                lines: cut.unit.lines,
                name: name_id,
                scope: self.names.intern(scope.as_bytes()).0,
                parent: cut.unit.parent.map_or(0, |parent| parent + 1),
                lengths: capped,
            });
        }
        self.add_containers(file, &units, base);
        self.add_record(file.syntax);
        self.add_uses(file, &units, base);
        self.add_path(file.path, row);
        self.files.push(FileRow {
            path: (
                (self.paths.len() - file.path.len()) as u32,
                file.path.len() as u32,
            ),
            role: file.role,
            language: file.language.map_or(0, language_number),
            units: (base, self.units.len() as u32 - base),
            lines: units.lines,
            lengths: sums,
            record: (0, 0),
            copies: (copies_start, self.copies.len() as u32 - copies_start),
        });
        row
    }

    /// The terms of a word, as a range of `word_terms`.
    fn word(&mut self, word: &str) -> std::ops::Range<usize> {
        let (id, is_new) = self.words.intern(word.as_bytes());
        if is_new {
            terms::terms(word, |term| {
                self.word_terms.push(self.terms.intern(term.as_bytes()).0);
            });
            self.word_ends.push(self.word_terms.len() as u32);
        }
        let end = self.word_ends[id as usize] as usize;
        let start = id
            .checked_sub(1)
            .map_or(0, |id| self.word_ends[id as usize]);
        start as usize..end
    }

    /// Adds the words of a file; the number of terms in each field of each unit.
    fn add_words(&mut self, file: &Parsed<'_>, units: &Units, base: u32) -> Vec<[u32; FIELDS]> {
        let mut lengths = vec![[0_u32; FIELDS]; units.cuts.len()];
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        units::words(file.text, file.syntax, units, |unit, field, word| {
            let terms = self.word(word);
            lengths[unit as usize][field as usize] += terms.len() as u32;
            let place = u64::from(unit) << 2 | field as u64;
            let terms = &self.word_terms[terms];
            keys.extend(terms.iter().map(|term| u64::from(*term) << 32 | place));
        });
        keys.sort_unstable();
        let mut last: Option<Hit> = None;
        for key in &keys {
            let (term, unit) = ((key >> 32) as u32, base + (*key as u32 >> 2));
            let hit = match &mut last {
                Some(hit) if hit.term == term && hit.unit == unit => hit,
                _ => {
                    self.hits.extend(last.replace(Hit {
                        term,
                        unit,
                        counts: [0; FIELDS],
                    }));
                    last.as_mut().expect("it was set on the line above")
                }
            };
            let count = &mut hit.counts[*key as usize & 3];
            *count = count.saturating_add(1);
        }
        self.hits.extend(last);
        self.keys = keys;
        lengths
    }

    /// Adds the terms of the names of units that hold others.
    fn add_containers(&mut self, file: &Parsed<'_>, units: &Units, base: u32) {
        let mut holds = vec![false; units.cuts.len()];
        for cut in &units.cuts {
            if let Some(parent) = cut.unit.parent {
                holds[parent as usize] = true;
            }
        }
        for (at, cut) in (0..).zip(&units.cuts).filter(|(at, _)| holds[*at as usize]) {
            let Some(symbol) = cut.symbol else { continue };
            let mut found: Vec<u32> = Vec::new();
            terms::words(
                &file.syntax.symbols[symbol as usize].qualified_name,
                |_, word| {
                    let terms = self.word(word);
                    found.extend(&self.word_terms[terms]);
                },
            );
            found.sort_unstable();
            found.dedup();
            self.container_terms
                .extend(found.into_iter().map(|term| (term, base + at)));
        }
    }

    fn add_uses(&mut self, file: &Parsed<'_>, units: &Units, base: u32) {
        self.keys.clear();
        let names = self.visited.iter().skip(2 * file.syntax.symbols.len());
        for (reference, name) in file.syntax.references.iter().zip(names) {
            let unit = reference
                .within
                .map_or(0, |within| units.unit_of[within as usize]);
            self.keys
                .push(u64::from(*name) << 32 | u64::from(base + unit));
        }
        self.keys.sort_unstable();
        self.keys.dedup();
        let uses = self
            .keys
            .iter()
            .map(|key| ((key >> 32) as u32, *key as u32));
        self.uses.extend(uses);
    }

    fn add_record(&mut self, syntax: &FileSyntax) {
        let mut names: Vec<u32> = Vec::new();
        self.local.file += 1;
        let (interner, local, visited) = (&mut self.names, &mut self.local, &mut self.visited);
        visited.clear();
        record::each_name(syntax, |name| {
            let id = interner.intern(name.as_bytes()).0;
            visited.push(id);
            if local.index.len() <= id as usize {
                local.index.resize(id as usize * 2 + 64, (0, 0));
            }
            if local.index[id as usize].0 != local.file {
                local.index[id as usize] = (local.file, 0);
                names.push(id);
            }
        });
        names.sort_unstable_by(|a, b| interner.get(*a).cmp(interner.get(*b)));
        for (at, id) in (0..).zip(&names) {
            local.index[*id as usize].1 = at;
        }
        let start = self.bodies.len();
        let indices = visited.iter().map(|id| local.index[*id as usize].1);
        let indices: Vec<u32> = indices.collect();
        record::put_syntax(&mut self.bodies, syntax, &mut indices.iter());
        self.records.push(Record {
            names,
            body: (start, self.bodies.len()),
        });
    }

    fn add_path(&mut self, path: &str, row: u32) {
        let mut found: Vec<u32> = Vec::new();
        terms::words(path, |_, word| {
            let terms = self.word(word);
            found.extend(&self.word_terms[terms]);
        });
        found.sort_unstable();
        found.dedup();
        self.path_terms
            .extend(found.into_iter().map(|term| (term, row)));
        self.paths.extend_from_slice(path.as_bytes());
    }
}

fn language_number(language: &'static Language) -> u8 {
    let at = language::all()
        .iter()
        .position(|known| std::ptr::eq(known, language));
    at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
}

impl Builder {
    /// Adds the files of a segment that `is_live` keeps, and returns the new row of each file
    /// of the segment, `None` for dead ones.
    ///
    /// # Errors
    /// The segment is damaged; the builder is of no use then.
    pub fn absorb(
        &mut self,
        segment: &Segment,
        is_live: impl Fn(u32) -> bool,
    ) -> Result<Vec<Option<u32>>, Damage> {
        const DEAD: u32 = u32::MAX;
        let mut rows = Vec::new();
        let mut unit_map = vec![DEAD; segment.n_units() as usize];
        let mut names = NameMap::new(segment)?;
        let unit_rows = segment.units()?;
        for (row, file) in (0..).zip(segment.files()?) {
            if !is_live(row) {
                rows.push(None);
                continue;
            }
            let (first, n) = file.units;
            let base = self.units.len() as u32;
            let old = unit_rows
                .get(first as usize..first as usize + n as usize)
                .ok_or(super::bytes::CUT_OFF)?;
            for (at, old) in (0..).zip(old) {
                unit_map[(first + at) as usize] = base + at;
                let mut unit = UnitRow::read(at, old, segment)?;
                unit.name = names.map(unit.name, &mut self.names)?;
                unit.scope = names.map(unit.scope, &mut self.names)?;
                self.units.push(unit);
            }
            let (local, body) = segment.record(&file)?;
            let start = self.bodies.len();
            self.bodies.extend_from_slice(body);
            let mapped: Result<Vec<u32>, Damage> = local
                .iter()
                .map(|name| names.map(*name, &mut self.names))
                .collect();
            self.records.push(Record {
                names: mapped?,
                body: (start, self.bodies.len()),
            });
            let copies = segment.copies(&file)?;
            let new = FileRow {
                path: (self.paths.len() as u32, file.path.1),
                units: (base, n),
                copies: (self.copies.len() as u32, copies.len() as u32),
                ..file.clone()
            };
            self.paths
                .extend_from_slice(segment.path(&file)?.as_bytes());
            self.copies.extend(copies);
            rows.push(Some(self.files.len() as u32));
            self.files.push(new);
        }
        let unit = |old: u32| {
            let new = unit_map.get(old as usize).copied();
            new.filter(|new| *new != DEAD)
        };
        segment.names()?.each(|entry| {
            let lists = segment.name_lists(entry)?;
            if lists.is_empty() {
                return Ok(());
            }
            let (definitions, uses) = lists::name(lists)?;
            let mut name = None;
            let mut id =
                |names: &mut Interner| *name.get_or_insert_with(|| names.intern(&entry.text).0);
            for old in definitions.into_iter().filter_map(unit) {
                self.definitions.push((id(&mut self.names), old));
            }
            for old in uses.into_iter().filter_map(unit) {
                self.uses.push((id(&mut self.names), old));
            }
            Ok(())
        })?;
        segment.terms()?.each(|entry| {
            let lists = TermLists::read(segment.term_lists(entry)?)?;
            let mut term = None;
            let mut id =
                |terms: &mut Interner| *term.get_or_insert_with(|| terms.intern(&entry.text).0);
            for row in &lists.paths {
                if let Some(Some(row)) = rows.get(*row as usize) {
                    self.path_terms.push((id(&mut self.terms), *row));
                }
            }
            for old in lists.containers.iter().copied().filter_map(unit) {
                self.container_terms.push((id(&mut self.terms), old));
            }
            lists.postings(|old, counts| {
                if let Some(unit) = unit(old) {
                    let term = id(&mut self.terms);
                    self.hits.push(Hit { term, unit, counts });
                }
            })
        })?;
        Ok(rows)
    }

    /// The bytes of the segment.
    pub fn finish(mut self) -> Vec<u8> {
        let (n_files, n_units) = (self.files.len() as u32, self.units.len() as u32);
        drop(std::mem::take(&mut self.words));
        let (names, name_rank) = self.name_sections();
        let mut records = Vec::with_capacity(self.bodies.len() * 5 / 4);
        for (file, record) in self.files.iter_mut().zip(&self.records) {
            let start = records.len();
            put(&mut records, record.names.len() as u64);
            let ranks = record.names.iter().map(|name| name_rank[*name as usize]);
            put_steps(&mut records, ranks);
            records.extend_from_slice(&self.bodies[record.body.0..record.body.1]);
            file.record = (start as u32, (records.len() - start) as u32);
        }
        let mut files = Vec::new();
        self.files.iter().for_each(|file| file.put(&mut files));
        let (mut units, mut wide_units) = (Vec::new(), Vec::new());
        for file in &self.files {
            let (first, n) = (file.units.0 as usize, file.units.1 as usize);
            for (at, unit) in (0..).zip(&mut self.units[first..first + n]) {
                unit.name = name_rank[unit.name as usize];
                unit.scope = name_rank[unit.scope as usize];
                unit.put(at, &mut units, &mut wide_units);
            }
        }
        let copies = self
            .copies
            .iter()
            .flat_map(|hash| hash.to_le_bytes())
            .collect();
        let [term_blocks, terms, term_lists] = self.term_sections();
        let [name_blocks, names, name_lists] = names;
        let sections = [
            files,
            units,
            wide_units,
            self.paths,
            records,
            copies,
            term_blocks,
            terms,
            term_lists,
            name_blocks,
            names,
            name_lists,
        ];
        assemble(n_files, n_units, sections)
    }

    /// The dictionary of names with its lists, and the final number of each name.
    fn name_sections(&mut self) -> ([Vec<u8>; 3], Vec<u32>) {
        let order = self.names.sorted();
        let mut rank = vec![0; order.len()];
        for (at, id) in (0..).zip(&order) {
            rank[*id as usize] = at;
        }
        let definitions = grouped(std::mem::take(&mut self.definitions), order.len());
        let uses = grouped(std::mem::take(&mut self.uses), order.len());
        let mut writer = DictionaryWriter::default();
        let mut lists = Vec::new();
        for id in order {
            let start = lists.len();
            lists::put_name(&mut lists, definitions.of(id), uses.of(id));
            writer.push(self.names.get(id), start, lists.len() - start);
        }
        ([writer.blocks, writer.entries, lists], rank)
    }

    /// The dictionary of terms with its lists.
    fn term_sections(&mut self) -> [Vec<u8>; 3] {
        let order = self.terms.sorted();
        let paths = grouped(std::mem::take(&mut self.path_terms), order.len());
        let containers = grouped(std::mem::take(&mut self.container_terms), order.len());
        let hits = std::mem::take(&mut self.hits);
        let (ends, by_term) = positions(hits.iter().map(|hit| hit.term), order.len());
        let mut writer = DictionaryWriter::default();
        let mut lists = Vec::with_capacity(hits.len() * 2);
        for id in order {
            let first = id.checked_sub(1).map_or(0, |id| ends[id as usize]) as usize;
            let postings = &by_term[first..ends[id as usize] as usize];
            let (paths, containers) = (paths.of(id), containers.of(id));
            if postings.is_empty() && paths.is_empty() && containers.is_empty() {
                continue;
            }
            let start = lists.len();
            let postings = postings.iter().map(|at| {
                let hit = &hits[*at as usize];
                (hit.unit, hit.counts)
            });
            lists::put_term(&mut lists, paths, containers, postings);
            writer.push(self.terms.get(id), start, lists.len() - start);
        }
        [writer.blocks, writer.entries, lists]
    }
}

/// Where each group ends, and the positions of its members, in their order.
fn positions(keys: impl Iterator<Item = u32> + Clone, n_groups: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; n_groups + 1];
    for key in keys.clone() {
        starts[key as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut order = vec![0; starts[n_groups] as usize];
    for (at, key) in (0..).zip(keys) {
        let next = &mut starts[key as usize];
        order[*next as usize] = at;
        *next += 1;
    }
    starts.truncate(n_groups);
    (starts, order)
}

/// Values in groups, ascending in each.
struct Grouped {
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl Grouped {
    fn of(&self, group: u32) -> &[u32] {
        let start = group
            .checked_sub(1)
            .map_or(0, |group| self.ends[group as usize]);
        &self.values[start as usize..self.ends[group as usize] as usize]
    }
}

/// Pairs of a group and a value; values of one group come ascending.
fn grouped(pairs: Vec<(u32, u32)>, n_groups: usize) -> Grouped {
    let (ends, order) = positions(pairs.iter().map(|(group, _)| *group), n_groups);
    Grouped {
        ends,
        values: order.into_iter().map(|at| pairs[at as usize].1).collect(),
    }
}

/// The names of a segment that is absorbed, in the numbers of the builder.
struct NameMap {
    texts: Vec<Vec<u8>>,
    known: Vec<u32>,
}

impl NameMap {
    fn new(segment: &Segment) -> Result<NameMap, Damage> {
        let mut texts = Vec::new();
        segment.names()?.each(|entry| {
            texts.push(entry.text.clone());
            Ok(())
        })?;
        Ok(NameMap {
            known: vec![u32::MAX; texts.len()],
            texts,
        })
    }

    fn map(&mut self, old: u32, names: &mut Interner) -> Result<u32, Damage> {
        let known = self
            .known
            .get_mut(old as usize)
            .ok_or(Damage("a name is missing"))?;
        if *known == u32::MAX {
            *known = names.intern(&self.texts[old as usize]).0;
        }
        Ok(*known)
    }
}
