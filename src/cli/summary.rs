//! `ctx summary`

use super::Answer;
use super::args::Fit;
use super::select::{self, Select};
use crate::code::summary::{self, SummaryRequest, model};
use crate::config::Origin;
use crate::error::Error;
use crate::secrets;
use crate::shell;
use crate::summarizer::{Source, Summarizer};
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, Level, View, pack, render};
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// A file, folder or project in short: purpose, entry points, types, dependencies, tests
///
/// Extractive: every line says where it stands. A model is asked only with --model-summary.
#[derive(clap::Args)]
pub struct Args {
    /// Files, folders and globs; the whole workspace if none
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Let the model of the `[summarizer]` settings write it, from an extract
    #[arg(long)]
    model_summary: bool,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let mut request = request(workspace, args)?;
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    if args.model_summary {
        match by_model(workspace, &request, args, &counter, budget) {
            Ok(view) => return Ok(Answer::shown(args.fit.show(&view, &counter, budget)?)),
            Err(why) => request
                .notes
                .push(format!("no model summary: {why}; this is the extract")),
        }
    }
    let view = summary::summary(&workspace.root, &workspace.base, &request, &counter);
    if view.items.iter().all(|item| item.kind == "note") {
        return Err(nothing(&view));
    }
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn nothing(view: &View) -> Error {
    let mut error = Error::nothing_found("no files to summarize")
        .hint("`ctx outline` lists what there is; ignored and hidden files are left out");
    let problems = view.items.iter().map(|item| view.text(item, Level::Name));
    error.causes.extend(
        problems
            .take(10)
            .map(|text| text.trim_start_matches("note: ").to_owned()),
    );
    error
}

/// The summary that a model writes of the extract; why there is none.
fn by_model(
    workspace: &Workspace,
    request: &SummaryRequest,
    args: &Args,
    counter: &Counter,
    budget: Tokens,
) -> Result<View, String> {
    let summarizer = summarizer(workspace)?;
    let request = SummaryRequest {
        is_sent: true,
        ..request.clone()
    };
    let extract = summary::summary(&workspace.root, &workspace.base, &request, counter);
    if extract.items.iter().all(|item| item.kind == "note") {
        return Err("no file may be sent".to_owned());
    }
    let most = Tokens(workspace.config.integer("summarizer.max_prompt_tokens"));
    let packing = pack(&extract, Format::Text, counter, most).map_err(|error| error.to_string())?;
    let used = counter.scale(packing.used);
    let text = render(&extract, &packing, Format::Text);
    let prompt = model::prompt(&secrets::redact(&text), budget);
    let answer = summarizer
        .ask(&prompt)
        .map_err(|problem| problem.to_string())?;
    Ok(model::view(
        &answer,
        &summarizer.name(),
        used,
        typed(workspace, args),
    ))
}

/// The summarizer of the settings. A project cannot choose one: whoever wrote its files would
/// choose what is run here, or where it is sent.
fn summarizer(workspace: &Workspace) -> Result<Summarizer, String> {
    let config = &workspace.config;
    let keys =
        ["command", "base_url", "model", "api_key_variable"].map(|key| format!("summarizer.{key}"));
    let of_project = |setting: &&crate::config::Setting| {
        keys.contains(&setting.key) && matches!(setting.origin, Origin::Project(_))
    };
    if let Some(setting) = config.settings().iter().find(of_project) {
        return Err(format!(
            "`{}` in {} is not followed: put it into your own settings (`ctx config` names the file)",
            setting.key, setting.origin
        ));
    }
    let [command, base_url, model, variable] = keys.each_ref().map(|key| config.text(key));
    let source = match (command, base_url) {
        ("", "") => {
            return Err("`summarizer.command` or `summarizer.base_url` is not set".to_owned());
        }
        ("", url) => Source::Endpoint {
            base_url: url.to_owned(),
            model: model.to_owned(),
            key: match variable {
                "" => None,
                name => Some(std::env::var(name).map_err(|_| {
                    format!("the variable `{name}` (`summarizer.api_key_variable`) is not set")
                })?),
            },
        },
        (command, _) => Source::Command(command.to_owned()),
    };
    let seconds = config.integer("summarizer.timeout_seconds").max(1);
    Ok(Summarizer {
        source,
        timeout: Duration::from_secs(seconds),
    })
}

fn request(workspace: &Workspace, args: &Args) -> Result<SummaryRequest, Error> {
    Ok(SummaryRequest {
        paths: args.paths.clone(),
        glob: args.select.glob()?,
        languages: args.select.languages()?,
        walk: select::walk(workspace),
        limits: select::limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        is_sent: false,
        notes: Vec::new(),
        command: typed(workspace, args),
    })
}

fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} summary", workspace.program);
    if args.model_summary {
        typed.push_str(" --model-summary");
    }
    typed.push_str(&args.select.typed());
    for path in &args.paths {
        let _ = write!(typed, " {}", shell::path(&path.to_string_lossy()));
    }
    typed.push_str(&args.fit.typed());
    typed
}
