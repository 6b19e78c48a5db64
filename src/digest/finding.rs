//! What is read out of an output: findings, and lines worth showing beside them. All texts are
//! the tool's own words.

use super::place::Place;

/// How bad a finding is. Worse ones are shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An error, a failed test, a crash.
    Error,
    /// A warning, or a lint without a severity.
    Warning,
    /// A remark.
    Note,
}

impl Severity {
    /// Its name in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What sort of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A failing test.
    Test,
    /// A message about a place in a source file.
    Diagnostic,
    /// An exception, a panic, a crash with its stack.
    Trace,
    /// A line that speaks of something bad.
    Line,
}

impl Sort {
    /// Its name in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Test => "test",
            Sort::Diagnostic => "diagnostic",
            Sort::Trace => "trace",
            Sort::Line => "line",
        }
    }
}

/// A further line of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The line, trimmed.
    pub text: String,
    /// What it is worth beside the head of its finding, which is worth 1.
    pub worth: f32,
    /// Raw line.
    pub line: u32,
}

/// Another occurrence of the same finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// The test, where there is one.
    pub name: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// Raw line.
    pub line: u32,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What sort of thing it is.
    pub sort: Sort,
    /// The name of the test.
    pub name: Option<String>,
    /// Where it is.
    pub place: Option<Place>,
    /// What the tool says, on one line.
    pub message: String,
    /// A code or rule, if the message is to be folded by it.
    pub rule: Option<String>,
    /// More of what the tool says.
    pub details: Vec<Detail>,
    /// Raw lines.
    pub first: u32,
    /// Raw lines.
    pub last: u32,
    /// Whether it names its severity.
    pub is_labeled: bool,
    /// Equal findings.
    pub again: Vec<Again>,
    /// Equal lines that were only counted.
    pub more: u32,
}

impl Finding {
    /// A finding of one line.
    pub fn new(severity: Severity, sort: Sort, message: &str, first: u32, last: u32) -> Finding {
        Finding {
            severity,
            sort,
            name: None,
            place: None,
            message: message.trim().to_owned(),
            rule: None,
            details: Vec::new(),
            first,
            last,
            is_labeled: true,
            again: Vec::new(),
            more: 0,
        }
    }

    /// Whether it only says that something before it failed.
    pub fn is_cascade(&self) -> bool {
        self.sort == Sort::Line && is_cascade(&self.message)
    }

    /// Adds a detail that is not yet there.
    pub fn detail(&mut self, text: &str, worth: f32, line: u32) {
        let text = text.trim();
        let is_new = text
            .bytes()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .count()
            > 1
            && text != self.message
            && self.details.iter().all(|detail| detail.text != text);
        if is_new && self.details.len() < 60 {
            self.details.push(Detail {
                text: text.to_owned(),
                worth,
                line,
            });
        }
    }
}

/// A line worth showing.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract {
    /// The line, trimmed.
    pub text: String,
    /// Raw lines.
    pub first: u32,
    /// Raw lines.
    pub last: u32,
    /// How many lines look like it, itself included.
    pub count: u32,
    /// What it is worth; the head of the first error is worth 10.
    pub value: f32,
    /// Further lines that differ from it in one part.
    pub others: Vec<Other>,
}

/// A line that differs from one that is shown, by the part in which it differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// The part.
    pub part: String,
    /// Raw line.
    pub line: u32,
}

impl Extract {
    /// A line that stands for itself alone.
    pub fn new(text: &str, lines: (u32, u32), value: f32) -> Extract {
        Extract {
            text: text.to_owned(),
            first: lines.0,
            last: lines.1,
            count: 1,
            value,
            others: Vec::new(),
        }
    }

    /// The same for `count` lines.
    #[must_use]
    pub fn times(self, count: u32) -> Extract {
        Extract { count, ..self }
    }
}

/// Beginnings of lines that only say that something before them failed.
const CASCADES: [&str; 34] = [
    "make: ***",
    "make[",
    "gmake",
    "ninja: build stopped",
    "collect2:",
    "error: could not compile",
    "error: aborting due to",
    "FAILED: ",
    "npm error code ELIFECYCLE",
    "npm ERR! code ELIFECYCLE",
    "npm error Lifecycle",
    "error Command failed",
    "##[error]Process completed",
    "error: test failed",
    "error: doctest failed",
    "error: target",
    "Error: Process completed",
    "clang: error: linker command failed",
    "error: linker command failed",
    "error: command '",
    "ERROR: Job failed",
    "Command exited with",
    "For more information about this error",
    "Some errors have detailed",
    "cc1",
    "compilation terminated",
    "Build step",
    "error: test run failed",
    "failures:",
    "FAIL\t",
    "-> [Help",
    "exit status",
    "Errors while running",
    "The following tests FAILED",
];

/// See [`CASCADES`].
pub fn is_cascade(text: &str) -> bool {
    let text = text.trim_start_matches("[ERROR] ");
    matches!(text, "FAIL" | "FAILED" | "fail")
        || CASCADES.iter().any(|start| text.starts_with(start))
        || text.contains("previous error")
        || text.contains("] Error ")
        || text.ends_with(" stopped.")
}
