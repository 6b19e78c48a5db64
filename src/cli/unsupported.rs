//! The commands about tasks, where tasks are not supported yet.

use super::Answer;
use crate::error::Error;
use std::ffi::OsString;

/// The commands that exist elsewhere.
const TASKS: [&str; 11] = [
    "run", "status", "wait", "output", "cancel", "retry", "confirm", "discard", "clean", "tasks",
    "doctor",
];

pub fn run(words: &[OsString]) -> Result<Answer, Error> {
    let word = words
        .first()
        .map(|word| word.to_string_lossy().into_owned())
        .unwrap_or_default();
    if TASKS.contains(&word.as_str()) {
        return Err(Error::failed(format!(
            "`ctx {word}`: tasks are not supported on Windows yet"
        ))
        .hint("`ctx` in WSL runs them"));
    }
    Err(Error::bad_request(format!("there is no command `{word}`")).hint("`ctx --help` lists them"))
}
