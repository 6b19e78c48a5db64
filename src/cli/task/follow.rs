//! From a task that was started to what is told about it: how long somebody waits, and what
//! becomes of a speculative one.

use super::report::Reporter;
use crate::cli::Answer;
use crate::error::Error;
use crate::sys::spawn;
use crate::task::spec::Spec;
use crate::task::start::{self, Request};
use crate::task::state::End;
use crate::task::store::{Store, Task};
use crate::task::wait::{self, Until};
use crate::task::{cancel, recover, speculate};
use std::io::Read as _;
use std::time::Duration;

/// How long somebody waits for the end of a task.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Not at all.
    None,
    /// This long.
    For(Duration),
    /// Until it is over.
    Endless,
}

impl Patience {
    /// What the options ask for; 5 s without any.
    pub fn of(bg: bool, fg: bool, wait: Option<Duration>) -> Patience {
        match (bg, fg, wait) {
            (true, ..) => Patience::None,
            (_, true, _) => Patience::Endless,
            (.., wait) => Patience::For(wait.unwrap_or(Duration::from_secs(5))),
        }
    }
}

/// Waits for a task as long as asked, and tells what is known then.
pub fn follow(reporter: &Reporter, task: &Task, patience: Patience) -> Result<Answer, Error> {
    let timeout = match patience {
        // The id first, before anything else is looked at.
        Patience::None => return Ok(Answer::shown(reporter.running(task, None))),
        Patience::For(time) => Some(time),
        Patience::Endless => None,
    };
    if timeout.is_none() {
        end_on_interrupt(reporter.store, task);
    }
    // What others left is seen to while this one runs.
    recover::repair(reporter.store)?;
    let waited = wait::wait(
        reporter.store,
        std::slice::from_ref(&task.id),
        Until::All,
        timeout,
    )?;
    let task = waited.into_iter().next().unwrap_or_else(|| task.clone());
    let status = task.state.end().map_or(0, |end| end.exit_status());
    Ok(Answer {
        text: reporter.full(&task),
        status,
    })
}

/// Ends the task when the person who waits for it interrupts this process.
fn end_on_interrupt(store: &Store, task: &Task) {
    let Ok(mut interrupts) = spawn::on_signals(&[signal_hook::consts::SIGINT]) else {
        return;
    };
    let (state, id) = (store.state.clone(), task.id.clone());
    std::thread::spawn(move || {
        let heard = interrupts
            .set_nonblocking(false)
            .and_then(|()| interrupts.read_exact(&mut [0]));
        if heard.is_ok()
            && let Ok(store) = Store::open(&state)
        {
            // Whoever waits for the task sees its end, and tells it.
            let _ = cancel::cancel(&store, &[id]);
        }
    });
}

/// Takes over a speculative task if nothing it may have read has changed; else ends and discards
/// it.
pub fn adopt(
    reporter: &Reporter,
    task: &Task,
    patience: Patience,
) -> Result<Option<Answer>, Error> {
    let store = reporter.store;
    let is_usable = !matches!(
        task.state.end(),
        Some(End::Lost(_) | End::Cancelled | End::Skipped(_))
    );
    let is_same = is_usable && task.tree == Some(speculate::tree_hash(&reporter.workspace.root)?);
    let word = if is_same { "confirmed" } else { "discarded" };
    store.change(|change| change.set_speculation(&task.id, word))?;
    if is_same {
        return follow(reporter, task, patience).map(Some);
    }
    if task.state.end().is_none() {
        cancel::cancel(store, std::slice::from_ref(&task.id))?;
    }
    Ok(None)
}

/// Runs a spec in place of a task that was discarded.
pub fn instead(reporter: &Reporter, spec: Spec, patience: Patience) -> Result<Answer, Error> {
    let request = Request {
        spec,
        needs: Vec::new(),
        variables: Vec::new(),
        tree: None,
    };
    let task = start::start(reporter.store, &request)?;
    follow(reporter, &task, patience)
}

/// The variables that `--env` sets; the others must be set already.
pub fn variables(given: &[String]) -> Result<Vec<(String, String)>, Error> {
    let mut variables = Vec::new();
    for entry in given {
        match entry.split_once('=') {
            Some(("", _)) => {
                return Err(Error::bad_request(format!(
                    "`--env {entry}` names no variable"
                )));
            }
            Some((name, value)) => variables.push((name.to_owned(), value.to_owned())),
            None if std::env::var_os(entry).is_some() => {}
            None => {
                return Err(
                    Error::bad_request(format!("`--env {entry}`: it is not set here"))
                        .hint(format!("`--env {entry}=VALUE` sets it for the task")),
                );
            }
        }
    }
    Ok(variables)
}
