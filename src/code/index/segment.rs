//! One segment: an immutable file with everything about some files of the tree.
//!
//! It has a header, sections one after the other, and a checksum for every [`BLOCK`] bytes.
//! Length and header are checked when it is opened, a block when it is first read. So a damaged
//! segment is found before anything false is read from it, and what is never read costs nothing.

use super::bytes::{CUT_OFF, Damage, Reader, u32_at, u64_at};
use super::dictionary::{Dictionary, Entry};
use super::lists::steps;
use crate::code::files::Role;
use crate::code::search::FIELDS;
use crate::code::syntax::{Lines, SymbolKind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The format; another one is never read.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"ctxsegm\n";
const BLOCK: usize = 64 * 1024;
/// Magic, version, rows of files, units, length of the file, then the start of each section and
/// of the checksums, then checksums of these and of the header.
const HEADER: usize = 8 + 4 + 4 + 4 + 4 + 8 + (SECTIONS + 1) * 8 + 8 + 8;
const SECTIONS: usize = 12;

/// The parts of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// A row for each file.
    Files,
    /// A row for each unit.
    Units,
    /// Rows of units with numbers that do not fit those above.
    WideUnits,
    /// The paths of the files.
    Paths,
    /// What the parse of each file found.
    Records,
    /// Hashes of units, for finding copies.
    Copies,
    /// The dictionary of terms: its blocks, its strings, the lists.
    TermBlocks,
    /// See above.
    Terms,
    /// See above.
    TermLists,
    /// The dictionary of names: its blocks, its strings, the lists.
    NameBlocks,
    /// See above.
    Names,
    /// See above.
    NameLists,
}

/// Bytes of a row in [`Section::Files`].
pub const FILE_ROW: usize = 56;
/// Bytes of a row in [`Section::Units`].
pub const UNIT_ROW: usize = 21;

/// A row of [`Section::Files`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Start and length of its path.
    pub path: (u32, u32),
    /// Its role, copies not regarded.
    pub role: Role,
    /// Its language, as a position in the list of all, plus one; 0 for none.
    pub language: u8,
    /// Its first unit and how many there are.
    pub units: (u32, u32),
    /// Number of lines.
    pub lines: u32,
    /// Lengths of its units, summed.
    pub lengths: [u32; FIELDS],
    /// Start and length of its record.
    pub record: (u32, u32),
    /// First hash for finding copies and how many there are.
    pub copies: (u32, u32),
}

/// Every role, in the order of its number in a row.
pub const ROLES: [Role; 7] = [
    Role::Source,
    Role::Example,
    Role::Docs,
    Role::Config,
    Role::Test,
    Role::Vendored,
    Role::Generated,
];

impl FileRow {
    /// Appends the row.
    pub fn put(&self, out: &mut Vec<u8>) {
        let role = ROLES.iter().position(|role| *role == self.role);
        out.extend([role.unwrap_or(0) as u8, self.language, 0, 0]);
        let [a, b, c, d] = self.lengths;
        let numbers = [
            self.path.0,
            self.path.1,
            self.units.0,
            self.units.1,
            self.lines,
            a,
            b,
            c,
            d,
            self.record.0,
            self.record.1,
            self.copies.0,
            self.copies.1,
        ];
        out.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
    }

    fn read(rows: &[u8], row: usize) -> Result<FileRow, Damage> {
        let bytes = rows
            .get(row * FILE_ROW..(row + 1) * FILE_ROW)
            .ok_or(CUT_OFF)?;
        let n = |at: usize| u32_at(bytes, 4 + at * 4);
        Ok(FileRow {
            role: *ROLES
                .get(bytes[0] as usize)
                .ok_or(Damage("a role is unknown"))?,
            language: bytes[1],
            path: (n(0)?, n(1)?),
            units: (n(2)?, n(3)?),
            lines: n(4)?,
            lengths: [n(5)?, n(6)?, n(7)?, n(8)?],
            record: (n(9)?, n(10)?),
            copies: (n(11)?, n(12)?),
        })
    }
}

/// A row of [`Section::Units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// `None` for the residual unit.
    pub kind: Option<SymbolKind>,
    /// Whether it is a test.
    pub is_test: bool,
    /// Whether it is more than a declaration.
    pub has_body: bool,
    /// Whether `scope` is all of its qualified name.
    pub is_whole: bool,
    /// Lines of its doc comment before it.
    pub lead: u16,
    /// Its lines.
    pub lines: Lines,
    /// Its name, as a number of the dictionary.
    pub name: u32,
    /// What stands before its name in its qualified name, as a number of the dictionary.
    pub scope: u32,
    /// The unit it stands in, as an index within the file plus one; 0 for none.
    pub parent: u32,
    /// Terms of each field; the first three fit 16 bits.
    pub lengths: [u32; FIELDS],
}

/// Set in the flags of a row whose numbers do not fit: it has the number of its wide row.
const WIDE: u8 = 8;
/// Bytes of a row in [`Section::WideUnits`].
const WIDE_ROW: usize = 40;

impl UnitRow {
    /// Appends the row, and to `wide` if its numbers do not fit. `at` is its index in its file.
    pub fn put(&self, at: u32, out: &mut Vec<u8>, wide: &mut Vec<u8>) {
        let flags =
            u8::from(self.is_test) | u8::from(self.has_body) << 1 | u8::from(self.is_whole) << 2;
        let kind = self.kind.map_or(u8::MAX, |kind| kind as u8);
        // The one it stands in is near; 0 for none.
        let back = self.parent.checked_sub(1).map_or(0, |parent| at - parent);
        let [name, signature, doc, body] = self.lengths;
        let span = self.lines.end - self.lines.start;
        let parts = [
            (u32::from(self.lead), 1),
            (name, 1),
            (signature, 1),
            (doc, 1),
            (body, 2),
            (span, 2),
            (back, 2),
            (self.lines.start, 3),
            (self.name, 3),
            (self.scope, 3),
        ];
        let fits = parts.iter().all(|(n, bytes)| n >> (8 * bytes) == 0);
        if fits {
            out.extend([kind, flags]);
            for (n, bytes) in parts {
                out.extend(&n.to_le_bytes()[..bytes]);
            }
            return;
        }
        out.extend([kind, flags | WIDE]);
        out.extend(((wide.len() / WIDE_ROW) as u32).to_le_bytes());
        out.resize(out.len() + UNIT_ROW - 6, 0);
        wide.extend(parts.iter().flat_map(|(n, _)| n.to_le_bytes()));
    }

    /// Reads a row; `at` is its index in its file.
    ///
    /// # Errors
    /// Its wide row is not there.
    pub fn read(at: u32, row: &[u8; UNIT_ROW], segment: &Segment) -> Result<UnitRow, Damage> {
        let [kind, flags, rest @ ..] = row;
        let three = |at: usize| u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], 0]);
        let two = |at: usize| u32::from(u16::from_le_bytes([rest[at], rest[at + 1]]));
        let one = |at: usize| u32::from(rest[at]);
        let mut n = [
            one(0),
            one(1),
            one(2),
            one(3),
            two(4),
            two(6),
            two(8),
            three(10),
            three(13),
            three(16),
        ];
        if flags & WIDE != 0 {
            let wide = u32_at(rest, 0)? as usize;
            let bytes = segment.part(Section::WideUnits, wide * WIDE_ROW, WIDE_ROW)?;
            for (at, n) in n.iter_mut().enumerate() {
                *n = u32_at(bytes, at * 4)?;
            }
        }
        let [
            lead,
            name_length,
            signature,
            doc,
            body,
            span,
            back,
            start,
            name,
            scope,
        ] = n;
        Ok(UnitRow {
            kind: SymbolKind::ALL.get(*kind as usize).copied(),
            is_test: flags & 1 != 0,
            has_body: flags & 2 != 0,
            is_whole: flags & 4 != 0,
            lead: lead as u16,
            lines: Lines {
                start,
                end: start.saturating_add(span),
            },
            name,
            scope,
            parent: match back {
                0 => 0,
                back => at.saturating_sub(back) + 1,
            },
            lengths: [name_length, signature, doc, body],
        })
    }
}

/// A hash of bytes, short enough to keep one for every block.
fn checksum(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    u64_at(hash.as_bytes(), 0).unwrap_or_default()
}

/// Puts sections together to the bytes of a segment.
pub fn assemble(n_files: u32, n_units: u32, sections: [Vec<u8>; SECTIONS]) -> Vec<u8> {
    let size: usize = sections.iter().map(Vec::len).sum();
    let mut out = vec![0; HEADER];
    out.reserve(size + size / BLOCK * 8 + 64);
    let mut starts = Vec::with_capacity(SECTIONS + 1);
    for section in sections {
        starts.push(out.len() as u64);
        out.extend(section);
    }
    starts.push(out.len() as u64);
    let sums: Vec<u8> = out[HEADER..]
        .chunks(BLOCK)
        .flat_map(|block| checksum(block).to_le_bytes())
        .collect();
    out.extend_from_slice(&sums);
    let mut header = Vec::with_capacity(HEADER);
    header.extend_from_slice(MAGIC);
    for n in [VERSION, n_files, n_units, 0] {
        header.extend(n.to_le_bytes());
    }
    header.extend((out.len() as u64).to_le_bytes());
    header.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
    header.extend(checksum(&sums).to_le_bytes());
    header.extend(checksum(&header).to_le_bytes());
    out[..HEADER].copy_from_slice(&header);
    out
}

enum Bytes {
    Mapped(crate::sys::map::Mapped),
    Owned(Vec<u8>),
}

/// A segment to read from.
pub struct Segment {
    bytes: Bytes,
    n_files: u32,
    n_units: u32,
    starts: [usize; SECTIONS + 1],
    /// Which blocks were found whole.
    checked: Vec<AtomicBool>,
    /// Which sections were, all their blocks.
    whole: [AtomicBool; SECTIONS],
}

/// Why a segment cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system says so.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is no segment, or not all of one.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

impl Segment {
    /// Maps the segment at `path`.
    ///
    /// # Errors
    /// It cannot be read, or is not whole.
    pub fn open(path: &Path) -> Result<Segment, OpenError> {
        let map = crate::sys::map::immutable(path)?;
        Ok(Segment::new(Bytes::Mapped(map))?)
    }

    /// A segment that is not on disk.
    ///
    /// # Errors
    /// The bytes are no segment.
    pub fn in_memory(bytes: Vec<u8>) -> Result<Segment, Damage> {
        Segment::new(Bytes::Owned(bytes))
    }

    fn new(bytes: Bytes) -> Result<Segment, Damage> {
        let all = slice(&bytes);
        let header = all.get(..HEADER).ok_or(CUT_OFF)?;
        let (signed, sum) = header.split_at(HEADER - 8);
        if &header[..8] != MAGIC || u64_at(sum, 0)? != checksum(signed) {
            return Err(Damage("its header is damaged"));
        }
        if u32_at(header, 8)? != VERSION {
            return Err(Damage("it is of another version"));
        }
        if u64_at(header, 24)? != all.len() as u64 {
            return Err(CUT_OFF);
        }
        let mut starts = [0; SECTIONS + 1];
        for (at, start) in starts.iter_mut().enumerate() {
            *start = u64_at(header, 32 + at * 8)? as usize;
        }
        let sums = all.get(starts[SECTIONS]..).ok_or(CUT_OFF)?;
        if checksum(sums) != u64_at(signed, HEADER - 16)? {
            return Err(Damage("its checksums are damaged"));
        }
        let checked = (0..sums.len() / 8).map(|_| AtomicBool::new(false));
        Ok(Segment {
            n_files: u32_at(header, 12)?,
            n_units: u32_at(header, 16)?,
            starts,
            checked: checked.collect(),
            whole: Default::default(),
            bytes,
        })
    }

    /// The name it is stored under, made from its checksums.
    pub fn name(&self) -> u64 {
        u64_at(slice(&self.bytes), HEADER - 8).unwrap_or_default()
    }

    /// Number of files, dead ones included.
    pub fn n_files(&self) -> u32 {
        self.n_files
    }

    /// Number of units, dead ones included.
    pub fn n_units(&self) -> u32 {
        self.n_units
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        slice(&self.bytes).len() as u64
    }

    /// A part of a section, its checksums compared.
    ///
    /// # Errors
    /// It is damaged, or not there.
    pub fn part(&self, section: Section, from: usize, len: usize) -> Result<&[u8], Damage> {
        let start = self.starts[section as usize]
            .checked_add(from)
            .ok_or(CUT_OFF)?;
        let end = start.checked_add(len).ok_or(CUT_OFF)?;
        if end > self.starts[section as usize + 1] {
            return Err(CUT_OFF);
        }
        self.check(start, end)?;
        slice(&self.bytes).get(start..end).ok_or(CUT_OFF)
    }

    /// A whole section, its checksums compared.
    ///
    /// # Errors
    /// It is damaged.
    pub fn section(&self, section: Section) -> Result<&[u8], Damage> {
        let (start, end) = (
            self.starts[section as usize],
            self.starts[section as usize + 1],
        );
        let whole = &self.whole[section as usize];
        if !whole.load(Ordering::Relaxed) {
            self.check(start, end)?;
            whole.store(true, Ordering::Relaxed);
        }
        slice(&self.bytes).get(start..end).ok_or(CUT_OFF)
    }

    /// Compares all checksums.
    ///
    /// # Errors
    /// Something is damaged.
    pub fn check_all(&self) -> Result<(), Damage> {
        self.check(HEADER, self.starts[SECTIONS])
    }

    fn check(&self, start: usize, end: usize) -> Result<(), Damage> {
        if start >= end {
            return Ok(());
        }
        let all = slice(&self.bytes);
        let last = self.starts[SECTIONS];
        let sums = all.get(last..).ok_or(CUT_OFF)?;
        let blocks =
            start.saturating_sub(HEADER) / BLOCK..=(end - 1).saturating_sub(HEADER) / BLOCK;
        for block in blocks {
            let checked = self.checked.get(block).ok_or(CUT_OFF)?;
            if checked.load(Ordering::Relaxed) {
                continue;
            }
            let from = HEADER + block * BLOCK;
            let bytes = all.get(from..(from + BLOCK).min(last)).ok_or(CUT_OFF)?;
            if checksum(bytes) != u64_at(sums, block * 8)? {
                return Err(Damage("a checksum differs"));
            }
            checked.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The row of a file.
    ///
    /// # Errors
    /// It is damaged, or not there.
    pub fn file(&self, row: u32) -> Result<FileRow, Damage> {
        let at = row as usize * FILE_ROW;
        FileRow::read(self.part(Section::Files, at, FILE_ROW)?, 0)
    }

    /// All rows of files.
    ///
    /// # Errors
    /// They are damaged.
    pub fn files(&self) -> Result<Vec<FileRow>, Damage> {
        let rows = self.section(Section::Files)?;
        (0..self.n_files as usize)
            .map(|row| FileRow::read(rows, row))
            .collect()
    }

    /// The path of a file.
    ///
    /// # Errors
    /// It is damaged.
    pub fn path(&self, file: &FileRow) -> Result<&str, Damage> {
        let (start, len) = file.path;
        let bytes = self.part(Section::Paths, start as usize, len as usize)?;
        std::str::from_utf8(bytes).map_err(|_| Damage("a path is no UTF-8"))
    }

    /// The rows of all units.
    ///
    /// # Errors
    /// They are damaged.
    pub fn units(&self) -> Result<&[[u8; UNIT_ROW]], Damage> {
        let rows = self.section(Section::Units)?;
        let (rows, _) = rows.as_chunks();
        rows.get(..self.n_units as usize).ok_or(CUT_OFF)
    }

    /// Hashes of a file's units, for finding copies.
    ///
    /// # Errors
    /// They are damaged.
    pub fn copies(&self, file: &FileRow) -> Result<Vec<u32>, Damage> {
        let (start, n) = (file.copies.0 as usize, file.copies.1 as usize);
        let bytes = self.part(Section::Copies, start * 4, n * 4)?;
        let (fours, _) = bytes.as_chunks();
        Ok(fours.iter().map(|four| u32::from_le_bytes(*four)).collect())
    }

    /// The names that a file's record refers to, as numbers of the dictionary, and the record.
    ///
    /// # Errors
    /// They are damaged.
    pub fn record(&self, file: &FileRow) -> Result<(Vec<u32>, &[u8]), Damage> {
        let (start, len) = file.record;
        let bytes = self.part(Section::Records, start as usize, len as usize)?;
        let mut reader = Reader::new(bytes);
        let mut names = Vec::new();
        let n = reader.count()?;
        steps(&mut reader, n, |name| names.push(name))?;
        Ok((names, reader.rest()))
    }

    /// The dictionary of terms.
    ///
    /// # Errors
    /// It is damaged.
    pub fn terms(&self) -> Result<Dictionary<'_>, Damage> {
        self.dictionary(Section::TermBlocks, Section::Terms)
    }

    /// The dictionary of names.
    ///
    /// # Errors
    /// It is damaged.
    pub fn names(&self) -> Result<Dictionary<'_>, Damage> {
        self.dictionary(Section::NameBlocks, Section::Names)
    }

    fn dictionary(&self, blocks: Section, strings: Section) -> Result<Dictionary<'_>, Damage> {
        Ok(Dictionary::new(
            self.section(blocks)?,
            self.section(strings)?,
        ))
    }

    /// The lists of an entry of the dictionary of terms.
    ///
    /// # Errors
    /// They are damaged.
    pub fn term_lists(&self, entry: &Entry) -> Result<&[u8], Damage> {
        self.part(Section::TermLists, entry.data.start, entry.data.len())
    }

    /// The lists of an entry of the dictionary of names.
    ///
    /// # Errors
    /// They are damaged.
    pub fn name_lists(&self, entry: &Entry) -> Result<&[u8], Damage> {
        self.part(Section::NameLists, entry.data.start, entry.data.len())
    }

    /// The bytes as they are on disk.
    pub fn bytes(&self) -> &[u8] {
        slice(&self.bytes)
    }
}

fn slice(bytes: &Bytes) -> &[u8] {
    match bytes {
        Bytes::Mapped(map) => map,
        Bytes::Owned(bytes) => bytes,
    }
}
