//! `ctx tasks`

use super::list::{self, List};
use super::report::{Reporter, duration, elapsed};
use super::{open_repaired, times};
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::secrets;
use crate::task::store::Task;
use crate::workspace::Workspace;

/// The tasks of this workspace, the latest first
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    // No row costs less than a few tokens.
    let most = usize::try_from(reporter.budget.0 / 6)
        .unwrap_or(usize::MAX)
        .max(1);
    let tasks = store.latest(most)?;
    let unread = store.count()?.saturating_sub(tasks.len());
    let rows = match reporter.is_json() {
        true => tasks.iter().map(|task| reporter.object(task)).collect(),
        false => tasks.iter().map(row).collect(),
    };
    let command = format!("{} tasks{}", workspace.program, args.fit.typed());
    let list = List {
        name: "tasks",
        rows,
        unread,
        noun: ("task", "tasks"),
        command,
    };
    Ok(Answer::shown(list::show(&reporter, &list)?))
}

/// One line about a task.
pub fn row(task: &Task) -> String {
    let name = task
        .name
        .as_ref()
        .map_or(String::new(), |name| format!(" ({name})"));
    let time = times::shown(duration(task).unwrap_or_else(|| elapsed(task)));
    format!(
        "{}{name}  {}  {time}  {}",
        task.id,
        task.state,
        short(&task.command, 80)
    )
}

/// The first line of a command, cut to `most` characters, without secrets.
pub fn short(command: &str, most: usize) -> String {
    let command = &secrets::redact(command);
    let line = command.lines().next().unwrap_or("");
    let is_cut = line.chars().count() > most || command.lines().nth(1).is_some();
    let cut: String = line.chars().take(most).collect();
    if is_cut { format!("{cut}…") } else { cut }
}
