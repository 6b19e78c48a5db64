//! Lines that sum up: counts of what passed and failed, and the last word on the whole.

use super::finding::Extract;
use super::sheet::Sheet;
use super::words::Voice;

/// What is counted in summaries.
const NOUNS: [&str; 61] = [
    "passed",
    "failed",
    "failing",
    "passing",
    "failures",
    "failure",
    "errors",
    "error",
    "warnings",
    "warning",
    "tests",
    "test",
    "skipped",
    "ignored",
    "pending",
    "successful",
    "assertions",
    "examples",
    "example",
    "problems",
    "problem",
    "issues",
    "issue",
    "offenses",
    "offense",
    "violations",
    "runs",
    "suites",
    "specs",
    "insertions",
    "deletions",
    "insertion",
    "deletion",
    "changed",
    "xfailed",
    "xpassed",
    "packages",
    "package",
    "vulnerabilities",
    "fixable",
    "requests",
    "targets",
    "succeeded",
    "successes",
    "successes",
    "disabled",
    "todo",
    "cancelled",
    "fail",
    "pass",
    "unreachable",
    "tasks",
    "deselected",
    "rescued",
    "added",
    "destroyed",
    "findings",
    "hints",
    "files",
    "features",
    "scenarios",
];

/// Nouns that a number after them does not count.
const ONES: [&str; 11] = [
    "error",
    "warning",
    "test",
    "problem",
    "issue",
    "package",
    "example",
    "failure",
    "offense",
    "insertion",
    "deletion",
];

/// How many counts a line gives: pairs of a number and what it counts.
pub fn weight(text: &str) -> u32 {
    counts(text).0
}

/// The pairs in a line, and whether one of them counts something bad as not zero.
fn counts(text: &str) -> (u32, bool, u64) {
    if text.len() > 300 {
        return (0, false, 0);
    }
    let mut pairs = 0;
    let mut is_bad = false;
    let mut largest = 0;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "[](),;=:|│•·—".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    for (at, word) in words.iter().enumerate() {
        let lower = word.trim_end_matches(['.', '!']).to_ascii_lowercase();
        if !NOUNS.contains(&lower.as_str()) {
            continue;
        }
        let number =
            |word: Option<&&str>| word.and_then(|word| word.replace(',', "").parse::<u64>().ok());
        let before = number(at.checked_sub(1).and_then(|at| words.get(at))).or_else(|| {
            number(at.checked_sub(2).and_then(|at| words.get(at)))
                .filter(|_| words[at - 1].chars().all(char::is_alphabetic))
        });
        let after = || {
            let follows = text
                .find(word)
                .and_then(|at| text[at + word.len()..].chars().next());
            // `fail 3` counts, `error 404` does not.
            let is_one = ONES.contains(&lower.as_str());
            number(words.get(at + 1)).filter(|_| {
                matches!(follows, Some(':' | '=' | '(')) || follows == Some(' ') && !is_one
            })
        };
        let names_value = text
            .find(word)
            .and_then(|at| text[at + word.len()..].chars().next())
            .is_some_and(|c| matches!(c, '=' | ':'));
        let count = if names_value {
            after().or(before)
        } else {
            before.or_else(after)
        };
        if let Some(count) = count.filter(|_| !follows_clock(text, word)) {
            pairs += 1;
            largest = largest.max(count);
            let bad = [
                "fail",
                "error",
                "problem",
                "offense",
                "violation",
                "issue",
                "unreachable",
                "vulnerab",
            ];
            is_bad |= count > 0 && bad.iter().any(|word| lower.starts_with(word));
        }
    }
    (pairs, is_bad, largest)
}

/// Whether a word stands after a time of day: `12:30:22,803 WARNING`.
fn follows_clock(text: &str, word: &str) -> bool {
    let Some(at) = text.find(word) else {
        return false;
    };
    let before = text[..at].trim_end();
    let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(before) = before.strip_suffix([',', '.', ':']) else {
        return false;
    };
    let seconds = before.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() - seconds.len() == 2 && seconds.ends_with(':')
}

/// Words with which tools end.
const VERDICTS: [&str; 35] = [
    "build failed",
    "build success",
    "build succeeded",
    "failed (",
    "tests failed",
    "test failed",
    "could not compile",
    "aborting due to",
    "finished",
    "compiled",
    "done in",
    "success",
    "all checks passed",
    "no issues found",
    "ok (",
    "found ",
    "total",
    "your code has been rated",
    "ran ",
    "fail",
    "passed!",
    "failed!",
    "configuring incomplete",
    "task :",
    "npm error code",
    "successfully",
    "apply complete",
    "plan:",
    "play recap",
    "error: process completed",
    "returned a non-zero",
    "exited with",
    "interrupted",
    "would reformat",
    "summary:",
];

/// Finds the lines that sum up. Values are on the scale of [`Extract::value`].
pub fn read(sheet: &mut Sheet, fails: bool) -> Vec<Extract> {
    let mut found: Vec<(usize, f32)> = Vec::new();
    let n_lines = sheet.len();
    for idx in 0..n_lines {
        if sheet.claimed[idx] || sheet.traits[idx].is_empty || sheet.traits[idx].is_quote {
            continue;
        }
        let text = sheet.trimmed(idx);
        if super::finding::is_cascade(text)
            || text.starts_with("ok ")
            || text.starts_with("not ok ")
        {
            continue;
        }
        let (pairs, is_bad, largest) = counts(text);
        let lower = super::template::prefix(text, 80).to_ascii_lowercase();
        let is_late = n_lines - idx <= 40;
        let from_end = (n_lines - idx) as f32;
        let is_verdict = VERDICTS
            .iter()
            .any(|word| lower.starts_with(word) || word.len() > 8 && lower.contains(word));
        let mut value = match pairs {
            0 => 0.0,
            1 if largest == 0 => 0.3,
            1 => {
                if is_late || is_bad {
                    3.0
                } else {
                    0.8
                }
            }
            2 => 4.0,
            _ => 5.0,
        };
        if is_bad {
            value += 2.5;
        }
        if pairs > 0 && largest > 1 {
            value += (largest as f32).ln().min(6.0) * 0.15;
        }
        let is_weak = ["total", "found ", "ran "]
            .iter()
            .any(|word| lower.starts_with(word));
        if is_verdict && is_late {
            value += match pairs {
                0 if is_weak => 1.0,
                0 => 4.0,
                _ => 2.0,
            };
        } else if is_verdict && pairs > 0 {
            value += 0.5;
        }
        if pairs > 0 && from_end < 12.0 {
            value += 1.0;
        }
        if sheet.traits[idx].signals.error >= Voice::Label && value > 0.0 {
            value += 0.5;
        }
        if value > 0.7 && text.len() < 400 {
            found.push((idx, value));
        }
    }
    let mut extracts: Vec<Extract> = Vec::new();
    for (idx, value) in found.iter().rev() {
        let text = sheet.trimmed(*idx);
        if !seen_before(&extracts, text) {
            extracts.push(Extract::new(&without_zeros(text), sheet.raw(*idx), *value));
        }
    }
    // The best says most of it; each further one less. Of equal ones the last is the total.
    extracts.sort_by(|a, b| b.value.total_cmp(&a.value));
    extracts.truncate(40);
    for (rank, extract) in extracts.iter_mut().enumerate() {
        let floor = match rank {
            _ if extract.value < 3.5 => 0.0,
            0 => 7.0,
            1 => 4.5,
            2 => 3.0,
            _ => 0.0,
        };
        let fade = if fails { 0.9 } else { 0.25 };
        extract.value = (extract.value.min(8.0) * 1.3 / (1.0 + rank as f32 * fade)).max(floor);
    }
    for (idx, _) in found {
        sheet.claimed[idx] = true;
    }
    extracts
}

/// Without counts of nothing that nobody asked about: `; 0 measured`.
fn without_zeros(text: &str) -> String {
    let kept: Vec<&str> = text
        .split(';')
        .filter(|part| {
            let part = part.trim();
            !part.starts_with("0 ") || part.starts_with("0 passed") || part.starts_with("0 failed")
        })
        .collect();
    kept.join(";")
}

fn seen_before(extracts: &[Extract], text: &str) -> bool {
    extracts
        .iter()
        .any(|extract| extract.text == without_zeros(text))
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn counts_are_found_as_tools_write_them() {
        let lines = [
            ("5 failed, 1986 passed in 3s", 2),
            ("Tests:       58 failed, 865 passed, 923 total", 2),
            ("test result: FAILED. 227 passed; 1 failed; 0 ignored", 3),
            ("FAILED (failures=12, errors=3)", 2),
            ("[        71 tests failed          ]", 1),
            ("Tests run: 5, Failures: 1, Errors: 0, Skipped: 0", 3),
            ("100 runs, 129 assertions, 3 failures, 6 errors, 0 skips", 4),
            ("added 59 packages in 8s", 1),
            ("5 failed, 1,986 passed", 2),
        ];
        for (text, least) in lines {
            assert!(weight(text) >= least, "{text}: {}", weight(text));
        }
        assert_eq!(weight("let x = 3;"), 0);
        assert_eq!(weight("npm error 404"), 0);
        assert_eq!(weight("2024-01-01 12:30:22,803 WARNING app: cold"), 0);
    }
}
