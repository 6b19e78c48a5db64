//! `ctx budget`

use super::Answer;
use super::args::Fit;
use super::session::source::{homes, read_error};
use crate::code::budget::{self, BudgetRequest};
use crate::code::files::WalkOptions;
use crate::error::Error;
use crate::session::page::{self, Leaf};
use crate::session::spend::{self, Accountant, Spend};
use crate::session::spend_view;
use crate::session::transcript::{self, Transcript, locate};
use crate::shell;
use crate::tokens::Counter;
use crate::view::{Level, View};
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Most transcripts that `--calibrate` reads.
const CALIBRATED: usize = 50;

/// What the session's context was spent on; of paths, what they cost in tokens, like `du`
///
/// Without paths, of the latest transcript about this workspace; if there is none, of the
/// workspace's files. With paths largest first: tokens, share of the whole, path.
#[derive(clap::Args)]
pub struct Args {
    /// Files, folders and globs
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    fit: Fit,
    /// Show at most this many levels of folders
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// Read this transcript instead of the latest
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "depth"])]
    transcript: Option<PathBuf>,
    /// How the model counts beside `o200k_base`, from the transcripts about this workspace
    #[arg(long, conflicts_with_all = ["paths", "depth", "html"])]
    calibrate: bool,
    /// Write a page with a treemap of the files and a timeline of the session to FILE
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    if args.calibrate {
        return calibrate(workspace, args);
    }
    if let Some(file) = &args.html {
        return html(workspace, args, file);
    }
    match transcript_path(workspace, args) {
        Some(path) => session(workspace, args, &path),
        None => tree(workspace, args),
    }
}

/// The transcript that is asked for, if one is.
fn transcript_path(workspace: &Workspace, args: &Args) -> Option<PathBuf> {
    if let Some(path) = &args.transcript {
        return Some(workspace.base.join(path));
    }
    if !args.paths.is_empty() || args.depth.is_some() {
        return None;
    }
    Some(locate::latest(&homes(), None, &workspace.root)?.path)
}

fn account(path: &std::path::Path, counter: &Counter) -> Result<(Spend, Transcript), Error> {
    let mut accountant = Accountant::new(counter);
    let transcript = transcript::read(path, &mut |event| accountant.take(event))
        .map_err(|error| read_error(&error))?;
    Ok((accountant.finish(), transcript))
}

fn session(workspace: &Workspace, args: &Args, path: &std::path::Path) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let (spend, transcript) = account(path, &counter)?;
    let view = spend_view::view(&spend, &transcript, &counter, typed(workspace, args));
    let budget = args.fit.budget(workspace);
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn tree(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let view = tree_view(workspace, args, &counter)?;
    let budget = args.fit.budget(workspace);
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn tree_view(workspace: &Workspace, args: &Args, counter: &Counter) -> Result<View, Error> {
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
    let view = budget::budget(&workspace.root, &workspace.base, &request, counter);
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
    Ok(view)
}

/// Writes the page, and says where.
fn html(workspace: &Workspace, args: &Args, file: &std::path::Path) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let view = tree_view(workspace, args, &counter)?;
    let leaves: Vec<Leaf> = view
        .items
        .iter()
        .filter(|item| item.kind == "file")
        .map(|item| Leaf {
            path: view.path(item).to_owned(),
            tokens: item.tokens,
        })
        .collect();
    let spend = match transcript_path(workspace, args) {
        Some(path) => Some(account(&path, &counter)?.0),
        None => None,
    };
    let page = page::page(&leaves, spend.as_ref(), &counter.name());
    std::fs::write(workspace.base.join(file), page).map_err(|error| {
        Error::failed(format!("`{}` cannot be written", file.display())).because(error)
    })?;
    Ok(Answer::shown(format!("{} written\n", file.display())))
}

/// How the providers' counts stand to ours, by model.
fn calibrate(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = Counter::for_model("o200k_base").expect("the default encoding is built in");
    let paths: Vec<PathBuf> = match &args.transcript {
        Some(path) => vec![workspace.base.join(path)],
        None => locate::all(&homes(), None, &workspace.root)
            .into_iter()
            .take(CALIBRATED)
            .map(|found| found.path)
            .collect(),
    };
    let mut pairs: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    for path in &paths {
        let (spend, transcript) = account(path, &counter)?;
        let model = transcript
            .about
            .model
            .unwrap_or_else(|| "model not told".to_owned());
        pairs.entry(model).or_default().extend(spend.pairs);
    }
    if pairs.values().all(Vec::is_empty) {
        return Err(Error::nothing_found(
            "no transcript tells the tokens of two requests in a row",
        )
        .hint("`ctx budget --calibrate --transcript FILE` reads any file"));
    }
    let mut text = String::new();
    for (model, pairs) in &pairs {
        let _ = match spend::factor(pairs) {
            Some(factor) => writeln!(
                text,
                "{model}: {:.2} x o200k_base; eight of ten between {:.2} and {:.2}; from {} steps of {} transcripts: {}",
                factor.median,
                factor.low,
                factor.high,
                factor.pairs,
                paths.len(),
                sureness(&factor)
            ),
            None => writeln!(text, "{model}: too few steps to tell ({})", pairs.len()),
        };
    }
    Ok(Answer::shown(text))
}

fn sureness(factor: &spend::Factor) -> &'static str {
    let width = (factor.high - factor.low) / factor.median;
    match (factor.pairs, width) {
        (50.., ..0.4) => "sure",
        (20.., ..0.8) => "fairly sure",
        _ => "a rough guess",
    }
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
    if let Some(path) = &args.transcript {
        let _ = write!(
            typed,
            " --transcript {}",
            shell::path(&path.to_string_lossy())
        );
    }
    typed.push_str(&args.fit.typed());
    typed
}
