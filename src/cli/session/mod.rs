//! `ctx session`

mod lost;
pub mod source;
mod state;
mod summarize;

use super::Answer;
use crate::error::Error;
use crate::session::state::List;
use crate::workspace::Workspace;

/// What an agent's session did, read from its transcript, and notes that survive it
///
/// `--session ID`, or $CTX_SESSION, names the session that notes go to; without, it is the one
/// started last that has not ended. Any command that is given a session answers "unchanged" in
/// one line where it was shown the same before; `--again` shows it.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// What was asked, done, broken and left to do, read from an agent's transcript
    Summarize(summarize::Args),
    /// What the newest compaction dropped, as a note to put back
    Lost(lost::Args),
    /// Begin a session that keeps its state
    Start(state::StartArgs),
    /// Write down what was found
    Note(state::AddArgs),
    /// Write down what is done
    Done(state::AddArgs),
    /// Set what is worked on now
    Focus(state::AddArgs),
    /// Write down what stands in the way
    Block(state::AddArgs),
    /// Write down what comes next
    Next(state::AddArgs),
    /// Write down what whoever goes on must know
    Instruct(state::AddArgs),
    /// What a session holds
    Show(state::ShowArgs),
    /// End a session
    End,
    /// All sessions
    List(state::ListArgs),
    /// Go on with an ended session, and show it
    Resume(state::ShowArgs),
    /// Write a session as JSON, for another machine or agent
    Export,
    /// Take in an exported session; what is there already stays
    Import(state::ImportArgs),
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    match &args.command {
        Command::Summarize(args) => summarize::run(workspace, args),
        Command::Lost(args) => lost::run(workspace, args),
        Command::Start(args) => state::start(workspace, args),
        Command::Note(args) => state::add(workspace, args, Some(List::Findings)),
        Command::Done(args) => state::add(workspace, args, Some(List::Completed)),
        Command::Focus(args) => state::add(workspace, args, None),
        Command::Block(args) => state::add(workspace, args, Some(List::Blockers)),
        Command::Next(args) => state::add(workspace, args, Some(List::NextSteps)),
        Command::Instruct(args) => state::add(workspace, args, Some(List::Instructions)),
        Command::Show(args) => state::show(workspace, args),
        Command::End => state::end(workspace),
        Command::List(args) => state::list(workspace, args),
        Command::Resume(args) => state::resume(workspace, args),
        Command::Export => state::export(workspace),
        Command::Import(args) => state::import(workspace, args),
    }
}
