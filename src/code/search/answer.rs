//! Fits a plan to a budget and writes what fits, as text or JSON.
//!
//! Steps are taken in the order of the plan until one does not fit; what is left goes to the
//! beginning of that one when it is a region. So a larger budget never hides what a smaller one
//! showed. Every piece is priced when it is taken, and prices add up ([`crate::tokens::adds_up`]).

use super::plan::{Plan, Region, Step, What};
use super::store::Store;
use crate::code::syntax::Lines;
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, TooSmall, grouped, json_string};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

/// An answer that fits its budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer as it is written.
    pub text: String,
    /// What it costs.
    pub tokens: Tokens,
    /// Files shown.
    pub files: usize,
    /// Files looked at.
    pub searched: usize,
}

/// Takes what fits of `plan` and writes it. `command` is the command line without its budget.
///
/// # Errors
/// [`TooSmall`] when not even the first step fits.
pub fn pack(
    store: &dyn Store,
    plan: &Plan<'_>,
    format: Format,
    counter: &Counter,
    budget: Tokens,
    command: &str,
) -> Result<Answer, TooSmall> {
    let around = Around {
        format,
        counter,
        budget,
        command,
    };
    let base = counter.base_budget(budget).0;
    let reserve = around.reserve(plan);
    let mut packer = Packer {
        store,
        plan,
        format,
        counter,
        left: i64::try_from(base)
            .unwrap_or(i64::MAX)
            .saturating_sub(reserve as i64),
        shown: HashMap::new(),
    };
    let fits = packer.left >= 0;
    let taken = plan
        .steps
        .iter()
        .take_while(|step| fits && packer.take(step))
        .count();
    if packer.shown.is_empty() && !(plan.steps.is_empty() && fits) {
        return Err(packer.too_small(reserve, budget));
    }
    Ok(packer.write(&around, plan.steps.len() - taken))
}

/// What is shown of one file.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// Units shown by a line with their name, with what each line costs.
    names: Vec<(u32, i64)>,
    /// Lines shown, in source order, none touching another.
    regions: Vec<(u32, u32)>,
}

struct Packer<'a> {
    store: &'a dyn Store,
    plan: &'a Plan<'a>,
    format: Format,
    counter: &'a Counter,
    left: i64,
    shown: HashMap<u32, Shown>,
}

impl Packer<'_> {
    /// Takes a step, or what fits of it; whether all of it was taken.
    fn take(&mut self, step: &Step) -> bool {
        if self.try_take(step.file, step.what) {
            return true;
        }
        if let What::Region(region) = step.what {
            self.cut(step.file, region);
        }
        false
    }

    fn try_take(&mut self, file: u32, what: What) -> bool {
        let mut shown = self.shown.get(&file).cloned().unwrap_or_default();
        let head = if self.shown.contains_key(&file) {
            0
        } else {
            self.head_cost(file)
        };
        let cost = head
            + match what {
                What::Path => 0,
                What::Name(unit) => self.add_name(&mut shown, unit),
                What::Region(region) => self.add_region(&mut shown, file, region),
            };
        let fits = cost <= self.left;
        if fits {
            self.left -= cost;
            self.shown.insert(file, shown);
        }
        fits
    }

    /// Fills what is left with as many of a region's first lines as fit.
    fn cut(&mut self, file: u32, region: Region) {
        let (mut fit, mut too_many) = (0, region.last - region.first + 1);
        let head = if self.shown.contains_key(&file) {
            0
        } else {
            self.head_cost(file)
        };
        while fit + 1 < too_many {
            let middle = fit.midpoint(too_many);
            let mut shown = self.shown.get(&file).cloned().unwrap_or_default();
            let part = Region {
                last: region.first + middle - 1,
                ..region
            };
            if head + self.add_region(&mut shown, file, part) <= self.left {
                fit = middle;
            } else {
                too_many = middle;
            }
        }
        if fit > 0 {
            self.try_take(
                file,
                What::Region(Region {
                    last: region.first + fit - 1,
                    ..region
                }),
            );
        }
    }

    /// Adds the line of a name, unless the name stands in a region already; returns its cost.
    fn add_name(&self, shown: &mut Shown, unit: u32) -> i64 {
        let start = self.store.unit(unit).lines.start;
        let is_shown = shown.names.iter().any(|(known, _)| *known == unit)
            || shown
                .regions
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&start));
        if is_shown {
            return 0;
        }
        let cost = self.name_cost(unit);
        shown.names.push((unit, cost));
        cost
    }

    /// Adds a region and returns what the answer costs more by it: lines of names that stand in
    /// the region's text fall away, and regions that touch become one.
    fn add_region(&self, shown: &mut Shown, file: u32, region: Region) -> i64 {
        let unit = self.store.unit(region.unit);
        let Region {
            mut first,
            mut last,
            ..
        } = region;
        let mut more = 0;
        shown.regions.retain(|(a, b)| {
            let touches = *a <= last + 1 && first <= *b + 1;
            if touches {
                more -= self.region_cost(file, *a, *b);
                (first, last) = (first.min(*a), last.max(*b));
            }
            !touches
        });
        more += self.region_cost(file, first, last);
        shown.regions.push((first, last));
        shown.regions.sort_unstable();
        shown.names.retain(|(name, cost)| {
            let is_inside = (first..=last).contains(&self.store.unit(*name).lines.start);
            more -= if is_inside { *cost } else { 0 };
            !is_inside
        });
        if unit.kind.is_some() && unit.lines.start < first {
            more += self.add_name(shown, region.unit);
        }
        more
    }

    fn head_cost(&self, file: u32) -> i64 {
        let mut piece = String::new();
        open_file(self.store.file(file).path, self.format, &mut piece);
        let mut close = String::new();
        close_file(self.format, &mut close);
        self.count(&piece) + self.count(&close)
    }

    fn name_cost(&self, unit: u32) -> i64 {
        let mut piece = String::new();
        let lines = self.store.unit(unit).lines;
        let name = self.store.qualified(unit);
        write_name(lines, &name, self.format, &mut piece);
        self.count(&piece)
    }

    fn region_cost(&self, file: u32, first: u32, last: u32) -> i64 {
        let mut piece = String::new();
        write_region(self.plan.lines(file), first, last, self.format, &mut piece);
        self.count(&piece)
    }

    fn count(&self, piece: &str) -> i64 {
        self.counter.encoding().count(piece).0 as i64
    }

    fn write(&self, around: &Around, left_out: usize) -> Answer {
        let mut text = around.header();
        let mut needs_comma = false;
        for file in self
            .plan
            .files
            .iter()
            .filter(|file| self.shown.contains_key(file))
        {
            let shown = &self.shown[file];
            if needs_comma && self.format == Format::Json {
                text.push(',');
            }
            needs_comma = true;
            self.write_file(*file, shown, &mut text);
        }
        let count = |text: &str| self.counter.count(text);
        let n_files = self.shown.len();
        let more_files = self.plan.files.len() - n_files;
        let mut tokens = count(&text);
        for _ in 0..4 {
            let whole = text.clone() + &around.footer(more_files, left_out, tokens);
            let exact = count(&whole);
            if exact == tokens {
                break;
            }
            tokens = exact;
        }
        text.push_str(&around.footer(more_files, left_out, tokens));
        Answer {
            text,
            tokens,
            files: n_files,
            searched: self.store.n_files() as usize,
        }
    }

    fn write_file(&self, file: u32, shown: &Shown, out: &mut String) {
        open_file(self.store.file(file).path, self.format, out);
        let mut names: Vec<(Lines, Cow<'_, str>)> = shown
            .names
            .iter()
            .map(|(unit, _)| (self.store.unit(*unit).lines, self.store.qualified(*unit)))
            .collect();
        names.sort_by_key(|(lines, _)| (lines.start, std::cmp::Reverse(lines.end)));
        let mut names = names.into_iter().peekable();
        for (first, last) in &shown.regions {
            while let Some((lines, name)) = names.next_if(|(lines, _)| lines.start < *first) {
                write_name(lines, &name, self.format, out);
            }
            write_region(self.plan.lines(file), *first, *last, self.format, out);
        }
        names.for_each(|(lines, name)| write_name(lines, &name, self.format, out));
        close_file(self.format, out);
    }

    /// The error with the smallest budget that shows one path.
    fn too_small(&self, reserve: u64, budget: Tokens) -> TooSmall {
        let least = self
            .plan
            .files
            .iter()
            .map(|file| self.head_cost(*file))
            .min()
            .unwrap_or(0);
        let base = reserve + u64::try_from(least).unwrap_or(0);
        let mut minimum = self.counter.scale(Tokens(base));
        while self.counter.base_budget(minimum).0 < base {
            minimum = Tokens(minimum.0 + 1);
        }
        TooSmall { budget, minimum }
    }
}

fn open_file(path: &str, format: Format, out: &mut String) {
    match format {
        Format::Text => {
            let is_plain =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
            if !path.starts_with(is_plain) {
                out.push_str("./");
            }
            out.extend(
                path.chars()
                    .map(|c| if c.is_control() { '\u{fffd}' } else { c }),
            );
            out.push('\n');
        }
        Format::Json => {
            out.push_str("{\"path\":");
            json_string(path, out);
            out.push_str(",\"places\":[null\n");
        }
    }
}

fn close_file(format: Format, out: &mut String) {
    if format == Format::Json {
        out.push_str("]}\n");
    }
}

fn write_name(lines: Lines, qualified: &str, format: Format, out: &mut String) {
    let (first, last) = (lines.start, lines.end);
    match format {
        Format::Text => {
            let name = qualified.replace(char::is_control, " ");
            let _ = writeln!(out, "{} {name}", range(first, last));
        }
        Format::Json => {
            let _ = write!(out, ",{{\"lines\":[{first},{last}],\"name\":");
            json_string(qualified, out);
            out.push_str("}\n");
        }
    }
}

fn write_region(lines: &[&str], first: u32, last: u32, format: Format, out: &mut String) {
    let end = (last as usize).min(lines.len());
    let shown = &lines[(first as usize - 1).min(end)..end];
    match format {
        Format::Text => {
            let _ = writeln!(out, "{}:", range(first, last));
            for line in shown {
                out.push_str(line);
                out.push('\n');
            }
        }
        Format::Json => {
            let _ = write!(out, ",{{\"lines\":[{first},{last}],\"text\":");
            json_string(&shown.join("\n"), out);
            out.push_str("}\n");
        }
    }
}

fn range(first: u32, last: u32) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}

/// What stands before and after the files.
struct Around<'a> {
    format: Format,
    counter: &'a Counter,
    budget: Tokens,
    command: &'a str,
}

impl Around<'_> {
    /// Tokens that surely hold header and footer.
    fn reserve(&self, plan: &Plan) -> u64 {
        let most = self.footer(
            plan.files.len(),
            plan.steps.len(),
            Tokens(self.budget.0.saturating_mul(2)),
        );
        let encoding = self.counter.encoding();
        encoding.count(&self.header()).0 + encoding.count(&most).0 + 4
    }

    fn header(&self) -> String {
        let mut header = String::new();
        if self.format == Format::Json {
            header.push_str("{\"view\":\"search\",\"counter\":");
            json_string(&self.counter.name(), &mut header);
            let _ = writeln!(header, ",\"budget\":{},\"files\":[", self.budget.0);
        }
        header
    }

    fn footer(&self, files: usize, steps: usize, tokens: Tokens) -> String {
        let (tokens, counter) = (tokens.0, self.counter.name());
        let larger = self.budget.0.saturating_mul(2);
        let mut footer = String::new();
        match self.format {
            Format::Text if steps == 0 => {
                let _ = writeln!(
                    footer,
                    "all that matches; {} tokens ({counter})",
                    grouped(tokens)
                );
            }
            Format::Text => {
                let _ = writeln!(
                    footer,
                    "left out: {} files, {} lower ranked places; more with `{} --budget {larger}`; {} tokens ({counter})",
                    grouped(files as u64),
                    grouped(steps as u64),
                    self.command,
                    grouped(tokens),
                );
            }
            Format::Json => {
                let _ = write!(
                    footer,
                    "],\"omitted\":{{\"files\":{files},\"places\":{steps}}},\"more\":"
                );
                json_string(&format!("{} --budget {larger}", self.command), &mut footer);
                let _ = writeln!(footer, ",\"tokens\":{tokens}}}");
            }
        }
        footer
    }
}
