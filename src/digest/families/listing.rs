//! Listings of files: `find`, `ls -R`, `tree`. A long one is shown by its folders, each with the
//! number of lines under it; the files at the top and some further down follow.

use crate::digest::finding::Extract;
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
    let extracts = if share(&|idx| depth_in_tree(sheet.lines.text(idx)).is_some()) > MOSTLY {
        tree(sheet, &filled)
    } else if share(&|idx| is_path(sheet.lines.text(idx))) > MOSTLY {
        paths(sheet, &filled)
    } else {
        return Vec::new();
    };
    for idx in filled {
        sheet.claimed[idx] = true;
    }
    extracts
}

fn is_path(line: &str) -> bool {
    let line = line.trim();
    !line.contains(' ')
        && line.contains('/')
        && !line.contains("://")
        && !line.contains(':')
        && line.len() < 300
}

fn extract(text: &str, line: u32, count: usize, value: f32) -> Extract {
    Extract {
        text: text.to_owned(),
        first: line,
        last: line,
        count: count as u32,
        value,
    }
}

/// One path to a line: folders at the first and second level, in order.
fn paths(sheet: &Sheet, filled: &[usize]) -> Vec<Extract> {
    let mut folders: Vec<(&str, usize, usize, usize)> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    let shared = shared_folder(sheet, filled);
    let mut found: Vec<Extract> = Vec::new();
    let mut n_files = 0;
    for idx in filled {
        let path = sheet.lines.text(*idx).trim();
        let below = &path[shared.min(path.len())..];
        let mut level = 0;
        for (at, _) in below.match_indices('/').take(2) {
            level += 1;
            let folder = &path[..shared + at + 1];
            match place.get(folder) {
                Some(known) => folders[*known].1 += 1,
                None => {
                    place.insert(folder, folders.len());
                    folders.push((folder, 1, *idx, level));
                }
            }
        }
        if level == 0 {
            found.push(extract(
                path,
                sheet.first(*idx),
                1,
                2.6 / (1.0 + n_files as f32 * 0.06),
            ));
            n_files += 1;
        } else {
            let rank = found.len() as f32;
            found.push(extract(
                path,
                sheet.first(*idx),
                1,
                1.0 / (1.0 + rank * 0.03),
            ));
        }
    }
    for (n, (folder, count, idx, level)) in folders.into_iter().enumerate() {
        let value = if level == 1 { 9.0 } else { 3.0 } / (1.0 + n as f32 * 0.02);
        found.push(Extract {
            last: sheet.first(idx),
            ..extract(folder, sheet.first(idx), count, value)
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
