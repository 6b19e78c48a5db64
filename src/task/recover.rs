//! Repair by whoever calls next. A task that is not over and whose lock is free has no
//! supervisor: its exit record tells how it ended, or it is started if it never was, or it is
//! lost. Nothing here guesses.
//!
//! Sound because locks and rows change hands in one order: a lock is held before the row is
//! there, a supervisor writes its record before it lets go, and only here, under the write lock of the database,
//! is a row without an owner changed.

use super::host::{Begin, Claim, Host, Local};
use super::record::Record;
use super::state::End;
use super::store::{Change, Ended, Store, StoreError, Task};
use super::{finish, queue, tree};
use crate::sys::atomic::{self, Durability};
use crate::sys::clock;
use std::path::Path;
use std::time::Duration;

/// New supervisors that a task is given before it is given up.
const MOST_RESTARTS: u32 = 50;

/// What was repaired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Tasks that ended unseen, with how.
    pub ended: Vec<(String, End)>,
    /// Tasks that were given a new supervisor.
    pub restarted: Vec<String>,
    /// Tasks whose processes were ended, and how many.
    pub reaped: Vec<(String, usize)>,
    /// Tasks of which processes are left that cannot be ended, with their numbers.
    pub left: Vec<(String, Vec<i32>)>,
}

/// Finds tasks without an owner and sees to them.
///
/// # Errors
/// The database cannot be read or written.
pub fn repair(store: &Store) -> Result<Repaired, StoreError> {
    let mut repaired = Repaired::default();
    if store.is_quiet()? {
        return Ok(repaired);
    }
    let unowned: Vec<Task> = store
        .live()?
        .into_iter()
        .filter(|task| is_unowned(store, &task.id))
        .collect();
    if !unowned.is_empty() {
        adopt(store, &unowned, &mut repaired)?;
    }
    for task in store.with_orphans()? {
        reap(store, &task, &mut repaired)?;
    }
    Ok(repaired)
}

/// A lock that cannot be asked is taken for held: nothing is done on a guess.
fn is_unowned(store: &Store, id: &str) -> bool {
    matches!(Local.is_supervised(&store.folder(id)), Ok(false))
}

fn adopt(store: &Store, unowned: &[Task], repaired: &mut Repaired) -> Result<(), StoreError> {
    let mut claims: Vec<(String, Claim)> = Vec::new();
    let mut ended: Vec<(Task, End)> = Vec::new();
    let woken = store.change(|change| {
        for task in unowned {
            let Some(task) = change.task(&task.id)? else {
                continue;
            };
            if task.state.end().is_some() || !is_unowned(store, &task.id) {
                continue;
            }
            match verdict(&store.folder(&task.id), &task) {
                Verdict::Ended(end, when) => {
                    change.end(&task.id, &end, &when)?;
                    ended.push((task, end));
                }
                Verdict::Restart => {
                    // Taken under the write lock, so that no other call takes it, too.
                    if let Ok(claim) = Local.claim(&store.folder(&task.id)) {
                        claims.push((task.id, claim));
                    }
                }
            }
        }
        give_turns_after(change, !ended.is_empty())
    })?;
    for (id, claim) in claims {
        let folder = store.folder(&id);
        if Local
            .start(&folder, claim, Begin::Ask, &[], &queue::own_variables())
            .is_ok()
        {
            repaired.restarted.push(id);
        }
    }
    queue::wake(store, &woken);
    for (task, end) in ended {
        let folder = store.folder(&task.id);
        if Record::read(&folder).is_none() {
            finish::record_unseen(&folder, &task, &end);
        }
        repaired.ended.push((task.id, end));
    }
    Ok(())
}

fn give_turns_after(change: &Change, has_ended: bool) -> rusqlite::Result<Vec<String>> {
    if has_ended {
        queue::give_turns(change)
    } else {
        Ok(Vec::new())
    }
}

enum Verdict {
    Ended(End, Ended),
    Restart,
}

/// What became of a task without an owner.
fn verdict(folder: &Path, task: &Task) -> Verdict {
    if let Some((record, end)) =
        Record::read(folder).and_then(|record| Some((record.clone(), record.end()?)))
    {
        return Verdict::Ended(end, finish::when(&record));
    }
    let now = clock::wall_ms();
    let lost = |end: End, has_orphans: bool| {
        let ended = Ended {
            ended_ms: now,
            has_orphans,
            ..Ended::default()
        };
        Verdict::Ended(end, ended)
    };
    if !folder.join("spec.json").is_file() {
        return lost(End::Lost("its folder was deleted".to_owned()), true);
    }
    let has_begun = folder.join(format!("alive-{}", task.attempt)).exists();
    let is_same_boot = task.boot == clock::boot();
    match () {
        _ if task.is_cancelled => lost(End::Cancelled, has_begun && is_same_boot),
        // A row waits in the queue or for its time, and the command has not begun.
        _ if !has_begun && count_restart(folder) <= MOST_RESTARTS => Verdict::Restart,
        _ if !has_begun => lost(
            End::Lost("no supervisor of it lived long enough to start it".to_owned()),
            false,
        ),
        _ if !is_same_boot => lost(End::Lost("the machine was restarted".to_owned()), false),
        _ => lost(End::Lost("its supervisor was killed".to_owned()), true),
    }
}

/// How often the task was given a new supervisor, this time included.
fn count_restart(folder: &Path) -> u32 {
    let path = folder.join("restarts");
    let count = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0_u32);
    let count = count.saturating_add(1);
    let _ = atomic::write(&path, count.to_string().as_bytes(), Durability::Process);
    count
}

fn reap(store: &Store, task: &Task, repaired: &mut Repaired) -> Result<(), StoreError> {
    let (found, left) = tree::reap(&store.folder(&task.id), Duration::from_millis(300));
    if found > 0 {
        repaired.reaped.push((task.id.clone(), found));
    }
    if left.is_empty() {
        store.change(|change| change.reaped(&task.id))
    } else {
        let pids = left.iter().map(|process| process.pid).collect();
        repaired.left.push((task.id.clone(), pids));
        Ok(())
    }
}
