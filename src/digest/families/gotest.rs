//! `go test`, plain and verbose: messages stand before the verdict in verbose output and after
//! it in plain output.

use super::body;
use crate::digest::finding::{Finding, Severity, Sort};
use crate::digest::place;
use crate::digest::sheet::Sheet;
use std::collections::HashMap;

/// Reads the failed tests.
pub fn read(sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    let is_go = (0..sheet.len()).any(|idx| {
        verdict(sheet.trimmed(idx)).is_some() || sheet.text(idx).starts_with("=== RUN ")
    });
    if !is_go {
        return;
    }
    let is_verbose = (0..sheet.len()).any(|idx| sheet.text(idx).starts_with("=== RUN "));
    let mut current: Option<String> = None;
    let mut logs: HashMap<String, Vec<usize>> = HashMap::new();
    let mut failed: Vec<(String, usize)> = Vec::new();
    for idx in 0..sheet.len() {
        let text = sheet.text(idx);
        let running = ["=== RUN ", "=== CONT ", "=== NAME "]
            .iter()
            .find_map(|word| text.strip_prefix(word));
        if let Some(name) = running {
            current = Some(name.trim().to_owned());
        } else if let Some((fails, name)) = verdict(text.trim()) {
            if fails {
                failed.push((name.to_owned(), idx));
            }
            if !is_verbose || text.starts_with("--- FAIL") {
                current = fails.then(|| name.to_owned());
            }
        } else if text.starts_with("FAIL")
            || text.starts_with("ok  ")
            || text.starts_with("PASS")
            || text.starts_with("=== ")
        {
            current = None;
        } else if let Some(name) = &current
            && !sheet.traits[idx].is_empty
        {
            logs.entry(name.clone()).or_default().push(idx);
        }
    }
    for (n, (name, idx)) in failed.iter().enumerate() {
        let is_parent = failed.iter().any(|(other, _)| {
            other.len() > name.len()
                && other.starts_with(name.as_str())
                && other.as_bytes()[name.len()] == b'/'
        });
        let lines = logs.get(name).map_or(&[][..], Vec::as_slice);
        sheet.claimed[*idx] = true;
        if lines.is_empty() && is_parent {
            continue;
        }
        let _ = n;
        findings.push(finding(sheet, name, *idx, lines));
        for idx in lines {
            sheet.claimed[*idx] = true;
        }
    }
}

/// `--- FAIL: TestX (0.00s)`: whether it failed, and its name.
fn verdict(text: &str) -> Option<(bool, &str)> {
    let (fails, rest) = match text.strip_prefix("--- FAIL: ") {
        Some(rest) => (true, rest),
        None => (
            false,
            text.strip_prefix("--- PASS: ")
                .or_else(|| text.strip_prefix("--- SKIP: "))?,
        ),
    };
    Some((fails, rest.rsplit_once(" (").map_or(rest, |(name, _)| name)))
}

fn finding(sheet: &Sheet, name: &str, idx: usize, lines: &[usize]) -> Finding {
    let start = lines.first().map_or(idx, |first| *first.min(&idx));
    let end = lines.last().map_or(idx, |last| *last.max(&idx));
    let mut finding = Finding::new(
        Severity::Error,
        Sort::Test,
        "",
        sheet.first(start),
        sheet.last(end),
    );
    finding.name = Some(name.to_owned());
    let panic = lines
        .iter()
        .find(|idx| sheet.trimmed(**idx).starts_with("panic: "));
    if let Some(idx) = panic {
        finding.message = sheet.trimmed(*idx).to_owned();
        finding.place = body::innermost(sheet, start..end + 1);
    }
    let placed = lines.iter().find(|idx| {
        let traits = &sheet.traits[**idx];
        let leads = |found: &place::Found| sheet.text(**idx)[..found.span.start].trim().is_empty();
        traits.frame.is_none() && traits.place.as_ref().is_some_and(leads)
    });
    if finding.message.is_empty()
        && let Some(idx) = placed
        && let Some(found) = &sheet.traits[*idx].place
    {
        let text = sheet.text(*idx);
        finding.place = Some(found.place(text));
        finding.message = text[found.span.end..]
            .trim_start_matches(':')
            .trim()
            .to_owned();
    }
    for (n, idx) in lines.iter().enumerate().take(40) {
        let text = sheet.trimmed(*idx);
        let worth = if sheet.traits[*idx].frame.is_some() {
            0.04
        } else if body::is_value(text) {
            0.5
        } else {
            0.3 / (1.0 + n as f32 * 0.3)
        };
        if finding.message.is_empty() {
            finding.message = text.to_owned();
        } else if !text.ends_with(&finding.message) {
            finding.detail(text, worth, sheet.first(*idx));
        }
    }
    finding
}
