//! Where tasks run. One trait stands between a task and the machine that runs it; there is one
//! host so far, this machine.

mod local;

pub use local::Local;

use std::fs::File;
use std::io;
use std::path::Path;

/// What a supervisor does first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Start the command: its turn was given with its row.
    Now,
    /// Look up the row: wait in the queue or for an attempt that is due.
    Ask,
}

/// Proof that nobody else supervises a task, and the bell by which its supervisor is woken.
#[derive(Debug)]
pub struct Claim {
    /// Freed by the system when the last process that holds it ends.
    pub lock: File,
    /// What is rung before the supervisor listens is kept for it.
    pub bell: File,
}

/// A machine that runs tasks.
pub trait Host {
    /// Takes the task in `folder` for a supervisor to come; blocks as long as there is one.
    ///
    /// # Errors
    /// What the file system says.
    fn claim(&self, folder: &Path) -> io::Result<Claim>;

    /// Starts a supervisor for the task in `folder` with `variables` set and `without` not set
    /// in its environment, which becomes that of the command.
    ///
    /// # Errors
    /// The process cannot be started.
    fn start(
        &self,
        folder: &Path,
        claim: Claim,
        begin: Begin,
        variables: &[(String, String)],
        without: &[String],
    ) -> io::Result<()>;

    /// Wakes the supervisor of the task in `folder`, to look at its row; false if there is none.
    fn wake(&self, folder: &Path) -> bool;

    /// Whether the task in `folder` has a supervisor, or one to come.
    ///
    /// # Errors
    /// What the file system says.
    fn is_supervised(&self, folder: &Path) -> io::Result<bool>;
}
