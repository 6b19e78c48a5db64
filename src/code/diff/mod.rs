//! `ctx diff`: what differs between two sides, by file, by symbol, by hunk, as a [`View`].
//!
//! `git` says which files differ and gives their content; both sides are parsed and their
//! symbols matched; hunks are the deepest level. Nothing is written, not even git's index.

mod changes;
mod content;
mod file;
mod items;
mod lines;
mod moves;
mod renames;
mod sides;
mod symbols;
mod uses;

use super::files::{self, WalkOptions};
use super::git::{Git, GitError};
use super::outline::Tests;
use super::syntax::Limits;
use crate::tokens::Counter;
use crate::view::View;
use changes::Change;
use content::Content;
use file::{FileDiff, file_diff, is_test};
use globset::GlobMatcher;
use rayon::prelude::*;
use sides::{Side, Sides};
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use symbols::Verb;
use uses::Scope;

/// Most files whose sides are compared; more are counted.
const MOST_FILES: usize = 3_000;
/// Files whose content is in memory at once.
const AT_ONCE: usize = 256;
/// Most names whose uses are looked up.
const MOST_NAMES: usize = 150;

/// What to compare, and how much of it to show.
#[derive(Clone, Debug)]
pub struct DiffRequest {
    /// Revisions, a range, paths, as they were typed.
    pub words: Vec<OsString>,
    /// Paths that cannot be revisions: what stood after `--`.
    pub paths: Vec<OsString>,
    /// Compare what is staged, not the work tree.
    pub is_staged: bool,
    /// Only files whose path matches; all when `None`.
    pub glob: Option<GlobMatcher>,
    /// Only files of these languages; all when empty.
    pub languages: Vec<&'static str>,
    /// Tests.
    pub tests: Tests,
    /// What is left out where uses are looked up.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// Why there is no difference to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// `git` gave no answer.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A word that is neither.
    #[error("`{0}` is neither a revision nor a path")]
    NeitherRevisionNorPath(String),
    /// A word that is both.
    #[error("`{0}` is both a revision and a path")]
    Ambiguous(String),
    /// Two commits without a common one.
    #[error("`{0}` and `{1}` have no merge base")]
    NoMergeBase(String, String),
    /// `--staged` compares with one revision.
    #[error("`--staged` compares what is staged with one revision, not with a range")]
    StagedRange,
    /// The work tree was asked for where there is none.
    #[error("a bare repository has no work tree to compare")]
    Bare,
    /// Both sides are the same, or what differs was not asked for.
    #[error("no changes: {0}")]
    Same(String),
}

/// Compares what `request` names, in the repository around `base`. Paths are shown relative
/// to `root`.
///
/// # Errors
/// [`DiffError`]: no repository, no such revision, nothing that differs.
pub fn diff(
    root: &Path,
    base: &Path,
    request: &DiffRequest,
    counter: &Counter,
) -> Result<View, DiffError> {
    let git = Git::open(base)?;
    let (sides, mut paths) = sides::resolve(&git, &request.words, request.is_staged)?;
    paths.extend(request.paths.iter().cloned());
    if git.top.is_none() && !matches!(sides.new, Side::Commit(_)) {
        return Err(DiffError::Bare);
    }
    let (mut changes, warnings) = changes::list(&git, &sides, &paths)?;
    let mut notes = sides.notes.clone();
    notes.extend(warnings.iter().take(3).cloned());
    let shown = |change: &Change| shown(root, git.top.as_deref(), change.path());
    changes.retain(|change| {
        request
            .glob
            .as_ref()
            .is_none_or(|glob| glob.is_match(shown(change)))
    });
    let unlisted = changes.len().saturating_sub(MOST_FILES);
    changes.truncate(MOST_FILES);
    let mut files = Vec::with_capacity(changes.len());
    let needs_join = sides.new == Side::WorkTree;
    let at_once = if needs_join { MOST_FILES } else { AT_ONCE };
    for some in changes.chunks(at_once) {
        let mut some = some.to_vec();
        let mut contents = content::read(&git, &some, request.max_file_bytes)?;
        if needs_join {
            renames::join(&mut some, &mut contents);
        }
        let compare = |(change, (old, new)): (&Change, &(Content, Content))| {
            file_diff(shown(change), change, old, new, request, counter)
        };
        let compared: Vec<Option<FileDiff>> = some.par_iter().zip(&contents).map(compare).collect();
        files.extend(compared.into_iter().flatten());
    }
    moves::find(&mut files);
    files.retain_mut(|file| is_wanted(file, request));
    if files.is_empty() && unlisted == 0 {
        return Err(DiffError::Same(sides.words));
    }
    let uses = look_up(root, &git, &sides, request, &files);
    Ok(items::view(
        request, &sides, &notes, &files, &uses, unlisted,
    ))
}

/// A path of the repository as a reader of the workspace sees it.
fn shown(root: &Path, top: Option<&Path>, path: &Path) -> String {
    let location = top.map_or_else(|| root.join(path), |top| top.join(path));
    files::shown(root, &location)
}

/// Whether a file is shown, after what was not asked for is dropped from it.
fn is_wanted(file: &mut FileDiff, request: &DiffRequest) -> bool {
    let language = file.language.map(|language| language.name);
    let is_of_language = request.languages.is_empty()
        || language.is_some_and(|name| request.languages.contains(&name));
    if !is_of_language {
        return false;
    }
    let is_test_file = file.role == files::Role::Test;
    match request.tests {
        Tests::Also => true,
        Tests::No if is_test_file => false,
        Tests::Only if is_test_file => true,
        which => {
            let keeps = |is_test: bool| is_test == (which == Tests::Only);
            let kept: Vec<bool> = file
                .changes
                .iter()
                .map(|change| keeps(is_test(file, change)))
                .collect();
            file.hunks.retain(|priced| match priced.hunk.owner {
                Some(owner) => kept[owner],
                None => which == Tests::No,
            });
            drop_changes(file, &kept);
            which == Tests::No || !file.changes.is_empty()
        }
    }
}

/// Drops the changes that are not `kept`; the others keep their hunks.
fn drop_changes(file: &mut FileDiff, kept: &[bool]) {
    let mut next = 0;
    let place: Vec<Option<usize>> = kept
        .iter()
        .map(|kept| {
            next += usize::from(*kept);
            kept.then(|| next - 1)
        })
        .collect();
    let mut keeps = kept.iter();
    file.changes
        .retain(|_| *keeps.next().expect("one answer for each change"));
    for change in &mut file.changes {
        change.parent = change.parent.and_then(|parent| place[parent]);
    }
    for priced in &mut file.hunks {
        priced.hunk.owner = priced.hunk.owner.and_then(|owner| place[owner]);
    }
}

/// Uses of everything that its users may have to follow.
fn look_up(
    root: &Path,
    git: &Git,
    sides: &Sides,
    request: &DiffRequest,
    files: &[FileDiff],
) -> std::collections::BTreeMap<(&'static str, String), uses::Uses> {
    let mut names: Vec<(bool, &'static str, String)> = Vec::new();
    for file in files {
        let Some(language) = file.language else {
            continue;
        };
        for change in &file.changes {
            if let Some(name) = items::looked_up(change) {
                names.push((
                    !change.is_public,
                    crate::code::family::family(language),
                    name.to_owned(),
                ));
            }
        }
    }
    names.sort();
    let names: HashSet<(&'static str, String)> = names
        .into_iter()
        .take(MOST_NAMES)
        .map(|(_, family, name)| (family, name))
        .collect();
    let scope = Scope {
        root,
        commit: match &sides.new {
            Side::Commit(commit) => Some((git, commit)),
            _ => None,
        },
        walk: request.walk,
        limits: request.limits,
        max_file_bytes: request.max_file_bytes,
    };
    uses::by_name(scope, &names)
}

/// Whether the users of a changed symbol are told.
fn concerns_users(verb: Verb) -> bool {
    matches!(verb, Verb::Signature | Verb::Removed | Verb::Renamed)
}
