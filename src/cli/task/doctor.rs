//! `ctx doctor`

use super::list::{self, List};
use super::open;
use super::report::Reporter;
use super::times::bytes;
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::sys::state;
use crate::task::doctor::{self, Findings};
use crate::task::store::Store;
use crate::view::json_string;
use crate::workspace::Workspace;

/// Look for lost tasks, stale locks and orphans, and repair what can be repaired
///
/// Exit status 2 when something is left that needs a person.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let (store, is_new) = match open(workspace) {
        Ok(store) => (store, false),
        Err(opened) => match rebuilt(workspace)? {
            Some(store) => (store, true),
            None => return Err(opened),
        },
    };
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let findings = doctor::examine(&store)?;
    let (mut rows, is_bad) = rows(&findings);
    if is_new {
        rows.insert(
            0,
            "repaired: the database was damaged; a new one was made from the folders of the tasks"
                .to_owned(),
        );
    }
    rows.push(format!(
        "state: {} in `{}`",
        bytes(findings.bytes),
        store.state.display()
    ));
    if reporter.is_json() {
        for row in &mut rows {
            let mut object = String::from("{\"finding\":");
            json_string(row, &mut object);
            *row = object + "}";
        }
    }
    let command = format!("{} doctor{}", workspace.program, args.fit.typed());
    let list = List {
        name: "doctor",
        rows,
        unread: 0,
        noun: ("finding", "findings"),
        command,
    };
    Ok(Answer {
        text: list::show(&reporter, &list)?,
        status: if is_bad { 2 } else { 0 },
    })
}

/// A new database, if the one there is damaged.
fn rebuilt(workspace: &Workspace) -> Result<Option<Store>, Error> {
    let Some(state) = state::existing(&workspace.root) else {
        return Ok(None);
    };
    match Store::open(&state) {
        Err(error) if Store::is_damaged(&error) => Ok(Some(doctor::rebuild(&state)?)),
        _ => Ok(None),
    }
}

/// What was found, the worst first, and whether something needs a person.
fn rows(findings: &Findings) -> (Vec<String>, bool) {
    let mut rows = Vec::new();
    let repaired = &findings.repaired;
    if !findings.database.is_empty() {
        rows.push(format!(
            "damaged: the database: {}; delete it, and `ctx doctor` makes it anew",
            findings.database
        ));
    }
    for id in &findings.unowned {
        rows.push(format!(
            "stuck: task {id} has no supervisor and cannot be given one: is the disk full?"
        ));
    }
    for (id, pids) in &repaired.left {
        rows.push(format!(
            "left: task {id} has processes that cannot be ended: {}",
            numbers(pids)
        ));
    }
    let is_bad = !rows.is_empty();
    for (id, end) in &repaired.ended {
        rows.push(format!("repaired: task {id} ended unseen: {end}"));
    }
    for id in &repaired.restarted {
        rows.push(format!("repaired: task {id} was given a new supervisor"));
    }
    for (id, count) in &repaired.reaped {
        rows.push(format!(
            "repaired: ended {count} processes that task {id} had left"
        ));
    }
    for (id, pids) in &findings.orphans {
        rows.push(format!(
            "kept: processes of task {id}, which is over: {}; `kill` ends them",
            numbers(pids)
        ));
    }
    if findings.n_rubbish > 0 {
        rows.push(format!(
            "rubbish: {} folders that belong to no task; `ctx clean` removes them",
            findings.n_rubbish
        ));
    }
    if !findings.adopts {
        rows.push(
            "limited: on this system, a process that leaves its group and its parent is not found"
                .to_owned(),
        );
    }
    rows.push(format!(
        "tasks: {}, {} not over",
        findings.n_tasks, findings.n_live
    ));
    (rows, is_bad)
}

fn numbers(pids: &[i32]) -> String {
    pids.iter()
        .take(8)
        .map(i32::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
