//! The index: always as the files are, whatever happens to them and to it.

use crate::sandbox::Sandbox;
use std::fs;
use std::path::PathBuf;

const FILES: &str = r#"
//- src/parser.rs
/// Reads one token of the input.
pub fn read_token(input: &str) -> Token {
    let word = split_word(input);
    Token { word }
}

pub struct Token {
    pub word: String,
}

impl Token {
    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.word.is_empty()
    }
}

fn split_word(input: &str) -> String {
    input.split(' ').next().unwrap_or_default().to_owned()
}
//- src/writer.py
class Writer:
    """Writes tokens to a file."""

    def write_token(self, token):
        self.file.write(token.word)

    def close(self):
        self.file.close()
//- docs/guide.md
# Guide

How a token is read and written.

## Tokens

A token is a word of the input.
"#;

fn index_files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.path(".ctx/index");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "lock")
        .collect();
    files.sort();
    files
}

/// Answers that together ask for everything that the index holds.
fn answers(sandbox: &Sandbox) -> String {
    let queries = [
        "token word",
        "read_token in src/parser.rs:3",
        "how does Writer close the file",
        "is_empty",
    ];
    let mut all = String::new();
    for query in queries {
        let ran = sandbox.command(["search", query, "--budget", "6000"]).go();
        assert_eq!(ran.stderr, "", "{query}");
        all.push_str(&ran.text());
    }
    all
}

/// The answers of an index that is built from nothing.
fn fresh(sandbox: &Sandbox) -> String {
    fs::remove_dir_all(sandbox.path(".ctx/index")).unwrap();
    answers(sandbox)
}

#[test]
fn answers_stay_the_same_from_the_index() {
    let sandbox = Sandbox::new(FILES);
    let first = answers(&sandbox);
    assert!(first.contains("read_token"), "{first}");
    assert_eq!(answers(&sandbox), first);
    assert_eq!(fresh(&sandbox), first);
}

#[test]
fn an_edit_is_seen_at_once() {
    let sandbox = Sandbox::new(FILES);
    answers(&sandbox);
    // The same size, and within the same tick of any clock.
    for name in ["scan_token", "skip_token", "peek_token"] {
        let text = fs::read_to_string(sandbox.path("src/parser.rs")).unwrap();
        let at = text.find("pub fn ").unwrap() + 7;
        let changed = format!("{}{name}{}", &text[..at], &text[at + 10..]);
        assert_eq!(changed.len(), text.len());
        sandbox.write("src/parser.rs", changed);
        let shown = sandbox.shows("search token");
        assert!(shown.contains(name), "{name} is not in\n{shown}");
    }
    let now = answers(&sandbox);
    assert_eq!(fresh(&sandbox), now);
}

#[test]
fn a_cut_off_index_is_built_anew_with_a_note() {
    let sandbox = Sandbox::new(FILES);
    let whole = answers(&sandbox);
    for file in index_files(&sandbox) {
        let bytes = fs::read(&file).unwrap();
        for part in 0..12 {
            let end = bytes.len() * part / 12;
            fs::write(&file, &bytes[..end]).unwrap();
            let ran = sandbox.ctx("search token word --budget 6000");
            assert_eq!(ran.status, Some(0));
            assert!(ran.stderr.contains("built anew"), "{}", ran.stderr);
            assert!(whole.starts_with(&ran.text()), "{}", ran.text());
        }
        assert_eq!(answers(&sandbox), whole);
    }
}

#[test]
fn an_older_format_is_built_anew_and_a_newer_one_left_alone() {
    let sandbox = Sandbox::new(FILES);
    let whole = answers(&sandbox);
    let manifest = sandbox.path(".ctx/index/manifest");
    let bytes = fs::read(&manifest).unwrap();
    let other = |version: u8| {
        let mut other = bytes.clone();
        other[8] = version;
        fs::write(&manifest, &other).unwrap();
        other
    };
    let newer = other(200);
    let ran = sandbox.ctx("search token word --budget 6000");
    assert!(ran.stderr.contains("newer ctx"), "{}", ran.stderr);
    assert!(whole.starts_with(&ran.text()));
    assert_eq!(fs::read(&manifest).unwrap(), newer);
    assert!(sandbox.ctx("index --rebuild").stderr.is_empty());
    assert_eq!(answers(&sandbox), whole);
    other(0);
    let ran = sandbox.ctx("search token word --budget 6000");
    assert!(ran.stderr.contains("older format"), "{}", ran.stderr);
    assert!(whole.starts_with(&ran.text()));
    assert_eq!(answers(&sandbox), whole);
}

#[test]
fn what_cannot_be_written_is_answered_with_a_note() {
    let sandbox = Sandbox::new(FILES);
    let whole = answers(&sandbox);
    fs::remove_dir_all(sandbox.path(".ctx/index")).unwrap();
    // No folder can be made where a file is; that no rights can stop root is no matter then.
    sandbox.write(".ctx/index", "in the way");
    for _ in 0..2 {
        let ran = sandbox.ctx("search token word --budget 6000");
        assert!(ran.stderr.contains("cannot be"), "{}", ran.stderr);
        assert!(whole.starts_with(&ran.text()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_answered_with_a_note() {
    use std::process::Command;
    let sandbox = Sandbox::new(FILES);
    let whole = answers(&sandbox);
    let state = sandbox.path(".ctx");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k,mode=700", "none"])
        .arg(&state)
        .output()
        .is_ok_and(|ran| ran.status.success());
    if !mounted {
        // Only root can make a small disk; the test above stands for it.
        return;
    }
    fs::write(state.join(".gitignore"), "*\n").unwrap();
    for n in 0..8 {
        let text = format!("# {n}\n\n{}", "Filler of many words to index.\n".repeat(40));
        sandbox.write(format!("docs/filler-{n}.md"), text);
    }
    fs::write(state.join("ballast"), vec![1_u8; 12 << 10]).unwrap();
    let ran = sandbox.ctx("search read_token --budget 6000");
    let left: Vec<_> = fs::read_dir(state.join("index"))
        .map(|entries| entries.flatten().map(|entry| entry.file_name()).collect())
        .unwrap_or_default();
    drop(Command::new("umount").arg(&state).status());
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
    assert!(ran.text().contains("read_token"), "{}", ran.text());
    assert!(left.iter().all(|name| name == "lock"), "{left:?}");
    assert!(whole.contains("read_token"));
}

#[test]
fn many_processes_at_once_answer_alike() {
    let sandbox = Sandbox::new(FILES);
    for n in 0..60 {
        let text = format!("pub fn token_{n}(word: u32) -> u32 {{\n    read_token(word)\n}}\n");
        sandbox.write(format!("src/many/file_{n}.rs"), text);
    }
    let ask = || sandbox.command(["search", "token word"]).go();
    let all: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap())
            .collect()
    });
    let last = ask();
    for ran in all {
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        assert_eq!(ran.stdout, last.stdout);
    }
    let found = sandbox.shows("index --check");
    assert!(found.contains("the index is whole"), "{found}");
}

#[test]
fn check_names_what_differs() {
    let sandbox = Sandbox::new(FILES);
    answers(&sandbox);
    let found = sandbox.json("index --check");
    assert_eq!(found["files"], 3);
    assert_eq!(found["problems"], serde_json::json!([]));
    let segment = index_files(&sandbox)
        .into_iter()
        .find(|file| file.extension().is_some_and(|ending| ending == "seg"))
        .unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let ran = sandbox.ctx("index --check");
    assert_eq!(ran.status, Some(1));
    assert!(ran.text().contains("checksum"), "{}", ran.text());
    assert!(ran.text().contains("ctx index --rebuild"), "{}", ran.text());
}

#[test]
fn stats_add_up() {
    let sandbox = Sandbox::new(FILES);
    sandbox.write("logo.bin", b"\0\x01\x02");
    let stats = sandbox.json("index --stats");
    assert_eq!(stats["files"], 3);
    assert_eq!(stats["without_text"], 1);
    assert_eq!(stats["segments"], 1);
    assert_eq!(stats["dead_files"], 0);
    let bytes: usize = ["src/parser.rs", "src/writer.py", "docs/guide.md"]
        .iter()
        .map(|path| fs::read(sandbox.path(path)).unwrap().len())
        .sum();
    assert_eq!(stats["source_bytes"], bytes);
    let shown = sandbox.shows("index");
    assert!(shown.starts_with("3 files with"), "{shown}");
}
