//! What stands around the items: the opening of a JSON answer and the line that says what was
//! left out, what it costs, how to see it, and what the whole answer cost.

use super::item::{Item, Level, View, grouped};
use super::pack::{BYTES_PER_TOKEN, Choice};
use super::piece::{self, Format, Shown};
use crate::tokens::{Counter, Tokens};
use std::cell::OnceCell;
use std::fmt::Write as _;

/// Views with at most this much text are priced exactly; larger ones by [`BYTES_PER_TOKEN`].
const EXACT_BYTES: usize = 256 * 1024;
/// Fewest bytes a token in dense text: a budget from it shows all of a view that is not priced
/// exactly.
const DENSE_BYTES_PER_TOKEN: f32 = 2.2;

/// What is shown so far, as far as the footer tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Tokens of all items shown.
    pub content: u64,
    /// Items shown, by noun.
    pub shown: Vec<usize>,
    /// Items shown below their highest level.
    pub lowered: usize,
}

impl State {
    pub fn of(view: &View) -> State {
        State {
            content: 0,
            shown: vec![0; view.nouns.len()],
            lowered: 0,
        }
    }

    /// Counts the change of `item` from one choice to another.
    pub fn change(&mut self, item: &Item, from: Choice, to: Choice) {
        if from == Choice::Absent
            && let Some(shown) = self.shown.get_mut(usize::from(item.noun))
        {
            *shown += 1;
        }
        self.lowered -= usize::from(is_lowered(item, from));
        self.lowered += usize::from(is_lowered(item, to));
    }

    /// Takes back a change that was counted.
    pub fn change_back(&mut self, item: &Item, from: Choice, to: Choice) {
        if from == Choice::Absent
            && let Some(shown) = self.shown.get_mut(usize::from(item.noun))
        {
            *shown -= 1;
        }
        self.lowered += usize::from(is_lowered(item, from));
        self.lowered -= usize::from(is_lowered(item, to));
    }
}

fn is_lowered(item: &Item, choice: Choice) -> bool {
    match choice {
        Choice::Absent => false,
        Choice::Whole(level) => level < item.top(),
        Choice::Cut(..) => true,
    }
}

/// What the whole view would cost.
#[derive(Clone, Copy)]
struct Full {
    /// Tokens of all items at their highest level.
    tokens: u64,
    /// Tokens that surely hold all items, and the states on the way there.
    enough: u64,
    exact: bool,
}

pub(super) struct Footer<'a> {
    view: &'a View,
    format: Format,
    counter: &'a Counter,
    asked: Tokens,
    totals: Vec<usize>,
    full: OnceCell<Full>,
    /// Tokens that surely hold header and footer, whatever they say.
    reserve: u64,
}

impl<'a> Footer<'a> {
    pub fn new(view: &'a View, format: Format, counter: &'a Counter, asked: Tokens) -> Self {
        let mut totals = vec![0; view.nouns.len()];
        for item in &view.items {
            if let Some(total) = totals.get_mut(usize::from(item.noun)) {
                *total += 1;
            }
        }
        for (noun, count, _) in &view.unlisted {
            if let Some(total) = totals.get_mut(usize::from(*noun)) {
                *total += count;
            }
        }
        let mut footer = Footer {
            view,
            format,
            counter,
            asked,
            totals,
            full: OnceCell::new(),
            reserve: 0,
        };
        let mut state = State::of(view);
        state.lowered = view.items.len();
        footer.reserve = footer.total(&state) + 24;
        footer
    }

    /// Whether the answer in this state costs at most `budget`.
    pub fn fits(&self, state: &State, budget: u64) -> bool {
        state.content + self.reserve <= budget || self.total(state) <= budget
    }

    /// Tokens of the whole answer in this state.
    pub fn total(&self, state: &State) -> u64 {
        let (header, footer) = self.write(state);
        state.content + self.count(&header) + self.count(&footer)
    }

    /// Header and footer. The footer names the total, which includes the footer: a number
    /// takes few enough forms that two rounds settle it.
    pub fn write(&self, state: &State) -> (String, String) {
        let header = self.header();
        let around = state.content + self.count(&header);
        let mut total = around + self.reserve.max(30);
        let mut footer = self.footer(state, total);
        for _ in 0..3 {
            let exact = around + self.count(&footer);
            if exact == total {
                break;
            }
            total = exact;
            footer = self.footer(state, total);
        }
        (header, footer)
    }

    fn count(&self, text: &str) -> u64 {
        self.counter.encoding().count(text).0
    }

    fn header(&self) -> String {
        match self.format {
            Format::Text => String::new(),
            Format::Json => {
                let mut header = String::from("{\"view\":");
                piece::string(self.view.name, &mut header);
                header.push_str(",\"counter\":");
                piece::string(&self.counter.name(), &mut header);
                let _ = writeln!(header, ",\"budget\":{},\"items\":[", self.asked.0);
                header
            }
        }
    }

    fn footer(&self, state: &State, total: u64) -> String {
        let is_complete = state.lowered == 0 && state.shown == self.totals;
        let total = self.counter.scale(Tokens(total)).0;
        match self.format {
            Format::Text if is_complete => self.complete(state, total),
            Format::Text => self.partial(state, total),
            Format::Json => self.json(state, is_complete, total),
        }
    }

    fn complete(&self, state: &State, total: u64) -> String {
        let counts = self.counted(&state.shown);
        format!(
            "all shown: {counts}; {} tokens ({})\n",
            grouped(total),
            self.counter.name()
        )
    }

    fn partial(&self, state: &State, total: u64) -> String {
        let mut footer = String::new();
        let omitted = self.omitted(state);
        if omitted.iter().any(|count| *count > 0) {
            let _ = write!(footer, "left out: {}; ", self.counted(&omitted));
        }
        if state.lowered > 0 {
            let _ = write!(footer, "shortened: {}; ", grouped(state.lowered as u64));
        }
        let (missing, enough) = self.missing(state);
        let _ = writeln!(
            footer,
            "{missing} tokens more with `{} --budget {enough}`; {} tokens ({})",
            self.view.command,
            grouped(total),
            self.counter.name(),
        );
        footer
    }

    fn json(&self, state: &State, is_complete: bool, total: u64) -> String {
        let mut footer = format!("],\"complete\":{is_complete}");
        if !is_complete {
            footer.push_str(",\"omitted\":{");
            for (noun, count) in self.view.nouns.iter().zip(self.omitted(state)) {
                if count > 0 {
                    let _ = write!(footer, "\"{}\":{count},", noun.many);
                }
            }
            let full = self.full();
            let (_, enough) = self.missing(state);
            let missing = full.tokens.saturating_sub(state.content);
            let _ = write!(
                footer,
                "\"tokens\":{}}}",
                self.counter.scale(Tokens(missing)).0
            );
            let _ = write!(footer, ",\"shortened\":{},\"more\":", state.lowered);
            piece::string(
                &format!("{} --budget {enough}", self.view.command),
                &mut footer,
            );
        }
        let _ = writeln!(footer, ",\"tokens\":{total}}}");
        footer
    }

    fn omitted(&self, state: &State) -> Vec<usize> {
        self.totals
            .iter()
            .zip(&state.shown)
            .map(|(total, shown)| total - shown)
            .collect()
    }

    fn counted(&self, counts: &[usize]) -> String {
        let mut text = String::new();
        for (noun, count) in self.view.nouns.iter().zip(counts) {
            if *count > 0 {
                let comma = if text.is_empty() { "" } else { ", " };
                let _ = write!(text, "{comma}{}", noun.counted(*count));
            }
        }
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            text
        }
    }

    /// Tokens that are not shown, in words, and a budget that shows them.
    fn missing(&self, state: &State) -> (String, u64) {
        let full = self.full();
        let missing = self
            .counter
            .scale(Tokens(full.tokens.saturating_sub(state.content)))
            .0;
        let enough = full.enough + self.reserve.max(100);
        let enough = self.counter.scale(Tokens(enough)).0;
        let words = if full.exact {
            grouped(missing)
        } else {
            format!("about {}", grouped(round_up(missing)))
        };
        (words, round_up(enough))
    }

    fn full(&self) -> Full {
        *self.full.get_or_init(|| {
            let unlisted: u64 = self.view.unlisted.iter().map(|(_, _, bytes)| bytes).sum();
            let bytes: usize = self
                .view
                .items
                .iter()
                .map(|item| full_bytes(self.view, item, self.format))
                .sum();
            let exact = bytes <= EXACT_BYTES && unlisted == 0;
            if exact {
                let items = self.view.items.iter();
                let (tokens, enough) = items
                    .map(|item| self.prices(item))
                    .fold((0, 0), |sum, price| (sum.0 + price.0, sum.1 + price.1));
                return Full {
                    tokens,
                    enough,
                    exact,
                };
            }
            let bytes = (bytes as u64 + unlisted) as f32;
            Full {
                tokens: (bytes / BYTES_PER_TOKEN) as u64,
                enough: (bytes / DENSE_BYTES_PER_TOKEN) as u64,
                exact,
            }
        })
    }

    /// What an item costs at its highest level, and at the one that costs most: on the way to
    /// the highest, it stands at each.
    fn prices(&self, item: &Item) -> (u64, u64) {
        let (mut last, mut most) = (0, 0);
        for level in item.levels() {
            last = self.price(item, level);
            most = last.max(most);
        }
        (last, most)
    }

    fn price(&self, item: &Item, level: Level) -> u64 {
        let mut text = String::from(if self.format == Format::Json { "," } else { "" });
        let shown = Shown::whole(level);
        piece::open(self.view, item, shown, self.format, &mut text);
        let mut price = self.count(&text);
        text.clear();
        piece::close(item, self.format, &mut text);
        price += self.count(&text);
        price
    }
}

fn full_bytes(view: &View, item: &Item, format: Format) -> usize {
    let text = item.levels().fold(0, |below, level| {
        piece::bytes(level, view.text(item, level).len(), below, format)
    });
    text + piece::overhead(format) + 2 * usize::from(item.depth)
}

/// Up to the next number with two significant digits.
fn round_up(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number.div_ceil(unit) * unit
}
