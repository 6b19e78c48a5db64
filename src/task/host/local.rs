//! This machine: one detached process a task.

use super::{Begin, Claim, Host};
use crate::sys::{bell, lock, spawn};
use crate::task::{HIDDEN, MARK};
use std::io;
use std::path::Path;

/// This machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Host for Local {
    fn claim(&self, folder: &Path) -> io::Result<Claim> {
        let lock = lock::own(&folder.join("lock"))?;
        let bell = bell::listen(&folder.join("bell"))?;
        Ok(Claim { lock, bell })
    }

    fn start(
        &self,
        folder: &Path,
        claim: Claim,
        begin: Begin,
        variables: &[(String, String)],
        without: &[String],
    ) -> io::Result<()> {
        let mut command = spawn::this_program();
        for name in without {
            command.env_remove(name);
        }
        command
            .arg(HIDDEN)
            .arg(folder)
            .arg(if begin == Begin::Now { "now" } else { "ask" })
            // A task that was started from within another is no part of it.
            .env_remove(MARK)
            .envs(variables.iter().map(|(name, value)| (name, value)));
        spawn::start_detached(&mut command, claim.lock, claim.bell)
    }

    fn wake(&self, folder: &Path) -> bool {
        bell::ring(&folder.join("bell"))
    }

    fn is_supervised(&self, folder: &Path) -> io::Result<bool> {
        lock::is_owned(&folder.join("lock"))
    }
}
