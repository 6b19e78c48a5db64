//! What a command line does to files, as far as its words tell.

use super::shell::Simple;
use crate::session::transcript::event::Change;
use crate::session::transcript::patch;

/// One file that a command writes, changes or removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What is done; `None` puts the file back as it was committed.
    pub change: Option<Change>,
    /// The path as it is written.
    pub path: String,
}

/// The files that the output of `simple` goes to.
pub fn outputs(simple: &Simple) -> Vec<Effect> {
    let files = simple.outputs.iter().filter(|path| is_file(path));
    files
        .map(|path| Effect {
            change: Some(Change::Write),
            path: path.clone(),
        })
        .collect()
}

/// The files that `simple` prints as they are.
pub fn shown(simple: &Simple) -> Vec<&str> {
    let mut files: Vec<&str> = simple.operands().filter(|path| is_file(path)).collect();
    match simple.program() {
        "cat" | "less" | "more" | "bat" | "nl" | "tac" => {}
        "head" | "tail" => files.retain(|path| !is_number(path)),
        "sed" => files = files.split_off(files.len().min(1)),
        _ => files.clear(),
    }
    files
}

fn is_number(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'+')
}

/// What `simple` does to files.
pub fn of(simple: &Simple) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    let mut add = |change, path: &str| {
        if is_file(path) {
            effects.push(Effect {
                change,
                path: path.to_owned(),
            });
        }
    };
    for path in &simple.outputs {
        add(Some(Change::Write), path);
    }
    let words = simple.run();
    let operands: Vec<&str> = simple.operands().collect();
    let has = |start: &str| words.iter().skip(1).any(|word| word.starts_with(start));
    match simple.program() {
        "rm" | "unlink" => operands
            .iter()
            .for_each(|path| add(Some(Change::Delete), path)),
        "touch" | "tee" | "truncate" => {
            operands
                .iter()
                .for_each(|path| add(Some(Change::Write), path));
        }
        "mv" => moved(&operands, true, &mut add),
        "cp" | "install" => moved(&operands, false, &mut add),
        "ln" => {
            if let [_, path] = operands.as_slice() {
                add(Some(Change::Create), path);
            }
        }
        "sed" | "gsed" if has("-i") || has("--in-place") => {
            let takes_script = !has("-e") && !has("--expression") && !has("-f");
            let files = operands.iter().skip(usize::from(takes_script));
            files.for_each(|path| add(Some(Change::Edit), path));
        }
        "perl" if words.iter().skip(1).any(|word| is_perl_in_place(word)) => {
            let files = operands.iter().skip(1);
            files.for_each(|path| add(Some(Change::Edit), path));
        }
        "curl" => after(words, &["-o", "--output"]).for_each(|path| add(Some(Change::Write), path)),
        "wget" => after(words, &["-O", "--output-document"])
            .for_each(|path| add(Some(Change::Write), path)),
        "git" => git(&operands, words, &mut add),
        "apply_patch" | "applypatch" => {
            let bodies = simple.bodies.iter().chain(words.get(1));
            for (change, path) in bodies.flat_map(|body| patch::changes(body)) {
                add(Some(change), &path);
            }
        }
        "patch" => {
            for (change, path) in simple.bodies.iter().flat_map(|body| patch::changes(body)) {
                add(Some(change), &path);
            }
        }
        "python" | "python3" | "node" => {
            for script in simple.bodies.iter().chain(script_word(words)) {
                written_by_script(script)
                    .iter()
                    .for_each(|path| add(Some(Change::Write), path));
            }
        }
        _ => {}
    }
    effects
}

/// The words after these options.
fn after<'a>(words: &'a [String], options: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let pairs = words
        .windows(2)
        .filter(|pair| options.contains(&pair[0].as_str()));
    pairs.map(|pair| pair[1].as_str())
}

/// Whether a word names a file of the project: no device, no pattern of a substitution, nothing
/// in a folder for temporary files.
fn is_file(path: &str) -> bool {
    !(path.is_empty()
        || path == "-"
        || path.contains(['$', '`', '\n'])
        || path.starts_with("/dev/")
        || path.starts_with("/proc/")
        || path.starts_with("/tmp/")
        || path.starts_with("/var/tmp/"))
}

fn is_perl_in_place(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.contains('i')
}

fn moved(operands: &[&str], removes: bool, add: &mut impl FnMut(Option<Change>, &str)) {
    let Some((target, sources)) = operands.split_last() else {
        return;
    };
    for source in sources {
        if removes {
            add(Some(Change::Delete), source);
        }
        let name = source
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(source);
        let change = Some(if removes {
            Change::Create
        } else {
            Change::Write
        });
        match target.ends_with('/') || sources.len() > 1 || *target == "." {
            true => add(change, &format!("{}/{name}", target.trim_end_matches('/'))),
            false => add(change, target),
        }
    }
}

fn git(operands: &[&str], words: &[String], add: &mut impl FnMut(Option<Change>, &str)) {
    match operands {
        ["rm", paths @ ..] if !words.iter().any(|word| word == "--cached") => {
            paths
                .iter()
                .for_each(|path| add(Some(Change::Delete), path));
        }
        ["mv", paths @ ..] => moved(paths, true, add),
        ["restore", paths @ ..] if !words.iter().any(|word| word == "--staged") => {
            paths.iter().for_each(|path| add(None, path));
        }
        ["checkout", ..] => {
            let paths = words.iter().skip_while(|word| *word != "--").skip(1);
            paths.for_each(|path| add(None, path));
        }
        _ => {}
    }
}

/// X of `python -c X`.
fn script_word(words: &[String]) -> Option<&String> {
    let flag = words.iter().position(|word| word == "-c" || word == "-e")?;
    words.get(flag + 1)
}

/// Paths that a script writes, where they are written out: `open("x", "w")`,
/// `Path("x").write_text(`, `writeFileSync("x"`.
fn written_by_script(script: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in script.match_indices("open(") {
        let rest = &script[at + 5..];
        let Some((path, rest)) = literal(rest) else {
            continue;
        };
        let mode = rest.trim_start().strip_prefix(',').map(str::trim_start);
        let mode = mode.map(|mode| mode.strip_prefix("mode=").unwrap_or(mode));
        if let Some((mode, _)) = mode.and_then(literal)
            && mode.starts_with(['w', 'a', 'x'])
        {
            paths.push(path.to_owned());
        }
    }
    for (at, _) in script.match_indices("Path(") {
        if let Some((path, rest)) = literal(&script[at + 5..])
            && rest.starts_with(").write_")
        {
            paths.push(path.to_owned());
        }
    }
    for call in ["writeFileSync(", "appendFileSync("] {
        for (at, _) in script.match_indices(call) {
            if let Some((path, _)) = literal(&script[at + call.len()..]) {
                paths.push(path.to_owned());
            }
        }
    }
    // `p = Path("x")` ... `p.write_text(`
    for line in script.lines() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim();
        let value = value.strip_prefix("pathlib.").unwrap_or(value);
        if let Some((path, _)) = value.strip_prefix("Path(").and_then(literal)
            && script.contains(&format!("{}.write_", name.trim()))
        {
            paths.push(path.to_owned());
        }
    }
    paths
}

/// A quoted literal at the beginning of `text`, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &text[1..];
    let end = inner.find(quote)?;
    Some((&inner[..end], &inner[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::super::shell;
    use super::*;

    fn effects(line: &str) -> Vec<String> {
        let found = shell::parse(line);
        let effects = found.iter().flat_map(of);
        effects
            .map(|effect| format!("{:?} {}", effect.change, effect.path))
            .collect()
    }

    #[test]
    fn words_tell_what_is_written_and_removed() {
        assert_eq!(effects("echo x > a.txt 2>/dev/null"), ["Some(Write) a.txt"]);
        assert_eq!(
            effects("rm -rf old && git mv a b"),
            ["Some(Delete) old", "Some(Delete) a", "Some(Create) b"]
        );
        assert_eq!(
            effects("sed -i 's/a/b/' x.rs y.rs"),
            ["Some(Edit) x.rs", "Some(Edit) y.rs"]
        );
        assert_eq!(
            effects("git checkout -- a.rs; git restore b.rs"),
            ["None a.rs", "None b.rs"]
        );
        assert_eq!(
            effects("sed 's/>/b/' x.rs | tee out.txt"),
            ["Some(Write) out.txt"]
        );
        assert_eq!(
            effects(
                "python3 - <<'E'\nfrom pathlib import Path\np = Path('m.py')\np.write_text(1)\nopen(\"n\", 'w').write()\nopen('r')\nE"
            ),
            ["Some(Write) n", "Some(Write) m.py"]
        );
        assert_eq!(
            effects("apply_patch <<'E'\n*** Begin Patch\n*** Update File: q.rs\n*** End Patch\nE"),
            ["Some(Edit) q.rs"]
        );
    }
}
