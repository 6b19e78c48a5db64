//! From a spec to a process, or to the reason why there is none.

use crate::sys::{pty, spawn};
use crate::task::MARK;
use crate::task::spec::{Command as What, Spec};
use crate::task::state::End;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Shells that read what `sh` reads.
const SHELLS: [&str; 6] = ["sh", "bash", "dash", "zsh", "ksh", "ash"];

/// A command that was started.
pub struct Started {
    /// Its number.
    pub pid: i32,
    /// The supervisor's end of its terminal, if it has one.
    pub terminal: Option<pty::Pty>,
}

/// Starts the command of `spec`, its output going to `log`, with `alive` held by all of it.
///
/// # Errors
/// Why it cannot be started, as the end of the attempt.
pub fn start(spec: &Spec, folder: &Path, log: &File, alive: &File) -> Result<Started, End> {
    let other = |doing: &str| {
        let doing = doing.to_owned();
        move |error: io::Error| End::Exited(125, Some(format!("{doing}: {error}")))
    };
    if !spec.cwd.is_dir() {
        let reason = format!("the working folder `{}` is gone", spec.cwd.display());
        return Err(End::Exited(125, Some(reason)));
    }
    spawn::hand_down(alive).map_err(other("no lock for the command"))?;
    let terminal = match spec.pty {
        true => Some(pty::open().map_err(other("no terminal for the command"))?),
        false => None,
    };
    let output = terminal.as_ref().map_or(log, |pty| &pty.slave);
    let copy = || {
        output
            .try_clone()
            .map_err(other("no output for the command"))
    };
    let input = match (&spec.stdin, &terminal) {
        (Some(path), _) => {
            let shown = format!("`{}` cannot be read", path.display());
            Stdio::from(File::open(path).map_err(other(&shown))?)
        }
        (None, Some(_)) => Stdio::from(copy()?),
        (None, None) => Stdio::null(),
    };
    let mut command = command(spec);
    command
        .current_dir(&spec.cwd)
        .env(MARK, folder)
        .process_group(0)
        .stdin(input)
        .stdout(copy()?)
        .stderr(copy()?);
    let child = command.spawn().map_err(|error| failure(spec, &error))?;
    let pid = i32::try_from(child.id()).unwrap_or(0);
    if let Some(terminal) = &terminal {
        pty::to_foreground(terminal, pid);
    }
    Ok(Started { pid, terminal })
}

fn command(spec: &Spec) -> Command {
    match &spec.command {
        What::Shell(text) => {
            let mut command = Command::new(shell());
            command.arg("-c").arg(text);
            command
        }
        What::Words(words) => {
            let (program, arguments) = words
                .split_first()
                .map_or(("", [].as_slice()), |(first, rest)| (first.as_str(), rest));
            let mut command = Command::new(program);
            command.args(arguments);
            command
        }
    }
}

/// The user's shell if it reads what `sh` reads, else `sh`.
fn shell() -> String {
    let shell = std::env::var("SHELL").unwrap_or_default();
    let is_known = SHELLS.contains(&shell.rsplit('/').next().unwrap_or(""));
    if is_known && Path::new(&shell).is_file() {
        shell
    } else {
        "sh".to_owned()
    }
}

fn failure(spec: &Spec, error: &io::Error) -> End {
    let program = match &spec.command {
        What::Shell(_) => shell(),
        What::Words(words) => words.first().cloned().unwrap_or_default(),
    };
    match error.kind() {
        io::ErrorKind::NotFound if program.contains('/') && Path::new(&program).exists() => {
            End::Exited(
                127,
                Some(format!("the interpreter of `{program}` was not found")),
            )
        }
        io::ErrorKind::NotFound => End::Exited(127, Some(format!("command `{program}` not found"))),
        io::ErrorKind::PermissionDenied => {
            End::Exited(126, Some(format!("`{program}` is not executable")))
        }
        _ => End::Exited(126, Some(format!("`{program}` cannot be started: {error}"))),
    }
}
