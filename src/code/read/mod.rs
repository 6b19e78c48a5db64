//! `ctx read`: files, line ranges and symbols, verbatim, as many lines of each as a budget holds.

mod fit;
mod part;
mod skeleton;
mod target;

pub use fit::{Fitted, fit};
pub use part::Part;
pub use target::Target;

use super::files::{self, WalkOptions};
use super::syntax::{self, Limits, Symbol, Wants};
use crate::error::Error;
use crate::nearest::nearest;
use crate::shell;
use std::fs;
use std::path::{Path, PathBuf};

/// What to read.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// Files, with a range of lines or a symbol each.
    pub targets: Vec<Target>,
    /// Replace the bodies of functions by what they cost.
    pub skeleton: bool,
    /// What globs leave out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// What begins a command that reads more: `ctx read`.
    pub command: String,
}

/// Reads what `request` names: the parts in the order asked for, and the problems of those
/// that cannot be read.
///
/// # Errors
/// Not one part could be read.
pub fn read(
    root: &Path,
    base: &Path,
    request: &ReadRequest,
) -> Result<(Vec<Part>, Vec<String>), Error> {
    let mut parts = Vec::new();
    let mut notes = Vec::new();
    let mut first = None;
    for target in &request.targets {
        for location in locations(root, base, target, request) {
            match read_one(root, &location, target, request) {
                Ok(read) => {
                    parts.extend(read.parts);
                    notes.extend(read.note);
                }
                Err(problem) => {
                    notes.push(problem.as_note());
                    first.get_or_insert(problem);
                }
            }
        }
    }
    match first {
        Some(problem) if parts.is_empty() => Err(problem),
        _ => Ok((parts, notes)),
    }
}

/// The files a target names: itself, or what its glob matches.
fn locations(root: &Path, base: &Path, target: &Target, request: &ReadRequest) -> Vec<PathBuf> {
    let location = files::locate(root, base, &target.path);
    let is_glob = target.path.to_string_lossy().contains(['*', '?', '[', '{']);
    if fs::symlink_metadata(&location).is_ok() || !is_glob {
        return vec![location];
    }
    let found = files::find(root, base, std::slice::from_ref(&target.path), request.walk);
    let found: Vec<PathBuf> = found.files.into_iter().map(|file| file.location).collect();
    if found.is_empty() {
        vec![location]
    } else {
        found
    }
}

/// What was read of one file.
struct Read {
    parts: Vec<Part>,
    note: Option<String>,
}

fn read_one(
    root: &Path,
    location: &Path,
    target: &Target,
    request: &ReadRequest,
) -> Result<Read, Error> {
    let path = files::shown(root, location);
    let failed = || Error::bad_request(format!("`{path}` cannot be read"));
    if location.is_dir() {
        return Err(
            Error::bad_request(format!("`{path}` is a folder")).hint(format!(
                "`ctx outline {}` shows what is in it",
                shell::path(&path)
            )),
        );
    }
    let text = files::read(location, request.max_file_bytes)
        .map_err(|problem| failed().because(problem))?;
    let note = text
        .is_lossy
        .then(|| format!("`{path}` holds invalid UTF-8, shown as \u{fffd}"));
    let parts = parts(&path, &text.content, target, request)?;
    Ok(Read { parts, note })
}

fn parts(
    path: &str,
    text: &str,
    target: &Target,
    request: &ReadRequest,
) -> Result<Vec<Part>, Error> {
    if let Some(name) = &target.symbol {
        return symbols(path, text, name, request);
    }
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let (start, end) = match target.lines {
        Some((start, end)) => (start, end.min(lines)),
        None => (1, lines),
    };
    if start > lines.max(1) {
        return Err(Error::bad_request(format!(
            "`{path}` has {lines} lines, asked for line {start}{}",
            if target.lines.is_some_and(|(_, end)| end > start) {
                " and on"
            } else {
                ""
            }
        ))
        .hint(format!("`{} {}`", request.command, shell::path(path))));
    }
    if request.skeleton && target.lines.is_none() {
        let parsed = parse(path, text, request).ok_or_else(|| {
            Error::bad_request(format!("`{path}` is in no language that has a skeleton"))
                .hint("`ctx languages` lists those that have")
        })?;
        return Ok(vec![skeleton::skeleton(path, text, &parsed)]);
    }
    Ok(vec![Part::lines(path, text, start, end)])
}

fn parse(path: &str, text: &str, request: &ReadRequest) -> Option<syntax::FileSyntax> {
    let head = &text.as_bytes()[..text.len().min(8192)];
    let language = syntax::language::detect(Path::new(path), head)?;
    Some(syntax::parse(
        language,
        text,
        Wants {
            references: false,
            limits: request.limits,
        },
    ))
}

/// Every definition of `name` in the file, with its documentation.
fn symbols(path: &str, text: &str, name: &str, request: &ReadRequest) -> Result<Vec<Part>, Error> {
    let parsed = parse(path, text, request).ok_or_else(|| {
        Error::bad_request(format!(
            "`{path}` is in no language whose symbols are known"
        ))
        .hint("`ctx languages` lists those that are")
    })?;
    let found: Vec<&Symbol> = parsed
        .symbols
        .iter()
        .filter(|symbol| is_named(symbol, name))
        .collect();
    if found.is_empty() {
        let error = Error::nothing_found(format!("no symbol `{name}` in `{path}`"));
        let names = parsed.symbols.iter().map(|symbol| symbol.name.as_str());
        return Err(match nearest(name, names) {
            Some(near) => {
                let target = shell::path(&format!("{path}#{near}"));
                error.hint(format!("`{} {target}`", request.command))
            }
            None => error.hint(format!(
                "`ctx outline {}` lists its symbols",
                shell::path(path)
            )),
        });
    }
    Ok(found
        .into_iter()
        .map(|symbol| definition(path, text, symbol))
        .collect())
}

fn definition(path: &str, text: &str, symbol: &Symbol) -> Part {
    let before = |at: usize| text[..at].matches('\n').count() as u32 + 1;
    let start = symbol.doc.as_ref().map_or(symbol.lines.start, |doc| {
        symbol.lines.start.min(before(doc.start))
    });
    Part::lines(path, text, start, symbol.lines.end)
}

/// Whether `asked` is the symbol's name or the end of its qualified name: `pack`, `Packer.new`,
/// `Packer::new`.
fn is_named(symbol: &Symbol, asked: &str) -> bool {
    let is_separator = |c: char| matches!(c, ':' | '.' | '#' | '/');
    let parts = |name: &str| -> Vec<String> {
        name.split(is_separator)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    symbol.name == asked
        || (asked.contains(is_separator) && parts(&symbol.qualified_name).ends_with(&parts(asked)))
}
