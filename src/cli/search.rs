//! `ctx search`

use super::Answer;
use super::args::{Fit, Part, limits, too_small_error, walk_options};
use super::output;
use super::progress::Progress;
use crate::code::matches::{self, MatchRequest, Pattern, Searched};
use crate::code::search::{SearchRequest, search};
use crate::error::Error;
use crate::shell;
use crate::view::grouped;
use crate::workspace::Workspace;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Ranked places for an issue's text, an error, some words or an identifier
///
/// Shows the text of the best places, then lines of names, then paths. With --literal or
/// --regex: every line that matches, counted exactly, the most telling first.
#[derive(clap::Args)]
pub struct Args {
    /// What to search for; `-` for standard input
    #[arg(value_name = "QUERY", conflicts_with = "query_file")]
    words: Vec<String>,
    /// Read the query from FILE; `-` for standard input
    #[arg(long, value_name = "FILE")]
    query_file: Option<PathBuf>,
    /// Lines that hold exactly TEXT
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["words", "query_file", "regex"])]
    literal: Option<String>,
    /// Lines that match the expression RE
    #[arg(long, value_name = "RE", conflicts_with_all = ["words", "query_file"])]
    regex: Option<String>,
    #[command(flatten)]
    part: Part,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    match pattern(args)? {
        Some(pattern) => exact(workspace, args, pattern),
        None => ranked(workspace, args),
    }
}

fn ranked(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let request = SearchRequest {
        query: query(args)?,
        scope: args.part.scope()?,
        walk: walk_options(workspace),
        limits: limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        command: typed(workspace, args),
    };
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let format = args.fit.format();
    let progress = Progress::new();
    let show = |done, total| progress.show(done, total);
    let root = &workspace.root;
    let (answer, notes) = search(root, &request, format, &counter, budget, Some(&show));
    progress.clear();
    notes.iter().for_each(|note| output::warning(note));
    let answer = answer.map_err(|too_small| too_small_error(too_small, &request.command))?;
    if answer.files == 0 {
        return Err(Error::nothing_found(format!(
            "nothing matches in {} files",
            grouped(answer.searched as u64)
        ))
        .hint("other words, an identifier or a path; `ctx outline` shows what there is"));
    }
    Ok(Answer::shown(answer.text))
}

fn exact(workspace: &Workspace, args: &Args, pattern: Pattern) -> Result<Answer, Error> {
    let request = MatchRequest {
        pattern,
        scope: args.part.scope()?,
        walk: walk_options(workspace),
        limits: limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        command: typed(workspace, args),
    };
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let (view, searched) = matches::matches(&workspace.root, &request, &counter, budget);
    if searched.lines + searched.binary == 0 {
        return Err(no_match(workspace, &request, searched));
    }
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

/// What was searched, and what may have been meant.
fn no_match(workspace: &Workspace, request: &MatchRequest, searched: Searched) -> Error {
    let text = request.pattern.text();
    let mut error = Error::nothing_found(format!(
        "no line matches `{text}` in {} files, {} bytes",
        grouped(searched.files as u64),
        grouped(searched.bytes),
    ));
    let Pattern::Literal(text) = &request.pattern else {
        return error.hint("`--literal` takes the text as it is");
    };
    let any_case = MatchRequest {
        pattern: any_case(text),
        ..request.clone()
    };
    let counter = crate::tokens::Counter::default();
    let (_, found) = matches::matches(
        &workspace.root,
        &any_case,
        &counter,
        crate::tokens::Tokens(0),
    );
    if found.lines > 0 {
        error = error.hint(format!(
            "{} lines match in another case: `{} search --regex {}`",
            grouped(found.lines as u64),
            workspace.program,
            shell::quoted(any_case.pattern.text())
        ));
    } else {
        let near = matches::near_names(&workspace.root, request, text);
        if !near.is_empty() {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            error = error.hint(format!("names near it: {}", near.join(", ")));
        }
    }
    error.hint(
        "ignored and hidden files are left out; `--config code.respect_ignores=false` searches them",
    )
}

fn any_case(text: &str) -> Pattern {
    Pattern::regex(&format!("(?i){}", regex::escape(text)))
        .unwrap_or_else(|_| Pattern::Literal(text.to_owned()))
}

fn pattern(args: &Args) -> Result<Option<Pattern>, Error> {
    let pattern = match (&args.literal, &args.regex) {
        (Some(text), _) => Pattern::Literal(text.clone()),
        (_, Some(text)) => Pattern::regex(text).map_err(|error| {
            Error::bad_request(format!("`{text}` is no regular expression"))
                .because(error)
                .hint(format!("`ctx search --literal {}`", shell::quoted(text)))
        })?,
        _ => return Ok(None),
    };
    if pattern.text().is_empty() {
        return Err(nothing_to_search());
    }
    Ok(Some(pattern))
}

fn nothing_to_search() -> Error {
    Error::bad_request("there is nothing to search for")
        .hint("`ctx search WORDS` or `ctx search --query-file FILE`")
}

fn query(args: &Args) -> Result<String, Error> {
    let is_stdin = args.words.len() == 1 && args.words[0] == "-";
    let file = args.query_file.as_deref();
    let file = file.or(is_stdin.then_some(Path::new("-")));
    let text = match file {
        None => args.words.join(" "),
        Some(file) => content(file).map_err(|error| {
            Error::bad_request(format!("`{}` cannot be read", file.display())).because(error)
        })?,
    };
    if text.trim().is_empty() {
        return Err(nothing_to_search());
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
fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} search", workspace.program);
    let mut option = |name: &str, value: &str| {
        typed.push_str(name);
        typed.push_str(&shell::quoted(value));
    };
    match (&args.query_file, &args.literal, &args.regex) {
        (Some(file), ..) => option(" --query-file ", &file.to_string_lossy()),
        (_, Some(text), _) => option(" --literal ", text),
        (.., Some(text)) => option(" --regex ", text),
        _ => option(" ", &args.words.join(" ")),
    }
    typed.push_str(&args.part.typed());
    typed.push_str(&args.fit.typed());
    typed
}
