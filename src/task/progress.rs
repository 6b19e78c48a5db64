//! The progress file of a task: what it does, its last lines, and how far it is where its output
//! says so. For a foreign program to read at any time.

use super::output;
use crate::sys::atomic::{self, Durability};
use serde::Serialize;
use std::path::Path;

/// Lines that are kept in it.
const LINES: usize = 5;

#[derive(Serialize)]
struct Progress<'a> {
    version: u32,
    id: &'a str,
    state: &'a str,
    ms: i64,
    percent: Option<u8>,
    lines: &'a [String],
}

/// Rewrites `file` from the log in `folder`. A file that cannot be written is no reason to end a
/// task.
pub fn write(file: &Path, folder: &Path, id: &str, state: &str, ms: i64) {
    let lines = output::tail(folder, 0, LINES, 8 << 10).unwrap_or_default();
    let percent = lines.iter().rev().find_map(|line| percent(line));
    let progress = Progress {
        version: 1,
        id,
        state,
        ms,
        percent,
        lines: &lines,
    };
    if let Ok(mut bytes) = serde_json::to_vec(&progress) {
        bytes.push(b'\n');
        let _ = atomic::write(file, &bytes, Durability::Process);
    }
}

/// How far a line says things are: `42%`, `[12/345]`, `12 of 345`. The last one in it counts.
pub fn percent(line: &str) -> Option<u8> {
    let from_percent = line
        .match_indices('%')
        .filter_map(|(at, _)| number_before(&line[..at]))
        .next_back();
    if let Some(found) = from_percent.filter(|found| (0.0..=100.0).contains(found)) {
        return Some(found as u8);
    }
    let parts = line
        .match_indices('/')
        .map(|(at, _)| (&line[..at], &line[at + 1..]));
    let parts = parts.chain(
        line.match_indices(" of ")
            .map(|(at, _)| (&line[..at], &line[at + 4..])),
    );
    parts
        .filter_map(|(before, after)| part(before, after))
        .last()
}

fn part(before: &str, after: &str) -> Option<u8> {
    let done = number_before(before)?;
    let digits = after
        .trim_start()
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(after.trim_start().len());
    let all: f64 = after.trim_start()[..digits].parse().ok()?;
    (all > 0.0 && done <= all).then_some((done * 100.0 / all) as u8)
}

/// The number at the end of a text, if it stands alone.
fn number_before(text: &str) -> Option<f64> {
    let text = text.trim_end();
    let start = text
        .rfind(|c: char| !c.is_ascii_digit() && c != '.')
        .map_or(0, |at| {
            at + text[at..].chars().next().map_or(1, char::len_utf8)
        });
    let is_word = text[..start].ends_with(|c: char| c.is_alphabetic() || "/-:".contains(c));
    if is_word {
        None
    } else {
        text[start..].parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn progress_is_read_where_a_line_tells_it() {
        let cases = [
            ("[ 42%] Building C object", Some(42)),
            ("[12/48] compiling", Some(25)),
            ("  7 of 10 done", Some(70)),
            ("99.9% |#####| 100.0%", Some(100)),
            ("src/a.rs:3/4", None),
            ("nothing", None),
            ("é%", None),
            ("5/0", None),
        ];
        for (line, expected) in cases {
            assert_eq!(percent(line), expected, "{line}");
        }
    }
}
