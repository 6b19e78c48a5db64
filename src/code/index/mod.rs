//! The index: everything known about the files of a tree, kept on disk and always fresh.
//!
//! The story: [`with_tree`] looks at every file's metadata ([`crate::code::files::stamps`]),
//! compares it with the `manifest`, reads and parses what is new (`ingest`), and stores that in
//! an immutable `segment` (made by a `builder`). Segments are merged now and then (`merge`); a
//! short-lived writer holds a lock (`folder`), readers wait for nobody. The result is a
//! [`Tree`], the one thing that views read: it answers the ranking's questions as a
//! [`crate::code::search::Store`], and gives what the parse of a file found without parsing.
//!
//! An answer from the index is the same, byte for byte, as one from a fresh index, and as one
//! from [`crate::code::search::Memory`]. A damaged index is built anew; what cannot be written
//! is kept in memory for the one call.

mod builder;
mod bytes;
mod dictionary;
mod folder;
mod ingest;
mod intern;
mod lists;
mod manifest;
mod merge;
mod record;
mod refresh;
mod report;
mod segment;
mod tree;

pub use bytes::Damage;
pub use ingest::Bounds;
pub use report::{Check, Stats, build, check};
pub use tree::{Problem, Tree, TreeFile};

use crate::code::files::{self, WalkOptions};
use crate::code::syntax::Limits;
use crate::sys::state;
use folder::Folder;
use refresh::{Job, refresh};
use std::path::Path;

/// What belongs to a tree, and how it is read.
#[derive(Clone, Copy)]
pub struct TreeOptions<'a> {
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// Called with the number of files read so far and of those to be read.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// How often an answer is made anew because something changed under it.
const ATTEMPTS: usize = 4;

/// Opens the tree at `root` as it is now and makes an answer from it; returns that with notes
/// for the reader. The answer is made again when a file was changed meanwhile, or the index
/// turned out damaged.
pub fn with_tree<T>(
    root: &Path,
    options: &TreeOptions<'_>,
    mut answer: impl FnMut(&Tree) -> T,
) -> (T, Vec<String>) {
    let folder = index_folder(root);
    let mut notes: Vec<String> = Vec::new();
    let mut attempt = 0;
    loop {
        attempt += 1;
        // The last attempts do without what is on disk, which cannot be trusted then.
        let folder = folder.as_ref().filter(|_| attempt < ATTEMPTS);
        let problem = match open(root, options, folder, false) {
            Ok(tree) => {
                let found = answer(&tree);
                match tree.problem() {
                    Some(problem) if attempt <= ATTEMPTS => problem,
                    _ => {
                        notes.extend(tree.notes);
                        notes.dedup();
                        return (found, notes);
                    }
                }
            }
            Err(damage) => Problem::Damaged(damage),
        };
        if let (Problem::Damaged(_), Some(folder)) = (problem, folder) {
            notes.push(problem.to_string());
            // What cannot be removed is passed over by the last attempt.
            let _ = folder.forget();
        }
    }
}

/// Where the index of the tree at `root` is kept.
fn index_folder(root: &Path) -> Option<Folder> {
    let state = state::folder(root).ok().or_else(|| state::existing(root));
    state.as_deref().map(Folder::new)
}

fn open(
    root: &Path,
    options: &TreeOptions<'_>,
    folder: Option<&Folder>,
    replace_newer: bool,
) -> Result<Tree, Damage> {
    let found = files::stamps(root, options.walk);
    let mut stamps = found.files;
    // Where hidden and ignored files belong to the tree, the index itself still does not.
    if let Some(own) = folder.and_then(|folder| folder.path().strip_prefix(root).ok())
        && let Some(own) = own.to_str()
    {
        stamps.retain(|stamp| {
            let rest = stamp.path.strip_prefix(own);
            !rest.is_some_and(|rest| rest.starts_with('/'))
        });
    }
    let bounds = Bounds {
        limits: options.limits,
        max_file_bytes: options.max_file_bytes,
    };
    let job = Job {
        root,
        folder,
        stamps,
        bounds,
        settings: settings(&bounds),
        replace_newer,
        progress: options.progress,
    };
    let (stored, mut notes) = refresh(&job);
    if found.problems > 0 {
        notes.push(format!(
            "{} paths are left out: they cannot be looked at, or their names are not Unicode",
            found.problems
        ));
    }
    Tree::new(root, stored, bounds, notes)
}

/// A hash of everything but the files that decides what is found in them.
fn settings(bounds: &Bounds) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CTX_PARSING").as_bytes());
    for n in [bounds.limits.max_bytes, bounds.limits.max_steps] {
        hasher.update(&(n as u64).to_le_bytes());
    }
    hasher.update(&bounds.max_file_bytes.to_le_bytes());
    let hash = hasher.finalize();
    u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}
