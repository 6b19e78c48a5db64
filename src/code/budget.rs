//! `ctx budget PATH...`: what a tree costs in tokens, largest first.

use super::files::{self, SourceFile, WalkOptions};
use crate::tokens::Counter;
use crate::view::{ItemBuilder, Level, Noun, Place, View, grouped};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILES: u8 = 0;
const FOLDERS: u8 = 1;
const NOTES: u8 = 2;

/// What to count.
#[derive(Clone, Debug)]
pub struct BudgetRequest {
    /// Files, folders and globs; the whole workspace when empty.
    pub paths: Vec<PathBuf>,
    /// Most folders below the top; `None` for no limit.
    pub depth: Option<usize>,
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// Counts the tokens of every file that `request` names and adds them up by folder.
pub fn budget(root: &Path, base: &Path, request: &BudgetRequest, counter: &Counter) -> View {
    let found = files::find(root, base, &request.paths, request.walk);
    let counted: Vec<Result<u64, Option<String>>> = found
        .files
        .par_iter()
        .map(|file| count(file, request, counter))
        .collect();
    let mut top = Folder::default();
    let mut problems = found.problems;
    let mut binary = 0;
    for (file, counted) in found.files.iter().zip(counted) {
        match counted {
            Ok(tokens) => top.add(&file.path, tokens),
            Err(None) => binary += 1,
            Err(Some(problem)) => problems.push((file.path.clone(), problem)),
        }
    }
    let nouns = vec![
        Noun {
            one: "file",
            many: "files",
        },
        Noun {
            one: "folder",
            many: "folders",
        },
        Noun {
            one: "note",
            many: "notes",
        },
    ];
    let mut view = View::new("budget", request.command.clone(), nouns);
    view.costs_in_text = false;
    if top.files > 0 {
        let mut listing = Listing {
            view: &mut view,
            total: top.tokens.max(1),
            depth: request.depth,
        };
        listing.folder(&top, "", None, 0);
    }
    if binary > 0 {
        let files = view.nouns[usize::from(FILES)].counted(binary);
        view.add_note(NOTES, "", &format!("not counted: {files}, binary"), 40.0);
    }
    for (about, problem) in &problems {
        view.add_note(NOTES, about, problem, f32::MAX);
    }
    view
}

/// Tokens of one file; a binary file costs nothing that anyone would read, and is passed over.
fn count(
    file: &SourceFile,
    request: &BudgetRequest,
    counter: &Counter,
) -> Result<u64, Option<String>> {
    match files::read(&file.location, request.max_file_bytes) {
        Ok(text) => Ok(counter.count(&text.content).0),
        Err(files::Problem::Binary { .. }) => Err(None),
        Err(problem) => Err(Some(problem.to_string())),
    }
}

/// A folder with what is in it.
#[derive(Default)]
struct Folder {
    tokens: u64,
    files: usize,
    folders: BTreeMap<String, Folder>,
    own: BTreeMap<String, u64>,
}

impl Folder {
    fn add(&mut self, path: &str, tokens: u64) {
        self.tokens += tokens;
        self.files += 1;
        match path.split_once('/') {
            Some((folder, rest)) => self
                .folders
                .entry(folder.to_owned())
                .or_default()
                .add(rest, tokens),
            None => {
                self.own.insert(path.to_owned(), tokens);
            }
        }
    }
}

struct Listing<'a> {
    view: &'a mut View,
    total: u64,
    depth: Option<usize>,
}

impl Listing<'_> {
    /// Adds `folder` and what is in it, largest first. A folder that holds nothing but one
    /// other folder is shown together with it.
    fn folder(&mut self, folder: &Folder, path: &str, parent: Option<u32>, depth: usize) {
        let mut folder = folder;
        let mut path = path.to_owned();
        while folder.own.is_empty()
            && let Some((name, only)) = folder.folders.first_key_value()
            && folder.folders.len() == 1
        {
            path.push_str(name);
            path.push('/');
            folder = only;
        }
        let label = if path.is_empty() { "./" } else { &path };
        let files = Noun {
            one: "file",
            many: "files",
        }
        .counted(folder.files);
        let item = self.add(
            FOLDERS,
            "folder",
            parent,
            folder.tokens,
            label,
            &format!(" ({files})"),
            true,
        );
        if self.depth.is_some_and(|most| depth >= most) {
            return;
        }
        let mut rows: Vec<(u64, &str, Option<&Folder>)> = folder
            .own
            .iter()
            .map(|(name, tokens)| (*tokens, name.as_str(), None))
            .collect();
        rows.extend(
            folder
                .folders
                .iter()
                .map(|(name, below)| (below.tokens, name.as_str(), Some(below))),
        );
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        for (tokens, name, below) in rows {
            match below {
                Some(below) => self.folder(below, &format!("{path}{name}/"), Some(item), depth + 1),
                None => {
                    self.add(
                        FILES,
                        "file",
                        Some(item),
                        tokens,
                        &format!("{path}{name}"),
                        "",
                        false,
                    );
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn add(
        &mut self,
        noun: u8,
        kind: &'static str,
        parent: Option<u32>,
        tokens: u64,
        path: &str,
        after: &str,
        is_parent: bool,
    ) -> u32 {
        let share = (tokens * 100 + self.total / 2) / self.total;
        let text = format!("{} {share}% {path}{after}", grouped(tokens));
        let path = self.view.add_path(path.to_owned());
        // Twice the tokens are worth twice as much to someone who looks for where they went.
        let value = tokens as f32 + 1.0;
        self.view.add(ItemBuilder {
            parent,
            noun,
            place: Place { path, lines: None },
            kind,
            label: "",
            tokens,
            is_parent,
            levels: &[(Level::Name, &text, value)],
        })
    }
}
