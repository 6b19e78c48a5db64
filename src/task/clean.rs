//! Forgets tasks that are over, and gives their space back.

use super::spec::Spec;
use super::speculate;
use super::store::{Store, StoreError};
use crate::sys::{clock, lock};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder without a row may be one whose row comes in a moment; after this time it is rubbish.
const RUBBISH_AFTER: Duration = Duration::from_secs(600);

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Tasks.
    pub n_tasks: usize,
    /// Folders that belonged to none.
    pub n_rubbish: usize,
    /// Bytes on the disk.
    pub bytes: u64,
}

/// Forgets the tasks that ended longer ago than `older`, and removes what belongs to none.
///
/// # Errors
/// The database cannot be read or written.
pub fn clean(store: &Store, older: Duration) -> Result<Cleaned, StoreError> {
    let mut cleaned = Cleaned::default();
    let older_ms = i64::try_from(older.as_millis()).unwrap_or(i64::MAX);
    let tasks = store.ended_before(clock::wall_ms().saturating_sub(older_ms).saturating_add(1))?;
    // The rows first: a folder without a row is found again, a row without its folder says wrong
    // things.
    store.change(|change| tasks.iter().try_for_each(|task| change.forget(task.seq)))?;
    for task in &tasks {
        let folder = store.folder(&task.id);
        if let Some(worktree) = Spec::read(&folder)
            .ok()
            .and_then(|spec| spec.worktree.map(|tree| (spec.root, tree)))
        {
            speculate::remove_worktree(&worktree.0, &worktree.1);
        }
        cleaned.bytes += size(&folder);
        if fs::remove_dir_all(&folder).is_ok() {
            cleaned.n_tasks += 1;
        }
    }
    for folder in rubbish(store)? {
        cleaned.bytes += size(&folder);
        if fs::remove_dir_all(&folder).is_ok() {
            cleaned.n_rubbish += 1;
        }
    }
    Ok(cleaned)
}

/// Folders of tasks without a row and without an owner.
///
/// # Errors
/// The database cannot be read.
pub fn rubbish(store: &Store) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(store.state.join("tasks")) else {
        return Ok(found);
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let id = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("");
        let is_old = fs::metadata(&path)
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > RUBBISH_AFTER));
        if is_old
            && matches!(lock::is_owned(&path.join("lock")), Ok(false))
            && store.task(id)?.is_none()
        {
            found.push(path);
        }
    }
    Ok(found)
}

/// Bytes that the files of a folder take on the disk: holes take none.
pub fn size(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|metadata| metadata.blocks() * 512)
        .sum()
}
