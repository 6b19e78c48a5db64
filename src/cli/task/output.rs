//! `ctx output`

use super::open_repaired;
use super::report::Reporter;
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::store::{Store, Task};
use crate::task::{find, log, output};
use crate::tokens::Tokens;
use crate::view::{grouped, json_string};
use crate::workspace::Workspace;

/// What a task printed: digested, or lines of it
///
/// Lines are those of the last attempt, as they were printed; `--raw` writes every byte.
#[derive(clap::Args)]
pub struct Args {
    /// The task, by id, the beginning of one, or name
    #[arg(value_name = "ID")]
    id: String,
    /// Lines A to B, the first being 1; `A-` for the rest, `A` for one
    #[arg(long, value_name = "A-B", value_parser = lines, group = "part")]
    lines: Option<(u64, u64)>,
    /// The last N lines
    #[arg(long, value_name = "N", group = "part")]
    tail: Option<usize>,
    /// Lines that match a regular expression, with their numbers
    #[arg(long, value_name = "RE", group = "part")]
    grep: Option<String>,
    /// Lines that name a test, and those indented below them
    #[arg(long, value_name = "NAME", group = "part")]
    test: Option<String>,
    /// Everything, byte for byte, whatever the budget
    #[arg(long, group = "part")]
    raw: bool,
    /// What was printed after byte N, as the answer before named it
    #[arg(long, value_name = "CURSOR", group = "part")]
    since: Option<u64>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let task = find::task(&store, &args.id)?;
    if args.raw {
        return raw(&store, &task);
    }
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let pattern = match &args.grep {
        Some(pattern) => Some(regex_lite::Regex::new(pattern).map_err(|error| {
            Error::bad_request(format!("`--grep {pattern}` is no regular expression"))
                .because(error)
        })?),
        None => None,
    };
    let is_part =
        args.lines.is_some() || args.tail.is_some() || args.test.is_some() || args.since.is_some();
    if !is_part && pattern.is_none() {
        return Ok(Answer::shown(whole(&reporter, &task)));
    }
    let folder = store.folder(&task.id);
    let from = args.since.unwrap_or(task.offset).max(task.offset);
    let mut part = Part::new(&reporter);
    let mut below = None;
    let n_lines = args
        .tail
        .map(|_| count(&folder, from))
        .transpose()
        .map_err(|error| unreadable(&task, error))?;
    let visited = output::each_line(&folder, from, &mut |number, bytes| {
        let line = String::from_utf8_lossy(bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        let is_wanted = match (&pattern, &args.test, args.lines, args.tail) {
            (Some(pattern), ..) => pattern.is_match(line),
            (_, Some(name), ..) => is_of_test(line, name, &mut below),
            (_, _, Some((first, last)), _) => number >= first && number <= last,
            (_, _, _, Some(tail)) => n_lines.is_some_and(|n_lines| number + tail as u64 > n_lines),
            _ => true,
        };
        if is_wanted {
            part.push(number, line, pattern.is_some() || args.test.is_some());
        }
        args.lines.is_none_or(|(_, last)| number < last)
    });
    visited.map_err(|error| unreadable(&task, error))?;
    let end = log::len(&folder);
    part.finish(&task, end, args.since.is_some())
}

fn unreadable(task: &Task, error: std::io::Error) -> Error {
    Error::failed(format!("the output of task {} cannot be read", task.id)).because(error)
}

/// The digest of a task that is over or that runs.
fn whole(reporter: &Reporter, task: &Task) -> String {
    match task.state.end() {
        Some(_) => reporter.full(task),
        None => reporter.so_far(task),
    }
}

fn count(folder: &std::path::Path, from: u64) -> std::io::Result<u64> {
    let mut count = 0;
    output::each_line(folder, from, &mut |number, _| {
        count = number;
        true
    })?;
    Ok(count)
}

/// Whether a line names the test, or stands indented below one that does.
fn is_of_test(line: &str, name: &str, below: &mut Option<usize>) -> bool {
    let indent = line.len() - line.trim_start().len();
    if line.contains(name) {
        *below = Some(indent);
        return true;
    }
    match below {
        Some(_) if line.trim().is_empty() => {
            *below = None;
            false
        }
        Some(_) if is_next_test(line) => {
            *below = None;
            false
        }
        Some(_) => true,
        None => false,
    }
}

/// Whether a line is the head of another test.
fn is_next_test(line: &str) -> bool {
    let line = line.trim_start();
    [
        "---- ", "--- ", "test ", "FAIL", "PASS", "ok ", "not ok ", "=== ", "____",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

fn raw(store: &Store, task: &Task) -> Result<Answer, Error> {
    let mut reader =
        log::Reader::open(&store.folder(&task.id), 0).map_err(|error| unreadable(task, error))?;
    crate::cli::output::copy(&mut reader).map_err(|error| unreadable(task, error))?;
    Ok(Answer::shown(String::new()))
}

/// Lines within the budget: the first ones, and how many are left out.
struct Part<'a> {
    reporter: &'a Reporter<'a>,
    rows: Vec<String>,
    used: Tokens,
    n_omitted: u64,
    next: Option<u64>,
}

impl<'a> Part<'a> {
    fn new(reporter: &'a Reporter<'a>) -> Part<'a> {
        Part {
            reporter,
            rows: Vec::new(),
            used: Tokens(48),
            n_omitted: 0,
            next: None,
        }
    }

    fn push(&mut self, number: u64, line: &str, is_numbered: bool) {
        if self.n_omitted == 0 {
            let row = match (self.reporter.is_json(), is_numbered) {
                (true, _) => {
                    let mut row = format!("{{\"line\":{number},\"text\":");
                    json_string(line, &mut row);
                    row + "}"
                }
                (false, true) => format!("{number}: {line}"),
                (false, false) => line.to_owned(),
            };
            // A very long line is not counted to its end: it cannot fit.
            let tokens = match row.len() as u64 > self.reporter.budget.0.saturating_mul(40) {
                true => self.reporter.budget,
                false => self.reporter.counter.count(&format!("{row}\n")) + Tokens(1),
            };
            if self.used + tokens <= self.reporter.budget {
                self.used += tokens;
                self.rows.push(row);
                return;
            }
        }
        self.next.get_or_insert(number);
        self.n_omitted += 1;
    }

    fn finish(self, task: &Task, end: u64, is_since: bool) -> Result<Answer, Error> {
        let status = u8::from(self.rows.is_empty() && self.n_omitted == 0 && !is_since);
        let mut text = String::new();
        if self.reporter.is_json() {
            text = format!(
                "{{\"view\":\"output\",\"id\":\"{}\",\"rows\":[\n{}\n],\"omitted\":{},\"cursor\":{end}}}\n",
                task.id,
                self.rows.join(",\n"),
                self.n_omitted
            );
            return Ok(Answer { text, status });
        }
        if status == 1 {
            return Err(Error::nothing_found(format!(
                "no such line in the output of task {}",
                task.id
            ))
            .hint(format!("`ctx output {}` digests all of it", task.id)));
        }
        for row in &self.rows {
            text.push_str(row);
            text.push('\n');
        }
        if let Some(next) = self.next {
            text.push_str(&format!("left out: {} lines from line {next} on; `--lines {next}-`, or a larger `--budget`\n", grouped(self.n_omitted)));
        }
        if is_since {
            text.push_str(&format!("next: `ctx output {} --since {end}`\n", task.id));
        }
        Ok(Answer { text, status })
    }
}

/// Reads `A-B`, `A-` and `A`.
fn lines(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("`{text}` is no range of lines; 10-20, 10- and 10 are");
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let first: u64 = first.trim().parse().map_err(|_| wrong())?;
    let last = match last.trim() {
        "" => u64::MAX,
        last => last.parse().map_err(|_| wrong())?,
    };
    if first == 0 || last < first {
        return Err(wrong());
    }
    Ok((first, last))
}
