//! `ctx map`

use super::Answer;
use super::args::{Fit, Part};
use super::tree::graph;
use crate::code::files;
use crate::code::git::Git;
use crate::code::map::{Focus, MapRequest, map};
use crate::error::Error;
use crate::shell;
use crate::workspace::Workspace;
use std::fmt::Write as _;

/// The repository at a glance: purpose, entry points, layout, the symbols that matter most
///
/// Symbols are ranked by who uses them; the same bytes every run, and a small edit moves few
/// lines.
#[derive(clap::Args)]
pub struct Args {
    /// Favor what is near X: a path, a pattern, a symbol, the text of a query, or `changes` for
    /// what git says is changed
    #[arg(long, value_name = "X")]
    focus: Vec<String>,
    #[command(flatten)]
    fit: Fit,
    #[command(flatten)]
    part: Part,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let request = MapRequest {
        focus: args
            .focus
            .iter()
            .map(|focus| of(workspace, focus))
            .collect::<Result<_, _>>()?,
        scope: args.part.scope()?,
        command: typed(workspace, args),
    };
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let (graph, problems) = graph(workspace);
    let view = map(&graph, &request, &problems);
    if view.items.iter().all(|item| item.kind == "note") && view.unlisted.is_empty() {
        return Err(Error::nothing_found("there is nothing to map here")
            .hint("ignored and hidden files are left out; `--config code.respect_ignores=false` shows them"));
    }
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn of(workspace: &Workspace, focus: &str) -> Result<Focus, Error> {
    if focus == "changes" {
        return Ok(Focus::Files {
            name: focus.to_owned(),
            paths: changed(workspace)?,
        });
    }
    let location = files::locate(&workspace.root, &workspace.base, focus.as_ref());
    if !location.exists() {
        return Ok(Focus::Text(focus.to_owned()));
    }
    let shown = files::shown(&workspace.root, &location);
    Ok(Focus::Text(match shown.as_str() {
        "." => "**".to_owned(),
        _ => shown,
    }))
}

/// The files that differ from the last commit, staged or not, and those git does not know yet.
fn changed(workspace: &Workspace) -> Result<Vec<String>, Error> {
    let failed =
        |error| Error::bad_request("`--focus changes` needs to know what changed").because(error);
    let git = Git::open(&workspace.root).map_err(failed)?;
    let status = git
        .run([
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--untracked-files=all",
        ])
        .map_err(failed)?;
    let top = git.top.clone().unwrap_or_else(|| workspace.root.clone());
    let entries = status.bytes.split(|byte| *byte == 0);
    let paths = entries.filter_map(|entry| {
        let path = String::from_utf8_lossy(entry.get(3..)?).into_owned();
        Some(files::shown(&workspace.root, &top.join(path)))
    });
    Ok(paths.collect())
}

/// The command as it was typed, without its budget.
fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} map", workspace.program);
    for focus in &args.focus {
        let _ = write!(typed, " --focus {}", shell::quoted(focus));
    }
    typed.push_str(&args.part.typed());
    typed.push_str(&args.fit.typed());
    typed
}
