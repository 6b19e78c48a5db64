//! `ctx session summarize`

use super::super::args::Fit;
use super::super::{Answer, output, summary as model_summary};
use super::source::Source;
use crate::error::Error;
use crate::session::polish;
use crate::session::summary::{SummaryRequest, summary};
use crate::summarizer::GUARD;
use crate::sys::atomic::{self, Durability};
use crate::sys::state;
use crate::tokens::{Counter, Tokens};
use crate::workspace::Workspace;
use std::fs;
use std::io;

/// A summary costs at most so much unless a budget is asked for.
const BUDGET: Tokens = Tokens(1000);

/// What was asked, done, broken and left to do, read from an agent's transcript
///
/// Facts only, each with its line in the transcript (#L123); no model is asked.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    fit: Fit,
    /// Let the model of the `[summarizer]` settings write it over; what loses a fact is not used
    #[arg(long, conflicts_with = "json")]
    polish: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let (facts, transcript) = args.source.facts(workspace)?;
    let request = SummaryRequest {
        command: format!(
            "{} session summarize{}{}",
            workspace.program,
            args.source.typed(),
            args.fit.typed()
        ),
        places_in_text: !args.fit.json,
    };
    let view = summary(&facts, &transcript, &request);
    let budget = args.fit.budget.unwrap_or(BUDGET);
    let plain = args.fit.show(&view, &counter, budget)?;
    if !args.polish {
        return Ok(Answer::shown(plain));
    }
    match polished(workspace, &plain, &counter, budget) {
        Ok(text) => Ok(Answer::shown(text)),
        Err(problem) => {
            output::warning(&format!("not polished: {problem}"));
            Ok(Answer::shown(plain))
        }
    }
}

/// The summary as a model writes it; else why it is not used.
fn polished(
    workspace: &Workspace,
    plain: &str,
    counter: &Counter,
    budget: Tokens,
) -> Result<String, String> {
    if std::env::var_os(GUARD).is_some() {
        return Err(
            "this was started to answer for a model, which must not ask another".to_owned(),
        );
    }
    let summarizer = model_summary::summarizer(workspace)?;
    let prompt = polish::prompt(plain);
    // What is asked, and an answer of about the same length.
    spend(workspace, counter.count(&prompt).0 + counter.count(plain).0)?;
    let mut text = summarizer
        .ask(&prompt)
        .map_err(|problem| format!("{}: {problem}", summarizer.name()))?;
    text.push('\n');
    if let Some(lost) = polish::missing(plain, &text) {
        return Err(format!(
            "the text of {} loses `{}`",
            summarizer.name(),
            lost.trim()
        ));
    }
    match counter.count(&text) <= budget {
        true => Ok(text),
        false => Err(format!(
            "the text of {} is longer than {budget} tokens",
            summarizer.name()
        )),
    }
}

/// Takes tokens from what may be spent today.
fn spend(workspace: &Workspace, tokens: u64) -> Result<(), String> {
    let most = workspace.config.integer("summarizer.max_daily_tokens");
    let failed = |error: io::Error| format!("what was spent today cannot be kept: {error}");
    let file = state::folder(&workspace.root)
        .map_err(failed)?
        .join("summarizer-tokens");
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    let known = fs::read_to_string(&file).unwrap_or_default();
    let spent = known
        .trim()
        .split_once(' ')
        .filter(|(day, _)| *day == today);
    let spent: u64 = spent.and_then(|(_, spent)| spent.parse().ok()).unwrap_or(0);
    if spent + tokens > most {
        return Err(format!(
            "{spent} tokens were spent today, {tokens} more are needed, and `summarizer.max_daily_tokens` is {most}"
        ));
    }
    let line = format!("{today} {}\n", spent + tokens);
    atomic::write(&file, line.as_bytes(), Durability::Process).map_err(failed)
}
