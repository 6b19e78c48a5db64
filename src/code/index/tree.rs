//! A tree as it is now, with everything known about its files: what every view of code reads.
//!
//! Opening it brings the index up to date and holds it for one call. Rows are read where
//! they are mapped, names and records are decoded when they are asked for, texts are read from
//! the files themselves. When the index turns out damaged on the way, or a file is not any more
//! what it was when the tree was opened, [`Tree::problem`] says so, and the answer made so far
//! must be thrown away: [`super::with_tree`] does that, and is the way to use a tree.

use super::bytes::Damage;
use super::folder::Stored;
use super::ingest::{self, Bounds};
use super::lists::{self, TermLists};
use super::manifest::content_hash;
use super::record;
use super::report::Stats;
use super::segment::{FileRow, Segment, UNIT_ROW, UnitRow};
use crate::code::files::{self, Role};
use crate::code::search::{FIELDS, FileEntry, Posting, Store, Totals, Unit, units};
use crate::code::syntax::{FileSyntax, Language, language};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What went wrong while a tree was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file of the index is damaged.
    #[error("the index was damaged ({0}) and is built anew")]
    Damaged(#[from] Damage),
    /// A file was changed since the tree was opened.
    #[error("a file was changed while it was read")]
    Changed,
}

/// The files of a tree and what is known of them.
pub struct Tree {
    root: PathBuf,
    bounds: Bounds,
    files: Vec<LiveFile>,
    without_text: Vec<String>,
    parts: Vec<Part>,
    /// The file of each unit.
    file_of: Vec<u32>,
    totals: Totals,
    texts: Vec<OnceLock<String>>,
    syntaxes: Vec<OnceLock<Arc<FileSyntax>>>,
    problem: Mutex<Option<Problem>>,
    /// How large the index is.
    pub(super) sizes: Stats,
    /// What the reader should know about the index itself.
    pub notes: Vec<String>,
}

/// A file, with the part that its rows are in.
struct LiveFile {
    path: String,
    hash: super::manifest::ContentHash,
    bytes: u64,
    role: Role,
    part: u32,
    row: FileRow,
    /// Its first unit among all units.
    first_unit: u32,
}

/// A segment with what leads from its rows to those of the tree.
struct Part {
    segment: Arc<Segment>,
    /// First unit of each row, and one more.
    unit_starts: Vec<u32>,
    /// The file of each row; `DEAD` for none.
    files: Vec<u32>,
    /// All its names, once many records are read.
    names: OnceLock<Result<Vec<String>, Damage>>,
    records_read: AtomicU32,
}

/// From this many records on all names of a segment are decoded at once.
const MANY_RECORDS: u32 = 24;

const DEAD: u32 = u32::MAX;

/// One file, as the views see it.
#[derive(Clone, Copy, Debug)]
pub struct TreeFile<'a> {
    /// Path relative to the root, with `/`.
    pub path: &'a str,
    /// What it is for; a file made of others counts as generated.
    pub role: Role,
    /// The same, copies not regarded.
    pub own_role: Role,
    /// Its language by path and content.
    pub language: Option<&'static Language>,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of lines.
    pub lines: u32,
}

impl Tree {
    /// The tree at `root` with what is stored of it.
    pub(super) fn new(
        root: &Path,
        stored: Stored,
        bounds: Bounds,
        notes: Vec<String>,
    ) -> Result<Tree, Damage> {
        let sizes = Stats::of(&stored);
        let mut parts = Vec::with_capacity(stored.segments.len());
        let mut rows = Vec::with_capacity(stored.segments.len());
        for segment in stored.segments {
            let files = segment.files()?;
            let starts = files.iter().map(|row| row.units.0);
            parts.push(Part {
                unit_starts: starts.chain([segment.n_units()]).collect(),
                files: vec![DEAD; files.len()],
                names: OnceLock::new(),
                records_read: AtomicU32::new(0),
                segment,
            });
            rows.push(files);
        }
        let mut tree = Tree {
            root: root.to_owned(),
            bounds,
            files: Vec::with_capacity(stored.manifest.files.len()),
            without_text: Vec::new(),
            parts,
            file_of: Vec::new(),
            totals: Totals::default(),
            texts: Vec::new(),
            syntaxes: Vec::new(),
            problem: Mutex::new(None),
            sizes,
            notes,
        };
        for known in stored.manifest.files {
            let Some(place) = known.place else {
                tree.without_text.push(known.stamp.path);
                continue;
            };
            let row = rows
                .get(place.segment as usize)
                .and_then(|rows| rows.get(place.row as usize))
                .ok_or(Damage("a row is missing"))?
                .clone();
            let idx = tree.files.len() as u32;
            tree.parts[place.segment as usize].files[place.row as usize] = idx;
            let first_unit = tree.file_of.len() as u32;
            tree.file_of
                .resize(first_unit as usize + row.units.1 as usize, idx);
            for (sum, n) in tree.totals.unit_lengths.iter_mut().zip(row.lengths) {
                *sum += u64::from(n);
            }
            tree.files.push(LiveFile {
                path: known.stamp.path,
                hash: known.hash,
                bytes: known.stamp.bytes,
                role: match known.is_derived {
                    true => Role::Generated,
                    false => row.role,
                },
                part: place.segment,
                row,
                first_unit,
            });
        }
        tree.totals.file_length = tree.totals.unit_lengths.iter().sum();
        tree.texts.resize_with(tree.files.len(), OnceLock::new);
        tree.syntaxes.resize_with(tree.files.len(), OnceLock::new);
        Ok(tree)
    }

    /// What went wrong while it was read, if anything did: then nothing that it told counts.
    pub fn problem(&self) -> Option<Problem> {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The root of the tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file; `file` is smaller than [`Store::n_files`].
    pub fn source(&self, file: u32) -> TreeFile<'_> {
        let live = &self.files[file as usize];
        let language = live.row.language.checked_sub(1);
        TreeFile {
            path: &live.path,
            role: live.role,
            own_role: live.row.role,
            language: language.and_then(|at| language::all().get(at as usize)),
            bytes: live.bytes,
            lines: live.row.lines,
        }
    }

    /// The files that belong to the tree and have no text: binary, too large, unreadable.
    pub fn without_text(&self) -> &[String] {
        &self.without_text
    }

    /// The number of the file at `path`, relative to the root.
    pub fn find(&self, path: &str) -> Option<u32> {
        let found = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        found.ok().map(|at| at as u32)
    }

    /// What the parse of a file found, references included; without parsing.
    pub fn syntax(&self, file: u32) -> Arc<FileSyntax> {
        let cell = &self.syntaxes[file as usize];
        let syntax = cell.get_or_init(|| {
            let found = self.read_syntax(file);
            Arc::new(self.note(found).unwrap_or_default())
        });
        syntax.clone()
    }

    /// The symbol that a unit stands for, as an index into the symbols of its file.
    pub fn symbol_of(&self, unit: u32) -> Option<u32> {
        let live = &self.files[self.file_of[unit as usize] as usize];
        let syntax = self.syntax(self.file_of[unit as usize]);
        let (_, symbol_of) = units::number(&syntax.symbols);
        let at = (unit - live.first_unit).checked_sub(1)?;
        symbol_of.get(at as usize).copied()
    }

    fn read_syntax(&self, file: u32) -> Result<FileSyntax, Damage> {
        let live = &self.files[file as usize];
        let part = &self.parts[live.part as usize];
        let (ids, body) = part.segment.record(&live.row)?;
        let dictionary = part.segment.names()?;
        if part.records_read.fetch_add(1, Ordering::Relaxed) < MANY_RECORDS {
            let names = ids.into_iter().map(|id| text(dictionary.get(id)?.text));
            let names: Result<Vec<String>, Damage> = names.collect();
            return record::syntax(body, &names?);
        }
        let all = part.names.get_or_init(|| {
            let mut all = Vec::new();
            dictionary.each(|entry| {
                all.push(text(entry.text.clone())?);
                Ok(())
            })?;
            Ok(all)
        });
        let all = all.as_ref().map_err(|damage| *damage)?;
        let names = ids.into_iter().map(|id| all.get(id as usize));
        let names: Option<Vec<&String>> = names.collect();
        record::syntax(body, &names.ok_or(Damage("a name is missing"))?)
    }

    /// Keeps the first problem.
    fn note<T, E: Into<Problem>>(&self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(found) => Some(found),
            Err(problem) => {
                let mut known = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
                known.get_or_insert(problem.into());
                None
            }
        }
    }

    fn row(&self, unit: u32) -> Result<UnitRow, Damage> {
        let live = &self.files[self.file_of[unit as usize] as usize];
        let rows = self.parts[live.part as usize].segment.units()?;
        let local = unit - live.first_unit;
        let row: Option<&[u8; UNIT_ROW]> = rows.get((live.row.units.0 + local) as usize);
        let segment = &self.parts[live.part as usize].segment;
        UnitRow::read(local, row.ok_or(super::bytes::CUT_OFF)?, segment)
    }

    fn name_of(&self, unit: u32, id: impl Fn(&UnitRow) -> u32) -> Result<String, Damage> {
        let row = self.row(unit)?;
        let live = &self.files[self.file_of[unit as usize] as usize];
        let names = self.parts[live.part as usize].segment.names()?;
        text(names.get(id(&row))?.text)
    }

    /// Reads lists of every segment that has an entry, and puts the numbers found in order.
    fn lists<T>(
        &self,
        mut read: impl FnMut(&Part, &mut Vec<T>) -> Result<(), Damage>,
        key: impl Fn(&T) -> u32,
    ) -> Vec<T> {
        let mut found = Vec::new();
        for part in &self.parts {
            if self.note(read(part, &mut found)).is_none() {
                return Vec::new();
            }
        }
        // Runs that are sorted already, one or a few for each segment.
        found.sort_by_key(key);
        found
    }

    fn name_lists(&self, name: &str) -> (Vec<u32>, Vec<u32>) {
        let mut uses = Vec::new();
        let definitions = self.lists(
            |part, found: &mut Vec<u32>| {
                if let Some(entry) = part.segment.names()?.find(name.as_bytes())? {
                    let lists = lists::name(part.segment.name_lists(&entry)?)?;
                    let mut walk = Walk::new(self, part);
                    found.extend(lists.0.into_iter().filter_map(|unit| walk.unit(unit)));
                    let mut walk = Walk::new(self, part);
                    uses.extend(lists.1.into_iter().filter_map(|unit| walk.unit(unit)));
                }
                Ok(())
            },
            |unit| *unit,
        );
        uses.sort();
        (definitions, uses)
    }

    fn read_text(&self, file: u32) -> Result<String, Problem> {
        let live = &self.files[file as usize];
        let bytes = ingest::read(&self.root.join(&live.path), self.bounds.max_file_bytes);
        let bytes = bytes.filter(|bytes| content_hash(bytes) == live.hash);
        let text = bytes.and_then(|bytes| files::text_of(bytes).ok());
        text.map(|text| text.content).ok_or(Problem::Changed)
    }
}

pub(super) fn text(bytes: Vec<u8>) -> Result<String, Damage> {
    String::from_utf8(bytes).map_err(|_| Damage("a name is no UTF-8"))
}

/// Turns ascending units of a segment into units of the tree.
struct Walk<'a> {
    tree: &'a Tree,
    part: &'a Part,
    row: usize,
}

impl<'a> Walk<'a> {
    fn new(tree: &'a Tree, part: &'a Part) -> Walk<'a> {
        Walk { tree, part, row: 0 }
    }

    fn unit(&mut self, unit: u32) -> Option<u32> {
        let starts = &self.part.unit_starts;
        if *starts.get(self.row + 1)? <= unit {
            // Near ones are found at once, far ones in a few steps.
            let mut step = 1;
            while starts
                .get(self.row + step)
                .is_some_and(|start| *start <= unit)
            {
                self.row += step;
                step *= 2;
            }
            while step > 0 {
                if starts
                    .get(self.row + step)
                    .is_some_and(|start| *start <= unit)
                {
                    self.row += step;
                }
                step /= 2;
            }
        }
        let file = *self.part.files.get(self.row)?;
        let first = self.tree.files.get(file as usize)?.first_unit;
        Some(first + (unit - starts[self.row]))
    }
}

impl Store for Tree {
    fn n_files(&self) -> u32 {
        self.files.len() as u32
    }

    fn n_units(&self) -> u32 {
        self.file_of.len() as u32
    }

    fn file(&self, file: u32) -> FileEntry<'_> {
        let live = &self.files[file as usize];
        FileEntry {
            path: &live.path,
            role: live.role,
            units: (live.first_unit, live.first_unit + live.row.units.1),
            lines: live.row.lines,
            length: live.row.lengths.iter().sum(),
        }
    }

    fn unit(&self, unit: u32) -> Unit {
        let file = self.file_of[unit as usize];
        let row = self.note(self.row(unit)).unwrap_or(UnitRow::NONE);
        let first = self.files[file as usize].first_unit;
        Unit {
            file,
            kind: row.kind,
            lines: row.lines,
            doc_line: row.lines.start.saturating_sub(u32::from(row.lead)).max(1),
            parent: row.parent.checked_sub(1).map(|parent| first + parent),
            is_test: row.is_test,
            has_body: row.has_body,
            lengths: row.lengths,
        }
    }

    fn name(&self, unit: u32) -> Cow<'_, str> {
        let name = self.name_of(unit, |row| row.name);
        Cow::Owned(self.note(name).unwrap_or_default())
    }

    fn qualified(&self, unit: u32) -> Cow<'_, str> {
        let found = self.row(unit).and_then(|row| {
            let mut qualified = self.name_of(unit, |row| row.scope)?;
            if !row.is_whole {
                qualified.push_str(&self.name_of(unit, |row| row.name)?);
            }
            Ok(qualified)
        });
        Cow::Owned(self.note(found).unwrap_or_default())
    }

    fn totals(&self) -> Totals {
        self.totals
    }

    fn postings(&self, term: &str) -> Cow<'_, [Posting]> {
        let found = self.lists(
            |part, found: &mut Vec<Posting>| {
                let Some(entry) = part.segment.terms()?.find(term.as_bytes())? else {
                    return Ok(());
                };
                let lists = TermLists::read(part.segment.term_lists(&entry)?)?;
                let mut walk = Walk::new(self, part);
                found.reserve(lists.n_postings.min(entry.data.len()));
                lists.postings(|unit, counts| {
                    found.extend(walk.unit(unit).map(|unit| Posting { unit, counts }));
                })
            },
            |posting| posting.unit,
        );
        Cow::Owned(found)
    }

    fn paths(&self, term: &str) -> Cow<'_, [u32]> {
        let found = self.lists(
            |part, found: &mut Vec<u32>| {
                if let Some(entry) = part.segment.terms()?.find(term.as_bytes())? {
                    let lists = TermLists::read(part.segment.term_lists(&entry)?)?;
                    let files = lists.paths.iter();
                    let files = files.filter_map(|row| part.files.get(*row as usize));
                    found.extend(files.filter(|file| **file != DEAD));
                }
                Ok(())
            },
            |file| *file,
        );
        Cow::Owned(found)
    }

    fn containers(&self, term: &str) -> Cow<'_, [u32]> {
        let holders = self.lists(
            |part, found: &mut Vec<u32>| {
                if let Some(entry) = part.segment.terms()?.find(term.as_bytes())? {
                    let lists = TermLists::read(part.segment.term_lists(&entry)?)?;
                    let mut walk = Walk::new(self, part);
                    let units = lists.containers.into_iter();
                    found.extend(units.filter_map(|unit| walk.unit(unit)));
                }
                Ok(())
            },
            |unit| *unit,
        );
        let mut found = Vec::new();
        for of_file in
            holders.chunk_by(|a, b| self.file_of[*a as usize] == self.file_of[*b as usize])
        {
            let live = &self.files[self.file_of[of_file[0] as usize] as usize];
            let end = live.first_unit + live.row.units.1;
            let children = (of_file[0] + 1..end).filter(|unit| {
                let parent = self.note(self.row(*unit)).map_or(0, |row| row.parent);
                let parent = parent.checked_sub(1).map(|parent| live.first_unit + parent);
                parent.is_some_and(|parent| of_file.binary_search(&parent).is_ok())
            });
            found.extend(children);
        }
        Cow::Owned(found)
    }

    fn definitions(&self, name: &str) -> Cow<'_, [u32]> {
        Cow::Owned(self.name_lists(name).0)
    }

    fn uses(&self, name: &str) -> Cow<'_, [u32]> {
        Cow::Owned(self.name_lists(name).1)
    }

    fn used_by(&self, unit: u32) -> Vec<String> {
        let file = self.file_of[unit as usize];
        let at = unit - self.files[file as usize].first_unit;
        let syntax = self.syntax(file);
        let (unit_of, _) = units::number(&syntax.symbols);
        let mut names: Vec<String> = syntax
            .references
            .iter()
            .filter(|reference| {
                reference.within.map_or(0, |within| {
                    unit_of.get(within as usize).copied().unwrap_or(0)
                }) == at
            })
            .map(|reference| reference.name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn text(&self, file: u32) -> &str {
        self.texts[file as usize].get_or_init(|| {
            let text = self.read_text(file);
            self.note(text).unwrap_or_default()
        })
    }
}

impl UnitRow {
    /// What stands for a row that cannot be read.
    const NONE: UnitRow = UnitRow {
        kind: None,
        is_test: false,
        has_body: false,
        is_whole: false,
        lead: 0,
        lines: crate::code::syntax::Lines { start: 1, end: 1 },
        name: 0,
        scope: 0,
        parent: 0,
        lengths: [0; FIELDS],
    };
}
