//! What a supervisor hears: signals, its bell, writes to the log, and the passing of time.

use crate::sys::{bell, spawn};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGTTIN, SIGTTOU};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Instant;

/// What was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Somebody rang, or asked for the end by a signal.
    pub bell: bool,
    /// What was listened to beside it can be read.
    pub extra: bool,
}

pub struct Ears {
    /// Children ended, or a signal came that means nothing here.
    signals: UnixStream,
    /// The polite request to end.
    ends: UnixStream,
    bell: File,
    is_told_to_end: bool,
}

impl Ears {
    /// Listens to signals, and to the bell on standard output.
    pub fn open() -> io::Result<Ears> {
        let bell = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Ears {
            // Heard and passed over, so that they do not end the process: a terminal that goes away.
            signals: spawn::on_signals(&[SIGCHLD, SIGHUP, SIGINT, SIGTTIN, SIGTTOU])?,
            ends: spawn::on_signals(&[SIGTERM])?,
            bell: bell.into(),
            is_told_to_end: false,
        })
    }

    /// Sleeps until something is heard or `until` has come.
    pub fn listen(&mut self, until: Option<Instant>) -> Heard {
        self.listen_with(until, None)
    }

    /// The same, and listens to `extra`, too.
    pub fn listen_with(&mut self, until: Option<Instant>, extra: Option<BorrowedFd>) -> Heard {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.map(|left| Timespec {
            tv_sec: left.as_secs().min(1 << 30) as _,
            // Up to the next millisecond, for deadlines to have passed on waking.
            tv_nsec: (left.subsec_nanos().min(998_999_999) + 1_000_000) as _,
        });
        let mut files = vec![
            PollFd::new(&self.signals, PollFlags::IN),
            PollFd::new(&self.ends, PollFlags::IN),
            PollFd::new(&self.bell, PollFlags::IN),
        ];
        files.extend(
            extra
                .as_ref()
                .map(|extra| PollFd::new(extra, PollFlags::IN)),
        );
        // An interruption is something heard.
        let _ = poll(&mut files, left.as_ref());
        let is_ready = |at: usize| files.get(at).is_some_and(|file| !file.revents().is_empty());
        let heard = Heard {
            bell: is_ready(1) || is_ready(2),
            extra: is_ready(3),
        };
        if heard.bell {
            self.hush();
        }
        drain(&self.signals);
        heard
    }

    /// Takes what was heard so far.
    pub fn hush(&mut self) {
        self.is_told_to_end |= drain(&self.ends);
        bell::hush(&self.bell);
    }

    /// Whether the polite request to end came at any time.
    pub fn is_told_to_end(&self) -> bool {
        self.is_told_to_end
    }
}

fn drain(mut stream: &UnixStream) -> bool {
    let mut buffer = [0; 64];
    let mut is_any = false;
    while matches!(stream.read(&mut buffer), Ok(len) if len > 0) {
        is_any = true;
    }
    is_any
}
