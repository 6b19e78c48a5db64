//! `ctx session`

mod source;
mod summarize;

use super::Answer;
use crate::error::Error;
use crate::workspace::Workspace;

/// What a session did: summaries of transcripts, and notes that survive it
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// What was asked, done, broken and left to do, read from an agent's transcript
    Summarize(summarize::Args),
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    match &args.command {
        Command::Summarize(args) => summarize::run(workspace, args),
    }
}
