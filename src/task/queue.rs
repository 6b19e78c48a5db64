//! The queue: who may start next. There is no scheduler; whoever ends a task, or calls next,
//! gives the turns in the transaction in which it found out, and wakes those who got one.

use super::host::{Host as _, Local};
use super::recover;
use super::spec::Spec;
use super::state::{End, State};
use super::store::{Change, Condition, Ended, Store, Task};
use crate::sys::clock;
use std::collections::HashMap;

/// Gives their turn to all queued tasks that may start, and skips those that never can. The ids
/// of both, to be woken with [`wake`] once the transaction is committed.
///
/// # Errors
/// What SQLite says.
pub fn give_turns(change: &Change) -> rusqlite::Result<Vec<String>> {
    let mut woken = Vec::new();
    loop {
        let skipped = pass(change, &mut woken)?;
        // What waits for a task that was skipped may be skipped, too.
        if skipped == 0 {
            return Ok(woken);
        }
    }
}

fn pass(change: &Change, woken: &mut Vec<String>) -> rusqlite::Result<usize> {
    let mut taken: HashMap<String, u32> = HashMap::new();
    let mut n_skipped = 0;
    for task in change.queued()? {
        if let Some(slots) = &task.slots {
            if !taken.contains_key(&slots.group) {
                taken.insert(slots.group.clone(), change.n_in_group(&slots.group)?);
            }
            if taken[&slots.group] >= slots.most {
                continue;
            }
        }
        match readiness(change, &task)? {
            Readiness::Waits => {}
            Readiness::Ready => {
                change.set_state(&task.id, &State::Starting)?;
                if let Some(count) = task.slots.and_then(|slots| taken.get_mut(&slots.group)) {
                    *count += 1;
                }
                woken.push(task.id);
            }
            Readiness::Never(reason) => {
                let ended = Ended {
                    ended_ms: clock::wall_ms(),
                    ..Ended::default()
                };
                change.end(&task.id, &End::Skipped(reason), &ended)?;
                n_skipped += 1;
                woken.push(task.id);
            }
        }
    }
    Ok(n_skipped)
}

enum Readiness {
    Ready,
    Waits,
    Never(String),
}

fn readiness(change: &Change, task: &Task) -> rusqlite::Result<Readiness> {
    let mut waits = false;
    for (seq, condition) in change.needs(task.seq)? {
        // One that was cleaned away ended long ago; only that it succeeded is not known.
        let Some(needed) = change.task_at(seq)? else {
            continue;
        };
        let Some(end) = needed.state.end() else {
            waits = true;
            continue;
        };
        if !is_met(condition, end) {
            let wanted = match condition {
                Condition::Success => "succeed",
                Condition::Any => "end",
                Condition::Failure => "fail",
            };
            let reason = format!("{} did not {wanted}: {end}", needed.label());
            return Ok(Readiness::Never(reason));
        }
    }
    Ok(if waits {
        Readiness::Waits
    } else {
        Readiness::Ready
    })
}

fn is_met(condition: Condition, end: &End) -> bool {
    match condition {
        Condition::Success => end.is_success(),
        Condition::Any => true,
        Condition::Failure => !end.is_success() && !matches!(end, End::Skipped(_)),
    }
}

/// Wakes tasks that were given their turn or were skipped. One whose supervisor is gone gets a
/// new one; its variables are then those of this process.
pub fn wake(store: &Store, ids: &[String]) {
    let mut is_missing = false;
    for id in ids {
        is_missing |= !Local.wake(&store.folder(id));
    }
    if is_missing {
        // What fails here is repaired by the next call.
        let _ = recover::repair(store);
    }
}

/// Names of variables that were given to the task this process supervises, if it does: they are
/// not for others.
pub fn own_variables() -> Vec<String> {
    let mut words = std::env::args_os();
    let is_supervisor = words.nth(1).is_some_and(|word| word == super::HIDDEN);
    let spec = words
        .next()
        .filter(|_| is_supervisor)
        .and_then(|folder| Spec::read(folder.as_ref()).ok());
    spec.map_or_else(Vec::new, |spec| spec.env)
}
