//! What files look like from outside: enough to tell whether one was changed, at the price of
//! one look at its metadata.

use super::walk::{WalkOptions, builder};
use ignore::WalkState;
use std::fs::Metadata;
use std::path::Path;
use std::sync::Mutex;

/// A file as its metadata shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Path relative to the folder walked, with `/` between the parts.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// When its content was changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything of it was changed, in nanoseconds since 1970; 0 where the system has none.
    pub changed: i64,
    /// Its number in the file system; 0 where the system has none.
    pub inode: u64,
}

/// The stamps of a tree.
#[derive(Debug, Default)]
pub struct Stamps {
    /// Regular files, sorted by path.
    pub files: Vec<Stamp>,
    /// Names that are not Unicode, or folders that could not be read: how many.
    pub problems: usize,
}

impl Stamp {
    /// The stamp of a file at `path`.
    pub fn new(path: String, metadata: &Metadata) -> Stamp {
        let (modified, changed, inode) = times(metadata);
        Stamp {
            path,
            bytes: metadata.len(),
            modified,
            changed,
            inode,
        }
    }
}

#[cfg(unix)]
fn times(metadata: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000) + rest;
    (
        nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        metadata.ino(),
    )
}

#[cfg(not(unix))]
fn times(metadata: &Metadata) -> (i64, i64, u64) {
    let since = |time: std::time::SystemTime| {
        let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_nanos()).ok()
    };
    let modified = metadata.modified().ok().and_then(since).unwrap_or(0);
    (modified, 0, 0)
}

/// Looks at every file of the tree at `root`, without opening any.
pub fn stamps(root: &Path, options: WalkOptions) -> Stamps {
    let collected = Mutex::new(Stamps::default());
    builder(root, options).build_parallel().run(|| {
        let mut mine = Batch {
            stamps: Stamps::default(),
            all: &collected,
        };
        Box::new(move |entry| {
            mine.visit(root, entry);
            WalkState::Continue
        })
    });
    let mut stamps = collected
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    stamps.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    stamps
}

/// What one thread of a walk found; handed over when the thread ends.
struct Batch<'a> {
    stamps: Stamps,
    all: &'a Mutex<Stamps>,
}

impl Batch<'_> {
    fn visit(&mut self, root: &Path, entry: Result<ignore::DirEntry, ignore::Error>) {
        let Ok(entry) = entry else {
            self.stamps.problems += 1;
            return;
        };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return;
        }
        let path = entry.path().strip_prefix(root).ok();
        match (path.and_then(Path::to_str), entry.metadata()) {
            (Some(path), Ok(metadata)) => {
                let path = if cfg!(windows) {
                    path.replace('\\', "/")
                } else {
                    path.to_owned()
                };
                self.stamps.files.push(Stamp::new(path, &metadata));
            }
            _ => self.stamps.problems += 1,
        }
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut all = self
            .all
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        all.files.append(&mut self.stamps.files);
        all.problems += self.stamps.problems;
    }
}
