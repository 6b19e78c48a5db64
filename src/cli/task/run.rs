//! `ctx run`

use super::follow::{Patience, adopt, follow, variables};
use super::open;
use super::report::Reporter;
use super::times::{duration, size};
use crate::cli::Answer;
use crate::cli::args::Fit;
use crate::error::Error;
use crate::task::spec::{Command, Retry, RetryOn, Slots, Spec};
use crate::task::start::{self, Request};
use crate::task::store::{Condition, Store};
use crate::task::{id, speculate};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Run a command as a task: its end digested, or its id when it takes longer
///
/// Waits 5 s unless told otherwise; what is not over then goes on in the background, and the
/// answer says when to look again. Exit status: the command's own, 128+n for a signal, 124 for a
/// deadline, 126 not executable, 127 not found, 125 for a failure of `ctx`, 0 in the background.
#[derive(clap::Args)]
pub struct Args {
    /// The command: after `--` a program and its arguments, or one text for a shell
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    command: Vec<String>,
    /// Return at once, with the id
    #[arg(long, conflicts_with_all = ["fg", "wait"])]
    bg: bool,
    /// Wait until it is over
    #[arg(long, conflicts_with = "wait")]
    fg: bool,
    /// Wait this long, then leave it in the background
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    /// A name to use in place of the id
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Start when these tasks have succeeded; skipped if one does not
    #[arg(
        long,
        value_name = "ID,...",
        value_delimiter = ',',
        help_heading = "Queue"
    )]
    after: Vec<String>,
    /// Start when these tasks are over
    #[arg(
        long,
        value_name = "ID,...",
        value_delimiter = ',',
        help_heading = "Queue"
    )]
    after_any: Vec<String>,
    /// Start when these tasks have failed; skipped if one does not
    #[arg(
        long,
        value_name = "ID,...",
        value_delimiter = ',',
        help_heading = "Queue"
    )]
    after_fail: Vec<String>,
    /// Run at most N tasks of GROUP at once
    #[arg(long, value_name = "GROUP=N", value_parser = slots, help_heading = "Queue")]
    slots: Option<Slots>,
    /// Leave the queue before those with a lower number
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_hyphen_values = true,
        help_heading = "Queue"
    )]
    priority: i32,
    /// End it after this time (status 124)
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Deadlines and attempts")]
    timeout: Option<Duration>,
    /// End it when it prints nothing for this time (status 124)
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Deadlines and attempts")]
    idle_timeout: Option<Duration>,
    /// From SIGTERM to SIGKILL
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "5s", help_heading = "Deadlines and attempts")]
    kill_after: Duration,
    /// Try again up to N times when it fails
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        help_heading = "Deadlines and attempts"
    )]
    retry: u32,
    /// Pause before the second attempt, doubled for each after it
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2s", help_heading = "Deadlines and attempts")]
    backoff: Duration,
    /// The longest pause
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = "Deadlines and attempts")]
    max_backoff: Option<Duration>,
    /// Shorten each pause by up to a half, at random
    #[arg(long, help_heading = "Deadlines and attempts")]
    jitter: bool,
    /// Try again only after these: exit statuses, `timeout`, `signal`
    #[arg(long, value_name = "WHAT,...", value_delimiter = ',', value_parser = retry_on, help_heading = "Deadlines and attempts")]
    retry_on: Vec<RetryOn>,
    /// Run this at the end by a shell, CTX_ID and CTX_STATE set, the digest as its input
    #[arg(long, value_name = "COMMAND", help_heading = "Telling others")]
    notify: Option<String>,
    /// Write a JSON record to FILE at the end
    #[arg(long, value_name = "FILE", help_heading = "Telling others")]
    marker: Option<PathBuf>,
    /// Rewrite FILE with state and last lines as it runs
    #[arg(long, value_name = "FILE", help_heading = "Telling others")]
    progress: Option<PathBuf>,
    /// Give it a terminal
    #[arg(long, help_heading = "Surroundings")]
    pty: bool,
    /// The folder to run it in
    #[arg(long, value_name = "DIR", help_heading = "Surroundings")]
    cwd: Option<PathBuf>,
    /// Set a variable, or require that it is set; values are never stored
    #[arg(long, value_name = "KEY[=VALUE]", help_heading = "Surroundings")]
    env: Vec<String>,
    /// A file to read as its standard input
    #[arg(long, value_name = "FILE", help_heading = "Surroundings")]
    stdin: Option<PathBuf>,
    /// Let processes that it leaves behind live on
    #[arg(long, help_heading = "Surroundings")]
    keep_children: bool,
    /// Keep at most this much of its output, from both ends
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1G", help_heading = "Surroundings")]
    log_cap: u64,
    /// Start it before anyone asks for its result; `ctx confirm ID` or `ctx run` of the same
    /// command takes the result if nothing it may have read has changed
    #[arg(long, help_heading = "Speculation")]
    speculative: bool,
    /// Run it in a temporary git worktree, so that it cannot touch your files
    #[arg(long, requires = "speculative", help_heading = "Speculation")]
    worktree: bool,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let mut request = request(workspace, args)?;
    let store = open(workspace)?;
    let reporter = Reporter::new(workspace, &store, &args.fit)?;
    let patience = Patience::of(args.bg, args.fg, args.wait);
    if args.speculative {
        speculate(&store, args, &mut request)?;
        let task = start::start(&store, &request)?;
        return follow(
            &reporter,
            &task,
            if args.fg {
                Patience::Endless
            } else {
                Patience::None
            },
        );
    }
    if let Some(task) = store.speculated(&request.spec.fingerprint())?
        && let Some(answer) = adopt(&reporter, &task, patience)?
    {
        return Ok(answer);
    }
    if matches!(patience, Patience::None) {
        // The id first: starting a process waits until the system gives it its turn.
        let kept = start::keep(&store, &request)?;
        crate::cli::output::early(&reporter.running(&kept.task, None));
        start::launch(&store, kept, &request.variables)?;
        return Ok(Answer::shown(String::new()));
    }
    let task = start::start(&store, &request)?;
    follow(&reporter, &task, patience)
}

/// Notes what it may read, and moves it into a worktree if that was asked.
fn speculate(store: &Store, args: &Args, request: &mut Request) -> Result<(), Error> {
    let spec = &mut request.spec;
    request.tree = Some(speculate::tree_hash(&spec.root)?);
    spec.speculative = true;
    if args.worktree {
        let folder = store.state.join("trees").join(id::random());
        let below = spec
            .cwd
            .strip_prefix(&spec.root)
            .map(Path::to_owned)
            .unwrap_or_default();
        let folder = speculate::add_worktree(&spec.root, &folder)?;
        spec.cwd = folder.join(below);
        spec.worktree = Some(folder);
    }
    Ok(())
}

fn request(workspace: &Workspace, args: &Args) -> Result<Request, Error> {
    let cwd = match &args.cwd {
        Some(folder) => workspace.base.join(folder),
        None => workspace.base.clone(),
    };
    if !cwd.is_dir() {
        return Err(Error::bad_request(format!(
            "`--cwd {}` is not a folder",
            cwd.display()
        )));
    }
    let absolute = |path: &PathBuf| workspace.base.join(path);
    let mut spec = Spec::new(command(&args.command), cwd, workspace.root.clone());
    if let Some(name) = &args.name {
        if !id::is_name(name) {
            return Err(Error::bad_request(format!(
                "`--name {name}` is no name: letters, digits and _-.:/@+, at most 64"
            )));
        }
        spec.name = Some(name.clone());
    }
    let variables = variables(&args.env)?;
    spec.env = args
        .env
        .iter()
        .map(|given| given.split('=').next().unwrap_or("").to_owned())
        .collect();
    spec.stdin = args.stdin.as_ref().map(absolute);
    readable(spec.stdin.as_deref())?;
    spec.pty = args.pty;
    spec.timeout = args.timeout;
    spec.idle_timeout = args.idle_timeout;
    spec.kill_after = args.kill_after;
    spec.retry = Retry {
        count: args.retry,
        backoff: args.backoff,
        max_backoff: args.max_backoff,
        jitter: args.jitter,
        on: args.retry_on.clone(),
    };
    spec.slots = args.slots.clone();
    spec.priority = args.priority;
    spec.notify = args.notify.clone();
    spec.marker = args.marker.as_ref().map(absolute);
    spec.progress = args.progress.as_ref().map(absolute);
    spec.keep_children = args.keep_children;
    spec.log_cap = args.log_cap.max(64 << 10);
    let needs = [
        (&args.after, Condition::Success),
        (&args.after_any, Condition::Any),
        (&args.after_fail, Condition::Failure),
    ];
    let needs = needs
        .into_iter()
        .flat_map(|(ids, condition)| ids.iter().map(move |id| (id.clone(), condition)))
        .collect();
    Ok(Request {
        spec,
        needs,
        variables,
        tree: None,
    })
}

/// One text with blanks or signs of a shell is for a shell; anything else is a program and its
/// arguments, as they stand.
fn command(words: &[String]) -> Command {
    let is_shell = |text: &str| {
        text.contains(|c: char| c.is_whitespace() || "|&;<>()$`\\\"'*?[]#~=%{}!".contains(c))
    };
    match words {
        [text] if is_shell(text) && !Path::new(text).is_file() => Command::Shell(text.clone()),
        words => Command::Words(words.to_vec()),
    }
}

fn readable(file: Option<&Path>) -> Result<(), Error> {
    match file.map(|file| (file, std::fs::File::open(file))) {
        Some((file, Err(error))) => Err(Error::bad_request(format!(
            "`--stdin {}` cannot be read",
            file.display()
        ))
        .because(error)),
        _ => Ok(()),
    }
}

fn slots(text: &str) -> Result<Slots, String> {
    let wrong = || format!("`{text}` is not GROUP=N with N of at least 1, as in `build=2`");
    let (group, most) = text.split_once('=').ok_or_else(wrong)?;
    let most = most
        .parse()
        .ok()
        .filter(|most| *most > 0)
        .ok_or_else(wrong)?;
    if !id::is_name(group) {
        return Err(wrong());
    }
    Ok(Slots {
        group: group.to_owned(),
        most,
    })
}

fn retry_on(text: &str) -> Result<RetryOn, String> {
    match text {
        "timeout" => Ok(RetryOn::Timeout),
        "signal" => Ok(RetryOn::Signal),
        code => match code.parse() {
            Ok(code) if (1..=255).contains(&code) => Ok(RetryOn::Code(code)),
            _ => Err(format!(
                "`{text}` is no exit status from 1 to 255, nor `timeout` nor `signal`"
            )),
        },
    }
}
