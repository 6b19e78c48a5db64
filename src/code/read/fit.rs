//! Fits parts to a budget: as many lines of each as the budget holds.
//!
//! Lines are added one at a time, always to the part of which the least is shown, in an order
//! that does not depend on the budget; so a larger budget never shows less of any part. The
//! candidates are written and counted whole, so the cost is exact, in text and in JSON. A part
//! that costs less than the line that tells of its absence is always there.

use super::part::Part;
use crate::code::cost::LineCosts;
use crate::code::syntax::Lines;
use crate::shell;
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, TooSmall, farthest, grouped, json_string, one_line};
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

/// Writes as much of `parts` as `budget` tokens hold. `notes` are problems to tell about;
/// `command` begins the command that reads more, `ctx read`.
///
/// # Errors
/// [`TooSmall`] when not even what is left out can be told.
pub fn fit(
    parts: &[Part],
    notes: &[String],
    command: &str,
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> Result<Fitted, TooSmall> {
    Fitter::new(parts, notes, command, format, counter, budget).fit()
}

/// How much of each part is shown: whole lines, then bytes of the next line.
type Shown = Vec<(usize, usize)>;

struct Fitter<'a> {
    parts: &'a [Part],
    notes: &'a [String],
    command: &'a str,
    format: Format,
    counter: &'a Counter,
    budget: Tokens,
    offsets: Vec<Vec<usize>>,
    costs: Vec<LineCosts>,
    /// What is shown of each part at least: nothing, or all of it.
    least: Shown,
}

impl<'a> Fitter<'a> {
    fn new(
        parts: &'a [Part],
        notes: &'a [String],
        command: &'a str,
        format: Format,
        counter: &'a Counter,
        budget: Tokens,
    ) -> Fitter<'a> {
        let mut fitter = Fitter {
            parts,
            notes,
            command,
            format,
            counter,
            budget,
            offsets: parts.iter().map(Part::offsets).collect(),
            costs: parts
                .iter()
                .map(|part| LineCosts::new(counter, &part.text))
                .collect(),
            least: vec![],
        };
        fitter.least = (0..parts.len()).map(|idx| fitter.least(idx)).collect();
        fitter
    }

    /// All of a part that costs no more than the line that would tell of its absence.
    fn least(&self, idx: usize) -> (usize, usize) {
        let part = &self.parts[idx];
        let (from, to) = part.range(0, part.len());
        let absence = format!("… left out {from}-{to}: {}", self.more(part, from, to));
        let is_cheap = self.costs[idx].total() <= self.counter.encoding().count(&absence);
        (if is_cheap { part.len() } else { 0 }, 0)
    }

    fn fit(&self) -> Result<Fitted, TooSmall> {
        let total: u64 = self.costs.iter().map(|costs| costs.total().0).sum();
        if total <= self.base_budget()
            && let Some(fitted) = self.attempt(&self.all())
        {
            return Ok(fitted);
        }
        let Some(mut best) = self.attempt(&self.least) else {
            return Err(self.too_small());
        };
        let order = self.order();
        let mut shown = self.least.clone();
        let all: usize = self.parts.iter().map(Part::len).sum();
        // Always over the same range, whatever the budget: see `farthest`.
        let lines = farthest(all, |lines| {
            lines < order.len()
                && self.improves(&self.shown(&order, lines + 1), &mut best, &mut shown)
        });
        if lines < order.len() {
            self.cut_line(order[lines], &mut shown, &mut best);
        }
        Ok(best)
    }

    fn all(&self) -> Shown {
        self.parts.iter().map(|part| (part.len(), 0)).collect()
    }

    fn base_budget(&self) -> u64 {
        self.counter.base_budget(self.budget).0
    }

    /// What a line costs by itself, about. White space over many lines is one piece, all of it
    /// charged to its first line; so what seems dear is counted alone.
    fn line_cost(&self, part: usize, line: usize) -> u64 {
        let number = line as u32 + 1;
        let lines = Lines {
            start: number,
            end: number,
        };
        let cost = self.costs[part].of(lines).0;
        let bytes = self.offsets[part][line]..self.offsets[part][line + 1];
        if cost <= bytes.len() as u64 {
            return cost;
        }
        let text = &self.parts[part].text[bytes];
        cost.min(self.counter.encoding().count(text).0)
    }

    /// The part that each line is added to, in order: as many lines as the budget could hold.
    fn order(&self) -> Vec<usize> {
        // Lines are counted alone here, and written together: they may cost a little less.
        let most = self.base_budget().saturating_mul(2).saturating_add(1_000);
        let mut lines: Vec<usize> = self.least.iter().map(|(lines, _)| *lines).collect();
        let mut order = Vec::new();
        let mut cost = 0;
        while cost <= most {
            let open = (0..self.parts.len()).filter(|idx| lines[*idx] < self.parts[*idx].len());
            let Some(part) = open.min_by_key(|idx| (self.offsets[*idx][lines[*idx]], *idx)) else {
                break;
            };
            cost += self.line_cost(part, lines[part]);
            lines[part] += 1;
            order.push(part);
        }
        order
    }

    fn shown(&self, order: &[usize], lines: usize) -> Shown {
        let mut shown = self.least.clone();
        for part in &order[..lines] {
            shown[*part].0 += 1;
        }
        shown
    }

    /// Makes `tried` the answer, if it fits.
    fn improves(&self, tried: &Shown, best: &mut Fitted, shown: &mut Shown) -> bool {
        let Some(fitted) = self.attempt(tried) else {
            return false;
        };
        *best = fitted;
        shown.clone_from(tried);
        true
    }

    /// Adds a beginning of the next line of `part` where much of the budget would stay unused.
    fn cut_line(&self, part: usize, shown: &mut Shown, best: &mut Fitted) {
        let used = self.counter.encoding().count(&best.text).0;
        let spare = self.base_budget().saturating_sub(used);
        if spare <= self.base_budget() / SPARE_FRACTION {
            return;
        }
        let line = shown[part].0;
        let (start, end) = (self.offsets[part][line], self.offsets[part][line + 1]);
        let text = &self.parts[part].text[start..end];
        farthest(text.len().saturating_sub(1), |at| {
            let mut tried = shown.clone();
            tried[part].1 = (0..=at + 1)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            self.improves(&tried, best, shown)
        });
    }

    /// The answer that shows this much, if it fits.
    fn attempt(&self, shown: &Shown) -> Option<Fitted> {
        let text = self.write(shown, self.budget);
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

    /// The error with the smallest budget that works: that of all of it, if that is little.
    fn too_small(&self) -> TooSmall {
        let least = self.cheapest(&self.least);
        let all = self.costs.iter().map(|costs| costs.total()).sum::<Tokens>();
        let minimum = match all <= least {
            true => least.min(self.cheapest(&self.all())),
            false => least,
        };
        TooSmall {
            budget: self.budget,
            minimum,
        }
    }

    /// The smallest budget that holds this much; it stands in the answer itself.
    fn cheapest(&self, shown: &Shown) -> Tokens {
        let mut budget = Tokens(0);
        loop {
            let cost = self.counter.count(&self.write(shown, budget));
            if cost <= budget {
                return budget;
            }
            budget = cost;
        }
    }

    fn write(&self, shown: &Shown, budget: Tokens) -> String {
        match self.format {
            Format::Text => self.text(shown),
            Format::Json => self.json(shown, budget),
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
            let _ = writeln!(out, "{}:{start}-{end}", one_line(&part.path));
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
            let _ = writeln!(out, "note: {}", one_line(note));
        }
        out
    }

    fn json(&self, shown: &Shown, budget: Tokens) -> String {
        let mut out = String::from("{\"view\":\"read\",\"counter\":");
        json_string(&self.counter.name(), &mut out);
        let _ = write!(out, ",\"budget\":{},\"parts\":[", budget.0);
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
                "{} {}",
                self.command,
                shell::path(&format!("{}:{from}-{to}", part.path))
            );
        }
        format!(
            "{} --skeleton {} with a larger --budget",
            self.command,
            shell::path(&part.path)
        )
    }
}
