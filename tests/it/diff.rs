//! `ctx diff`, on repositories made by `git` itself.

use crate::sandbox::{Ran, Sandbox, says};
use std::process::Command;

const SHOP: &str = r#"//- src/lib.rs
//! A shop.

/// What is sold.
pub struct Item {
    pub name: String,
}

impl Item {
    /// Its price.
    pub fn price(&self, count: u32) -> u32 {
        count * 2
    }

    fn secret(&self) -> u32 {
        1
    }
}

pub const TAX: u32 = 19;

pub fn open() -> bool {
    true
}
//- src/till.rs
use crate::Item;

pub fn sum(items: &[Item]) -> u32 {
    items.iter().map(|item| item.price(1)).sum()
}

pub fn receipt(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push_str("--");
    }
    text
}
//- tests/price.rs
#[test]
fn prices_are_even() {
    assert_eq!(item().price(2) % 2, 0);
}
//- Cargo.lock
version = 3
"#;

/// A repository with `files` committed on the branch `main`.
fn repository(files: &str) -> Sandbox {
    let sandbox = Sandbox::new(files);
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox, "first");
    sandbox
}

fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(["-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(sandbox.root())
        .env("HOME", sandbox.home())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(sandbox: &Sandbox, message: &str) {
    git(sandbox, &["add", "-A"]);
    git(sandbox, &["commit", "-q", "--allow-empty", "-m", message]);
}

fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(sandbox.path(path)).unwrap();
    assert!(text.contains(from), "`{from}` is not in {path}");
    sandbox.write(path, text.replace(from, to));
}

fn run(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let path = std::env::var_os("PATH").unwrap_or_default();
    sandbox.command(args).env("PATH", path).go()
}

fn diff(sandbox: &Sandbox, args: &[&str]) -> String {
    run(sandbox, &[&["diff"], args].concat()).shown()
}

#[test]
fn symbols_first_then_hunks() {
    let sandbox = repository(SHOP);
    edit(
        &sandbox,
        "src/lib.rs",
        "price(&self, count: u32)",
        "price(&self, count: u32, tax: u32)",
    );
    edit(&sandbox, "src/lib.rs", "        1\n", "        2\n");
    edit(&sandbox, "src/lib.rs", "TAX: u32 = 19", "TAX: u32 = 21");
    edit(
        &sandbox,
        "src/lib.rs",
        "/// What is sold.",
        "/// What a shop sells.",
    );
    edit(
        &sandbox,
        "src/lib.rs",
        "pub fn open() -> bool {\n    true\n}\n",
        "pub fn close() {}\n",
    );
    sandbox.write("src/new.rs", "pub fn fresh() {}\n");
    sandbox.write("Cargo.lock", "version = 4\n");
    let all = diff(&sandbox, &["--budget", "4000"]);
    says(
        &all,
        &[
            "work tree against HEAD ",
            "(main): 3 files, +",
            "doc pub struct Item",
            "signature pub fn price(&self, count: u32, tax: u32) -> u32 in Item",
            "was pub fn price(&self, count: u32) -> u32",
            "used 2 times in 2 files, 1 in tests (by name, its only definition): src/till.rs:4 sum, test tests/price.rs:3 prices_are_even",
            "body fn secret(&self) -> u32 in Item",
            "changed pub const TAX: u32 = 21",
            "was pub const TAX: u32 = 19",
            "removed pub fn open() -> bool (was 21-23)",
            "added pub fn close()",
            "src/new.rs (+1 -0) new, untracked",
            "Cargo.lock (+1 -1) [a lock file]",
            "\n-        1\n+        2\n",
            "all shown: 3 files",
        ],
    );
    // Sources before what a program wrote.
    assert!(all.find("src/new.rs").unwrap() < all.find("Cargo.lock").unwrap());
    let small = diff(&sandbox, &["--budget", "330"]);
    for name in ["Item", "price", "secret", "TAX", "open", "close", "fresh"] {
        assert!(small.contains(name), "{name} is not in:\n{small}");
    }
    says(&small, &["left out:", "ctx diff --budget"]);
}

#[test]
fn staged_revisions_ranges_and_merge_bases() {
    let sandbox = repository(SHOP);
    git(&sandbox, &["switch", "-q", "-c", "side"]);
    sandbox.write("src/side.rs", "pub fn side() {}\n");
    commit(&sandbox, "side");
    git(&sandbox, &["switch", "-q", "main"]);
    sandbox.write("src/main_only.rs", "pub fn main_only() {}\n");
    commit(&sandbox, "main");
    let range = diff(&sandbox, &["main..side"]);
    says(
        &range,
        &[
            "side ",
            "against main ",
            "added pub fn side()",
            "removed pub fn main_only()",
        ],
    );
    let base = diff(&sandbox, &["main...side"]);
    says(&base, &["its merge base with main", "added pub fn side()"]);
    assert!(!base.contains("main_only"), "{base}");
    assert_eq!(
        diff(&sandbox, &["main", "side"]),
        range.replace("main..side", "main side")
    );
    edit(&sandbox, "src/lib.rs", "    true\n", "    false\n");
    git(&sandbox, &["add", "-A"]);
    sandbox.write("src/later.rs", "pub fn later() {}\n");
    let staged = diff(&sandbox, &["--staged"]);
    says(
        &staged,
        &["staged against HEAD", "body pub fn open() -> bool"],
    );
    assert!(!staged.contains("later"), "{staged}");
    says(
        &diff(&sandbox, &["HEAD~1"]),
        &["work tree against HEAD~1", "main_only", "later", "open"],
    );
    says(
        &diff(&sandbox, &["HEAD", "src/lib.rs"]),
        &["1 file,", "open"],
    );
    git(&sandbox, &["checkout", "-q", "--detach"]);
    says(&diff(&sandbox, &[]), &["(detached)"]);
}

#[test]
fn what_moves_is_not_added_and_removed() {
    let sandbox = repository(SHOP);
    let till = std::fs::read_to_string(sandbox.path("src/till.rs")).unwrap();
    let at = till.find("pub fn receipt").unwrap();
    sandbox.write("src/till.rs", &till[..at]);
    sandbox.write("src/print.rs", &till[at..]);
    let shown = diff(&sandbox, &[]);
    says(
        &shown,
        &[
            "moved pub fn receipt(lines: &[String]) -> String (from src/till.rs:7-14)",
            "moved pub fn receipt(lines: &[String]) -> String (to src/print.rs:1-8)",
        ],
    );
    commit(&sandbox, "moved");
    std::fs::rename(sandbox.path("src/print.rs"), sandbox.path("src/paper.rs")).unwrap();
    says(
        &diff(&sandbox, &[]),
        &["src/paper.rs renamed from src/print.rs"],
    );
    git(&sandbox, &["add", "-A"]);
    says(
        &diff(&sandbox, &["--staged"]),
        &["src/paper.rs renamed from src/print.rs"],
    );
    edit(&sandbox, "src/paper.rs", "fn receipt", "fn bill");
    says(
        &diff(&sandbox, &[]),
        &["renamed pub fn bill(lines: &[String]) -> String (was receipt)"],
    );
}

#[test]
fn odd_files() {
    let sandbox = repository(SHOP);
    sandbox.write("a b.txt", "spaces\n");
    sandbox.write("new\nline.txt", "newline\n");
    sandbox.write("picture.png", b"\x89PNG\0\0");
    sandbox.write("latin.txt", b"caf\xe9\n");
    sandbox.write("made.rs", "// @generated by a tool\nfn made() {}\n");
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let name = std::ffi::OsStr::from_bytes(b"\xff.txt");
        sandbox.write(name, "no unicode\n");
        std::os::unix::fs::symlink("src/lib.rs", sandbox.path("link")).unwrap();
        let script = sandbox.path("src/till.rs");
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let shown = diff(&sandbox, &[]);
    says(
        &shown,
        &[
            "a b.txt (+1 -0) new, untracked",
            "new\\nline.txt",
            "picture.png new, untracked, binary, 6 bytes",
            "invalid UTF-8",
            "[generated, it says]",
        ],
    );
    #[cfg(target_os = "linux")]
    says(
        &shown,
        &[
            "mode 100644 -> 100755",
            "link to src/lib.rs",
            "\u{fffd}.txt",
        ],
    );
    let json: serde_json::Value = serde_json::from_str(&diff(&sandbox, &["--json"])).unwrap();
    assert_eq!(json["view"], "diff");
    says(&diff(&sandbox, &["--", "a b.txt"]), &["1 file,", "+spaces"]);
}

#[test]
fn conflicts_name_their_sides() {
    let sandbox = repository(SHOP);
    git(&sandbox, &["switch", "-q", "-c", "side"]);
    edit(&sandbox, "src/lib.rs", "    true\n", "    side()\n");
    commit(&sandbox, "side");
    git(&sandbox, &["switch", "-q", "main"]);
    edit(&sandbox, "src/lib.rs", "    true\n", "    ours()\n");
    commit(&sandbox, "ours");
    git(&sandbox, &["merge", "-q", "side"]);
    let shown = diff(&sandbox, &[]);
    says(
        &shown,
        &[
            "a merge is in progress (MERGE_HEAD",
            "src/lib.rs",
            "conflict: both modified",
            "conflict of HEAD and side",
            "+    side()",
        ],
    );
}

#[test]
fn submodules_are_told_by_their_commits() {
    let inner = repository("//- a.txt\none\n");
    let sandbox = repository(SHOP);
    git(
        &sandbox,
        &[
            "submodule",
            "add",
            "-q",
            inner.root().to_str().unwrap(),
            "inner",
        ],
    );
    let shown = diff(&sandbox, &["--staged"]);
    says(&shown, &["inner new, submodule at "]);
}

#[test]
fn without_commits_without_changes_without_git() {
    let sandbox = Sandbox::new("//- a.rs\nfn a() {}\n");
    let outside = run(&sandbox, &["diff"]);
    // The folder of temporary files may itself lie in a repository of whoever runs this.
    if outside.status == Some(2) {
        says(&outside.failed(2), &["is in no git repository", "git init"]);
    }
    git(&sandbox, &["init", "-q", "-b", "main"]);
    says(
        &diff(&sandbox, &[]),
        &["work tree; no commits yet: 1 file", "added fn a()"],
    );
    commit(&sandbox, "first");
    let same = run(&sandbox, &["diff"]).failed(1);
    says(
        &same,
        &[
            "no changes: work tree against HEAD",
            "ctx diff HEAD~1..HEAD",
        ],
    );
    says(
        &run(&sandbox, &["diff", "nonsense"]).failed(2),
        &["neither a revision nor a path"],
    );
    sandbox.write("main", "a file\n");
    says(
        &run(&sandbox, &["diff", "main"]).failed(2),
        &["both a revision and a path", "ctx diff -- main"],
    );
    says(
        &run(&sandbox, &["diff", "--staged", "HEAD..HEAD"]).failed(2),
        &["--staged"],
    );
}

#[test]
fn files_are_chosen_by_path_language_and_tests() {
    let sandbox = repository(SHOP);
    edit(&sandbox, "src/lib.rs", "    true\n", "    false\n");
    edit(&sandbox, "tests/price.rs", "price(2)", "price(4)");
    sandbox.write("notes.py", "def note():\n    pass\n");
    says(
        &diff(&sandbox, &["--tests", "only"]),
        &["1 file,", "prices_are_even"],
    );
    let without = diff(&sandbox, &["--tests", "no"]);
    assert!(!without.contains("prices_are_even"), "{without}");
    says(
        &diff(&sandbox, &["--lang", "python"]),
        &["1 file,", "def note()"],
    );
    says(&diff(&sandbox, &["--path", "src/**"]), &["1 file,", "open"]);
}

#[test]
fn every_budget_holds_and_nests() {
    let sandbox = repository(SHOP);
    for idx in 0..12 {
        let body: String = (0..idx * 3)
            .map(|line| format!("    let a{line} = {line};\n"))
            .collect();
        sandbox.write(
            format!("src/m{idx}.rs"),
            format!("pub fn f{idx}() {{\n{body}}}\n"),
        );
    }
    edit(&sandbox, "src/lib.rs", "    true\n", "    false\n");
    let mut before: Vec<String> = Vec::new();
    for budget in [120, 200, 400, 500, 800, 1500, 3000] {
        let shown = diff(&sandbox, &["--budget", &budget.to_string()]);
        let counter = ctx::tokens::Counter::for_model("o200k_base").unwrap();
        let tokens = crate::oracle::count(&counter, &shown);
        assert!(tokens <= budget, "{tokens} of {budget}");
        if budget >= 500 && !shown.contains("all shown") {
            assert!(tokens * 100 >= budget * 95, "{tokens} of {budget}");
        }
        let names: Vec<String> = shown
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '/' && c != '.')
            .filter(|word| word.starts_with("src/m"))
            .map(str::to_owned)
            .collect();
        for name in &before {
            assert!(names.contains(name), "{name} is hidden at {budget}");
        }
        before = names;
        assert_eq!(shown, diff(&sandbox, &["--budget", &budget.to_string()]));
    }
}
