//! How far the end of an attempt has come, and the signals on the way.

use crate::sys::process::Process;
use crate::task::tree;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// How long processes that outlive the command may go on by themselves: a `tee` that still
/// writes, a child on its way out.
const DRAIN: Duration = Duration::from_millis(500);
/// How long they may take after the polite signal.
const POLITE: Duration = Duration::from_secs(2);
/// Between two firm signals, in case a process was just being made.
const AGAIN: Duration = Duration::from_millis(10);
/// How often those who came after the polite signal are looked for.
const LOOK: Duration = Duration::from_millis(100);
/// After this many of them, what is left cannot be ended: the kernel has it.
const MOST_FIRM: u32 = 500;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The command runs.
    Running,
    /// The command has ended, others go on.
    Draining(Instant),
    /// All were asked to end.
    Polite {
        /// When they are made to.
        until: Instant,
        /// Those that were asked: nobody is asked twice, which some take for more than it is.
        asked: Vec<Process>,
    },
    /// All are made to end, and this often so far.
    Firm(u32),
    /// Nothing is left, or what is left cannot be ended.
    Over {
        /// Whether something is left.
        has_orphans: bool,
    },
}

impl Stage {
    /// When to look again at the latest.
    pub fn until(&self) -> Option<Instant> {
        match self {
            Stage::Draining(until) => Some(*until),
            Stage::Polite { until, .. } => Some((Instant::now() + LOOK).min(*until)),
            Stage::Firm(_) => Some(Instant::now() + AGAIN),
            Stage::Running | Stage::Over { .. } => None,
        }
    }

    /// The command was seen to end; `is_alone` if it left no process behind, or may leave them.
    pub fn ended(is_alone: bool) -> Stage {
        if is_alone {
            return Stage::Over { has_orphans: false };
        }
        Stage::Draining(Instant::now() + DRAIN)
    }

    /// Asks all to end, `grace` before they are made to.
    pub fn stop(grace: Duration) -> Stage {
        polite(Instant::now() + grace, Vec::new(), tree::of_this())
    }

    /// What comes next; `has_ended` when the command was seen to end.
    pub fn next(self, has_ended: bool, kill_after: Duration) -> Stage {
        if matches!(self, Stage::Running | Stage::Over { .. }) {
            return self;
        }
        let left = tree::of_this();
        if left.is_empty() && has_ended {
            return Stage::Over { has_orphans: false };
        }
        let now = Instant::now();
        match self {
            Stage::Draining(until) if now >= until => Stage::stop(POLITE.min(kill_after)),
            Stage::Polite { until, .. } if now >= until => firm(&left, 1),
            Stage::Polite { until, asked } => polite(until, asked, left),
            Stage::Firm(count) if count >= MOST_FIRM => Stage::Over { has_orphans: true },
            Stage::Firm(count) => firm(&left, count + 1),
            stage => stage,
        }
    }
}

/// Asks those of `found` that were not asked yet: one may have been made by another just before
/// that was asked.
fn polite(until: Instant, asked: Vec<Process>, found: Vec<Process>) -> Stage {
    let is_known = |process: &Process| {
        asked
            .iter()
            .any(|known| known.pid == process.pid && known.start == process.start)
    };
    let is_new = |process: &&Process| !is_known(process);
    let new: Vec<Process> = found.iter().filter(is_new).cloned().collect();
    tree::send(&new, Signal::TERM);
    // One that was stopped would never see it.
    tree::send(&new, Signal::CONT);
    Stage::Polite {
        until,
        asked: found,
    }
}

fn firm(left: &[Process], count: u32) -> Stage {
    // Stopped first, so that none of them makes others while the rest is being ended.
    tree::send(left, Signal::STOP);
    tree::send(&tree::of_this(), Signal::KILL);
    Stage::Firm(count)
}
