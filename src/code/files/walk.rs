//! Finds the files that paths and globs name.

use super::Role;
use super::text::{Problem, io_words};
use crate::code::syntax::{Language, language};
use globset::{GlobBuilder, GlobMatcher};
use ignore::{WalkBuilder, WalkState};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// Paths walked by one thread before a second one pays for itself.
const PARALLEL_FROM: usize = 2;

/// What to leave out of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkOptions {
    /// Follow `.gitignore`, `.ignore` and `.ctxignore`.
    pub respect_ignores: bool,
    /// Leave out names that begin with a dot.
    pub skip_hidden: bool,
}

impl Default for WalkOptions {
    fn default() -> Self {
        WalkOptions {
            respect_ignores: true,
            skip_hidden: true,
        }
    }
}

/// One file of the tree.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path for the reader: relative to the workspace where it lies inside, with `/`.
    pub path: String,
    /// Path to open.
    pub location: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// What it is for.
    pub role: Role,
    /// Its language, by its name alone.
    pub language: Option<&'static Language>,
}

/// What a walk found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Files, sorted by folder, then name; folders come after the files beside them.
    pub files: Vec<SourceFile>,
    /// Problems as (path, problem).
    pub problems: Vec<(String, String)>,
}

/// Finds the files under `paths`, each a file, a folder or a glob; relative paths start at
/// `base`, and are shown relative to `root`.
///
/// A path that does not exist is a problem in the result, not an error.
pub fn find(root: &Path, base: &Path, paths: &[PathBuf], options: WalkOptions) -> Found {
    let mut found = Found::default();
    let whole = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &whole } else { paths };
    for path in paths {
        let location = locate(root, base, path);
        match std::fs::metadata(&location) {
            Ok(metadata) if metadata.is_dir() => walk(root, &location, None, options, &mut found),
            Ok(metadata) => found
                .files
                .push(source_file(root, &location, metadata.len())),
            Err(error) => match as_glob(base, path) {
                Some((folder, glob)) => walk(root, &folder, Some(&glob), options, &mut found),
                None => found
                    .problems
                    .push((shown(root, &location), io_words(&error))),
            },
        }
    }
    found
        .files
        .sort_by(|a, b| order(&a.path).cmp(&order(&b.path)));
    found
        .files
        .dedup_by(|a, b| a.path == b.path && clean(&a.location) == clean(&b.location));
    found.problems.sort();
    found.problems.dedup();
    found
}

/// Where `path` lies: below `base`, else below `root`, where the paths of answers start.
pub fn locate(root: &Path, base: &Path, path: &Path) -> PathBuf {
    let near = base.join(path);
    let far = root.join(path);
    let is_there = |location: &Path| location.symlink_metadata().is_ok();
    if !is_there(&near) && is_there(&far) {
        far
    } else {
        near
    }
}

/// Files of a folder before its subfolders, all by name.
fn order(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A pattern as the folder to walk and the matcher for paths below it.
fn as_glob(base: &Path, path: &Path) -> Option<(PathBuf, GlobMatcher)> {
    let text = path.to_str()?;
    if !text.contains(['*', '?', '[', '{']) {
        return None;
    }
    let is_plain = |part: &Component| {
        !part
            .as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '[', '{'])
    };
    let fixed: PathBuf = path.components().take_while(is_plain).collect();
    let rest = path.strip_prefix(&fixed).ok()?;
    // `*` stays within a folder, as it does where the shell expands it.
    let glob = GlobBuilder::new(rest.to_str()?)
        .literal_separator(true)
        .build()
        .ok()?
        .compile_matcher();
    Some((base.join(fixed), glob))
}

/// A walk of `folder` with these options, on at most two threads.
pub(super) fn builder(folder: &Path, options: WalkOptions) -> WalkBuilder {
    let mut builder = WalkBuilder::new(folder);
    builder
        .hidden(options.skip_hidden)
        .ignore(options.respect_ignores)
        .git_ignore(options.respect_ignores)
        .git_global(false)
        .git_exclude(options.respect_ignores)
        .parents(options.respect_ignores)
        .require_git(false)
        .follow_links(false)
        .threads(rayon::current_num_threads().min(PARALLEL_FROM));
    if options.respect_ignores {
        builder.add_custom_ignore_filename(".ctxignore");
    }
    builder
}

fn walk(
    root: &Path,
    folder: &Path,
    glob: Option<&GlobMatcher>,
    options: WalkOptions,
    found: &mut Found,
) {
    let collected = Mutex::new(Found::default());
    builder(folder, options).build_parallel().run(|| {
        let mut mine = Batch {
            found: Found::default(),
            all: &collected,
        };
        Box::new(move |entry| {
            mine.visit(root, folder, glob, entry);
            WalkState::Continue
        })
    });
    let collected = collected
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    found.files.extend(collected.files);
    found.problems.extend(collected.problems);
}

/// What one thread of a walk found; handed over when the thread ends.
struct Batch<'a> {
    found: Found,
    all: &'a Mutex<Found>,
}

impl Batch<'_> {
    fn visit(
        &mut self,
        root: &Path,
        folder: &Path,
        glob: Option<&GlobMatcher>,
        entry: Result<ignore::DirEntry, ignore::Error>,
    ) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.problem(root, folder, &error),
        };
        let kind = entry.file_type();
        let is_passed_over = kind.is_some_and(|kind| kind.is_dir() || kind.is_symlink());
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if is_passed_over || glob.is_some_and(|glob| !glob.is_match(below)) {
            return;
        }
        if !kind.is_some_and(|kind| kind.is_file()) {
            let problem = Problem::Special.to_string();
            let path = shown(root, entry.path());
            return self.found.problems.push((path, problem));
        }
        match entry.metadata() {
            Ok(metadata) => self
                .found
                .files
                .push(source_file(root, entry.path(), metadata.len())),
            Err(error) => self.problem(root, entry.path(), &error),
        }
    }

    fn problem(&mut self, root: &Path, near: &Path, error: &ignore::Error) {
        let path = path_of(error).unwrap_or(near);
        let text = error.io_error().map_or_else(|| error.to_string(), io_words);
        self.found.problems.push((shown(root, path), text));
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut all = self
            .all
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        all.files.append(&mut self.found.files);
        all.problems.append(&mut self.found.problems);
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

fn source_file(root: &Path, location: &Path, bytes: u64) -> SourceFile {
    let path = shown(root, location);
    SourceFile {
        role: Role::of(&path),
        language: language::detect_by_path(Path::new(&path)),
        path,
        location: location.to_owned(),
        bytes,
    }
}

/// A path as a reader sees it: relative to `root` where it lies inside, `/` between the parts,
/// bytes that are no Unicode replaced.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    let clean = clean(path);
    let relative = clean.strip_prefix(root).unwrap_or(&clean);
    let text = relative.to_string_lossy();
    let text = if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    if text.is_empty() {
        ".".to_owned()
    } else {
        text
    }
}

/// `path` without `.` and, where it can be done without looking, without `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(clean.components().next_back(), Some(Component::Normal(_))) =>
            {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
