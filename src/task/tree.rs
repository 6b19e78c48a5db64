//! All processes of a task, and their end.
//!
//! While its supervisor lives, they are its descendants, whatever they do: it adopts those whose
//! parents end. After it, they are those with the mark of the task in their environment or a
//! file of its folder open for writing, and whatever stands below them. Supervisors of other tasks, which
//! may have been started from within this one, are no part of it.

use super::{HIDDEN, MARK};
use crate::sys::process::{self, Process};
use rustix::process::Signal;
use std::path::Path;
use std::time::{Duration, Instant};

/// The live descendants of this process that belong to the task it supervises.
pub fn of_this() -> Vec<Process> {
    let mut found = process::descendants(process::own_pid(), &is_supervisor);
    found.retain(|process| !process.is_zombie);
    found
}

/// The live processes of the task in `folder`, whose supervisor is gone.
pub fn of_lost(folder: &Path) -> Vec<Process> {
    let mut mark = format!("{MARK}=").into_bytes();
    mark.extend_from_slice(folder.as_os_str().as_encoded_bytes());
    let all = process::all();
    let own = process::own_pid();
    let mut found: Vec<Process> = all
        .iter()
        .filter(|process| process.pid != own && process.pid > 1)
        .filter(|process| {
            process::has_in_environment(process.pid, &mark)
                || process::writes_below(process.pid, folder)
        })
        .filter(|process| !is_supervisor(process.pid))
        .cloned()
        .collect();
    let roots: Vec<i32> = found.iter().map(|process| process.pid).collect();
    let is_foreign = |pid: i32| pid == own || is_supervisor(pid);
    found.extend(process::below(&roots, &all, &is_foreign));
    found.retain(|process| !process.is_zombie);
    found
}

/// Whether a process is this one or stands above it: a `ctx` that was started by a task.
pub fn is_own_ancestor(pid: i32) -> bool {
    let mut at = process::own_pid();
    for _ in 0..64 {
        if at == pid {
            return true;
        }
        match process::look(at) {
            Some(found) if at > 1 => at = found.parent,
            _ => return false,
        }
    }
    false
}

/// Whether a process supervises some task: it says so, and it holds a lock.
fn is_supervisor(pid: i32) -> bool {
    process::arguments(pid)
        .get(1)
        .is_some_and(|word| word == HIDDEN)
        && process::standard_input(pid).is_none_or(|path| path.ends_with("lock"))
}

/// Sends `signal` to all of `processes` that still are what they were.
pub fn send(processes: &[Process], signal: Signal) {
    for process in processes {
        process::send(process, signal);
    }
}

/// Ends all processes of the lost task in `folder`: politely, and after `grace` firmly. How many
/// there were, and those that are left, as a kernel that writes to a dead disk may leave them.
pub fn reap(folder: &Path, grace: Duration) -> (usize, Vec<Process>) {
    let first = of_lost(folder);
    if first.is_empty() {
        return (0, first);
    }
    send(&first, Signal::TERM);
    send(&first, Signal::CONT);
    let polite = Instant::now() + grace;
    let firm = polite + Duration::from_secs(3);
    loop {
        let left = of_lost(folder);
        let now = Instant::now();
        if left.is_empty() || now > firm {
            return (first.len(), left);
        }
        if now >= polite {
            send(&left, Signal::KILL);
        }
        // Their end cannot be waited for: they are children of the first process now.
        std::thread::sleep(Duration::from_millis(10));
    }
}
