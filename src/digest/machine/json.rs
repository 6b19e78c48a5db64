//! JSON: a stream of objects, one a line, or one document.

use super::Writer;
use crate::digest::lines::Lines;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Reads the objects; whether anything was understood.
pub fn read(lines: &Lines, writer: &mut Writer) -> bool {
    if !lines.has_gaps
        && let Some(value) = document(lines)
    {
        let mut found = Found::default();
        found.walk(&value, &Inherited::default(), 0);
        return found.write(writer, 1);
    }
    let mut n_known = 0;
    let mut n_objects = 0;
    let mut n_other = 0;
    for idx in 0..lines.len() {
        let text = lines.text(idx).trim();
        let line = lines.raw(idx).0;
        if text.is_empty() {
            continue;
        }
        let object = if super::is_object(text) {
            serde_json::from_str::<Map<String, Value>>(text).ok()
        } else {
            None
        };
        if text.starts_with('[')
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            let mut found = Found::default();
            found.walk(&value, &Inherited::default(), 0);
            n_objects += 1;
            n_known += usize::from(found.write(writer, line));
            continue;
        }
        match object {
            Some(object) => {
                n_objects += 1;
                n_known += usize::from(event(object, line, writer));
            }
            None => {
                n_other += 1;
                writer.text(text, line);
            }
        }
    }
    n_known > 0 && n_known * 4 >= n_objects && n_objects * 8 >= n_other
}

/// The one document that an output is, with up to a few lines of other text before it.
fn document(lines: &Lines) -> Option<Value> {
    let text = lines.all();
    let text = text.trim();
    serde_json::from_str::<Value>(text)
        .ok()
        .filter(|value| value.is_object() || value.is_array())
}

/// One object of a stream.
fn event(object: Map<String, Value>, line: u32, writer: &mut Writer) -> bool {
    // rustc's own messages.
    if object.contains_key("spans")
        && let Some(rendered) = object.get("rendered").and_then(Value::as_str)
    {
        writer.text(rendered, line);
        return true;
    }
    if let Some(reason) = object.get("reason").and_then(Value::as_str) {
        if reason == "compiler-message"
            && let Some(rendered) = object
                .get("message")
                .and_then(|message| message.get("rendered"))
                .and_then(Value::as_str)
        {
            writer.text(rendered, line);
        }
        return true;
    }
    if object.contains_key("Action")
        && (object.contains_key("Package") || object.contains_key("ImportPath"))
    {
        if let Some(output) = object.get("Output").and_then(Value::as_str) {
            writer.part(output, line);
        }
        return true;
    }
    let word = |key: &str| object.get(key).and_then(Value::as_str);
    if let (Some(kind), Some(event)) = (word("type"), word("event")) {
        libtest(kind, event, &object, line, writer);
        return true;
    }
    let mut found = Found::default();
    found.walk(&Value::Object(object), &Inherited::default(), 0);
    found.write(writer, line)
}

/// Events of `libtest --format json`.
fn libtest(kind: &str, event: &str, object: &Map<String, Value>, line: u32, writer: &mut Writer) {
    let word = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or("");
    if kind == "test" && event == "failed" {
        writer.text(
            &format!("---- {} stdout ----\n{}", word("name"), word("stdout")),
            line,
        );
    } else if kind == "suite" && (event == "failed" || event == "ok") {
        let number = |key: &str| object.get(key).and_then(Value::as_u64).unwrap_or(0);
        writer.text(
            &format!(
                "test result: {event}. {} passed; {} failed",
                number("passed"),
                number("failed")
            ),
            line,
        );
    }
}

/// What was found in a document.
#[derive(Default)]
struct Found {
    text: String,
    n: usize,
}

/// What an object takes from those around it.
#[derive(Clone, Default)]
struct Inherited {
    path: Option<String>,
}

const PATHS: [&str; 9] = [
    "filePath",
    "source",
    "filename",
    "file",
    "path",
    "file_name",
    "uri",
    "Filename",
    "fileName",
];
const LINES: [&str; 7] = [
    "line",
    "row",
    "startLine",
    "line_number",
    "line_start",
    "Line",
    "lineNumber",
];
const MESSAGES: [&str; 8] = [
    "message",
    "msg",
    "text",
    "issue_text",
    "description",
    "Text",
    "title",
    "messageText",
];
const CODES: [&str; 9] = [
    "ruleId",
    "code",
    "rule",
    "symbol",
    "cop_name",
    "test_id",
    "check_name",
    "FromLinter",
    "message-id",
];
const SEVERITIES: [&str; 6] = [
    "severity",
    "level",
    "type",
    "issue_severity",
    "Severity",
    "kind",
];
const PLACES: [&str; 9] = [
    "location",
    "locations",
    "caret",
    "physicalLocation",
    "region",
    "range",
    "start",
    "Pos",
    "artifactLocation",
];
const NAMES: [&str; 7] = [
    "fullName",
    "fullTitle",
    "full_description",
    "nodeid",
    "name",
    "title",
    "test_name",
];
/// What went wrong with a test, as an object.
const ERRORS: [&str; 5] = ["err", "error", "exception", "failure", "call"];

impl Found {
    fn walk(&mut self, value: &Value, inherited: &Inherited, depth: usize) {
        if depth > 24 || self.text.len() > 1 << 20 {
            return;
        }
        match value {
            Value::Array(values) => values
                .iter()
                .for_each(|value| self.walk(value, inherited, depth + 1)),
            Value::Object(object) => self.object(object, inherited, depth),
            _ => {}
        }
    }

    fn object(&mut self, object: &Map<String, Value>, inherited: &Inherited, depth: usize) {
        let path = place_word(object, &PATHS, 0).or_else(|| inherited.path.clone());
        let inherited = Inherited { path: path.clone() };
        if self.test(object) || self.diagnostic(object, path) {
            return;
        }
        self.totals(object);
        for (key, value) in object {
            // Rules of a linter are no findings.
            if !matches!(
                key.as_str(),
                "rules" | "suppressedMessages" | "fix" | "edits"
            ) {
                self.walk(value, &inherited, depth + 1);
            }
        }
    }

    /// A failed test.
    fn test(&mut self, object: &Map<String, Value>) -> bool {
        let failed = object
            .get("status")
            .or_else(|| object.get("outcome"))
            .and_then(Value::as_str)
            .is_some_and(|status| matches!(status, "failed" | "fail" | "error" | "FAILED"));
        let error = ERRORS
            .iter()
            .filter_map(|key| object.get(*key))
            .find(|error| error.get("message").or(error.get("longrepr")).is_some());
        let Some(name) = word(object, &NAMES)
            .filter(|_| failed && !object.contains_key("assertionResults") || error.is_some())
        else {
            return false;
        };
        let mut body = String::new();
        if let Some(messages) = object.get("failureMessages").and_then(Value::as_array) {
            messages
                .iter()
                .filter_map(Value::as_str)
                .for_each(|message| body.push_str(message));
        }
        if let Some(error) = error {
            let part = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or("");
            let words = ["stack", "longrepr", "message"];
            let said = words
                .iter()
                .map(|key| part(key))
                .find(|text| !text.is_empty());
            body.push_str(said.unwrap_or(""));
            let frames = error.get("backtrace").and_then(Value::as_array);
            for frame in frames.into_iter().flatten().take(12) {
                let _ = write!(body, "\n    from {}", frame.as_str().unwrap_or(""));
            }
        }
        let has_frames = body.contains("\n    from ");
        if let (false, Some(path), Some(line)) = (
            has_frames,
            object.get("file_path").and_then(Value::as_str),
            object.get("line_number").and_then(Value::as_u64),
        ) {
            let _ = write!(body, "\n{path}:{line}");
        }
        for key in ["longrepr", "message", "failure"] {
            body.push_str(object.get(key).and_then(Value::as_str).unwrap_or(""));
        }
        let known = format!("---- {name} stdout ----\n");
        if !self.text.contains(&known) {
            let _ = write!(self.text, "{known}{body}\n\n");
            self.n += 1;
        }
        true
    }

    /// A message about a place.
    fn diagnostic(&mut self, object: &Map<String, Value>, path: Option<String>) -> bool {
        let message = word(object, &MESSAGES).or_else(|| {
            object
                .get("message")
                .and_then(|message| message.get("text"))
                .and_then(Value::as_str)
        });
        let (Some(path), Some(message)) = (path, message) else {
            return false;
        };
        let Some((line, from_zero)) = place_number(object, 0) else {
            return false;
        };
        let line = line + u64::from(from_zero);
        let severity = SEVERITIES
            .iter()
            .find_map(|key| object.get(*key))
            .map_or("", severity);
        let code = CODES
            .iter()
            .find_map(|key| object.get(*key))
            .map_or_else(String::new, |code| match code {
                Value::String(code) => code.clone(),
                Value::Number(code) => code.to_string(),
                Value::Object(code) => code
                    .get("code")
                    .and_then(Value::as_str)
                    .unwrap_or("")
                    .to_owned(),
                _ => String::new(),
            });
        let path = path.trim_start_matches("file://");
        let _ = write!(self.text, "{path}:{line}: ");
        if !severity.is_empty() {
            let _ = write!(self.text, "{severity}: ");
        }
        self.text
            .push_str(&message.split_whitespace().collect::<Vec<_>>().join(" "));
        if !code.is_empty() && code != "null" {
            let _ = write!(self.text, " [{code}]");
        }
        self.text.push('\n');
        self.n += 1;
        true
    }

    /// Numbers that sum up a run: `numFailedTests`, `errorCount`.
    fn totals(&mut self, object: &Map<String, Value>) {
        let wanted = [
            "numFailedTests",
            "numPassedTests",
            "numTotalTests",
            "passes",
            "failures",
            "tests",
            "errorCount",
            "warningCount",
            "failed",
            "passed",
        ];
        let numbers: Vec<String> = wanted
            .iter()
            .filter_map(|key| Some(format!("{}: {}", key, object.get(*key)?.as_u64()?)))
            .collect();
        if numbers.len() > 1 && !object.contains_key("filePath") {
            let _ = writeln!(self.text, "Totals {}", numbers.join(", "));
        }
    }

    fn write(self, writer: &mut Writer, line: u32) -> bool {
        writer.text(&self.text, line);
        self.n > 0
    }
}

fn severity(value: &Value) -> &str {
    match value {
        Value::String(word) => word,
        Value::Number(number) if number.as_u64() == Some(2) => "error",
        Value::Number(number) if number.as_u64() == Some(1) => "warning",
        _ => "",
    }
}

fn word<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .find_map(|key| object.get(*key)?.as_str())
        .filter(|word| !word.is_empty())
}

/// A word of the object or of the place in it.
fn place_word(object: &Map<String, Value>, keys: &[&str], depth: usize) -> Option<String> {
    if let Some(word) = word(object, keys).filter(|word| word.contains(['.', '/'])) {
        return Some(word.to_owned());
    }
    inside(object)
        .filter(|_| depth < 4)
        .find_map(|object| place_word(object, keys, depth + 1))
}

/// The line, and whether it is counted from zero, as in language servers.
fn place_number(object: &Map<String, Value>, depth: usize) -> Option<(u64, bool)> {
    let here = LINES.iter().find_map(|key| object.get(*key)?.as_u64());
    if let Some(line) = here {
        return Some((line, object.contains_key("character")));
    }
    inside(object)
        .filter(|_| depth < 5)
        .find_map(|object| place_number(object, depth + 1))
}

fn inside(object: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    PLACES.iter().filter_map(|key| match object.get(*key)? {
        Value::Object(inner) => Some(inner),
        Value::Array(values) => values.first()?.as_object(),
        _ => None,
    })
}
