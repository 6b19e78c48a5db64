//! From a ranking to steps: paths, names of units and regions of their text, each with a value
//! and a price, in one order that does not depend on any budget.

use super::rank::Ranking;
use super::store::{Store, Unit};
use super::terms;
use super::weights::Weights;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Most files, units and units with regions that are considered.
const FILES: usize = 1_500;
const UNITS: usize = 1_500;
const REGIONS: usize = 200;

/// What a step shows of its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// The path alone.
    Path,
    /// The line with the name of a unit.
    Name(u32),
    /// A region of a unit.
    Region(Region),
}

/// Lines of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The unit.
    pub unit: u32,
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
}

/// One thing to show.
#[derive(Clone, Debug)]
pub struct Step {
    /// The file it is in.
    pub file: u32,
    /// What of it.
    pub what: What,
    ratio: f32,
}

/// All steps, best first.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The steps.
    pub steps: Vec<Step>,
    /// The files that steps are in, best first.
    pub files: Vec<u32>,
    lines: HashMap<u32, Vec<&'a str>>,
}

impl<'a> Plan<'a> {
    /// The lines of a file that has a region among the steps.
    pub fn lines(&self, file: u32) -> &[&'a str] {
        self.lines.get(&file).map_or(&[], Vec::as_slice)
    }
}

/// Files of a plan before which no file is put for what history says.
const HEAD: usize = 5;

impl Plan<'_> {
    /// Puts files that were often changed together with the best ones behind the head of the
    /// plan: the order of the best is not touched.
    pub fn append(&mut self, partners: &[u32]) {
        let head = HEAD.min(self.files.len());
        let mut moved = Vec::new();
        for file in partners {
            if !self.files[..head].contains(file) && !moved.contains(file) {
                moved.push(*file);
            }
        }
        // A path stands where the head's last step is.
        let at = self
            .steps
            .iter()
            .position(|step| Some(&step.file) == self.files.get(head));
        let at = at
            .unwrap_or(self.steps.len())
            .max(HEAD.min(self.steps.len()));
        let ratio = self.steps.get(at).map_or(0.0, |step| step.ratio);
        let is_moved = |step: &Step| step.what == What::Path && moved.contains(&step.file);
        let behind: Vec<Step> = self
            .steps
            .split_off(at)
            .into_iter()
            .filter(|s| !is_moved(s))
            .collect();
        let known: HashSet<u32> = self.steps.iter().map(|step| step.file).collect();
        let paths = moved.iter().filter(|file| !known.contains(file));
        self.steps.extend(paths.map(|file| Step {
            file: *file,
            what: What::Path,
            ratio,
        }));
        self.steps.extend(behind);
        self.files.retain(|file| !moved.contains(file));
        self.files.splice(head..head, moved);
    }
}

/// Orders everything that could be shown.
pub fn plan<'a>(store: &'a dyn Store, ranking: &Ranking, w: &Weights) -> Plan<'a> {
    let mut lines: HashMap<u32, Vec<&str>> = HashMap::new();
    let mut steps = Vec::new();
    let ratio = |value: f32, cost: f32| value / cost.powf(w.p_power);
    let mut path_cost: HashMap<u32, f32> = HashMap::new();
    let mut order = Vec::new();
    for (rank, (file, score)) in ranking.files.iter().take(FILES).enumerate() {
        let cost = store.file(*file).path.len() as f32 / 3.8 + 1.0;
        path_cost.insert(*file, cost);
        order.push(*file);
        let value = w.p_path
            * score.powf(w.p_file_gamma)
            * (1.0 + rank as f32 / w.p_file_rank).powf(-w.p_file_alpha);
        steps.push(Step {
            file: *file,
            what: What::Path,
            ratio: ratio(value, cost),
        });
    }
    let mut headed: HashSet<u32> = HashSet::new();
    let mut named: HashSet<(u32, Cow<'_, str>)> = HashSet::new();
    for (rank, (unit, score)) in ranking.units.iter().take(UNITS).enumerate() {
        let (entry, qualified) = (store.unit(*unit), store.qualified(*unit));
        let Some(header) = path_cost.get(&entry.file) else {
            continue;
        };
        let worth = score.powf(w.p_gamma) * (1.0 + rank as f32 / w.p_rank).powf(-w.p_alpha);
        let mut value = score.powf(w.n_gamma) * (1.0 + rank as f32 / w.n_rank).powf(-w.n_alpha);
        // A further overload or reopened scope of one name tells less.
        let mut cost = 6.0 + qualified.len() as f32 / 4.0;
        if !named.insert((entry.file, qualified)) {
            value *= w.p_again;
        }
        if headed.insert(entry.file) {
            cost += header;
        }
        if entry.kind.is_none() {
            value = 0.0;
        }
        if entry.kind.is_some() {
            steps.push(Step {
                file: entry.file,
                what: What::Name(*unit),
                ratio: ratio(value, cost),
            });
        }
        if rank < REGIONS {
            let lines = lines
                .entry(entry.file)
                .or_insert_with(|| store.text(entry.file).lines().collect());
            for (first, last, share, bytes) in regions(store, *unit, &entry, ranking, w, lines) {
                let value = w.p_region * worth * share;
                let cost = bytes as f32 / 3.6 + 4.0;
                steps.push(Step {
                    file: entry.file,
                    what: What::Region(Region {
                        unit: *unit,
                        first,
                        last,
                    }),
                    ratio: ratio(value, cost),
                });
            }
        }
    }
    steps.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    Plan {
        steps,
        files: order,
        lines,
    }
}

/// The regions of a unit worth showing: first line, last line, the share of the unit's value
/// that they hold, and their size in bytes.
fn regions(
    store: &dyn Store,
    unit: u32,
    entry: &Unit,
    ranking: &Ranking,
    w: &Weights,
    lines: &[&str],
) -> Vec<(u32, u32, f32, usize)> {
    let own = own_lines(store, unit);
    let size = |first: u32, last: u32| -> usize {
        (first..=last)
            .filter_map(|line| lines.get(line as usize - 1))
            .map(|line| line.len() + 1)
            .sum()
    };
    let n_own = own.iter().map(|(a, b)| b - a + 1).sum::<u32>();
    let mut found = Vec::new();
    if n_own as f32 <= w.p_whole && own.len() == 1 {
        let (first, last) = own[0];
        return vec![(first, last, 1.0, size(first, last))];
    }
    // Scores of lines, smoothed.
    for (first, last) in &own {
        let count = (last - first + 1) as usize;
        let mut raw = vec![0.0_f32; count];
        for (at, score) in raw.iter_mut().enumerate() {
            let number = first + at as u32;
            let Some(line) = lines.get(number as usize - 1) else {
                continue;
            };
            let mut seen: Vec<String> = Vec::new();
            terms::words(line, |_, word| {
                terms::terms(word, |term| {
                    if let Some(weight) = ranking.line_terms.get(term)
                        && !seen.iter().any(|known| known == term)
                    {
                        *score += weight;
                        seen.push(term.to_owned());
                    }
                });
            });
            if ranking
                .lines
                .get(&entry.file)
                .is_some_and(|named| named.contains(&number))
            {
                *score += 30.0;
            }
        }
        let total: f32 = raw.iter().sum::<f32>() + 0.2 * count as f32;
        let window = (w.p_window as usize).min(count).max(1);
        let mut taken = vec![false; count];
        for _ in 0..3 {
            let mut best: Option<(usize, f32)> = None;
            for start in 0..=count - window {
                if (start..start + window).any(|at| taken[at]) {
                    continue;
                }
                let sum: f32 = raw[start..start + window].iter().sum();
                if best.is_none_or(|(_, known)| sum > known) {
                    best = Some((start, sum));
                }
            }
            let Some((start, sum)) = best else { break };
            taken[start..start + window].fill(true);
            let share_lines = window as f32 / n_own as f32;
            let share = w.p_cover * share_lines
                + (1.0 - w.p_cover) * sum / total * (count as f32 / n_own as f32);
            let (a, b) = (first + start as u32, first + (start + window - 1) as u32);
            found.push((a, b, share, size(a, b)));
        }
    }
    found
}

/// The lines of a unit that belong to no unit inside it.
fn own_lines(store: &dyn Store, unit: u32) -> Vec<(u32, u32)> {
    let entry = store.unit(unit);
    let (_, end) = store.file(entry.file).units;
    let mut at = entry.doc_line.max(1);
    let mut found = Vec::new();
    for child in (unit + 1..end).map(|child| store.unit(child)) {
        if child.lines.start > entry.lines.end {
            break;
        }
        if child.parent != Some(unit) || child.lines.start == child.lines.end {
            continue;
        }
        if child.doc_line > at {
            found.push((at, child.doc_line - 1));
        }
        at = at.max(child.lines.end + 1);
    }
    if at <= entry.lines.end {
        found.push((at, entry.lines.end));
    }
    // A lone closing bracket or a blank line between methods is nothing to show.
    if found.len() > 1 {
        found.retain(|(a, b)| b - a >= 2);
    }
    found
}
