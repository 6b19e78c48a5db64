//! The supervisor: one process a task, from its place in the queue to the exit record. It runs
//! the command, sees its end and the end of all its processes, and tries again if that was asked.
//!
//! It holds no output and no vocabulary; what it knows of the world it is told by signals, by
//! its bell and by deadlines, and between them it sleeps in the kernel.

mod attempt;
mod command;
mod ears;
mod stage;

use super::record::{self, Record};
use super::spec::{RetryOn, Spec};
use super::state::{Deadline, End, State};
use super::store::{Store, StoreError};
use super::{finish, id, log, queue};
use crate::sys::{clock, lock, spawn};
use attempt::Attempt;
use ears::Ears;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Supervises the task in `folder`, with its lock as standard input and its bell as standard
/// output; `asks` when its turn must be looked up first. The exit status of this process.
pub fn run(folder: &Path, asks: bool) -> u8 {
    spawn::detach();
    let Some(mut supervisor) = Supervisor::new(folder) else {
        return 2;
    };
    if supervisor.go(asks).is_err() {
        // The row is as it was, and the next call repairs it.
        return 2;
    }
    // Whoever waits is let go before the disk is asked for more.
    lock::release(std::io::stdin());
    if let Ok(store) = supervisor.store() {
        store.settle();
    }
    0
}

struct Supervisor {
    folder: PathBuf,
    state: PathBuf,
    id: String,
    spec: Spec,
    ears: Ears,
}

/// What there is to do.
enum Turn {
    /// This attempt may begin.
    Begin(u32),
    /// The task is over already.
    Over,
    /// It was cancelled before this attempt began.
    Cancelled(u32),
}

impl Supervisor {
    fn new(folder: &Path) -> Option<Supervisor> {
        Some(Supervisor {
            folder: folder.to_owned(),
            state: folder.parent()?.parent()?.to_owned(),
            id: folder.file_name()?.to_str()?.to_owned(),
            spec: Spec::read(folder).ok()?,
            ears: Ears::open().ok()?,
        })
    }

    fn store(&self) -> Result<Store, StoreError> {
        Store::open(&self.state)
    }

    fn go(&mut self, asks: bool) -> Result<(), StoreError> {
        let mut turn = if asks { self.turn()? } else { Turn::Begin(1) };
        loop {
            let number = match turn {
                Turn::Over => return Ok(()),
                Turn::Cancelled(number) => {
                    let end = End::Cancelled;
                    return self.finish(&Attempt::unstarted(number, end, log::len(&self.folder)));
                }
                Turn::Begin(number) => number,
            };
            let attempt = self.attempt(number);
            if !self.is_worth_another(number, &attempt.end) {
                return self.finish(&attempt);
            }
            let due = clock::uptime() + self.pause(number);
            let due_ms = u64::try_from(due.as_millis()).unwrap_or(u64::MAX);
            self.store()?
                .change(|change| change.set_backoff(&self.id, number + 1, due_ms))?;
            turn = self.turn()?;
        }
    }

    /// Waits until there is something to do.
    fn turn(&mut self) -> Result<Turn, StoreError> {
        loop {
            // Hushed before the row is read: what is rung after that is heard.
            self.ears.hush();
            let Some(task) = self.store()?.task(&self.id)? else {
                return Ok(Turn::Over);
            };
            let mut until = None;
            match task.state {
                State::Ended(_) => return Ok(Turn::Over),
                _ if task.is_cancelled || self.ears.is_told_to_end() => {
                    return Ok(Turn::Cancelled(task.attempt));
                }
                State::Starting | State::Running => return Ok(Turn::Begin(task.attempt)),
                State::Backoff => {
                    let due = Duration::from_millis(task.due_ms.unwrap_or(0));
                    let left = due.saturating_sub(clock::uptime());
                    // A time of another boot says nothing.
                    if left.is_zero() || task.boot != clock::boot() {
                        return Ok(Turn::Begin(task.attempt));
                    }
                    until = Some(Instant::now() + left);
                }
                State::Queued => {}
            }
            self.ears.listen(until);
        }
    }

    fn is_worth_another(&self, number: u32, end: &End) -> bool {
        if number > self.spec.retry.count {
            return false;
        }
        let matches_one = |kind: RetryOn| match (kind, end) {
            (RetryOn::Code(code), End::Exited(found, _)) => code == *found,
            (RetryOn::Timeout, End::TimedOut(_)) | (RetryOn::Signal, End::Signalled(_)) => true,
            _ => false,
        };
        match end {
            End::Cancelled | End::Lost(_) | End::Skipped(_) | End::Exited(0, _) => false,
            // What cannot be started now cannot be started in two seconds.
            End::Exited(_, Some(_)) if self.spec.retry.on.is_empty() => false,
            _ if self.spec.retry.on.is_empty() => true,
            _ => self.spec.retry.on.iter().any(|kind| matches_one(*kind)),
        }
    }

    fn pause(&self, number: u32) -> Duration {
        let pause = self.spec.retry.pause(number);
        if !self.spec.retry.jitter {
            return pause;
        }
        let half = u64::try_from(pause.as_millis() / 2).unwrap_or(u64::MAX);
        pause - Duration::from_millis(id::random_below(half + 1))
    }

    fn finish(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let (state, code, reason) = attempt.end.stored();
        let record = Record {
            version: 1,
            id: self.id.clone(),
            attempt: attempt.number,
            state: state.to_owned(),
            code,
            reason: reason.map(str::to_owned),
            status: attempt.end.exit_status(),
            started_ms: attempt.started_ms,
            ended_ms: clock::wall_ms(),
            duration_ms: i64::try_from(attempt.duration.as_millis()).unwrap_or(i64::MAX),
            offset: attempt.offset,
            bytes: log::len(&self.folder),
            note: attempt.note.clone(),
        };
        let written = record.write(&self.folder);
        let mut when = finish::when(&record);
        when.has_orphans = attempt.has_orphans;
        let told = self.tell_row(&attempt.end, &when);
        if written.is_ok() {
            let _ = record::sync(&self.folder);
        }
        finish::tell(&self.folder, &self.spec, &record);
        told
    }

    fn tell_row(&self, end: &End, when: &super::store::Ended) -> Result<(), StoreError> {
        let store = self.store()?;
        let woken = store.change(|change| {
            change.end(&self.id, end, when)?;
            queue::give_turns(change)
        })?;
        queue::wake(&store, &woken);
        Ok(())
    }
}

/// The end that a deadline brings.
fn timed_out(deadline: Deadline) -> End {
    End::TimedOut(deadline)
}
