//! `ctx search --literal` and `--regex`: every line that holds a text or matches a pattern,
//! as a [`View`] of files, the symbols around the lines, and the lines.
//!
//! Every file of the walk is searched as bytes, and every match is counted; what is shown is
//! ranked by what a file is for, by whether it defines what was found, and by its place. The
//! symbols around matches are found by parsing the best files only.

use super::files::{self, Role, SourceFile, WalkOptions};
use super::scope::Scope;
use super::syntax::{self, Limits, Symbol, Wants};
use crate::tokens::{Counter, Tokens};
use crate::view::{ItemBuilder, Level, Noun, Place, View, grouped};
use memchr::memmem::Finder;
use rayon::prelude::*;
use std::path::Path;

const LINES: u8 = 0;
const FILES: u8 = 1;
const SYMBOLS: u8 = 2;
const NOTES: u8 = 3;

/// Lines of one file that are kept to be shown; the others are counted.
const MOST_LINES: usize = 400;
/// Bytes of a line that are shown, around the match.
const MOST_BYTES: usize = 240;
/// Files that are parsed for the symbols around matches.
const PARSED: usize = 200;

/// What to find, and where.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// What to find.
    pub pattern: Pattern,
    /// The part of the tree to look at.
    pub scope: Scope,
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// What a line must hold.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Exactly this text.
    Literal(String),
    /// A match of this expression.
    Regex(regex::bytes::Regex),
}

impl Pattern {
    /// Reads a regular expression; `^` and `$` stand for the ends of lines.
    ///
    /// # Errors
    /// An expression that is malformed or too large.
    pub fn regex(text: &str) -> Result<Pattern, regex::Error> {
        let mut builder = regex::bytes::RegexBuilder::new(text);
        builder.multi_line(true).crlf(true);
        Ok(Pattern::Regex(builder.build()?))
    }

    /// The text that it is, or the expression.
    pub fn text(&self) -> &str {
        match self {
            Pattern::Literal(text) => text,
            Pattern::Regex(regex) => regex.as_str(),
        }
    }
}

/// What was searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Lines that match.
    pub lines: usize,
    /// Binary files that match.
    pub binary: usize,
}

/// Finds every match under `root`. The view holds as much as `budget` could show, and counts
/// the rest.
pub fn matches(
    root: &Path,
    request: &MatchRequest,
    counter: &Counter,
    budget: Tokens,
) -> (View, Searched) {
    let mut walked = files::find(root, root, &[], request.walk);
    walked
        .files
        .retain(|file| request.scope.holds(&file.path, file.role));
    let looked: Vec<Looked> = walked
        .files
        .par_iter()
        .map(|file| look(file, request))
        .collect();
    let mut searched = Searched::default();
    let mut hits: Vec<FileHits> = Vec::new();
    let mut notes = Notes::new(walked.problems);
    for (file, looked) in walked.files.into_iter().zip(looked) {
        match looked {
            Looked::Text { bytes, found } => {
                searched.files += 1;
                searched.bytes += bytes;
                searched.lines += found.lines();
                if found.lines() > 0 {
                    hits.push(FileHits::new(file, found));
                }
            }
            Looked::Binary(is_match) => {
                searched.binary += usize::from(is_match);
                if is_match {
                    notes.binary_matches.push(file.path);
                }
            }
            Looked::Unread(problem) => notes.problems.push((file.path, problem)),
        }
    }
    let most = usize::try_from(counter.base_budget(budget).0).unwrap_or(usize::MAX);
    hits.sort_by(|a, b| a.order().cmp(&b.order()));
    let parsed = PARSED.min(most / 8).min(hits.len());
    hits[..parsed]
        .par_iter_mut()
        .for_each(|hit| hit.find_symbols(request));
    // What defines it comes first within its role; a file beyond those parsed keeps its place.
    hits[..parsed].sort_by_key(|hit| (role_order(hit.role), !hit.defines));
    let only_tests = request.scope.tests == super::outline::Tests::Only;
    if only_tests {
        hits.retain_mut(|hit| hit.keep_tests());
        searched.lines = hits.iter().map(|hit| hit.found.lines()).sum();
    }
    (view(request, hits, most / 4, notes), searched)
}

/// Names near to `name` in the files that `request` looks at, nearest first, for an answer
/// that found nothing.
pub fn near_names(root: &Path, request: &MatchRequest, name: &str) -> Vec<String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.len() < 3 || name.len() > 60 || !name.bytes().all(is_word) {
        return Vec::new();
    }
    let walked = files::find(root, root, &[], request.walk);
    let words: std::collections::BTreeSet<String> = walked
        .files
        .par_iter()
        .filter(|file| file.language.is_some() && request.scope.holds(&file.path, file.role))
        .filter_map(|file| files::read(&file.location, request.max_file_bytes).ok())
        .flat_map_iter(|text| {
            let words = text
                .content
                .split(|c: char| !c.is_alphanumeric() && c != '_');
            let near = words.filter(|word| word.len().abs_diff(name.len()) <= name.len() / 3);
            let near: std::collections::BTreeSet<String> = near
                .filter(|word| shares_letters(word, name))
                .map(str::to_owned)
                .collect();
            near
        })
        .collect();
    crate::nearest::all_near(name, words.iter().map(String::as_str), 5)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// A quick test that two words may be near: their first or last two letters are the same.
fn shares_letters(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let n = 2.min(a.len());
    n > 0
        && (a[..n].eq_ignore_ascii_case(&b[..n])
            || a[a.len() - n..].eq_ignore_ascii_case(&b[b.len() - n..]))
}

/// What looking into one file gave.
enum Looked {
    Text {
        bytes: u64,
        found: Lines,
    },
    /// Whether the bytes of a binary file match.
    Binary(bool),
    Unread(String),
}

fn look(file: &SourceFile, request: &MatchRequest) -> Looked {
    if file.bytes > request.max_file_bytes {
        let limit = request.max_file_bytes;
        let problem = files::Problem::TooLarge {
            bytes: file.bytes,
            limit,
        };
        return Looked::Unread(format!("not searched: {problem}"));
    }
    let bytes = match std::fs::read(&file.location) {
        Ok(bytes) => bytes,
        Err(error) => return Looked::Unread(format!("not searched: {}", files::io_words(&error))),
    };
    if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
        let mut found = Lines::default();
        found.find(&bytes, &request.pattern, 1);
        return Looked::Binary(found.count > 0);
    }
    let mut found = Lines::default();
    found.find(&bytes, &request.pattern, MOST_LINES);
    Looked::Text {
        bytes: bytes.len() as u64,
        found,
    }
}

/// The matching lines of one file.
#[derive(Default)]
struct Lines {
    /// The first lines that match: number, and text.
    kept: Vec<(u32, String)>,
    /// Lines that match.
    count: usize,
    /// Bytes of the lines that were not kept.
    other_bytes: u64,
}

impl Lines {
    fn lines(&self) -> usize {
        self.count
    }

    fn find(&mut self, text: &[u8], pattern: &Pattern, most: usize) {
        let mut lines = LineReader {
            text,
            at: 0,
            number: 1,
        };
        match pattern {
            Pattern::Literal(literal) => {
                let finder = Finder::new(literal.as_bytes());
                // Goes on behind the line of a match: a line counts once.
                while let Some(found) = finder.find(&text[lines.at..]) {
                    let at = lines.at + found;
                    self.add(lines.take(at, literal.len()), most);
                    if lines.at >= text.len() {
                        break;
                    }
                }
            }
            Pattern::Regex(regex) => {
                while let Some(found) = regex.find_at(text, lines.at) {
                    let is_behind = found.start() >= text.len() && text.ends_with(b"\n");
                    if is_behind {
                        break;
                    }
                    self.add(lines.take(found.start(), found.len()), most);
                    if lines.at >= text.len() {
                        break;
                    }
                }
            }
        }
    }

    fn add(&mut self, (number, line, at): (u32, &[u8], usize), most: usize) {
        self.count += 1;
        if self.kept.len() < most {
            self.kept.push((number, excerpt(line, at)));
        } else {
            self.other_bytes += line.len().min(MOST_BYTES) as u64;
        }
    }
}

/// Reads the lines that matches stand in, from first to last.
struct LineReader<'a> {
    text: &'a [u8],
    /// Where the next line that is not looked at yet begins.
    at: usize,
    /// Its number.
    number: u32,
}

impl<'a> LineReader<'a> {
    /// The line of a match: its number, its text, and where in it the match begins. What comes
    /// next begins behind the line in which the match ends.
    fn take(&mut self, at: usize, len: usize) -> (u32, &'a [u8], usize) {
        let passed = &self.text[self.at..at];
        let number = self.number + memchr::memchr_iter(b'\n', passed).count() as u32;
        let start = memchr::memrchr(b'\n', passed).map_or(self.at, |line| self.at + line + 1);
        let end_of = |from: usize| {
            memchr::memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |line| from + line)
        };
        // The newline that a match ends with belongs to its line.
        let last = (at + len).saturating_sub(1).max(at).min(self.text.len());
        let next = (end_of(last) + 1).min(self.text.len());
        let breaks = memchr::memchr_iter(b'\n', &self.text[at..next]).count() as u32;
        (self.at, self.number) = (next, number + breaks);
        (number, &self.text[start..end_of(at)], at - start)
    }
}

/// A line without its indentation, cut around what matched in it when it is long.
fn excerpt(line: &[u8], at: usize) -> String {
    let text = String::from_utf8_lossy(line);
    if text.len() <= MOST_BYTES {
        return text.trim().to_owned();
    }
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(at.saturating_sub(MOST_BYTES / 3));
    let end = floor(start + MOST_BYTES);
    let (before, after) = (
        if start > 0 { "…" } else { "" },
        if end < text.len() { "…" } else { "" },
    );
    format!("{before}{}{after}", text[start..end].trim())
}

/// A file with matches.
struct FileHits {
    file: SourceFile,
    role: Role,
    found: Lines,
    /// For each kept line the symbol around it, and the symbols.
    within: Vec<Option<usize>>,
    symbols: Vec<Symbol>,
    /// Whether a symbol that is declared here is what was looked for.
    defines: bool,
}

impl FileHits {
    fn new(file: SourceFile, found: Lines) -> FileHits {
        FileHits {
            role: file.role,
            within: vec![None; found.kept.len()],
            file,
            found,
            symbols: Vec::new(),
            defines: false,
        }
    }

    /// Role first, then the shallower, then by path.
    fn order(&self) -> (u8, usize, &str) {
        let depth = self.file.path.matches('/').count();
        (role_order(self.role), depth, &self.file.path)
    }

    fn find_symbols(&mut self, request: &MatchRequest) {
        let Ok(text) = files::read(&self.file.location, request.max_file_bytes) else {
            return;
        };
        let text = text.content;
        let head = &text.as_bytes()[..text.len().min(8192)];
        if files::is_marked_generated(head) {
            self.role = Role::Generated;
        }
        let Some(language) = syntax::language::detect(&self.file.location, head) else {
            return;
        };
        let wants = Wants {
            references: false,
            limits: request.limits,
        };
        self.symbols = syntax::parse(language, &text, wants).symbols;
        for (within, (line, _)) in self.within.iter_mut().zip(&self.found.kept) {
            // Symbols are in source order, so the last that holds a line is the innermost.
            let holds = |symbol: &&Symbol| symbol.lines.start <= *line && *line <= symbol.lines.end;
            let innermost = self.symbols.iter().rposition(|symbol| holds(&symbol));
            let Some(idx) = innermost else { continue };
            let symbol = &self.symbols[idx];
            let is_its_line = symbol.lines.start == *line;
            self.defines |= is_its_line && names(&request.pattern, &symbol.name);
            *within = if is_its_line {
                symbol.parent.map(|up| up as usize)
            } else {
                Some(idx)
            };
        }
    }

    /// Keeps what stands in tests; whether anything does.
    fn keep_tests(&mut self) -> bool {
        if self.role == Role::Test {
            return true;
        }
        let is_test = |mut at: Option<usize>| {
            while let Some(idx) = at {
                if self.symbols[idx].is_test {
                    return true;
                }
                at = self.symbols[idx].parent.map(|up| up as usize);
            }
            false
        };
        let kept: Vec<bool> = self.within.iter().map(|within| is_test(*within)).collect();
        let mut keep = kept.iter();
        self.found.kept.retain(|_| *keep.next().unwrap_or(&false));
        let mut keep = kept.iter();
        self.within.retain(|_| *keep.next().unwrap_or(&false));
        self.found.count = self.found.kept.len();
        self.found.other_bytes = 0;
        self.found.count > 0
    }
}

fn names(pattern: &Pattern, name: &str) -> bool {
    match pattern {
        Pattern::Literal(text) => text.contains(name),
        Pattern::Regex(regex) => regex.is_match(name.as_bytes()),
    }
}

fn role_order(role: Role) -> u8 {
    match role {
        Role::Source => 0,
        Role::Config => 1,
        Role::Example => 2,
        Role::Docs => 3,
        Role::Test => 4,
        Role::Vendored => 5,
        Role::Generated => 6,
    }
}

/// What could not be searched.
struct Notes {
    problems: Vec<(String, String)>,
    binary_matches: Vec<String>,
}

impl Notes {
    fn new(problems: Vec<(String, String)>) -> Notes {
        Notes {
            problems,
            binary_matches: Vec::new(),
        }
    }

    fn add_to(self, view: &mut View) {
        for path in &self.binary_matches {
            view.add_note(NOTES, path, "binary file that matches", 20.0);
        }
        for (about, problem) in &self.problems {
            view.add_note(NOTES, about, problem, 40.0);
        }
    }
}

/// Files beyond `most` cannot be shown; they are counted.
fn view(request: &MatchRequest, hits: Vec<FileHits>, most: usize, notes: Notes) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![
        noun("matching line", "matching lines"),
        noun("file", "files"),
        noun("symbol", "symbols"),
        noun("note", "notes"),
    ];
    let mut view = View::new("matches", request.command.clone(), nouns);
    notes.add_to(&mut view);
    for (rank, hit) in hits.iter().take(most).enumerate() {
        add_file(&mut view, hit, rank);
    }
    let rest = hits.get(most.min(hits.len())..).unwrap_or(&[]);
    if !rest.is_empty() {
        let lines = rest.iter().map(|hit| hit.found.lines()).sum();
        let bytes: usize = rest.iter().map(|hit| hit.found.lines() * 50).sum();
        let paths: usize = rest.iter().map(|hit| hit.file.path.len() + 10).sum();
        view.unlisted.push((LINES, lines, bytes as u64));
        view.unlisted.push((FILES, rest.len(), paths as u64));
    }
    view
}

fn add_file(view: &mut View, hit: &FileHits, rank: usize) {
    let path = view.add_path(hit.file.path.clone());
    let worth = 100.0 / (rank as f32 + 3.0);
    let count = hit.found.lines();
    let name = match count {
        1 => hit.file.path.clone(),
        _ => format!("{} ({} lines)", hit.file.path, grouped(count as u64)),
    };
    let file = view.add(ItemBuilder {
        noun: FILES,
        place: Place { path, lines: None },
        kind: "file",
        is_parent: true,
        levels: &[(Level::Name, &name, worth)],
        ..ItemBuilder::default()
    });
    let mut around: Option<(usize, u32)> = None;
    for (at, ((line, text), within)) in hit.found.kept.iter().zip(&hit.within).enumerate() {
        // The first lines of many files say more than all lines of one.
        let worth = 0.8 * worth / (at as f32 + 1.0).powf(0.7);
        let parent = match within {
            None => {
                around = None;
                file
            }
            Some(idx) => match around.filter(|(known, _)| known == idx) {
                Some((_, item)) => item,
                None => {
                    let item = add_symbol(view, &hit.symbols[*idx], path, file, worth);
                    around = Some((*idx, item));
                    item
                }
            },
        };
        view.add(ItemBuilder {
            parent: Some(parent),
            noun: LINES,
            place: Place {
                path,
                lines: Some((*line, *line)),
            },
            kind: "line",
            levels: &[(Level::Name, text, worth)],
            ..ItemBuilder::default()
        });
    }
    let others = count - hit.found.kept.len();
    if others > 0 {
        view.unlisted.push((LINES, others, hit.found.other_bytes));
    }
}

fn add_symbol(view: &mut View, symbol: &Symbol, path: u32, file: u32, worth: f32) -> u32 {
    let lines = Some((symbol.lines.start, symbol.lines.end));
    view.add(ItemBuilder {
        parent: Some(file),
        noun: SYMBOLS,
        place: Place { path, lines },
        kind: symbol.kind.word(),
        label: symbol.kind.short(),
        is_parent: true,
        levels: &[(Level::Name, &symbol.qualified_name, worth)],
        ..ItemBuilder::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, pattern: &Pattern) -> Vec<u32> {
        let mut found = Lines::default();
        found.find(text.as_bytes(), pattern, 100);
        assert_eq!(found.count, found.kept.len());
        found.kept.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_line_counts_once() {
        let literal = Pattern::Literal("ab".to_owned());
        assert_eq!(lines("ab ab\nx\nab", &literal), [1, 3]);
        assert_eq!(lines("", &literal), Vec::<u32>::new());
        let multi = Pattern::Literal("b\na".to_owned());
        assert_eq!(lines("ab\nab\nab\nab", &multi), [1, 3]);
    }

    #[test]
    fn expressions_see_lines() {
        let regex = |text| Pattern::regex(text).unwrap();
        assert_eq!(lines("fn a\n  fn b\nfn c\n", &regex("^fn")), [1, 3]);
        assert_eq!(lines("a\r\nb\r\n", &regex("a$")), [1]);
        assert_eq!(lines("a\n\nb\n", &regex("^$")), [2]);
        assert_eq!(lines("a\nb\n", &regex("")), [1, 2]);
        assert_eq!(lines("a\nb", &regex("$")), [1, 2]);
    }

    #[test]
    fn long_lines_are_cut_around_the_match() {
        let line = "é".repeat(400) + "needle" + &"y".repeat(400);
        let shown = excerpt(line.as_bytes(), 800);
        assert!(shown.contains("needle") && shown.len() < MOST_BYTES + 10);
        assert!(shown.starts_with('…') && shown.ends_with('…'));
    }
}
