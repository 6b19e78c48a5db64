//! Keeps no more symbols than a budget could show, over all files and while they are read. A
//! kernel has millions of them, and a view with a line for each would fill the memory.
//!
//! What is kept does not depend on the order in which files are finished: a symbol goes early
//! only when enough better ones are known, and the last cut counts all that are left.

use super::entries::Listed;
use super::file::FileOutline;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// The best symbols of all files so far, as many as may be kept.
pub(super) struct Cap {
    most: usize,
    /// What they are worth, the least on top.
    best: Mutex<BinaryHeap<Reverse<u32>>>,
    /// What a symbol must be worth to be among them.
    least: AtomicU32,
}

impl Cap {
    /// Keeps `most` symbols.
    pub fn new(most: usize) -> Cap {
        Cap {
            most,
            best: Mutex::new(BinaryHeap::new()),
            least: AtomicU32::new(0),
        }
    }

    /// Drops the symbols of a file that are surely not among the best. None is worth more than
    /// `ceiling`: the line of the file comes first.
    pub fn thin(&self, outline: &mut FileOutline, ceiling: f32) {
        let worth = worth(&outline.listed, ceiling);
        let least = self.raise(&worth);
        if worth.iter().any(|worth| *worth < least) {
            let is_kept: Vec<bool> = worth.iter().map(|worth| *worth >= least).collect();
            outline.retain(&is_kept);
        }
    }

    /// Takes note of more symbols; what one must be worth to be among the best of all so far.
    fn raise(&self, worth: &[u32]) -> u32 {
        let least = self.least.load(Ordering::Relaxed);
        if self.most == usize::MAX || worth.iter().all(|worth| *worth < least) {
            return least;
        }
        let mut best = self.best.lock().expect("no holder of the lock panics");
        for worth in worth.iter().filter(|worth| **worth >= least) {
            best.push(Reverse(*worth));
            if best.len() > self.most {
                best.pop();
            }
        }
        let least = match best.peek() {
            Some(Reverse(least)) if best.len() == self.most => *least,
            _ => 0,
        };
        self.least.store(least, Ordering::Relaxed);
        least
    }

    /// Drops all but the best; of equals, the first in the order of the files.
    pub fn cut<'a>(self, outlines: impl Iterator<Item = (&'a mut FileOutline, f32)>) {
        let least = self.least.into_inner();
        let best = self
            .best
            .into_inner()
            .expect("no holder of the lock panics");
        let mut room = best.iter().filter(|Reverse(worth)| *worth == least).count();
        if least == 0 {
            return;
        }
        for (outline, ceiling) in outlines {
            let mut is_kept = Vec::with_capacity(outline.listed.entries.len());
            for worth in worth(&outline.listed, ceiling) {
                let has_room = worth == least && room > 0;
                room -= usize::from(has_room);
                is_kept.push(worth > least || has_room);
            }
            if is_kept.contains(&false) {
                outline.retain(&is_kept);
            }
        }
    }
}

/// What each symbol is worth for its price, none more than what it stands in. Numbers that sort
/// as the values do, which are never negative.
fn worth(listed: &Listed, ceiling: f32) -> Vec<u32> {
    let mut worth: Vec<f32> = Vec::with_capacity(listed.entries.len());
    for entry in &listed.entries {
        let ceiling = entry
            .parent
            .map_or(ceiling, |parent| worth[parent as usize]);
        worth.push(entry.first_step(&listed.texts).min(ceiling).max(0.0));
    }
    worth.into_iter().map(f32::to_bits).collect()
}
