//! `ctx read`

use super::Answer;
use super::args::{Fit, too_small_error};
use crate::code::files::{self, WalkOptions};
use crate::code::read::{self, ReadRequest, Target};
use crate::code::syntax::Limits;
use crate::error::Error;
use crate::shell;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

/// Files, line ranges or symbols, verbatim
///
/// What does not fit the budget is left out from the end, and named with the command that
/// reads it.
#[derive(clap::Args)]
pub struct Args {
    /// PATH, PATH:START-END, PATH:LINE or PATH#SYMBOL
    #[arg(value_name = "PATH[:A-B|#SYMBOL]", required = true)]
    targets: Vec<OsString>,
    #[command(flatten)]
    fit: Fit,
    /// Replace the bodies of functions by `…` and their lines
    #[arg(long)]
    skeleton: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let config = &workspace.config;
    let exists = |path: &Path| {
        let location = files::locate(&workspace.root, &workspace.base, path);
        location.symlink_metadata().is_ok()
    };
    let targets: Result<Vec<Target>, String> = args
        .targets
        .iter()
        .map(|typed| Target::parse(typed, exists))
        .collect();
    let request = ReadRequest {
        targets: targets.map_err(Error::bad_request)?,
        skeleton: args.skeleton,
        walk: WalkOptions {
            respect_ignores: config.switch("code.respect_ignores"),
            skip_hidden: config.switch("code.skip_hidden"),
        },
        limits: Limits {
            max_bytes: usize::try_from(config.integer("code.max_parse_bytes"))
                .unwrap_or(usize::MAX),
            ..Limits::default()
        },
        max_file_bytes: config.integer("code.max_file_bytes"),
        command: format!("{} read", workspace.program),
    };
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let (parts, notes) = read::read(&workspace.root, &workspace.base, &request)?;
    let fitted = read::fit(
        &parts,
        &notes,
        &request.command,
        args.fit.format(),
        &counter,
        budget,
    )
    .map_err(|too_small| too_small_error(too_small, &typed(args, &request.command)))?;
    Ok(Answer::shown(fitted.text))
}

fn typed(args: &Args, command: &str) -> String {
    let mut typed = command.to_owned();
    for target in &args.targets {
        let _ = write!(typed, " {}", shell::path(&target.to_string_lossy()));
    }
    if args.skeleton {
        typed.push_str(" --skeleton");
    }
    typed.push_str(&args.fit.typed());
    typed
}
