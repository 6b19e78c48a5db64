//! Problem matchers: one-line dialects as regular expressions, in TOML. The built-in ones are in
//! `matchers/builtin.toml`, which also tells the form; users add their own.

use super::finding::{Finding, Severity, Sort};
use super::place::Place;
use super::sheet::Sheet;
use regex_lite::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

const BUILTIN: &str = include_str!("matchers/builtin.toml");
const GROUPS: [&str; 7] = [
    "message", "path", "line", "column", "severity", "code", "name",
];

/// One dialect.
#[derive(Clone, Debug)]
pub struct Matcher {
    contains: Option<String>,
    pattern: String,
    severity: Severity,
    /// Built when a line first needs it: most outputs need none.
    regex: OnceLock<Option<Regex>>,
}

/// What is wrong with a file of matchers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{file}`: {key}: {problem}")]
pub struct MatcherError {
    /// The file, as it was given.
    pub file: String,
    /// The matcher and its key: `matcher 2 (xlnk), pattern`.
    pub key: String,
    /// What was found.
    pub problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    matcher: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    contains: Option<String>,
    pattern: String,
    severity: Option<String>,
}

/// Reads a file of matchers.
///
/// # Errors
/// When it is no TOML of the right form, a pattern is no regular expression, has no group
/// `message` or an unknown one, or a severity is none.
pub fn parse(file: &str, text: &str) -> Result<Vec<Matcher>, MatcherError> {
    let error = |key: String, problem: String| MatcherError {
        file: file.to_owned(),
        key,
        problem,
    };
    let parsed: File = toml::from_str(text).map_err(|cause| {
        let line = cause.span().map_or(1, |span| {
            text[..span.start.min(text.len())].matches('\n').count() + 1
        });
        error(format!("line {line}"), cause.message().to_owned())
    })?;
    let mut matchers = Vec::new();
    for (n, entry) in parsed.matcher.into_iter().enumerate() {
        let key = |key: &str| format!("matcher {} ({}), `{key}`", n + 1, entry.name);
        let regex =
            Regex::new(&entry.pattern).map_err(|cause| error(key("pattern"), cause.to_string()))?;
        let groups: Vec<&str> = regex.capture_names().flatten().collect();
        if let Some(unknown) = groups.iter().find(|group| !GROUPS.contains(group)) {
            return Err(error(
                key("pattern"),
                format!("unknown group `{unknown}`; known are {}", GROUPS.join(", ")),
            ));
        }
        if !groups.contains(&"message") {
            return Err(error(
                key("pattern"),
                "no group `(?<message>...)`".to_owned(),
            ));
        }
        let severity = match entry.severity.as_deref() {
            None => Severity::Error,
            Some(word) => severity(word).ok_or_else(|| {
                error(
                    key("severity"),
                    format!("`{word}` is none of error, warning, note"),
                )
            })?,
        };
        matchers.push(Matcher {
            contains: entry.contains,
            pattern: entry.pattern,
            severity,
            regex: OnceLock::from(Some(regex)),
        });
    }
    Ok(matchers)
}

/// The built-in matchers. Their patterns are checked by a test, not at each start.
pub fn builtin() -> Vec<Matcher> {
    let parsed: File = toml::from_str(BUILTIN).expect("a test reads the built-in matchers");
    let matcher = |entry: Entry| Matcher {
        contains: entry.contains,
        pattern: entry.pattern,
        severity: entry
            .severity
            .as_deref()
            .and_then(severity)
            .unwrap_or(Severity::Error),
        regex: OnceLock::new(),
    };
    parsed.matcher.into_iter().map(matcher).collect()
}

fn severity(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "error" | "fatal" | "failure" => Some(Severity::Error),
        "warning" | "warn" => Some(Severity::Warning),
        "note" | "notice" | "info" => Some(Severity::Note),
        _ => None,
    }
}

/// Reads the lines that a matcher knows.
pub fn read(matchers: &[Matcher], sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    for idx in 0..sheet.len() {
        let text = sheet.text(idx).trim_end();
        if sheet.claimed[idx] || text.is_empty() || text.len() > 4096 {
            continue;
        }
        let found = matchers.iter().find_map(|matcher| matcher.read(text));
        if let Some(mut finding) = found {
            finding.first = sheet.first(idx);
            finding.last = sheet.last(idx);
            sheet.claimed[idx] = true;
            findings.push(finding);
        }
    }
}

impl Matcher {
    fn read(&self, text: &str) -> Option<Finding> {
        if self
            .contains
            .as_ref()
            .is_some_and(|words| !text.contains(words.as_str()))
        {
            return None;
        }
        let regex = self
            .regex
            .get_or_init(|| Regex::new(&self.pattern).ok())
            .as_ref()?;
        let groups = regex.captures(text)?;
        let group = |name: &str| {
            groups
                .name(name)
                .map(|found| found.as_str().trim())
                .filter(|text| !text.is_empty())
        };
        let severity = group("severity")
            .and_then(severity)
            .unwrap_or(self.severity);
        let mut message = group("message")?.to_owned();
        if let Some(code) = group("code").filter(|code| !message.contains(*code)) {
            message = format!("{code}: {message}");
        }
        let sort = if group("name").is_some() {
            Sort::Test
        } else {
            Sort::Diagnostic
        };
        let mut finding = Finding::new(severity, sort, &message, 0, 0);
        finding.name = group("name").map(str::to_owned);
        finding.rule = group("code").map(str::to_owned);
        let number = |name: &str| group(name).and_then(|digits| digits.parse().ok());
        finding.place = group("path").map(|path| Place {
            path: path.to_owned(),
            line: number("line").unwrap_or(0),
            col: number("column"),
        });
        if sort == Sort::Diagnostic && finding.place.is_none() {
            finding.sort = Sort::Line;
        }
        Some(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILTIN, parse};

    #[test]
    fn the_builtin_matchers_are_well_formed() {
        assert!(!parse("builtin.toml", BUILTIN).unwrap().is_empty());
    }

    #[test]
    fn a_bad_matcher_is_named() {
        let problem = |text: &str| parse("m.toml", text).unwrap_err().to_string();
        assert!(
            problem("[[matcher]]\nname = \"a\"\n")
                .starts_with("`m.toml`: line 1: missing field `pattern`")
        );
        assert_eq!(
            problem("[[matcher]]\nname = \"a\"\npattern = 'x'\n"),
            "`m.toml`: matcher 1 (a), `pattern`: no group `(?<message>...)`"
        );
        assert!(
            problem("[[matcher]]\nname = \"a\"\npattern = '(?<mesage>x)'\n")
                .contains("unknown group `mesage`")
        );
        assert!(
            problem("[[matcher]]\nname = \"a\"\npattern = '(?<message>x'\n")
                .contains("matcher 1 (a), `pattern`: ")
        );
        assert!(
            problem("[[matcher]]\nname = \"a\"\npattern = '(?<message>x)'\nseverity = \"bad\"\n")
                .contains("`bad` is none of error, warning, note")
        );
        assert!(problem("[[matcher]]\nname = \"a\"\npatern = 'x'\n").contains("patern"));
    }
}
