//! What is left behind for others when a task ends: the record, the marker file, the command to
//! run at the end.

use super::NOTIFY;
use super::record::{self, Record};
use super::spec::Spec;
use super::state::End;
use super::store::{Ended, Task};
use super::{progress, speculate};
use crate::sys::atomic::{self, Durability};
use crate::sys::{clock, spawn};
use std::path::Path;
use std::process::Stdio;

/// The times of a record, as a row has them.
pub fn when(record: &Record) -> Ended {
    Ended {
        started_ms: (record.started_ms > 0).then_some(record.started_ms),
        ended_ms: record.ended_ms,
        duration_ms: (record.started_ms > 0).then_some(record.duration_ms),
        attempt: Some(record.attempt),
        offset: Some(record.offset),
        has_orphans: false,
        note: record.note.clone(),
    }
}

/// A record of an end without a command that was seen to end.
pub fn unseen(task: &Task, end: &End, bytes: u64) -> Record {
    let (state, code, reason) = end.stored();
    Record {
        version: 1,
        id: task.id.clone(),
        attempt: task.attempt,
        state: state.to_owned(),
        code,
        reason: reason.map(str::to_owned),
        status: end.exit_status(),
        started_ms: task.started_ms.unwrap_or(0),
        ended_ms: clock::wall_ms(),
        duration_ms: 0,
        offset: task.offset,
        bytes,
        note: None,
    }
}

/// Writes the record of a task whose end nobody saw, and tells of it.
pub fn record_unseen(folder: &Path, task: &Task, end: &End) {
    let bytes = std::fs::metadata(folder.join("log")).map_or(0, |log| log.len());
    let record = unseen(task, end, bytes);
    // The row has it already; the record is for those who read files.
    let _ = record.write(folder).and_then(|()| record::sync(folder));
    if let Ok(spec) = Spec::read(folder) {
        tell(folder, &spec, &record);
    }
}

/// Writes the marker file and the last progress, removes the worktree, and starts the command to
/// run at the end.
pub fn tell(folder: &Path, spec: &Spec, record: &Record) {
    if let (Some(marker), Ok(mut bytes)) = (&spec.marker, serde_json::to_vec(record)) {
        bytes.push(b'\n');
        let _ = atomic::write(marker, &bytes, Durability::Power);
    }
    if let Some(file) = &spec.progress {
        progress::write(file, folder, &record.id, &record.state, record.duration_ms);
    }
    if let Some(worktree) = &spec.worktree {
        speculate::remove_worktree(&spec.root, worktree);
    }
    if spec.notify.is_some() {
        let mut command = spawn::this_program();
        command
            .arg(NOTIFY)
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let _ = command.spawn();
    }
}
