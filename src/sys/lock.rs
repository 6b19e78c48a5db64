//! Locks that tell who is alive: a file locked by a process, freed by the system when the last
//! process that has it open ends, however it ends.
//!
//! Owners lock exclusively, whoever asks locks shared and lets go at once, so that two who ask
//! never take each other for an owner.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Opens `path`, made if it is not there, and locks it for this process and those that inherit
/// it. Waits for those who are asking at this moment, and for an owner if there is one.
///
/// # Errors
/// The file cannot be made or locked.
pub fn own(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    file.lock()?;
    Ok(file)
}

/// Frees the lock that this process, and those that inherited it, own by an open file.
pub fn release(file: impl std::os::fd::AsFd) {
    // What fails here is freed with the process.
    let _ = rustix::fs::flock(file, rustix::fs::FlockOperation::Unlock);
}

/// Whether some process owns the lock at `path`. A file that is not there has no owner.
///
/// # Errors
/// The file is there and cannot be opened.
pub fn is_owned(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Blocks until one of the locks at `paths` has no owner, or until `timeout` has passed; the
/// index of the free one. The system wakes it, nothing is polled.
pub fn wait_any(paths: &[&Path], timeout: Option<Duration>) -> Option<usize> {
    let (free, woken) = mpsc::channel();
    for (idx, path) in paths.iter().enumerate() {
        let (free, path) = (free.clone(), path.to_path_buf());
        // A thread that still waits when this returns ends with its lock or with the process.
        let spawned = std::thread::Builder::new()
            .stack_size(64 * 1024)
            .spawn(move || {
                if let Ok(file) = File::open(&path) {
                    let _ = file.lock_shared();
                }
                let _ = free.send(idx);
            });
        if spawned.is_err() {
            break;
        }
    }
    drop(free);
    match timeout {
        Some(timeout) => woken.recv_timeout(timeout).ok(),
        None => woken.recv().ok(),
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_free_again_when_its_owner_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!is_owned(&path).unwrap());
        let owner = own(&path).unwrap();
        assert!(is_owned(&path).unwrap());
        assert_eq!(wait_any(&[&path], Some(Duration::from_millis(5))), None);
        drop(owner);
        assert!(!is_owned(&path).unwrap());
        assert_eq!(wait_any(&[&path], None), Some(0));
    }
}
