//! Arguments that choose among files: by path, by language, by being a test.

use crate::code::files::WalkOptions;
use crate::code::outline::Tests;
use crate::code::syntax::{Limits, language};
use crate::error::Error;
use crate::nearest::nearest;
use crate::shell;
use crate::workspace::Workspace;
use clap::ValueEnum;
use globset::{GlobBuilder, GlobMatcher};

/// Which files are looked at.
#[derive(clap::Args, Clone, Debug)]
pub struct Select {
    /// Only files whose path matches (`src/**/*.rs`)
    #[arg(long, value_name = "GLOB")]
    path: Option<String>,
    /// Only files of these languages
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    lang: Vec<String>,
    /// Tests too, no tests, or tests only
    #[arg(long, value_enum, value_name = "WHICH", default_value = "also")]
    tests: TestsArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TestsArg {
    Also,
    No,
    Only,
}

impl Select {
    /// The pattern for paths, if one was typed.
    pub fn glob(&self) -> Result<Option<GlobMatcher>, Error> {
        let Some(pattern) = &self.path else {
            return Ok(None);
        };
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        match glob {
            Ok(glob) => Ok(Some(glob.compile_matcher())),
            Err(error) => Err(Error::bad_request(format!("`--path {pattern}` is no glob"))
                .because(error)
                .hint("`--path 'src/**/*.rs'`")),
        }
    }

    /// The names of the languages that were typed.
    pub fn languages(&self) -> Result<Vec<&'static str>, Error> {
        self.lang.iter().map(|name| language_name(name)).collect()
    }

    /// Which tests.
    pub fn tests(&self) -> Tests {
        match self.tests {
            TestsArg::Also => Tests::Also,
            TestsArg::No => Tests::No,
            TestsArg::Only => Tests::Only,
        }
    }

    /// The options as they would be typed.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        if let Some(pattern) = &self.path {
            typed.push_str(&format!(" --path {}", shell::quoted(pattern)));
        }
        if !self.lang.is_empty() {
            typed.push_str(&format!(" --lang {}", self.lang.join(",")));
        }
        match self.tests {
            TestsArg::Also => {}
            TestsArg::No => typed.push_str(" --tests no"),
            TestsArg::Only => typed.push_str(" --tests only"),
        }
        typed
    }
}

fn language_name(name: &str) -> Result<&'static str, Error> {
    if let Some(language) = language::by_name(name) {
        return Ok(language.name);
    }
    let error = Error::bad_request(format!("unknown language `{name}`"));
    Err(
        match nearest(name, language::all().iter().map(|language| language.name)) {
            Some(near) => error.hint(format!("`--lang {near}`; `ctx languages` lists all")),
            None => error.hint("`ctx languages` lists all"),
        },
    )
}

/// What walks leave out, as the settings say.
pub fn walk(workspace: &Workspace) -> WalkOptions {
    WalkOptions {
        respect_ignores: workspace.config.switch("code.respect_ignores"),
        skip_hidden: workspace.config.switch("code.skip_hidden"),
    }
}

/// Bounds of a parse, as the settings say.
pub fn limits(workspace: &Workspace) -> Limits {
    let most = workspace.config.integer("code.max_parse_bytes");
    Limits {
        max_bytes: usize::try_from(most).unwrap_or(usize::MAX),
        ..Limits::default()
    }
}
