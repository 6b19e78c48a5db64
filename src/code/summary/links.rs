//! Which folders of a project use which: imports resolved to files by their paths, as far as
//! the paths alone tell. A heuristic; what stays ambiguous is left out.

use std::collections::{BTreeMap, HashMap};

/// Most parts of a path by which a file is found.
const MOST_PARTS: usize = 6;

/// Files that imports can name, by the ends of their paths.
pub struct Targets {
    /// End of a path without extension, to the file; `None` where several have it.
    by_end: HashMap<String, Option<u32>>,
}

impl Targets {
    /// The files at `paths`.
    pub fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Targets {
        let mut by_end: HashMap<String, Option<u32>> = HashMap::new();
        for (idx, path) in paths.enumerate() {
            let stem = stem(path);
            let parts: Vec<&str> = stem.split('/').collect();
            for from in parts.len().saturating_sub(MOST_PARTS)..parts.len() {
                let end = parts[from..].join("/");
                by_end
                    .entry(end)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(idx as u32));
            }
            // The whole path is never ambiguous.
            by_end.insert(format!("/{stem}"), Some(idx as u32));
        }
        Targets { by_end }
    }

    /// The file that `import`, written in the file at `from`, names.
    pub fn find(&self, from: &str, import: &str) -> Option<u32> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        if import.starts_with("./") || import.starts_with("../") {
            return self.whole(&joined(folder, import));
        }
        let import = import.split([' ', '{', ';']).next().unwrap_or("");
        let separated = if import.contains("::") {
            import.replace("::", "/")
        } else if import.contains('/') || import.ends_with(".h") || import.ends_with(".hpp") {
            stem(import)
        } else {
            import.replace(['.', '\\'], "/")
        };
        let parts: Vec<&str> = separated
            .split('/')
            .filter(|part| !part.is_empty() && !matches!(*part, "crate" | "self" | "super" | "*"))
            .collect();
        // The last parts may name symbols in the file; the first ones the project itself.
        for end in (1..=parts.len()).rev().take(3) {
            for start in 0..end.min(4) {
                let name = parts[start..end].join("/");
                let is_telling =
                    end - start > 1 || (parts.len() - (end - start) <= 1 && name.len() > 3);
                if is_telling && let Some(Some(found)) = self.by_end.get(&name) {
                    return Some(*found);
                }
            }
        }
        None
    }

    fn whole(&self, path: &str) -> Option<u32> {
        let found = |path: &str| {
            self.by_end
                .get(&format!("/{}", stem(path)))
                .copied()
                .flatten()
        };
        found(path)
    }
}

/// A path without its extension, and without the names that stand for their folder.
fn stem(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = match name.find('.') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    };
    match (folder, stem) {
        (folder, "mod" | "index" | "__init__") if !folder.is_empty() => folder.to_owned(),
        ("", stem) => stem.to_owned(),
        (folder, stem) => format!("{folder}/{stem}"),
    }
}

fn joined(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How often one folder imports from another: files that do, and the first place.
pub type Links = BTreeMap<(String, String), (usize, String)>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_by_the_ends_of_paths() {
        let paths = [
            "src/view/pack.rs",
            "src/view/mod.rs",
            "web/app/index.ts",
            "web/app/store.ts",
            "shop/models/item.py",
            "java/com/shop/Till.java",
            "src/cli/pack.rs",
        ];
        let targets = Targets::new(paths.into_iter());
        let find =
            |from: &str, import: &str| targets.find(from, import).map(|idx| paths[idx as usize]);
        assert_eq!(
            find("src/cli/a.rs", "crate::view::pack::{pack}"),
            Some("src/view/pack.rs")
        );
        assert_eq!(
            find("src/cli/a.rs", "crate::view::View"),
            Some("src/view/mod.rs")
        );
        assert_eq!(find("web/app/x.ts", "./store"), Some("web/app/store.ts"));
        assert_eq!(find("web/y.ts", "./app"), Some("web/app/index.ts"));
        assert_eq!(
            find("a.py", "shop.models.item"),
            Some("shop/models/item.py")
        );
        assert_eq!(
            find("A.java", "com.shop.Till"),
            Some("java/com/shop/Till.java")
        );
        assert_eq!(find("a.rs", "std::io"), None);
        assert_eq!(find("a.rs", "pack"), None);
    }
}
