//! The folder headings of an outline.

use super::FOLDERS;
use crate::code::files::SourceFile;
use crate::view::{ItemBuilder, Level, Place, View};
use std::collections::BTreeMap;

/// A folder with several files.
pub(super) struct Group {
    files: usize,
    /// What the line of its best file is worth.
    best: f32,
}

impl Group {
    /// What its heading is worth: it says something about each of its files.
    pub fn value(&self) -> f32 {
        3.0 * self.best
    }
}

/// The folders that have a heading, by path. They depend on the files alone and not on the
/// budget, so that a larger budget changes no heading.
pub(super) type Groups = BTreeMap<String, Group>;

/// The groups of `files`, of which each line is worth one of `values`.
pub(super) fn groups(files: &[SourceFile], values: &[f32]) -> Groups {
    let mut groups = Groups::new();
    for (file, value) in files.iter().zip(values) {
        let group = groups
            .entry(folder_of(&file.path).to_owned())
            .or_insert(Group {
                files: 0,
                best: 0.0,
            });
        group.files += 1;
        group.best = group.best.max(*value);
    }
    groups.retain(|folder, group| group.files > 1 && !folder.is_empty());
    groups
}

/// The headings of folders, each added before the first of its files.
pub(super) struct Folders {
    /// Folder of the last file, and the item made for it.
    last: Option<(String, Option<u32>)>,
    /// How many were added.
    listed: usize,
    groups: Groups,
}

impl Folders {
    /// None added yet.
    pub fn new(groups: Groups) -> Folders {
        Folders {
            last: None,
            listed: 0,
            groups,
        }
    }

    /// How many headings were never added.
    pub fn unlisted(&self) -> usize {
        self.groups.len() - self.listed
    }

    /// The heading that the file at `path` stands under, added to `view` where it is new.
    pub fn item(&mut self, view: &mut View, path: &str) -> Option<u32> {
        let folder = folder_of(path);
        if let Some((last, item)) = &self.last
            && last == folder
        {
            return *item;
        }
        let item = self.groups.get(folder).map(|group| {
            self.listed += 1;
            let mut label = label(&format!("{folder}/"));
            if group.files > 3 {
                label.push_str(&format!(" ({} files)", group.files));
            }
            let path = view.add_path(format!("{folder}/"));
            view.add(ItemBuilder {
                noun: FOLDERS,
                place: Place { path, lines: None },
                kind: "folder",
                is_parent: true,
                levels: &[(Level::Name, &label, group.value())],
                ..ItemBuilder::default()
            })
        });
        self.last = Some((folder.to_owned(), item));
        item
    }
}

/// The folder part of a path.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path as the beginning of a line: never white space first, or a mark that would be read as
/// something else.
pub(super) fn label(path: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '+' | '<' | '/');
    if path.starts_with(is_plain) {
        path.to_owned()
    } else {
        format!("./{path}")
    }
}
