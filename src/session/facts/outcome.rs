//! What the output of a command tells: the first error line, which tests failed, which passed.

use super::sort::Sort;
use crate::digest::{Digest, Finding, Origin, Severity, Sort as Found};
use crate::session::transcript::event::End;

/// Longest part of an output that is looked at, from each end.
const HALF: usize = 400_000;

/// A test that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTest {
    /// Its name, as the runner writes it.
    pub name: String,
    /// What the runner says of it.
    pub message: String,
}

/// What an output tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The first line that says what is wrong, as it is written.
    pub error: String,
    /// Tests that failed.
    pub failed: Vec<FailedTest>,
    /// Whether the output itself tells of a failure, whatever the exit status.
    pub tells_of_failure: bool,
    /// The output, for names of tests that passed.
    pub text: String,
}

/// Reads what `output` of `command` tells. A command that only shows things tells nothing but
/// its own error.
pub fn read(command: &str, sort: Sort, end: &End, output: &str) -> Told {
    let is_failure = end.is_failure();
    let runs_checks = sort >= Sort::Check;
    if !is_failure && !runs_checks {
        return Told::default();
    }
    let output = without_status(output);
    let text = ends_of(output);
    if sort == Sort::Look {
        return Told {
            error: last_complaint(&text),
            ..Told::default()
        };
    }
    if !is_failure && !may_tell_of_failure(&text) {
        return Told {
            text,
            ..Told::default()
        };
    }
    let exit = match end {
        End::Exited(status) => Some(*status),
        End::Ok => Some(0),
        _ => None,
    };
    let digest = Digest::of(
        text.as_bytes(),
        Origin {
            command: Some(command.to_owned()),
            exit,
        },
    );
    let is_bad = |finding: &&Finding| finding.severity == Severity::Error;
    let failed: Vec<FailedTest> = digest
        .findings
        .iter()
        .filter(is_bad)
        .filter(|finding| finding.sort == Found::Test)
        .flat_map(tests_of)
        .collect();
    let tells_of_failure = !failed.is_empty();
    let error = match is_failure || tells_of_failure {
        true => first_error(&digest, &text, &failed),
        false => String::new(),
    };
    Told {
        error,
        failed,
        tells_of_failure,
        text,
    }
}

/// Cheap signs that an output may tell of a failure although the exit status does not.
fn may_tell_of_failure(text: &str) -> bool {
    ["FAIL", "fail", "✗", "✕", "✘", "not ok", "Error", "panicked"]
        .iter()
        .any(|sign| text.contains(sign))
}

fn tests_of(finding: &Finding) -> Vec<FailedTest> {
    let names = finding
        .name
        .iter()
        .chain(finding.again.iter().filter_map(|again| again.name.as_ref()));
    let message = finding.message.trim();
    names
        .map(|name| FailedTest {
            name: name.trim().to_owned(),
            message: if message == name.trim() {
                String::new()
            } else {
                message.to_owned()
            },
        })
        .collect()
}

/// Without the line in which the host tells the exit status.
fn without_status(output: &str) -> &str {
    let Some(rest) = output.strip_prefix("Exit code ") else {
        return output;
    };
    rest.split_once('\n').map_or("", |(_, rest)| rest)
}

/// The output, or its beginning and its end if it is very long, at line ends.
fn ends_of(output: &str) -> String {
    if output.len() <= 2 * HALF {
        return output.to_owned();
    }
    let head = (0..=HALF)
        .rev()
        .find(|at| output.is_char_boundary(*at))
        .unwrap_or(0);
    let tail = (output.len() - HALF..output.len())
        .find(|at| output.is_char_boundary(*at))
        .unwrap_or(output.len());
    format!("{}\n{}", &output[..head], &output[tail..])
}

/// The line of the output that the worst finding begins with; for a failed test, what it says.
fn first_error(digest: &Digest, text: &str, failed: &[FailedTest]) -> String {
    let worst = digest
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .min_by_key(|finding| {
            (
                finding.is_cascade(),
                finding.sort == Found::Test,
                finding.first,
            )
        });
    let Some(worst) = worst else {
        return last_complaint(text);
    };
    if worst.sort == Found::Test
        && let Some(told) = failed.iter().find(|test| !test.message.is_empty())
    {
        return told.message.clone();
    }
    let line = text.lines().nth(worst.first.saturating_sub(1) as usize);
    let line = line.map(clean).unwrap_or_default();
    let message = worst.message.trim();
    match line.contains(message) && !message.is_empty() || message.is_empty() {
        true if !line.is_empty() => line,
        _ => message.to_owned(),
    }
}

/// The first line that complains; without one, the last line.
fn last_complaint(text: &str) -> String {
    const SIGNS: &[&str] = &[
        "error",
        "failed",
        "failure",
        "cannot",
        "can't",
        "not found",
        "no such",
        "denied",
        "fatal",
        "panic",
        "exception",
        "invalid",
        "undefined",
        "unable",
        "refused",
        "missing",
        "unknown",
        "usage:",
    ];
    let mut last = "";
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let lower = line.to_ascii_lowercase();
        if SIGNS.iter().any(|sign| lower.contains(sign)) && !lower.contains(" 0 failed") {
            return clean(line);
        }
        last = line;
    }
    clean(last)
}

/// A line without escape sequences and blanks around it.
fn clean(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.trim().chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // `ESC [ ... letter`
            let _ = chars.by_ref().find(|c| c.is_ascii_alphabetic());
        } else if !c.is_control() {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// Whether `output` says by name that the test `name` passed.
pub fn says_passed(output: &str, name: &str) -> bool {
    const PASSED: &[&str] = &[
        "... ok", " PASSED", "✓", "✔", "√", "--- PASS", " PASS ", "ok ",
    ];
    let short = short_name(name);
    output
        .lines()
        .filter(|line| line.contains(name) || (short.len() > 3 && has_word(line, short)))
        .any(|line| {
            let is_bad = line.contains("FAIL") || line.contains("not ok") || line.contains("✕");
            !is_bad && PASSED.iter().any(|mark| line.contains(mark))
        })
}

/// The last part of a test's name: what runners agree on.
pub fn short_name(name: &str) -> &str {
    let name = name.split('[').next().unwrap_or(name);
    name.rsplit([' ', '›', '>'])
        .next()
        .unwrap_or(name)
        .rsplit("::")
        .next()
        .unwrap_or(name)
        .trim()
}

fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_tests_and_first_errors() {
        let out = "Exit code 101\nrunning 2 tests\ntest a::works ... ok\ntest a::breaks ... FAILED\n\nfailures:\n\n---- a::breaks stdout ----\n\nthread 'a::breaks' panicked at src/a.rs:7:9:\nassertion `left == right` failed\n  left: 1\n right: 2\n\nfailures:\n    a::breaks\n\ntest result: FAILED. 1 passed; 1 failed\n";
        let told = read("cargo test", Sort::Test, &End::Exited(101), out);
        assert_eq!(told.failed.len(), 1, "{told:?}");
        assert_eq!(told.failed[0].name, "a::breaks");
        assert!(told.error.contains("left == right"), "{}", told.error);
        assert!(says_passed(out, "a::works"));
        assert!(!says_passed(out, "a::breaks"));
        let told = read("cat old.log", Sort::Look, &End::Ok, out);
        assert_eq!(told, Told::default());
        let told = read(
            "ls x",
            Sort::Look,
            &End::Exited(2),
            "Exit code 2\nls: cannot access 'x': No such file or directory",
        );
        assert_eq!(
            told.error,
            "ls: cannot access 'x': No such file or directory"
        );
    }
}
