//! Exceptions, panics and crashes with their stacks, in any language: a run of frames, and the
//! message before or after it.

use super::body;
use crate::digest::finding::{Finding, Severity, Sort};
use crate::digest::place;
use crate::digest::sheet::Sheet;
use crate::digest::words::Voice;
use std::ops::Range;

/// Lines that may stand between two frames of one stack: the quoted source of a frame.
const GAP: usize = 2;

/// Reads the stacks.
pub fn read(sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    let mut idx = 0;
    while idx < sheet.len() {
        if is_connective(sheet.trimmed(idx)) {
            sheet.claimed[idx] = true;
        }
        claim_dump(sheet, idx);
        if let Some(end) = panic(sheet, idx, findings) {
            idx = end;
            continue;
        }
        if sheet.claimed[idx] || sheet.traits[idx].frame.is_none() {
            idx += 1;
            continue;
        }
        let end = end_of_frames(sheet, idx);
        let from = idx;
        idx = end;
        read_stack(sheet, from..end, findings);
    }
}

/// What Python puts between the stacks of chained exceptions.
fn is_connective(text: &str) -> bool {
    text.starts_with("The above exception was the direct cause of")
        || text.starts_with("During handling of the above exception, another")
}

/// `thread 'main' panicked at src/main.rs:1:2:`, with the message on the next line.
fn panic(sheet: &mut Sheet, idx: usize, findings: &mut Vec<Finding>) -> Option<usize> {
    let text = sheet.trimmed(idx);
    if sheet.claimed[idx] || !text.contains("panicked at ") {
        return None;
    }
    let mut end = idx + 1;
    while end < sheet.len() && end < idx + 60 {
        let traits = &sheet.traits[end];
        let is_end = traits.is_empty && end > idx + 1
            || traits.signals.error == Voice::Label
                && traits.indent == 0
                && end > idx + 1
                && traits.frame.is_none();
        if is_end || sheet.claimed[end] {
            break;
        }
        end += 1;
    }
    let mut finding = Finding::new(
        Severity::Error,
        Sort::Trace,
        "",
        sheet.first(idx),
        sheet.last(end - 1),
    );
    body::read(sheet, idx..end, &mut finding);
    sheet.claim(idx..end);
    findings.push(finding);
    Some(end)
}

fn end_of_frames(sheet: &Sheet, start: usize) -> usize {
    let mut end = start + 1;
    let mut gap = 0;
    let mut at = start + 1;
    while at < sheet.len() && gap <= GAP {
        let traits = &sheet.traits[at];
        if traits.frame.is_some() && !sheet.claimed[at] {
            end = at + 1;
            gap = 0;
        } else if traits.indent == 0 && !traits.is_empty && !is_go_function(sheet.text(at))
            || traits.is_empty && sheet.text(at).trim().is_empty()
        {
            break;
        } else {
            gap += 1;
        }
        at += 1;
    }
    end
}

/// `main.f(0x1, ...)`: in Go the function stands on a line of its own, before its place.
fn is_go_function(text: &str) -> bool {
    text.ends_with(')')
        && text.contains('(')
        && !text.contains(": ")
        && text.contains('.')
        && !text.starts_with(char::is_whitespace)
}

fn read_stack(sheet: &mut Sheet, frames: Range<usize>, findings: &mut Vec<Finding>) {
    let last_first = sheet.traits[frames.start]
        .frame
        .as_ref()
        .is_some_and(|frame| frame.innermost_last);
    let head = head_of(sheet, frames.start, last_first);
    let mut start = head.unwrap_or(frames.start);
    let mut end = frames.end;
    let mut message = head.map(|idx| sheet.trimmed(idx).to_owned());
    if last_first {
        // The source of the last frame, then the message.
        let mut at = end;
        while at < sheet.len()
            && at < end + 4
            && (sheet.traits[at].indent > 0 || sheet.traits[at].is_quote)
            && !sheet.trimmed(at).is_empty()
        {
            at += 1;
        }
        let is_message = at < sheet.len()
            && !sheet.traits[at].is_empty
            && sheet.traits[at].indent == sheet.traits[frames.start].indent.saturating_sub(2)
            && sheet.traits[at].frame.is_none();
        if is_message
            && (sheet.traits[at].signals.error > Voice::Silent
                || sheet.trimmed(at).contains(':')
                || at + 1 == sheet.len()
                || message.is_none())
        {
            message = Some(sheet.trimmed(at).to_owned());
            end = at + 1;
        }
        if start > 0 && start == frames.start && sheet.trimmed(start - 1).starts_with("Traceback") {
            start -= 1;
        }
    }
    let is_lone = frames.len() == 1 && message.is_none();
    if is_lone {
        return;
    }
    let Some(message) = message else {
        return;
    };
    // A chained cause belongs to the exception before it.
    let is_cause = message.starts_with("Caused by") || message.starts_with("Suppressed:");
    let place = body::innermost(sheet, frames.clone());
    if (is_cause
        || message.starts_with("allocated by")
        || message.starts_with("freed by")
        || message.starts_with("previously allocated")
        || is_more(&message))
        && let Some(last) = findings.last_mut()
        && last.sort == Sort::Trace
        && sheet.first(start).saturating_sub(last.last) < 8
    {
        if last.place.is_none()
            || is_cause
                && body::innermost(sheet, frames.clone()).is_some()
                && !last
                    .place
                    .as_ref()
                    .is_some_and(|place| place.path.contains('/'))
        {
            let before = last.place.take();
            if let Some(before) = before.as_ref().filter(|_| place.is_some()) {
                let text = format!("{}:{}", before.path, before.line);
                last.detail(&text, 0.3, last.first);
            }
            last.place = place.or(before);
        }
        last.detail(
            &message,
            if is_cause { 0.7 } else { 0.3 },
            sheet.first(start),
        );
        own_frames(sheet, frames.clone(), last, 0.25);
        last.last = sheet.last(end - 1);
        sheet.claim(start..end);
        return;
    }
    let mut finding = Finding::new(
        Severity::Error,
        Sort::Trace,
        &message,
        sheet.first(start),
        sheet.last(end - 1),
    );
    finding.place = place;
    if !last_first {
        // What stands between the head and the frames.
        for idx in start + 1..frames.start {
            finding.detail(sheet.trimmed(idx), 0.3, sheet.first(idx));
        }
    }
    if !last_first {
        if finding.place.is_none() {
            finding.place = place_above(sheet, start);
        }
        end = properties(sheet, end, &mut finding);
    }
    own_frames(sheet, frames.clone(), &mut finding, 0.35);
    for idx in frames
        .clone()
        .filter(|idx| sheet.traits[*idx].frame.is_none() && !sheet.traits[*idx].is_quote)
    {
        finding.detail(
            sheet.trimmed(idx),
            if last_first { 0.05 } else { 0.3 },
            sheet.first(idx),
        );
    }
    for idx in frames.clone().take(3) {
        finding.detail(sheet.trimmed(idx), 0.06, sheet.first(idx));
    }
    sheet.claim(start..end);
    findings.push(finding);
}

/// Node tells where a script went wrong above the error: `/a/b.js:3`, then the source.
fn place_above(sheet: &Sheet, head: usize) -> Option<place::Place> {
    (head.saturating_sub(6)..head).rev().find_map(|idx| {
        let text = sheet.trimmed(idx);
        let found = sheet.traits[idx].place.as_ref()?;
        let is_alone = sheet.traits[idx].indent == 0 && found.span == (0..text.len());
        (is_alone && !place::is_library(text)).then(|| found.place(text))
    })
}

/// What an error carries, printed after its stack: `{`, `code: 'ENOENT',`, `}`.
fn properties(sheet: &Sheet, from: usize, finding: &mut Finding) -> usize {
    let opens = from > 0 && sheet.trimmed(from - 1).ends_with('{');
    if !opens {
        return from;
    }
    let indent = sheet.traits[from - 1].indent;
    let most = sheet.len().min(from + 40);
    let close = (from..most).find(|idx| {
        let is_bracket = sheet.trimmed(*idx).starts_with('}');
        is_bracket && sheet.traits[*idx].indent < indent
    });
    let Some(close) = close else { return from };
    for idx in from..close {
        let text = sheet.trimmed(idx);
        let worth = if text.starts_with("code:") { 0.3 } else { 0.08 };
        finding.detail(text, worth, sheet.first(idx));
    }
    close + 1
}

/// Claims the bytes around an address, which sanitizers print with a legend, up to `ABORTING`.
fn claim_dump(sheet: &mut Sheet, idx: usize) {
    if !sheet.trimmed(idx).starts_with("Shadow bytes around") {
        return;
    }
    let most = sheet.len().min(idx + 60);
    if let Some(end) = (idx..most).find(|idx| sheet.trimmed(*idx) == "ABORTING") {
        sheet.claim(idx..end + 1);
    }
}

/// Second stacks of sanitizers: `Previous write at`, `Goroutine 7 created at`.
fn is_more(message: &str) -> bool {
    [
        "Previous ",
        "Goroutine ",
        "As if synchronized",
        "Thread T",
        "Location is",
        "Address 0x",
        "Block was",
        "Uninitialised value was",
    ]
    .iter()
    .any(|word| message.contains(word))
}

fn own_frames(sheet: &Sheet, frames: Range<usize>, finding: &mut Finding, worth: f32) {
    let mut own: Vec<usize> = frames
        .filter(|idx| {
            sheet.traits[*idx]
                .frame
                .as_ref()
                .is_some_and(|frame| !frame.is_library)
        })
        .collect();
    if sheet
        .traits
        .get(own.first().copied().unwrap_or(0))
        .and_then(|traits| traits.frame.as_ref())
        .is_some_and(|frame| frame.innermost_last)
    {
        own.reverse();
    }
    for (n, idx) in own.into_iter().enumerate().take(10) {
        let frame = sheet.traits[idx].frame.as_ref();
        // The frame of the place tells only the function besides.
        let is_place = frame.is_some_and(|frame| frame.place == finding.place);
        let (text, worth) = if is_place {
            (function_of(sheet, idx), worth * 0.45)
        } else {
            (sheet.trimmed(idx), worth)
        };
        finding.detail(text, worth / (1.0 + n as f32 * 0.7), sheet.first(idx));
    }
}

/// A frame without its place: `in f`, `at f`, `#0 0x4005 in f`.
fn function_of<'a>(sheet: &Sheet<'a>, idx: usize) -> &'a str {
    let text = sheet.text(idx);
    let found = if sheet.traits[idx]
        .frame
        .as_ref()
        .is_some_and(|frame| frame.innermost_last)
    {
        place::first(text)
    } else {
        place::last(text)
    };
    let Some(found) = found else {
        return text.trim();
    };
    let outside = |part: &'a str| part.trim_matches([' ', '(', ')', ',', ':', '"']);
    let after = outside(&text[found.span.end..]);
    let before = outside(&text[..found.span.start]);
    let names = |part: &str| part.len() > 3 && part.contains(char::is_alphabetic);
    if names(after) && !after.starts_with("0x") && !after.starts_with("+0x") {
        after
    } else if names(before) && before != "File" {
        before.trim_end_matches([' ', '(', '"'])
    } else {
        text.trim()
    }
}

/// The line that says what the stack below it is about.
fn head_of(sheet: &Sheet, frames: usize, last_first: bool) -> Option<usize> {
    let mut fallback = None;
    for back in 1..=8 {
        let idx = frames.checked_sub(back)?;
        let traits = &sheet.traits[idx];
        let text = sheet.trimmed(idx);
        if sheet.claimed[idx]
            || traits.frame.is_some() && back > 1 && !text.starts_with("goroutine ")
        {
            break;
        }
        if text.is_empty() {
            let is_goroutine = sheet.trimmed(idx + 1).starts_with("goroutine ");
            if back > 2 && !is_goroutine || fallback.is_some() {
                break;
            }
            continue;
        }
        if traits.is_empty {
            if text.starts_with("=====") {
                break;
            }
            continue;
        }
        if last_first {
            return None;
        }
        let speaks = traits.signals.error >= Voice::Mention || traits.signals.is_fatal;
        let is_goroutine = text.starts_with("goroutine ")
            || text.starts_with("Stack")
            || text.starts_with("stack");
        if speaks && !is_goroutine || traits.signals.warning == Voice::Label {
            return Some(idx);
        }
        if fallback.is_none() && !is_goroutine && !traits.is_quote && !place::looks_like_path(text)
        {
            fallback = Some(idx);
        }
    }
    fallback
}
