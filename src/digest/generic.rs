//! What remains when no family knows the output: lines that speak of something bad become
//! findings, folded by template. The rest is left to [`context`](super::context).

use super::finding::{Again, Finding, Severity, Sort};
use super::sheet::Sheet;
use super::template::differing_part;
use super::words::Voice;
use std::collections::HashMap;

/// Lines after an error that are read as its continuation.
const FOLLOWING: usize = 24;

/// Reads lines that speak of something bad.
pub fn findings(sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    let has_errors = !findings.is_empty();
    let mut by_template: HashMap<(u32, Severity), usize> = HashMap::new();
    let mut idx = 0;
    while idx < sheet.len() {
        let Some((severity, strength)) = loudness(sheet, idx, has_errors) else {
            idx += 1;
            continue;
        };
        if strength < Voice::Label && has_errors && severity == Severity::Warning {
            idx += 1;
            continue;
        }
        let key = (sheet.lines.template(idx), severity);
        if let Some(known) = by_template.get(&key) {
            let finding: &mut Finding = &mut findings[*known];
            if finding.again.len() < 40 {
                finding.again.push(Again {
                    name: differing_part(&finding.message, sheet.trimmed(idx)).map(str::to_owned),
                    place: None,
                    line: sheet.first(idx),
                });
            }
            sheet.claimed[idx] = true;
            idx += 1;
            continue;
        }
        let end = end_of_block(sheet, idx);
        let text = sheet.trimmed(idx);
        let told = fields(text);
        let shown = match text.split_once('{') {
            Some((head, _)) if !told.is_empty() && head.trim().len() > 10 => {
                head.trim().trim_end_matches("=>")
            }
            _ => text,
        };
        let shown = match told.first() {
            Some(first) if shown.len() < text.len() => format!("{shown} {first}"),
            _ => shown.to_owned(),
        };
        let mut finding = Finding::new(
            severity,
            Sort::Line,
            &shown,
            sheet.first(idx),
            sheet.last(end - 1),
        );
        if strength < Voice::Label {
            finding.severity = finding.severity.max(Severity::Warning);
        }
        if let Some(at) = section(sheet, idx) {
            finding.detail(sheet.trimmed(at), 0.4, sheet.first(at));
        }
        for field in told.into_iter().filter(|field| !shown.contains(field)) {
            finding.detail(field, 0.6, sheet.first(idx));
        }
        let template = &sheet.lines.miner.templates[sheet.lines.template(idx) as usize];
        finding.more = template.count.saturating_sub(1);
        let lead = lead(text);
        for at in idx + 1..end {
            let text = sheet.trimmed(at);
            let text = lead
                .and_then(|lead| text.strip_prefix(lead))
                .map_or(text, str::trim);
            let text = if text.is_empty() { "-" } else { text };
            let traits = &sheet.traits[at];
            let mut worth = if traits.signals.hints {
                0.3
            } else if traits.place.is_some() {
                0.35
            } else {
                0.25
            };
            if at > idx + 4 {
                worth *= 0.5;
            }
            finding.detail(text, worth, sheet.first(at));
        }
        sheet.claim(idx..end);
        by_template.insert(key, findings.len());
        findings.push(finding);
        idx = end;
    }
}

/// The step that an error happened in: `TASK [nginx : check] ****`, `> Task :test`, `==> x`.
fn section(sheet: &Sheet, idx: usize) -> Option<usize> {
    (idx.saturating_sub(40)..idx)
        .rev()
        .find(|at| {
            let text = sheet.trimmed(*at);
            text.starts_with("TASK [")
                || text.starts_with("> Task ")
                || text.starts_with("==> ")
                || text.starts_with("##[group]")
                || text.starts_with("Step ")
        })
        .filter(|at| !sheet.claimed[*at])
}

/// What a long line of JSON says in its telling fields.
fn fields(text: &str) -> Vec<&str> {
    if text.len() < 120 {
        return Vec::new();
    }
    let keys = [
        "\"stderr\": \"",
        "\"msg\": \"",
        "\"message\": \"",
        "\"error\": \"",
        "\"msg\":\"",
        "\"message\":\"",
        "\"error\":\"",
        "\"reason\":\"",
        "\"detail\":\"",
    ];
    keys.iter()
        .filter_map(|key| {
            let start = text.find(key)? + key.len();
            let mut end = start;
            let bytes = text.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += 1 + usize::from(bytes[end] == b'\\');
            }
            text.get(start..end.min(text.len()))
                .filter(|field| field.len() > 8 && field.len() < 600)
        })
        .collect()
}

/// How bad an unclaimed line is, and how loud about it.
fn loudness(sheet: &Sheet, idx: usize, has_findings: bool) -> Option<(Severity, Voice)> {
    let traits = &sheet.traits[idx];
    if sheet.claimed[idx] || traits.is_empty || traits.is_quote || traits.frame.is_some() {
        return None;
    }
    let signals = traits.signals;
    let text = sheet.trimmed(idx);
    if text.bytes().filter(u8::is_ascii_alphanumeric).count() < 8 && text.is_ascii() {
        return None;
    }
    let ends_well = text.ends_with("... ok")
        || text.ends_with(" PASSED")
        || text.starts_with("PASS")
        || text.starts_with("ok ");
    if ends_well || signals.passes && signals.error < Voice::Label {
        return None;
    }
    // `Failures:`, `Failed examples:` announce what families have read.
    let heading = text.trim_matches(['=', '-', '_', '*', ' ']);
    let is_heading = text.ends_with(':') || heading.len() + 6 < text.len();
    if has_findings && is_heading && heading.split_whitespace().count() <= 2 {
        return None;
    }
    // Log levels speak for their line.
    let head = super::template::prefix(text, 64);
    if (head.contains("INFO") || head.contains("DEBUG") || head.contains("TRACE"))
        && !head.contains("ERROR")
        && !head.contains("FATAL")
    {
        return None;
    }
    if text == "npm error" || text == "npm ERR!" {
        return None;
    }
    if text.starts_with("E: ") {
        return Some((Severity::Error, Voice::Label));
    }
    if head.contains("WARN") && !head.contains("ERROR") {
        return Some((Severity::Warning, Voice::Label));
    }
    if signals.error >= Voice::Mention {
        return Some((Severity::Error, signals.error));
    }
    if signals.warning >= Voice::Mention {
        return Some((Severity::Warning, signals.warning));
    }
    None
}

/// What follows an error and belongs to it: deeper lines, lines with the same lead (`npm error`),
/// up to a blank one.
fn end_of_block(sheet: &Sheet, start: usize) -> usize {
    let indent = sheet.traits[start].indent;
    let lead = lead(sheet.trimmed(start));
    let mut end = start + 1;
    let mut blanks = 0;
    let mut at = start + 1;
    while at < sheet.len() && at < start + FOLLOWING && !sheet.claimed[at] {
        let traits = &sheet.traits[at];
        let text = sheet.trimmed(at);
        if text.is_empty() {
            blanks += 1;
            if blanks > 1 {
                break;
            }
            at += 1;
            continue;
        }
        let same_lead = lead.is_some_and(|lead| text.starts_with(lead));
        let deeper = traits.indent > indent;
        if !same_lead && !deeper && !traits.is_quote {
            break;
        }
        blanks = 0;
        at += 1;
        end = at;
    }
    end
}

/// The first two words, when they are a label that further lines would repeat.
fn lead(text: &str) -> Option<&str> {
    let mut ends = text.match_indices(' ').map(|(at, _)| at);
    let first = ends.next()?;
    let second = ends.next().unwrap_or(first);
    let label = &text[..second];
    (label.starts_with("npm error")
        || label.starts_with("npm ERR")
        || label.starts_with("error ")
        || text[..first].ends_with('!'))
    .then_some(if label.starts_with("npm error") {
        label
    } else {
        &text[..first]
    })
}
