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
}

impl<'a> Sheet<'a> {
    /// Looks at every line.
    pub fn new(lines: &'a Lines) -> Sheet<'a> {
        let traits: Vec<Traits> = (0..lines.len()).map(|idx| traits(lines.text(idx))).collect();
        Sheet { lines, claimed: vec![false; traits.len()], traits }
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.traits.len()
    }

    /// The text of a line.
    pub fn text(&self, idx: usize) -> &'a str {
        self.lines.text(idx)
    }

    /// The text of a line, trimmed; empty beyond the end.
    pub fn trimmed(&self, idx: usize) -> &'a str {
        if idx < self.len() { self.lines.text(idx).trim() } else { "" }
    }

    /// Claims lines for a finding.
    pub fn claim(&mut self, range: std::ops::Range<usize>) {
        let end = range.end.min(self.len());
        self.claimed[range.start.min(end)..end].fill(true);
    }

    /// First raw line of a line.
    pub fn first(&self, idx: usize) -> u32 {
        self.lines.raw(idx).0
    }

    /// Last raw line of a line.
    pub fn last(&self, idx: usize) -> u32 {
        self.lines.raw(idx).1
    }
}

fn traits(text: &str) -> Traits {
    let trimmed = text.trim_start();
    let text_mined = super::template::prefix(text, 2048);
    Traits {
        signals: signals(text_mined),
        place: place::first(text_mined),
        frame: if trimmed.len() < 1024 { frame(text).map(Box::new) } else { None },
        indent: (text.len() - trimmed.len()).min(u16::MAX as usize) as u16,
        is_empty: is_ruler(trimmed),
        is_quote: is_quote(trimmed),
    }
}

/// Blank, or nothing but line-drawing.
pub fn is_ruler(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || "=-_~^*+─━═│┃|╷╵┄┈·.:#".contains(c) && text.len() != 1)
}

/// `12 | code`, ` | ^^^`, `> 12 | code`, `12│ code`, `~~~^~~`, `⎯⎯`.
pub fn is_quote(text: &str) -> bool {
    let rest = text.trim_start_matches(['>', '→', '*', '❯']).trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest[digits..].trim_start();
    let has_bar = after.starts_with('|') || after.starts_with('│') || after.starts_with('┃') || after.starts_with('╎');
    if has_bar {
        return digits > 0 || !after.starts_with("||") && rest.len() > 1 && digits == 0 && text.starts_with(['|', '│']);
    }
    !text.is_empty() && text.chars().all(|c| "^~-+ ".contains(c)) && text.contains('^')
}
