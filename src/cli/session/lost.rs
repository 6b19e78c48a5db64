//! `ctx session lost`

use super::super::Answer;
use super::super::args::Fit;
use super::source::{Source, read_error};
use crate::error::Error;
use crate::session::facts::Gatherer;
use crate::session::lost::lost;
use crate::session::summary::SummaryRequest;
use crate::session::transcript::{self, event::Kind};
use crate::tokens::Tokens;
use crate::workspace::Workspace;

/// A note costs at most so much unless a budget is asked for.
const BUDGET: Tokens = Tokens(1000);

/// What the newest compaction dropped, as a note to put back
///
/// Facts from before the compaction that its text no longer holds.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let path = args.source.path(workspace)?;
    let mut gatherer = Gatherer::new();
    let mut before = None;
    transcript::read(&path, &mut |event| {
        if matches!(event.kind, Kind::Compacted { .. }) && !event.is_aside {
            before = Some(gatherer.clone());
        }
        gatherer.take(event);
    })
    .map_err(|error| read_error(&error))?;
    let request = SummaryRequest {
        command: format!(
            "{} session lost{}{}",
            workspace.program,
            args.source.typed(),
            args.fit.typed()
        ),
        places_in_text: !args.fit.json,
    };
    let (Some(before), facts) = (before, gatherer.finish()) else {
        return Err(
            Error::nothing_found("the context of this session was never compacted")
                .hint("`ctx session summarize` shows what it holds"),
        );
    };
    let text = facts.compactions.last().map_or("", |newest| &newest.text);
    let view = lost(&before.finish(), text, &request);
    if view.items.is_empty() {
        return Err(Error::nothing_found(
            "the compaction text holds every fact from before it",
        ));
    }
    let budget = args.fit.budget.unwrap_or(BUDGET);
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}
