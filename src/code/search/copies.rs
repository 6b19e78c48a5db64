//! Finds the files that are made of others: they count as generated.

use crate::code::files::Role;
use std::collections::HashMap;

/// What is asked of one file: its path, its role, and the hashes of its units, none of them 0.
pub struct Candidate<'a> {
    /// Path relative to the workspace.
    pub path: &'a str,
    /// Its role by path and content.
    pub role: Role,
    /// Hashes of those of its units that are long enough to tell a copy by.
    pub hashes: Vec<u32>,
}

/// Which of `files` are made of others: first those joined from several files
/// (`single_include/`), then the later of two that are the same.
pub fn derived(files: &[Candidate<'_>]) -> Vec<bool> {
    let homes = Homes::new(files);
    let mut derived = vec![false; files.len()];
    let mut sources = (0..)
        .zip(files)
        .filter(|(_, file)| file.role == Role::Source);
    let mut likely: Vec<u32> = Vec::new();
    for (idx, file) in &mut sources {
        if let Some(others) = homes.copied(file, idx, &|_| false) {
            derived[idx as usize] = others.len() >= 3;
            likely.push(idx);
        }
    }
    for idx in likely {
        if derived[idx as usize] {
            continue;
        }
        let file = &files[idx as usize];
        let others = homes.copied(file, idx, &|other| derived[other as usize]);
        let rank = |idx: u32| (files[idx as usize].path.matches('/').count(), idx);
        derived[idx as usize] =
            others.is_some_and(|others| others.iter().any(|other| rank(*other) < rank(idx)));
    }
    derived
}

/// The source files that hold a unit with some hash, by that hash; only hashes that several do.
struct Homes(HashMap<u32, Vec<u32>>);

impl Homes {
    fn new(files: &[Candidate<'_>]) -> Homes {
        let mut all: Vec<(u32, u32)> = Vec::new();
        for (idx, file) in (0..).zip(files) {
            if file.role == Role::Source {
                all.extend(file.hashes.iter().map(|hash| (*hash, idx)));
            }
        }
        all.sort_unstable();
        all.dedup();
        let shared = all
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|same| same.len() > 1);
        Homes(
            shared
                .map(|same| (same[0].0, same.iter().map(|(_, file)| *file).collect()))
                .collect(),
        )
    }

    /// The other files that hold most of a file's units, unless few of them are held.
    fn copied(
        &self,
        file: &Candidate<'_>,
        idx: u32,
        passed_over: &dyn Fn(u32) -> bool,
    ) -> Option<Vec<u32>> {
        let mut copies = 0;
        let mut others: Vec<u32> = Vec::new();
        for hash in &file.hashes {
            let elsewhere = self.0.get(hash).into_iter().flatten();
            let before = others.len();
            others.extend(elsewhere.filter(|other| **other != idx && !passed_over(**other)));
            copies += usize::from(others.len() > before);
        }
        let all = file.hashes.len();
        if all < 5 || copies * 10 < all * 6 {
            return None;
        }
        others.sort_unstable();
        others.dedup();
        Some(others)
    }
}
