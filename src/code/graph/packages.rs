//! The packages of a workspace by the names that imports call them, read from manifests.

use super::source::Source;

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// The family of languages that it is written in.
    pub family: &'static str,
    /// The parts of its name, as imports write them.
    pub name: Vec<String>,
    /// The folder of its manifest.
    pub folder: String,
}

/// All packages that have a manifest with a name.
pub(super) fn packages(sources: &[Source]) -> Vec<Package> {
    sources.iter().filter_map(package).collect()
}

fn package(source: &Source) -> Option<Package> {
    let (folder, manifest) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let (family, name) = match manifest {
        "go.mod" => ("go", line_after(&source.text, "module ")?),
        "Cargo.toml" => {
            let package = source.text.split_once("[package]")?.1;
            let name = line_after(package, "name")?;
            ("rust", name.trim_start_matches(['=', ' ']))
        }
        "package.json" => {
            let after = source.text.split_once("\"name\"")?.1;
            let name = after.trim_start_matches([':', ' ']).strip_prefix('"')?;
            ("javascript", name.split('"').next()?)
        }
        _ => return None,
    };
    let name: Vec<String> = name
        .trim_matches(['"', '\'', ' '])
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('@'))
        .map(|part| part.replace('-', "_"))
        .collect();
    (!name.is_empty()).then(|| Package {
        family,
        name,
        folder: folder.to_owned(),
    })
}

/// The rest of the first line that begins with `key`.
fn line_after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.trim_start().strip_prefix(key))
        .map(str::trim)
}
