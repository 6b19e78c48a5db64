//! `ctx search`

use super::Answer;
use super::args::{Fit, too_small_error};
use super::output;
use super::progress::Progress;
use crate::code::files::WalkOptions;
use crate::code::search::{SearchRequest, search};
use crate::code::syntax::Limits;
use crate::error::Error;
use crate::shell;
use crate::workspace::Workspace;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Ranked places for an issue's text, an error, some words or an identifier
///
/// Shows the text of the best places, then lines of names, then paths.
#[derive(clap::Args)]
pub struct Args {
    /// What to search for
    #[arg(value_name = "QUERY", conflicts_with = "query_file")]
    words: Vec<String>,
    /// Read the query from FILE; `-` for standard input
    #[arg(long, value_name = "FILE")]
    query_file: Option<PathBuf>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let config = &workspace.config;
    let request = SearchRequest {
        query: query(args)?,
        walk: WalkOptions {
            respect_ignores: config.switch("code.respect_ignores"),
            skip_hidden: config.switch("code.skip_hidden"),
        },
        limits: Limits {
            max_bytes: usize::try_from(config.integer("code.max_parse_bytes"))
                .unwrap_or(usize::MAX),
            ..Limits::default()
        },
        max_file_bytes: config.integer("code.max_file_bytes"),
        command: typed(args),
    };
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let progress = Progress::new();
    let (answer, notes) = search(
        &workspace.root,
        &request,
        args.fit.format(),
        &counter,
        budget,
        Some(&|done, total| progress.show(done, total)),
    );
    progress.clear();
    notes.iter().for_each(|note| output::warning(note));
    let answer = answer.map_err(|too_small| too_small_error(too_small, &request.command))?;
    Ok(Answer {
        text: answer.text,
        status: u8::from(answer.files == 0),
    })
}

fn query(args: &Args) -> Result<String, Error> {
    let text = match args.query_file.as_deref() {
        None => args.words.join(" "),
        Some(file) => content(file).map_err(|error| {
            Error::bad_request(format!("`{}` cannot be read", file.display())).because(error)
        })?,
    };
    if text.trim().is_empty() {
        return Err(Error::bad_request("there is nothing to search for")
            .hint("`ctx search WORDS` or `ctx search --query-file FILE`"));
    }
    Ok(text)
}

fn content(file: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(file)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The command as it was typed, without its budget.
fn typed(args: &Args) -> String {
    let mut typed = String::from("ctx search");
    match &args.query_file {
        Some(file) => {
            typed.push_str(" --query-file ");
            typed.push_str(&shell::quoted(&file.to_string_lossy()));
        }
        None => {
            typed.push(' ');
            typed.push_str(&shell::quoted(&args.words.join(" ")));
        }
    }
    typed.push_str(&args.fit.typed());
    typed
}
