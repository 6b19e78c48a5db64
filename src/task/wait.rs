//! Waits for the end of tasks. Every task that is not over has a supervisor that holds its lock,
//! in the queue, too; so waiting is waiting for a lock, and the system wakes it.

use super::recover;
use super::store::{Store, StoreError, Task};
use crate::sys::lock;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often a lock may be free without the row being over before this gives up: the row cannot
/// be written then.
const MOST_VAIN: u32 = 100;

/// Which ends to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// All tasks.
    All,
    /// The first of them.
    Any,
}

/// Waits until all or any of the tasks with these ids are over, or `timeout` has passed. The
/// tasks as they are then, in the order asked; those that were cleaned away are missing.
///
/// # Errors
/// The database cannot be read or written.
pub fn wait(
    store: &Store,
    ids: &[String],
    until: Until,
    timeout: Option<Duration>,
) -> Result<Vec<Task>, StoreError> {
    let deadline = timeout.map(|timeout| Instant::now() + timeout);
    let mut vain = 0;
    loop {
        let tasks = look(store, ids)?;
        let pending: Vec<&Task> = tasks.iter().filter(|task| !is_over(store, task)).collect();
        let is_done = match until {
            Until::All => pending.is_empty(),
            Until::Any => pending.len() < tasks.len() || tasks.is_empty(),
        };
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if is_done || left == Some(Duration::ZERO) || vain > MOST_VAIN {
            return Ok(tasks);
        }
        let paths: Vec<PathBuf> = pending
            .iter()
            .map(|task| store.folder(&task.id).join("lock"))
            .collect();
        let mut waited: Vec<&std::path::Path> = paths.iter().map(PathBuf::as_path).collect();
        if until == Until::All {
            waited.truncate(1);
        }
        let Some(free) = lock::wait_any(&waited, left) else {
            // The time is up, or there was no thread to wait with.
            vain += 1;
            std::thread::sleep(Duration::from_millis(2));
            continue;
        };
        let id = &pending[free].id;
        recover::repair(store)?;
        let is_vain = store
            .task(id)?
            .is_some_and(|task| task.state.end().is_none());
        if is_vain && matches!(lock::is_owned(waited[free]), Ok(false) | Err(_)) {
            vain += 1;
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Whether a task ended and its supervisor, too, which has left all that it leaves then: the
/// record on the disk, the marker file.
fn is_over(store: &Store, task: &Task) -> bool {
    task.state.end().is_some()
        && !matches!(
            lock::is_owned(&store.folder(&task.id).join("lock")),
            Ok(true)
        )
}

fn look(store: &Store, ids: &[String]) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::new();
    for id in ids {
        tasks.extend(store.task(id)?);
    }
    Ok(tasks)
}
