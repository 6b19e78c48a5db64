//! The folder of the index: its manifest, its segments, its lock.
//!
//! A reader takes the manifest and maps what it lists; it waits for nobody. A writer holds the
//! lock, writes new segments first and the manifest last, then removes what is not listed any
//! more; who still reads that has it mapped.

use super::bytes::Damage;
use super::manifest::{Manifest, Refusal};
use super::segment::{OpenError, Segment};
use crate::sys::atomic::{self, Durability};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MANIFEST: &str = "manifest";
const LOCK: &str = "lock";
const ENDING: &str = "seg";

/// What stands in the index: the manifest and its segments.
#[derive(Default)]
pub struct Stored {
    /// The manifest.
    pub manifest: Manifest,
    /// Its segments, in its order.
    pub segments: Vec<Arc<Segment>>,
}

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no index.
    #[error("there is no index")]
    Missing,
    /// It was made by another build of the program, or with other settings.
    #[error("the index was made by another build or with other settings")]
    Foreign,
    /// The manifest is not used.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The system says so.
    #[error("the index cannot be read: {0}")]
    Io(io::Error),
}

impl From<Damage> for LoadError {
    fn from(damage: Damage) -> LoadError {
        LoadError::Refused(Refusal::Damaged(damage))
    }
}

/// The folder, and whether it can be written.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder of the index within a state folder.
    pub fn new(state: &Path) -> Folder {
        Folder {
            path: state.join("index"),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn segment(&self, name: u64) -> PathBuf {
        self.path.join(format!("{name:016x}.{ENDING}"))
    }

    /// Reads the manifest and maps its segments, unless it was made under other `settings`: then
    /// its segments may be of a form that is not ours.
    ///
    /// # Errors
    /// There is none, it is foreign, damaged or of another version.
    pub fn load(&self, settings: u64) -> Result<Stored, LoadError> {
        // A writer may remove a segment between our look at the manifest and at the segment.
        let mut attempts = 0;
        loop {
            let bytes = match fs::read(self.path.join(MANIFEST)) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(LoadError::Missing);
                }
                Err(error) => return Err(LoadError::Io(error)),
            };
            let manifest = Manifest::read(&bytes)?;
            if manifest.settings != settings {
                return Err(LoadError::Foreign);
            }
            let segments: Result<Vec<_>, OpenError> = manifest
                .segments
                .iter()
                .map(|name| Segment::open(&self.segment(*name)).map(Arc::new))
                .collect();
            attempts += 1;
            match segments {
                Ok(segments) => return Ok(Stored { manifest, segments }),
                Err(OpenError::Damaged(damage)) => return Err(damage.into()),
                Err(OpenError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(LoadError::Io(error));
                }
                Err(OpenError::Io(_)) if attempts < 5 => {}
                Err(OpenError::Io(_)) => return Err(Damage("a segment is missing").into()),
            }
        }
    }

    /// Takes the lock of writers. Waits while another writer gets on, at most `patience` for
    /// each of its steps.
    ///
    /// # Errors
    /// The folder cannot be written, or the other writer stands still.
    pub fn lock(&self, patience: Duration) -> io::Result<Lock> {
        fs::create_dir_all(&self.path)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join(LOCK))?;
        let progress = || fs::metadata(self.path.join(MANIFEST)).and_then(|found| found.modified());
        let mut seen = progress().ok();
        let mut since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            let now = progress().ok();
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            if since.elapsed() >= patience {
                return Err(io::Error::new(
                    io::ErrorKind::WouldBlock,
                    "another process is writing it",
                ));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Writes a segment and maps it.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_segment(&self, segment: &Segment) -> io::Result<Segment> {
        let path = self.segment(segment.name());
        atomic::write(&path, segment.bytes(), Durability::Process)?;
        Segment::open(&path).map_err(|error| io::Error::other(error.to_string()))
    }

    /// Replaces the manifest.
    ///
    /// # Errors
    /// What the system says; the old manifest stands.
    pub fn write_manifest(&self, manifest: &Manifest) -> io::Result<()> {
        atomic::write(
            &self.path.join(MANIFEST),
            &manifest.to_bytes(),
            Durability::Process,
        )
    }

    /// Removes the segments that are not `listed`, left by earlier states and by writers that were
    /// killed. Only with the lock.
    pub fn clean(&self, listed: &[u64]) {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let name = name.and_then(|stem| u64::from_str_radix(stem, 16).ok());
            let ending = path.extension().and_then(|ending| ending.to_str());
            let is_garbage = match ending {
                Some("tmp") => true,
                Some(ENDING) => !name.is_some_and(|name| listed.contains(&name)),
                _ => false,
            };
            if is_garbage {
                // What cannot be removed now is found again by the next writer.
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Removes the manifest, so that everything is read anew.
    ///
    /// # Errors
    /// What the system says.
    pub fn forget(&self) -> io::Result<()> {
        match fs::remove_file(self.path.join(MANIFEST)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The right to write; given back when it is dropped, or when the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}
