//! What the sides of changed files hold: objects of git, files of the work tree.

use super::changes::{Change, Entry, LINK, SUBMODULE};
use crate::code::files::decode;
use crate::code::git::{Git, GitError, Object};
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// What one side of a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is no file on this side.
    Nothing,
    /// Text; whether bytes that are no UTF-8 were replaced.
    Text(String, bool),
    /// No text: its size in bytes.
    Binary(u64),
    /// Larger than the limit: its size in bytes.
    TooLarge(u64),
    /// A symbolic link, to what it leads.
    Link(String),
    /// A submodule, at this commit.
    Submodule(String),
    /// It cannot be read, and why.
    Unreadable(String),
}

/// Bytes looked at in order to tell that a file is binary, as git does.
const HEAD: usize = 8_000;

/// Reads both sides of `changes`, one process for all objects.
pub(super) fn read(
    git: &Git,
    changes: &[Change],
    limit: u64,
) -> Result<Vec<(Content, Content)>, GitError> {
    let mut contents = vec![(Content::Nothing, Content::Nothing); changes.len()];
    let mut names = Vec::new();
    let mut places = Vec::new();
    for (idx, change) in changes.iter().enumerate() {
        for (is_new, entry) in [(false, &change.old), (true, &change.new)] {
            let Some(entry) = entry else { continue };
            let slot = if is_new {
                &mut contents[idx].1
            } else {
                &mut contents[idx].0
            };
            match &entry.object {
                _ if entry.mode == SUBMODULE => *slot = submodule(git, entry),
                Some(object) => {
                    names.push(object.clone());
                    places.push((idx, is_new, entry.mode));
                }
                None => *slot = in_work_tree(git.top.as_deref(), entry, limit),
            }
        }
    }
    git.objects(&names, limit, |at, object| {
        let (idx, is_new, mode) = places[at];
        let content = match object {
            Object::Bytes(bytes) if mode == LINK => Content::Link(lossy(&bytes)),
            Object::Bytes(bytes) => of_bytes(bytes),
            Object::TooLarge(bytes) => Content::TooLarge(bytes),
            Object::Missing => Content::Unreadable("its object is not in this clone".to_owned()),
        };
        let slot = if is_new {
            &mut contents[idx].1
        } else {
            &mut contents[idx].0
        };
        *slot = content;
    })?;
    Ok(contents)
}

fn submodule(git: &Git, entry: &Entry) -> Content {
    if let Some(object) = &entry.object {
        return Content::Submodule(object.clone());
    }
    let folder = git.top.as_ref().map(|top| top.join(&entry.path));
    let commit = folder
        .and_then(|folder| Git::open(&folder).ok())
        .and_then(|module| module.commit("HEAD".as_ref()));
    Content::Submodule(commit.unwrap_or_else(|| "not checked out".to_owned()))
}

fn in_work_tree(top: Option<&Path>, entry: &Entry, limit: u64) -> Content {
    let Some(location) = top.map(|top| top.join(&entry.path)) else {
        return Content::Unreadable("there is no work tree".to_owned());
    };
    match read_file(&location, limit) {
        Ok(content) => content,
        Err(error) => Content::Unreadable(error.to_string()),
    }
}

fn read_file(location: &Path, limit: u64) -> std::io::Result<Content> {
    let metadata = fs::symlink_metadata(location)?;
    if metadata.is_symlink() {
        let target = fs::read_link(location)?;
        return Ok(Content::Link(target.to_string_lossy().into_owned()));
    }
    if metadata.is_dir() {
        let commit = Git::open(location)
            .ok()
            .and_then(|git| git.commit("HEAD".as_ref()));
        return Ok(Content::Submodule(
            commit.unwrap_or_else(|| "no commit".to_owned()),
        ));
    }
    if !metadata.is_file() {
        return Ok(Content::Unreadable("not a regular file".to_owned()));
    }
    if metadata.len() > limit {
        return Ok(Content::TooLarge(metadata.len()));
    }
    let mut bytes = Vec::new();
    fs::File::open(location)?
        .take(limit)
        .read_to_end(&mut bytes)?;
    Ok(of_bytes(bytes))
}

fn of_bytes(bytes: Vec<u8>) -> Content {
    if bytes[..bytes.len().min(HEAD)].contains(&0) {
        return Content::Binary(bytes.len() as u64);
    }
    let text = decode(bytes);
    Content::Text(text.content, text.is_lossy)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
