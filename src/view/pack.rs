//! Chooses what is shown under a budget: the multiple-choice knapsack, solved greedily.
//!
//! Each item shows one level or is absent, and needs its parent. The steps from level to level
//! are put into one fixed order that does not depend on the budget; a budget shows the longest
//! beginning of that order that fits. So a larger budget never hides what a smaller one showed.
//! The order is value per token on the convex hull of each item's levels. One thing bends it:
//! a step much larger than what is shown already waits until it is small beside it, so that
//! the first step that does not fit leaves only a little of the budget unused. What that step
//! leaves is spent on a part of the step: a lower level, the beginning of a text.

use super::farthest::farthest;
use super::footer::{Footer, State};
use super::item::{Item, Level, View};
use super::piece::{self, Format, Shown};
use crate::tokens::{Counter, Tokens};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// At most this fraction of a budget may stay unused, and a step that costs at most this fraction
/// of what is shown already may be taken at once ...
const STEP_FRACTION: u64 = 25;
/// Bytes a token, as a rough mean of code: only used to order steps and for `about` figures.
pub(super) const BYTES_PER_TOKEN: f32 = 3.3;

/// ... or one that costs at most this many tokens of the model: about one line. In JSON nothing
/// is cheaper than its keys, and a lower limit would order items by their price alone.
fn small_step(format: Format) -> Tokens {
    match format {
        Format::Text => Tokens(22),
        Format::Json => Tokens(45),
    }
}

/// No text is cut for the sake of fewer tokens than these, of the model.
const WORTH_A_CUT: Tokens = Tokens(22);

/// How one item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Not at all.
    Absent,
    /// At this level, in full.
    Whole(Level),
    /// A beginning of this level's text: so many bytes.
    Cut(Level, usize),
}

impl Choice {
    /// The level shown.
    pub fn level(self) -> Option<Level> {
        match self {
            Choice::Absent => None,
            Choice::Whole(level) | Choice::Cut(level, _) => Some(level),
        }
    }

    pub(super) fn shown(self) -> Option<Shown> {
        match self {
            Choice::Absent => None,
            Choice::Whole(level) => Some(Shown { level, cut: None }),
            Choice::Cut(level, bytes) => Some(Shown {
                level,
                cut: Some(bytes),
            }),
        }
    }
}

/// What is shown of a view under a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// One choice for each item of the view.
    pub choices: Vec<Choice>,
    /// Tokens of everything that will be written, counted with the counter's encoding.
    pub used: Tokens,
    /// The line or lines that end the answer.
    pub(super) footer: String,
    pub(super) header: String,
}

impl Packing {
    /// Whether every item is shown at its highest level.
    pub fn is_complete(&self, view: &View) -> bool {
        let tops = view.items.iter().map(|item| Choice::Whole(item.top()));
        view.unlisted.is_empty() && tops.eq(self.choices.iter().copied())
    }
}

/// The budget is below the smallest possible answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("budget of {budget} tokens is too small: the smallest answer needs {minimum}")]
pub struct TooSmall {
    /// The budget that was asked for.
    pub budget: Tokens,
    /// The smallest budget that works.
    pub minimum: Tokens,
}

/// Chooses what of `view` is shown in `format` within `budget` tokens of `counter`.
///
/// # Errors
/// [`TooSmall`] when not even the first step fits.
pub fn pack(
    view: &View,
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> Result<Packing, TooSmall> {
    let mut packer = Packer::new(view, format, counter, budget);
    packer.fill();
    packer.finish()
}

/// One upgrade of one item.
#[derive(Clone, Copy, Debug)]
struct Step {
    item: u32,
    /// The level the item must be shown at before this step.
    from: Option<Level>,
    to: Level,
    ratio: f32,
}

struct Packer<'a> {
    view: &'a View,
    format: Format,
    counter: &'a Counter,
    asked: Tokens,
    budget: u64,
    /// What a step may cost that is taken at once, whatever is shown.
    small: u64,
    /// How much may stay unused, however large the step that does not fit.
    spare: u64,
    footer: Footer<'a>,
    choices: Vec<Choice>,
    prices: Vec<u64>,
    state: State,
    scratch: String,
}

impl<'a> Packer<'a> {
    fn new(view: &'a View, format: Format, counter: &'a Counter, budget: Tokens) -> Self {
        let footer = Footer::new(view, format, counter, budget);
        Packer {
            view,
            format,
            counter,
            asked: budget,
            budget: counter.base_budget(budget).0,
            small: counter
                .base_budget(view.small_step.unwrap_or(small_step(format)))
                .0,
            spare: counter.base_budget(WORTH_A_CUT).0,
            state: State::of(view),
            footer,
            choices: vec![Choice::Absent; view.items.len()],
            prices: vec![0; view.items.len()],
            scratch: String::new(),
        }
    }

    fn fill(&mut self) {
        let mut queue = self.queue();
        while let Some((step, price)) = self.next(&mut queue) {
            if !self.show(step, price) {
                return;
            }
            queue.release(step.item as usize);
        }
    }

    fn queue(&self) -> Queue {
        let steps = ordered_steps(self.view, self.format);
        Queue::new(steps, self.view.items.len(), self.small)
    }

    /// The next step, whether it fits or not, and the price of its item after it. Depends on what
    /// is shown, not on the budget.
    fn next(&mut self, queue: &mut Queue) -> Option<(Step, u64)> {
        while let Some(next) = queue.next(self.state.content) {
            let step = queue.steps[next.seq];
            if let Some(blocker) = self.blocker(step) {
                queue.wait(blocker, next.seq);
                continue;
            }
            let item = step.item as usize;
            let price = self.price(item, Shown::whole(step.to));
            let cost = price.saturating_sub(self.prices[item]);
            if !next.forced && cost > largest_step(self.state.content, self.small) {
                queue.defer(cost, next.seq);
                continue;
            }
            return Some((step, price));
        }
        None
    }

    /// Takes a step, or as much of it as fits; whether it was taken whole.
    fn show(&mut self, step: Step, price: u64) -> bool {
        if self.take(step.item as usize, Choice::Whole(step.to), price) {
            return true;
        }
        self.take_part(step);
        false
    }

    /// The item that must be shown, or shown higher, before this step.
    fn blocker(&self, step: Step) -> Option<usize> {
        let item = &self.view.items[step.item as usize];
        if let Some(parent) = item.parent
            && self.choices[parent as usize] == Choice::Absent
        {
            return Some(parent as usize);
        }
        let current = self.choices[step.item as usize].level();
        (current != step.from).then_some(step.item as usize)
    }

    /// Shows `item` as `choice` if the whole answer then fits.
    fn take(&mut self, item: usize, choice: Choice, price: u64) -> bool {
        let (from, known) = (self.choices[item], &self.view.items[item]);
        self.state.change(known, from, choice);
        self.state.content = self.state.content - self.prices[item] + price;
        if !self.footer.fits(&self.state, self.budget) {
            self.state.content = self.state.content - price + self.prices[item];
            self.state.change_back(known, from, choice);
            return false;
        }
        self.choices[item] = choice;
        self.prices[item] = price;
        true
    }

    fn take_whole(&mut self, item: usize, level: Level) -> bool {
        let price = self.price(item, Shown::whole(level));
        self.take(item, Choice::Whole(level), price)
    }

    /// Shows the highest level below that of the step that fits, then the beginning of the
    /// next one where much of the budget would stay unused.
    fn take_part(&mut self, step: Step) {
        let item = step.item as usize;
        let between =
            |level: &Level| step.from.is_none_or(|from| *level > from) && *level <= step.to;
        let levels: Vec<Level> = self.view.items[item].levels().filter(between).collect();
        let mut next = levels.len() - 1;
        while next > 0 && !self.take_whole(item, levels[next - 1]) {
            next -= 1;
        }
        if self.wastes_much() {
            self.cut(item, levels[next]);
        }
    }

    /// Shows as much of the beginning of a level as fits: whole lines, and a part of the next
    /// line where whole lines would leave too much unused.
    fn cut(&mut self, item: usize, level: Level) {
        if !piece::is_written(&self.view.items[item], level, self.format) {
            return;
        }
        let text = self.view.text(&self.view.items[item], level);
        // What is shown is replaced by no less.
        let replaces = self.format == Format::Text && level != Level::Doc;
        let least = match self.choices[item].level().filter(|_| replaces) {
            Some(shown) => self.view.text(&self.view.items[item], shown).len(),
            None => 1,
        };
        let line_ends: Vec<usize> = text
            .match_indices('\n')
            .map(|(at, _)| at)
            .filter(|at| *at >= least)
            .collect();
        farthest(line_ends.len(), |idx| {
            self.take_cut(item, level, line_ends[idx])
        });
        if self.wastes_much() {
            let from = match self.choices[item] {
                Choice::Cut(_, bytes) => bytes + 1,
                _ => least,
            };
            let most = text.len().saturating_sub(from);
            farthest(most, |more| {
                self.take_cut(item, level, floor(text, from + more))
            });
        }
    }

    fn take_cut(&mut self, item: usize, level: Level, bytes: usize) -> bool {
        let cut = Some(bytes);
        let price = self.price(item, Shown { level, cut });
        self.take(item, Choice::Cut(level, bytes), price)
    }

    fn wastes_much(&self) -> bool {
        self.unused() > largest_step(self.budget, self.spare)
    }

    fn unused(&self) -> u64 {
        self.budget.saturating_sub(self.footer.total(&self.state))
    }

    fn price(&mut self, item: usize, shown: Shown) -> u64 {
        let item = &self.view.items[item];
        self.scratch.clear();
        if self.format == Format::Json {
            self.scratch.push(',');
        }
        piece::open(self.view, item, shown, self.format, &mut self.scratch);
        let mut price = self.counter.encoding().count(&self.scratch).0;
        self.scratch.clear();
        piece::close(item, self.format, &mut self.scratch);
        price += self.counter.encoding().count(&self.scratch).0;
        price
    }

    fn finish(self) -> Result<Packing, TooSmall> {
        let shows_nothing = self.choices.iter().all(|choice| *choice == Choice::Absent);
        let is_empty = self.view.items.is_empty();
        if (shows_nothing && !is_empty) || !self.footer.fits(&self.state, self.budget) {
            return Err(self.too_small());
        }
        let (header, footer) = self.footer.write(&self.state);
        let used = Tokens(self.footer.total(&self.state));
        Ok(Packing {
            choices: self.choices,
            used,
            footer,
            header,
        })
    }

    /// The error with the smallest budget that works.
    fn too_small(&self) -> TooSmall {
        let (mut fails, mut works) = (self.asked.0, self.asked.0.max(32));
        while !self.works(works) {
            fails = works;
            works = works.saturating_mul(2);
        }
        while works - fails > 1 {
            let middle = fails.midpoint(works);
            match self.works(middle) {
                true => works = middle,
                false => fails = middle,
            }
        }
        TooSmall {
            budget: self.asked,
            minimum: Tokens(works),
        }
    }

    /// Whether a budget shows something: the first step, or a part of it.
    fn works(&self, budget: u64) -> bool {
        let mut packer = Packer::new(self.view, self.format, self.counter, Tokens(budget));
        let mut queue = packer.queue();
        match packer.next(&mut queue) {
            Some((step, price)) => {
                packer.show(step, price) || packer.choices[step.item as usize] != Choice::Absent
            }
            None => packer.footer.fits(&packer.state, packer.budget),
        }
    }
}

/// The last boundary of a character of `text` up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

fn largest_step(content: u64, small: u64) -> u64 {
    small.max(content / STEP_FRACTION)
}

/// All steps, best first. Parents come before their children and lower levels before higher.
fn ordered_steps(view: &View, format: Format) -> Vec<Step> {
    let mut steps = Vec::with_capacity(view.items.len() * 2);
    let mut first_ratio = vec![0.0_f32; view.items.len()];
    for (idx, item) in view.items.iter().enumerate() {
        let mut ceiling = item
            .parent
            .map_or(f32::MAX, |parent| first_ratio[parent as usize]);
        let mut from = None;
        for (to, ratio) in hull(view, item, format) {
            ceiling = ceiling.min(ratio);
            if from.is_none() {
                first_ratio[idx] = ceiling;
            }
            steps.push(Step {
                item: idx as u32,
                from,
                to,
                ratio: ceiling,
            });
            from = Some(to);
        }
    }
    steps.sort_by(|a, b| {
        b.ratio
            .total_cmp(&a.ratio)
            .then(a.item.cmp(&b.item))
            .then(a.to.cmp(&b.to))
    });
    steps
}

/// The levels on the upper convex hull of value over cost, with the value per byte of each step.
fn hull(view: &View, item: &Item, format: Format) -> impl Iterator<Item = (Level, f32)> {
    // The points after the origin; `n` of them are in use.
    let mut points = [(Level::Name, 0.0_f32, 0.0_f32); Level::ALL.len()];
    let mut n = 0;
    let mut below = 0;
    for level in item.levels() {
        let own = view.text(item, level).len();
        let bytes = piece::bytes(level, own, below, format);
        below = bytes;
        let cost = (bytes + piece::overhead(format) + 2 * usize::from(item.depth)) as f32;
        let value = item.value(level).max(f32::MIN_POSITIVE);
        while n > 0 {
            let (_, cost_b, value_b) = points[n - 1];
            let (cost_a, value_a) = match n {
                1 => (0.0, 0.0),
                _ => (points[n - 2].1, points[n - 2].2),
            };
            let before = (value_b - value_a) / (cost_b - cost_a).max(1.0);
            let after = (value - value_b) / (cost - cost_b).max(1.0);
            if after <= before {
                break;
            }
            n -= 1;
        }
        points[n] = (level, cost, value);
        n += 1;
    }
    let (mut cost_a, mut value_a) = (0.0, 0.0);
    points.into_iter().take(n).map(move |(level, cost, value)| {
        let ratio = (value - value_a).max(0.0) / (cost - cost_a).max(1.0);
        (cost_a, value_a) = (cost, value);
        (level, ratio)
    })
}

/// The steps in the order in which they are tried.
struct Queue {
    steps: Vec<Step>,
    at: usize,
    released: BinaryHeap<Reverse<usize>>,
    deferred: BTreeSet<(u64, usize)>,
    waiting: Vec<Vec<usize>>,
    small: u64,
}

struct Next {
    seq: usize,
    /// Take it whatever its size: nothing smaller is left.
    forced: bool,
}

impl Queue {
    fn new(steps: Vec<Step>, items: usize, small: u64) -> Queue {
        Queue {
            steps,
            at: 0,
            released: BinaryHeap::new(),
            deferred: BTreeSet::new(),
            waiting: vec![Vec::new(); items],
            small,
        }
    }

    fn next(&mut self, content: u64) -> Option<Next> {
        if let Some((cost, _)) = self.deferred.first()
            && *cost <= largest_step(content, self.small)
        {
            let (_, seq) = self.deferred.pop_first()?;
            return Some(Next { seq, forced: true });
        }
        if let Some(Reverse(seq)) = self.released.pop() {
            return Some(Next { seq, forced: false });
        }
        if self.at < self.steps.len() {
            self.at += 1;
            return Some(Next {
                seq: self.at - 1,
                forced: false,
            });
        }
        let (_, seq) = self.deferred.pop_first()?;
        Some(Next { seq, forced: true })
    }

    fn defer(&mut self, cost: u64, seq: usize) {
        self.deferred.insert((cost, seq));
    }

    fn wait(&mut self, blocker: usize, seq: usize) {
        self.waiting[blocker].push(seq);
    }

    fn release(&mut self, item: usize) {
        self.released
            .extend(self.waiting[item].drain(..).map(Reverse));
    }
}
