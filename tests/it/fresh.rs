//! After any sequence of edits, renames, deletions, branch switches, kills and damage, the
//! index answers the same bytes as documents parsed on the spot.

use crate::sandbox::Sandbox;
use ctx::code::files::WalkOptions;
use ctx::code::index::{TreeOptions, build, check, with_tree};
use ctx::code::scope::Scope;
use ctx::code::search::{Query, SearchRequest, Weights, answer, documents, memory};
use ctx::code::syntax::Limits;
use ctx::tokens::{Counter, Tokens};
use ctx::view::Format;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const PATHS: [&str; 8] = [
    "a.rs",
    "src/b.rs",
    "src/deep/c.py",
    "src/deep/d.go",
    "lib/e.c",
    "lib/f.ts",
    "docs/g.md",
    "data/h.json",
];

const QUERIES: [&str; 3] = [
    "alpha reader closes the beta file",
    "Gamma.delta_value in lib/e.c:3",
    "parse_alpha",
];

/// Some content; which language it is parsed as depends on the path it is written to.
fn content(n: u8) -> String {
    let name = ["alpha", "beta", "gamma", "delta"][n as usize % 4];
    match n % 7 {
        0 => format!("pub fn parse_{name}(x: u32) -> u32 {{\n    helper_{n}(x)\n}}\n"),
        1 => format!("class {name}Reader:\n    def close(self):\n        self.file.close()\n"),
        2 => format!("package p\n\nfunc Read{name}() int {{\n\treturn delta_value()\n}}\n"),
        3 => format!("int {name}_value(void)\n{{\n  return parse_alpha({n});\n}}\n"),
        4 => format!("# {name}\n\nHow the {name} file is closed.\n\n## Reader {n}\n\nText.\n"),
        5 => format!("{{\"{name}\": {n}}}\n"),
        _ => format!("{name}\0binary"),
    }
}

fn request(query: &str) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        scope: Scope::default(),
        walk: WalkOptions::default(),
        limits: Limits::default(),
        max_file_bytes: 1_000_000,
        command: "ctx search".to_owned(),
    }
}

fn options() -> TreeOptions<'static> {
    let request = request("");
    TreeOptions {
        walk: request.walk,
        limits: request.limits,
        max_file_bytes: request.max_file_bytes,
        progress: None,
    }
}

/// The answers of the index, and of a store without one.
fn answers(root: &Path) -> [Vec<String>; 2] {
    let counter = Counter::default();
    let text = |answer: Result<ctx::code::search::Answer, _>| match answer {
        Ok(answer) => answer.text,
        Err(ctx::view::TooSmall { minimum, .. }) => format!("too small, {minimum}"),
    };
    let requests = QUERIES.map(request);
    let from_index = requests.iter().map(|request| {
        let (found, _) = with_tree(root, &options(), |tree| {
            answer(tree, root, request, Format::Text, &counter, Tokens(3000))
        });
        text(found)
    });
    let from_index = from_index.collect();
    let from_memory = requests.iter().map(|request| {
        let query = Query::new(&request.query, &Weights::default());
        let store = memory(documents(root, request), &query);
        text(answer(
            &store,
            root,
            request,
            Format::Text,
            &counter,
            Tokens(3000),
        ))
    });
    [from_index, from_memory.collect()]
}

fn git(root: &Path, args: &[&str]) {
    let ran = Command::new("git")
        .current_dir(root)
        .args(["-c", "user.name=t", "-c", "user.email=t@t"])
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // An empty commit fails, which is as good a state as any.
    drop(ran);
}

#[derive(Clone, Debug)]
enum Operation {
    Write(usize, u8),
    Append(usize),
    Delete(usize),
    Rename(usize, usize),
    MoveFolder,
    Ignore(usize),
    Commit,
    Switch(u8),
    Kill(u16),
    Cut(usize, usize),
    Look,
}

fn operation() -> impl Strategy<Value = Operation> {
    let path = 0..PATHS.len();
    prop_oneof![
        4 => (path.clone(), any::<u8>()).prop_map(|(path, n)| Operation::Write(path, n)),
        2 => path.clone().prop_map(Operation::Append),
        2 => path.clone().prop_map(Operation::Delete),
        2 => (path.clone(), path.clone()).prop_map(|(a, b)| Operation::Rename(a, b)),
        1 => Just(Operation::MoveFolder),
        1 => path.prop_map(Operation::Ignore),
        1 => Just(Operation::Commit),
        2 => (0..3_u8).prop_map(Operation::Switch),
        2 => (0..30_000_u16).prop_map(Operation::Kill),
        2 => (any::<usize>(), 0..100_usize).prop_map(|(file, part)| Operation::Cut(file, part)),
        4 => Just(Operation::Look),
    ]
}

/// Does one operation to the tree; errors of the file system are states like others.
fn apply(sandbox: &Sandbox, operation: &Operation) {
    let root = sandbox.root();
    let path = |idx: usize| root.join(PATHS[idx]);
    match operation {
        Operation::Write(at, n) => sandbox.write(PATHS[*at], content(*n)),
        Operation::Append(at) => {
            let mut text = fs::read(path(*at)).unwrap_or_default();
            text.extend_from_slice(b"\n// one more beta line\n");
            sandbox.write(PATHS[*at], text);
        }
        Operation::Delete(at) => drop(fs::remove_file(path(*at))),
        Operation::Rename(from, to) => {
            fs::create_dir_all(path(*to).parent().unwrap()).unwrap();
            drop(fs::rename(path(*from), path(*to)));
        }
        Operation::MoveFolder => {
            let (here, there) = (root.join("src"), root.join("moved"));
            if fs::rename(&here, &there).is_err() {
                drop(fs::rename(&there, &here));
            }
        }
        Operation::Ignore(at) => sandbox.write(".gitignore", format!("{}\n", PATHS[*at])),
        Operation::Commit => {
            git(&root, &["add", "-A"]);
            git(&root, &["commit", "-qm", "x"]);
        }
        Operation::Switch(n) => {
            let name = format!("branch-{n}");
            git(&root, &["checkout", "-q", "-f", &name]);
            git(&root, &["checkout", "-q", "-f", "-b", &name]);
        }
        Operation::Kill(after) => {
            let mut command = sandbox.command(["search", "alpha"]).into_inner();
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            thread::sleep(Duration::from_micros(u64::from(*after)));
            drop(child.kill());
            child.wait().unwrap();
        }
        Operation::Cut(which, part) => {
            let files: Vec<_> = fs::read_dir(root.join(".ctx/index"))
                .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
                .unwrap_or_default();
            if let Some(file) = files.get(which % files.len().max(1)) {
                let bytes = fs::read(file).unwrap();
                fs::write(file, &bytes[..bytes.len() * part / 100]).unwrap();
            }
        }
        Operation::Look => drop(with_tree(&root, &options(), |_| ())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_in_the_same_bytes(
        start in prop::collection::vec((0..PATHS.len(), any::<u8>()), 0..8),
        operations in prop::collection::vec(operation(), 1..24),
    ) {
        let sandbox = Sandbox::new("");
        let root = sandbox.root();
        git(&root, &["init", "-q"]);
        for (path, n) in start {
            sandbox.write(PATHS[path], content(n));
        }
        apply(&sandbox, &Operation::Commit);
        for (at, operation) in operations.iter().enumerate() {
            apply(&sandbox, operation);
            if at % 3 == 0 {
                let [from_index, from_memory] = answers(&root);
                prop_assert_eq!(from_index, from_memory);
            }
        }
        let [from_index, from_memory] = answers(&root);
        prop_assert_eq!(&from_index, &from_memory);
        let found = check(&root, &options());
        prop_assert_eq!(found.problems, Vec::<String>::new());
        let (stats, _) = build(&root, &options(), true);
        prop_assert_eq!(stats.dead_files, 0);
        let [fresh, _] = answers(&root);
        prop_assert_eq!(fresh, from_index);
    }
}
