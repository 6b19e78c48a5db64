//! What a query says: its terms with their weights, and the identifiers, paths, lines and
//! phrases that it names. The query is the raw text of an issue, an error, or a few words.

use super::terms;
use super::weights::Weights;
use super::words::{SHORT, is_stop};
use std::collections::HashMap;

/// A query, understood.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Terms with their weights, in order of first mention.
    pub terms: Vec<(String, f32)>,
    /// Names written as code, with their weights.
    pub names: Vec<(String, f32)>,
    /// Paths, and lines in them.
    pub places: Vec<Place>,
    /// Pairs of neighboring words, in lower case.
    pub pairs: Vec<(String, String)>,
    /// Three neighboring words, in lower case.
    pub triples: Vec<[String; 3]>,
}

/// A file that the query names, by the end of its path.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The path as written, with `/`.
    pub path: String,
    /// A line in it.
    pub line: Option<u32>,
    /// A function in it.
    pub function: Option<String>,
    /// How much it counts.
    pub weight: f32,
}

/// What kind of text a line of the query is.
#[derive(Clone, Copy, PartialEq)]
enum LineKind {
    Title,
    Prose,
    Fence,
    Trace,
    Boilerplate,
}

impl Query {
    /// Reads a query.
    pub fn new(text: &str, weights: &Weights) -> Query {
        let mut reader = Reader::new(weights);
        for (line, kind) in kinds(text) {
            reader.line(line, kind);
        }
        reader.finish(text)
    }
}

struct Reader<'a> {
    weights: &'a Weights,
    mass: HashMap<String, f32>,
    order: Vec<String>,
    names: HashMap<String, f32>,
    name_order: Vec<String>,
    places: Vec<Place>,
    pairs: Vec<(String, String)>,
    triples: Vec<[String; 3]>,
}

impl<'a> Reader<'a> {
    fn new(weights: &'a Weights) -> Self {
        Reader {
            weights,
            mass: HashMap::new(),
            order: Vec::new(),
            names: HashMap::new(),
            name_order: Vec::new(),
            places: Vec::new(),
            pairs: Vec::new(),
            triples: Vec::new(),
        }
    }

    fn line(&mut self, line: &str, kind: LineKind) {
        let w = self.weights;
        let base = match kind {
            LineKind::Title => w.q_title,
            LineKind::Prose => 1.0,
            LineKind::Fence => w.q_fence,
            LineKind::Trace => w.q_trace,
            LineKind::Boilerplate => w.q_boiler,
        };
        let line = without_urls(line);
        self.find_places(&line, kind);
        let code: Vec<std::ops::Range<usize>> = backticked(&line);
        for word in kebab_words(&line) {
            self.add(&word, w.q_kebab * base);
        }
        let mut before: Option<(usize, String)> = None;
        let mut earlier: Option<String> = None;
        terms::words(&line, |at, word| {
            let end = at + word.len();
            let in_code = code.iter().any(|range| range.contains(&at));
            let followed = line[end..].chars().next();
            let looks_coded = is_coded(word)
                || matches!(followed, Some('(')) && line[..at].ends_with(['.', ' ', '`', ':'])
                || line[end..].starts_with("::")
                || line[..at].ends_with("::");
            let lower = word.to_lowercase();
            terms::split(word, |part| {
                let offset = part.as_ptr() as usize - word.as_ptr() as usize;
                let part_end = at + offset + part.len();
                let part = part.to_lowercase();
                let near = before.take().filter(|(last, _)| at + offset - last <= 3);
                if let Some((_, one)) = near {
                    if let Some(two) = earlier.replace(one.clone()) {
                        self.triples.push([two, one.clone(), part.clone()]);
                    }
                    let is_prose = matches!(kind, LineKind::Title | LineKind::Prose)
                        && !(is_stop(&one) || is_stop(&part));
                    if is_prose && offset == 0 {
                        self.add(&format!("{one}{part}"), w.q_joined * base);
                    }
                    self.pairs.push((one, part.clone()));
                } else {
                    earlier = None;
                }
                before = Some((part_end, part));
            });
            if is_stop(&lower) && !looks_coded {
                return;
            }
            let weight = base
                * if in_code || looks_coded {
                    w.q_code
                } else {
                    1.0
                };
            terms::terms(word, |term| self.add(term, weight));
            if let Ok(at) = SHORT.binary_search_by_key(&lower.as_str(), |(long, _)| long) {
                self.add(SHORT[at].1, w.q_short * weight);
            }
            let can_name = in_code || looks_coded || kind == LineKind::Fence;
            if can_name && word.len() > 2 {
                let weight = match kind {
                    LineKind::Fence => 0.4,
                    LineKind::Boilerplate => 0.2,
                    LineKind::Trace => 0.7,
                    _ => 1.0,
                } * if looks_coded || in_code { 1.0 } else { 0.4 };
                let mass = self.names.entry(word.to_owned()).or_insert_with(|| {
                    self.name_order.push(word.to_owned());
                    0.0
                });
                *mass = mass.max(weight);
            } else if word.len() > 3 && matches!(kind, LineKind::Title | LineKind::Prose) {
                let mass = self.names.entry(word.to_owned()).or_insert_with(|| {
                    self.name_order.push(word.to_owned());
                    0.0
                });
                *mass = mass.max(if kind == LineKind::Title { 0.3 } else { 0.15 });
            }
        });
    }

    fn add(&mut self, term: &str, weight: f32) {
        if term.len() < 2 {
            return;
        }
        match self.mass.get_mut(term) {
            Some(mass) => *mass += weight,
            None => {
                self.mass.insert(term.to_owned(), weight);
                self.order.push(term.to_owned());
            }
        }
    }

    /// Paths with or without a line, and the frames of tracebacks.
    fn find_places(&mut self, line: &str, kind: LineKind) {
        let is_part = |c: char| {
            c.is_alphanumeric() || matches!(c, '/' | '\\' | '.' | '_' | '-' | '@' | '+' | '$')
        };
        let function = line
            .split_once("line ")
            .and_then(|(_, rest)| rest.split_once(", in "))
            .or_else(|| line.split_once(":in `"))
            .or_else(|| line.split_once(":in '"))
            .map(|(_, name)| {
                name.trim()
                    .trim_matches(|c: char| !c.is_alphanumeric() && c != '_')
                    .to_owned()
            });
        let mut rest = line;
        while let Some(start) = rest.find(is_part) {
            let token = &rest[start..];
            let end = token.find(|c| !is_part(c)).unwrap_or(token.len());
            let (token, after) = token.split_at(end);
            rest = after;
            let path = token.replace('\\', "/");
            let path = path
                .trim_matches(|c| c == '.' || c == '-')
                .trim_start_matches('/');
            let Some((_, name)) = path.rsplit_once('/').or(Some(("", path))) else {
                continue;
            };
            let has_extension = name.rsplit_once('.').is_some_and(|(stem, extension)| {
                !stem.is_empty()
                    && (1..=4).contains(&extension.len())
                    && extension.chars().all(|c| c.is_ascii_alphanumeric())
                    && extension.chars().any(|c| c.is_ascii_alphabetic())
            });
            if !(has_extension || path.matches('/').count() >= 2) || path.len() < 4 {
                continue;
            }
            let number = after
                .strip_prefix("\", line ")
                .or(after.strip_prefix("', line "))
                .or(after.strip_prefix(':'))
                .or(after.strip_prefix("#L"))
                .or(after.strip_prefix('('))
                .map(|n| {
                    n.chars()
                        .take_while(char::is_ascii_digit)
                        .collect::<String>()
                })
                .and_then(|n| n.parse().ok());
            self.places.push(Place {
                path: path.to_owned(),
                line: number,
                function: function.clone().filter(|name| !name.is_empty()),
                weight: if kind == LineKind::Trace { 0.6 } else { 1.0 },
            });
        }
    }

    fn finish(self, text: &str) -> Query {
        let k3 = self.weights.q_k3;
        let _ = text;
        let saturated = |mass: f32| mass * (k3 + 1.0) / (mass + k3);
        let mut pairs = self.pairs;
        pairs.retain(|(a, b)| !(is_stop(a) && is_stop(b)) && a.len() > 1 && b.len() > 1);
        pairs.sort();
        pairs.dedup();
        let mut triples = self.triples;
        triples.retain(|words| words.iter().any(|word| !is_stop(word)));
        triples.sort();
        triples.dedup();
        Query {
            terms: self
                .order
                .into_iter()
                .map(|term| {
                    let mass = self.mass[&term];
                    (term, saturated(mass))
                })
                .collect(),
            names: self
                .name_order
                .into_iter()
                .map(|name| {
                    let weight = self.names[&name];
                    (name, weight)
                })
                .collect(),
            places: self.places,
            pairs,
            triples,
        }
    }
}

/// The lines of a query, each with its kind. Repeated paragraphs count once.
fn kinds(text: &str) -> Vec<(&str, LineKind)> {
    let mut rows = Vec::new();
    let mut in_fence = false;
    let mut in_trace = false;
    let mut in_boilerplate = false;
    let mut in_comment = false;
    let mut seen_title = false;
    let mut seen = std::collections::HashSet::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_fence = !in_fence;
            in_trace = false;
            continue;
        }
        if trimmed.is_empty() {
            in_trace = false;
            continue;
        }
        // What a template tells the reporter.
        if !in_fence && (in_comment || trimmed.starts_with("<!--")) {
            in_comment = !trimmed.contains("-->");
            continue;
        }
        if trimmed.len() > 40 && !seen.insert(trimmed) {
            continue;
        }
        if is_heading(trimmed) {
            in_boilerplate = is_boilerplate(trimmed);
            if seen_title && is_template(trimmed) {
                rows.push((line, LineKind::Boilerplate));
                continue;
            }
        }
        in_trace = in_trace && !trimmed.is_empty() || trimmed.starts_with("Traceback");
        let is_frame = in_trace
            || trimmed.starts_with("at ") && (trimmed.contains(':') || trimmed.contains('('))
            || trimmed.starts_with("File \"")
            || is_numbered_frame(trimmed);
        let kind = if !seen_title {
            LineKind::Title
        } else if is_frame {
            LineKind::Trace
        } else if in_boilerplate || is_checkbox(trimmed) {
            LineKind::Boilerplate
        } else if in_fence || line.starts_with("    ") || line.starts_with('\t') {
            LineKind::Fence
        } else {
            LineKind::Prose
        };
        seen_title = true;
        rows.push((line, kind));
    }
    rows
}

fn is_heading(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("**") || line.ends_with(':') || line.ends_with("?**")
}

/// `#3 0x55 in run (argv) at main.c:12` of debuggers, `12: tokio::spawn` of Rust,
/// `main.go:12 +0x1d` of Go, `from app.rb:3:in 'run'` of Ruby.
fn is_numbered_frame(line: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let after_hash = line.strip_prefix('#').map_or(0, digits);
    let number = digits(line);
    after_hash > 0 && (line.contains(" in ") || line.contains(" at ") || line.contains("0x"))
        || number > 0 && line[number..].starts_with(": ") && line.contains("::")
        || line.contains(".go:") && line.contains(" +0x")
        || line.starts_with("from ") && line.contains(":in ")
}

fn is_checkbox(line: &str) -> bool {
    ["- [ ]", "- [x]", "- [X]", "* [ ]", "* [x]", "<!--"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Headings under which stands what the reporter's machine is.
fn is_boilerplate(line: &str) -> bool {
    let lower = line.to_lowercase();
    [
        "version",
        "environment",
        "operating system",
        "platform",
        "system info",
        "checklist",
        "which os",
        "your setup",
        "compiler",
        "installed",
    ]
    .iter()
    .any(|word| lower.contains(word))
        && line.len() < 100
}

/// Headings of issue templates, whose words say nothing of the subject.
fn is_template(line: &str) -> bool {
    let lower = line.to_lowercase();
    line.len() < 100
        && [
            "describe the bug",
            "expected",
            "actual",
            "steps to reproduce",
            "to reproduce",
            "reproduc",
            "additional context",
            "description",
            "what happened",
            "screenshot",
            "configuration",
            "command used",
            "output",
            "possible solution",
            "checklist",
            "summary",
            "what is the issue",
            "version",
            "environment",
            "operating system",
            "describe",
            "what version",
            "how did you install",
            "what are you doing",
            "example",
            "context",
            "logs",
            "severity",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

/// A line with its web addresses blanked.
fn without_urls(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("http") {
        let (before, url) = rest.split_at(at);
        out.push_str(before);
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            out.push_str("http");
            rest = &url[4..];
            continue;
        }
        let end = url
            .find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>' | '"' | '`'))
            .unwrap_or(url.len());
        // A link into the code of a forge names a file.
        if let Some((_, path)) = url[..end].split_once("/blob/")
            && let Some((_, path)) = path.split_once('/')
        {
            out.push_str(path);
        }
        out.push(' ');
        rest = &url[end..];
    }
    out.push_str(rest);
    out
}

/// Words joined by hyphens, as options and packages are written, joined as identifiers are:
/// `--no-ignore-vcs` is `noignorevcs`.
fn kebab_words(line: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    line.split(|c: char| !is_part(c))
        .map(|word| word.trim_matches('-'))
        .filter(|word| word.len() < 60 && word.matches('-').count() >= 2)
        .map(|word| word.replace('-', "").to_ascii_lowercase())
        .collect()
}

fn backticked(line: &str) -> Vec<std::ops::Range<usize>> {
    let ticks: Vec<usize> = line.match_indices('`').map(|(at, _)| at).collect();
    ticks
        .chunks_exact(2)
        .filter(|pair| pair[1] - pair[0] < 120)
        .map(|pair| pair[0]..pair[1])
        .collect()
}

/// Whether a word is written as programs write names: `a_b`, `aB`, `ABc`, `a1b`.
fn is_coded(word: &str) -> bool {
    let inner = word.trim_matches('_');
    inner.contains('_')
        || word.starts_with('_') && inner.len() > 2
        || inner
            .as_bytes()
            .windows(2)
            .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        || inner.len() > 3
            && inner.as_bytes().windows(3).any(|w| {
                w[0].is_ascii_uppercase() && w[1].is_ascii_uppercase() && w[2].is_ascii_lowercase()
            })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::search::words::STOP;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP.is_sorted());
    }

    #[test]
    fn a_traceback_names_file_line_and_function() {
        let text = "Crash\n\nTraceback (most recent call last):\n  File \"/home/me/pkg/config/init.py\", line 85, in _load\n    raise X\n";
        let query = Query::new(text, &Weights::default());
        let place = query
            .places
            .iter()
            .find(|place| place.line.is_some())
            .unwrap();
        assert_eq!(
            (place.path.as_str(), place.line, place.function.as_deref()),
            ("home/me/pkg/config/init.py", Some(85), Some("_load"))
        );
    }
}
