//! Which files of the workspace an import means, by the parts of their paths.
//!
//! Folders that only hold sources (`src`, `lib`) count for nothing, and a file such as
//! `mod.rs`, `index.ts` or `__init__.py` stands for its folder. The longest match wins, then
//! the one nearest to the file that imports.

use super::imports::{Anchor, ImportFacts};
use super::packages::{Package, packages};
use super::source::Source;
use std::collections::HashMap;
use std::ops::Range;

/// Files that an import means: a range of the sorted files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The files.
    pub files: Range<u32>,
    /// Whether it is a folder of which one file speaks for the rest.
    pub is_folder: bool,
}

/// Parts of a path that say nothing of the module.
const HOLLOW: &[&str] = &[
    "src", "lib", "source", "sources", "include", "main", "java", "kotlin", "scala", "python",
    "php",
];
/// Stems of files that stand for their folder.
const FRONT: &[&str] = &["index", "mod", "__init__", "lib", "main", "init"];
/// Most modules that one import may mean.
const MOST: usize = 4;

struct Module {
    parts: Vec<String>,
    family: &'static str,
    target: Target,
}

/// All modules of the workspace.
pub(super) struct Modules {
    modules: Vec<Module>,
    by_last: HashMap<String, Vec<u32>>,
    /// Path without extension to the files there.
    by_stem: HashMap<String, Vec<u32>>,
    folders: HashMap<String, Range<u32>>,
    flat: HashMap<String, Range<u32>>,
    packages: Vec<Package>,
}

/// The key by which files are sorted: the files of a folder stand together, before those of its
/// subfolders, and all of them before the next folder.
pub(super) fn order(path: &str) -> (String, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    (folder.replace('/', "\u{1}"), name)
}

impl Modules {
    /// The modules of `sources`, which are sorted by [`order`].
    pub fn new(sources: &[Source]) -> Modules {
        let mut modules = Modules {
            modules: Vec::new(),
            by_last: HashMap::new(),
            by_stem: HashMap::new(),
            folders: HashMap::new(),
            flat: HashMap::new(),
            packages: packages(sources),
        };
        for (idx, source) in sources.iter().enumerate() {
            modules.add(idx as u32, source);
        }
        let mut folders: Vec<(String, Range<u32>)> = modules
            .folders
            .iter()
            .map(|(folder, range)| (folder.clone(), range.clone()))
            .collect();
        folders.sort_by(|a, b| a.0.cmp(&b.0));
        for (folder, files) in folders {
            let family = files
                .clone()
                .map(|file| sources[file as usize].habits())
                .find(|habits| habits.is_code);
            let Some(habits) = family else { continue };
            let files = match modules.flat.get(&folder) {
                Some(flat) if habits.flat_packages => flat.clone(),
                _ => files,
            };
            let target = Target {
                files,
                is_folder: true,
            };
            modules.push(parts_of(&folder), habits.family, target);
        }
        modules
    }

    fn add(&mut self, idx: u32, source: &Source) {
        let folder = source
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let grow = |ranges: &mut HashMap<String, Range<u32>>, folder: &str| {
            let range = ranges.entry(folder.to_owned()).or_insert(idx..idx);
            range.end = idx + 1;
        };
        grow(&mut self.flat, folder);
        let mut above = folder;
        loop {
            grow(&mut self.folders, above);
            match above.rsplit_once('/') {
                Some((next, _)) => above = next,
                None if above.is_empty() => break,
                None => above = "",
            }
        }
        let habits = source.habits();
        if !habits.is_code {
            return;
        }
        let name = &source.path[folder.len()..];
        let stem = name
            .rfind('.')
            .filter(|dot| *dot > 1)
            .map_or(name, |dot| &name[..dot]);
        let stem = stem.trim_start_matches('/');
        let path = if folder.is_empty() {
            stem.to_owned()
        } else {
            format!("{folder}/{stem}")
        };
        let is_front = FRONT.contains(&stem);
        self.by_stem.entry(path.clone()).or_default().push(idx);
        if !is_front {
            let target = Target {
                files: idx..idx + 1,
                is_folder: false,
            };
            self.push(parts_of(&path), habits.family, target);
        }
    }

    fn push(&mut self, parts: Vec<String>, family: &'static str, target: Target) {
        let Some(last) = parts.last() else { return };
        let idx = self.modules.len() as u32;
        self.by_last.entry(last.clone()).or_default().push(idx);
        self.modules.push(Module {
            parts,
            family,
            target,
        });
    }

    /// The files that `import` of `source` means; empty when they are outside the workspace.
    pub fn resolve(&self, source: &Source, import: &ImportFacts) -> Vec<Target> {
        match import.anchor {
            Anchor::Up(ups) => self.relative(source, ups, import),
            _ => {
                let habits = source.habits();
                if habits.family == "c" {
                    let near = self.relative(source, 0, import);
                    if !near.is_empty() {
                        return near;
                    }
                }
                self.anywhere(source, import)
            }
        }
    }

    fn relative(&self, source: &Source, ups: usize, import: &ImportFacts) -> Vec<Target> {
        let mut folder = source
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        for _ in 0..ups {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        let parts = &import.parts;
        let fewest = parts.len().saturating_sub(import.symbols);
        for length in (fewest..=parts.len()).rev() {
            let mut path = folder.to_owned();
            for part in &parts[..length] {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part);
            }
            if let Some(files) = self.by_stem.get(&path) {
                let target = |file: &u32| Target {
                    files: *file..*file + 1,
                    is_folder: false,
                };
                return files.iter().map(target).collect();
            }
            if let Some(files) = self.folders.get(&path) {
                return vec![Target {
                    files: files.clone(),
                    is_folder: true,
                }];
            }
        }
        Vec::new()
    }

    fn anywhere(&self, source: &Source, import: &ImportFacts) -> Vec<Target> {
        let habits = source.habits();
        let parts: Vec<String> = import.parts.iter().map(|part| plain(part)).collect();
        let starts_outside = match habits.family {
            "go" => !import.parts.first().is_some_and(|part| part.contains('.')),
            "rust" => ["std", "core", "alloc"].iter().any(|root| {
                import.anchor == Anchor::Anywhere && parts.first().is_some_and(|part| part == root)
            }),
            _ => false,
        };
        if starts_outside {
            return Vec::new();
        }
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|part| !HOLLOW.contains(&part.as_str()))
            .collect();
        let own = parts_of(
            source
                .path
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder),
        );
        if let Some(found) = self.in_package(source, import, &parts, habits.family) {
            return found;
        }
        let fewest = parts.len().saturating_sub(import.symbols).max(1);
        for length in (fewest..=parts.len()).rev() {
            let found = self.matching(&parts[..length], &own, habits.family, import.anchor, source);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What an import means by the name of a package of the workspace; `None` when the names of
    /// packages decide nothing.
    fn in_package(
        &self,
        source: &Source,
        import: &ImportFacts,
        parts: &[String],
        family: &str,
    ) -> Option<Vec<Target>> {
        let of_family = |package: &&Package| package.family == family;
        let (package, rest) = if import.anchor == Anchor::Package {
            let around = self.packages.iter().filter(of_family).filter(|package| {
                package.folder.is_empty()
                    || source.path.starts_with(&format!("{}/", package.folder))
            });
            (around.max_by_key(|package| package.folder.len())?, parts)
        } else {
            let named = self
                .packages
                .iter()
                .filter(of_family)
                .filter(|package| parts.starts_with(&package.name));
            match named.max_by_key(|package| package.name.len()) {
                Some(package) => (package, &parts[package.name.len()..]),
                // Every path of Go begins with the name of its module.
                None if family == "go" && self.packages.iter().any(|p| p.family == "go") => {
                    return Some(Vec::new());
                }
                None => return None,
            }
        };
        let root = parts_of(&package.folder);
        let fewest = rest.len().saturating_sub(import.symbols);
        for length in (fewest..=rest.len()).rev() {
            let path: Vec<String> = root.iter().chain(&rest[..length]).cloned().collect();
            let found = self.exactly(&path, family);
            if !found.is_empty() {
                return Some(found);
            }
            if path.is_empty() {
                let files = self.folders.get("")?.clone();
                return Some(vec![Target {
                    files,
                    is_folder: true,
                }]);
            }
        }
        None
    }

    fn exactly(&self, path: &[String], family: &str) -> Vec<Target> {
        let same = path.last().and_then(|last| self.by_last.get(last));
        same.into_iter()
            .flatten()
            .map(|idx| &self.modules[*idx as usize])
            .filter(|module| module.family == family && module.parts == path)
            .map(|module| module.target.clone())
            .take(MOST)
            .collect()
    }

    fn matching(
        &self,
        parts: &[String],
        own: &[String],
        family: &str,
        anchor: Anchor,
        source: &Source,
    ) -> Vec<Target> {
        let Some(last) = parts.last() else {
            return Vec::new();
        };
        let mut best: Vec<&Module> = Vec::new();
        let mut best_rank = (0, 0);
        for idx in self.by_last.get(last).into_iter().flatten() {
            let module = &self.modules[*idx as usize];
            if module.family != family {
                continue;
            }
            let common = module
                .parts
                .iter()
                .rev()
                .zip(parts.iter().rev())
                .take_while(|(a, b)| a == b)
                .count();
            let head = &module.parts[..module.parts.len() - common];
            let is_near = own.starts_with(head);
            let is_whole = common == parts.len();
            let fits = match (is_whole, head.is_empty()) {
                (true, true) => true,
                (true, false) => is_near || parts.len() > 1,
                (false, true) => {
                    self.may_be_package(&parts[..parts.len() - common], family, source)
                }
                (false, false) => false,
            };
            if !fits || (anchor == Anchor::Package && !is_near && common < 2) {
                continue;
            }
            let near = own
                .iter()
                .zip(&module.parts)
                .take_while(|(a, b)| a == b)
                .count();
            let rank = (common, near);
            if best.is_empty() || rank > best_rank {
                best = vec![module];
                best_rank = rank;
            } else if rank == best_rank {
                best.push(module);
            }
        }
        if best.len() > MOST {
            return Vec::new();
        }
        best.into_iter()
            .map(|module| module.target.clone())
            .collect()
    }

    /// Whether the parts of an import that no path shows may be the name of the package itself.
    fn may_be_package(&self, head: &[String], family: &str, source: &Source) -> bool {
        match family {
            "go" | "php" => true,
            "rust" => {
                head.len() == 1
                    && (self.by_last.contains_key(&head[0])
                        || matches!(
                            source.path.split('/').next(),
                            Some("tests" | "benches" | "examples")
                        )
                        || source.path.ends_with("main.rs"))
            }
            _ => false,
        }
    }
}

/// The parts of a path as modules are matched by.
pub(super) fn parts_of(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|part| !part.is_empty() && !HOLLOW.contains(part))
        .map(plain)
        .collect()
}

fn plain(part: &str) -> String {
    part.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn a_folder_and_what_is_below_it_stand_together() {
        let mut paths = ["a/b/x", "a-b/y", "a/z", "b", "a/b/c/w"];
        paths.sort_by(|a, b| order(a).cmp(&order(b)));
        assert_eq!(paths, ["b", "a/z", "a/b/x", "a/b/c/w", "a-b/y"]);
    }
}
