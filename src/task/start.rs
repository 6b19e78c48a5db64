//! From a spec to a task that runs or waits for its turn: the folder, the lock, the row, the
//! supervisor, in this order. Killed in between, it leaves nothing or a task that the next call
//! starts.

use super::host::{Begin, Claim, Host, Local};
use super::spec::Spec;
use super::store::{Condition, Store, Task};
use super::{find, id, queue};
use crate::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A task to be.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub spec: Spec,
    /// Tasks to wait for, by id or name.
    pub needs: Vec<(String, Condition)>,
    /// Variables for the command; their values are handed on, never stored.
    pub variables: Vec<(String, String)>,
    /// The hash of what it may read, for a speculative task.
    pub tree: Option<String>,
}

/// A task that is kept and has no supervisor yet. Dropped, it is started by the next call.
#[derive(Debug)]
pub struct Kept {
    /// The task.
    pub task: Task,
    claim: Claim,
    begin: Begin,
    /// Others that were given their turn at the same time.
    woken: Vec<String>,
}

/// Starts a task or puts it into the queue.
///
/// # Errors
/// Those of [`keep`] and of [`launch`].
pub fn start(store: &Store, request: &Request) -> Result<Task, Error> {
    launch(store, keep(store, request)?, &request.variables)
}

/// Keeps a task: from here on it will run, whatever becomes of this process.
///
/// # Errors
/// It waits for itself or for a task that is not there, the state folder cannot be written.
pub fn keep(store: &Store, request: &Request) -> Result<Kept, Error> {
    let needs = needed(store, request)?;
    let is_queued = !needs.is_empty() || request.spec.slots.is_some();
    loop {
        let id = id::random();
        let folder = store.folder(&id);
        if !make(&folder)? {
            continue;
        }
        let claim = prepare(&folder, &request.spec)?;
        let added = store.change(|change| {
            let Some(seq) = change.add(&id, &request.spec, request.tree.as_deref(), is_queued)?
            else {
                return Ok(None);
            };
            for (needed, condition) in &needs {
                change.add_need(seq, *needed, *condition)?;
            }
            let woken = if is_queued {
                queue::give_turns(change)?
            } else {
                Vec::new()
            };
            Ok(change.task(&id)?.map(|task| (task, woken)))
        })?;
        let Some((task, mut woken)) = added else {
            // The id of a task whose folder somebody deleted.
            let _ = fs::remove_dir_all(&folder);
            continue;
        };
        woken.retain(|other| *other != id);
        // In the queue, too, it has a process: it keeps the variables, which are stored nowhere.
        let begin = if is_queued { Begin::Ask } else { Begin::Now };
        return Ok(Kept {
            task,
            claim,
            begin,
            woken,
        });
    }
}

/// Gives a task its supervisor.
///
/// # Errors
/// No process can be started.
pub fn launch(store: &Store, kept: Kept, variables: &[(String, String)]) -> Result<Task, Error> {
    let Kept {
        task,
        claim,
        begin,
        woken,
    } = kept;
    Local
        .start(&store.folder(&task.id), claim, begin, variables, &[])
        .map_err(|error| {
            Error::failed(format!("no process for task {}", task.id))
                .because(error)
                .hint("the next `ctx` call starts it; `ctx tasks` shows it")
        })?;
    queue::wake(store, &woken);
    Ok(task)
}

/// The tasks to wait for. A task can only wait for those that exist already, so there are no
/// cycles but the one of a name.
fn needed(store: &Store, request: &Request) -> Result<Vec<(i64, Condition)>, Error> {
    let mut needs = Vec::new();
    for (name, condition) in &request.needs {
        if Some(name) == request.spec.name.as_ref() {
            return Err(Error::bad_request(format!(
                "task `{name}` would wait for itself: its own name stands after `--after`"
            ))
            .hint("name the id of the earlier task, see `ctx tasks`"));
        }
        needs.push((find::task(store, name)?.seq, *condition));
    }
    Ok(needs)
}

/// Makes the folder of a new task; false when it is there already.
fn make(folder: &Path) -> Result<bool, Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = fs::DirBuilder::new();
    builder.mode(0o700);
    let mut made = builder.create(folder);
    if matches!(&made, Err(error) if error.kind() == io::ErrorKind::NotFound) {
        made = builder
            .recursive(true)
            .create(parent(folder))
            .and_then(|()| builder.recursive(false).create(folder));
    }
    match made {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unwritable(folder, error)),
    }
}

fn parent(folder: &Path) -> PathBuf {
    folder.parent().unwrap_or(folder).to_owned()
}

fn prepare(folder: &Path, spec: &Spec) -> Result<Claim, Error> {
    let prepared = spec.write(folder).and_then(|()| Local.claim(folder));
    prepared.map_err(|error| {
        let _ = fs::remove_dir_all(folder);
        unwritable(folder, error)
    })
}

fn unwritable(folder: &Path, error: io::Error) -> Error {
    Error::failed(format!(
        "`{}` cannot be written, so no task can be kept",
        folder.display()
    ))
    .because(error)
    .hint("`ctx clean` frees space")
}
