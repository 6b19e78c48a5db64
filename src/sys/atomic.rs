//! Files that are either the old or the new, whatever happens in between.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How much a write should survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of this process: what can be made anew.
    Process,
    /// A loss of power: the file and its name are on the disk when the call returns.
    Power,
}

/// Writes `bytes` to `path` so that a reader sees all of the old file or all of the new one.
/// The file can be read by its owner alone (mode 0600).
///
/// # Errors
/// What the file system says; then `path` is as it was, and no temporary file is left.
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let temporary = beside(path);
    let written = write_new(&temporary, bytes, durability)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| match (durability, path.parent()) {
            (Durability::Power, Some(folder)) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        });
    if written.is_err() {
        // Best effort: the error that is reported is the one that matters.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    match durability {
        Durability::Process => Ok(()),
        Durability::Power => file.sync_all(),
    }
}

/// A name in the same folder that no other process and no other call uses.
fn beside(path: &Path) -> PathBuf {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{call}.tmp", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, b"one", Durability::Process).unwrap();
        write(&path, b"two", Durability::Power).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), b"").unwrap();
        assert!(write(&path, b"two", Durability::Process).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
