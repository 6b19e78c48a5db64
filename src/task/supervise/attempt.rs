//! One attempt: the command from its start to the end of the last of its processes.

use super::command::{self, Started};
use super::stage::Stage;
use super::{Supervisor, timed_out};
use crate::sys::watch::Watch;
use crate::sys::{clock, hole, lock};
use crate::task::log::{self, Cut};
use crate::task::progress;
use crate::task::state::{Deadline, End};
use rustix::process::{WaitOptions, WaitStatus, wait};
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

/// How often a log that is written to all the time is looked at, where its disk has room.
const LOOK: Duration = Duration::from_millis(200);
/// How often at most, on a disk that fills up.
const LOOK_OFTEN: Duration = Duration::from_millis(2);
/// How often a log is looked at where the system does not tell of writes.
const LOOK_BLIND: Duration = Duration::from_secs(1);

/// How an attempt ended.
pub struct Attempt {
    pub number: u32,
    pub end: End,
    pub started_ms: i64,
    pub duration: Duration,
    /// Bytes of output before it.
    pub offset: u64,
    /// Whether processes are left that could not be ended.
    pub has_orphans: bool,
    /// What is to be told beside the end.
    pub note: Option<String>,
}

impl Attempt {
    /// One that ended before it began.
    pub fn unstarted(number: u32, end: End, offset: u64) -> Attempt {
        Attempt {
            number,
            end,
            started_ms: 0,
            duration: Duration::ZERO,
            offset,
            has_orphans: false,
            note: None,
        }
    }
}

/// What is known while the command runs.
struct Course {
    started: Instant,
    status: Option<WaitStatus>,
    /// Why it is being ended, if it did not end by itself.
    cause: Option<End>,
    stage: Stage,
    watch: Watch,
    next_look: Option<Instant>,
    /// How long to wait from a write to the look at it.
    pace: Duration,
    /// Bytes of the log at the last look, and when they were written.
    last: (u64, Instant),
    cut: Option<Cut>,
}

impl Supervisor {
    pub fn attempt(&mut self, number: u32) -> Attempt {
        let started_ms = clock::wall_ms();
        let started = Instant::now();
        let offset = log::len(&self.folder);
        let unstarted = |end: End| {
            let mut attempt = Attempt::unstarted(number, end, offset);
            attempt.started_ms = started_ms;
            attempt
        };
        let opened = self.open(number);
        let (alive, log) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let reason = format!("`{}` cannot be written: {error}", self.folder.display());
                return unstarted(End::Exited(125, Some(reason)));
            }
        };
        let child = match command::start(&self.spec, &self.folder, &log, &alive) {
            Ok(child) => child,
            Err(end) => {
                if let End::Exited(_, Some(reason)) = &end {
                    let _ = writeln!(&log, "ctx: {reason}");
                }
                return unstarted(end);
            }
        };
        // From here on, the command's processes alone hold it.
        drop(alive);
        let mut course = Course {
            started,
            status: None,
            cause: None,
            stage: Stage::Running,
            watch: Watch::over(&self.folder.join("log")),
            next_look: None,
            pace: LOOK_OFTEN * 10,
            last: (offset, started),
            cut: Cut::read(&self.folder),
        };
        reap(child.pid, &mut course.status);
        if course.status.is_none() {
            self.tell_running(number, started_ms, offset);
        }
        self.follow(&child, &log, &mut course);
        Attempt {
            number,
            end: course
                .cause
                .clone()
                .unwrap_or_else(|| own_end(course.status)),
            started_ms,
            duration: started.elapsed(),
            offset,
            has_orphans: course.stage == Stage::Over { has_orphans: true },
            note: None,
        }
    }

    /// Makes the file that says that the attempt has begun, and the log.
    fn open(&self, number: u32) -> io::Result<(File, File)> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let log = File::options()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(self.folder.join("log"))?;
        let alive = lock::own(&self.folder.join(format!("alive-{number}")))?;
        Ok((alive, log))
    }

    fn tell_running(&self, number: u32, started_ms: i64, offset: u64) {
        // If it cannot be told, the row stays behind the truth for a while, no more.
        let _ = self.store().and_then(|store| {
            store.change(|change| change.set_running(&self.id, number, started_ms, offset))
        });
    }

    /// Goes on until nothing of the attempt is left.
    fn follow(&mut self, child: &Started, log: &File, course: &mut Course) {
        loop {
            let is_childless = reap(child.pid, &mut course.status);
            let has_ended = course.status.is_some();
            if course.stage == Stage::Running && has_ended {
                course.stage = Stage::ended(is_childless || self.spec.keep_children);
            }
            let stage = std::mem::replace(&mut course.stage, Stage::Running);
            course.stage = stage.next(has_ended, self.spec.kill_after);
            if matches!(course.stage, Stage::Over { .. }) {
                if let Some(terminal) = &child.terminal {
                    while copy(terminal.master.as_fd(), log) {}
                }
                return;
            }
            if course.stage == Stage::Running {
                self.meet_deadlines(course);
            }
            self.look(log, course);
            let until = [
                course.stage.until(),
                self.deadline(course),
                course.next_look,
            ];
            let until = until.into_iter().flatten().min();
            let terminal = child
                .terminal
                .as_ref()
                .map(|terminal| terminal.master.as_fd());
            let watched = course
                .watch
                .descriptor()
                .filter(|_| course.next_look.is_none());
            let heard = self.ears.listen_with(until, terminal.or(watched));
            if heard.extra
                && let Some(terminal) = &child.terminal
            {
                copy(terminal.master.as_fd(), log);
            }
            if heard.extra {
                course.watch.hush();
                course.next_look = Some(Instant::now() + course.pace);
            }
            if heard.bell && course.stage == Stage::Running && self.is_cancelled() {
                course.cause = Some(End::Cancelled);
                course.stage = Stage::stop(self.spec.kill_after);
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        let asked = || {
            self.store()
                .ok()?
                .task(&self.id)
                .ok()?
                .map(|task| task.is_cancelled)
        };
        self.ears.is_told_to_end() || asked().unwrap_or(false)
    }

    /// The next deadline of a command that runs.
    fn deadline(&self, course: &Course) -> Option<Instant> {
        if course.stage != Stage::Running {
            return None;
        }
        let time = self
            .spec
            .timeout
            .and_then(|timeout| course.started.checked_add(timeout));
        let silence = self
            .spec
            .idle_timeout
            .and_then(|silence| course.last.1.checked_add(silence));
        [time, silence].into_iter().flatten().min()
    }

    fn meet_deadlines(&self, course: &mut Course) {
        let now = Instant::now();
        let has_passed = |from: Instant, limit: Option<Duration>| {
            limit
                .and_then(|limit| from.checked_add(limit))
                .is_some_and(|at| at <= now)
        };
        if has_passed(course.last.1, self.spec.idle_timeout) {
            // It may have been written to since the last look.
            self.note_writes(course);
        }
        if has_passed(course.started, self.spec.timeout) {
            course.cause = Some(timed_out(Deadline::Time));
        } else if has_passed(course.last.1, self.spec.idle_timeout) {
            course.cause = Some(timed_out(Deadline::Silence));
        } else {
            return;
        }
        course.stage = Stage::stop(self.spec.kill_after);
    }

    fn note_writes(&self, course: &mut Course) {
        let len = log::len(&self.folder);
        if len != course.last.0 {
            course.last = (len, Instant::now());
        }
    }

    /// Looks at the log when it is time: its size, and what is told about it.
    fn look(&self, log: &File, course: &mut Course) {
        let now = Instant::now();
        if course.watch.descriptor().is_none() && course.next_look.is_none() {
            course.next_look = Some(now + LOOK_BLIND);
        }
        if course.next_look.is_some_and(|at| at <= now) {
            course.next_look = None;
            let before = course.last.0;
            self.note_writes(course);
            course.pace = pace(log, course.last.0.saturating_sub(before), course.pace);
            if let Some(file) = &self.spec.progress {
                let elapsed =
                    i64::try_from(course.started.elapsed().as_millis()).unwrap_or(i64::MAX);
                progress::write(file, &self.folder, &self.id, "running", elapsed);
            }
            course.cut = log::keep_small(&self.folder, log, self.spec.log_cap, course.cut);
        }
    }
}

/// How long to wait until the next look when `written` bytes came in the last `pace`: until a
/// quarter of what is free could be full, within bounds.
fn pace(log: &File, written: u64, pace: Duration) -> Duration {
    let free = hole::space(log).map_or(u64::MAX, |(free, _)| free);
    let quarters = free as f64 / 4.0 / written.max(1) as f64;
    Duration::from_secs_f64((pace.as_secs_f64() * quarters).min(LOOK.as_secs_f64())).max(LOOK_OFTEN)
}

/// Reaps all children that have ended; whether there are none any more. The status of `pid` is
/// kept.
fn reap(pid: i32, status: &mut Option<WaitStatus>) -> bool {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((ended, found))) if ended.as_raw_pid() == pid => *status = Some(found),
            Ok(Some(_)) => {}
            Ok(None) => return false,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return true,
        }
    }
}

/// The end of a command that ended by itself.
fn own_end(status: Option<WaitStatus>) -> End {
    let Some(status) = status else {
        return End::Lost("the kernel does not let go of it".to_owned());
    };
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => End::Exited(code, None),
        (None, Some(signal)) => End::Signalled(signal),
        (None, None) => End::Lost("its status tells neither a code nor a signal".to_owned()),
    }
}

/// Copies some of what is there from a terminal to the log; false when nothing is. What a full
/// disk does not take is dropped, so that the command does not hang.
fn copy(terminal: std::os::fd::BorrowedFd, mut log: &File) -> bool {
    let mut buffer = [0; 16 * 1024];
    let Ok(len) = rustix::io::read(terminal, &mut buffer) else {
        return false;
    };
    let _ = log.write_all(&buffer[..len]);
    len > 0
}
