//! `ctx diff`

use super::Answer;
use super::args::{Fit, Part, limits, walk_options};
use crate::code::diff::{self, DiffError, DiffRequest};
use crate::code::git::GitError;
use crate::error::Error;
use crate::shell;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::fmt::Write as _;

/// What changed: by file, by symbol, by hunk
///
/// Without a revision, the work tree with its untracked files against HEAD. Each line gives the
/// lines in the new file, what happened, and after `+` the tokens of its hunks.
#[derive(clap::Args)]
pub struct Args {
    /// REV, A..B, A...B (from their merge base), files and folders
    #[arg(value_name = "REV | A..B | PATH")]
    words: Vec<OsString>,
    /// Files and folders, whatever they are called
    #[arg(last = true, value_name = "PATH")]
    paths: Vec<OsString>,
    /// Compare what is staged instead of the work tree
    #[arg(long, visible_alias = "cached")]
    staged: bool,
    #[command(flatten)]
    part: Part,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let request = request(workspace, args)?;
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let view = diff::diff(&workspace.root, &workspace.base, &request, &counter)
        .map_err(|error| told(error, workspace))?;
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn request(workspace: &Workspace, args: &Args) -> Result<DiffRequest, Error> {
    Ok(DiffRequest {
        words: args.words.clone(),
        paths: args.paths.clone(),
        is_staged: args.staged,
        scope: args.part.scope()?,
        walk: walk_options(workspace),
        limits: limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        command: typed(workspace, args),
    })
}

fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} diff", workspace.program);
    if args.staged {
        typed.push_str(" --staged");
    }
    typed.push_str(&args.part.typed());
    for word in &args.words {
        let _ = write!(typed, " {}", shell::path(&word.to_string_lossy()));
    }
    for path in &args.paths {
        // The budget is written at the end, where `--` would make it a path.
        let path = std::path::Path::new(".").join(path);
        let _ = write!(typed, " {}", shell::path(&path.to_string_lossy()));
    }
    typed.push_str(&args.fit.typed());
    typed
}

/// The error a user sees, with what to type next.
fn told(error: DiffError, workspace: &Workspace) -> Error {
    let program = &workspace.program;
    let message = error.to_string();
    match error {
        DiffError::Git(GitError::NoRepository(_)) => Error::bad_request(message)
            .hint(format!(
                "`git init` makes one; `{program} outline` needs none"
            ))
            .hint("`ctx -C DIR diff` looks in another folder"),
        DiffError::Git(GitError::NoProgram(_)) => {
            Error::failed(message).hint("install git; `ctx diff` asks it for the changes")
        }
        DiffError::Git(GitError::Failed { .. }) => Error::failed(message),
        DiffError::NeitherRevisionNorPath(_) => Error::bad_request(message)
            .hint("`git log --oneline -10` lists revisions; `git branch -a` lists branches"),
        DiffError::Ambiguous(word) => Error::bad_request(message).hint(format!(
            "`{program} diff {word}..` for the revision, `{program} diff -- {word}` for the path"
        )),
        DiffError::NoMergeBase(from, to) => {
            Error::bad_request(message).hint(format!("`{program} diff {from}..{to}`"))
        }
        DiffError::StagedRange => {
            Error::bad_request(message).hint(format!("`{program} diff --staged HEAD~1`"))
        }
        DiffError::Bare => {
            Error::bad_request(message).hint(format!("`{program} diff HEAD~1..HEAD`"))
        }
        DiffError::Same(_) => Error::nothing_found(message).hint(format!(
            "`{program} diff HEAD~1..HEAD` shows the last commit"
        )),
    }
}
