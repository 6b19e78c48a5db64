//! What a command line is for: only what a command does is a fact, not what it prints of
//! something that was there before.

use super::shell::{Simple, parse};

/// What a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// It shows what is there: files, history, logs.
    Look,
    /// Anything else.
    Other,
    /// It checks or builds.
    Check,
    /// It runs tests.
    Test,
}

/// Programs that only show.
const LOOKS: &[&str] = &[
    "cat",
    "head",
    "tail",
    "less",
    "more",
    "bat",
    "sed",
    "awk",
    "gawk",
    "grep",
    "egrep",
    "fgrep",
    "rg",
    "ag",
    "ack",
    "ls",
    "ll",
    "tree",
    "find",
    "fd",
    "wc",
    "echo",
    "printf",
    "jq",
    "yq",
    "pwd",
    "which",
    "whereis",
    "type",
    "file",
    "stat",
    "du",
    "df",
    "env",
    "printenv",
    "date",
    "diff",
    "cmp",
    "sort",
    "uniq",
    "cut",
    "tr",
    "column",
    "xxd",
    "od",
    "hexdump",
    "strings",
    "nl",
    "tac",
    "history",
    "man",
    "whoami",
    "id",
    "uname",
    "hostname",
    "ps",
    "pgrep",
    "top",
    "free",
    "uptime",
    "lsof",
    "ss",
    "netstat",
    "test",
    "[",
    "[[",
    "true",
    "false",
    ":",
    "sleep",
    "cd",
    "pushd",
    "popd",
    "export",
    "set",
    "unset",
    "source",
    ".",
    "journalctl",
    "dmesg",
    "readlink",
    "realpath",
    "basename",
    "dirname",
    "md5sum",
    "sha256sum",
    "wait",
    "clear",
    "seq",
    "xargs",
    "for",
    "case",
    "done",
    "fi",
    "esac",
    "in",
];

/// Words after which a program only shows.
const LOOK_WORDS: &[(&str, &[&str])] = &[
    (
        "git",
        &[
            "log",
            "show",
            "diff",
            "status",
            "blame",
            "branch",
            "remote",
            "rev-parse",
            "ls-files",
            "grep",
            "describe",
            "shortlog",
            "reflog",
            "cat-file",
            "rev-list",
            "config",
            "tag",
        ],
    ),
    ("gh", &["view", "list", "status", "diff", "checks"]),
    ("docker", &["logs", "ps", "images", "inspect"]),
    ("podman", &["logs", "ps", "images", "inspect"]),
    ("kubectl", &["get", "logs", "describe"]),
    (
        "ctx",
        &[
            "outline", "read", "search", "map", "symbol", "diff", "summary", "budget", "output",
            "status", "tokens", "digest",
        ],
    ),
    ("cargo", &["tree", "metadata", "search"]),
    ("npm", &["ls", "list", "view", "outdated"]),
    ("pip", &["list", "show", "freeze"]),
];

/// Programs that run tests, whatever follows.
const TESTS: &[&str] = &[
    "pytest",
    "py.test",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "tap",
    "rspec",
    "phpunit",
    "pest",
    "ctest",
    "tox",
    "nox",
    "nosetests",
    "prove",
    "busted",
    "bats",
    "karma",
    "cypress",
    "minitest",
    "unittest",
    "trial",
    "behave",
    "cucumber",
    "robot",
];

/// Programs that run the program their words name.
const RUNNERS: &[&str] = &[
    "npx", "bunx", "pnpx", "uv", "poetry", "pipenv", "pdm", "hatch", "rye", "bundle", "dotenv",
    "python", "python3", "node", "ruby", "perl", "php", "deno", "conda", "pixi", "coverage", "rtk",
    "direnv", "nix", "xvfb-run",
];

/// Programs that build or check.
const CHECKS: &[&str] = &[
    "make",
    "gmake",
    "ninja",
    "cmake",
    "meson",
    "cargo",
    "rustc",
    "go",
    "gcc",
    "g++",
    "cc",
    "c++",
    "clang",
    "clang++",
    "tsc",
    "eslint",
    "prettier",
    "biome",
    "oxlint",
    "ruff",
    "mypy",
    "pyright",
    "flake8",
    "pylint",
    "black",
    "isort",
    "javac",
    "mvn",
    "mvnw",
    "gradle",
    "gradlew",
    "sbt",
    "ant",
    "bazel",
    "buck2",
    "npm",
    "yarn",
    "pnpm",
    "bun",
    "dotnet",
    "msbuild",
    "swift",
    "xcodebuild",
    "mix",
    "rebar3",
    "stack",
    "cabal",
    "ghc",
    "dune",
    "opam",
    "zig",
    "composer",
    "phpstan",
    "psalm",
    "rubocop",
    "rake",
    "bundle",
    "golangci-lint",
    "staticcheck",
    "shellcheck",
    "hadolint",
    "tflint",
    "terraform",
    "tofu",
    "pre-commit",
    "vite",
    "webpack",
    "rollup",
    "esbuild",
    "next",
    "astro",
    "flutter",
    "dart",
    "elm",
    "nimble",
    "crystal",
    "just",
    "task",
    "nox",
    "docker",
    "helm",
    "kubectl",
    "pip",
    "pip3",
    "uv",
    "poetry",
];

/// What `line` is for: the most telling of the programs that start a pipe.
pub fn of(line: &str) -> Sort {
    let simple = parse(line);
    let first = simple.iter().filter(|simple| !simple.is_piped);
    first.map(of_simple).max().unwrap_or(Sort::Look)
}

/// What one program is for.
pub fn of_simple(simple: &Simple) -> Sort {
    let program = simple.program();
    let is_in_place = matches!(program, "sed" | "awk" | "gawk" | "perl")
        && simple
            .run()
            .iter()
            .any(|word| word.starts_with("-i") || word == "--in-place");
    if is_in_place {
        return Sort::Other;
    }
    let is_written = simple.outputs.iter().any(|path| path != "/dev/null");
    if LOOKS.contains(&program) {
        return if is_written { Sort::Other } else { Sort::Look };
    }
    if is_test(simple) {
        return Sort::Test;
    }
    let looks = LOOK_WORDS.iter().find(|(name, _)| *name == program);
    if let Some((_, words)) = looks
        && simple.operands().take(2).any(|word| words.contains(&word))
    {
        return Sort::Look;
    }
    if CHECKS.contains(&program) {
        Sort::Check
    } else {
        Sort::Other
    }
}

fn is_test(simple: &Simple) -> bool {
    let program = simple.program();
    if TESTS.contains(&program) {
        return true;
    }
    let mut operands = simple.operands();
    if RUNNERS.contains(&program) {
        let words = simple.run();
        let is_flag = |word: &String| matches!(word.as_str(), "--test" | "--tests");
        return words.iter().skip(1).any(is_flag)
            || words.iter().skip(1).take(4).any(|word| {
                let name = word.rsplit('/').next().unwrap_or(word);
                TESTS.contains(&name) || (!word.starts_with('-') && is_test_name(name))
            });
    }
    let first = operands.next().unwrap_or("");
    match program {
        "cargo" => {
            let words: Vec<&str> = simple.operands().take(2).collect();
            words
                .iter()
                .any(|word| matches!(*word, "test" | "nextest" | "t" | "llvm-cov" | "tarpaulin"))
        }
        "npm" | "yarn" | "pnpm" | "bun" => {
            simple.operands().take(2).any(is_script) || TESTS.contains(&first)
        }
        "go" | "dotnet" | "mix" | "swift" | "sbt" | "bazel" | "buck2" | "zig" | "dart"
        | "flutter" | "deno" | "stack" | "cabal" | "dune" | "rake" | "ant" | "meson" | "forge"
        | "elm-test" | "lein" | "composer" | "just" | "task" | "hatch" => is_script(first),
        "make" | "gmake" | "ninja" | "mvn" | "mvnw" | "gradle" | "gradlew" => simple
            .operands()
            .any(|word| is_script(word.rsplit(':').next().unwrap_or(word)) || word == "verify"),
        "xcodebuild" => simple.operands().any(|word| word == "test"),
        _ => is_test_name(program),
    }
}

/// Whether a target or script of that name runs tests.
fn is_script(word: &str) -> bool {
    word == "t"
        || word == "check"
        || word == "spec"
        || word
            .split([':', '-', '_'])
            .any(|part| matches!(part, "test" | "tests" | "spec" | "e2e"))
}

/// Whether a script of that name runs tests: `run_tests.sh`, `test_parser.py`, `parser.test.js`.
fn is_test_name(name: &str) -> bool {
    let is_long = name.len() > 4;
    is_long
        && name
            .to_ascii_lowercase()
            .split(['.', '-', '_', ':'])
            .any(|part| {
                matches!(
                    part,
                    "test" | "tests" | "spec" | "specs" | "runtests" | "testsuite"
                )
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_is_for() {
        let cases = [
            ("cargo test --lib 2>&1 | tail -5", Sort::Test),
            ("cd app && npm run test:unit", Sort::Test),
            ("python -m pytest -q tests/test_a.py", Sort::Test),
            ("./scripts/run-tests.sh", Sort::Test),
            ("python3 test_calc.py", Sort::Test),
            ("uv run pytest", Sort::Test),
            ("node --test", Sort::Test),
            ("make check", Sort::Test),
            ("cargo build", Sort::Check),
            ("npx tsc --noEmit", Sort::Other),
            ("cat old-test.log", Sort::Look),
            ("grep -rn FAILED logs/", Sort::Look),
            ("git log --oneline | head", Sort::Look),
            ("git commit -m 'pytest'", Sort::Other),
            ("echo 'cargo test failed'", Sort::Look),
            ("gh run view 12 --log", Sort::Look),
            ("./deploy.sh", Sort::Other),
        ];
        for (line, sort) in cases {
            assert_eq!(of(line), sort, "{line}");
        }
    }
}
