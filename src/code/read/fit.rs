//! Fits parts to a budget: as many lines of each as the budget holds.
//!
//! Lines are added one at a time, always to the part of which the least is shown, in an order
//! that does not depend on the budget; so a larger budget never shows less of any part. The
//! candidates are written and counted whole, so the cost is exact, in text and in JSON.

use super::part::Part;
use crate::code::cost::LineCosts;
use crate::code::syntax::Lines;
use crate::shell;
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, TooSmall, grouped, json_string};
use std::fmt::Write as _;

/// Tokens left unused before a part of the next line is shown too: this fraction of the budget.
const SPARE_FRACTION: u64 = 25;

/// An answer that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The answer as it is written.
    pub text: String,
    /// What it costs.
    pub tokens: Tokens,
    /// Whether every part is shown whole.
    pub is_complete: bool,
}

/// Writes as much of `parts` as `budget` tokens hold. `notes` are problems to tell about.
///
/// # Errors
/// [`TooSmall`] when not even what is left out can be told.
pub fn fit(
    parts: &[Part],
    notes: &[String],
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> Result<Fitted, TooSmall> {
    let fitter = Fitter {
        parts,
        notes,
        format,
        counter,
        budget,
        offsets: parts.iter().map(Part::offsets).collect(),
        costs: parts
            .iter()
            .map(|part| LineCosts::new(counter, &part.text))
            .collect(),
    };
    fitter.fit()
}

/// How much of each part is shown: whole lines, then bytes of the next line.
type Shown = Vec<(usize, usize)>;

struct Fitter<'a> {
    parts: &'a [Part],
    notes: &'a [String],
    format: Format,
    counter: &'a Counter,
    budget: Tokens,
    offsets: Vec<Vec<usize>>,
    costs: Vec<LineCosts>,
}

impl Fitter<'_> {
    fn fit(&self) -> Result<Fitted, TooSmall> {
        let all: Shown = self.parts.iter().map(|part| (part.len(), 0)).collect();
        let total: u64 = self.costs.iter().map(|costs| costs.total().0).sum();
        if total <= self.base_budget()
            && let Some(fitted) = self.attempt(&all)
        {
            return Ok(fitted);
        }
        let order = self.order();
        let Some(mut best) = self.attempt(&self.shown(&order, 0)) else {
            return Err(self.too_small());
        };
        let (mut low, mut high) = (0, order.len());
        while low < high {
            // Look close to the start first: the cost of a try grows with what it shows.
            let middle = low + (high - low).div_ceil(2).min(low.max(64));
            match self.attempt(&self.shown(&order, middle)) {
                Some(fitted) => (low, best) = (middle, fitted),
                None => high = middle - 1,
            }
        }
        if low < order.len() {
            self.cut_line(&order, low, &mut best);
        }
        Ok(best)
    }

    fn base_budget(&self) -> u64 {
        self.counter.base_budget(self.budget).0
    }

    /// The part that each line is added to, in order.
    fn order(&self) -> Vec<usize> {
        let most = usize::try_from(self.base_budget()).unwrap_or(usize::MAX);
        let mut lines = vec![0; self.parts.len()];
        let mut order = Vec::new();
        while order.len() < most {
            let open = (0..self.parts.len()).filter(|idx| lines[*idx] < self.parts[*idx].len());
            let Some(least) = open.min_by_key(|idx| (self.offsets[*idx][lines[*idx]], *idx)) else {
                break;
            };
            lines[least] += 1;
            order.push(least);
        }
        order
    }

    fn shown(&self, order: &[usize], lines: usize) -> Shown {
        let mut shown = vec![(0, 0); self.parts.len()];
        for part in &order[..lines] {
            shown[*part].0 += 1;
        }
        shown
    }

    /// Adds a beginning of the next line where much of the budget would stay unused.
    fn cut_line(&self, order: &[usize], lines: usize, best: &mut Fitted) {
        let spare = self
            .base_budget()
            .saturating_sub(self.counter.encoding().count(&best.text).0);
        if spare <= self.base_budget() / SPARE_FRACTION {
            return;
        }
        let mut shown = self.shown(order, lines);
        let part = order[lines];
        let start = self.offsets[part][shown[part].0];
        let line = &self.parts[part].text[start..self.offsets[part][shown[part].0 + 1]];
        let ends: Vec<usize> = line
            .char_indices()
            .map(|(at, _)| at)
            .skip(1)
            .take(spare as usize * 16)
            .collect();
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low.midpoint(high);
            shown[part].1 = ends[middle];
            match self.attempt(&shown) {
                Some(fitted) => (low, *best) = (middle + 1, fitted),
                None => high = middle,
            }
        }
    }

    /// The answer that shows this much, if it fits.
    fn attempt(&self, shown: &Shown) -> Option<Fitted> {
        let text = self.write(shown);
        let limit = Tokens(self.base_budget());
        let tokens = self.counter.encoding().count_up_to(&text, limit)?;
        let is_complete = self.is_complete(shown);
        Some(Fitted {
            text,
            tokens: self.counter.scale(tokens),
            is_complete,
        })
    }

    fn is_complete(&self, shown: &Shown) -> bool {
        self.parts
            .iter()
            .zip(shown)
            .all(|(part, (lines, _))| *lines == part.len())
    }

    fn too_small(&self) -> TooSmall {
        let least = self.write(&self.shown(&[], 0));
        let base = self.counter.encoding().count(&least);
        let mut minimum = self.counter.scale(base);
        while self.counter.base_budget(minimum) < base {
            minimum = Tokens(minimum.0 + 1);
        }
        TooSmall {
            budget: self.budget,
            minimum,
        }
    }

    fn write(&self, shown: &Shown) -> String {
        match self.format {
            Format::Text => self.text(shown),
            Format::Json => self.json(shown),
        }
    }

    fn text(&self, shown: &Shown) -> String {
        if let ([part], true, []) = (self.parts, self.is_complete(shown), self.notes) {
            return part.text.clone();
        }
        let mut out = String::new();
        for (idx, part) in self.parts.iter().enumerate() {
            let (lines, bytes) = shown[idx];
            let (start, end) = part.range(0, part.len());
            let _ = writeln!(out, "{}:{start}-{end}", part.path);
            out.push_str(self.beginning(idx, lines, bytes));
            if bytes > 0 {
                out.push('…');
            }
            if !out.ends_with('\n') {
                out.push('\n');
            }
            if lines < part.len() {
                let (from, to) = part.range(lines, part.len());
                let _ = writeln!(
                    out,
                    "… left out {from}-{to}, {} tokens ({}): {}",
                    grouped(self.missing(idx, lines)),
                    self.counter.name(),
                    self.more(part, from, to),
                );
            }
        }
        for note in self.notes {
            let _ = writeln!(out, "note: {note}");
        }
        out
    }

    fn json(&self, shown: &Shown) -> String {
        let mut out = String::from("{\"view\":\"read\",\"counter\":");
        json_string(&self.counter.name(), &mut out);
        let _ = write!(out, ",\"budget\":{},\"parts\":[", self.budget.0);
        for (idx, part) in self.parts.iter().enumerate() {
            let (lines, bytes) = shown[idx];
            let (start, end) = part.range(0, part.len());
            out.push_str(if idx == 0 {
                "\n{\"path\":"
            } else {
                ",\n{\"path\":"
            });
            json_string(&part.path, &mut out);
            let _ = write!(out, ",\"lines\":[{start},{end}],\"text\":");
            json_string(self.beginning(idx, lines, bytes), &mut out);
            if lines < part.len() {
                let (from, to) = part.range(lines, part.len());
                let missing = self.missing(idx, lines);
                let _ = write!(
                    out,
                    ",\"omitted\":{{\"lines\":[{from},{to}],\"tokens\":{missing}}},\"more\":"
                );
                json_string(&self.more(part, from, to), &mut out);
            }
            out.push('}');
        }
        out.push_str("],\n\"notes\":[");
        for (idx, note) in self.notes.iter().enumerate() {
            out.push_str(if idx == 0 { "" } else { "," });
            json_string(note, &mut out);
        }
        let _ = writeln!(out, "],\"complete\":{}}}", self.is_complete(shown));
        out
    }

    /// The first `lines` lines of a part and `bytes` bytes of the next.
    fn beginning(&self, idx: usize, lines: usize, bytes: usize) -> &str {
        &self.parts[idx].text[..self.offsets[idx][lines] + bytes]
    }

    /// Tokens of what is left out of a part from line `from` on.
    fn missing(&self, idx: usize, from: usize) -> u64 {
        let range = Lines {
            start: from as u32 + 1,
            end: self.parts[idx].len() as u32,
        };
        self.counter.scale(self.costs[idx].of(range)).0
    }

    /// The command that reads what is left out.
    fn more(&self, part: &Part, from: u32, to: u32) -> String {
        if part.is_verbatim {
            return format!(
                "ctx read {}",
                shell::quoted(&format!("{}:{from}-{to}", part.path))
            );
        }
        format!(
            "ctx read --skeleton {} with a larger --budget",
            shell::quoted(&part.path)
        )
    }
}
