//! Sees when a file is written to, without looking at it time and again.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

/// A watch over one file. Where the system has none, or none left, there is nothing to poll, and
/// whoever watches must look now and then.
#[derive(Debug, Default)]
pub struct Watch {
    #[cfg(target_os = "linux")]
    descriptor: Option<std::os::fd::OwnedFd>,
}

impl Watch {
    /// Watches writes to `path`.
    #[cfg(target_os = "linux")]
    pub fn over(path: &Path) -> Watch {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
        let descriptor = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok();
        let descriptor =
            descriptor.filter(|descriptor| add_watch(descriptor, path, WatchFlags::MODIFY).is_ok());
        Watch { descriptor }
    }

    /// Watches writes to `path`.
    #[cfg(not(target_os = "linux"))]
    pub fn over(_path: &Path) -> Watch {
        Watch::default()
    }

    /// Can be read when the file was written to; `None` when one must look now and then.
    #[cfg(target_os = "linux")]
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.descriptor.as_ref().map(AsFd::as_fd)
    }

    /// Can be read when the file was written to; `None` when one must look now and then.
    #[cfg(not(target_os = "linux"))]
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// Takes what was seen so far.
    pub fn hush(&self) {
        let Some(descriptor) = self.descriptor() else {
            return;
        };
        let mut buffer = [0; 4096];
        while matches!(rustix::io::read(descriptor, &mut buffer), Ok(len) if len > 0) {}
    }
}
