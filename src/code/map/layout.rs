//! What the folders of a repository hold, and how large they are.

use crate::code::files::Role;
use crate::code::graph::{Graph, Source};
use crate::code::syntax::signature::doc_summary;
use crate::view::Noun;
use std::collections::BTreeMap;

/// The folders worth telling of.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Files, tokens and languages of all of it.
    pub summary: String,
    /// Folders, each after the one it stands in.
    pub folders: Vec<Folder>,
}

/// One folder.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Its path, without the last `/`.
    pub path: String,
    /// Index of the folder it is shown under.
    pub parent: Option<usize>,
    /// Its name, size and languages.
    pub label: String,
    /// What it says of itself; may be empty.
    pub doc: String,
    /// What telling of it is worth.
    pub value: f32,
}

/// Bytes a token, as a rough mean of code.
const BYTES_PER_TOKEN: u64 = 4;
/// What files are called when they are counted.
const FILES: Noun = Noun {
    one: "file",
    many: "files",
};
/// Most folders that become items.
const MOST: usize = 300;

#[derive(Default)]
struct Sum {
    files: usize,
    bytes: u64,
    /// Bytes weighed by what readers care for.
    weight: f32,
    tests: u64,
    languages: BTreeMap<&'static str, u64>,
    own_files: usize,
    doc: Option<(u8, String)>,
}

/// The layout of the files that `admits`.
pub fn layout(graph: &Graph, admits: impl Fn(usize) -> bool) -> Layout {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for (file, source) in graph.sources().iter().enumerate() {
        if !admits(file) {
            continue;
        }
        total.add(source);
        let folder = source
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let mut above = folder;
        while !above.is_empty() {
            sums.entry(above.to_owned()).or_default().add(source);
            above = above.rsplit_once('/').map_or("", |(next, _)| next);
        }
        if let Some(own) = sums.get_mut(folder) {
            own.own_files += 1;
            own.hear(source);
        }
    }
    let mut layout = Layout {
        summary: format!(
            "{}, {} tokens{}",
            FILES.counted(total.files),
            rounded(total.bytes / BYTES_PER_TOKEN),
            languages(&total, 4)
        ),
        folders: Vec::new(),
    };
    let whole = total.weight.max(1.0);
    let mut worths: Vec<(f32, &String)> = sums
        .iter()
        .map(|(path, sum)| (worth(path, sum, whole), path))
        .collect();
    worths.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    worths.truncate(MOST);
    let kept: BTreeMap<&String, f32> = worths.iter().map(|(worth, path)| (*path, *worth)).collect();
    let mut idx_of: BTreeMap<String, usize> = BTreeMap::new();
    // Sorted by parts, so that a folder's own come before its neighbors.
    let mut paths: Vec<&String> = kept.keys().copied().collect();
    paths.sort_by_key(|path| path.replace('/', "\u{1}"));
    for path in paths {
        let sum = &sums[path];
        if is_passage(path, sum, &sums) {
            continue;
        }
        let mut above = path.as_str();
        let mut parent = None;
        while let Some((next, _)) = above.rsplit_once('/') {
            if let Some(idx) = idx_of.get(next) {
                parent = Some(*idx);
                break;
            }
            above = next;
        }
        let shown = match parent {
            Some(idx) => {
                let above: &Folder = &layout.folders[idx];
                &path[above.path.len() + 1..]
            }
            None => path,
        };
        idx_of.insert(path.clone(), layout.folders.len());
        let value = match parent {
            Some(idx) => kept[path].min(layout.folders[idx].value),
            None => kept[path],
        };
        layout.folders.push(Folder {
            path: path.clone(),
            parent,
            label: label(shown, sum),
            doc: sum
                .doc
                .as_ref()
                .map_or(String::new(), |(_, doc)| doc.clone()),
            value,
        });
    }
    layout
}

impl Sum {
    fn add(&mut self, source: &Source) {
        let bytes = source.text.len() as u64;
        self.files += 1;
        self.bytes += bytes;
        self.weight += bytes as f32 * source.role.weight();
        if source.role == Role::Test {
            self.tests += bytes;
        }
        if let Some(language) = source.language
            && source.habits().is_code
        {
            *self.languages.entry(language.title).or_default() += bytes;
        }
    }

    /// Takes what a file directly inside says of the folder.
    fn hear(&mut self, source: &Source) {
        let name = source.path.rsplit('/').next().unwrap_or(&source.path);
        let stem = name.split('.').next().unwrap_or(name).to_lowercase();
        let rank = match stem.as_str() {
            "mod" | "lib" | "__init__" | "doc" | "package-info" | "index" | "main" => 0,
            "readme" => 1,
            _ => return,
        };
        if self.doc.as_ref().is_some_and(|(known, _)| *known <= rank) {
            return;
        }
        let text = if rank == 1 {
            super::purpose::purpose(&[Source {
                path: name.to_owned(),
                ..source.clone()
            }])
            .map(|purpose| first_sentence(&purpose.text))
        } else {
            let doc = source.syntax.doc.clone();
            doc.map(|doc| doc_summary(&source.text[doc], 110))
        };
        if let Some(text) = text.filter(|text| is_telling(text)) {
            self.doc = Some((rank, text));
        }
    }
}

pub(super) fn is_telling(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_mark = [
        "copyright",
        "license",
        "eslint",
        "#!",
        "@ts-",
        "frozen_string",
        "rubocop",
    ];
    text.len() > 8 && !is_mark.iter().any(|mark| lower.contains(mark))
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    doc_summary(&text[..end], 110)
}

/// A folder with nothing but one other folder in it: the other says all.
fn is_passage(path: &str, sum: &Sum, sums: &BTreeMap<String, Sum>) -> bool {
    sum.own_files == 0 && {
        let below = format!("{path}/");
        let mut inside = sums
            .range(below.clone()..)
            .take_while(|(other, _)| other.starts_with(&below))
            .filter(|(other, _)| !other[below.len()..].contains('/'));
        let first = inside.next();
        first.is_some() && inside.next().is_none()
    }
}

/// What telling of a folder is worth: its share of what readers care for, less the deeper it
/// lies. Coarse, so that a small edit changes nothing.
fn worth(path: &str, sum: &Sum, whole: f32) -> f32 {
    let depth = path.matches('/').count() as i32;
    let share = (sum.weight / whole).max(1e-4);
    let step = (share.log2() * 2.0).round() / 2.0;
    let hollow = ["src", "lib", "main", "java", "test", "tests", "include"];
    let name = path.rsplit('/').next().unwrap_or(path);
    let telling = if hollow.contains(&name) && depth > 0 {
        0.6
    } else {
        1.0
    };
    900.0 * telling * step.exp2().powf(0.45) * 0.42_f32.powi(depth)
}

fn label(shown: &str, sum: &Sum) -> String {
    let mut label = format!("{shown}/ {}", rounded(sum.bytes / BYTES_PER_TOKEN));
    if sum.files > 1 {
        label.push_str(&format!(", {} files", sum.files));
    }
    label.push_str(&languages(sum, 2));
    if sum.tests * 2 > sum.bytes {
        label.push_str(", tests");
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@');
    if label.starts_with(is_plain) {
        label
    } else {
        format!("./{label}")
    }
}

/// The languages that make up at least a tenth, the largest first.
fn languages(sum: &Sum, most: usize) -> String {
    let code: u64 = sum.languages.values().sum();
    let mut sorted: Vec<(u64, &str)> = sum
        .languages
        .iter()
        .map(|(name, bytes)| (*bytes, *name))
        .filter(|(bytes, _)| bytes * 10 >= code)
        .collect();
    sorted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let names: Vec<&str> = sorted
        .into_iter()
        .take(most)
        .map(|(_, name)| name)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(", {}", names.join(" + ")),
    }
}

/// About so many: two digits, `~1.6M`, `~16k`, `~160`.
fn rounded(tokens: u64) -> String {
    let (unit, sign) = match tokens {
        0..1_000 => (1, ""),
        1_000..1_000_000 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    let scaled = tokens as f64 / unit as f64;
    if scaled < 10.0 && unit > 1 {
        format!("~{scaled:.1}{sign}")
    } else {
        let step = if scaled >= 100.0 { 10.0 } else { 1.0 };
        format!("~{:.0}{sign}", (scaled / step).round() * step)
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn sizes_have_two_digits() {
        let cases = [
            (0, "~0"),
            (999, "~1000"),
            (1_234, "~1.2k"),
            (16_400, "~16k"),
            (164_000, "~160k"),
            (6_100_000, "~6.1M"),
        ];
        for (tokens, expected) in cases {
            assert_eq!(rounded(tokens), expected);
        }
    }
}
