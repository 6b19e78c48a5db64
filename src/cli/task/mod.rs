//! The commands about tasks, one file each, and what they share: the database, durations, the
//! texts about a task.

mod cancel;
mod clean;
mod confirm;
mod discard;
mod doctor;
mod follow;
mod list;
mod output;
mod report;
mod retry;
mod run;
mod status;
mod tasks;
mod times;
mod wait;
mod watch;

use super::Answer;
use crate::error::Error;
use crate::sys::state;
use crate::task::spec::Spec;
use crate::task::store::Store;
use crate::task::{notify, recover};
use crate::tokens::Tokens;
use crate::workspace::Workspace;
use clap::Subcommand;

/// The commands about tasks.
#[derive(Subcommand)]
pub enum Command {
    /// Run a command as a task: its end digested, or its id when it takes longer
    Run(Box<run::Args>),
    /// What tasks are doing, what is new, and when to look again
    Status(status::Args),
    /// Wait for the end of tasks
    Wait(wait::Args),
    /// What a task printed: digested, or lines of it
    Output(output::Args),
    /// End tasks and all their processes
    Cancel(cancel::Args),
    /// Run again what a task ran, as a new task
    Retry(retry::Args),
    /// Take the result of a speculative task, or run it if something changed
    Confirm(confirm::Args),
    /// Give up a speculative task
    Discard(discard::Args),
    /// Forget tasks that are over, with their output
    Clean(clean::Args),
    /// Look for lost tasks, stale locks and orphans, and repair them
    Doctor(doctor::Args),
    /// The tasks of this workspace, the latest first
    Tasks(tasks::Args),
}

pub fn run(workspace: &Workspace, command: Command) -> Result<Answer, Error> {
    match command {
        Command::Run(args) => run::run(workspace, &args),
        Command::Status(args) => status::run(workspace, &args),
        Command::Wait(args) => wait::run(workspace, &args),
        Command::Output(args) => output::run(workspace, &args),
        Command::Cancel(args) => cancel::run(workspace, &args),
        Command::Retry(args) => retry::run(workspace, &args),
        Command::Confirm(args) => confirm::run(workspace, &args),
        Command::Discard(args) => discard::run(workspace, &args),
        Command::Clean(args) => clean::run(workspace, &args),
        Command::Doctor(args) => doctor::run(workspace, &args),
        Command::Tasks(args) => tasks::run(workspace, &args),
    }
}

/// What this program does when it was started by itself: no command line is parsed for it.
pub fn hidden(arguments: &[std::ffi::OsString]) -> Option<u8> {
    let folder = std::path::Path::new(arguments.get(2)?);
    match arguments.get(1)?.to_str()? {
        crate::task::HIDDEN => {
            let asks = arguments.get(3).is_some_and(|word| word == "ask");
            Some(crate::task::supervise::run(folder, asks))
        }
        crate::task::NOTIFY => Some(u8::from(notify(folder).is_err())),
        _ => None,
    }
}

/// Runs the command of `--notify` for the task in `folder`.
fn notify(folder: &std::path::Path) -> Result<(), Error> {
    let failed = |error| Error::failed("`--notify` cannot be run").because(error);
    let spec = Spec::read(folder).map_err(failed)?;
    let workspace = Workspace::open(Some(&spec.root), Vec::new())?;
    let state = folder
        .parent()
        .and_then(std::path::Path::parent)
        .unwrap_or(folder);
    let store = Store::open(state)?;
    let id = folder.file_name().unwrap_or_default().to_string_lossy();
    let Some(task) = store.task(&id)? else {
        return Ok(());
    };
    let fit = super::args::Fit {
        budget: Some(Tokens(1000)),
        model: None,
        json: false,
    };
    let digest = report::Reporter::new(&workspace, &store, &fit)?.full(&task);
    notify::run(&spec, &task, &digest).map_err(failed)
}

/// The tasks of this workspace, made if there are none yet.
fn open(workspace: &Workspace) -> Result<Store, Error> {
    let folder = state::folder(&workspace.root).map_err(|error| {
        Error::failed(format!(
            "no folder for tasks in `{}`",
            workspace.root.display()
        ))
        .because(error)
        .hint("`ctx -C DIR` acts on another workspace")
    })?;
    // As the system names it where it tells which files a process has open.
    let folder = folder.canonicalize().unwrap_or(folder);
    Ok(Store::open(&folder)?)
}

/// The tasks of this workspace, repaired; an error that says how to start one when there are none.
fn open_repaired(workspace: &Workspace) -> Result<Store, Error> {
    if state::existing(&workspace.root).is_none_or(|folder| !folder.join("ctx.db").is_file()) {
        return Err(Error::nothing_found(format!(
            "no task was started in `{}` yet",
            workspace.root.display()
        ))
        .hint("`ctx run -- COMMAND` starts one"));
    }
    let store = open(workspace)?;
    recover::repair(&store)?;
    Ok(store)
}
