//! `ctx status --watch`: a table for people, redrawn as tasks go on.

use super::report::elapsed;
use super::{tasks, times};
use crate::error::Error;
use crate::task::store::{Store, Task};
use crate::task::{estimate, output, progress};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::time::Duration;

/// How often it is redrawn.
const REDRAW: Duration = Duration::from_millis(500);

/// Shows the tasks with these ids, or all that are not over, until none of them runs.
///
/// # Errors
/// The database cannot be read.
pub fn watch(store: &Store, ids: &[String]) -> Result<(), Error> {
    let table = MultiProgress::new();
    let mut bars: HashMap<String, ProgressBar> = HashMap::new();
    loop {
        let shown = if ids.is_empty() {
            store.live()?
        } else {
            of(store, ids)?
        };
        for (id, bar) in &bars {
            if let Some(task) = store.task(id)?.filter(|task| task.state.end().is_some()) {
                bar.finish_with_message(tasks::row(&task));
            }
        }
        let live: Vec<&Task> = shown
            .iter()
            .filter(|task| task.state.end().is_none())
            .collect();
        for task in &live {
            let bar = bars.entry(task.id.clone()).or_insert_with(|| {
                let bar = table.add(ProgressBar::new(100));
                if let Ok(style) = ProgressStyle::with_template("{bar:20} {percent:>3}% {wide_msg}")
                {
                    bar.set_style(style);
                }
                bar
            });
            draw(store, task, bar);
        }
        if live.is_empty() {
            return Ok(());
        }
        std::thread::sleep(REDRAW);
        crate::task::recover::repair(store)?;
    }
}

fn of(store: &Store, ids: &[String]) -> Result<Vec<Task>, Error> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(store.task(id)?);
    }
    Ok(found)
}

/// How far the output says it is, or else how far earlier runs say.
fn draw(store: &Store, task: &Task, bar: &ProgressBar) {
    let lines = output::tail(&store.folder(&task.id), task.offset, 5, 8 << 10).unwrap_or_default();
    let told = lines
        .iter()
        .rev()
        .find_map(|line| progress::percent(line))
        .map(u64::from);
    let usual = estimate::estimate(store, task).ok().flatten();
    let guessed = usual.map(|usual| {
        let part = elapsed(task).as_secs_f64() / usual.p50.as_secs_f64().max(0.1);
        (part * 100.0).min(99.0) as u64
    });
    bar.set_position(told.or(guessed).unwrap_or(0));
    let last = lines.last().map_or("", |line| line.trim());
    bar.set_message(format!(
        "{} {} {}  {last}",
        task.label(),
        task.state,
        times::shown(elapsed(task))
    ));
}
