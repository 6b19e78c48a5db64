//! What the index holds and whether it is whole, for `ctx index`.

use super::folder::{Folder, LoadError, Stored};
use super::ingest::{self, Bounds, Content};
use super::manifest::{Known, Place, content_hash};
use super::{TreeOptions, index_folder, open, record};
use crate::code::files;
use crate::code::search::Store as _;
use std::path::{Path, PathBuf};

/// Sizes of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Where it is kept; `None` when it is nowhere.
    pub folder: Option<PathBuf>,
    /// Files with a text.
    pub files: u64,
    /// Files without: binary, too large, unreadable.
    pub without_text: u64,
    /// Bytes of all files with a text.
    pub source_bytes: u64,
    /// Symbols worth a line, and one rest for each file.
    pub units: u64,
    /// Segments it consists of.
    pub segments: u64,
    /// Bytes on disk, or in memory if it could not be written.
    pub index_bytes: u64,
    /// Files whose rows are in a segment but are not used any more.
    pub dead_files: u64,
}

/// Brings the index of the tree at `root` up to date, or makes it anew, and tells its sizes,
/// with notes for the reader.
pub fn build(root: &Path, options: &TreeOptions<'_>, anew: bool) -> (Stats, Vec<String>) {
    let folder = index_folder(root);
    let mut notes = Vec::new();
    if let Some(folder) = folder.as_ref().filter(|_| anew) {
        // What cannot be removed cannot be written either, which is noted then.
        let _ = folder.forget();
    }
    loop {
        match open(root, options, folder.as_ref(), anew) {
            Ok(tree) => {
                let mut stats = tree.sizes.clone();
                stats.folder = folder.map(|folder| folder.path().to_owned());
                stats.units = u64::from(tree.n_units());
                notes.extend(tree.notes);
                return (stats, notes);
            }
            Err(damage) => {
                notes.push(super::Problem::Damaged(damage).to_string());
                let forgotten = folder.as_ref().map(Folder::forget);
                if !matches!(forgotten, Some(Ok(()))) {
                    return (Stats::of(&Stored::default()), notes);
                }
            }
        }
    }
}

impl Stats {
    pub(super) fn of(stored: &Stored) -> Stats {
        let files = &stored.manifest.files;
        let with_text = files.iter().filter(|file| file.place.is_some());
        let rows: u64 = stored
            .segments
            .iter()
            .map(|segment| u64::from(segment.n_files()))
            .sum();
        let n_files = with_text.clone().count() as u64;
        Stats {
            folder: None,
            files: n_files,
            without_text: files.len() as u64 - n_files,
            source_bytes: with_text.map(|file| file.stamp.bytes).sum(),
            units: 0,
            segments: stored.segments.len() as u64,
            index_bytes: stored.segments.iter().map(|segment| segment.size()).sum(),
            dead_files: rows.saturating_sub(n_files),
        }
    }
}

/// What [`check`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Files looked at.
    pub files: u64,
    /// What is wrong, in words; empty when nothing is.
    pub problems: Vec<String>,
    /// Files that were changed since they were indexed; the next call reads them again.
    pub outdated: u64,
}

/// Compares all checksums, and everything that the index says of a file with the file itself,
/// parsed again. Writes nothing.
pub fn check(root: &Path, options: &TreeOptions<'_>) -> Check {
    let mut check = Check::default();
    let bounds = Bounds {
        limits: options.limits,
        max_file_bytes: options.max_file_bytes,
    };
    let settings = super::settings(&bounds);
    let stored = match index_folder(root).map(|folder| folder.load(settings)) {
        Some(Ok(stored)) => stored,
        None | Some(Err(LoadError::Missing)) => {
            check.problems.push("there is no index yet".to_owned());
            return check;
        }
        Some(Err(error)) => {
            check.problems.push(error.to_string());
            return check;
        }
    };
    for (name, segment) in stored.manifest.segments.iter().zip(&stored.segments) {
        if let Err(damage) = segment.check_all() {
            check
                .problems
                .push(format!("segment {name:016x}: {damage}"));
        }
    }
    let stamps = files::stamps(root, options.walk).files;
    for known in &stored.manifest.files {
        check.files += 1;
        let path = &known.stamp.path;
        let stamp = stamps.binary_search_by(|stamp| stamp.path.cmp(path));
        if !stamp.is_ok_and(|at| stamps[at] == known.stamp) {
            check.outdated += 1;
            continue;
        }
        let bytes = ingest::read(&root.join(path), options.max_file_bytes);
        if bytes.as_deref().map_or([0; 16], content_hash) != known.hash {
            let problem = "its content differs, its times do not";
            if !known.is_racy {
                check.problems.push(format!("{path}: {problem}"));
            }
            continue;
        }
        let content = bytes.and_then(|bytes| Content::new(path, bytes));
        if let Some(problem) = differs(&stored, known, content, options) {
            check.problems.push(format!("{path}: {problem}"));
        }
    }
    check
}

/// What is wrong with the row of a file.
fn differs(
    stored: &Stored,
    known: &Known,
    content: Option<Content>,
    options: &TreeOptions<'_>,
) -> Option<String> {
    let (place, content) = match (known.place, content) {
        (None, None) => return None,
        (Some(place), Some(content)) => (place, content),
        _ => return Some("it has a text or has none, the index says otherwise".to_owned()),
    };
    match read(stored, place) {
        Err(damage) => Some(damage.to_string()),
        Ok((path, _)) if path != known.stamp.path => Some(format!("its row is that of {path}")),
        Ok((_, syntax)) if syntax != content.parse(options.limits) => {
            Some("its symbols differ from those in the index".to_owned())
        }
        Ok(_) => None,
    }
}

fn read(
    stored: &Stored,
    place: Place,
) -> Result<(String, crate::code::syntax::FileSyntax), super::Damage> {
    let segment = &stored.segments[place.segment as usize];
    let row = segment.file(place.row)?;
    let (names, body) = segment.record(&row)?;
    let dictionary = segment.names()?;
    let names: Result<Vec<String>, super::Damage> = names
        .into_iter()
        .map(|name| super::tree::text(dictionary.get(name)?.text))
        .collect();
    let syntax = record::syntax(body, &names?)?;
    Ok((segment.path(&row)?.to_owned(), syntax))
}
