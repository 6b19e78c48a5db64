//! `ctx retry`

use super::report::Reporter;
use super::times::duration;
use super::{follow, open_repaired, report};
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::find;
use crate::task::start::{self, Request};
use crate::workspace::Workspace;
use std::time::Duration;

/// Run again what a task ran, as a new task
///
/// With everything that was asked of it but the tasks it waited for. Values of variables are
/// never stored: what was given with `--env KEY=VALUE` is taken from here.
#[derive(clap::Args)]
pub struct Args {
    /// The task, by id, the beginning of one, or name
    #[arg(value_name = "ID")]
    id: String,
    /// Return at once, with the id
    #[arg(long, conflicts_with_all = ["fg", "wait"])]
    bg: bool,
    /// Wait until it is over
    #[arg(long, conflicts_with = "wait")]
    fg: bool,
    /// Wait this long, then leave it in the background
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    /// Set a variable again
    #[arg(long, value_name = "KEY=VALUE")]
    env: Vec<String>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let earlier = find::task(&store, &args.id)?;
    let mut spec = report::spec(&store, &earlier)?;
    if spec.worktree.is_some() {
        return Err(Error::bad_request(format!(
            "task {} ran in a worktree that is gone",
            earlier.id
        ))
        .hint("`ctx run --speculative --worktree -- COMMAND` makes a new one"));
    }
    let variables = follow::variables(&args.env)?;
    let is_set = |name: &String| {
        variables.iter().any(|(given, _)| given == name) || std::env::var_os(name).is_some()
    };
    if let Some(missing) = spec.env.iter().find(|name| !is_set(name)) {
        return Err(Error::bad_request(format!(
            "task {} was given `{missing}`, whose value is not stored",
            earlier.id
        ))
        .hint(format!("`ctx retry {} --env {missing}=VALUE`", earlier.id)));
    }
    spec.retry_of = Some(earlier.id);
    spec.speculative = false;
    let task = start::start(
        &store,
        &Request {
            spec,
            needs: Vec::new(),
            variables,
            tree: None,
        },
    )?;
    follow::follow(
        &reporter,
        &task,
        follow::Patience::of(args.bg, args.fg, args.wait),
    )
}
