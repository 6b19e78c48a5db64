//! `ctx session summarize`

use super::super::Answer;
use super::super::args::Fit;
use super::source::Source;
use crate::error::Error;
use crate::session::summary::{SummaryRequest, summary};
use crate::tokens::Tokens;
use crate::workspace::Workspace;

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
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}
