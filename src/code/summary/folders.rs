//! The folders that a summary tells apart: as few as show where the weight lies.

use super::survey::Survey;
use std::collections::BTreeMap;

/// Most folders listed.
const MOST_FOLDERS: usize = 28;
/// A folder with this part of all tokens is told by its own folders.
const LARGE: f32 = 0.12;

/// A folder and what lies in it, folders that are listed themselves left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its path; empty for the top.
    pub path: String,
    /// Files.
    pub files: usize,
    /// Lines.
    pub lines: u64,
    /// Tokens, in the base encoding.
    pub tokens: u64,
}

/// The folders of a survey, by path.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// Sorted by path.
    pub list: Vec<Folder>,
}

impl Folders {
    /// Splits the largest folders until enough are told apart.
    pub fn new(survey: &Survey) -> Folders {
        let mut weights: BTreeMap<String, u64> = BTreeMap::new();
        for surveyed in &survey.files {
            let weight = (surveyed.facts.tokens as f32 * surveyed.file.role.weight()) as u64;
            for folder in above(&surveyed.file.path) {
                *weights.entry(folder.to_owned()).or_default() += weight;
            }
        }
        let total = weights.get("").copied().unwrap_or(0).max(1);
        let mut open = vec![String::new()];
        let mut split: Vec<String> = Vec::new();
        loop {
            let large = |folder: &&String| {
                !split.contains(folder) && weights[*folder] as f32 / total as f32 >= LARGE
            };
            let next = open
                .iter()
                .filter(large)
                .max_by_key(|folder| (weights[*folder], folder.len()));
            let Some(next) = next.cloned() else { break };
            let inside: Vec<String> = weights
                .keys()
                .filter(|folder| is_directly_in(folder, &next))
                .cloned()
                .collect();
            if open.len() + inside.len() > MOST_FOLDERS && open.len() > 1 {
                split.push(next);
                continue;
            }
            open.extend(inside);
            split.push(next);
        }
        open.sort();
        let mut folders = Folders {
            list: open
                .into_iter()
                .map(|path| Folder {
                    path,
                    files: 0,
                    lines: 0,
                    tokens: 0,
                })
                .collect(),
        };
        for surveyed in &survey.files {
            let at = folders.index_of(&surveyed.file.path);
            let folder = &mut folders.list[at];
            folder.files += 1;
            folder.lines += u64::from(surveyed.facts.lines);
            folder.tokens += surveyed.facts.tokens;
        }
        folders
    }

    /// The listed folder that a file lies in, the innermost one.
    pub fn of(&self, path: &str) -> &str {
        &self.list[self.index_of(path)].path
    }

    fn index_of(&self, path: &str) -> usize {
        above(path)
            .find_map(|folder| {
                self.list
                    .binary_search_by(|known| known.path.as_str().cmp(folder))
                    .ok()
            })
            .unwrap_or(0)
    }
}

fn is_directly_in(folder: &str, parent: &str) -> bool {
    let rest = match parent {
        "" => Some(folder),
        parent => folder
            .strip_prefix(parent)
            .and_then(|rest| rest.strip_prefix('/')),
    };
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
}

/// The folders that a path lies in, the innermost first, the top last.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .collect::<Vec<_>>();
    ends.into_iter()
        .rev()
        .map(move |at| &path[..at])
        .chain(std::iter::once(""))
}
