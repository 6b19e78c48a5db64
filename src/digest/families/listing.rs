//! Listings of files: `find`, `ls -R`, `tree`. A long one is shown by its folders, each with the
//! number of lines under it; the files at the top and some further down follow.

use crate::digest::finding::{Extract, Other};
use crate::digest::sheet::Sheet;
use std::collections::HashMap;

/// A shorter listing is shown line by line.
const LONG: usize = 30;
/// How much of an output must be paths for it to be a listing.
const MOSTLY: f32 = 0.85;

/// Reads a listing.
pub fn read(sheet: &mut Sheet) -> Vec<Extract> {
    let filled: Vec<usize> = (0..sheet.len())
        .filter(|idx| !sheet.lines.text(*idx).trim().is_empty() && !sheet.claimed[*idx])
        .collect();
    if filled.len() < LONG {
        return Vec::new();
    }
    let share = |is: &dyn Fn(usize) -> bool| {
        filled.iter().filter(|idx| is(**idx)).count() as f32 / filled.len() as f32
    };
    let is_tree = |idx: usize| depth_in_tree(sheet.lines.text(idx)).is_some();
    let in_paths = |idx: usize| is_path(sheet.lines.text(idx));
    let (extracts, listed) = if share(&is_tree) > MOSTLY {
        (tree(sheet, &filled), filled)
    } else if share(&in_paths) > MOSTLY {
        // What is no path beside them is a message: it is left to others.
        let listed: Vec<usize> = filled.into_iter().filter(|idx| in_paths(*idx)).collect();
        (paths(sheet, &listed), listed)
    } else {
        return Vec::new();
    };
    for idx in listed {
        sheet.claimed[idx] = true;
    }
    extracts
}

fn is_path(line: &str) -> bool {
    let line = line.trim();
    !line.contains(char::is_whitespace)
        && line.contains('/')
        && !line.contains("://")
        && !line.contains(':')
        && line.len() < 300
}

fn extract(text: &str, line: u32, count: usize, value: f32) -> Extract {
    Extract::new(text, (line, line), value).times(count as u32)
}

struct Folder<'a> {
    path: &'a str,
    level: u8,
    first: u32,
    n_lines: usize,
    files: Vec<Other>,
}

/// One path to a line: folders at the first and second level with the number of lines under
/// them, and what these are called.
fn paths(sheet: &Sheet, filled: &[usize]) -> Vec<Extract> {
    let mut folders: Vec<Folder> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let shared = shared_folder(sheet, filled);
    let mut found: Vec<Extract> = Vec::new();
    for idx in filled {
        let path = sheet.lines.text(*idx).trim();
        let line = sheet.first(*idx);
        let below = &path[shared.min(path.len())..];
        let mut deepest = None;
        for (level, (at, _)) in below.match_indices('/').take(2).enumerate() {
            let folder = &path[..shared + at + 1];
            let at = *known.entry(folder).or_insert_with(|| {
                folders.push(Folder {
                    path: folder,
                    level: level as u8,
                    first: line,
                    n_lines: 0,
                    files: Vec::new(),
                });
                folders.len() - 1
            });
            folders[at].n_lines += 1;
            deepest = Some(at);
        }
        match deepest {
            Some(at) if folders[at].path.len() < path.len() => {
                let part = path[folders[at].path.len()..].to_owned();
                folders[at].files.push(Other { part, line });
            }
            Some(_) => {}
            None => {
                let value = 2.6 / (1.0 + found.len() as f32 * 0.06);
                found.push(extract(path, line, 1, value));
            }
        }
    }
    for (n, folder) in folders.into_iter().enumerate() {
        let value = if folder.level == 0 { 9.0 } else { 3.0 } / (1.0 + n as f32 * 0.02);
        found.push(Extract {
            others: folder.files,
            ..extract(folder.path, folder.first, folder.n_lines, value)
        });
    }
    found.sort_by_key(|extract| extract.first);
    found
}

/// Bytes of the folder that all paths are in.
fn shared_folder(sheet: &Sheet, filled: &[usize]) -> usize {
    let first = sheet.lines.text(filled[0]).trim();
    let shared = filled.iter().fold(first.len(), |shared, idx| {
        let path = sheet.lines.text(*idx).trim();
        path.bytes()
            .zip(first.bytes())
            .take_while(|(a, b)| a == b)
            .count()
            .min(shared)
    });
    first
        .get(..shared)
        .and_then(|head| head.rfind('/'))
        .map_or(0, |at| at + 1)
}

/// The depth of a line of `tree`.
fn depth_in_tree(line: &str) -> Option<usize> {
    let at = line.find("── ")?;
    let before = &line[..at];
    before
        .chars()
        .all(|c| " \u{a0}│├└".contains(c))
        .then(|| before.chars().count() / 4)
}

fn tree(sheet: &Sheet, filled: &[usize]) -> Vec<Extract> {
    let mut found: Vec<Extract> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for idx in filled {
        let text = sheet.lines.text(*idx);
        let Some(depth) = depth_in_tree(text) else {
            found.push(extract(text.trim(), sheet.first(*idx), 1, 1.0));
            continue;
        };
        open.truncate(depth);
        for above in &open {
            found[*above].count += 1;
        }
        let name = text.split_once("── ").map_or(text, |(_, name)| name);
        let shown = format!("{}{name}", " ".repeat(depth));
        let value = match depth {
            0 => 6.0,
            1 => 2.0,
            _ => 0.8,
        };
        while open.len() < depth {
            open.push(found.len());
        }
        open.push(found.len());
        found.push(extract(
            &shown,
            sheet.first(*idx),
            1,
            value / (1.0 + found.len() as f32 * 0.004),
        ));
    }
    found
}
