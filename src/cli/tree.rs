//! What commands share that look at the whole tree: the settings of the walk and the parse, and
//! the options that narrow it.

use crate::code::files::WalkOptions;
use crate::code::graph::{Graph, TreeOptions, read_tree};
use crate::code::outline::Tests;
use crate::code::symbol::Filter;
use crate::code::syntax::{Limits, language};
use crate::error::Error;
use crate::nearest::nearest;
use crate::shell;
use crate::workspace::Workspace;
use clap::Args;
use globset::{Glob, GlobMatcher};
use std::fmt::Write as _;

/// Which files are looked at.
#[derive(Args, Clone, Debug)]
pub struct Narrow {
    /// Only files whose path matches GLOB, or that lie in that folder
    #[arg(long, value_name = "GLOB")]
    pub path: Vec<String>,
    /// Only files of these languages
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    pub lang: Vec<String>,
}

impl Narrow {
    /// The filter for symbols.
    pub fn filter(&self, tests: Tests) -> Result<Filter, Error> {
        let mut paths = Vec::new();
        for glob in &self.path {
            paths.extend(globs(glob)?);
        }
        Ok(Filter {
            paths,
            languages: self
                .lang
                .iter()
                .map(|name| language_name(name))
                .collect::<Result<_, _>>()?,
            tests,
        })
    }

    /// The options as they would be typed.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        for glob in &self.path {
            let _ = write!(typed, " --path {}", shell::quoted(glob));
        }
        if !self.lang.is_empty() {
            let _ = write!(typed, " --lang {}", self.lang.join(","));
        }
        typed
    }
}

/// A pattern, and the same for all that lies below what it matches.
fn globs(typed: &str) -> Result<[GlobMatcher; 2], Error> {
    let plain = typed.trim_start_matches("./").trim_end_matches('/');
    let compile = |glob: &str| {
        Glob::new(glob)
            .map(|glob| glob.compile_matcher())
            .map_err(|error| {
                Error::bad_request(format!("`--path {typed}` is no pattern of paths"))
                    .because(error)
            })
    };
    Ok([compile(plain)?, compile(&format!("{plain}/**"))?])
}

fn language_name(name: &str) -> Result<&'static str, Error> {
    language::by_name(name)
        .map(|language| language.name)
        .ok_or_else(|| {
            let error = Error::bad_request(format!("unknown language `{name}`"));
            match nearest(name, language::all().iter().map(|language| language.name)) {
                Some(near) => error.hint(format!("`--lang {near}`; `ctx languages` lists all")),
                None => error.hint("`ctx languages` lists all"),
            }
        })
}

/// The graph of the workspace.
pub fn graph(workspace: &Workspace) -> (Graph, Vec<(String, String)>) {
    let config = &workspace.config;
    let options = TreeOptions {
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
    };
    let tree = read_tree(&workspace.root, options);
    (Graph::new(tree.sources), tree.problems)
}
