//! Answers that were shown before in the session that the caller names.

use super::Answer;
use crate::error::Error;
use crate::session::{ledger, state};
use crate::sys;
use crate::tokens::Encoding;
use crate::view::grouped;
use crate::workspace::Workspace;
use std::env;

/// Shorter answers are shown again: saying that they are known would cost as much.
const WORTH_SAYING: u64 = 60;

/// `answer`, or one line in its place if this session was shown the same by the same command
/// and nothing else by it since. Without a session nothing is looked up and nothing written.
///
/// # Errors
/// The ledger cannot be written.
pub fn pass(workspace: &Workspace, answer: Answer, shows_again: bool) -> Result<Answer, Error> {
    let Some(session) = workspace.session.as_ref().filter(|_| answer.status == 0) else {
        return Ok(answer);
    };
    let failed =
        |error| Error::failed("the ledger of the session cannot be written").because(error);
    let sessions = state::folder(&sys::state::folder(&workspace.root).map_err(failed)?);
    let folder = state::folder_of(&sessions, session)
        .map_err(|error| Error::bad_request(error.to_string()))?;
    let command = command(workspace);
    let tokens = Encoding::O200kBase.count(&answer.text).0;
    let known = ledger::shown(&folder, &command, &answer.text);
    if let Some(known) = known.filter(|_| !shows_again && tokens >= WORTH_SAYING) {
        return Ok(Answer::shown(unchanged(known, tokens)));
    }
    ledger::record(&folder, &command, &answer.text, tokens).map_err(failed)?;
    Ok(answer)
}

/// What was typed, and where; `--again` makes no other command of it.
fn command(workspace: &Workspace) -> String {
    let words = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.filter(|word| word != "--again").collect();
    format!("{}\0{}", workspace.base.display(), words.join("\0"))
}

fn unchanged(known: ledger::Shown, tokens: u64) -> String {
    if env::args_os().any(|word| word == "--json") {
        return format!(
            "{{\"unchanged_since\":{},\"tokens_saved\":{tokens},\"more\":\"--again\"}}\n",
            known.number
        );
    }
    format!(
        "unchanged since answer {} of this session, {} tokens saved; `--again` shows it\n",
        known.number,
        grouped(tokens)
    )
}
