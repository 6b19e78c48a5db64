//! A survey of the files of a summary: the facts of each, from the cache or read anew, and what
//! follows from all of them together.

use super::SummaryRequest;
use super::cache::{self, Cache};
use super::facts::{Definition, Facts, facts};
use super::links::{Links, Targets};
use crate::code::family::family;
use crate::code::files::{self, Role, SourceFile};
use crate::code::syntax;
use crate::tokens::Counter;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Most files that are parsed; of others only the size is told.
const MOST_FILES: usize = 6_000;

/// A file with its facts.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// The file.
    pub file: SourceFile,
    /// What is known of it.
    pub facts: Facts,
}

/// Everything a summary is made of.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Text files, by path.
    pub files: Vec<Surveyed>,
    /// Files that are no text, or too large.
    pub others: usize,
    /// Bytes of files that were not read.
    pub unread: (usize, u64),
    /// Paths that could not be read, with the reason.
    pub problems: Vec<(String, String)>,
}

/// Surveys the files that `request` names.
pub fn survey(root: &Path, base: &Path, request: &SummaryRequest, counter: &Counter) -> Survey {
    let mut found = files::find(root, base, &request.paths, request.walk);
    found.files.retain(|file| is_wanted(file, request));
    let mut order: Vec<usize> = (0..found.files.len()).collect();
    order.sort_by_key(|idx| (found.files[*idx].role, *idx));
    let mut is_read = vec![false; found.files.len()];
    order
        .into_iter()
        .take(MOST_FILES)
        .for_each(|idx| is_read[idx] = true);
    let cache = Cache::open(root);
    let encoding = format!("{:?}", counter.encoding());
    let read: Vec<Option<(String, Facts)>> = found
        .files
        .par_iter()
        .zip(&is_read)
        .map(|(file, is_read)| {
            is_read
                .then(|| read(file, request, counter, &cache, &encoding))
                .flatten()
        })
        .collect();
    let mut survey = Survey {
        problems: found.problems,
        ..Survey::default()
    };
    let mut fresh = BTreeMap::new();
    for ((file, read), is_read) in found.files.into_iter().zip(read).zip(is_read) {
        match read {
            Some((key, facts)) => {
                fresh.insert(key, facts.clone());
                survey.files.push(Surveyed { file, facts });
            }
            None if is_read => survey.others += 1,
            None => survey.unread = (survey.unread.0 + 1, survey.unread.1 + file.bytes),
        }
    }
    cache.keep(root, fresh);
    survey
}

fn is_wanted(file: &SourceFile, request: &SummaryRequest) -> bool {
    let language = file.language.map(|language| language.name);
    (request.languages.is_empty() || language.is_some_and(|name| request.languages.contains(&name)))
        && request
            .glob
            .as_ref()
            .is_none_or(|glob| glob.is_match(&file.path))
}

fn read(
    file: &SourceFile,
    request: &SummaryRequest,
    counter: &Counter,
    cache: &Cache,
    encoding: &str,
) -> Option<(String, Facts)> {
    let text = files::read(&file.location, request.max_file_bytes)
        .ok()?
        .content;
    let head = &text.as_bytes()[..text.len().min(8_192)];
    let language = syntax::language::detect(Path::new(&file.path), head);
    let key = cache::key(
        &text,
        language.map_or("", |language| language.name),
        encoding,
    );
    let known = cache.get(&key).cloned();
    let facts = known.unwrap_or_else(|| facts(&text, language, request.limits, counter));
    Some((key, facts))
}

/// A definition and how much the project leans on it.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<'a> {
    /// Index of its file.
    pub file: usize,
    /// The definition.
    pub definition: &'a Definition,
    /// How many files use its name, shared among the definitions of that name.
    pub used_by: f32,
    /// Its importance, for ordering.
    pub importance: f32,
}

impl Survey {
    /// The definitions of product code, most important first.
    pub fn ranked(&self) -> Vec<Ranked<'_>> {
        let mut used: HashMap<&str, u32> = HashMap::new();
        let mut defined: HashMap<&str, u32> = HashMap::new();
        for surveyed in &self.files {
            for name in &surveyed.facts.uses {
                *used.entry(name).or_default() += 1;
            }
            for definition in &surveyed.facts.definitions {
                *defined.entry(&definition.name).or_default() += 1;
            }
        }
        let mut ranked = Vec::new();
        for (idx, surveyed) in self.files.iter().enumerate() {
            let weight = if surveyed.facts.is_generated {
                0.05
            } else {
                super::weight(&surveyed.file.path, surveyed.file.role)
            };
            for definition in &surveyed.facts.definitions {
                let sharing = defined
                    .get(definition.name.as_str())
                    .copied()
                    .unwrap_or(1)
                    .max(1);
                let uses = used.get(definition.name.as_str()).copied().unwrap_or(0);
                let used_by = uses as f32 / sharing as f32;
                let kind = if definition.is_type { 1.0 } else { 0.45 };
                let reach = if definition.is_public { 1.0 } else { 0.4 };
                let doc = if definition.doc.is_empty() { 0.8 } else { 1.0 };
                let size = (2.0 + (definition.lines.1 - definition.lines.0) as f32).ln();
                let depth = 0.7_f32.powi(i32::from(definition.depth));
                let importance = weight
                    * kind
                    * reach
                    * doc
                    * depth
                    * size.min(6.0)
                    * (0.4 + (1.0 + used_by).ln());
                ranked.push(Ranked {
                    file: idx,
                    definition,
                    used_by,
                    importance,
                });
            }
        }
        ranked.sort_by(|a, b| {
            let by_place = || (a.file, a.definition.lines).cmp(&(b.file, b.definition.lines));
            b.importance.total_cmp(&a.importance).then_with(by_place)
        });
        ranked
    }

    /// Imports between folders, cut to their first `depth` parts; tests left out.
    pub fn links(&self, folder_of: impl Fn(&str) -> String) -> Links {
        let targets = Targets::new(
            self.files
                .iter()
                .map(|surveyed| surveyed.file.path.as_str()),
        );
        let mut links = Links::new();
        for surveyed in self
            .files
            .iter()
            .filter(|surveyed| surveyed.file.role == Role::Source)
        {
            let from = folder_of(&surveyed.file.path);
            let mut seen = Vec::new();
            for (import, line) in &surveyed.facts.imports {
                let Some(target) = targets.find(&surveyed.file.path, import) else {
                    continue;
                };
                let target = &self.files[target as usize].file;
                let to = folder_of(&target.path);
                let is_same_language =
                    target.language.map(family) == surveyed.file.language.map(family);
                if to == from
                    || seen.contains(&to)
                    || target.role != Role::Source
                    || !is_same_language
                {
                    continue;
                }
                seen.push(to.clone());
                let place = || (0, format!("{}:{line}", surveyed.file.path));
                links.entry((from.clone(), to)).or_insert_with(place).0 += 1;
            }
        }
        links
    }
}
