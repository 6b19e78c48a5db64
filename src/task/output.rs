//! What a task printed: digested, or in parts.

use super::log::{self, Reader};
use super::store::{Store, Task};
use crate::digest::matcher::Matcher;
use crate::digest::{Digest, Digester, Origin};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

/// Digests what the last attempt of a task printed so far, with what changed since the run
/// before it if both are over.
///
/// # Errors
/// The log cannot be read.
pub fn digest(
    store: &Store,
    task: &Task,
    matchers: &dyn Fn() -> Vec<Matcher>,
) -> io::Result<Digest> {
    let digest = one(store, task, matchers())?;
    let is_failure = task.state.end().is_some_and(|end| !end.is_success());
    let before = match task.state.end() {
        Some(_) => store
            .runs(&task.fingerprint, task.seq, 1)
            .unwrap_or_default()
            .pop(),
        None => None,
    };
    let Some(before) = before else {
        return Ok(digest);
    };
    // Between two that went well there is nothing to tell.
    let before_failed = before.state.end().is_some_and(|end| !end.is_success());
    if !is_failure && !before_failed && !digest.is_failure() {
        return Ok(digest);
    }
    let before = one(store, &before, matchers())?;
    let has_errors = |digest: &Digest| digest.is_failure() && !digest.findings.is_empty();
    if !has_errors(&before) && !has_errors(&digest) {
        return Ok(digest);
    }
    Ok(digest.against(&before))
}

fn one(store: &Store, task: &Task, matchers: Vec<Matcher>) -> io::Result<Digest> {
    let mut digester = Digester::new().with_matchers(matchers);
    let mut reader = Reader::open(&store.folder(&task.id), task.offset)?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(len) => digester.feed(&buffer[..len]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let exit = task.state.end().map(|end| i32::from(end.exit_status()));
    Ok(digester.finish(Origin {
        command: Some(task.command.clone()),
        exit,
    }))
}

/// Calls `visit` with each line of the log in `folder` from byte `from` on, its number (the first
/// being 1) and its bytes, the newline included; ends when `visit` returns false.
///
/// # Errors
/// The log cannot be read.
pub fn each_line(
    folder: &Path,
    from: u64,
    visit: &mut dyn FnMut(u64, &[u8]) -> bool,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, Reader::open(folder, from)?);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        number += 1;
        if !visit(number, &line) {
            return Ok(());
        }
    }
}

/// The last lines of the log in `folder`, at most `most` of them and no more than about
/// `max_bytes`, not before byte `from`.
///
/// # Errors
/// The log cannot be read.
pub fn tail(folder: &Path, from: u64, most: usize, max_bytes: u64) -> io::Result<Vec<String>> {
    let len = log::len(folder);
    let start = len.saturating_sub(max_bytes).max(from);
    let mut bytes = Vec::new();
    Reader::open(folder, start)?
        .take(max_bytes)
        .read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if start > from && !lines.is_empty() {
        // The first may have lost its beginning.
        lines.remove(0);
    }
    Ok(lines.split_off(lines.len().saturating_sub(most)))
}
