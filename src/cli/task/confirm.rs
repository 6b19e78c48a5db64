//! `ctx confirm`

use super::report::Reporter;
use super::times::duration;
use super::{follow, open_repaired, report};
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::find;
use crate::workspace::Workspace;
use std::time::Duration;

/// Take the result of a speculative task if nothing it may have read has changed, else run it
///
/// Exit status: the command's own, as of `ctx run`.
#[derive(clap::Args)]
pub struct Args {
    /// The task, by id, the beginning of one, or name
    #[arg(value_name = "ID")]
    id: String,
    /// Return at once
    #[arg(long, conflicts_with_all = ["fg", "wait"])]
    bg: bool,
    /// Wait until it is over
    #[arg(long, conflicts_with = "wait")]
    fg: bool,
    /// Wait this long, then leave it in the background
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let task = find::task(&store, &args.id)?;
    match task.speculation.as_deref() {
        None => {
            return Err(Error::bad_request(format!(
                "task {} is not speculative: its result counts as it is",
                task.id
            ))
            .hint(format!("`ctx wait {}`", task.id)));
        }
        Some("discarded") => {
            return Err(
                Error::bad_request(format!("task {} was discarded", task.id))
                    .hint(format!("`ctx retry {}` runs it again", task.id)),
            );
        }
        Some(_) => {}
    }
    let patience = follow::Patience::of(args.bg, args.fg, args.wait);
    if let Some(answer) = follow::adopt(&reporter, &task, patience)? {
        return Ok(answer);
    }
    let mut spec = report::spec(&store, &task)?;
    if let Some(worktree) = spec.worktree.take() {
        spec.cwd = spec
            .cwd
            .strip_prefix(&worktree)
            .map_or_else(|_| spec.root.clone(), |below| spec.root.join(below));
    }
    spec.speculative = false;
    follow::instead(&reporter, spec, patience)
}
