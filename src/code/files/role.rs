//! What a file is for, judged by its path: product code, tests, documentation, or something
//! nobody wrote by hand. Ranks files apart so that a view spends its budget on the first.

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The product itself.
    Source,
    /// Examples, benchmarks, demos.
    Example,
    /// Prose for people.
    Docs,
    /// Settings and data.
    Config,
    /// Tests and their fixtures.
    Test,
    /// Other people's code kept in the tree.
    Vendored,
    /// Written by a program.
    Generated,
}

impl Role {
    /// The word for this role in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Role::Source => "source",
            Role::Example => "example",
            Role::Docs => "docs",
            Role::Config => "config",
            Role::Test => "test",
            Role::Vendored => "vendored",
            Role::Generated => "generated",
        }
    }

    /// How much a reader of the project cares, against 1.0 for its source.
    pub fn weight(self) -> f32 {
        match self {
            Role::Source => 1.0,
            Role::Example => 0.4,
            Role::Docs => 0.35,
            Role::Config => 0.3,
            Role::Test => 0.25,
            Role::Vendored => 0.1,
            Role::Generated => 0.08,
        }
    }

    /// The role of the file at `path`, given relative to the workspace with `/` separators.
    pub fn of(path: &str) -> Role {
        let lower = path.to_ascii_lowercase();
        let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
        let in_folder = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
        // Deeper down, `deps` is as often a module of the project's own.
        if in_folder(VENDOR_FOLDERS) || folders.split('/').next() == Some("deps") {
            return Role::Vendored;
        }
        if is_generated(name) || in_folder(&["generated", "__generated__", "gen-src"]) {
            return Role::Generated;
        }
        if in_folder(TEST_FOLDERS) || is_test(path.rsplit('/').next().unwrap_or(path), name) {
            return Role::Test;
        }
        if in_folder(&[
            "examples",
            "example",
            "benches",
            "bench",
            "benchmarks",
            "benchmark",
            "demo",
            "demos",
            "samples",
        ]) {
            return Role::Example;
        }
        by_extension(name)
    }
}

const VENDOR_FOLDERS: &[&str] = &[
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "node_modules",
    "external",
    "extern",
    "bower_components",
    "site-packages",
];

const TEST_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "spec",
    "specs",
    "__tests__",
    "testdata",
    "test-data",
    "test_data",
    "fixtures",
    "__fixtures__",
    "__snapshots__",
    "e2e",
    "testutil",
    "testutils",
    "androidtest",
    "mocks",
    "__mocks__",
];

fn is_generated(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "cargo.lock",
        "poetry.lock",
        "uv.lock",
        "gemfile.lock",
        "composer.lock",
        "go.sum",
        "flake.lock",
        "mix.lock",
        "pubspec.lock",
    ];
    const ENDINGS: &[&str] = &[
        ".pb.go",
        ".pb.cc",
        ".pb.h",
        "_pb2.py",
        "_pb2_grpc.py",
        ".min.js",
        ".min.css",
        ".map",
        ".g.dart",
        ".freezed.dart",
        ".designer.cs",
        ".generated.go",
        ".snap",
        ".tsbuildinfo",
    ];
    NAMES.contains(&name)
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name.contains(".generated.")
        || name.starts_with("zz_generated")
}

/// `raw` keeps its capitals: `FooTest.java` is a test, `latest.java` is not.
fn is_test(raw: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let raw_stem = raw.split('.').next().unwrap_or(raw);
    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || stem.ends_with("_spec")
        || stem == "conftest"
        || stem == "test"
        || stem == "tests"
        || name.contains(".test.")
        || name.contains(".spec.")
        || ["Test", "Tests", "TestCase", "Spec", "IT"]
            .iter()
            .any(|end| {
                raw_stem
                    .strip_suffix(end)
                    .is_some_and(|rest| rest.ends_with(char::is_lowercase))
            })
}

fn by_extension(name: &str) -> Role {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "md" | "markdown" | "rst" | "txt" | "adoc" | "org" | "tex" | "html" | "htm" => Role::Docs,
        "json" | "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf" | "xml" | "lock" | "csv"
        | "svg" | "properties" | "env" | "editorconfig" | "plist" => Role::Config,
        "" if name.starts_with("license")
            || name.starts_with("copying")
            || name.starts_with("notice") =>
        {
            Role::Docs
        }
        _ => Role::Source,
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn roles_follow_the_habits_of_each_ecosystem() {
        let cases = [
            ("src/lib.rs", Role::Source),
            ("src/latest.java", Role::Source),
            ("src/contest.py", Role::Source),
            ("src/FooTest.java", Role::Test),
            ("pkg/store_test.go", Role::Test),
            ("app/test_views.py", Role::Test),
            ("src/app.spec.ts", Role::Test),
            ("spec/models/user_spec.rb", Role::Test),
            ("vendor/github.com/x/y.go", Role::Vendored),
            ("deps/lua/src/lapi.c", Role::Vendored),
            ("src/deps/resolve.ts", Role::Source),
            ("api/types.pb.go", Role::Generated),
            ("package-lock.json", Role::Generated),
            ("examples/hello.rs", Role::Example),
            ("README.md", Role::Docs),
            ("LICENSE-MIT", Role::Docs),
            ("Cargo.toml", Role::Config),
            ("Makefile", Role::Source),
        ];
        for (path, role) in cases {
            assert_eq!(Role::of(path), role, "{path}");
        }
    }
}
