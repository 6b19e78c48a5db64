//! Holes in files: the middle of a log is given back to the disk while its beginning and its end
//! stay where they are, so that whoever appends to it notices nothing.

use std::fs::File;
use std::io;

/// Gives the bytes from `start` to `end` back to the disk. They read as zeros from now on.
///
/// # Errors
/// The file system cannot do it.
#[cfg(target_os = "linux")]
pub fn punch(file: &File, start: u64, end: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    Ok(fallocate(file, flags, start, end.saturating_sub(start))?)
}

/// This system has no call for it.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn punch(_file: &File, _start: u64, _end: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Bytes free on the disk that holds `file`, and its size; `None` where the system does not tell.
pub fn space(file: &File) -> Option<(u64, u64)> {
    let found = rustix::fs::fstatvfs(file).ok()?;
    let block = found.f_frsize.max(1);
    Some((
        found.f_bavail.saturating_mul(block),
        found.f_blocks.saturating_mul(block),
    ))
}
