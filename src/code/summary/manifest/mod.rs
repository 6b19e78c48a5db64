//! What manifests say of a project: its name, what it is for, where it starts, what it depends
//! on, how its tests are run. Each fact with the line that says it.

mod build;
mod line;
mod tables;

use std::path::Path;

/// A fact and the line of the manifest that states it, 1-based.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What it says.
    pub text: String,
    /// Where.
    pub line: u32,
}

/// Dependencies of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The sort: `runtime`, `dev`, `build`, `optional docs`.
    pub sort: String,
    /// Names, in the order of the manifest.
    pub names: Vec<String>,
    /// Where the first one stands.
    pub line: u32,
}

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Its path for the reader.
    pub path: String,
    /// The name of what it describes.
    pub name: Option<Stated>,
    /// What that is for.
    pub description: Option<Stated>,
    /// Where it starts: programs, libraries, exported files.
    pub entries: Vec<Stated>,
    /// What it needs.
    pub dependencies: Vec<Group>,
    /// How its tests are run.
    pub tests: Vec<Stated>,
}

impl Manifest {
    fn new(path: &str) -> Manifest {
        Manifest {
            path: path.to_owned(),
            ..Manifest::default()
        }
    }

    fn depend(&mut self, sort: impl Into<String>, names: Vec<String>, line: u32) {
        let sort = sort.into();
        if names.is_empty() {
            return;
        }
        match self
            .dependencies
            .iter_mut()
            .find(|group| group.sort == sort)
        {
            Some(group) => {
                let new: Vec<String> = names
                    .into_iter()
                    .filter(|name| !group.names.contains(name))
                    .collect();
                group.names.extend(new);
            }
            None => self.dependencies.push(Group { sort, names, line }),
        }
    }

    fn test(&mut self, text: impl Into<String>, line: u32) {
        self.tests.push(Stated {
            text: text.into(),
            line,
        });
    }

    fn entry(&mut self, text: impl Into<String>, line: u32) {
        self.entries.push(Stated {
            text: text.into(),
            line,
        });
    }
}

/// Reads the manifest at `path`; `None` when the file is none, or says nothing.
pub fn read(path: &str, text: &str) -> Option<Manifest> {
    let name = Path::new(path).file_name()?.to_str()?;
    let mut manifest = Manifest::new(path);
    match name {
        "Cargo.toml" => tables::cargo(&mut manifest, text),
        "pyproject.toml" => tables::pyproject(&mut manifest, text),
        "package.json" => tables::package_json(&mut manifest, text),
        "composer.json" => tables::composer_json(&mut manifest, text),
        "go.mod" => line::go_mod(&mut manifest, text),
        "setup.cfg" => line::setup_cfg(&mut manifest, text),
        "setup.py" => line::setup_py(&mut manifest, text),
        "Gemfile" => line::gemfile(&mut manifest, text),
        "Rakefile" => line::rakefile(&mut manifest, text),
        "tox.ini" => line::tox(&mut manifest, text),
        "pom.xml" => build::pom(&mut manifest, text),
        "build.gradle" | "build.gradle.kts" => build::gradle(&mut manifest, text),
        "CMakeLists.txt" => build::cmake(&mut manifest, text),
        "Makefile" | "GNUmakefile" | "makefile" => build::makefile(&mut manifest, text),
        name if name.ends_with(".gemspec") => line::gemspec(&mut manifest, text),
        name if name.starts_with("requirements") && name.ends_with(".txt") => {
            line::requirements(&mut manifest, text, name);
        }
        _ => return None,
    }
    let is_empty = Manifest {
        path: String::new(),
        ..manifest.clone()
    } == Manifest::default();
    (!is_empty).then_some(manifest)
}

/// The first line that holds `needle`, from line `from` on; `from` when none does.
fn line_with(text: &str, needle: &str, from: u32) -> u32 {
    text.lines()
        .enumerate()
        .skip(from.saturating_sub(1) as usize)
        .find(|(_, line)| line.contains(needle))
        .map_or(from.max(1), |(idx, _)| idx as u32 + 1)
}

/// The name at the beginning of a requirement: `click>=8.1.3` is `click`.
fn requirement(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = text.chars().take_while(|c| is_name(*c)).collect();
    (name.starts_with(char::is_alphanumeric)).then_some(name)
}

/// The first quoted text of a line.
fn quoted(line: &str) -> Option<String> {
    let start = line.find(['"', '\''])?;
    let quote = line[start..].chars().next()?;
    let rest = &line[start + 1..];
    Some(rest[..rest.find(quote)?].to_owned())
}

#[cfg(test)]
mod tests;
