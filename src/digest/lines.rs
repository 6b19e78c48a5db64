//! The cleaned lines that are kept for analysis: all of a short output; of a long one the
//! beginning, the end, and between them the first lines of every template, what speaks of
//! errors or warnings, and what follows those. Memory is bounded whatever comes.

use super::clean::CleanLine;
use super::template::Miner;
use std::collections::VecDeque;

/// Bytes of text kept from the beginning, whatever it is.
const HEAD: usize = 2 << 20;
/// Bytes of text kept from the end.
const TAIL: usize = 512 << 10;
/// Bytes of text kept in between.
const MIDDLE: usize = 6 << 20;
/// Lines kept of every template in between, and of notable ones.
const FIRST_OF_TEMPLATE: u32 = 2;
const FIRST_OF_NOTABLE: u32 = 12;
/// Lines kept after a notable one.
const AFTER_NOTABLE: u32 = 24;

#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
    first: u32,
    last: u32,
    template: u32,
}

/// Lines of an output, in order, possibly with gaps.
#[derive(Default)]
pub struct Lines {
    arena: String,
    spans: Vec<Span>,
    /// Templates of all lines, kept or not.
    pub miner: Miner,
    /// Lines of the raw output.
    pub n_raw: u32,
    /// Bytes of the raw output.
    pub n_bytes: u64,
    /// Whether lines are missing.
    pub has_gaps: bool,
}

impl Lines {
    /// Number of lines kept.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// The text of a line.
    pub fn text(&self, idx: usize) -> &str {
        let span = self.spans[idx];
        &self.arena[span.start as usize..span.end as usize]
    }

    /// The raw lines that a line was made from.
    pub fn raw(&self, idx: usize) -> (u32, u32) {
        (self.spans[idx].first, self.spans[idx].last)
    }

    /// The template of a line.
    pub fn template(&self, idx: usize) -> u32 {
        self.spans[idx].template
    }

    /// All of the text, one newline after each line.
    pub fn all(&self) -> String {
        let mut text = String::with_capacity(self.arena.len() + self.spans.len());
        for idx in 0..self.len() {
            text.push_str(self.text(idx));
            text.push('\n');
        }
        text
    }

    fn push(&mut self, text: &str, first: u32, last: u32, template: u32) {
        let start = self.arena.len() as u32;
        self.arena.push_str(text);
        let end = self.arena.len() as u32;
        self.spans.push(Span {
            start,
            end,
            first,
            last,
            template,
        });
    }
}

struct Waiting {
    text: String,
    first: u32,
    last: u32,
    template: u32,
}

/// Collects lines as they come.
#[derive(Default)]
pub struct Collector {
    lines: Lines,
    tail: VecDeque<Waiting>,
    tail_bytes: usize,
    spare: Vec<String>,
    kept_of: Vec<u32>,
    after_notable: u32,
    middle_bytes: usize,
}

impl Collector {
    /// Takes the next line.
    pub fn push(&mut self, line: &CleanLine) {
        let template = self.lines.miner.add(&line.text, line.first);
        if self.tail.is_empty() && self.lines.arena.len() + line.text.len() <= HEAD {
            return self.lines.push(&line.text, line.first, line.last, template);
        }
        let mut text = self.spare.pop().unwrap_or_default();
        text.clear();
        text.push_str(&line.text);
        self.tail_bytes += text.len() + 1;
        self.tail.push_back(Waiting {
            text,
            first: line.first,
            last: line.last,
            template,
        });
        while self.tail_bytes > TAIL {
            let Some(waiting) = self.tail.pop_front() else {
                break;
            };
            self.tail_bytes -= waiting.text.len() + 1;
            self.pass_middle(&waiting);
            if self.spare.len() < 8 {
                self.spare.push(waiting.text);
            }
        }
    }

    fn pass_middle(&mut self, line: &Waiting) {
        let id = line.template as usize;
        if self.kept_of.len() <= id {
            self.kept_of.resize(id + 1, 0);
        }
        let template = &self.lines.miner.templates[id];
        let is_notable = template.is_notable();
        let limit = if is_notable {
            FIRST_OF_NOTABLE
        } else {
            FIRST_OF_TEMPLATE
        };
        let is_first = self.kept_of[id] < limit;
        if is_first && is_notable {
            self.after_notable = AFTER_NOTABLE;
        }
        let follows = self.after_notable > 0;
        self.after_notable = self.after_notable.saturating_sub(1);
        if (is_first || follows) && self.middle_bytes < MIDDLE {
            self.kept_of[id] += 1;
            self.middle_bytes += line.text.len();
            self.lines
                .push(&line.text, line.first, line.last, line.template);
        } else {
            self.lines.has_gaps = true;
        }
    }

    /// Ends the output.
    pub fn finish(mut self, n_raw: u32, n_bytes: u64) -> Lines {
        for line in std::mem::take(&mut self.tail) {
            self.lines
                .push(&line.text, line.first, line.last, line.template);
        }
        self.lines.n_raw = n_raw;
        self.lines.n_bytes = n_bytes;
        self.lines
    }
}
