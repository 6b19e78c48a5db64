//! Failed tests of which a list of results tells only the name, and where runners tell the rest
//! below a further line with that name.

use super::body;
use super::test::{LONGEST, ends};
use crate::digest::finding::{Finding, Severity, Sort};
use crate::digest::sheet::Sheet;
use std::collections::HashMap;

/// Marks of failed tests.
pub const CROSSES: [&str; 5] = ["✘ ", "✗ ", "✖ ", "× ", "✕ "];

/// `FAILED a.py::test - message` and other lines that name a failed test and little else.
pub fn read(sheet: &mut Sheet, before: usize, findings: &mut Vec<Finding>) {
    let known: Vec<String> = findings[before.min(findings.len())..]
        .iter()
        .chain(&findings[..before.min(findings.len())])
        .filter_map(|finding| finding.name.clone())
        .collect();
    let n_blocks = known.len();
    let mut listed: Vec<(usize, String, String)> = Vec::new();
    for idx in 0..sheet.len() {
        if sheet.claimed[idx] {
            continue;
        }
        if let Some((name, message)) = failed_name(sheet.trimmed(idx)) {
            listed.push((idx, name.to_owned(), message.to_owned()));
        }
    }
    let starts = if n_blocks == 0 {
        told_below(sheet, &listed)
    } else {
        HashMap::new()
    };
    let has_all = n_blocks >= listed.len() / 2 && n_blocks > 0;
    for (idx, name, message) in listed {
        sheet.claimed[idx] = true;
        let last_part = name.rsplit("::").next().unwrap_or(&name).to_owned();
        let last_part = last_part.rsplit(" > ").next().unwrap_or(&last_part);
        let is_known = known.iter().any(|known| {
            known == &name || known.contains(last_part) || name.contains(known.as_str())
        }) || findings
            .iter()
            .any(|finding| finding.name.as_deref() == Some(&name));
        if is_known || has_all {
            continue;
        }
        let mut finding = Finding::new(
            Severity::Error,
            Sort::Test,
            &message,
            sheet.first(idx),
            sheet.last(idx),
        );
        if let Some(at) = starts.get(name.as_str()) {
            let next = starts.values().filter(|next| *next > at).min();
            let end = next.copied().unwrap_or(sheet.len()).min(at + LONGEST);
            let end = (at + 1..end)
                .find(|idx| ends(sheet, *idx, sheet.trimmed(*idx)))
                .unwrap_or(end);
            body::read(sheet, at + 1..end, &mut finding);
            finding.last = sheet.last(end - 1);
            sheet.claim(*at..end);
        }
        finding.name = Some(name);
        findings.push(finding);
    }
}

/// Where what went wrong with listed tests is told: below a further line that is a name and
/// nothing else, for at least half of them.
fn told_below(sheet: &Sheet, listed: &[(usize, String, String)]) -> HashMap<String, usize> {
    let names: HashMap<&str, usize> = listed
        .iter()
        .map(|(idx, name, _)| (name.as_str(), *idx))
        .collect();
    let mut found: HashMap<String, usize> = HashMap::new();
    for idx in 0..sheet.len() {
        let text = sheet.trimmed(idx);
        if names.get(text).is_some_and(|first| idx > *first) {
            found.entry(text.to_owned()).or_insert(idx);
        }
    }
    if found.len() * 2 < names.len() {
        found.clear();
    }
    found
}

/// The name of a failed test in a list of results, with the message if one follows.
fn failed_name(text: &str) -> Option<(&str, &str)> {
    let bare = text.trim_start_matches(['│', '├', '└', '─', ' ', '╷']);
    for mark in CROSSES.iter().chain(&["(fail) "]) {
        if let Some(name) = bare.strip_prefix(mark).filter(|name| !name.ends_with(':')) {
            let name = name.strip_prefix("[fail]: ").unwrap_or(name);
            return Some((without_time(name), ""));
        }
    }
    if let Some((name, message)) = bare.split_once(" ✘") {
        return Some((name.trim_end_matches([':', ' ']), message.trim()));
    }
    for word in ["FAILED ", "ERROR "] {
        if let Some(rest) = text.strip_prefix(word)
            && (rest.contains("::") || rest.contains(".py"))
            && !rest.starts_with('(')
        {
            let (name, message) = rest.split_once(" - ").unwrap_or((rest, ""));
            return Some((name, message));
        }
    }
    // pytest -v: `a.py::test FAILED [ 84%]`.
    let bare_end = text
        .strip_suffix("%]")
        .and_then(|head| head.rsplit_once(" ["))
        .map_or(text, |(head, _)| head.trim_end());
    for word in [" FAILED", " ERROR"] {
        if let Some(name) = bare_end
            .strip_suffix(word)
            .filter(|name| name.contains("::"))
        {
            return Some((name, ""));
        }
    }
    if let Some(rest) = text.strip_prefix("[  FAILED  ] ") {
        return rest
            .contains('.')
            .then(|| (rest.split(" (").next().unwrap_or(rest), ""));
    }
    if let Some(name) = text
        .strip_prefix("test ")
        .and_then(|rest| rest.strip_suffix(" ... FAILED"))
    {
        return Some((name, ""));
    }
    if let Some(name) = text
        .strip_suffix(" ... FAIL")
        .or_else(|| text.strip_suffix(" ... ERROR"))
        .or_else(|| text.strip_suffix(" ... FAILED"))
    {
        return Some((name, ""));
    }
    if let Some(rest) = text.strip_prefix("FAIL [") {
        let name = rest.split_once("] ")?.1;
        return Some((name.split_once(") ").map_or(name, |(_, name)| name), ""));
    }
    None
}

/// A name without how long the test took.
pub fn without_time(name: &str) -> &str {
    let name = name.trim();
    match name.rsplit_once(' ') {
        Some((head, time))
            if time.trim_matches(['(', ')', '[', ']']).ends_with("ms") || time.ends_with("s)") =>
        {
            head
        }
        _ => name,
    }
}
