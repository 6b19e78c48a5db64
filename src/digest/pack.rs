//! Fits a digest to a budget: rows in one fixed order of worth, as many as fit.
//!
//! The kernel's promises hold here, too: costs are exact because pieces add up, a larger budget
//! never hides what a smaller one showed, the same input gives the same bytes. What differs from
//! [`crate::view`] is the frame around the rows: at 100 tokens there is no room for the kernel's
//! footer, and a digest names what it left out as lines of the raw output.

use super::Digest;
use super::footer;
use super::rows::{Row, rows};
use crate::tokens::{Counter, Tokens};
use crate::view::Format;
use std::fmt::Write as _;

/// A digest as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The text.
    pub text: String,
    /// Its tokens, by the counter.
    pub tokens: Tokens,
}

/// The budget is too small for even the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("budget of {budget} tokens is too small: the smallest digest needs {minimum}")]
pub struct TooSmall {
    /// What was asked for.
    pub budget: Tokens,
    /// What would do.
    pub minimum: Tokens,
}

struct Step {
    row: u32,
    level: u8,
    ratio: f32,
}

/// Writes `digest` within `budget` tokens of `counter`.
///
/// # Errors
/// [`TooSmall`] when the budget does not hold the status of the command.
pub fn fit(
    digest: &Digest,
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> Result<Fitted, TooSmall> {
    let base = counter.base_budget(budget).0;
    let count = |text: &str| counter.encoding().count(text).0;
    let status = status(digest);
    if format == Format::Text
        && digest.delta.is_none()
        && let Some(whole) = &digest.whole
        && (whole.len() as u64) < base.saturating_mul(24) + 400
    {
        let text = format!("{status}{}", tidy(whole));
        let tokens = count(&text);
        if tokens <= base {
            return Ok(Fitted {
                text,
                tokens: counter.scale(Tokens(tokens)),
            });
        }
    }
    let rows = rows(digest);
    let mut packer = Packer::new(&rows, format, counter, digest);
    packer.fill(base);
    let text = packer.write(base);
    let tokens = count(&text);
    if tokens > base {
        return Err(TooSmall {
            budget,
            minimum: counter.scale(Tokens(tokens)),
        });
    }
    Ok(Fitted {
        text,
        tokens: counter.scale(Tokens(tokens)),
    })
}

/// The line that tells how the command ended.
fn status(digest: &Digest) -> String {
    match digest.origin.exit {
        Some(0) if digest.tells_of_failure() => {
            "exit 0, but the output tells of a failure\n".to_owned()
        }
        Some(0) => "exit 0\n".to_owned(),
        Some(exit) => format!("failed: exit {exit}\n"),
        None => String::new(),
    }
}

/// Without blank lines at both ends and runs of them.
fn tidy(whole: &str) -> String {
    let mut out = String::with_capacity(whole.len());
    let mut blanks = 0;
    for line in whole.lines() {
        if line.trim().is_empty() {
            blanks += 1;
            continue;
        }
        if blanks > 0 && !out.is_empty() {
            out.push('\n');
        }
        blanks = 0;
        out.push_str(line);
        out.push('\n');
    }
    out
}

struct Packer<'a> {
    rows: &'a [Row],
    format: Format,
    counter: &'a Counter,
    digest: &'a Digest,
    shown: Vec<Option<u8>>,
    /// The last row, cut to what fits.
    cut: Option<(u32, String)>,
    used: u64,
}

impl<'a> Packer<'a> {
    fn new(rows: &'a [Row], format: Format, counter: &'a Counter, digest: &'a Digest) -> Self {
        Packer {
            rows,
            format,
            counter,
            digest,
            shown: vec![None; rows.len()],
            cut: None,
            used: 0,
        }
    }

    fn count(&self, text: &str) -> u64 {
        self.counter.encoding().count(text).0
    }

    fn fill(&mut self, budget: u64) {
        self.used = self.count(&self.header());
        let room = budget
            .saturating_sub(reserve(budget) + if self.format == Format::Json { 16 } else { 0 });
        for step in self.steps() {
            let row = &self.rows[step.row as usize];
            if row.kind == "file" {
                continue;
            }
            let heading = row
                .parent
                .filter(|parent| self.shown[*parent as usize].is_none());
            let heading_price = heading.map_or(0, |id| {
                self.price(&self.rows[id as usize], &self.rows[id as usize].levels[0].0)
            });
            let text = &row.levels[step.level as usize].0;
            let before = self.shown[step.row as usize]
                .map_or(0, |level| self.price(row, &row.levels[level as usize].0));
            let price = self.price(row, text) + heading_price;
            if self.used + price - before > room {
                self.cut_to(&step, before, heading_price, room);
                break;
            }
            if let Some(heading) = heading {
                self.shown[heading as usize] = Some(0);
            }
            self.used = self.used + price - before;
            self.shown[step.row as usize] = Some(step.level);
        }
    }

    /// Shows as much of the first row that did not fit as fits.
    ///
    /// `before` is what its shorter form costs, which is shown already.
    fn cut_to(&mut self, step: &Step, before: u64, heading_price: u64, room: u64) {
        let id = step.row;
        let row = &self.rows[id as usize];
        let text = &row.levels[step.level as usize].0;
        let shown = self.shown[id as usize].map_or(0, |level| row.levels[level as usize].0.len());
        let spare = (room + before).saturating_sub(self.used + heading_price);
        if spare < before + 6 {
            return;
        }
        let mut keep = self.counter.encoding().truncate(text, Tokens(spare)).len();
        while keep > shown.max(8) {
            let cut = format!("{}…", text[..keep].trim_end());
            let price = self.price(row, &cut);
            if price <= spare {
                self.used = self.used + price + heading_price - before;
                if let Some(heading) = row.parent {
                    self.shown[heading as usize].get_or_insert(0);
                }
                self.cut = Some((id, cut));
                return;
            }
            keep = text[..keep].rfind(char::is_whitespace).unwrap_or(0);
        }
    }

    /// All steps in their one order: worth per token, no child before its parent.
    fn steps(&self) -> Vec<Step> {
        let mut ceilings = vec![f32::MAX; self.rows.len()];
        let mut steps = Vec::with_capacity(self.rows.len());
        for (id, row) in self.rows.iter().enumerate() {
            let mut ceiling = row
                .parent
                .map_or(f32::MAX, |parent| ceilings[parent as usize]);
            let (mut cost, mut value) = (0.0, 0.0);
            for (level, (text, worth)) in row.levels.iter().enumerate() {
                let next = (text.len() as f32 / 3.2 + 3.0).clamp(row.cost.0, row.cost.1)
                    + level as f32 * text.len() as f32 / 8.0;
                ceiling = ceiling.min((worth - value).max(0.0) / (next - cost).max(1.0));
                if level == 0 {
                    ceilings[id] = ceiling;
                }
                steps.push(Step {
                    row: id as u32,
                    level: level as u8,
                    ratio: ceiling,
                });
                (cost, value) = (next, *worth);
            }
        }
        steps.sort_by(|a, b| {
            b.ratio
                .total_cmp(&a.ratio)
                .then(a.row.cmp(&b.row))
                .then(a.level.cmp(&b.level))
        });
        steps
    }

    fn price(&self, row: &Row, text: &str) -> u64 {
        let mut out = String::with_capacity(text.len() + 8);
        self.piece(row, text, &mut out);
        self.count(&out)
    }

    fn piece(&self, row: &Row, text: &str, out: &mut String) {
        match self.format {
            Format::Text => {
                for _ in 0..row.indent {
                    out.push(' ');
                }
                if row.indent == 0 && text.starts_with('/') {
                    out.push(' ');
                }
                out.push_str(if text.is_empty() { "?" } else { text });
                out.push('\n');
            }
            Format::Json => {
                let _ = write!(
                    out,
                    "{{\"kind\":\"{}\",\"lines\":[{},{}],\"text\":",
                    row.kind, row.lines.0, row.lines.1
                );
                crate::view::json_string(text, out);
                out.push_str("},\n");
            }
        }
    }

    fn header(&self) -> String {
        match self.format {
            Format::Text => status(self.digest),
            Format::Json => {
                let mut out = String::from("{\"view\":\"digest\",\"counter\":");
                crate::view::json_string(&self.counter.name(), &mut out);
                if let Some(exit) = self.digest.origin.exit {
                    let _ = write!(out, ",\"exit\":{exit}");
                }
                let _ = writeln!(out, ",\"failed\":{},\"rows\":[", self.digest.is_failure());
                out
            }
        }
    }

    fn write(&self, budget: u64) -> String {
        let mut out = self.header();
        let start = out.len();
        for (id, row) in self.rows.iter().enumerate() {
            if let Some((cut, text)) = &self.cut
                && *cut as usize == id
            {
                self.piece(row, text, &mut out);
            } else if let Some(level) = self.shown[id] {
                self.piece(row, &row.levels[level as usize].0, &mut out);
            }
        }
        if self.format == Format::Json && out.len() > start {
            out.truncate(out.len() - 2);
            out.push('\n');
        }
        // The last row loses its comma, which may cost a token.
        let room = budget.saturating_sub(self.used + u64::from(self.format == Format::Json));
        let footer = self.footer(room);
        out.push_str(&footer);
        out
    }

    /// What was left out, in as many ranges as there is room for, and of what form it mostly is.
    fn footer(&self, room: u64) -> String {
        let omitted = footer::omitted(&self.shown_lines(), self.digest.n_lines);
        if self.format == Format::Text
            && let Some(text) = footer::described(&omitted, &self.digest.forms)
            && self.count(&text) <= room
        {
            return text;
        }
        let mut gap = 0;
        loop {
            let ranges = footer::bridged(&omitted, gap);
            let text = match self.format {
                Format::Text => footer::text(&ranges, gap == 0),
                Format::Json => footer::json(&ranges, self.digest.n_lines),
            };
            if self.count(&text) <= room || ranges.len() <= 1 {
                return text;
            }
            gap = if gap == 0 { 1 } else { gap * 2 };
        }
    }

    /// Raw lines that a row shows, in order.
    fn shown_lines(&self) -> Vec<u32> {
        let mut shown: Vec<u32> = Vec::new();
        for (id, row) in self.rows.iter().enumerate() {
            if self.shown[id].is_some() && row.lines.0 > 0 {
                shown.push(row.lines.0);
                shown.extend(&row.covers);
            }
        }
        shown.sort_unstable();
        shown.dedup();
        shown
    }
}

/// Tokens kept for the footer.
fn reserve(budget: u64) -> u64 {
    match budget {
        0..150 => 10,
        150..300 => 14,
        300..800 => 24,
        800..1000 => 36,
        _ => 36 + (budget - 1000) / 100,
    }
}
