//! Brings an index up to date with the tree: looks at every file's metadata, reads what may
//! have changed, parses what is new, and writes one small segment and the manifest.
//!
//! Whatever cannot be written stays in memory, and the answer is the same.

use super::folder::{Folder, LoadError, Stored};
use super::ingest::{Bounds, Sink, Task, ingest};
use super::manifest::{Known, Manifest, Place, Refusal};
use super::merge;
use super::segment::Segment;
use crate::code::files::Stamp;
use crate::code::search::copies::{self, Candidate};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a call waits for another that writes and does not get on.
const PATIENCE: Duration = Duration::from_secs(5);
/// A call with this little to read reads it itself rather than wait for another.
const LITTLE: usize = 64;

/// What to bring up to date, and how.
pub struct Job<'a> {
    /// The tree.
    pub root: &'a Path,
    /// Where the index is; `None` where there is no place for one.
    pub folder: Option<&'a Folder>,
    /// The tree as it is.
    pub stamps: Vec<Stamp>,
    /// Bounds on what is read.
    pub bounds: Bounds,
    /// A hash of the parsing program and of `bounds`.
    pub settings: u64,
    /// Replace what a newer program wrote.
    pub replace_newer: bool,
    /// Called with the number of files read so far and of those to be read.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// What was found to be different from the index.
struct Delta {
    kept: Vec<Known>,
    tasks: Vec<Task>,
    /// Whether there are files in the index that are not in the tree.
    has_removed: bool,
}

/// Whether the index is as the tree is.
fn is_clean(manifest: &Manifest, stamps: &[Stamp]) -> bool {
    let known = manifest.files.iter();
    manifest.files.len() == stamps.len()
        && known
            .zip(stamps)
            .all(|(known, stamp)| known.stamp == *stamp && !known.is_racy)
}

fn compare(manifest: &Manifest, stamps: &[Stamp]) -> Delta {
    let mut delta = Delta {
        kept: Vec::with_capacity(stamps.len()),
        tasks: Vec::new(),
        has_removed: false,
    };
    let mut known = manifest.files.iter().peekable();
    for stamp in stamps {
        while known
            .next_if(|known| known.stamp.path < stamp.path)
            .is_some()
        {
            delta.has_removed = true;
        }
        match known.next_if(|known| known.stamp.path == stamp.path) {
            Some(known) if known.stamp == *stamp && !known.is_racy => {
                delta.kept.push(known.clone());
            }
            known => delta.tasks.push(Task {
                stamp: stamp.clone(),
                known: known.cloned(),
            }),
        }
    }
    delta.has_removed |= known.next().is_some();
    delta
}

/// The index as it should be, with notes for the reader.
pub fn refresh(job: &Job<'_>) -> (Stored, Vec<String>) {
    let mut notes = Vec::new();
    let (stored, mut may_write) = load(job, &mut notes);
    if is_clean(&stored.manifest, &job.stamps) {
        return (stored, notes);
    }
    let delta = compare(&stored.manifest, &job.stamps);
    let mut lock = None;
    if let Some(folder) = job.folder.filter(|_| may_write) {
        let patience = match delta.tasks.len() <= LITTLE {
            true => Duration::ZERO,
            false => PATIENCE,
        };
        match folder.lock(patience) {
            Ok(held) => lock = Some(held),
            Err(error) => {
                may_write = false;
                if error.kind() != std::io::ErrorKind::WouldBlock {
                    notes.push(unwritable(&error));
                }
            }
        }
    }
    // Another writer may have done all of it by the time that we hold the lock.
    let (stored, delta) = match lock {
        None => (stored, delta),
        Some(_) => {
            let (again, _) = load(job, &mut Vec::new());
            if is_clean(&again.manifest, &job.stamps) {
                return (again, notes);
            }
            let delta = compare(&again.manifest, &job.stamps);
            (again, delta)
        }
    };
    let folder = job.folder.filter(|_| may_write);
    let writer = Writer::new(job, folder, stored, delta.kept, delta.has_removed);
    let sink = Reporting {
        writer: &writer,
        progress: job.progress,
        total: delta.tasks.len(),
    };
    ingest(job.root, &delta.tasks, job.bounds, &sink);
    let stored = writer.finish(&mut notes);
    drop(lock);
    (stored, notes)
}

/// What is stored, or nothing; whether it may be replaced.
fn load(job: &Job<'_>, notes: &mut Vec<String>) -> (Stored, bool) {
    let Some(folder) = job.folder else {
        return (Stored::default(), false);
    };
    match folder.load(job.settings) {
        Ok(stored) => (stored, true),
        Err(LoadError::Missing | LoadError::Foreign) => (Stored::default(), true),
        Err(LoadError::Refused(Refusal::Newer)) if !job.replace_newer => {
            notes.push(Refusal::Newer.to_string());
            (Stored::default(), false)
        }
        Err(LoadError::Refused(Refusal::Newer)) => (Stored::default(), true),
        Err(error) => {
            notes.push(error.to_string());
            (Stored::default(), true)
        }
    }
}

fn unwritable(error: &std::io::Error) -> String {
    format!("the index cannot be written ({error}); this answer was made without")
}

/// Collects what reading gives, and writes it as it comes.
struct Writer<'a> {
    job: &'a Job<'a>,
    state: Mutex<State<'a>>,
}

struct State<'a> {
    folder: Option<&'a Folder>,
    problem: Option<std::io::Error>,
    /// The segments that the manifest on disk lists.
    listed: Vec<u64>,
    /// Whether anything but times and sizes is different from what was stored.
    has_changed: bool,
    /// Files with a text that were stored.
    n_placed: usize,
    names: Vec<u64>,
    segments: Vec<Arc<Segment>>,
    files: Vec<Known>,
}

impl<'a> Writer<'a> {
    fn new(
        job: &'a Job<'a>,
        folder: Option<&'a Folder>,
        stored: Stored,
        kept: Vec<Known>,
        has_removed: bool,
    ) -> Writer<'a> {
        Writer {
            job,
            state: Mutex::new(State {
                folder,
                problem: None,
                listed: stored.manifest.segments.clone(),
                has_changed: has_removed,
                n_placed: placed(&stored.manifest.files),
                names: stored.manifest.segments,
                segments: stored.segments,
                files: kept,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(self, notes: &mut Vec<String>) -> Stored {
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        state.files.sort_by(|a, b| a.stamp.path.cmp(&b.stamp.path));
        // A file that has no text any more is among those that are kept.
        if state.has_changed || placed(&state.files) != state.n_placed {
            state.merge();
            state.drop_dead();
            state.mark_derived();
        }
        state.write_manifest(self.job.settings, true);
        if let Some(error) = &state.problem {
            notes.push(unwritable(error));
        }
        Stored {
            manifest: Manifest {
                settings: self.job.settings,
                segments: state.names,
                files: state.files,
            },
            segments: state.segments,
        }
    }
}

fn placed(files: &[Known]) -> usize {
    files.iter().filter(|file| file.place.is_some()).count()
}

impl State<'_> {
    /// Writes a segment, or keeps it in memory, and returns its number.
    fn push(&mut self, segment: Segment) -> u32 {
        let name = segment.name();
        let segment = match self.folder {
            None => segment,
            Some(folder) => match folder.write_segment(&segment) {
                Ok(mapped) => mapped,
                Err(error) => {
                    self.give_up(error);
                    segment
                }
            },
        };
        self.names.push(name);
        self.segments.push(Arc::new(segment));
        self.segments.len() as u32 - 1
    }

    /// Goes on in memory, and leaves nothing behind that no manifest lists.
    fn give_up(&mut self, error: std::io::Error) {
        if let Some(folder) = self.folder.take() {
            folder.clean(&self.listed);
        }
        self.problem = Some(error);
    }

    fn merge(&mut self) {
        let chosen = merge::choose(&self.segments, &self.files);
        if chosen.is_empty() {
            return;
        }
        // A damaged segment stays as it is: reading it will tell.
        let mut files = self.files.clone();
        if let Ok(segment) = merge::merge(&self.segments, &mut files, &chosen) {
            self.push(segment);
            self.files = files;
        }
    }

    /// Forgets the segments without a living file.
    fn drop_dead(&mut self) {
        let mut is_live = vec![false; self.segments.len()];
        for place in self.files.iter().filter_map(|file| file.place) {
            is_live[place.segment as usize] = true;
        }
        let mut new = vec![0; self.segments.len()];
        let mut next = 0;
        for (new, is_live) in new.iter_mut().zip(&is_live) {
            *new = next;
            next += u32::from(*is_live);
        }
        let mut keep = is_live.iter();
        self.names.retain(|_| keep.next().copied().unwrap_or(false));
        let mut keep = is_live.iter();
        self.segments
            .retain(|_| keep.next().copied().unwrap_or(false));
        for place in self.files.iter_mut().filter_map(|file| file.place.as_mut()) {
            place.segment = new[place.segment as usize];
        }
    }

    fn mark_derived(&mut self) {
        let candidates: Vec<Candidate<'_>> = self
            .files
            .iter()
            .map(|file| {
                let found = file.place.and_then(|place| {
                    let segment = self.segments.get(place.segment as usize)?;
                    let row = segment.file(place.row).ok()?;
                    Some((row.role, segment.copies(&row).ok()?))
                });
                let (role, hashes) = found.unwrap_or((crate::code::files::Role::Config, vec![]));
                Candidate {
                    path: &file.stamp.path,
                    role,
                    hashes,
                }
            })
            .collect();
        let derived = copies::derived(&candidates);
        for (file, derived) in self.files.iter_mut().zip(derived) {
            file.is_derived = derived;
        }
    }

    fn write_manifest(&mut self, settings: u64, is_final: bool) {
        let Some(folder) = self.folder else { return };
        let mut manifest = Manifest {
            settings,
            segments: self.names.clone(),
            files: self.files.clone(),
        };
        if !is_final {
            manifest
                .files
                .sort_by(|a, b| a.stamp.path.cmp(&b.stamp.path));
        }
        match folder.write_manifest(&manifest) {
            Ok(()) => {
                self.listed = manifest.segments;
                if is_final {
                    folder.clean(&self.listed);
                }
            }
            Err(error) => self.give_up(error),
        }
    }
}

struct Reporting<'r, 'w> {
    writer: &'r Writer<'w>,
    progress: Option<&'w (dyn Fn(usize, usize) + Sync)>,
    total: usize,
}

impl Sink for Reporting<'_, '_> {
    fn keep(&self, files: Vec<Known>) {
        self.writer.state().files.extend(files);
    }

    fn add(&self, segment: Segment, files: Vec<Known>, is_last: bool) {
        let mut state = self.writer.state();
        let segment = state.push(segment);
        state.has_changed = true;
        let placed = (0..).zip(files).map(|(row, file)| Known {
            place: Some(Place { segment, row }),
            ..file
        });
        state.files.extend(placed);
        // What is done is kept, whatever becomes of the rest.
        if !is_last {
            state.write_manifest(self.writer.job.settings, false);
        }
    }

    fn progress(&self, done: usize) {
        if let Some(progress) = self.progress {
            progress(done, self.total);
        }
    }
}
