//! A digest laid out as rows in the order in which they are shown, each with what it is worth.

use super::finding::{Finding, Severity, Sort};
use super::place::Place;
use super::template::prefix;
use super::{Delta, Digest, Extract};
use std::collections::HashMap;
use std::fmt::Write as _;

/// One line that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The row it needs above it.
    pub parent: Option<u32>,
    /// What it is, in JSON.
    pub kind: &'static str,
    /// Columns before its text.
    pub indent: u8,
    /// Its texts, from the shortest to the whole, each with what showing it is worth.
    pub levels: Vec<(String, f32)>,
    /// Raw lines it speaks for.
    pub lines: (u32, u32),
    /// Raw lines it shows, where it is more than the first of `lines`.
    pub covers: Vec<u32>,
    /// Costs are taken to be at least and at most so many tokens when rows are put in order, so
    /// that neither crumbs nor one long message upset it.
    pub cost: (f32, f32),
}

const HEAD_COST: (f32, f32) = (16.0, 26.0);
const DETAIL_COST: (f32, f32) = (9.0, 60.0);
const LINE_COST: (f32, f32) = (9.0, 200.0);
/// Rows of parts are shown in their order, the last and shortest, too.
const PARTS_COST: (f32, f32) = (26.0, 60.0);

/// Bytes of parts on one row.
const PARTS: usize = 100;
/// Longest text of the first level.
const SHORT: usize = 130;
const LONG: usize = 1200;

/// Lays out a digest.
pub fn rows(digest: &Digest) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(delta) = &digest.delta {
        push_delta(delta, &mut rows);
    }
    for extract in &digest.summary {
        push_extract(extract, "summary", &mut rows);
    }
    let mut values = values(&digest.findings);
    if let Some(delta) = &digest.delta {
        // What is new matters more than what was known.
        delta.new.iter().for_each(|idx| values[*idx] *= 2.0);
    }
    let mut at = 0;
    while at < digest.findings.len() {
        let run = run_of_one_file(&digest.findings[at..]);
        push_run(
            &digest.findings[at..at + run],
            &values[at..at + run],
            &mut rows,
        );
        at += run;
    }
    for extract in &digest.context {
        push_extract(extract, "line", &mut rows);
    }
    rows
}

/// What changed since the earlier digest.
fn push_delta(delta: &Delta, rows: &mut Vec<Row>) {
    let mut push = |parent, text: String, value| {
        let indent = u8::from(parent == Some(0));
        rows.push(Row {
            parent,
            kind: "delta",
            indent,
            levels: levels("", &text, value),
            lines: (0, 0),
            covers: Vec::new(),
            cost: HEAD_COST,
        });
    };
    push(None, delta.summary(), 30.0);
    for (n, words) in delta.fixed.iter().enumerate() {
        push(
            Some(0),
            format!("fixed: {}", squeezed(words)),
            5.0 / (1.0 + n as f32 * 0.3),
        );
    }
}

fn push_extract(extract: &Extract, kind: &'static str, rows: &mut Vec<Row>) {
    let parent = rows.len() as u32;
    rows.push(row(extract, kind));
    let parts: Vec<(&str, u32)> = extract
        .others
        .iter()
        .map(|other| (other.part.as_str(), other.line))
        .collect();
    push_parts(&parts, parent, 1, extract.value * 0.4, rows);
}

/// Parts of lines that are like the one above, several to a row.
fn push_parts(parts: &[(&str, u32)], parent: u32, indent: u8, value: f32, rows: &mut Vec<Row>) {
    // What differs only in a number tells little.
    let telling = parts
        .iter()
        .filter(|(part, _)| part.chars().any(char::is_alphabetic))
        .count();
    let value = if telling * 2 < parts.len() {
        value * 0.15
    } else {
        value
    };
    let mut n = 0;
    let mut at = 0;
    while at < parts.len() {
        let mut text = String::new();
        let mut covers = Vec::new();
        while at < parts.len() && (text.is_empty() || text.len() + parts[at].0.len() < PARTS) {
            let (part, line) = parts[at];
            if !text.is_empty() {
                text.push_str(if part.contains(' ') { ", " } else { " " });
            }
            text.push_str(&squeezed(part));
            covers.push(line);
            at += 1;
        }
        rows.push(Row {
            parent: Some(parent),
            kind: "again",
            indent,
            levels: levels("", &text, value / (1.0 + n as f32 * 0.15)),
            lines: (covers[0], covers[covers.len() - 1]),
            covers,
            cost: PARTS_COST,
        });
        n += 1;
    }
}

fn row(extract: &Extract, kind: &'static str) -> Row {
    let mut text = squeezed(&extract.text);
    if extract.count > 1 {
        let _ = write!(text, " ×{}", extract.count);
    }
    let cost = if kind == "summary" {
        HEAD_COST
    } else {
        LINE_COST
    };
    Row {
        parent: None,
        kind,
        indent: 0,
        levels: levels("", &text, extract.value),
        lines: (extract.first, extract.last),
        covers: Vec::new(),
        cost,
    }
}

/// `lead` and `text`, and before it a shorter form if `text` is long.
fn levels(lead: &str, text: &str, value: f32) -> Vec<(String, f32)> {
    let text = if text.len() > LONG {
        cut_middle(text, LONG)
    } else {
        text.to_owned()
    };
    let whole = format!("{lead}{text}");
    if let Some(brief) = without_insides(&text) {
        let brief = format!("{lead}{}", levels("", &brief, value)[0].0);
        return vec![(brief, value * 0.9), (whole, value)];
    }
    if text.len() <= SHORT + 40 {
        return vec![(whole, value)];
    }
    let short = prefix(&text, SHORT);
    let end = short
        .rfind(' ')
        .filter(|end| *end > SHORT / 2)
        .unwrap_or(short.len());
    vec![
        (format!("{lead}{}…", short[..end].trim_end()), value * 0.8),
        (whole, value),
    ]
}

/// A message without what Ruby prints of an object: `#<Slop::Option:0x0070 @flags=[...], ...>`.
fn without_insides(text: &str) -> Option<String> {
    let open = text.find("#<")?;
    let rest = &text[open + 2..];
    let end = rest.find(":0x")?;
    let is_class = rest[..end]
        .chars()
        .all(|c| c.is_alphanumeric() || c == ':' || c == '_');
    let close = rest.find(" @").filter(|at| *at > end)?;
    (is_class && rest.len() - close > 40).then(|| {
        let tail = rest[close..]
            .rfind("> ")
            .map_or("", |at| &rest[close + at + 1..]);
        let tail = if tail.len() < 80 { tail } else { "" };
        format!("{}#<{}…>{tail}", &text[..open], &rest[..end])
    })
}

/// Cuts the middle out.
fn cut_middle(text: &str, len: usize) -> String {
    let head = prefix(text, len * 3 / 4);
    let mut tail = text.len() - len / 4;
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    format!("{head} … {}", &text[tail..])
}

/// Runs of white space and of line-drawing become short.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = ' ';
    let mut run = 0;
    for c in text.trim().chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        run = if c == last { run + 1 } else { 0 };
        last = c;
        let is_filler = c == ' ' || "=-_─━.*~+#⎯".contains(c);
        if c == ' ' && run >= 1 || is_filler && run >= 3 || c.is_control() {
            continue;
        }
        out.push(c);
    }
    let is_rule = |c: char| "=─━⎯ ".contains(c);
    let out = out.trim().trim_end_matches(['─', '━', '⎯', ' ']);
    if out.starts_with("===") || out.starts_with(['─', '━', '⎯']) {
        out.trim_matches(is_rule).to_owned()
    } else {
        out.to_owned()
    }
}

/// How many findings from the first on stand in one file and can share its name.
fn run_of_one_file(findings: &[Finding]) -> usize {
    let first = &findings[0];
    let Some(place) = &first.place else { return 1 };
    let joins = |finding: &&Finding| {
        finding.sort == first.sort
            && matches!(finding.sort, Sort::Diagnostic | Sort::Test)
            && finding.severity == first.severity
            && finding
                .place
                .as_ref()
                .is_some_and(|other| other.path == place.path && other.line > 0)
    };
    // The details of tests are long: their file is named again after a few.
    let most = if first.sort == Sort::Test { 5 } else { 16 };
    findings.iter().take(most).take_while(joins).count().max(1)
}

/// What showing each finding is worth: less with its rank, and less again when the same place
/// or the same rule was shown before.
fn values(findings: &[Finding]) -> Vec<f32> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut values: Vec<f32> = Vec::with_capacity(findings.len());
    for (rank, finding) in findings.iter().enumerate() {
        let place = finding
            .place
            .as_ref()
            .filter(|_| finding.sort == Sort::Test)
            .map(|place| format!("{}:{}", place.path, place.line));
        let key = finding.rule.clone().or(place);
        let times = key.map_or(0, |key| {
            let times = seen.entry(key).or_insert(0);
            *times += 1;
            *times - 1
        });
        values.push(value_of(finding, rank) / (1.0 + 0.5 * times.saturating_sub(1) as f32));
    }
    values
}

fn push_run(findings: &[Finding], values: &[f32], rows: &mut Vec<Row>) {
    let mut parent = None;
    if findings.len() > 1 {
        let path = findings[0]
            .place
            .as_ref()
            .map_or("", |place| place.path.as_str());
        parent = Some(rows.len() as u32);
        rows.push(Row {
            parent: None,
            kind: "file",
            indent: 0,
            levels: vec![(format!("{path}:"), values[0])],
            lines: (findings[0].first, findings[0].first),
            covers: Vec::new(),
            cost: HEAD_COST,
        });
    }
    for (finding, value) in findings.iter().zip(values) {
        push_finding(finding, *value, parent, rows);
    }
}

fn value_of(finding: &Finding, rank: usize) -> f32 {
    let base = match (finding.severity, finding.sort) {
        (Severity::Error, Sort::Line) => 8.5,
        (Severity::Error, _) => 10.0,
        (Severity::Warning, _) => 5.0,
        (Severity::Note, _) => 2.0,
    };
    let base = if finding.is_cascade() {
        base * 0.35
    } else {
        base
    };
    base / (1.0 + rank as f32 * 0.12)
}

fn push_finding(finding: &Finding, value: f32, file: Option<u32>, rows: &mut Vec<Row>) {
    let mut lead = String::new();
    match (&finding.place, file) {
        (Some(place), Some(_)) => {
            push_line(place, &mut lead);
            lead.push(':');
        }
        (Some(place), None) if !finding.message.contains(&place.path) => {
            push_place(place, &mut lead)
        }
        _ => {}
    }
    if let Some(name) = &finding.name {
        if !lead.is_empty() {
            lead.push(' ');
        }
        let path = finding.place.as_ref().map_or("", |place| &place.path);
        lead.push_str(&squeezed(beside_path(name, path)));
    }
    let mut message = squeezed(&finding.message);
    if !message.is_empty() && !lead.is_empty() {
        lead.push_str(if lead.ends_with(':') { " " } else { ": " });
    }
    let total = 1 + finding.more.max(finding.again.len() as u32);
    if total > 1 {
        let _ = write!(message, " ×{total}");
    }
    let indent = if file.is_some() { 1 } else { 0 };
    let id = rows.len() as u32;
    rows.push(Row {
        parent: file,
        kind: finding.severity.word(),
        indent,
        levels: levels(&lead, &message, value),
        lines: (finding.first, finding.last),
        covers: Vec::new(),
        cost: HEAD_COST,
    });
    for detail in &finding.details {
        rows.push(Row {
            parent: Some(id),
            kind: "detail",
            indent: indent + 1,
            levels: levels("", &squeezed(&detail.text), value * detail.worth),
            lines: (detail.line, detail.line),
            covers: Vec::new(),
            cost: DETAIL_COST,
        });
    }
    push_again(finding, id, indent + 1, value, rows);
}

/// Where else the same was found: places alone several to a row, tests one to a row.
fn push_again(finding: &Finding, id: u32, indent: u8, value: f32, rows: &mut Vec<Row>) {
    let head_path = finding
        .place
        .as_ref()
        .map_or("", |place| place.path.as_str());
    if finding.sort == Sort::Line {
        let parts: Vec<(&str, u32)> = finding
            .again
            .iter()
            .filter_map(|again| Some((again.name.as_deref()?, again.line)))
            .collect();
        return push_parts(&parts, id, indent, value * 0.6, rows);
    }
    let share = 0.4;
    let mut n = 0;
    let mut push = |text: String, line: u32| {
        let value = value * share / (1.0 + n as f32 * 0.25);
        rows.push(Row {
            parent: Some(id),
            kind: "again",
            indent,
            levels: levels("", &text, value),
            lines: (line, line),
            covers: Vec::new(),
            cost: DETAIL_COST,
        });
        n += 1;
    };
    let mut places = String::new();
    let mut n_places = 0;
    let mut n_rows = 0;
    let mut path = head_path;
    for again in &finding.again {
        let Some(name) = &again.name else {
            let Some(place) = &again.place else { continue };
            let changes = place.path != path;
            let most = if n_rows == 0 { 4 } else { 8 };
            if n_places >= most || places.len() > 90 {
                push(std::mem::take(&mut places), again.line);
                n_places = 0;
                n_rows += 1;
            }
            if changes || n_places == 0 && path != head_path {
                if n_places > 0 {
                    places.push_str(", ");
                }
                path = &place.path;
                push_place(place, &mut places);
            } else {
                if n_places > 0 {
                    places.push(' ');
                }
                places.push(':');
                push_line(place, &mut places);
            }
            n_places += 1;
            continue;
        };
        let mut text = String::new();
        match &again.place {
            Some(place) if Some(place) == finding.place.as_ref() => {}
            Some(place) if place.path == head_path => {
                text.push(':');
                push_line(place, &mut text);
                text.push(' ');
            }
            Some(place) => {
                push_place(place, &mut text);
                text.push(' ');
            }
            None => {}
        }
        text.push_str(&squeezed(own_part(
            name,
            finding.name.as_deref().unwrap_or(""),
        )));
        push(text, again.line);
    }
    if !places.is_empty() {
        push(places, finding.last);
    }
}

/// A name without what its file says already: `a/b.ts > suite > x`, `pkg.mod.Class.test`.
fn beside_path<'a>(name: &'a str, path: &str) -> &'a str {
    if let Some(rest) = name.strip_prefix(path).filter(|_| !path.is_empty()) {
        let rest = rest.trim_start_matches([' ', '>', '›', ':']);
        return if rest.is_empty() { name } else { rest };
    }
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    if stem.len() < 3 || name.contains(' ') {
        return name;
    }
    // The module is the file; a class that is the file stays, people search for it.
    name.match_indices(stem)
        .find_map(|(at, _)| {
            let rest = name[at + stem.len()..].strip_prefix('.')?;
            let is_whole = name[..at].is_empty() || name[..at].ends_with('.');
            (is_whole && rest.contains('.')).then_some(rest)
        })
        .unwrap_or(name)
}

/// A name without the suites that it shares with the one above it.
fn own_part<'a>(name: &'a str, above: &str) -> &'a str {
    let shared = name
        .bytes()
        .zip(above.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let shared = prefix(name, shared);
    let separators = [" › ", " > ", "::", "#", " - ", ".", "/"];
    let n_separators = if name.contains(' ') { 5 } else { 7 };
    let cut = separators[..n_separators]
        .iter()
        .filter_map(|separator| shared.rfind(separator).map(|at| at + separator.len()))
        .max();
    cut.map_or(name, |at| &name[at..])
}

fn push_place(place: &Place, out: &mut String) {
    out.push_str(&place.path);
    if place.line > 0 {
        out.push(':');
        push_line(place, out);
    }
}

/// The line, and the column where lines are so long that it matters.
fn push_line(place: &Place, out: &mut String) {
    let _ = write!(out, "{}", place.line);
    if let Some(col) = place.col.filter(|col| *col > 300) {
        let _ = write!(out, ":{col}");
    }
}
