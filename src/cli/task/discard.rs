//! `ctx discard`

use super::open_repaired;
use crate::cli::Answer;
use crate::error::Error;
use crate::task::{cancel, find};
use crate::workspace::Workspace;

/// Give up a speculative task: it is ended, and its result never counts
#[derive(clap::Args)]
pub struct Args {
    /// The task, by id, the beginning of one, or name
    #[arg(value_name = "ID")]
    id: String,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let task = find::task(&store, &args.id)?;
    if task.speculation.is_none() {
        return Err(
            Error::bad_request(format!("task {} is not speculative", task.id))
                .hint(format!("`ctx cancel {}` ends it", task.id)),
        );
    }
    if task.state.end().is_none() {
        cancel::cancel(&store, std::slice::from_ref(&task.id))?;
    }
    store.change(|change| change.set_speculation(&task.id, "discarded"))?;
    Ok(Answer::shown(format!("{}: discarded\n", task.id)))
}
