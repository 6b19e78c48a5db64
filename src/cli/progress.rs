//! Progress of a first index, on standard error and only where that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::OnceLock;

/// Fewer files than this are read before anybody could look.
const MANY: usize = 500;

/// A bar that appears when there is much to read.
pub struct Progress {
    bar: OnceLock<ProgressBar>,
    is_terminal: bool,
}

impl Progress {
    /// Nothing is shown yet.
    pub fn new() -> Progress {
        Progress {
            bar: OnceLock::new(),
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// `done` of `total` files are read.
    pub fn show(&self, done: usize, total: usize) {
        if !self.is_terminal || total < MANY {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style =
                ProgressStyle::with_template("indexing {wide_bar} {pos}/{len} files, {eta} left");
            let bar = ProgressBar::new(total as u64);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_position(done as u64);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
