//! The folder headings of an outline.

use super::FOLDERS;
use crate::code::files::SourceFile;
use crate::view::{ItemBuilder, Level, Place, View};
use std::collections::BTreeMap;

/// What a heading is worth against its best file. Its line is longer than that of a file, so at
/// this the best files follow soon: a list of folders alone says little.
const HEADING: f32 = 1.6;

/// The headings of folders: one for each folder with several files, added before its first.
pub(super) struct Folders {
    /// Folder of the last file, and the item made for it.
    last: Option<(String, Option<u32>)>,
    /// How many were added.
    listed: usize,
    /// Folders with at least two files, with their number and the value of the best. They
    /// depend on the files alone and not on the budget, so that a larger one changes no heading.
    grouped: BTreeMap<String, (usize, f32)>,
}

impl Folders {
    /// The folders of `files`, each as valuable as its most valuable file.
    pub fn new(files: &[SourceFile], values: &[f32]) -> Folders {
        let mut grouped = BTreeMap::new();
        for (idx, file) in files.iter().enumerate() {
            let (count, value) = grouped
                .entry(folder_of(&file.path).to_owned())
                .or_insert((0, 0.0_f32));
            *count += 1;
            *value = value.max(values[idx]);
        }
        grouped.retain(|folder, (count, _)| *count > 1 && !folder.is_empty());
        Folders {
            last: None,
            listed: 0,
            grouped,
        }
    }

    /// What the heading of a folder is worth, if it has one.
    pub fn value(&self, folder: &str) -> Option<f32> {
        let (_, best) = self.grouped.get(folder)?;
        Some(HEADING * best)
    }

    /// How many headings were not added.
    pub fn unlisted(&self) -> usize {
        self.grouped.len() - self.listed
    }

    /// The heading that the file at `path` stands under, added to `view` where it is new.
    pub fn item(&mut self, view: &mut View, path: &str) -> Option<u32> {
        let folder = folder_of(path);
        if let Some((last, item)) = &self.last
            && last == folder
        {
            return *item;
        }
        let item = self.grouped.get(folder).map(|(files, best)| {
            self.listed += 1;
            let mut label = label(&format!("{folder}/"));
            if *files > 3 {
                label.push_str(&format!(" ({files} files)"));
            }
            let path = view.add_path(format!("{folder}/"));
            view.add(ItemBuilder {
                noun: FOLDERS,
                place: Place { path, lines: None },
                kind: "folder",
                is_parent: true,
                levels: &[(Level::Name, &label, HEADING * best)],
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
