//! Digests: the output of any tool, fitted to a budget, with the facts that matter.
//!
//! The story: `clean` plays the bytes in a small terminal and gives lines; `lines` keeps the
//! lines that may matter, within bounds, while `template` counts all of them by form; `sheet`
//! looks at each kept line by itself (`words`, `place`, `frame`); `families` read findings out
//! of them, `summary` the counts, `generic` what no family knows and `context` the lines worth
//! showing beside; `rows` lays all of it out with values and `pack` fits it to a budget.
//!
//! Promises: one pass over the bytes with bounded memory; the same bytes for the same input;
//! every text is the tool's own, so nothing is invented; errors come before warnings and the
//! first error before its cascade; a digest never says more than it knows: a command that ended
//! with a status other than 0 is called failed, and so is one whose output tells of a failure.
//!
//! This module knows no files, no clock, no tasks. It fits any prefix of an output, too.
//!
//! # Use
//!
//! Bytes go in as they come, in chunks of any size; the outcome does not depend on where they
//! are cut. A running command has no exit status yet: what is there of its output is digested
//! the same way, with `exit: None`.
//!
//! ```
//! use ctx::digest::{Digest, Digester, Origin, fit};
//! use ctx::tokens::{Counter, Tokens};
//! use ctx::view::Format;
//!
//! let origin = |exit| Origin { command: Some("make".to_owned()), exit: Some(exit) };
//!
//! let mut digester = Digester::new();
//! digester.feed(b"cc -c a.c\na.c:3:1: error: unknown ty");
//! digester.feed(b"pe name 'foo'\nmake: *** [Makefile:2: a.o] Error 1\n");
//! let earlier = digester.finish(origin(2));
//! assert!(earlier.is_failure());
//!
//! // As text or JSON, within a budget; an error names the least that would do.
//! let shown = fit(&earlier, Format::Text, &Counter::default(), Tokens(200))?;
//! assert!(shown.text.starts_with("failed: exit 2\n"));
//! assert!(shown.text.contains("unknown type name 'foo'"));
//!
//! // The next run of the same command, told as the change since the earlier one.
//! let later = Digest::of(b"cc -c a.c\n", origin(0)).against(&earlier);
//! let delta = later.delta.as_ref().expect("compared");
//! assert_eq!(delta.summary(), "still failing 0, fixed 1, new 0");
//! # Ok::<(), ctx::digest::TooSmall>(())
//! ```
//!
//! [`Digester::with_matchers`] adds dialects that users write ([`matcher`]); [`clean`] alone
//! gives the lines a person would have seen.

pub mod clean;
mod context;
mod delta;
mod families;
mod finding;
mod fold;
mod footer;
mod frame;
mod generic;
mod lines;
mod machine;
pub mod matcher;
mod pack;
mod place;
mod rows;
mod sheet;
mod summary;
mod template;
mod words;

pub use delta::{Delta, compare};
pub use finding::{Again, Detail, Extract, Finding, Other, Severity, Sort};
pub use pack::{Fitted, TooSmall, fit};
pub use place::Place;

use clean::Cleaner;
use lines::{Collector, Lines};
use matcher::Matcher;
use sheet::Sheet;

/// Outputs up to this size are shown whole when they fit the budget.
const WHOLE: usize = 1 << 20;

/// What is known of the command beside its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The command line.
    pub command: Option<String>,
    /// The exit status; negative for a signal.
    pub exit: Option<i32>,
}

/// What was read out of an output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// What it is the output of.
    pub origin: Origin,
    /// Lines of the raw output.
    pub n_lines: u32,
    /// Bytes of the raw output.
    pub n_bytes: u64,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Counts and last words.
    pub summary: Vec<Extract>,
    /// Other lines worth showing.
    pub context: Vec<Extract>,
    /// The forms that most lines have.
    pub forms: Vec<Form>,
    /// All of the cleaned text, if it is short.
    pub whole: Option<String>,
    /// What changed since an earlier digest, if there is one to compare with.
    pub delta: Option<Delta>,
}

/// Lines that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The beginning of the first one.
    pub example: String,
    /// How many there are.
    pub n_lines: u32,
    /// Raw line of the first one.
    pub first: u32,
    /// Raw line of the last one.
    pub last: u32,
}

impl Digest {
    /// Digests a whole output.
    pub fn of(bytes: &[u8], origin: Origin) -> Digest {
        let mut digester = Digester::new();
        digester.feed(bytes);
        digester.finish(origin)
    }

    /// Tells what changed since `before`.
    #[must_use]
    pub fn against(mut self, before: &Digest) -> Digest {
        self.delta = Some(compare(before, &self));
        self
    }

    /// Whether the command failed, by its status or by what it printed.
    pub fn is_failure(&self) -> bool {
        self.origin.exit.is_some_and(|exit| exit != 0) || self.tells_of_failure()
    }

    /// Whether the output itself tells of a failure.
    pub fn tells_of_failure(&self) -> bool {
        self.findings.iter().any(|finding| {
            finding.severity == Severity::Error && matches!(finding.sort, Sort::Test | Sort::Trace)
        })
    }
}

/// Takes an output in parts.
#[derive(Default)]
pub struct Digester {
    cleaner: Cleaner,
    collector: Collector,
    matchers: Vec<Matcher>,
    n_newlines: u32,
    n_bytes: u64,
    ends_in_newline: bool,
}

impl Digester {
    /// A digester at the beginning of an output.
    pub fn new() -> Digester {
        Digester::default()
    }

    /// Reads lines by these matchers, too, before the built-in ones.
    #[must_use]
    pub fn with_matchers(mut self, matchers: Vec<Matcher>) -> Digester {
        self.matchers = matchers;
        self
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        self.n_newlines += memchr::memchr_iter(b'\n', bytes).count() as u32;
        self.n_bytes += bytes.len() as u64;
        self.ends_in_newline = *last == b'\n';
        let collector = &mut self.collector;
        self.cleaner.feed(bytes, &mut |line| collector.push(line));
    }

    /// Ends the output, or what is there of it so far.
    pub fn finish(mut self, origin: Origin) -> Digest {
        let n_lines = self.n_newlines + u32::from(!self.ends_in_newline && self.n_bytes > 0);
        let collector = &mut self.collector;
        self.cleaner.finish(&mut |line| collector.push(line));
        let lines = self.collector.finish(n_lines, self.n_bytes);
        self.matchers.extend(matcher::builtin());
        analyze(&lines, origin, &self.matchers, &|_| false)
    }
}

/// Reads the lines. `skip` names families to leave out, to measure what they are good for.
fn analyze(
    raw: &Lines,
    origin: Origin,
    matchers: &[Matcher],
    skip: &dyn Fn(&str) -> bool,
) -> Digest {
    let readable = if skip("machine") {
        None
    } else {
        machine::readable(raw)
    };
    let lines = readable.as_ref().unwrap_or(raw);
    let mut sheet = Sheet::new(lines);
    let extracts = families::extracts(&mut sheet, skip);
    let mut findings = Vec::new();
    matcher::read(matchers, &mut sheet, &mut findings);
    families::read(&mut sheet, &mut findings, skip);
    let mut summary = if skip("summary") {
        Vec::new()
    } else {
        summary::read(
            &mut sheet,
            !findings.is_empty() || origin.exit.is_some_and(|exit| exit != 0),
        )
    };
    generic::findings(&mut sheet, &mut findings);
    let mut findings = fold::fold(findings);
    if origin.exit == Some(0) {
        // Places in the output of a command that succeeded, as `grep` prints them.
        for finding in findings
            .iter_mut()
            .filter(|finding| finding.sort == Sort::Diagnostic && !finding.is_labeled)
        {
            finding.severity = Severity::Note;
        }
    }
    let mut context = context::read(&sheet, findings.len());
    context.extend(extracts);
    context.sort_by_key(|extract| extract.first);
    summary.sort_by_key(|extract| extract.first);
    let text_len: usize = (0..raw.len()).map(|idx| raw.text(idx).len() + 1).sum();
    let whole = (!raw.has_gaps && text_len <= WHOLE).then(|| raw.all());
    Digest {
        origin,
        n_lines: lines.n_raw,
        n_bytes: lines.n_bytes,
        findings,
        summary,
        context,
        forms: raw.miner.forms(),
        whole,
        delta: None,
    }
}

#[cfg(test)]
mod tests {
    use super::clean::clean;
    use super::lines::Collector;
    use super::{Origin, analyze, fit};
    use crate::tokens::{Counter, Tokens};
    use crate::view::Format;
    use std::path::Path;

    /// Weighted share of the facts of the corpus that are kept when families are muted; only
    /// those facts count that are shown word by word.
    fn kept(skip: &dyn Fn(&str) -> bool) -> f64 {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/digest");
        let (mut kept, mut all) = (0, 0);
        for entry in std::fs::read_dir(corpus).expect("the corpus is there") {
            let folder = entry.expect("it can be read").path();
            let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let toml: toml::Table = toml::from_str(&read("case.toml")).expect("it is TOML");
            let raw = read("input.txt");
            let mut collector = Collector::default();
            let lines = clean(raw.as_bytes());
            lines.iter().for_each(|line| collector.push(line));
            let n_lines = lines.len() as u32;
            let lines = collector.finish(n_lines, raw.len() as u64);
            let exit = toml["exit"].as_integer().map(|exit| exit as i32);
            let digest = analyze(
                &lines,
                Origin {
                    command: None,
                    exit,
                },
                &[],
                skip,
            );
            let shown = fit(&digest, Format::Text, &Counter::default(), Tokens(400))
                .expect("it fits")
                .text;
            for fact in toml["facts"].as_array().expect("facts") {
                let words = fact[1].as_str().expect("words");
                let weight = fact[0].as_integer().expect("a weight");
                all += weight;
                kept += weight * i64::from(shown.contains(words));
            }
        }
        kept as f64 / all as f64
    }

    #[test]
    fn without_families_the_generic_path_keeps_most() {
        let whole = kept(&|_| false);
        let families = [
            "gotest",
            "test",
            "trace",
            "diagnostic",
            "git",
            "http",
            "listing",
        ];
        for family in families {
            let muted = kept(&|name| name == family);
            println!("without {family}: {muted:.3} of {whole:.3}");
            assert!(
                muted >= whole * 0.85,
                "without {family} {muted:.3} of {whole:.3}"
            );
        }
        let muted = kept(&|name| families.contains(&name));
        println!("without any: {muted:.3} of {whole:.3}");
        assert!(muted >= whole * 0.7, "without any {muted:.3} of {whole:.3}");
    }
}
