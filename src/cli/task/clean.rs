//! `ctx clean`

use super::open_repaired;
use super::times::{bytes, duration};
use crate::cli::Answer;
use crate::error::Error;
use crate::task::clean;
use crate::workspace::Workspace;
use std::time::Duration;

/// Forget tasks that are over, with their output
///
/// Tasks that are not over are never touched, nor those that one waits for.
#[derive(clap::Args)]
pub struct Args {
    /// Only those that ended longer ago than this
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "7d")]
    older: Duration,
    /// All that are over
    #[arg(long, conflicts_with = "older")]
    all: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let older = if args.all { Duration::ZERO } else { args.older };
    let cleaned = clean::clean(&store, older)?;
    let noun = if cleaned.n_tasks == 1 {
        "task"
    } else {
        "tasks"
    };
    let mut text = format!(
        "forgot {} {noun}, freed {}",
        cleaned.n_tasks,
        bytes(cleaned.bytes)
    );
    if cleaned.n_rubbish > 0 {
        text.push_str(&format!(
            "; removed {} folders that belonged to none",
            cleaned.n_rubbish
        ));
    }
    text.push('\n');
    Ok(Answer::shown(text))
}
