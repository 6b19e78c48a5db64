//! `ctx symbol`

use super::Answer;
use super::args::{Fit, Narrow};
use super::tree::graph;
use crate::code::graph::Graph;
use crate::code::outline::Tests;
use crate::code::scope::Scope;
use crate::code::symbol::{self, SymbolRequest, Target};
use crate::error::Error;
use crate::shell;
use crate::view::Level;
use crate::workspace::Workspace;
use clap::ValueEnum;

/// A symbol: its definition, and who has to do with it
///
/// Shows where it stands, its signature and documentation, and its text if it fits; of a type
/// that does not fit, its members. Uses are resolved by scope, import and name, and grouped by
/// how sure that is: certain, likely, by name. An ambiguous name gives the candidates, best
/// first.
#[derive(clap::Args)]
pub struct Args {
    /// `name`, `Container.name`, `path#name`, or `path:line` for what stands around a line
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    fit: Fit,
    /// Show at most this much of the definition; all of it if it fits when not given
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LevelArg>,
    /// Every use of it
    #[arg(long)]
    refs: bool,
    /// Who calls it
    #[arg(long)]
    callers: bool,
    /// What it calls
    #[arg(long)]
    callees: bool,
    /// The tests that cover it; with `only`, `also` or `no`: which definitions and uses are shown
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "")]
    tests: Vec<String>,
    #[command(flatten)]
    narrow: Narrow,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LevelArg {
    Name,
    Signature,
    Doc,
    Body,
}

impl LevelArg {
    fn level(self) -> Level {
        match self {
            LevelArg::Name => Level::Name,
            LevelArg::Signature => Level::Signature,
            LevelArg::Doc => Level::Doc,
            LevelArg::Body => Level::Body,
        }
    }
}

/// How many near names an error lists.
const NEAR: usize = 5;

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let asked = Asked::of(args)?;
    let request = request(workspace, args, &asked);
    let scope = args.narrow.scope(asked.which)?;
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let (graph, _) = graph(workspace);
    let found = symbol::find(&graph, &request.target, &scope);
    if found.is_empty() {
        return Err(unknown(workspace, &graph, &asked, &request.target, &scope));
    }
    let view = symbol::view(
        &graph,
        &found,
        &request,
        args.fit.format(),
        &counter,
        budget,
    );
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

/// What was asked for: `--tests` alone takes no value, so what follows it may be the name.
struct Asked {
    name: String,
    covered_by: bool,
    which: Tests,
}

impl Asked {
    fn of(args: &Args) -> Result<Asked, Error> {
        let mut names = args.names.clone();
        let mut asked = Asked {
            name: String::new(),
            covered_by: false,
            which: Tests::Also,
        };
        for word in &args.tests {
            match word.as_str() {
                "only" => asked.which = Tests::Only,
                "also" => asked.which = Tests::Also,
                "no" => asked.which = Tests::No,
                word => {
                    asked.covered_by = true;
                    names.extend((!word.is_empty()).then(|| word.to_owned()));
                }
            }
        }
        match names.as_slice() {
            [name] if !name.trim().is_empty() => {
                asked.name.clone_from(name);
                Ok(asked)
            }
            [] | [_] => Err(Error::bad_request("no symbol is named")
                .hint("`ctx symbol NAME`, `ctx symbol Container.name`, `ctx symbol path:line`")),
            [first, ..] => Err(Error::bad_request(format!(
                "{} symbols are named, one at a time can be shown",
                names.len()
            ))
            .hint(format!("`ctx symbol {}`", shell::path(first)))),
        }
    }
}

fn request(workspace: &Workspace, args: &Args, asked: &Asked) -> SymbolRequest {
    SymbolRequest {
        target: target(workspace, &asked.name),
        level: args.level.map(LevelArg::level),
        references: args.refs,
        callers: args.callers,
        callees: args.callees,
        covered_by: asked.covered_by,
        tests: asked.which,
        command: typed(workspace, args, asked),
    }
}

/// The target, with its path as the answers write paths: from the root of the workspace.
fn target(workspace: &Workspace, typed: &str) -> Target {
    let from_root = |path: String| {
        let location = crate::code::files::locate(&workspace.root, &workspace.base, path.as_ref());
        match location.exists() {
            true => crate::code::files::shown(&workspace.root, &location),
            false => path,
        }
    };
    match Target::parse(typed) {
        Target::InFile(path, name) => Target::InFile(from_root(path), name),
        Target::Around(path, line) => Target::Around(from_root(path), line),
        name => name,
    }
}

fn unknown(
    workspace: &Workspace,
    graph: &Graph,
    asked: &Asked,
    target: &Target,
    scope: &Scope,
) -> Error {
    let name = match target {
        Target::Around(path, line) => {
            let error = Error::nothing_found(format!("no symbol stands around `{path}:{line}`"));
            return error.hint(format!(
                "`{} outline {}` lists the symbols of a file",
                workspace.program,
                shell::path(path)
            ));
        }
        Target::Name(name) | Target::InFile(_, name) => name,
    };
    let elsewhere = symbol::find(graph, &Target::Name(name.clone()), &Scope::default());
    let error = Error::nothing_found(format!("no symbol `{}`", asked.name));
    if !elsewhere.is_empty() {
        let best = elsewhere[0];
        return error.hint(format!(
            "there are {} elsewhere, the first in `{}`: `{} symbol {}`",
            elsewhere.len(),
            graph.source(best).path,
            workspace.program,
            shell::path(name)
        ));
    }
    let near = symbol::near(graph, name, scope, NEAR);
    match near.first() {
        Some(first) => {
            let names: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            error.hint(format!(
                "nearest names: {}; `{} symbol {}`",
                names.join(", "),
                workspace.program,
                shell::path(first)
            ))
        }
        None => error.hint(format!(
            "`{} search {}` finds words anywhere",
            workspace.program,
            shell::path(name)
        )),
    }
}

/// The command as it was typed, without its budget.
fn typed(workspace: &Workspace, args: &Args, asked: &Asked) -> String {
    let mut typed = format!("{} symbol {}", workspace.program, shell::path(&asked.name));
    if let Some(level) = args.level {
        typed.push_str(" --level ");
        typed.push_str(level.level().word());
    }
    let flags = [
        (args.refs, " --refs"),
        (args.callers, " --callers"),
        (args.callees, " --callees"),
        (asked.covered_by, " --tests"),
        (asked.which == Tests::Only, " --tests only"),
        (asked.which == Tests::No, " --tests no"),
    ];
    for (is_set, flag) in flags {
        if is_set {
            typed.push_str(flag);
        }
    }
    typed.push_str(&args.narrow.typed());
    typed.push_str(&args.fit.typed());
    typed
}
