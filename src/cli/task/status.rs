//! `ctx status`

use super::list::{self, List};
use super::open_repaired;
use super::report::Reporter;
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::sys::{caller, clock};
use crate::task::store::{Look, Store, Task};
use crate::task::{find, log};
use crate::workspace::Workspace;

/// What tasks are doing, what is new, and when to look again
///
/// Without an id: all tasks that are not over. Says only what is new since your last look.
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, by id, the beginning of one, or name
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// A live table, on a terminal; elsewhere the same as without
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let store = open_repaired(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let caller = workspace.session.clone().unwrap_or_else(caller::name);
    if args.watch && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        let ids = args
            .ids
            .iter()
            .map(|id| find::task(&store, id).map(|task| task.id));
        super::watch::watch(&store, &ids.collect::<Result<Vec<_>, _>>()?)?;
    }
    let tasks = match args.ids.is_empty() {
        true => store.live()?,
        false => args
            .ids
            .iter()
            .map(|id| find::task(&store, id))
            .collect::<Result<_, _>>()?,
    };
    let text = match tasks.as_slice() {
        [] => return Ok(Answer::shown(idle(&reporter, &store)?)),
        [task] => one(&reporter, &store, task, &caller)?,
        tasks => {
            let mut rows = Vec::new();
            for task in tasks {
                rows.push(row(&reporter, &store, task, &caller)?);
            }
            let command = format!(
                "{} status{}{}",
                workspace.program,
                words(&args.ids),
                args.fit.typed()
            );
            list::show(
                &reporter,
                &List {
                    name: "status",
                    rows,
                    unread: 0,
                    noun: ("task", "tasks"),
                    command,
                },
            )?
        }
    };
    for task in &tasks {
        let look = Look {
            state: format!("{} {}", task.state.word(), task.attempt),
            bytes: log::len(&store.folder(&task.id)),
            at_ms: clock::wall_ms(),
        };
        store.change(|change| change.set_look(&caller, task.seq, &look))?;
    }
    Ok(Answer::shown(text))
}

fn words(ids: &[String]) -> String {
    ids.iter().map(|id| format!(" {id}")).collect()
}

fn one(reporter: &Reporter, store: &Store, task: &Task, caller: &str) -> Result<String, Error> {
    let look = store.look(caller, task.seq)?;
    if let (Some(end), Some(look)) = (task.state.end(), &look) {
        let is_known = look.state == format!("{} {}", task.state.word(), task.attempt);
        if is_known && !reporter.is_json() {
            return Ok(format!(
                "{}: {end}, as you know: `ctx output {}` shows it again\n",
                task.id, task.id
            ));
        }
    }
    Ok(match task.state.end() {
        Some(_) => reporter.full(task),
        None => reporter.running(task, look.as_ref()),
    })
}

/// One line of several.
fn row(reporter: &Reporter, store: &Store, task: &Task, caller: &str) -> Result<String, Error> {
    if reporter.is_json() {
        return Ok(reporter.object(task));
    }
    if task.state.end().is_some() {
        return Ok(super::tasks::row(task));
    }
    let look = store.look(caller, task.seq)?;
    Ok(format!(
        "{}  {}",
        reporter.brief(task, look.as_ref()),
        super::tasks::short(&task.command, 60)
    ))
}

/// What is told when nothing runs.
fn idle(reporter: &Reporter, store: &Store) -> Result<String, Error> {
    if reporter.is_json() {
        return Ok("{\"view\":\"status\",\"rows\":[\n\n],\"omitted\":0}\n".to_owned());
    }
    let last = store.latest(1)?.pop();
    Ok(match last {
        None => "no task runs, and none ever did: `ctx run -- COMMAND`\n".to_owned(),
        Some(task) => format!("no task runs; the last was {}\n", super::tasks::row(&task)),
    })
}
