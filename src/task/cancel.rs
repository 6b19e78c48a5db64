//! The end of a task that somebody asks for.

use super::host::{Host as _, Local};
use super::recover;
use super::store::{Store, StoreError, Task};
use super::wait::{self, Until};
use super::{HIDDEN, spec::Spec};
use crate::sys::process::{self, Process};
use rustix::process::Signal;
use std::path::Path;
use std::time::Duration;

/// How long a supervisor may take beyond the grace of its task before it is taken for stuck.
const STUCK: Duration = Duration::from_secs(10);

/// Ends the tasks with these ids and waits until nothing of them is left. The tasks as they are
/// then.
///
/// # Errors
/// The database cannot be read or written.
pub fn cancel(store: &Store, ids: &[String]) -> Result<Vec<Task>, StoreError> {
    store.change(|change| ids.iter().try_for_each(|id| change.ask_cancel(id)))?;
    let mut longest = Duration::ZERO;
    for id in ids {
        let folder = store.folder(id);
        Local.wake(&folder);
        longest = longest.max(Spec::read(&folder).map_or(Duration::ZERO, |spec| spec.kill_after));
    }
    recover::repair(store)?;
    let tasks = wait::wait(store, ids, Until::All, Some(longest + STUCK))?;
    let stuck: Vec<&Task> = tasks
        .iter()
        .filter(|task| task.state.end().is_none())
        .collect();
    if stuck.is_empty() {
        return Ok(tasks);
    }
    for task in stuck {
        end_supervisor(&store.folder(&task.id));
    }
    recover::repair(store)?;
    wait::wait(store, ids, Until::All, Some(STUCK))
}

/// Ends a supervisor that does not react, as one that was stopped; the next repair sees to the
/// rest.
fn end_supervisor(folder: &Path) {
    for supervisor in supervisors(folder) {
        process::send(&supervisor, Signal::KILL);
    }
}

/// The processes that hold the lock of the task in `folder`.
pub fn supervisors(folder: &Path) -> Vec<Process> {
    let mut found = process::all();
    found.retain(|process| {
        let arguments = process::arguments(process.pid);
        arguments.get(1).is_some_and(|word| word == HIDDEN)
            && arguments
                .get(2)
                .is_some_and(|word| Path::new(word) == folder)
    });
    found
}
