//! Output written for machines, brought into the forms that people read, which the families
//! know: cargo's and libtest's JSON, `go test -json`, JUnit and Checkstyle XML, SARIF, and the JSON of linters
//! and test runners. Every word comes from the output; the lines keep their raw places.

mod json;
mod xml;

use super::clean::CleanLine;
use super::lines::{Collector, Lines};

/// The readable form of an output for machines; `None` if it is none.
pub fn readable(lines: &Lines) -> Option<Lines> {
    let first = (0..lines.len()).find(|idx| !lines.text(*idx).trim().is_empty())?;
    let start = lines.text(first).trim_start();
    let mut writer = Writer {
        collector: Collector::default(),
        rest: String::new(),
    };
    let knows = if start.starts_with("<?xml") || start.starts_with("<testsuite") {
        xml::junit(lines, &mut writer) || xml::diagnostics(lines, &mut writer)
    } else if start.starts_with(['{', '[']) || has_objects(lines) {
        json::read(lines, &mut writer)
    } else {
        false
    };
    knows.then(|| writer.collector.finish(lines.n_raw, lines.n_bytes))
}

/// Whether a good part of the lines are JSON objects, after a few that are not.
fn has_objects(lines: &Lines) -> bool {
    let seen = lines.len().min(60);
    let objects = (0..seen).filter(|idx| is_object(lines.text(*idx))).count();
    objects >= 2 && objects * 3 >= seen
        || (0..seen)
            .any(|idx| lines.text(idx).starts_with("[{\"") || lines.text(idx).starts_with("[[{\""))
}

fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{\"") && text.ends_with('}')
        || text.starts_with("{ \"") && text.ends_with('}')
}

/// Collects readable lines.
struct Writer {
    collector: Collector,
    rest: String,
}

impl Writer {
    /// Writes text of one or more lines that stand on raw line `line`.
    fn text(&mut self, text: &str, line: u32) {
        for clean in super::clean::clean(text.as_bytes()) {
            self.collector.push(&CleanLine {
                text: clean.text,
                first: line,
                last: line,
            });
        }
    }

    /// Writes a part of a line; what is complete is passed on.
    fn part(&mut self, text: &str, line: u32) {
        self.rest.push_str(text);
        if let Some(end) = self.rest.rfind('\n') {
            let done: String = self.rest.drain(..=end).collect();
            self.text(&done, line);
        }
    }
}
