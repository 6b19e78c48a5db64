//! Files mapped into memory.

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::path::Path;

/// The bytes of a mapped file.
pub struct Mapped(Mmap);

impl std::ops::Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// Maps the file at `path`, read-only; an empty file is an empty map.
///
/// Only for files that are written once under a name of their own and never changed after, by
/// any version of this program: see below.
///
/// # Errors
/// What the file system says.
pub fn immutable(path: &Path) -> io::Result<Mapped> {
    let file = File::open(path)?;
    // SAFETY: the bytes behind a map must not change, nor the file become shorter, while it is
    // used: the first would break the promise of `&[u8]`, the second ends the process with a
    // bus error. The callers map files that this program writes under a temporary name, renames
    // when they are whole, and from then on only ever unlinks; an unlinked file keeps its bytes
    // until the last map of it is gone. The folder has mode 0700, so nobody else's program
    // writes there. What a crash of the machine left half written is found by its length and
    // its checksums, both looked at before anything in it is believed.
    #[expect(unsafe_code, reason = "a map cannot be made without; see above")]
    unsafe {
        Mmap::map(&file).map(Mapped)
    }
}
