//! `ctx summary`: a compressed document of a file, a folder or a project, as a [`View`].
//!
//! Extractive: every line is taken from a file, or counted from files, and says where. Facts
//! of files are cached by content; manifests and the README are read each time.

mod cache;
mod facts;
mod folders;
mod items;
mod links;
mod manifest;
pub mod model;
mod purpose;
mod survey;

use super::files::{self, Role, WalkOptions};
use super::syntax::Limits;
use crate::tokens::Counter;
use crate::view::View;
use globset::GlobMatcher;
use manifest::Manifest;
use std::path::{Path, PathBuf};
use survey::{Survey, Surveyed};

/// Most manifests that are read.
const MOST_MANIFESTS: usize = 120;

/// What to summarize.
#[derive(Clone, Debug)]
pub struct SummaryRequest {
    /// Files, folders and globs; the whole workspace when empty.
    pub paths: Vec<PathBuf>,
    /// Only files whose path matches; all when `None`.
    pub glob: Option<GlobMatcher>,
    /// Only files of these languages; all when empty.
    pub languages: Vec<&'static str>,
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// Leave out files that hold a secret or that the ignore rules hide, even if they were
    /// named: what is made of the summary leaves this machine.
    pub is_sent: bool,
    /// What the reader must be told first.
    pub notes: Vec<String>,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// A piece of prose and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    text: String,
    path: String,
    line: u32,
}

impl Told {
    /// `path:line text`
    fn line(&self) -> String {
        format!("{}:{} {}", self.path, self.line, self.text)
    }
}

/// Summarizes what `request` names. Relative paths start at `base`; an empty view when there
/// are no files.
pub fn summary(root: &Path, base: &Path, request: &SummaryRequest, counter: &Counter) -> View {
    let mut survey = survey::survey(root, base, request, counter);
    let mut notes = request.notes.clone();
    if request.is_sent {
        keep_what_may_be_sent(root, request, &mut survey, &mut notes);
    }
    let tops = tops(root, base, request);
    let purpose = purposes(&survey, &tops, request);
    let manifests = manifests(&survey, &tops, request);
    items::Document {
        request,
        counter,
        survey: &survey,
        tops: &tops,
        purpose: &purpose,
        manifests: &manifests,
        notes: &notes,
    }
    .view()
}

/// Drops files that must not leave the machine, and says how many.
fn keep_what_may_be_sent(
    root: &Path,
    request: &SummaryRequest,
    survey: &mut Survey,
    notes: &mut Vec<String>,
) {
    let strict = WalkOptions {
        respect_ignores: true,
        ..request.walk
    };
    let mut allowed: Vec<PathBuf> = files::find(root, root, &[], strict)
        .files
        .into_iter()
        .map(|file| file.location)
        .collect();
    allowed.sort();
    let before = survey.files.len();
    survey
        .files
        .retain(|surveyed| allowed.binary_search(&surveyed.file.location).is_ok());
    let hidden = before - survey.files.len();
    let before = survey.files.len();
    survey
        .files
        .retain(|surveyed| surveyed.facts.secrets.is_empty());
    let secret = before - survey.files.len();
    if hidden > 0 {
        notes.push(format!(
            "{hidden} files are hidden by ignore rules and were left out"
        ));
    }
    if secret > 0 {
        notes.push(format!("{secret} files hold secrets and were left out"));
    }
}

/// The folders that were asked for, as a reader sees them; empty for the whole workspace.
fn tops(root: &Path, base: &Path, request: &SummaryRequest) -> Vec<String> {
    if request.paths.is_empty() {
        let top = files::shown(root, base);
        return vec![if top == "." { String::new() } else { top }];
    }
    let locations = request
        .paths
        .iter()
        .map(|path| files::locate(root, base, path));
    let folders = locations.filter(|location| location.is_dir());
    folders
        .map(|folder| files::shown(root, &folder))
        .map(|top| if top == "." { String::new() } else { top })
        .collect()
}

/// What a file is worth to someone new: its role, and less where its folder's name says that it
/// is other people's code or a tool beside the product.
fn weight(path: &str, role: Role) -> f32 {
    let has = |names: &[&str]| folder_of(path).split('/').any(|part| names.contains(&part));
    let beside = if has(&[
        "deps",
        "extern",
        "externals",
        "3rdparty",
        "contrib",
        "submodules",
    ]) {
        0.15
    } else if has(&[
        "scripts", "tools", "utils", "util", "hack", "ci", "etc", "misc",
    ]) {
        0.5
    } else {
        1.0
    };
    role.weight() * beside
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn text_of(surveyed: &Surveyed, request: &SummaryRequest) -> Option<String> {
    let text = files::read(&surveyed.file.location, request.max_file_bytes).ok()?;
    Some(text.content)
}

/// The first paragraph of the README of each top, or what its main file says of itself.
fn purposes(survey: &Survey, tops: &[String], request: &SummaryRequest) -> Vec<Told> {
    let mut found = Vec::new();
    for top in tops {
        let own = || {
            survey
                .files
                .iter()
                .filter(|surveyed| folder_of(&surveyed.file.path) == top)
        };
        let readme = own()
            .filter(|surveyed| {
                name_of(&surveyed.file.path)
                    .to_lowercase()
                    .starts_with("readme")
            })
            .min_by_key(|surveyed| (surveyed.file.path.len(), surveyed.file.path.clone()));
        let told = readme.and_then(|surveyed| {
            let (text, line) = purpose::first_paragraph(&text_of(surveyed, request)?)?;
            Some(Told {
                text,
                path: surveyed.file.path.clone(),
                line,
            })
        });
        found.extend(told.or_else(|| main_doc(survey, top)));
    }
    if let ([], [only]) = (tops, survey.files.as_slice())
        && !only.facts.doc.0.is_empty()
    {
        let (text, line) = only.facts.doc.clone();
        found.push(Told {
            text,
            path: only.file.path.clone(),
            line,
        });
    }
    found
}

/// What the file that stands for a folder says of itself.
fn main_doc(survey: &Survey, folder: &str) -> Option<Told> {
    let rank = |path: &str| {
        let names = [
            "lib.rs",
            "mod.rs",
            "__init__.py",
            "doc.go",
            "package-info.java",
            "index.ts",
            "index.js",
            "main.rs",
            "main.go",
        ];
        let parent = folder_of(path);
        let place = names.iter().position(|name| *name == name_of(path))?;
        // `src` of a package stands for it too, as does the file beside the folder.
        (parent == folder || parent == format!("{folder}/src").trim_start_matches('/'))
            .then_some(place)
    };
    let beside = format!("{folder}.rs");
    let ranked = survey
        .files
        .iter()
        .filter(|surveyed| !surveyed.facts.doc.0.is_empty())
        .filter_map(|surveyed| {
            let path = &surveyed.file.path;
            let place = rank(path).or((*path == beside).then_some(50))?;
            Some((place, surveyed))
        });
    let (_, surveyed) =
        ranked.min_by_key(|(place, surveyed)| (*place, surveyed.file.path.clone()))?;
    let (text, line) = surveyed.facts.doc.clone();
    Some(Told {
        text,
        path: surveyed.file.path.clone(),
        line,
    })
}

/// Manifests, the outermost first.
fn manifests(survey: &Survey, tops: &[String], request: &SummaryRequest) -> Vec<Manifest> {
    let is_own = |role: Role| matches!(role, Role::Source | Role::Config | Role::Docs);
    let mut candidates: Vec<&Surveyed> = survey
        .files
        .iter()
        .filter(|surveyed| is_own(surveyed.file.role) && is_manifest(name_of(&surveyed.file.path)))
        .collect();
    let depth = |path: &str| {
        let is_top = tops.iter().any(|top| top == folder_of(path));
        (!is_top, path.matches('/').count())
    };
    candidates.sort_by_key(|surveyed| depth(&surveyed.file.path));
    candidates
        .into_iter()
        .take(MOST_MANIFESTS)
        .filter_map(|surveyed| manifest::read(&surveyed.file.path, &text_of(surveyed, request)?))
        .collect()
}

fn is_manifest(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "Cargo.toml",
        "pyproject.toml",
        "package.json",
        "composer.json",
        "go.mod",
        "setup.cfg",
        "setup.py",
        "Gemfile",
        "Rakefile",
        "tox.ini",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "CMakeLists.txt",
        "Makefile",
        "GNUmakefile",
        "makefile",
    ];
    NAMES.contains(&name)
        || name.ends_with(".gemspec")
        || (name.starts_with("requirements") && name.ends_with(".txt"))
}
