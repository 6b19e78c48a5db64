//! `ctx outline`

use super::Answer;
use super::args::{Fit, TestsArg, language_name};
use crate::code::files::WalkOptions;
use crate::code::outline::{self, OutlineRequest};
use crate::code::syntax::{Limits, SymbolKind, language};
use crate::error::Error;
use crate::nearest::nearest;
use crate::shell;
use crate::view::{Level, View};
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;

/// Files and their symbols, with lines and costs
///
/// Each line gives the lines of a symbol, its signature and, after `+`, the tokens that reading
/// it would cost: `ctx read PATH:START-END`.
#[derive(clap::Args)]
pub struct Args {
    /// Files, folders and globs; `-` for standard input with --lang; the whole workspace if none
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    fit: Fit,
    /// Show at most this much of each symbol
    #[arg(
        long,
        value_enum,
        value_name = "LEVEL",
        default_value = "doc",
        hide_default_value = false
    )]
    level: LevelArg,
    /// Nest symbols at most this deep
    #[arg(long, value_name = "N")]
    depth: Option<u16>,
    /// Only symbols of these kinds (function, class, ...)
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// Only what is visible from outside its module or file
    #[arg(long)]
    public: bool,
    /// Tests too, no tests, or tests only
    #[arg(long, value_enum, value_name = "WHICH", default_value = "also")]
    tests: TestsArg,
    /// Only files of these languages; the language of standard input
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    lang: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LevelArg {
    Name,
    Signature,
    Doc,
    Body,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let request = request(workspace, args)?;
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let reads_stdin = args.paths.iter().any(|path| path.as_os_str() == "-");
    let view = if reads_stdin {
        standard_input(&request, args, &counter)?
    } else {
        outline::outline(&workspace.root, &workspace.base, &request, &counter, budget)
    };
    let shows_only_notes = view.items.iter().all(|item| item.kind == "note");
    if shows_only_notes && view.unlisted.is_empty() {
        return Err(nothing(&view, args));
    }
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

fn standard_input(
    request: &OutlineRequest,
    args: &Args,
    counter: &crate::tokens::Counter,
) -> Result<View, Error> {
    let [name] = request.languages.as_slice() else {
        return Err(Error::bad_request("standard input needs its language")
            .hint("`ctx outline - --lang rust`; `ctx languages` lists them"));
    };
    if args.paths.len() > 1 {
        return Err(Error::bad_request(
            "`-` cannot be outlined together with other paths",
        ));
    }
    let language = language::by_name(name).expect("the request holds known names only");
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(request.max_file_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::failed("standard input cannot be read").because(error))?;
    if bytes.len() as u64 > request.max_file_bytes {
        return Err(Error::bad_request(format!(
            "standard input is larger than {} bytes (`code.max_file_bytes`)",
            request.max_file_bytes
        )));
    }
    let text = crate::code::files::decode(bytes);
    Ok(outline::outline_text(
        "<stdin>",
        language,
        &text.content,
        request,
        counter,
    ))
}

fn nothing(view: &View, args: &Args) -> Error {
    let problems: Vec<&str> = view
        .items
        .iter()
        .map(|item| view.text(item, Level::Name))
        .collect();
    let asked = args
        .paths
        .iter()
        .map(|path| format!("`{}`", path.display()));
    let asked = if args.paths.is_empty() {
        "this workspace".to_owned()
    } else {
        asked.collect::<Vec<_>>().join(", ")
    };
    let mut error = match problems.len() {
        0 => Error::nothing_found(format!("no files in {asked}"))
            .hint("ignored and hidden files are left out; `--config code.respect_ignores=false` shows them"),
        _ => Error::bad_request(format!("nothing to outline in {asked}")),
    };
    error.causes.extend(
        problems
            .iter()
            .take(10)
            .map(|text| text.trim_start_matches("note: ").to_owned()),
    );
    error
}

fn request(workspace: &Workspace, args: &Args) -> Result<OutlineRequest, Error> {
    let config = &workspace.config;
    Ok(OutlineRequest {
        paths: args.paths.clone(),
        level: match args.level {
            LevelArg::Name => Level::Name,
            LevelArg::Signature => Level::Signature,
            LevelArg::Doc => Level::Doc,
            LevelArg::Body => Level::Body,
        },
        depth: args.depth,
        kinds: args
            .kind
            .iter()
            .map(|word| kind(word))
            .collect::<Result<_, _>>()?,
        public_only: args.public,
        tests: args.tests.into(),
        languages: args
            .lang
            .iter()
            .map(|name| language_name(name))
            .collect::<Result<_, _>>()?,
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
        command: typed(workspace, args),
    })
}

fn kind(word: &str) -> Result<SymbolKind, Error> {
    SymbolKind::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = SymbolKind::ALL.iter().map(|kind| kind.word()).collect();
        let error = Error::bad_request(format!(
            "unknown kind of symbol `{word}`; known: {}",
            words.join(", ")
        ));
        match nearest(word, words) {
            Some(near) => error.hint(format!("`--kind {near}`")),
            None => error,
        }
    })
}

/// The command as it was typed, without its budget.
fn typed(workspace: &Workspace, args: &Args) -> String {
    let mut typed = format!("{} outline", workspace.program);
    for path in &args.paths {
        let _ = write!(typed, " {}", shell::path(&path.to_string_lossy()));
    }
    match args.level {
        LevelArg::Name => typed.push_str(" --level name"),
        LevelArg::Signature => typed.push_str(" --level signature"),
        LevelArg::Doc => {}
        LevelArg::Body => typed.push_str(" --level body"),
    }
    if let Some(depth) = args.depth {
        let _ = write!(typed, " --depth {depth}");
    }
    if !args.kind.is_empty() {
        let _ = write!(typed, " --kind {}", args.kind.join(","));
    }
    if args.public {
        typed.push_str(" --public");
    }
    typed.push_str(args.tests.typed());
    if !args.lang.is_empty() {
        let _ = write!(typed, " --lang {}", args.lang.join(","));
    }
    typed.push_str(&args.fit.typed());
    typed
}
