//! The exit record: `tasks/<id>/exit.json`, written by the supervisor before it lets go of its
//! lock. It tells how a task ended even when the database could not be told.

use super::state::End;
use crate::sys::atomic::{self, Durability};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::Path;

/// How a task ended, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the format.
    pub version: u32,
    /// The task.
    pub id: String,
    /// The attempt that ended it, the first being 1.
    pub attempt: u32,
    /// The word of the end state: `exited`, `signalled`, `timed_out`, `cancelled`, `lost`, `skipped`.
    pub state: String,
    /// Exit status or signal.
    pub code: Option<i32>,
    /// Why, where the state needs a reason.
    pub reason: Option<String>,
    /// The status that `ctx run` ends with.
    pub status: u8,
    /// Milliseconds since 1970, by the clock on the wall.
    pub started_ms: i64,
    /// Milliseconds since 1970, by the clock on the wall.
    pub ended_ms: i64,
    /// Milliseconds by a clock that does not jump, of the last attempt.
    pub duration_ms: i64,
    /// Bytes of output before the last attempt.
    pub offset: u64,
    /// Bytes of output.
    pub bytes: u64,
    /// What became of processes that it left behind, if there is something to tell.
    pub note: Option<String>,
}

impl Record {
    /// The end state it tells of.
    pub fn end(&self) -> Option<End> {
        End::read(&self.state, self.code, self.reason.clone())
    }

    /// Reads the record in `folder`; `None` when there is none or it is damaged.
    pub fn read(folder: &Path) -> Option<Record> {
        let bytes = std::fs::read(folder.join("exit.json")).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes the record into `folder`, safe from the end of any process. [`sync`] makes it safe
    /// from a loss of power, too: separate, so that the next task need not wait for the disk.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec(self).map_err(io::Error::other)?;
        atomic::write(&folder.join("exit.json"), &bytes, Durability::Process)
    }
}

/// Brings the record in `folder` to the disk.
///
/// # Errors
/// What the file system says.
pub fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder.join("exit.json"))?.sync_all()?;
    File::open(folder)?.sync_all()
}
