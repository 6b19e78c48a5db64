//! The body of a failed test, whatever the framework: the message, the values, the place.

use crate::digest::finding::Finding;
use crate::digest::place::{self, Place};
use crate::digest::sheet::Sheet;
use crate::digest::words::Voice;
use std::ops::Range;

/// What the lines of a body are.
enum Part<'a> {
    Nothing,
    Frame,
    Quote,
    Value(&'a str),
    Message(&'a str),
    Boilerplate,
}

/// Reads lines `range` into `finding`: message, place and details.
pub fn read(sheet: &Sheet, range: Range<usize>, finding: &mut Finding) {
    let mut messages: Vec<(usize, &str)> = Vec::new();
    let mut values: Vec<(usize, String)> = Vec::new();
    let mut quotes: Vec<usize> = Vec::new();
    let mut past = range.start;
    for idx in range.clone() {
        if idx < past {
            continue;
        }
        match part(sheet, idx) {
            Part::Value(text) => {
                let (value, next) = whole_value(sheet, idx, text, range.end);
                past = next;
                values.push((idx, value));
            }
            Part::Message(text) => messages.push((idx, text)),
            Part::Quote => quotes.push(idx),
            Part::Nothing | Part::Frame | Part::Boilerplate => {}
        }
    }
    if finding.place.is_none() {
        let inner = innermost(sheet, range.clone());
        finding.place =
            in_test(sheet, range.clone(), finding.name.as_deref()).or_else(|| inner.clone());
        if let Some(inner) = inner
            && finding.place.as_ref() != Some(&inner)
        {
            finding.detail(
                &format!("{}:{}", inner.path, inner.line),
                0.3,
                finding.first,
            );
        }
    }
    let main = main_message(sheet, &range, &messages);
    if let Some((_, text)) = main
        && finding.message.is_empty()
    {
        finding.message = text.to_owned();
    } else if finding.message.is_empty()
        && let Some((_, text)) = values.first()
    {
        finding.message = text.clone();
        values.remove(0);
    }
    say_values(sheet, &mut values, finding);
    let main_idx = main.map_or(range.start, |(idx, _)| idx);
    for (n, (idx, text)) in messages.iter().enumerate() {
        let is_near = idx.abs_diff(main_idx) < 3;
        let hints = sheet.traits[*idx].signals.hints;
        let worth = if hints {
            0.3
        } else if is_near {
            0.2
        } else {
            0.1 / (1.0 + n as f32 * 0.2)
        };
        finding.detail(text, worth, sheet.first(*idx));
    }
    for idx in quotes {
        let text = sheet.trimmed(idx);
        let is_pointed = text.starts_with(['>', '→', '❯']);
        finding.detail(text, if is_pointed { 0.15 } else { 0.04 }, sheet.first(idx));
    }
    let frames = range.filter(|idx| {
        sheet.traits[*idx]
            .frame
            .as_ref()
            .is_some_and(|frame| !frame.is_library)
    });
    for (n, idx) in frames.enumerate().take(12) {
        finding.detail(
            sheet.trimmed(idx),
            0.12 / (1.0 + n as f32),
            sheet.first(idx),
        );
    }
}

/// Puts the values that were compared beside the message, or in its place where it says nothing.
fn say_values(sheet: &Sheet, values: &mut Vec<(usize, String)>, finding: &mut Finding) {
    let message = finding.message.clone();
    values.retain(|(_, text)| {
        !message.contains(text.as_str())
            && !matches!(
                text.as_str(),
                "- Expected"
                    | "+ Received"
                    | "+ Actual"
                    | "- actual"
                    | "+ expected"
                    | "+ expected - actual"
            )
    });
    if let [(idx, one), (_, two), ..] = &values[..]
        && one.len() + two.len() < 160
    {
        let pair = format!("{one}; {two}");
        if finding.message.starts_with("expect(") {
            let matcher = std::mem::replace(&mut finding.message, pair);
            finding.detail(&matcher, 0.05, finding.first);
        } else if is_value(&finding.message) && one.len() + finding.message.len() < 160 {
            let message = format!("{}; {one}", finding.message);
            finding.message = message;
            finding.detail(two, 0.2, sheet.first(*idx));
        } else {
            finding.detail(&pair, 0.6, sheet.first(*idx));
        }
        values.drain(..2);
    } else if let [(_, one)] = &values[..]
        && is_value(&finding.message)
        && one.len() + finding.message.len() < 160
    {
        let message = format!("{}; {one}", finding.message);
        finding.message = message;
        values.clear();
    }
    for (n, (idx, text)) in values.iter().enumerate() {
        finding.detail(text, if n < 2 { 0.5 } else { 0.2 }, sheet.first(*idx));
    }
}

/// A value whose label stands alone, `Expected:`, with what follows on the next line; and the
/// line after both.
fn whole_value(sheet: &Sheet, idx: usize, text: &str, end: usize) -> (String, usize) {
    let next = idx + 1;
    let label = text.trim_end_matches(['-', '|', ' ']);
    let is_label = label.ends_with(':') && !label.contains(' ');
    if is_label && next < end {
        let value = bare(sheet.text(next));
        let is_single = !value.is_empty()
            && value.len() < 120
            && !value.ends_with(['{', '[', '('])
            && !is_value(value)
            && !sheet.traits[next].is_empty
            && sheet.traits[next].frame.is_none();
        if is_single {
            return (format!("{label} {value}"), next + 1);
        }
    }
    (text.to_owned(), next)
}

/// A line of a body without the marks that frameworks put before it.
pub fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = text
        .strip_prefix('#')
        .filter(|rest| rest.starts_with(' '))
        .map_or(text, str::trim_start);
    let text = text.strip_prefix("E  ").map_or(text, str::trim_start);
    let text = text.strip_prefix("=> ").unwrap_or(text);
    text.strip_prefix("│ ").map_or(text, str::trim_start)
}

fn part<'a>(sheet: &Sheet<'a>, idx: usize) -> Part<'a> {
    let traits = &sheet.traits[idx];
    let text = bare(sheet.text(idx));
    if traits.is_empty || text.is_empty() || text == "E" {
        return Part::Nothing;
    }
    if traits.frame.is_some() {
        return Part::Frame;
    }
    if is_value(text) {
        return Part::Value(text);
    }
    if traits.is_quote || sheet.text(idx).starts_with('>') {
        return Part::Quote;
    }
    if is_boilerplate(text) {
        return Part::Boilerplate;
    }
    Part::Message(text)
}

const VALUE_WORDS: [&str; 22] = [
    "expected",
    "actual",
    "received",
    "got",
    "want",
    "left",
    "right",
    "but was",
    "was",
    "returned",
    "value",
    "diff",
    "- expected",
    "+ actual",
    "found",
    "result",
    "should be",
    "with expansion",
    "which is",
    "to be equal",
    "lhs",
    "rhs",
];

/// `Expected: 3`, `left: 1`, `got: x`, `+ 4`, `-5`.
pub fn is_value(text: &str) -> bool {
    // `Expected values to be equal:` announces something.
    if text.ends_with(':') && text.split_whitespace().count() > 2 {
        return false;
    }
    let lower: String = text.chars().take(24).flat_map(char::to_lowercase).collect();
    let word = VALUE_WORDS.iter().find(|word| lower.starts_with(**word));
    if let Some(word) = word {
        let after = lower[word.len()..].trim_start();
        let is_code = after.starts_with('=') && !after.starts_with("==") && text.contains('(');
        let is_named = after.starts_with([':', '=']) && !is_code
            || lower[word.len()..].starts_with(' ') && text.len() < 200 && after.contains(':')
            || matches!(
                *word,
                "expected" | "but was" | "with expansion" | "which is"
            ) && text.len() < 300
                && !after.is_empty();
        if is_named {
            return true;
        }
    }
    let rest = text.strip_prefix(['+', '-']).unwrap_or("");
    !rest.is_empty()
        && !rest.starts_with(['-', '+', '>'])
        && !text.starts_with("--")
        && rest.len() < 200
}

fn is_boilerplate(text: &str) -> bool {
    let lower = text.trim_end_matches(':');
    matches!(
        lower,
        "Traceback (most recent call last)"
            | "stack backtrace"
            | "Stack Trace"
            | "Error Message"
            | "Difference"
            | "failures"
            | "stdout"
            | "stderr"
            | "Diff"
            | "----"
            | "FAIL"
            | "Backtrace"
            | "stacktrace"
            | "self"
            | "During handling of the above exception, another exception occurred"
            | "+ actual - expected"
            | "actual"
            | "expected"
    ) || text.starts_with("at ") && text.contains(" line ") && text.ends_with('.')
        || text.starts_with("@@ -")
        || text.starts_with("note: Some details are omitted")
        || text.starts_with("note: run with `RUST_BACKTRACE")
        || [
            "duration_ms:",
            "type: '",
            "failureType:",
            "operator:",
            "stack: |",
            "error: |",
            "name: ",
            "details:",
            "location: '",
            "generatedMessage",
            "Looks like you failed",
            "code: 'ERR_ASSERTION'",
            "code: 'ERR_TEST_FAILURE'",
            "[...]",
        ]
        .iter()
        .any(|key| text.starts_with(key))
        || text.starts_with("test ") && (text.ends_with("... FAILED") || text.ends_with("... ok"))
        || text.starts_with("MethodSource [")
        || text.starts_with("Captured std")
        || text.starts_with("running ") && text.ends_with(" test")
        || text.starts_with("[gw") && text.contains(" linux ")
}

/// The message that says what went wrong.
fn main_message<'a>(
    sheet: &Sheet<'a>,
    range: &Range<usize>,
    messages: &[(usize, &'a str)],
) -> Option<(usize, &'a str)> {
    // pytest marks the message itself; of chained exceptions, the last counts.
    let marked = |idx: &usize| sheet.text(*idx).starts_with("E   ");
    let last_group =
        range
            .clone()
            .filter(marked)
            .fold(None, |group: Option<(usize, usize)>, idx| match group {
                Some((first, last)) if last + 1 == idx => Some((first, idx)),
                _ => Some((idx, idx)),
            });
    if let Some((first, _)) = last_group {
        return Some((first, bare(sheet.text(first))));
    }
    // Rust's panics tell the message on the line after.
    if let Some(at) = messages
        .iter()
        .position(|(_, text)| text.contains("panicked at "))
    {
        let (idx, text) = messages[at];
        if let Some((_, message)) = text.split_once("panicked at '") {
            return Some((idx, message));
        }
        return messages.get(at + 1).copied().or(Some((idx, text)));
    }
    let is_exception = |idx: usize| {
        let signals = sheet.traits[idx].signals;
        signals.error == Voice::Label
    };
    let last_frame = range.clone().rev().find(|idx| {
        sheet.traits[*idx]
            .frame
            .as_ref()
            .is_some_and(|frame| frame.innermost_last)
    });
    if let Some(last_frame) = last_frame {
        let after = messages
            .iter()
            .find(|(idx, _)| *idx > last_frame && sheet.traits[*idx].indent == 0);
        if after.is_some() {
            return after.copied();
        }
    }
    let early = messages.iter().take(3).find(|(idx, _)| is_exception(*idx));
    early.or_else(|| messages.first()).copied()
}

/// The frame in the class of the test, for frames that tell no path.
fn in_test(sheet: &Sheet, range: Range<usize>, name: Option<&str>) -> Option<Place> {
    let name = name?;
    range
        .filter_map(|idx| sheet.traits[idx].frame.as_ref()?.place.clone())
        .find(|place| {
            let stem = place.path.split('.').next().unwrap_or("");
            !place.path.contains('/')
                && stem.len() > 3
                && name
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == stem)
        })
}

/// The place where it went wrong: the innermost frame of the project's own code.
pub fn innermost(sheet: &Sheet, range: Range<usize>) -> Option<Place> {
    for idx in range.clone() {
        let text = sheet.text(idx);
        if let Some((_, at)) = text.split_once("panicked at ")
            && let Some(found) = place::last(at)
            && !place::is_library(at)
        {
            return Some(found.place(at));
        }
    }
    // pytest: `path:12: Error` at the beginning of a line, the innermost last.
    let explicit = range.clone().filter(|idx| {
        let traits = &sheet.traits[*idx];
        traits.indent == 0
            && traits
                .place
                .as_ref()
                .is_some_and(|place| place.span.start == 0)
            && !place::is_library(sheet.text(*idx))
            && sheet.text(*idx)[traits.place.as_ref().map_or(0, |place| place.span.end)..]
                .starts_with(": ")
    });
    let explicit: Vec<usize> = explicit.collect();
    let is_pytest = range.clone().any(|idx| sheet.text(idx).starts_with("E   "));
    if is_pytest && let Some(idx) = explicit.last() {
        return place_of(sheet, *idx);
    }
    let mut own = range
        .clone()
        .filter_map(|idx| sheet.traits[idx].frame.as_ref())
        .filter(|frame| !frame.is_library && frame.place.is_some());
    let last_first = range.clone().any(|idx| {
        sheet.traits[idx]
            .frame
            .as_ref()
            .is_some_and(|frame| frame.innermost_last)
    });
    let frame = if last_first {
        own.next_back()
    } else {
        own.next()
    };
    if let Some(frame) = frame {
        return frame.place.clone();
    }
    if let Some(idx) = explicit.first() {
        return place_of(sheet, *idx);
    }
    let any = range
        .clone()
        .find(|idx| sheet.traits[*idx].place.is_some() && sheet.traits[*idx].frame.is_none());
    any.and_then(|idx| place_of(sheet, idx))
}

fn place_of(sheet: &Sheet, idx: usize) -> Option<Place> {
    sheet.traits[idx]
        .place
        .as_ref()
        .map(|found| found.place(sheet.text(idx)))
}
