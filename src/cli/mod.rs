//! The command line: arguments to requests, results to text.
//!
//! Every command is one file with its arguments and a `run` that returns an [`Answer`]. Only
//! [`output`] writes to the terminal.

mod args;
mod budget;
mod completions;
mod config;
mod diff;
mod digest;
mod index;
mod languages;
mod ledger;
mod map;
mod outline;
mod output;
mod progress;
mod read;
mod search;
mod select;
mod session;
mod summary;
mod symbol;
#[cfg(unix)]
mod task;
mod tokens;
mod tree;
#[cfg(not(unix))]
mod unsupported;

use crate::error::Error;
use crate::workspace::Workspace;
use clap::{CommandFactory as _, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Spend a context window on what matters: token-budgeted views of code.
///
/// Every answer fits its budget (`--budget`, 4,000 tokens unless set) and says what it left
/// out, what that costs and how to see it.
#[derive(Parser)]
#[command(
    name = "ctx",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Cli {
    /// Act on the workspace around DIR instead of the current folder
    #[arg(
        short = 'C',
        long = "repo",
        value_name = "DIR",
        global = true,
        help_heading = "Global options"
    )]
    repo: Option<PathBuf>,
    /// Override a setting for this call, as KEY=VALUE (`ctx config --show` lists them)
    #[arg(
        long = "config",
        value_name = "KEY=VALUE",
        global = true,
        help_heading = "Global options"
    )]
    options: Vec<String>,
    /// The session that asks ($CTX_SESSION): what it was shown already is not shown again
    #[arg(long, value_name = "ID", global = true, hide = true)]
    session: Option<String>,
    /// Show an answer that this session was shown already once more
    #[arg(long, global = true, hide = true)]
    again: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Files and their symbols, with lines and costs
    Outline(outline::Args),
    /// Files, line ranges or symbols, verbatim
    Read(read::Args),
    /// The output of any tool, fitted to a budget
    Digest(digest::Args),
    /// Ranked places for an issue's text, an error, words or an identifier
    Search(search::Args),
    /// The index behind the views: bring it up to date, look at it, rebuild it
    Index(index::Args),
    /// The repository at a glance: purpose, entry points, layout, the symbols that matter most
    Map(map::Args),
    /// A symbol: its definition, and who has to do with it
    Symbol(symbol::Args),
    /// What changed: by file, by symbol, by hunk
    Diff(diff::Args),
    /// A file, folder or project in short
    Summary(summary::Args),
    /// What a session's context was spent on; what files cost in tokens, like `du`
    Budget(budget::Args),
    /// What an agent's session did, and notes that survive it
    Session(session::Args),
    /// Count the tokens of a file or of standard input
    Tokens(tokens::Args),
    #[cfg(unix)]
    #[command(flatten)]
    Task(task::Command),
    #[cfg(not(unix))]
    #[command(external_subcommand)]
    Other(Vec<std::ffi::OsString>),
    /// The languages that can be outlined
    Languages(languages::Args),
    /// Settings in force, and where each comes from
    Config(config::Args),
    /// Shell completions
    Completions(completions::Args),
    /// Manual pages
    Man(completions::ManArgs),
}

/// What a command found, ready to be written.
struct Answer {
    text: String,
    status: u8,
}

impl Answer {
    /// An answer that shows something.
    fn shown(text: String) -> Answer {
        Answer { text, status: 0 }
    }
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    #[cfg(unix)]
    if let Some(status) = task::hidden(&std::env::args_os().take(4).collect::<Vec<_>>()) {
        return ExitCode::from(status);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    match answer(cli) {
        Ok(answer) => output::answer(&answer),
        Err(error) => output::error(&error),
    }
}

fn answer(cli: Cli) -> Result<Answer, Error> {
    let mut workspace = match &cli.command {
        // These need no settings, and must work where the settings are broken.
        Command::Completions(args) => return completions::run(args, Cli::command()),
        Command::Man(args) => return completions::man(args, Cli::command()),
        _ => Workspace::open(cli.repo.as_deref(), cli.options)?,
    };
    workspace.session = cli.session.or(workspace.session);
    for warning in &workspace.config.warnings {
        output::warning(warning);
    }
    let seen = |answer: Result<Answer, Error>| ledger::pass(&workspace, answer?, cli.again);
    match cli.command {
        Command::Outline(args) => seen(outline::run(&workspace, &args)),
        Command::Read(args) => seen(read::run(&workspace, &args)),
        Command::Digest(args) => digest::run(&workspace, &args),
        Command::Search(args) => seen(search::run(&workspace, &args)),
        Command::Index(args) => index::run(&workspace, &args),
        Command::Map(args) => seen(map::run(&workspace, &args)),
        Command::Symbol(args) => seen(symbol::run(&workspace, &args)),
        Command::Diff(args) => seen(diff::run(&workspace, &args)),
        Command::Summary(args) => seen(summary::run(&workspace, &args)),
        Command::Budget(args) => budget::run(&workspace, &args),
        #[cfg(unix)]
        Command::Task(command) => task::run(&workspace, command),
        #[cfg(not(unix))]
        Command::Other(words) => unsupported::run(&words),
        Command::Session(args) => session::run(&workspace, &args),
        Command::Tokens(args) => tokens::run(&workspace, &args),
        Command::Languages(args) => languages::run(&args),
        Command::Config(args) => config::run(&workspace, &args),
        Command::Completions(_) | Command::Man(_) => unreachable!("answered above"),
    }
}
