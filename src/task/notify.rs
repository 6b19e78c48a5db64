//! The command that `--notify` runs at the end of a task: a process of its own, started by the
//! supervisor, so that the supervisor stays small and its end does not wait for it.

use super::spec::Spec;
use super::store::Task;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs the command of `spec` about a task that is over, with `digest` as its input. Waits for its
/// end, so that nobody inherits it.
///
/// # Errors
/// It cannot be started.
pub fn run(spec: &Spec, task: &Task, digest: &str) -> std::io::Result<()> {
    let Some(text) = &spec.notify else {
        return Ok(());
    };
    let status = task.state.end().map_or(0, |end| end.exit_status());
    let folder = if spec.cwd.is_dir() {
        &spec.cwd
    } else {
        &spec.root
    };
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(text)
        .current_dir(folder)
        .env("CTX_ID", &task.id)
        .env("CTX_NAME", task.label())
        .env("CTX_STATE", task.state.word())
        .env("CTX_STATUS", status.to_string())
        .env("CTX_COMMAND", &task.command)
        .env("CTX_DIGEST", digest)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // It need not read it.
        let _ = input.write_all(digest.as_bytes());
    }
    child.wait().map(|_| ())
}
