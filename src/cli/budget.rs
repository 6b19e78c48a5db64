//! `ctx budget`

use super::Answer;
use super::args::Fit;
use crate::code::budget::{self, BudgetRequest};
use crate::code::files::WalkOptions;
use crate::error::Error;
use crate::shell;
use crate::view::Level;
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What files and folders cost in tokens, like `du`
///
/// Largest first: tokens, share of the whole, path.
#[derive(clap::Args)]
pub struct Args {
    /// Files, folders and globs; the whole workspace if none
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    fit: Fit,
    /// Show at most this many levels of folders
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let request = BudgetRequest {
        paths: args.paths.clone(),
        depth: args.depth,
        walk: WalkOptions {
            respect_ignores: workspace.config.switch("code.respect_ignores"),
            skip_hidden: workspace.config.switch("code.skip_hidden"),
        },
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        command: typed(workspace, args),
    };
    let view = budget::budget(&workspace.root, &workspace.base, &request, &counter);
    if view.items.iter().all(|item| item.kind == "note") {
        let mut error = match view.items.is_empty() {
            true => Error::nothing_found("no files to count")
                .hint("ignored and hidden files are left out; `--config code.respect_ignores=false` shows them"),
            false => Error::bad_request("nothing could be counted"),
        };
        error.causes.extend(view.items.iter().take(10).map(|item| {
            view.text(item, Level::Name)
                .trim_start_matches("note: ")
                .to_owned()
        }));
        return Err(error);
    }
    let budget = args.fit.budget(workspace);
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

/// The command as it was typed, without its budget.
fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} budget", workspace.program);
    for path in &args.paths {
        let _ = write!(typed, " {}", shell::path(&path.to_string_lossy()));
    }
    if let Some(depth) = args.depth {
        let _ = write!(typed, " --depth {depth}");
    }
    typed.push_str(&args.fit.typed());
    typed
}
