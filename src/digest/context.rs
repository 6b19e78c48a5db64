//! Lines worth showing beside what was found: hints, the head, the tail, what is rare.
//!
//! Lines of one template are shown once, with their number; of the others only the part that
//! differs.

use super::finding::{Extract, Other};
use super::place;
use super::sheet::Sheet;
use super::template::differing_part;
use super::words::Voice;
use std::collections::HashMap;

/// Lines of a template from which on they are shown as one.
const REPEATED: u32 = 4;
/// A template with more lines than this says little by where it stands.
const COMMON: u32 = 10;
/// With more findings, these say what went wrong.
const FEW: usize = 3;
/// Most parts kept of a template.
const PARTS: usize = 80;

/// Reads the lines that nothing else has claimed.
pub fn read(sheet: &Sheet, n_findings: usize) -> Vec<Extract> {
    let calm = if n_findings == 0 { 1.0 } else { 0.5 };
    let filled: Vec<usize> = (0..sheet.len())
        .filter(|idx| !sheet.text(*idx).trim().is_empty())
        .collect();
    let uniform = uniformity(sheet);
    let mut extracts: Vec<Extract> = Vec::new();
    let mut first_of: HashMap<u32, usize> = HashMap::new();
    for (rank, idx) in filled.iter().enumerate() {
        let idx = *idx;
        if sheet.claimed[idx] {
            continue;
        }
        let from_end = filled.len() - 1 - rank;
        let template = sheet.lines.template(idx);
        let count = sheet.lines.miner.templates[template as usize].count;
        let mut value = calm * (edge(rank, from_end, count) + value(sheet, idx, count, uniform));
        if n_findings <= FEW && sheet.traits[idx].signals.error == Voice::Whisper && count <= 2 {
            // With few errors, what only sounds like one may be the cause.
            value += 2.0;
        }
        let value = value * sobriety(sheet, idx);
        let text = sheet.trimmed(idx);
        if count < REPEATED {
            extracts.push(Extract::new(text, sheet.raw(idx), value));
            continue;
        }
        let Some(at) = first_of.get(&template) else {
            first_of.insert(template, extracts.len());
            let value = value + 0.5 * (count as f32).ln() * calm;
            extracts.push(Extract::new(text, sheet.raw(idx), value).times(count));
            continue;
        };
        let first: &mut Extract = &mut extracts[*at];
        let is_tail = from_end < 3;
        match differing_part(&first.text, text) {
            Some(part) if first.others.len() < PARTS && part.len() * 2 < text.len().max(24) => {
                first.others.push(Other {
                    part: part.to_owned(),
                    line: sheet.first(idx),
                });
                if !is_tail {
                    continue;
                }
            }
            _ => {}
        }
        let value = if is_tail { value } else { value * 0.25 };
        extracts.push(Extract::new(text, sheet.raw(idx), value));
    }
    extracts
}

/// How much of the output is lines that repeat.
fn uniformity(sheet: &Sheet) -> f64 {
    let templates = &sheet.lines.miner.templates;
    let all: u32 = templates.iter().map(|template| template.count).sum();
    let repeated: u32 = templates
        .iter()
        .map(|template| template.count)
        .filter(|count| *count > COMMON)
        .sum();
    f64::from(repeated) / f64::from(all.max(1))
}

/// What a line is worth by where it stands. Where nearly all lines are alike, this says little.
fn edge(rank: usize, from_end: usize, count: u32) -> f32 {
    let edge = 1.6 / (1.0 + rank as f32 * 0.35) + 3.2 / (1.0 + from_end as f32 * 0.3);
    let base = 0.35 / (1.0 + rank as f32 * 0.02);
    base + if count > COMMON { edge * 0.4 } else { edge }
}

/// What a line is worth by itself.
fn value(sheet: &Sheet, idx: usize, count: u32, uniform: f64) -> f32 {
    let traits = &sheet.traits[idx];
    let mut value = 0.0;
    if is_announced(sheet, idx) {
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
    if sheet.lines.miner.templates.len() > 3 && sheet.len() > 40 {
        value += if uniform > 0.8 && count <= 2 {
            4.0
        } else {
            1.2 / count.max(1) as f32
        };
    }
    if place::looks_like_path(sheet.trimmed(idx)) {
        value += 0.1;
    }
    value
}

/// Rulers say nothing; quotes, frames and what went well say little.
fn sobriety(sheet: &Sheet, idx: usize) -> f32 {
    let traits = &sheet.traits[idx];
    if traits.is_empty {
        0.05
    } else if traits.is_quote
        || traits.frame.is_some()
        || traits.signals.passes && traits.signals.error == Voice::Silent
        || says_little(sheet.trimmed(idx))
    {
        0.4
    } else {
        1.0
    }
}

/// A lone bracket or a word or two of punctuation.
fn says_little(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_alphanumeric).count() < 2 && text.is_ascii()
}

/// What stands under a line that announces something bad: `The following packages have unmet
/// dependencies:`.
fn is_announced(sheet: &Sheet, idx: usize) -> bool {
    let indent = sheet.traits[idx].indent;
    let announced = (idx.saturating_sub(4)..idx)
        .rev()
        .take_while(|at| sheet.traits[*at].indent >= indent || !sheet.trimmed(*at).ends_with(':'))
        .count();
    idx.checked_sub(announced + 1)
        .filter(|_| indent > 0)
        .is_some_and(|at| {
            sheet.trimmed(at).ends_with(':') && sheet.traits[at].signals.error > Voice::Silent
        })
}
