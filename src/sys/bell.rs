//! A bell: a named pipe by which any process wakes another that sleeps. Ringing names no
//! process, so a number that was given to another process in the meantime does no harm, and it
//! tells when nobody is there.

use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Makes a bell at `path` and listens to it. What is rung is kept as long as somebody listens.
///
/// # Errors
/// The pipe cannot be made.
pub fn listen(path: &Path) -> io::Result<File> {
    match make(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // For reading and writing, so that it never ends when those who ring go away.
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

/// Rings the bell at `path`; false when nobody listens.
pub fn ring(path: &Path) -> bool {
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let Ok(bell) = rustix::fs::open(path, flags, Mode::empty()) else {
        return false;
    };
    // A pipe that is full was rung often enough.
    !matches!(rustix::io::write(&bell, b"!"), Err(error) if error != rustix::io::Errno::AGAIN)
}

/// Takes what was rung so far.
pub fn hush(mut bell: &File) {
    let mut buffer = [0; 64];
    while matches!(bell.read(&mut buffer), Ok(len) if len == buffer.len()) {}
}

#[cfg(not(target_vendor = "apple"))]
fn make(path: &Path) -> io::Result<()> {
    let kind = rustix::fs::FileType::Fifo;
    Ok(rustix::fs::mknodat(
        rustix::fs::CWD,
        path,
        kind,
        Mode::RUSR | Mode::WUSR,
        0,
    )?)
}

#[cfg(target_vendor = "apple")]
fn make(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    match std::process::Command::new("mkfifo")
        .arg(path)
        .status()?
        .success()
    {
        true => Ok(()),
        false => Err(io::Error::other("`mkfifo` failed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_heard_as_long_as_somebody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bell");
        assert!(!ring(&path));
        let bell = listen(&path).unwrap();
        assert!(ring(&path));
        hush(&bell);
        drop(bell);
        assert!(!ring(&path));
    }
}
