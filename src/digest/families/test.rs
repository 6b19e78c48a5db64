//! Test reports. Frameworks differ in how a failure begins; what follows is read alike by
//! [`body`]. Where only a list of failed names is printed, the list is read.

use super::names::{self, CROSSES, without_time};
use super::{body, tap};
use crate::digest::finding::{Again, Finding, Severity, Sort};
use crate::digest::place::{self, Place};
use crate::digest::sheet::Sheet;

/// Longest body, in lines.
pub const LONGEST: usize = 160;

/// The beginning of a failure.
pub struct Start {
    /// The test.
    pub name: String,
    /// What is said of it at once.
    pub message: String,
    /// Where, if said at once.
    pub place: Option<Place>,
    /// Where the test is, if the body does not tell more.
    pub fallback: Option<Place>,
    /// First line of the body.
    pub body: usize,
    /// The body ends before a line indented no more than this.
    pub within: Option<u16>,
}

impl Start {
    /// A failure of which the name is known.
    pub fn new(name: &str, body: usize) -> Start {
        Start {
            name: name.trim().to_owned(),
            message: String::new(),
            place: None,
            fallback: None,
            body,
            within: None,
        }
    }
}

/// Reads the failed tests.
pub fn read(sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    let before = findings.len();
    let mut idx = 0;
    let mut numbered = 0;
    while idx < sheet.len() {
        if sheet.claimed[idx] {
            idx += 1;
            continue;
        }
        let Some(start) = start(sheet, idx, &mut numbered) else {
            idx += 1;
            continue;
        };
        let end = end_of_body(sheet, &start, numbered);
        let mut finding = Finding::new(
            Severity::Error,
            Sort::Test,
            &start.message,
            sheet.first(idx),
            sheet.last(end.max(idx + 1) - 1),
        );
        finding.name = Some(short_name(&start.name).to_owned());
        finding.place = start.place;
        body::read(sheet, start.body..end, &mut finding);
        finding.place = finding.place.or(start.fallback);
        if let Some(last) = findings.last_mut()
            && last.message.is_empty()
            && last.place.is_none()
            && last.last + 1 == finding.first
        {
            // Several names above one message.
            finding.first = last.first;
            std::mem::swap(last, &mut finding);
            let name = finding.name.take();
            last.again.push(Again {
                name: std::mem::replace(&mut last.name, name),
                place: None,
                line: finding.last,
            });
            sheet.claim(idx..end.max(idx + 1));
            idx = end.max(idx + 1);
            continue;
        }
        sheet.claim(idx..end.max(idx + 1));
        findings.push(finding);
        idx = end.max(idx + 1);
    }
    names::read(sheet, before, findings);
}

/// Without long lists of parameter types.
fn short_name(name: &str) -> &str {
    // unittest: `test_x (pkg.module.Class.test_x)`.
    if let Some((head, inside)) = name.split_once(" (")
        && let Some(inside) = inside.strip_suffix(')')
        && inside.ends_with(head)
    {
        return inside;
    }
    match name.split_once('(') {
        Some((head, arguments))
            if arguments.contains(", ") && arguments.len() > 24 && !head.contains(' ') =>
        {
            head
        }
        _ => name,
    }
}

fn start(sheet: &Sheet, idx: usize, numbered: &mut u32) -> Option<Start> {
    let text = sheet.text(idx);
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > 2000 {
        return None;
    }
    let traits = &sheet.traits[idx];
    ruled(sheet, idx, trimmed)
        .or_else(|| marked(sheet, idx, trimmed, traits.indent))
        .or_else(|| suffixed(sheet, idx, trimmed, traits.indent))
        .or_else(|| number(sheet, idx, trimmed, numbered))
}

/// Names between rulers: `---- name stdout ----`, `____ name ____`, `FAIL: name` under `====`.
fn ruled(sheet: &Sheet, idx: usize, text: &str) -> Option<Start> {
    if let Some(rest) = text.strip_prefix("---- ") {
        let name = rest
            .strip_suffix(" stdout ----")
            .or_else(|| rest.strip_suffix(" stderr ----"))?;
        return Some(Start::new(name, idx + 1));
    }
    if text.starts_with("___") && text.ends_with("__") {
        let name = text.trim_matches('_').trim();
        return (!name.is_empty() && name.chars().any(char::is_alphanumeric))
            .then(|| Start::new(name, idx + 1));
    }
    if text.starts_with("── ") && (text.starts_with("── Failure") || text.starts_with("── Error"))
    {
        let name = text.trim_matches(['─', ' ']);
        let mut start = Start::new(name, idx + 1);
        start.place = place::first(name).map(|found| found.place(name));
        return Some(start);
    }
    let name = text
        .strip_prefix("FAIL: ")
        .or_else(|| text.strip_prefix("ERROR: "))?;
    let is_under_ruler = idx > 0 && sheet.trimmed(idx - 1).starts_with("=====");
    let skips = usize::from(sheet.trimmed(idx + 1).starts_with("-----"));
    (is_under_ruler && skips > 0).then(|| Start::new(name, idx + 1 + skips))
}

/// Names after a mark at the beginning of the line.
fn marked(sheet: &Sheet, idx: usize, text: &str, indent: u16) -> Option<Start> {
    if let Some(name) = text.strip_prefix("● ") {
        let is_name = !name.starts_with("Console") && !name.ends_with("snapshot obsolete.");
        let mut start = Start::new(name, idx + 1);
        start.within = Some(indent);
        return is_name.then_some(start);
    }
    if let Some(name) = text
        .strip_prefix("FAIL  ")
        .or_else(|| text.strip_prefix("FAILED  "))
    {
        return name.contains(" > ").then(|| Start::new(name, idx + 1));
    }
    if let Some(rest) = text
        .strip_prefix("FAIL [")
        .or_else(|| text.strip_prefix("TIMEOUT ["))
        .or_else(|| text.strip_prefix("SIGABRT ["))
    {
        let has_output = sheet.trimmed(idx + 1).starts_with("stdout")
            || sheet.trimmed(idx + 1).starts_with("--- ")
            || sheet.trimmed(idx + 1).starts_with("stderr");
        let name = rest.split_once("] ").map_or(rest, |(_, name)| name);
        let name = name
            .split_once(") ")
            .filter(|(count, _)| count.starts_with('('))
            .map_or(name, |(_, name)| name);
        return has_output.then(|| Start::new(name, idx + 1));
    }
    if let Some(rest) = text
        .trim_start_matches(['#', ' '])
        .strip_prefix("Failed test ")
        && text.starts_with('#')
    {
        let mut start = Start::new(rest.trim_matches(['\'', '"', '.']), idx + 1);
        if !rest.starts_with('\'') {
            start.name = sheet
                .trimmed(idx + 1)
                .trim_matches(['#', ' ', '\''])
                .to_owned();
        }
        return Some(start);
    }
    if let Some(rest) = text.strip_prefix("not ok ") {
        return tap::start(sheet, idx, rest);
    }
    if let Some(start) = crossed(sheet, idx, text, indent) {
        return Some(start);
    }
    let arrows = ["Failure → ", "Error → ", "Failure -> ", "Error -> "];
    if arrows.iter().any(|arrow| text.starts_with(arrow)) && indent == 0 {
        let mut start = Start::new(sheet.trimmed(idx + 1), idx + 2);
        start.place =
            place::first(sheet.text(idx + 2)).map(|found| found.place(sheet.text(idx + 2)));
        return Some(start);
    }
    if (text.starts_with("JUnit Jupiter:") || text.starts_with("JUnit Vintage:"))
        && sheet.trimmed(idx + 1).contains("Source [")
    {
        return Some(Start::new(
            text.split_once(':').map_or(text, |(_, name)| name),
            idx + 1,
        ));
    }
    if let Some(name) = text.strip_prefix("Failed ")
        && indent > 0
        && name.ends_with(']')
    {
        let name = name.rsplit_once(" [").map_or(name, |(name, _)| name);
        return Some(Start::new(name, idx + 1));
    }
    if let Some(rest) = text.strip_prefix("[ RUN      ] ") {
        let end = (idx + 1..sheet.len().min(idx + LONGEST)).find(|idx| {
            let text = sheet.trimmed(*idx);
            text.starts_with("[       OK ]")
                || text.starts_with("[  FAILED  ]")
                || text.starts_with("[  SKIPPED ]")
        })?;
        return sheet
            .trimmed(end)
            .starts_with("[  FAILED")
            .then(|| Start::new(rest, idx + 1));
    }
    None
}

/// `✖ name (2ms)` with what went wrong indented below it, and perhaps its place above.
fn crossed(sheet: &Sheet, idx: usize, text: &str, indent: u16) -> Option<Start> {
    let name = CROSSES.iter().find_map(|mark| text.strip_prefix(mark))?;
    let next = idx + 1;
    let tells = next < sheet.len()
        && sheet.traits[next].indent > indent
        && !CROSSES
            .iter()
            .any(|mark| sheet.trimmed(next).starts_with(mark));
    let has_body = tells
        && (next..sheet.len().min(next + 12))
            .take_while(|at| sheet.traits[*at].is_empty || sheet.traits[*at].indent > indent)
            .any(|at| {
                let traits = &sheet.traits[at];
                traits.frame.is_some()
                    || traits.signals.error >= crate::digest::words::Voice::Mention
                    || body::is_value(sheet.trimmed(at))
            });
    if !has_body {
        return None;
    }
    let mut start = Start::new(without_time(name), next);
    start.within = Some(indent);
    let above = idx.checked_sub(1).map_or("", |above| sheet.trimmed(above));
    if let Some(at) = above.strip_prefix("test at ") {
        start.fallback = place::first(at).map(|found| found.place(at));
    }
    Some(start)
}

/// Names before a mark at the end of the line.
fn suffixed(sheet: &Sheet, idx: usize, text: &str, indent: u16) -> Option<Start> {
    if text.ends_with("<<< FAILURE!") || text.ends_with("<<< ERROR!") {
        let name = text.trim_start_matches("[ERROR]").trim();
        let name = name
            .split_once(" -- Time")
            .or_else(|| name.split_once("  Time elapsed"))
            .map_or(name, |(name, _)| name);
        let is_class = name.starts_with("Tests run");
        return (!is_class).then(|| Start::new(name, idx + 1));
    }
    if let Some(name) = text.strip_suffix("| FAIL |") {
        let is_suite = crate::digest::summary::weight(sheet.trimmed(idx + 1)) > 0;
        return (!is_suite).then(|| Start::new(name, idx + 1));
    }
    if let Some(name) = text.strip_suffix(" FAILED")
        && name.contains(" > ")
    {
        let mut start = Start::new(name, idx + 1);
        start.within = Some(indent);
        return Some(start);
    }
    if text.ends_with(" [E]") && text.contains(": ") && text.contains(" -") {
        let name = text
            .trim_end_matches(" [E]")
            .split_once(": ")
            .map_or(text, |(_, name)| name);
        let mut start = Start::new(name, idx + 1);
        start.within = Some(indent);
        return Some(start);
    }
    if let Some((head, tail)) = text.split_once("***")
        && head.contains(" Test ")
        && head.contains('#')
        && !text.starts_with("The following")
    {
        let name = head
            .split_once(": ")
            .map_or(head, |(_, name)| name)
            .trim_matches(['.', ' ']);
        let mut start = Start::new(name, idx + 1);
        let first_fail = (idx + 1..sheet.len().min(idx + 200))
            .take_while(|idx| !sheet.trimmed(*idx).starts_with("Start "))
            .find(|idx| sheet.text(*idx).contains(":FAIL"));
        start.message = first_fail.map_or_else(
            || tail.trim().to_owned(),
            |idx| sheet.trimmed(idx).to_owned(),
        );
        start.place = first_fail.and_then(|idx| {
            place::first(sheet.trimmed(idx)).map(|found| found.place(sheet.trimmed(idx)))
        });
        if let Some(place) = &start.place {
            let shown = format!("{}:{}:", place.path, place.line);
            start.message = start.message.trim_start_matches(&shown).to_owned();
        }
        return Some(start);
    }
    for word in ["Test Failed at ", "Error During Test at "] {
        if let Some((name, at)) = text.split_once(word)
            && let Some(found) = place::first(at)
        {
            let mut start = Start::new(name.trim_end_matches([':', ' ']), idx + 1);
            start.place = Some(found.place(at));
            return Some(start);
        }
    }
    None
}

/// `1) name`, counted up from 1.
fn number(sheet: &Sheet, idx: usize, text: &str, numbered: &mut u32) -> Option<Start> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix(") ")?.trim();
    let number: u32 = text[..digits].parse().ok()?;
    if number != *numbered + 1 && number != 1 || rest.is_empty() {
        return None;
    }
    let indent = sheet.traits[idx].indent;
    // What is listed must look like a report of failures further on.
    let looks_like = (idx..sheet.len().min(idx + 16)).any(|at| {
        let traits = &sheet.traits[at];
        traits.frame.is_some()
            || traits.signals.error >= crate::digest::words::Voice::Mention
            || body::is_value(sheet.trimmed(at))
    });
    // Mocha numbers failures where they happen, too; there nothing deeper follows.
    let next = (idx + 1..sheet.len()).find(|at| !sheet.traits[*at].is_empty)?;
    let follows_deeper = sheet.traits[next].indent > indent || indent == 0 || rest.ends_with(':');
    if !looks_like || !follows_deeper || is_number(sheet.trimmed(next)) {
        return None;
    }
    *numbered = number;
    if matches!(rest, "Failure:" | "Error:" | "Skipped:") {
        if rest == "Skipped:" {
            return None;
        }
        let line = sheet.trimmed(idx + 1);
        let name = line
            .split_once(" [")
            .map_or(line, |(name, _)| name)
            .trim_end_matches(':');
        let mut start = Start::new(name, idx + 2);
        if let Some((_, at)) = line.split_once(" [") {
            start.place = place::first(at).map(|found| found.place(at));
        }
        return Some(start);
    }
    // Mocha writes the path of suites one deeper each, up to a colon.
    let mut name = rest.to_owned();
    let mut body = idx + 1;
    let mut deep = indent;
    while !name.ends_with(':') && body < sheet.len() && body < idx + 8 {
        let traits = &sheet.traits[body];
        let is_part = !traits.is_empty
            && traits.indent > deep
            && traits.place.is_none()
            && traits.signals.error < crate::digest::words::Voice::Label;
        let colon = (body..sheet.len().min(idx + 8)).find(|at| sheet.trimmed(*at).ends_with(':'));
        if !is_part || colon.is_none() {
            break;
        }
        deep = traits.indent;
        name.push(' ');
        name.push_str(sheet.trimmed(body));
        body += 1;
    }
    if !name.ends_with(':') && body > idx + 1 {
        name = rest.to_owned();
        body = idx + 1;
    }
    let mut start = Start::new(name.trim_end_matches(':'), body);
    // ExUnit and hspec tell the place first.
    let line = sheet.text(body.min(sheet.len() - 1));
    if let Some(found) = place::first(line)
        && found.span.start == sheet.traits[body.min(sheet.len() - 1)].indent as usize
        && found.span.end == line.trim_end().len()
        && line.contains("_test.exs")
    {
        start.fallback = Some(found.place(line));
        start.body += 1;
    }
    Some(start)
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && text[digits..].starts_with(") ")
}

fn end_of_body(sheet: &Sheet, start: &Start, numbered: u32) -> usize {
    let mut end = start.body;
    let limit = sheet.len().min(start.body + LONGEST);
    while end < limit {
        let text = sheet.trimmed(end);
        let traits = &sheet.traits[end];
        let dedents = start
            .within
            .is_some_and(|within| !traits.is_empty && traits.indent <= within)
            && !tap::is_comment(text);
        let mut count = numbered;
        if dedents || ends(sheet, end, text) || self::start(sheet, end, &mut count).is_some() {
            break;
        }
        end += 1;
    }
    while end > start.body && sheet.traits[end - 1].is_empty {
        end -= 1;
    }
    end
}

/// Lines that never belong to the body of a failure.
pub fn ends(sheet: &Sheet, idx: usize, text: &str) -> bool {
    let is_heading = text.starts_with("=====")
        || text == "failures:"
        || text.starts_with("test result:")
        || text.starts_with("Failed examples:")
        || text.starts_with("Finished in ")
        || text.starts_with("FAILURES!")
        || text.starts_with("Test Suites:")
        || text.starts_with("Test Files ")
        || text.starts_with("Summary [")
        || text.starts_with("------------")
        || text.starts_with("Start ") && text.contains(": ")
        || text.starts_with("[  FAILED  ]")
        || text.starts_with("[       OK ]")
        || text.starts_with("⎯⎯") && text.contains('[')
        || text.starts_with("Tests run:")
        || text.starts_with("Test run finished");
    let is_file = sheet.traits[idx].indent == 0
        && (text.starts_with("PASS ") || text.starts_with("FAIL ") || text.starts_with("ok "));
    is_heading || is_file || crate::digest::summary::weight(text) >= 2
}
