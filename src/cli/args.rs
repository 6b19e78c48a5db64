//! Arguments that several commands share.

use crate::code::files::WalkOptions;
use crate::code::index::TreeOptions;
use crate::code::outline::Tests;
use crate::code::scope::Scope;
use crate::code::syntax::{Limits, language};
use crate::error::Error;
use crate::nearest::nearest;
use crate::shell;
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, TooSmall, View, pack, render};
use crate::workspace::Workspace;
use clap::{Args, ValueEnum};
use std::fmt::Write as _;

/// How an answer is fitted: budget, counter, format.
#[derive(Args, Clone, Debug)]
pub struct Fit {
    /// Most tokens that the answer may cost (4000, 4k)
    #[arg(short, long, value_name = "TOKENS", value_parser = tokens)]
    pub budget: Option<Tokens>,
    /// Model or encoding that tokens are counted for
    #[arg(short, long, value_name = "NAME")]
    pub model: Option<String>,
    /// Answer in JSON, within the same budget
    #[arg(long)]
    pub json: bool,
}

impl Fit {
    /// The budget asked for, or the one in the settings.
    pub fn budget(&self, workspace: &Workspace) -> Tokens {
        self.budget.unwrap_or_else(|| workspace.config.budget())
    }

    /// The counter asked for, or the one in the settings.
    pub fn counter(&self, workspace: &Workspace) -> Result<Counter, Error> {
        match &self.model {
            Some(model) => Counter::for_model(model).map_err(|error| {
                Error::bad_request(error.to_string())
                    .hint("`ctx tokens --models` lists what can be counted for")
            }),
            None => workspace.config.counter(),
        }
    }

    /// The format asked for.
    pub fn format(&self) -> Format {
        if self.json {
            Format::Json
        } else {
            Format::Text
        }
    }

    /// Packs and writes `view`.
    pub fn show(&self, view: &View, counter: &Counter, budget: Tokens) -> Result<String, Error> {
        let format = self.format();
        match pack(view, format, counter, budget) {
            Ok(packing) => Ok(render(view, &packing, format)),
            Err(too_small) => Err(too_small_error(too_small, &view.command)),
        }
    }

    /// The options that change what is shown, as they would be typed.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        if let Some(model) = &self.model {
            typed.push_str(" --model ");
            typed.push_str(&crate::shell::quoted(model));
        }
        if self.json {
            typed.push_str(" --json");
        }
        typed
    }
}

/// Which tests are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestsArg {
    Also,
    No,
    Only,
}

impl TestsArg {
    /// The option as it would be typed, with a space before it.
    pub fn typed(self) -> &'static str {
        match self {
            TestsArg::Also => "",
            TestsArg::No => " --tests no",
            TestsArg::Only => " --tests only",
        }
    }
}

impl From<TestsArg> for Tests {
    fn from(which: TestsArg) -> Tests {
        match which {
            TestsArg::Also => Tests::Also,
            TestsArg::No => Tests::No,
            TestsArg::Only => Tests::Only,
        }
    }
}

/// The part of the tree that a command looks at.
#[derive(Args, Clone, Debug)]
pub struct Part {
    /// Only files that GLOB names: a file, a folder, `src/**/*.rs`, `*.py`
    #[arg(long, value_name = "GLOB")]
    pub path: Vec<String>,
    /// Only files of these languages
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    pub lang: Vec<String>,
    /// Tests too, no tests, or tests only
    #[arg(long, value_enum, value_name = "WHICH", default_value = "also")]
    pub tests: TestsArg,
}

impl Part {
    /// The part asked for.
    pub fn scope(&self) -> Result<Scope, Error> {
        let languages = self.lang.iter().map(|name| language_name(name));
        let languages = languages.collect::<Result<_, _>>()?;
        Scope::new(&self.path, languages, self.tests.into()).map_err(|error| {
            Error::bad_request("`--path` is no glob")
                .because(error)
                .hint("`--path 'src/**/*.rs'`; quote it, so that the shell leaves it alone")
        })
    }

    /// The options as they would be typed.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        for path in &self.path {
            let _ = write!(typed, " --path {}", shell::quoted(path));
        }
        if !self.lang.is_empty() {
            let _ = write!(typed, " --lang {}", shell::quoted(&self.lang.join(",")));
        }
        typed.push_str(self.tests.typed());
        typed
    }
}

/// What a walk leaves out, as the settings say.
pub fn walk_options(workspace: &Workspace) -> WalkOptions {
    WalkOptions {
        respect_ignores: workspace.config.switch("code.respect_ignores"),
        skip_hidden: workspace.config.switch("code.skip_hidden"),
    }
}

/// Bounds on a parse, as the settings say.
pub fn limits(workspace: &Workspace) -> Limits {
    let max_bytes = workspace.config.integer("code.max_parse_bytes");
    Limits {
        max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        ..Limits::default()
    }
}

/// How the tree of the workspace is read, as the settings say.
pub fn tree_options<'a>(
    workspace: &Workspace,
    progress: &'a (dyn Fn(usize, usize) + Sync),
) -> TreeOptions<'a> {
    TreeOptions {
        walk: walk_options(workspace),
        limits: limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
        progress: Some(progress),
    }
}

/// The language that was named.
pub fn language_name(name: &str) -> Result<&'static str, Error> {
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

/// The error for a budget below the smallest answer of `command`.
pub fn too_small_error(too_small: TooSmall, command: &str) -> Error {
    Error::bad_request(too_small.to_string())
        .hint(format!("`{command} --budget {}`", too_small.minimum))
}

/// Reads a number of tokens: `4000`, `4_000`, `4k`, `1.5M`.
pub fn tokens(text: &str) -> Result<Tokens, String> {
    let plain = text.replace(['_', ','], "");
    let (digits, unit) = match plain.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&plain[..at], 1_000),
        Some((at, 'm' | 'M')) => (&plain[..at], 1_000_000),
        _ => (plain.as_str(), 1),
    };
    let wrong = || format!("`{text}` is no number of tokens; 4000, 4k and 1.5M are");
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty()
        || !is_digits(whole)
        || !is_digits(fraction)
        || (unit == 1 && !fraction.is_empty())
    {
        return Err(wrong());
    }
    let mut count: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().map_err(|_| wrong())?
    };
    count = count.checked_mul(unit).ok_or_else(wrong)?;
    let mut place = unit;
    for digit in fraction.bytes() {
        place /= 10;
        count += u64::from(digit - b'0') * place;
    }
    Ok(Tokens(count))
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn budgets_are_read_as_people_write_them() {
        let cases = [
            ("4000", 4000),
            ("4_000", 4000),
            ("4k", 4000),
            ("1.5M", 1_500_000),
            ("0", 0),
            ("0.25k", 250),
        ];
        for (typed, count) in cases {
            assert_eq!(tokens(typed).unwrap().0, count, "{typed}");
        }
        for typed in [
            "",
            "k",
            "-1",
            "1.5",
            "4kk",
            "four",
            "99999999999999999999",
            "99999999999999999M",
        ] {
            assert!(tokens(typed).is_err(), "{typed}");
        }
    }
}
