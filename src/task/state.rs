//! The states of a task. A state carries what is known in it and nothing else; an end state is
//! never a guess.

use std::fmt;

/// Which deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// The whole of an attempt took too long.
    Time,
    /// Nothing was printed for too long.
    Silence,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The command ended with this status. With a reason it could not be started, and the status
    /// says why as `env` has it: 126 not executable, 127 not found, 125 anything else.
    Exited(i32, Option<String>),
    /// A signal ended the command.
    Signalled(i32),
    /// A deadline passed, and all of it was ended.
    TimedOut(Deadline),
    /// Somebody asked for its end.
    Cancelled,
    /// Nobody saw how it ended; the reason tells why.
    Lost(String),
    /// It was never started; the reason tells why.
    Skipped(String),
}

impl End {
    /// The exit status that tells of this end: the command's own, 128+n for a signal, 124 for a
    /// deadline, 143 when it was cancelled, 125 when `ctx` does not know or did not start it.
    pub fn exit_status(&self) -> u8 {
        let status = match self {
            End::Exited(code, _) => *code,
            End::Signalled(signal) => 128 + signal,
            End::TimedOut(_) => 124,
            End::Cancelled => 143,
            End::Lost(_) | End::Skipped(_) => 125,
        };
        u8::try_from(status & 0xff).unwrap_or(125)
    }

    /// Whether the command ended with status 0.
    pub fn is_success(&self) -> bool {
        matches!(self, End::Exited(0, _))
    }

    /// The word, number and reason by which it is stored.
    pub fn stored(&self) -> (&'static str, Option<i32>, Option<&str>) {
        match self {
            End::Exited(code, reason) => ("exited", Some(*code), reason.as_deref()),
            End::Signalled(signal) => ("signalled", Some(*signal), None),
            End::TimedOut(Deadline::Time) => ("timed_out", None, Some("time")),
            End::TimedOut(Deadline::Silence) => ("timed_out", None, Some("silence")),
            End::Cancelled => ("cancelled", None, None),
            End::Lost(reason) => ("lost", None, Some(reason)),
            End::Skipped(reason) => ("skipped", None, Some(reason)),
        }
    }

    /// Reads what [`End::stored`] gave.
    pub fn read(word: &str, code: Option<i32>, reason: Option<String>) -> Option<End> {
        Some(match word {
            "exited" => End::Exited(code?, reason),
            "signalled" => End::Signalled(code?),
            "timed_out" if reason.as_deref() == Some("silence") => End::TimedOut(Deadline::Silence),
            "timed_out" => End::TimedOut(Deadline::Time),
            "cancelled" => End::Cancelled,
            "lost" => End::Lost(reason.unwrap_or_default()),
            "skipped" => End::Skipped(reason.unwrap_or_default()),
            _ => return None,
        })
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Exited(code, None) => write!(f, "exited {code}"),
            End::Exited(code, Some(reason)) => write!(f, "exited {code} ({reason})"),
            End::Signalled(signal) => write!(f, "killed by {}", signal_name(*signal)),
            End::TimedOut(Deadline::Time) => f.write_str("timed out"),
            End::TimedOut(Deadline::Silence) => f.write_str("timed out in silence"),
            End::Cancelled => f.write_str("cancelled"),
            End::Lost(reason) => write!(f, "lost ({reason})"),
            End::Skipped(reason) => write!(f, "skipped ({reason})"),
        }
    }
}

/// What a task is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for other tasks or for a place in its group.
    Queued,
    /// Its turn has come, the command was not seen to run yet.
    Starting,
    /// The command runs.
    Running,
    /// An attempt failed, and the next one waits for its time.
    Backoff,
    /// It is over.
    Ended(End),
}

impl State {
    /// How it ended, if it did.
    pub fn end(&self) -> Option<&End> {
        match self {
            State::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// The word by which it is stored and by which JSON names it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Starting => "starting",
            State::Running => "running",
            State::Backoff => "backoff",
            State::Ended(end) => end.stored().0,
        }
    }

    /// Reads a state as it is stored; what is not known is taken for lost.
    pub fn read(word: &str, code: Option<i32>, reason: Option<String>) -> State {
        match word {
            "queued" => State::Queued,
            "starting" => State::Starting,
            "running" => State::Running,
            "backoff" => State::Backoff,
            _ => State::Ended(
                End::read(word, code, reason)
                    .unwrap_or_else(|| End::Lost(format!("its state is `{word}`"))),
            ),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Ended(end) => end.fmt(f),
            state => f.write_str(state.word()),
        }
    }
}

/// `SIGKILL` for 9.
pub fn signal_name(signal: i32) -> String {
    const NAMES: [(i32, &str); 12] = [
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (3, "SIGQUIT"),
        (4, "SIGILL"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (14, "SIGALRM"),
        (15, "SIGTERM"),
        (5, "SIGTRAP"),
    ];
    let known = NAMES.iter().find(|(number, _)| *number == signal);
    known.map_or_else(
        || format!("signal {signal}"),
        |(_, name)| (*name).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read_as_they_were_stored() {
        let ends = [
            End::Exited(3, None),
            End::Exited(127, Some("no such command".to_owned())),
            End::Signalled(9),
            End::TimedOut(Deadline::Time),
            End::TimedOut(Deadline::Silence),
            End::Cancelled,
            End::Lost("power".to_owned()),
            End::Skipped("a failed".to_owned()),
        ];
        for end in ends {
            let (word, code, reason) = end.stored();
            assert_eq!(End::read(word, code, reason.map(str::to_owned)), Some(end));
        }
    }

    #[test]
    fn statuses_are_those_of_env_and_timeout() {
        assert_eq!(End::Exited(3, None).exit_status(), 3);
        assert_eq!(End::Signalled(9).exit_status(), 137);
        assert_eq!(End::TimedOut(Deadline::Time).exit_status(), 124);
        assert_eq!(End::Lost(String::new()).exit_status(), 125);
    }
}
