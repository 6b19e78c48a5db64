//! Who uses a name: references found by name in the files of the new side. Not resolved by
//! scope or import, so every answer says how many definitions share the name.

use crate::code::family::family;
use crate::code::files::{self, Role, SourceFile, WalkOptions};
use crate::code::git::{Git, Object, path, text};
use crate::code::syntax::{self, Limits, Wants};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Most files parsed for one answer.
const MOST_FILES: usize = 600;
/// A name in more files than this is too common to be looked up by name alone.
const COMMON: usize = 250;

/// One use of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The file.
    pub path: String,
    /// Its line, 1-based.
    pub line: u32,
    /// The symbol it stands in; empty at the top of a file.
    pub within: String,
    /// Whether it stands in a test.
    pub is_test: bool,
}

/// All uses of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Each use, by file and line.
    pub places: Vec<Use>,
    /// How many definitions have the name.
    pub definitions: usize,
    /// How many files hold the name where it was too common to look closer; 0 where it was not.
    pub common: usize,
}

/// Where to look, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// The commit whose files are searched; those of the workspace when `None`.
    pub commit: Option<(&'a Git, &'a str)>,
    /// What a walk of it leaves out.
    pub walk: WalkOptions,
    /// Bounds of a parse.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
}

/// The uses of each of `names`, given as (family of languages, name).
pub fn by_name(
    scope: Scope,
    names: &HashSet<(&'static str, String)>,
) -> BTreeMap<(&'static str, String), Uses> {
    let mut all: BTreeMap<_, Uses> = names
        .iter()
        .map(|name| (name.clone(), Uses::default()))
        .collect();
    if names.is_empty() {
        return all;
    }
    let families: HashSet<&str> = names.iter().map(|(family, _)| *family).collect();
    let is_wanted = |file: &SourceFile| {
        file.language
            .is_some_and(|language| families.contains(family(language)))
            && !matches!(file.role, Role::Vendored | Role::Generated)
    };
    let holding = match scope.commit {
        Some((git, commit)) => in_commit(git, commit, scope, names, is_wanted),
        None => in_work_tree(scope, names, is_wanted),
    };
    let mut files_of: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    for (file, _, held) in &holding {
        for name in held {
            let family = file.language.map_or("", family);
            *files_of.entry((family, name.clone())).or_default() += 1;
        }
    }
    let is_rare = |file: &SourceFile, name: &String| {
        let family = file.language.map_or("", family);
        files_of
            .get(&(family, name.clone()))
            .is_some_and(|count| *count <= COMMON)
    };
    for (name, count) in files_of.iter().filter(|(_, count)| **count > COMMON) {
        all.entry(name.clone()).or_default().common = *count;
    }
    let parsed: Vec<Vec<Found>> = holding
        .iter()
        .filter(|(file, _, held)| held.iter().any(|name| is_rare(file, name)))
        .take(MOST_FILES)
        .collect::<Vec<_>>()
        .par_iter()
        .map(|holding| in_file(&holding.0, &holding.1, &holding.2, scope))
        .collect();
    for (key, place) in parsed.into_iter().flatten() {
        let uses = all.entry(key).or_default();
        match place {
            Some(place) if uses.common == 0 => uses.places.push(place),
            Some(_) => {}
            None => uses.definitions += 1,
        }
    }
    all
}

/// A file with its text and the names that it holds.
type Holding = (SourceFile, String, Vec<String>);

fn in_work_tree(
    scope: Scope,
    names: &HashSet<(&'static str, String)>,
    is_wanted: impl Fn(&SourceFile) -> bool,
) -> Vec<Holding> {
    let mut found = files::find(scope.root, scope.root, &[], scope.walk).files;
    found.retain(is_wanted);
    found
        .into_par_iter()
        .filter_map(|file| {
            let text = files::read(&file.location, scope.max_file_bytes)
                .ok()?
                .content;
            let held = held(&text, family(file.language?), names);
            (!held.is_empty()).then_some((file, text, held))
        })
        .collect()
}

/// `git` searches the files of a commit; only those with a name in them are read.
fn in_commit(
    git: &Git,
    commit: &str,
    scope: Scope,
    names: &HashSet<(&'static str, String)>,
    is_wanted: impl Fn(&SourceFile) -> bool,
) -> Vec<Holding> {
    let mut args: Vec<String> = ["grep", "-l", "-z", "-w", "-F", "--full-name"]
        .map(str::to_owned)
        .to_vec();
    let mut words: Vec<&String> = names.iter().map(|(_, name)| name).collect();
    words.sort();
    words.dedup();
    for word in words {
        args.extend(["-e".to_owned(), word.clone()]);
    }
    args.push(commit.to_owned());
    // It fails where nothing matches.
    let output = git.from_top().run(&args).unwrap_or_default();
    let prefix = commit.len() + 1;
    let found: Vec<SourceFile> = output
        .bytes
        .split(|byte| *byte == 0)
        .filter_map(|name| name.get(prefix..))
        .map(|name| SourceFile {
            path: text(name),
            location: path(name),
            bytes: 0,
            role: Role::of(&text(name)),
            language: syntax::language::detect_by_path(&path(name)),
        })
        .filter(is_wanted)
        // A name with a line break cannot be asked for.
        .filter(|file| !file.path.contains('\n'))
        .collect();
    let objects: Vec<String> = found
        .iter()
        .map(|file| format!("{commit}:{}", file.path))
        .collect();
    let mut texts: Vec<Option<String>> = vec![None; found.len()];
    let read = git.objects(&objects, scope.max_file_bytes, |at, object| {
        if let Object::Bytes(bytes) = object {
            texts[at] = Some(files::decode(bytes).content);
        }
    });
    if read.is_err() {
        return Vec::new();
    }
    found
        .into_par_iter()
        .zip(texts)
        .filter_map(|(file, text)| {
            let text = text?;
            let held = held(&text, family(file.language?), names);
            (!held.is_empty()).then_some((file, text, held))
        })
        .collect()
}

/// A name with one use of it, or with none for a definition.
type Found = ((&'static str, String), Option<Use>);

/// Which of the names stand in `text` as words.
fn held(text: &str, family: &'static str, names: &HashSet<(&'static str, String)>) -> Vec<String> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let mut wanted: HashSet<&str> = names
        .iter()
        .filter(|(of, _)| *of == family)
        .map(|(_, name)| name.as_str())
        .collect();
    let mut firsts = [false; 256];
    for name in &wanted {
        firsts[usize::from(name.as_bytes().first().copied().unwrap_or(0))] = true;
    }
    let bytes = text.as_bytes();
    let mut held = Vec::new();
    let mut at = 0;
    while at < bytes.len() && !wanted.is_empty() {
        if !is_word(&bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_word(&bytes[at]) {
            at += 1;
        }
        if firsts[usize::from(bytes[start])]
            && let Some(word) = text.get(start..at)
            && wanted.remove(word)
        {
            held.push(word.to_owned());
        }
    }
    held.sort();
    held
}

fn in_file(file: &SourceFile, text: &str, held: &[String], scope: Scope) -> Vec<Found> {
    let Some(language) = syntax::language::detect(Path::new(&file.path), text.as_bytes()) else {
        return Vec::new();
    };
    let wants = Wants {
        references: true,
        limits: scope.limits,
    };
    let syntax = syntax::parse(language, text, wants);
    let family = family(language);
    let is_held = |name: &str| held.iter().any(|held| held == name);
    let mut found: Vec<Found> = Vec::new();
    for symbol in syntax.symbols.iter().filter(|symbol| is_held(&symbol.name)) {
        found.push(((family, symbol.name.clone()), None));
    }
    for reference in syntax
        .references
        .iter()
        .filter(|reference| is_held(&reference.name))
    {
        let within = reference
            .within
            .map(|within| &syntax.symbols[within as usize]);
        if within.is_some_and(|within| within.name == reference.name) {
            continue;
        }
        let place = Use {
            path: file.path.clone(),
            line: reference.line,
            within: within.map_or(String::new(), |within| within.qualified_name.clone()),
            is_test: file.role == Role::Test || within.is_some_and(|within| within.is_test),
        };
        let is_again = |(key, known): &Found| {
            key.1 == reference.name && known.as_ref().is_some_and(|known| known.line == place.line)
        };
        if !found.iter().rev().take(8).any(is_again) {
            found.push(((family, reference.name.clone()), Some(place)));
        }
    }
    found
}
