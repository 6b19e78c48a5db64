//! `ctx cancel`

use super::list::{self, List};
use super::open_repaired;
use super::report::Reporter;
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::store::Task;
use crate::task::{cancel, find};
use crate::workspace::Workspace;

/// End tasks and all their processes
///
/// Returns when nothing of them is left: SIGTERM to all, SIGKILL after `--kill-after`.
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, by id, the beginning of one, or name
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// All tasks that are not over
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let tasks: Vec<Task> = match args.all {
        true => store.live()?,
        false => args
            .ids
            .iter()
            .map(|id| find::task(&store, id))
            .collect::<Result<_, _>>()?,
    };
    if tasks.is_empty() {
        return Err(Error::nothing_found("no task runs or waits")
            .hint("`ctx tasks` lists those that are over"));
    }
    let mut ids: Vec<String> = tasks.into_iter().map(|task| task.id).collect();
    ids.dedup();
    let tasks = cancel::cancel(&store, &ids)?;
    let rows = tasks
        .iter()
        .map(|task| {
            if reporter.is_json() {
                reporter.object(task)
            } else {
                super::tasks::row(task)
            }
        })
        .collect();
    let command = format!("{} tasks", workspace.program);
    let list = List {
        name: "cancel",
        rows,
        unread: 0,
        noun: ("task", "tasks"),
        command,
    };
    let is_left = tasks
        .iter()
        .any(|task| task.state.end().is_none() || task.has_orphans);
    Ok(Answer {
        text: list::show(&reporter, &list)?,
        status: if is_left { 2 } else { 0 },
    })
}
