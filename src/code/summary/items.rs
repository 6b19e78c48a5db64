//! The document: sections, what stands in each, and what each line is worth to someone who is
//! new to the project.

use super::folders::{Folder, Folders};
use super::manifest::{Group, Manifest};
use super::survey::{Ranked, Survey};
use super::{SummaryRequest, Told, folder_of, main_doc, name_of};
use crate::code::files::Role;
use crate::tokens::{Counter, Tokens};
use crate::view::{ItemBuilder, Level, Noun, Place, View, grouped};
use std::collections::BTreeMap;

const SECTIONS: u8 = 0;
const FILES: u8 = 1;
const SYMBOLS: u8 = 2;
const FACTS: u8 = 3;
const FOLDERS: u8 = 4;
const NOTES: u8 = 5;

/// Definitions in the document; an outline has the others.
const MOST_DEFINITIONS: usize = 160;
/// Entry points, packages and links in the document.
const MOST_FACTS: usize = 40;

/// Values for each byte.
mod worth {
    pub const HEAD: f32 = 4_000.0;
    pub const NOTE: f32 = 900.0;
    pub const PURPOSE: f32 = 1_000.0;
    pub const ENTRY: f32 = 260.0;
    pub const TESTS: f32 = 240.0;
    pub const LANGUAGE: f32 = 180.0;
    pub const FOLDER: f32 = 220.0;
    pub const DEFINITION: f32 = 200.0;
    pub const RUNTIME: f32 = 170.0;
    pub const PACKAGE: f32 = 90.0;
    pub const LINK: f32 = 60.0;
    pub const OTHER_DEPENDENCIES: f32 = 25.0;
}

/// What the document is made of.
pub(super) struct Document<'a> {
    pub request: &'a SummaryRequest,
    pub counter: &'a Counter,
    pub survey: &'a Survey,
    pub tops: &'a [String],
    pub purpose: &'a [Told],
    pub manifests: &'a [Manifest],
    pub notes: &'a [String],
}

/// A line of a section.
struct Line {
    noun: u8,
    kind: &'static str,
    path: String,
    lines: Option<(u32, u32)>,
    tokens: u64,
    text: String,
    ratio: f32,
    /// A longer text that stands below it, and its value for each byte.
    more: Option<(String, f32)>,
    /// A shorter text that may stand in its place.
    short: Option<String>,
}

impl Line {
    fn fact(kind: &'static str, path: &str, text: String, ratio: f32) -> Line {
        Line {
            noun: FACTS,
            kind,
            path: path.to_owned(),
            lines: None,
            tokens: 0,
            text,
            ratio,
            more: None,
            short: None,
        }
    }
}

impl Document<'_> {
    /// Builds the view.
    pub fn view(&self) -> View {
        let nouns = [
            ("section", "sections"),
            ("file", "files"),
            ("symbol", "symbols"),
            ("fact", "facts"),
            ("folder", "folders"),
            ("note", "notes"),
        ];
        let nouns = nouns.iter().map(|(one, many)| Noun { one, many }).collect();
        let mut view = View::new("summary", self.request.command.clone(), nouns);
        for (about, problem) in &self.survey.problems {
            view.add_note(NOTES, about, problem, valued(worth::NOTE, problem.len(), 0));
        }
        if self.survey.files.is_empty() {
            return view;
        }
        self.head(&mut view);
        for note in self.notes {
            view.add_note(NOTES, "", note, valued(worth::NOTE, note.len(), 0));
        }
        let folders = Folders::new(self.survey);
        self.section(&mut view, "purpose", self.purpose_lines());
        self.section(&mut view, "entry points", self.entry_lines());
        self.section(&mut view, "folders", self.folder_lines(&folders));
        self.definitions(&mut view);
        self.section(&mut view, "dependencies", self.dependency_lines());
        self.section(&mut view, "packages", self.package_lines());
        self.section(
            &mut view,
            "imports between folders",
            self.link_lines(&folders),
        );
        self.section(&mut view, "tests", self.test_lines());
        self.section(&mut view, "languages", self.language_lines());
        view
    }

    fn scaled(&self, tokens: u64) -> u64 {
        self.counter.scale(Tokens(tokens)).0
    }

    fn sizes(&self, files: usize, lines: u64, tokens: u64) -> String {
        let one = if files == 1 { "file" } else { "files" };
        format!(
            "{} {one}, {} lines, {} tokens",
            grouped(files as u64),
            grouped(lines),
            grouped(self.scaled(tokens))
        )
    }

    fn head(&self, view: &mut View) {
        let files = &self.survey.files;
        let lines = files
            .iter()
            .map(|surveyed| u64::from(surveyed.facts.lines))
            .sum();
        let tokens = files.iter().map(|surveyed| surveyed.facts.tokens).sum();
        let name = self
            .manifests
            .first()
            .filter(|manifest| self.is_top(&manifest.path));
        let name = name
            .and_then(|manifest| manifest.name.as_ref())
            .map(|name| name.text.clone());
        let path = match self.tops {
            [top] if !top.is_empty() => format!("{top}/"),
            [] if files.len() == 1 => files[0].file.path.clone(),
            _ => String::new(),
        };
        let title = match (name, path.as_str()) {
            (Some(name), "") => name,
            (Some(name), path) => format!("{name} in {path}"),
            (None, "") => "this workspace".to_owned(),
            (None, path) => path.to_owned(),
        };
        let mut text = format!("{title}: {}", self.sizes(files.len(), lines, tokens));
        if self.survey.others > 0 {
            text.push_str(&format!(
                "; {} more are no text",
                grouped(self.survey.others as u64)
            ));
        }
        if self.survey.unread.0 > 0 {
            let (count, bytes) = self.survey.unread;
            text.push_str(&format!(
                "; {} more, {} bytes, were not read",
                grouped(count as u64),
                grouped(bytes)
            ));
        }
        let line = Line::fact("summary", ".", text, worth::HEAD);
        add(view, None, &line);
    }

    fn is_top(&self, path: &str) -> bool {
        self.tops.iter().any(|top| top == folder_of(path))
    }

    fn section(&self, view: &mut View, name: &str, lines: Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let best = lines.iter().map(|line| line.ratio).fold(0.0, f32::max);
        let section = section(view, name, best);
        for line in &lines {
            add(view, Some(section), line);
        }
    }

    fn purpose_lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .purpose
            .iter()
            .map(|told| Line::fact("purpose", &told.path, told.line(), worth::PURPOSE))
            .collect();
        for manifest in self
            .manifests
            .iter()
            .filter(|manifest| self.is_top(&manifest.path))
        {
            if let Some(description) = &manifest.description
                && !lines
                    .iter()
                    .any(|line| line.text.contains(&description.text))
            {
                let text = format!(
                    "{}:{} {}",
                    manifest.path, description.line, description.text
                );
                lines.push(Line::fact(
                    "purpose",
                    &manifest.path,
                    text,
                    worth::PURPOSE * 0.7,
                ));
            }
        }
        lines
    }

    fn entry_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for manifest in self.manifests {
            let ratio = if self.is_top(&manifest.path) {
                worth::ENTRY
            } else {
                worth::ENTRY * 0.4
            };
            for entry in &manifest.entries {
                let text = format!("{}:{} {}", manifest.path, entry.line, entry.text);
                lines.push(Line::fact("entry", &manifest.path, text, ratio));
            }
        }
        for surveyed in self
            .survey
            .files
            .iter()
            .filter(|surveyed| surveyed.file.role == Role::Source)
        {
            let path = &surveyed.file.path;
            let main = surveyed
                .facts
                .definitions
                .iter()
                .find(|definition| definition.name == "main" && definition.depth == 0);
            let is_library = matches!(name_of(path), "lib.rs" | "__main__.py");
            let depth = path.matches('/').count().saturating_sub(1) as i32;
            // A program is more than the trial at the end of a library's file.
            let size = (surveyed.facts.tokens as f32 / 20_000.0)
                .clamp(0.0, 1.0)
                .sqrt();
            let weight = super::weight(path, surveyed.file.role) * (0.4 + 0.6 * size);
            let ratio = worth::ENTRY * weight * 0.8_f32.powi(depth);
            if let Some(main) = main {
                let text = format!(
                    "{path}:{}-{} {}",
                    main.lines.0, main.lines.1, main.signature
                );
                lines.push(Line::fact("entry", path, text, ratio));
            } else if is_library {
                lines.push(Line::fact("entry", path, format!("{path}:1"), ratio * 0.8));
            }
        }
        keep_best(lines)
    }

    fn folder_lines(&self, folders: &Folders) -> Vec<Line> {
        let total = folders
            .list
            .iter()
            .map(|folder| folder.tokens)
            .max()
            .unwrap_or(0)
            .max(1);
        let listed: Vec<&Folder> = folders
            .list
            .iter()
            .filter(|folder| folder.files > 0)
            .collect();
        if listed.len() < 2 {
            return Vec::new();
        }
        let line = |folder: &Folder| {
            let shown = if folder.path.is_empty() {
                "./".to_owned()
            } else {
                format!("{}/", folder.path)
            };
            let mut text = format!(
                "{shown} {}",
                self.sizes(folder.files, folder.lines, folder.tokens)
            );
            let role = Role::of(&format!("{}/x.rs", folder.path));
            let told = main_doc(self.survey, &folder.path).filter(|_| !folder.path.is_empty());
            let told = told.or_else(|| self.described(&folder.path));
            if let Some(told) = &told {
                let short = super::facts::first_sentence(&told.text);
                text.push_str(&format!(
                    ": {} ({}:{})",
                    crate::code::syntax::signature::fold(&short, 140),
                    told.path,
                    told.line
                ));
            }
            let share = folder.tokens as f32 / total as f32;
            Line {
                noun: FOLDERS,
                ratio: worth::FOLDER
                    * super::weight(&format!("{}/x.rs", folder.path), role).max(0.15)
                    * (0.3 + share.sqrt()),
                ..Line::fact("folder", &shown, text, 0.0)
            }
        };
        listed.into_iter().map(line).collect()
    }

    /// What a manifest in the folder says it is for.
    fn described(&self, folder: &str) -> Option<Told> {
        let own = self
            .manifests
            .iter()
            .find(|manifest| folder_of(&manifest.path) == folder && !folder.is_empty())?;
        let description = own.description.as_ref()?;
        Some(Told {
            text: description.text.clone(),
            path: own.path.clone(),
            line: description.line,
        })
    }

    fn definitions(&self, view: &mut View) {
        let ranked = self.survey.ranked();
        let total = ranked.len();
        let mut of_file: BTreeMap<usize, Vec<(Ranked, f32)>> = BTreeMap::new();
        let best = ranked
            .first()
            .map_or(1.0, |first| first.importance)
            .max(f32::MIN_POSITIVE);
        for one in ranked.into_iter().take(MOST_DEFINITIONS) {
            let siblings = of_file.entry(one.file).or_default();
            // The tenth symbol of one file tells a newcomer less than the first of another.
            let value = (one.importance / best).powf(0.6) * 0.93_f32.powi(siblings.len() as i32);
            siblings.push((one, value));
        }
        if of_file.is_empty() {
            return;
        }
        let shown = total.min(MOST_DEFINITIONS);
        let title = if shown < total {
            format!(
                "main types and functions ({shown} of {}; `ctx outline` has all)",
                grouped(total as u64)
            )
        } else {
            "types and functions".to_owned()
        };
        let section = section(view, &title, worth::DEFINITION);
        let mut files: Vec<(usize, Vec<(Ranked, f32)>)> = of_file.into_iter().collect();
        files.sort_by(|a, b| b.1[0].1.total_cmp(&a.1[0].1).then(a.0.cmp(&b.0)));
        for (idx, mut definitions) in files {
            let surveyed = &self.survey.files[idx];
            let path = &surveyed.file.path;
            let best = definitions[0].1;
            let doc = &surveyed.facts.doc.0;
            let file = Line {
                noun: FILES,
                tokens: self.scaled(surveyed.facts.tokens),
                more: (!doc.is_empty()).then(|| {
                    (
                        super::facts::first_sentence(doc),
                        0.5 * worth::DEFINITION * best,
                    )
                }),
                ..Line::fact("file", path, path.clone(), worth::DEFINITION * best)
            };
            let parent = add(view, Some(section), &file);
            definitions.sort_by_key(|(one, _)| one.definition.lines);
            for (one, value) in definitions {
                let definition = one.definition;
                let mut text = definition.signature.clone();
                if one.used_by >= 2.0 {
                    text.push_str(&format!(" [used in {:.0} files]", one.used_by));
                }
                let more = (!definition.doc.is_empty())
                    .then(|| (definition.doc.clone(), 0.8 * worth::DEFINITION * value));
                let line = Line {
                    noun: SYMBOLS,
                    short: Some(definition.short.clone()),
                    lines: Some(definition.lines),
                    more,
                    ..Line::fact("symbol", path, text, worth::DEFINITION * value)
                };
                add(view, Some(parent), &line);
            }
        }
    }

    fn dependency_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for manifest in self
            .manifests
            .iter()
            .filter(|manifest| self.is_top(&manifest.path))
        {
            for group in &manifest.dependencies {
                let ratio = match group.sort.as_str() {
                    "runtime" | "workspace" | "peer" => worth::RUNTIME,
                    _ => worth::OTHER_DEPENDENCIES,
                };
                lines.push(dependency(manifest, group, ratio));
            }
        }
        lines
    }

    /// Manifests below the top: the packages of a workspace.
    fn package_lines(&self) -> Vec<Line> {
        let below = self
            .manifests
            .iter()
            .filter(|manifest| !self.is_top(&manifest.path));
        let lines = below.filter_map(|manifest| {
            let name = manifest.name.as_ref()?;
            let mut text = format!("{}:{} {}", manifest.path, name.line, name.text);
            if let Some(description) = &manifest.description {
                text = format!(
                    "{}:{} {}: {}",
                    manifest.path, name.line, name.text, description.text
                );
            }
            let runtime = manifest
                .dependencies
                .iter()
                .find(|group| group.sort == "runtime");
            let more = runtime.map(|group| {
                (
                    format!("needs {}", group.names.join(", ")),
                    worth::OTHER_DEPENDENCIES * 0.5,
                )
            });
            Some(Line {
                more,
                ..Line::fact("package", &manifest.path, text, worth::PACKAGE)
            })
        });
        keep_best(lines.collect())
    }

    fn link_lines(&self, folders: &Folders) -> Vec<Line> {
        let links = self.survey.links(|path| folders.of(path).to_owned());
        let shown = |folder: &str| {
            if folder.is_empty() {
                "./".to_owned()
            } else {
                format!("{folder}/")
            }
        };
        let mut by_source: BTreeMap<String, Vec<(usize, String, String)>> = BTreeMap::new();
        for ((from, to), (count, place)) in links {
            by_source.entry(from).or_default().push((count, to, place));
        }
        let mut lines = Vec::new();
        for (from, mut targets) in by_source {
            targets.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            let place = targets[0].2.clone();
            let count: usize = targets.iter().map(|target| target.0).sum();
            let listed: Vec<String> = targets
                .iter()
                .take(8)
                .map(|(count, to, _)| format!("{} ({count})", shown(to)))
                .collect();
            let dots = if targets.len() > 8 { ", …" } else { "" };
            let text = format!(
                "{} -> {}{dots}; first at {place}",
                shown(&from),
                listed.join(", ")
            );
            let ratio = worth::LINK * (0.5 + (1.0 + count as f32).ln() / 6.0);
            lines.push(Line::fact("imports", &shown(&from), text, ratio));
        }
        keep_best(lines)
    }

    fn test_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for manifest in self
            .manifests
            .iter()
            .filter(|manifest| self.is_top(&manifest.path))
        {
            for test in &manifest.tests {
                let text = format!("{}:{} run: {}", manifest.path, test.line, test.text);
                lines.push(Line::fact("run", &manifest.path, text, worth::TESTS));
            }
        }
        let mut folders: BTreeMap<&str, (usize, u64, u64)> = BTreeMap::new();
        for surveyed in self
            .survey
            .files
            .iter()
            .filter(|surveyed| surveyed.file.role == Role::Test)
        {
            let sum = folders.entry(test_folder(&surveyed.file.path)).or_default();
            sum.0 += 1;
            sum.1 += u64::from(surveyed.facts.lines);
            sum.2 += surveyed.facts.tokens;
        }
        let total: usize = folders.values().map(|sum| sum.0).sum();
        for (folder, (files, count, tokens)) in folders {
            let shown = if folder.is_empty() {
                "./".to_owned()
            } else {
                format!("{folder}/")
            };
            let text = format!("{shown} {}", self.sizes(files, count, tokens));
            let share = files as f32 / total.max(1) as f32;
            lines.push(Line {
                noun: FOLDERS,
                ..Line::fact(
                    "tests",
                    &shown,
                    text,
                    worth::TESTS * (0.1 + 0.8 * share.sqrt()),
                )
            });
        }
        keep_best(lines)
    }

    fn language_lines(&self) -> Vec<Line> {
        let mut sums: BTreeMap<&str, (usize, u64, u64)> = BTreeMap::new();
        for surveyed in &self.survey.files {
            let title = surveyed
                .file
                .language
                .map_or("other text", |language| language.title);
            let title = if surveyed.file.role == Role::Generated {
                "generated"
            } else {
                title
            };
            let sum = sums.entry(title).or_default();
            sum.0 += 1;
            sum.1 += u64::from(surveyed.facts.lines);
            sum.2 += surveyed.facts.tokens;
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by(|a, b| b.1.2.cmp(&a.1.2).then(a.0.cmp(b.0)));
        let lines = sums
            .into_iter()
            .enumerate()
            .map(|(rank, (title, (files, lines, tokens)))| {
                let text = format!("{title} {}", self.sizes(files, lines, tokens));
                Line::fact(
                    "language",
                    ".",
                    text,
                    worth::LANGUAGE * 0.75_f32.powi(rank as i32),
                )
            });
        lines.collect()
    }
}

fn dependency(manifest: &Manifest, group: &Group, ratio: f32) -> Line {
    let text = format!(
        "{}:{} {}: {}",
        manifest.path,
        group.line,
        group.sort,
        group.names.join(", ")
    );
    Line::fact("dependencies", &manifest.path, text, ratio)
}

/// The folder that tests of a path are counted under: the outermost one that is named for tests.
fn test_folder(path: &str) -> &str {
    let folder = folder_of(path);
    let mut end = 0;
    for part in folder.split('/') {
        end += part.len();
        let lower = part.to_ascii_lowercase();
        if lower.contains("test") || lower.contains("spec") {
            return &folder[..end];
        }
        end += 1;
    }
    folder
}

/// The lines that are worth most, in their order.
fn keep_best(lines: Vec<Line>) -> Vec<Line> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| lines[*b].ratio.total_cmp(&lines[*a].ratio).then(a.cmp(b)));
    let mut keeps = vec![false; lines.len()];
    order
        .into_iter()
        .take(MOST_FACTS)
        .for_each(|idx| keeps[idx] = true);
    let mut keeps = keeps.into_iter();
    lines
        .into_iter()
        .filter(|_| keeps.next().unwrap_or(false))
        .collect()
}

fn valued(ratio: f32, bytes: usize, depth: usize) -> f32 {
    ratio * (bytes + 14 + 2 * depth) as f32
}

fn section(view: &mut View, name: &str, best: f32) -> u32 {
    let path = view.add_path(".".to_owned());
    view.add(ItemBuilder {
        noun: SECTIONS,
        place: Place { path, lines: None },
        kind: "section",
        is_parent: true,
        levels: &[(Level::Signature, name, valued(best, name.len(), 0))],
        ..ItemBuilder::default()
    })
}

fn add(view: &mut View, parent: Option<u32>, line: &Line) -> u32 {
    let depth = parent.map_or(0, |parent| {
        usize::from(view.items[parent as usize].depth) + 1
    });
    let path = view.add_path(line.path.clone());
    let (head, rest) = split_long(&line.text, line.short.is_none() && line.more.is_none());
    let mut value = valued(line.ratio, head.len(), depth);
    let mut levels = Vec::new();
    if let Some(short) = line
        .short
        .as_deref()
        .filter(|short| short.len() + 8 < head.len())
    {
        value = valued(line.ratio, short.len(), depth);
        levels.push((Level::Name, short, value));
        value += 0.5 * line.ratio * (head.len() - short.len()) as f32;
    }
    levels.push((Level::Signature, head, value));
    if !rest.is_empty() {
        levels.push((
            Level::Doc,
            rest,
            value + 0.9 * line.ratio * rest.len() as f32,
        ));
    }
    if let Some((more, ratio)) = &line.more {
        levels.push((Level::Doc, more.as_str(), value + ratio * more.len() as f32));
    }
    view.add(ItemBuilder {
        parent,
        noun: line.noun,
        place: Place {
            path,
            lines: line.lines,
        },
        kind: line.kind,
        tokens: line.tokens,
        is_parent: matches!(line.kind, "file"),
        levels: &levels,
        ..ItemBuilder::default()
    })
}

/// A long text as its beginning and its rest: what is large waits until much is shown.
fn split_long(text: &str, may_split: bool) -> (&str, &str) {
    const LONG: usize = 110;
    const HEAD: usize = 90;
    if !may_split || text.len() <= LONG {
        return (text, "");
    }
    let at = (1..=HEAD)
        .rev()
        .find(|at| text.is_char_boundary(*at) && text[..*at].ends_with(' '));
    match at {
        Some(at) => (text[..at].trim_end(), &text[at..]),
        None => (text, ""),
    }
}
