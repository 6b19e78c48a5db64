//! The one place that writes to standard output and standard error.

use super::Answer;
use crate::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Writes an answer. A reader that stopped reading has seen what it wanted.
pub fn answer(answer: &Answer) -> ExitCode {
    match write(&answer.text) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            error(&Error::failed("the answer could not be written").because(cause))
        }
        _ => ExitCode::from(answer.status),
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes an answer before the command is done: what it still does takes longer than reading it.
/// What cannot be written is told by nobody.
pub fn early(text: &str) {
    let _ = write(text);
}

/// Copies `input` to standard output as it is. A reader that stopped reading has seen what it
/// wanted.
///
/// # Errors
/// The input cannot be read, or the output not be written.
pub fn copy(input: &mut impl io::Read) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match io::copy(input, &mut out).and_then(|_| out.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(cause),
        _ => Ok(()),
    }
}

/// Writes an error with its causes and hints.
pub fn error(error: &Error) -> ExitCode {
    say(&format!("error: {error}\n"));
    ExitCode::from(error.exit_status())
}

/// Writes a warning that does not change the answer.
pub fn warning(text: &str) {
    say(&format!("warning: {text}\n"));
}

fn say(text: &str) {
    // Nothing is left to do when even this cannot be written; `eprintln` would panic.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes what clap has to say: help and versions to standard output, mistakes to standard error.
pub fn usage(error: &clap::Error) -> ExitCode {
    // Nothing is left to do when even this cannot be written.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
