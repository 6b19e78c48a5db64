//! `ctx tokens`

use super::Answer;
use crate::error::Error;
use crate::tokens::{Counter, FAMILIES};
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;

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
    for file in files {
        let text = content(&workspace.base.join(file), file)?;
        let base = counter.encoding().count(&text);
        counts.push((
            file.to_string_lossy().into_owned(),
            counter.scale(base).0,
            text.len(),
        ));
    }
    let total = counts.iter().map(|(_, tokens, _)| tokens).sum();
    let text = if args.json {
        json(&counts, total, &counter)
    } else {
        plain(&counts, total, &counter)
    };
    Ok(Answer::shown(text))
}

fn content(location: &std::path::Path, file: &std::path::Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(location).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        Error::bad_request(format!("`{}` cannot be read", file.display())).because(error)
    })?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn plain(counts: &[(String, u64, usize)], total: u64, counter: &Counter) -> String {
    let mut out = String::new();
    let show_names = counts.len() > 1;
    for (name, tokens, _) in counts {
        let _ = if show_names {
            writeln!(out, "{tokens} {name}")
        } else {
            writeln!(out, "{tokens}")
        };
    }
    if show_names {
        let _ = writeln!(out, "{total} total ({})", counter.name());
    }
    out
}

fn json(counts: &[(String, u64, usize)], total: u64, counter: &Counter) -> String {
    let files: Vec<_> = counts
        .iter()
        .map(|(name, tokens, bytes)| serde_json::json!({ "path": name, "tokens": tokens, "bytes": bytes }))
        .collect();
    let answer = serde_json::json!({
        "counter": counter.name(),
        "exact": counter.is_exact(),
        "tokens": total,
        "files": files,
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
