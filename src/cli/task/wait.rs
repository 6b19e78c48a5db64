//! `ctx wait`

use super::list::{self, List};
use super::open_repaired;
use super::report::Reporter;
use super::times::duration;
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::find;
use crate::task::store::Task;
use crate::task::wait::{self, Until};
use crate::workspace::Workspace;
use std::time::Duration;

/// Wait for the end of tasks
///
/// Exit status: the task's own; of several, the first that is not 0; 0 when the time is up
/// before.
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, by id, the beginning of one, or name
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Wait for the first of them only
    #[arg(long)]
    any: bool,
    /// Wait at most this long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let mut ids = Vec::new();
    for typed in &args.ids {
        ids.push(find::task(&store, typed)?.id);
    }
    ids.dedup();
    let until = if args.any { Until::Any } else { Until::All };
    let mut tasks = wait::wait(&store, &ids, until, args.timeout)?;
    if args.any && tasks.iter().any(|task| task.state.end().is_some()) {
        tasks.retain(|task| task.state.end().is_some());
    }
    let status = tasks
        .iter()
        .map(status)
        .find(|status| *status != 0)
        .unwrap_or(0);
    let text = match tasks.as_slice() {
        [task] => reporter.full(task),
        tasks => {
            let row = |task: &Task| match (reporter.is_json(), task.state.end()) {
                (true, _) => reporter.object(task),
                (false, Some(_)) => super::tasks::row(task),
                (false, None) => reporter.brief(task, None),
            };
            let rows = tasks.iter().map(row).collect();
            let command = format!(
                "{} wait {}{}",
                workspace.program,
                ids.join(" "),
                args.fit.typed()
            );
            list::show(
                &reporter,
                &List {
                    name: "wait",
                    rows,
                    unread: 0,
                    noun: ("task", "tasks"),
                    command,
                },
            )?
        }
    };
    Ok(Answer { text, status })
}

fn status(task: &Task) -> u8 {
    task.state.end().map_or(0, |end| end.exit_status())
}
