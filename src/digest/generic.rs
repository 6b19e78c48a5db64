//! What remains when no family knows the output: lines that speak of something bad become
//! findings, folded by template; then the head, the tail, hints and what is rare.

use super::finding::{Again, Extract, Finding, Severity, Sort};
use super::place;
use super::sheet::Sheet;
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
        let Some((severity, strength)) = loudness(sheet, idx) else {
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
            let text = sheet.trimmed(idx);
            if finding.again.len() < 40 {
                finding.again.push(Again {
                    name: (text != finding.message).then(|| text.to_owned()),
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
        let mut finding = Finding::new(
            severity,
            Sort::Line,
            shown,
            sheet.first(idx),
            sheet.last(end - 1),
        );
        if strength < Voice::Label {
            finding.severity = finding.severity.max(Severity::Warning);
        }
        if let Some(at) = section(sheet, idx) {
            finding.detail(sheet.trimmed(at), 0.4, sheet.first(at));
        }
        for field in told {
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
fn loudness(sheet: &Sheet, idx: usize) -> Option<(Severity, Voice)> {
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

/// Further lines worth showing: hints, the head, the tail, what is rare.
pub fn context(sheet: &Sheet, n_findings: usize) -> Vec<Extract> {
    let mut extracts: Vec<Extract> = Vec::new();
    let n_lines = sheet.len();
    let filled: Vec<usize> = (0..n_lines)
        .filter(|idx| !sheet.text(*idx).trim().is_empty())
        .collect();
    let rank_from_end: HashMap<usize, usize> = filled
        .iter()
        .rev()
        .enumerate()
        .map(|(rank, idx)| (*idx, rank))
        .collect();
    let calm = if n_findings == 0 { 1.0 } else { 0.5 };
    let mut seen: HashMap<u32, usize> = HashMap::new();
    // How much of the output is lines that repeat.
    let repeated: u32 = sheet
        .lines
        .miner
        .templates
        .iter()
        .filter(|template| template.count > 10)
        .map(|template| template.count)
        .sum();
    let all: u32 = sheet
        .lines
        .miner
        .templates
        .iter()
        .map(|template| template.count)
        .sum();
    let uniform = f64::from(repeated) / f64::from(all.max(1));
    let total_templates = sheet.lines.miner.templates.len().max(1);
    for (rank, idx) in filled.iter().enumerate() {
        let idx = *idx;
        if sheet.claimed[idx] {
            continue;
        }
        let traits = &sheet.traits[idx];
        let text = sheet.trimmed(idx);
        let template = sheet.lines.template(idx);
        let count = sheet.lines.miner.templates[template as usize].count;
        let from_end = rank_from_end[&idx];
        // Head and tail; where nearly all lines are alike, these say little.
        let edge = 1.6 / (1.0 + rank as f32 * 0.35) + 3.2 / (1.0 + from_end as f32 * 0.3);
        let mut value =
            0.35 / (1.0 + rank as f32 * 0.02) + if count > 10 { edge * 0.4 } else { edge };
        // `The following packages have unmet dependencies:` and what it announces.
        let announced = (idx.saturating_sub(4)..idx)
            .rev()
            .take_while(|at| {
                sheet.traits[*at].indent >= traits.indent || !sheet.trimmed(*at).ends_with(':')
            })
            .count();
        let above = idx.checked_sub(announced + 1).filter(|_| traits.indent > 0);
        if above.is_some_and(|at| {
            sheet.trimmed(at).ends_with(':') && sheet.traits[at].signals.error > Voice::Silent
        }) {
            value += 3.0;
        }
        if traits.signals.hints {
            value += 1.2;
        }
        if traits.signals.error == Voice::Whisper {
            value += if count <= 2 { 2.0 } else { 0.6 };
        }
        if traits.place.is_some() {
            value += 0.4;
        }
        let rarity = if count == 1 {
            1.0
        } else {
            1.0 / (count as f32).sqrt()
        };
        if total_templates > 3 && n_lines > 40 {
            value += if uniform > 0.8 && count <= 2 {
                4.0
            } else {
                1.2 * rarity * rarity
            };
        }
        if traits.is_empty {
            value *= 0.05;
        }
        if traits.is_quote || traits.frame.is_some() {
            value *= 0.5;
        }
        if place::looks_like_path(text) {
            value += 0.1;
        }
        let value = value * calm;
        // Lines of one template are shown once, with their number, and again only at the end.
        if count > 3 {
            if let Some(at) = seen.get(&template) {
                let is_tail = from_end < 3;
                let known: &mut Extract = &mut extracts[*at];
                known.last = sheet.last(idx);
                if !is_tail {
                    extracts.push(Extract {
                        text: text.to_owned(),
                        first: sheet.first(idx),
                        last: sheet.last(idx),
                        count: 1,
                        value: value * 0.25,
                    });
                    continue;
                }
            } else {
                seen.insert(template, extracts.len());
                extracts.push(Extract {
                    text: text.to_owned(),
                    first: sheet.first(idx),
                    last: sheet.last(idx),
                    count,
                    value: value + 0.5 * (count as f32).ln() * calm,
                });
                continue;
            }
        }
        extracts.push(Extract {
            text: text.to_owned(),
            first: sheet.first(idx),
            last: sheet.last(idx),
            count: 1,
            value,
        });
    }
    extracts
}
