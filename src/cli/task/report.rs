//! What is told about one task: how it ended and what it printed, or what it does and when to
//! look again. Within the budget, whatever the command printed.

use super::times;
use crate::cli::args::Fit;
use crate::digest;
use crate::error::Error;
use crate::secrets;
use crate::sys::clock;
use crate::task::estimate::{self, Estimate};
use crate::task::spec::Spec;
use crate::task::state::{End, State};
use crate::task::store::{Look, Store, Task};
use crate::task::{log, output};
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, json_string};
use crate::workspace::Workspace;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

/// The least budget for which something can be told about a task.
const LEAST: u64 = 60;
/// Lines of new output that a status shows of a task that runs.
const NEW_LINES: usize = 8;
/// Bytes of an output that is shown whole although a run before it can be compared with.
const SHORT: u64 = 2048;
/// Longest line of it, in characters.
const LINE: usize = 160;

/// What reports have in common within one call.
pub struct Reporter<'a> {
    pub workspace: &'a Workspace,
    pub store: &'a Store,
    pub fit: &'a Fit,
    pub counter: Counter,
    pub budget: Tokens,
}

impl<'a> Reporter<'a> {
    /// Checks the budget before anything is done.
    pub fn new(workspace: &'a Workspace, store: &'a Store, fit: &'a Fit) -> Result<Self, Error> {
        let budget = fit.budget(workspace);
        if budget.0 < LEAST {
            let message = format!("budget of {budget} tokens is too small: a task needs {LEAST}");
            return Err(Error::bad_request(message).hint(format!("`--budget {LEAST}`")));
        }
        Ok(Reporter {
            workspace,
            store,
            fit,
            counter: fit.counter(workspace)?,
            budget,
        })
    }

    /// Whether the answer is JSON.
    pub fn is_json(&self) -> bool {
        self.fit.format() == Format::Json
    }

    /// `ctx` as it would be typed again.
    fn ctx(&self) -> &str {
        &self.workspace.program
    }

    /// Tells how a task ended and what it printed; of one that runs, what it does.
    pub fn full(&self, task: &Task) -> String {
        match task.state.end() {
            Some(end) => self.ended(task, end),
            None => self.running(task, None),
        }
    }

    fn ended(&self, task: &Task, end: &End) -> String {
        let head = self.head(task, end);
        let footer = format!(
            "rest: `{} output {} --lines A-B`, `--grep RE`, `--raw`\n",
            self.ctx(),
            task.id
        );
        let frame = self.counter.count(&head) + self.counter.count(&footer) + Tokens(8);
        let mut room = self.budget - frame;
        // The frame of JSON costs a little more than its parts.
        for _ in 0..4 {
            let (digest, is_whole) = self.digest(task, room);
            let text = match self.is_json() {
                true => format!("{}{}}}\n", head.trim_end(), digest),
                false => format!("{head}{digest}{}", if is_whole { "" } else { &footer }),
            };
            let tokens = self.counter.count(&text);
            if tokens <= self.budget {
                return text;
            }
            room = room - (tokens - self.budget) - Tokens(4);
        }
        match self.is_json() {
            true => self.least(task, format!("{}}}\n", head.trim_end())),
            false => self.least(task, head),
        }
    }

    /// `text` if it fits, else as much as surely does: a name, a reason or a command may be long.
    fn least(&self, task: &Task, text: String) -> String {
        if self.counter.count(&text) <= self.budget {
            return text;
        }
        let status = task.state.end().map_or(0, End::exit_status);
        match self.is_json() {
            true => format!(
                "{{\"id\":\"{}\",\"state\":\"{}\",\"status\":{status}}}\n",
                task.id,
                task.state.word()
            ),
            false => format!("{}: {}, status {status}\n", task.id, task.state.word()),
        }
    }

    /// The first line, or the beginning of the object.
    fn head(&self, task: &Task, end: &End) -> String {
        if self.is_json() {
            let mut head = self.object(task);
            head.pop();
            return head;
        }
        let failed = if end.is_success() { "" } else { " failed" };
        let mut head = format!("{}{failed}: {end}", task.id);
        if let Some(duration) = duration(task) {
            let _ = write!(head, " after {}", times::shown(duration));
        }
        if task.attempt > 1 {
            let _ = write!(head, ", attempt {}", task.attempt);
        }
        if let Some(note) = &task.note {
            let _ = write!(head, "; {note}");
        }
        head.push('\n');
        head
    }

    /// The digest within `room`, and whether it leaves nothing out.
    fn digest(&self, task: &Task, room: Tokens) -> (String, bool) {
        let matchers = || crate::cli::digest::matchers(self.workspace).unwrap_or_default();
        let mut read = match output::digest(self.store, task, &matchers) {
            Ok(read) => read,
            Err(error) => {
                return match self.is_json() {
                    true => (String::new(), true),
                    false => (format!("note: its output cannot be read: {error}\n"), true),
                };
            }
        };
        if read.n_bytes == 0 {
            let nothing = if self.is_json() {
                ""
            } else {
                "it printed nothing\n"
            };
            return (nothing.to_owned(), true);
        }
        let mut change = String::new();
        if read.n_bytes <= SHORT && !self.is_json() {
            // A short output is shown whole, and then its findings need not be told apart.
            change = read
                .delta
                .take()
                .map_or_else(String::new, |delta| told(&delta));
        }
        let room = room - self.counter.count(&change);
        match digest::fit(&read, self.fit.format(), &self.counter, room) {
            Ok(fitted) if self.is_json() => (in_object(&fitted.text), true),
            Ok(fitted) => {
                let text = secrets::redact(&fitted.text);
                let is_whole = !text
                    .lines()
                    .last()
                    .is_some_and(|line| line.starts_with("left out"));
                (change + &without_status(&text, task), is_whole)
            }
            Err(_) => (String::new(), self.is_json()),
        }
    }

    /// The digest of what a task that runs printed so far.
    pub fn so_far(&self, task: &Task) -> String {
        let head = match self.is_json() {
            true => self.object(task).trim_end_matches('}').to_owned(),
            false => format!(
                "{}: {}, so far:\n",
                task.id,
                self.doing(task, elapsed(task))
            ),
        };
        let (digest, _) = self.digest(task, self.budget - self.counter.count(&head) - Tokens(8));
        let text = match self.is_json() {
            true => format!("{head}{digest}}}\n"),
            false => head + &digest,
        };
        self.least(task, text)
    }

    /// Tells what a task that is not over does, when to look again, and what is new since
    /// `look`.
    pub fn running(&self, task: &Task, look: Option<&Look>) -> String {
        let estimate = estimate::estimate(self.store, task).ok().flatten();
        let elapsed = elapsed(task);
        let next = estimate::next_look(estimate, elapsed);
        if self.is_json() {
            let mut object = self.object(task);
            object.pop();
            let _ = write!(object, ",\"next_check_s\":{}", next.as_secs());
            if let Some(estimate) = estimate {
                let _ = write!(
                    object,
                    ",\"p50_ms\":{},\"p90_ms\":{}",
                    estimate.p50.as_millis(),
                    estimate.p90.as_millis()
                );
            }
            object.push_str("}\n");
            return self.least(task, object);
        }
        let mut text = format!("{}: {}", task.id, self.doing(task, elapsed));
        let bytes = log::len(&self.store.folder(&task.id));
        if let Some(look) = look {
            let known = format!("{} {}", task.state.word(), task.attempt);
            if look.state == known && look.bytes == bytes {
                let _ = writeln!(text, ", nothing new; next check in {} s", next.as_secs());
                return text;
            }
        }
        text.push_str(&usually(estimate));
        let _ = write!(text, "; next useful check in {} s", next.as_secs());
        text.push_str(&self.advice(task, estimate, elapsed));
        text.push('\n');
        let from = look.map_or(task.offset, |look| look.bytes.max(task.offset));
        let room = self.budget - self.counter.count(&text);
        text.push_str(&self.news(task, from, room));
        self.least(task, text)
    }

    /// The same on one line among others: no advice, only whether there is something new.
    pub fn brief(&self, task: &Task, look: Option<&Look>) -> String {
        let elapsed = elapsed(task);
        let bytes = log::len(&self.store.folder(&task.id));
        let news = match look {
            Some(look) if look.bytes == bytes => String::new(),
            _ if bytes <= task.offset => String::new(),
            look => format!(
                ", {} new",
                times::bytes(bytes - look.map_or(task.offset, |look| look.bytes).min(bytes))
            ),
        };
        format!("{}  {}{news}", task.label(), self.doing(task, elapsed))
    }

    fn doing(&self, task: &Task, elapsed: Duration) -> String {
        let again = if task.attempt > 1 {
            format!(", attempt {}", task.attempt)
        } else {
            String::new()
        };
        match task.state {
            State::Queued => format!(
                "queued for {}{}",
                times::shown(elapsed),
                self.waits_for(task)
            ),
            State::Backoff => {
                let due =
                    Duration::from_millis(task.due_ms.unwrap_or(0)).saturating_sub(clock::uptime());
                format!("attempt {} begins in {}", task.attempt, times::shown(due))
            }
            _ => format!("running for {}{again}", times::shown(elapsed)),
        }
    }

    fn waits_for(&self, task: &Task) -> String {
        let needs = self.store.needs(task.seq).unwrap_or_default();
        let waited: Vec<&str> = needs
            .iter()
            .filter(|(needed, _)| needed.state.end().is_none())
            .map(|(needed, _)| needed.id.as_str())
            .take(3)
            .collect();
        match (&task.slots, waited.is_empty()) {
            (_, false) => format!(", waits for {}", waited.join(", ")),
            (Some(slots), true) => format!(
                ", waits for one of {} places of `{}`",
                slots.most, slots.group
            ),
            _ => String::new(),
        }
    }

    /// What to do in the meantime, by how long it will take.
    fn advice(&self, task: &Task, estimate: Option<Estimate>, elapsed: Duration) -> String {
        let left = estimate.map(|estimate| estimate.p90.saturating_sub(elapsed).as_secs());
        let (ctx, id) = (self.ctx(), &task.id);
        match left {
            Some(0..30) | None => format!(": `{ctx} wait {id}`"),
            Some(30..600) => format!("; do other work, then once `{ctx} wait {id}`"),
            Some(_) => format!(
                "; come back later: `{ctx} status {id}`, or look for `{}`",
                self.store.folder(id).join("exit.json").display()
            ),
        }
    }

    /// The last lines of output from byte `from` on.
    fn news(&self, task: &Task, from: u64, room: Tokens) -> String {
        let folder = self.store.folder(&task.id);
        let Ok(lines) = output::tail(&folder, from, NEW_LINES, 16 << 10) else {
            return String::new();
        };
        let mut kept: Vec<String> = Vec::new();
        let mut used = Tokens(0);
        for line in lines.iter().rev() {
            let line: String = secrets::redact(&clean(line)).chars().take(LINE).collect();
            if line.trim().is_empty() {
                continue;
            }
            let line = format!("  {}\n", line.trim_end());
            used += self.counter.count(&line);
            if used > room {
                break;
            }
            kept.push(line);
        }
        kept.reverse();
        kept.concat()
    }

    /// Everything known about a task in one JSON object, on one line.
    pub fn object(&self, task: &Task) -> String {
        let mut object = String::from("{\"id\":");
        json_string(&task.id, &mut object);
        if let Some(name) = &task.name {
            object.push_str(",\"name\":");
            json_string(name, &mut object);
        }
        let _ = write!(object, ",\"state\":\"{}\"", task.state.word());
        if let Some(end) = task.state.end() {
            let (_, code, reason) = end.stored();
            if let Some(code) = code {
                let _ = write!(object, ",\"code\":{code}");
            }
            if let Some(reason) = reason {
                object.push_str(",\"reason\":");
                json_string(reason, &mut object);
            }
            let _ = write!(object, ",\"status\":{}", end.exit_status());
        }
        let _ = write!(object, ",\"attempt\":{}", task.attempt);
        let time = duration(task).unwrap_or_else(|| elapsed(task));
        let _ = write!(object, ",\"ms\":{},\"command\":", time.as_millis());
        let command: String = secrets::redact(&task.command).chars().take(200).collect();
        json_string(&command, &mut object);
        object.push('}');
        object
    }
}

fn usually(estimate: Option<Estimate>) -> String {
    match estimate {
        None => String::new(),
        Some(estimate) if estimate.p90 < Duration::from_secs(2) => {
            format!(
                "; p90 is {}: no need for the background",
                times::shown(estimate.p90)
            )
        }
        Some(estimate) => format!(
            "; usually {}, p90 {} ({} run{})",
            times::shown(estimate.p50),
            times::shown(estimate.p90),
            estimate.n_runs,
            if estimate.n_runs == 1 { "" } else { "s" }
        ),
    }
}

/// A digest in JSON as a member of an object, without secrets. One that they were cut out of so
/// that it is no JSON any more is left away.
fn in_object(digest: &str) -> String {
    let digest = secrets::redact(digest.trim_end());
    let is_whole = match &digest {
        Cow::Borrowed(_) => true,
        Cow::Owned(text) => serde_json::from_str::<serde_json::Value>(text).is_ok(),
    };
    if is_whole {
        format!(",\"digest\":{digest}")
    } else {
        String::new()
    }
}

/// What changed since the run before, in a line or two.
fn told(delta: &digest::Delta) -> String {
    let mut told = format!("since the last run: {}\n", delta.summary());
    for fixed in delta.fixed.iter().take(3) {
        let _ = writeln!(
            told,
            "  fixed: {}",
            secrets::redact(fixed)
                .chars()
                .take(LINE)
                .collect::<String>()
        );
    }
    told
}

/// What the first line told already.
fn without_status(text: &str, task: &Task) -> String {
    let status = task.state.end().map_or(0, End::exit_status);
    for line in [format!("failed: exit {status}\n"), "exit 0\n".to_owned()] {
        if let Some(rest) = text.strip_prefix(&line) {
            return rest.to_owned();
        }
    }
    text.to_owned()
}

/// The text without escape sequences and what a carriage return wrote over.
fn clean(line: &str) -> String {
    let mut lines = Vec::new();
    let mut cleaner = digest::clean::Cleaner::default();
    cleaner.feed(line.as_bytes(), &mut |line| {
        lines.push(line.text.to_string())
    });
    cleaner.finish(&mut |line| lines.push(line.text.to_string()));
    lines.pop().unwrap_or_default()
}

/// How long the last attempt took.
pub fn duration(task: &Task) -> Option<Duration> {
    task.duration_ms
        .and_then(|ms| u64::try_from(ms).ok())
        .map(Duration::from_millis)
}

/// How long ago a task that is not over started, or was put into the queue.
pub fn elapsed(task: &Task) -> Duration {
    let since = task.started_ms.unwrap_or(task.created_ms);
    let until = task.ended_ms.unwrap_or_else(clock::wall_ms);
    Duration::from_millis(u64::try_from(until - since).unwrap_or(0))
}

/// The spec of a task.
pub fn spec(store: &Store, task: &Task) -> Result<Spec, Error> {
    Spec::read(&store.folder(&task.id)).map_err(|error| {
        Error::failed(format!("what task {} was to do cannot be read", task.id)).because(error)
    })
}
