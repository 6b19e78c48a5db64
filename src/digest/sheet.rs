//! The lines under analysis with what is known of each, and which family has claimed it.

use super::frame::{Frame, frame};
use super::lines::Lines;
use super::place::{self, Found};
use super::words::{Signals, signals};

/// What is known of a line by itself.
#[derive(Clone, Debug, Default)]
pub struct Traits {
    /// What its words say.
    pub signals: Signals,
    /// The first place in it.
    pub place: Option<Found>,
    /// The stack frame it is.
    pub frame: Option<Box<Frame>>,
    /// Columns of white space before its text.
    pub indent: u16,
    /// No text, or only a ruler of `====`, `----`, `~~~^~~`.
    pub is_empty: bool,
    /// Source code quoted by a tool: `12 | let x`, `   |  ^^^`.
    pub is_quote: bool,
}

/// Lines with their traits.
pub struct Sheet<'a> {
    /// The lines.
    pub lines: &'a Lines,
    /// One for each line.
    pub traits: Vec<Traits>,
    /// Lines that a finding speaks for already.
    pub claimed: Vec<bool>,
    /// Bytes before each line that a runner put there.
    skipped: Vec<u16>,
}

impl<'a> Sheet<'a> {
    /// Looks at every line.
    pub fn new(lines: &'a Lines) -> Sheet<'a> {
        let mut in_group = false;
        let skipped: Vec<u16> = (0..lines.len())
            .map(|idx| {
                let text = lines.text(idx);
                in_group |= text.contains("Exception Group Traceback (most recent call last)");
                let margin = if in_group { group_margin(text) } else { None };
                margin.unwrap_or_else(|| prefix_len(text)) as u16
            })
            .collect();
        let mut sheet = Sheet {
            lines,
            claimed: vec![false; lines.len()],
            traits: Vec::new(),
            skipped,
        };
        sheet.traits = (0..lines.len())
            .map(|idx| traits(sheet.text(idx)))
            .collect();
        mark_go_functions(&mut sheet);
        sheet
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.traits.len()
    }

    /// The text of a line, without what a runner or a box puts before it.
    pub fn text(&self, idx: usize) -> &'a str {
        &self.lines.text(idx)[usize::from(self.skipped[idx])..]
    }

    /// The text of a line, trimmed; empty beyond the end.
    pub fn trimmed(&self, idx: usize) -> &'a str {
        if idx < self.len() {
            self.text(idx).trim()
        } else {
            ""
        }
    }

    /// Claims lines for a finding.
    pub fn claim(&mut self, range: std::ops::Range<usize>) {
        let end = range.end.min(self.len());
        self.claimed[range.start.min(end)..end].fill(true);
    }

    /// The raw lines of a line; beyond the end, of the last one.
    pub fn raw(&self, idx: usize) -> (u32, u32) {
        (self.first(idx), self.last(idx))
    }

    /// First raw line of a line; beyond the end, of the last one.
    pub fn first(&self, idx: usize) -> u32 {
        self.lines.raw(idx.min(self.len() - 1)).0
    }

    /// Last raw line of a line.
    pub fn last(&self, idx: usize) -> u32 {
        self.lines.raw(idx.min(self.len() - 1)).1
    }
}

/// How much stands before a line that is not the tool's: `#8 1.921 ` of BuildKit, `==123== ` of
/// valgrind, the time stamps of build services, the left side of a box.
fn prefix_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return 0 };
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
            .count()
    };
    let len = match first {
        b'#' => {
            let n = digits(1);
            let m = digits(n + 2);
            let is_step = n > 0
                && m > 2
                && bytes.get(n + 1) == Some(&b' ')
                && bytes.get(n + 2 + m) == Some(&b' ');
            let is_word =
                n > 0 && bytes.get(n + 1) == Some(&b' ') && bytes[n + 2..].starts_with(b"ERROR");
            if is_step {
                n + m + 3
            } else if is_word {
                n + 2
            } else {
                0
            }
        }
        b'=' if bytes.starts_with(b"==") => {
            let n = digits(2);
            let ends = n > 0 && bytes[n + 2..].starts_with(b"==");
            if ends {
                n + 4 + usize::from(bytes.get(n + 4) == Some(&b' '))
            } else {
                0
            }
        }
        b'0'..=b'9'
            if bytes.len() > 28 && bytes[10] == b'T' && bytes[27] == b'Z' && bytes[28] == b' ' =>
        {
            29
        }
        _ => 0,
    };
    let rest = &text[len..];
    let boxed = rest.trim_start_matches(' ');
    match boxed.strip_prefix("│ ") {
        Some(inner) if !inner.trim_start().starts_with(['├', '└', '│']) => {
            text.len() - inner.len()
        }
        _ if boxed == "│" || boxed == "╷" || boxed == "╵" => text.len(),
        _ => len,
    }
    .min(1024)
}

/// The margin that Python draws before the lines of an exception group.
fn group_margin(text: &str) -> Option<usize> {
    let inner = text.trim_start_matches(' ');
    let margin = text.len() - inner.len();
    let rest = inner
        .strip_prefix("| ")
        .or_else(|| inner.strip_prefix("+ "));
    match rest {
        Some(rest) if margin >= 2 => Some(text.len() - rest.len()),
        None if margin >= 2 && (inner.starts_with("+-") || inner == "|") => Some(text.len()),
        _ => None,
    }
    .filter(|len| *len < 1024)
}

/// In Go's stacks the function stands on a line of its own, before its place.
fn mark_go_functions(sheet: &mut Sheet) {
    for idx in 1..sheet.len() {
        let text = sheet.text(idx);
        let is_place = sheet.traits[idx].indent > 0
            && sheet.traits[idx].place.as_ref().is_some_and(|found| {
                text[..found.span.start].trim().is_empty()
                    && text[found.path.clone()].ends_with(".go")
            })
            && !text.contains(": ");
        let above = sheet.trimmed(idx - 1);
        let is_function = above.ends_with(')')
            && above.contains('(')
            && !above.contains(": ")
            && above.contains('.');
        if is_place && is_function {
            let frame = |place, is_library| {
                Some(Box::new(Frame {
                    place,
                    is_library,
                    innermost_last: false,
                }))
            };
            let is_library = place::is_library(text);
            let place = sheet.traits[idx]
                .place
                .as_ref()
                .map(|found| found.place(text));
            sheet.traits[idx - 1].frame = frame(None, is_library);
            sheet.traits[idx].frame = frame(place, is_library);
        }
    }
}

fn traits(text: &str) -> Traits {
    let trimmed = text.trim_start();
    let text_mined = super::template::prefix(text, 2048);
    Traits {
        signals: signals(text_mined),
        place: place::first(text_mined),
        frame: if trimmed.len() < 1024 {
            frame(text).map(Box::new)
        } else {
            None
        },
        indent: (text.len() - trimmed.len()).min(u16::MAX as usize) as u16,
        is_empty: is_ruler(trimmed),
        is_quote: is_quote(trimmed),
    }
}

/// Blank, or nothing but line-drawing.
pub fn is_ruler(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || "=-_~^*+─━═│┃|╷╵┄┈·.:#".contains(c) && text.len() != 1)
}

/// `12 | code`, ` | ^^^`, `> 12 | code`, `12│ code`, `~~~^~~`, `⎯⎯`.
pub fn is_quote(text: &str) -> bool {
    let rest = text.trim_start_matches(['>', '→', '*', '❯']).trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest[digits..].trim_start();
    let has_bar = after.starts_with('|')
        || after.starts_with('│')
        || after.starts_with('┃')
        || after.starts_with('╎');
    if has_bar {
        return digits > 0
            || after
                .trim_matches(['│', '|', ' ', '~', '^', '·', '─', '┬', '╰', '-'])
                .is_empty()
            || !after.starts_with("||") && rest.len() > 1 && digits == 0 && text.starts_with('|');
    }
    !text.is_empty() && text.chars().all(|c| "^~-+ ".contains(c)) && text.contains('^')
}
