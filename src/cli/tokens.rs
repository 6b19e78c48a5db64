//! `ctx tokens`

use super::Answer;
use crate::code::files;
use crate::error::Error;
use crate::shell;
use crate::tokens::{Counter, FAMILIES};
use crate::view::one_line;
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Count the tokens of a file or of standard input
#[derive(clap::Args)]
pub struct Args {
    /// Files; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Model or encoding that tokens are counted for
    #[arg(short, long, value_name = "NAME")]
    model: Option<String>,
    /// List the models and how each is counted
    #[arg(long)]
    models: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    if args.models {
        return Ok(Answer::shown(models(args.json)));
    }
    let counter = match &args.model {
        Some(model) => Counter::for_model(model).map_err(|error| {
            Error::bad_request(error.to_string())
                .hint("`ctx tokens --models` lists what can be counted for")
        })?,
        None => workspace.config.counter()?,
    };
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() {
        &standard_input[..]
    } else {
        &args.files
    };
    let mut counts = Vec::new();
    let mut notes = Vec::new();
    let mut first = None;
    for file in files {
        match content(workspace, file) {
            Ok(text) => counts.push((
                file.to_string_lossy().into_owned(),
                counter.count(&text).0,
                text.len(),
            )),
            Err(problem) => {
                notes.push(problem.as_note());
                first.get_or_insert(problem);
            }
        }
    }
    if let Some(problem) = first.filter(|_| counts.is_empty()) {
        return Err(problem);
    }
    let total = counts.iter().map(|(_, tokens, _)| tokens).sum();
    let is_single = files.len() == 1;
    let text = match (args.json, counts.as_slice()) {
        (true, _) => json(&counts, &notes, total, &counter),
        (false, [(_, tokens, _)]) if is_single => format!("{tokens}\n"),
        (false, _) => plain(&counts, &notes, total, &counter),
    };
    Ok(Answer::shown(text))
}

/// The text of a file, as every other command sees it.
fn content(workspace: &Workspace, file: &Path) -> Result<String, Error> {
    let failed = || Error::bad_request(format!("`{}` cannot be read", file.display()));
    // What the shell opened for us is read like standard input: `ctx tokens <(git diff)`.
    let is_open = file.starts_with("/dev/fd") || file == Path::new("/dev/stdin");
    if file.as_os_str() == "-" || is_open {
        let mut bytes = Vec::new();
        let read = match is_open {
            true => File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)),
            false => io::stdin().read_to_end(&mut bytes),
        };
        read.map_err(|error| failed().because(error))?;
        return Ok(files::decode(bytes).content);
    }
    let location = files::locate(&workspace.root, &workspace.base, file);
    if location.is_dir() {
        let path = shell::path(&file.to_string_lossy());
        return Err(
            Error::bad_request(format!("`{}` is a folder", file.display())).hint(format!(
                "`{} budget {path}` adds up what is in it",
                workspace.program
            )),
        );
    }
    let limit = workspace.config.integer("code.max_file_bytes");
    let text = files::read(&location, limit).map_err(|problem| failed().because(problem))?;
    Ok(text.content)
}

fn plain(
    counts: &[(String, u64, usize)],
    notes: &[String],
    total: u64,
    counter: &Counter,
) -> String {
    let mut out = String::new();
    for (name, tokens, _) in counts {
        let _ = writeln!(out, "{tokens} {}", one_line(name));
    }
    let _ = writeln!(out, "{total} total ({})", counter.name());
    for note in notes {
        let _ = writeln!(out, "note: {}", one_line(note));
    }
    out
}

fn json(
    counts: &[(String, u64, usize)],
    notes: &[String],
    total: u64,
    counter: &Counter,
) -> String {
    let files: Vec<_> = counts
        .iter()
        .map(|(name, tokens, bytes)| serde_json::json!({ "path": name, "tokens": tokens, "bytes": bytes }))
        .collect();
    let answer = serde_json::json!({
        "counter": counter.name(),
        "exact": counter.is_exact(),
        "tokens": total,
        "files": files,
        "notes": notes,
    });
    format!("{answer}\n")
}

fn models(json: bool) -> String {
    if json {
        let families: Vec<_> = FAMILIES
            .iter()
            .map(|family| {
                serde_json::json!({
                    "family": family.name,
                    "encoding": family.encoding.name(),
                    "names": family.names().collect::<Vec<_>>(),
                    "permille": family.band.map(|band| [band.low, band.typical, band.high]),
                    "source": family.source,
                })
            })
            .collect();
        return format!("{}\n", serde_json::Value::from(families));
    }
    let mut out = String::new();
    for family in FAMILIES {
        let counted = match family.band {
            None => format!("{}, exact", family.encoding.name()),
            Some(band) => format!(
                "{} x {:.2} ({:.2} to {:.2}); budgets use the last",
                family.encoding.name(),
                f64::from(band.typical) / 1000.0,
                f64::from(band.low) / 1000.0,
                f64::from(band.high) / 1000.0
            ),
        };
        let _ = writeln!(out, "{}: {counted}", family.name);
        let _ = writeln!(
            out,
            "  names: {}",
            family.names().collect::<Vec<_>>().join(", ")
        );
        let _ = writeln!(
            out,
            "  source: {}",
            family
                .source
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        );
    }
    out
}
