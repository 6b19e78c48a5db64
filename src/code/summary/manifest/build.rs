//! Manifests of build systems: Maven, Gradle, CMake, make.

use super::{Manifest, Stated, quoted};

pub(super) fn pom(manifest: &mut Manifest, text: &str) {
    let mut path: Vec<String> = Vec::new();
    let mut dependency: Option<(String, u32, &'static str)> = None;
    for (idx, raw) in text.lines().enumerate() {
        let number = idx as u32 + 1;
        let mut rest = raw;
        while let Some(open) = rest.find('<') {
            let Some(close) = rest[open..].find('>').map(|at| open + at) else {
                break;
            };
            let tag = &rest[open + 1..close];
            let after = &rest[close + 1..];
            let content = after[..after.find('<').unwrap_or(after.len())].trim();
            let name = tag
                .split_whitespace()
                .next()
                .unwrap_or("")
                .trim_start_matches('/');
            if tag.starts_with('/') {
                while let Some(last) = path.pop()
                    && last != name
                {}
                if name == "dependency"
                    && let Some((artifact, line, sort)) = dependency.take()
                {
                    manifest.depend(sort, vec![artifact], line);
                }
            } else if !tag.starts_with(['!', '?']) && !tag.ends_with('/') {
                path.push(name.to_owned());
                let places: Vec<&str> = path.iter().map(String::as_str).collect();
                let stated = || {
                    Some(Stated {
                        text: content.to_owned(),
                        line: number,
                    })
                };
                match places.as_slice() {
                    ["project", "artifactId"] => {
                        manifest.name = stated();
                        manifest.test("mvn test", number);
                    }
                    ["project", "description"] if !content.is_empty() => {
                        manifest.description = stated();
                    }
                    ["project", "modules", "module"] => {
                        manifest.entry(format!("module {content}"), number);
                    }
                    ["project", "dependencies", "dependency", "artifactId"] => {
                        dependency = Some((content.to_owned(), number, "runtime"));
                    }
                    ["project", "dependencies", "dependency", "scope"] => {
                        if let (Some(dependency), "test") = (&mut dependency, content) {
                            dependency.2 = "test";
                        }
                    }
                    _ => {}
                }
            }
            rest = after;
        }
    }
}

pub(super) fn gradle(manifest: &mut Manifest, text: &str) {
    let sorts = [
        ("api", "runtime"),
        ("implementation", "runtime"),
        ("compile", "runtime"),
        ("runtimeOnly", "runtime"),
        ("compileOnly", "compile only"),
        ("testImplementation", "test"),
        ("testCompile", "test"),
        ("testRuntimeOnly", "test"),
    ];
    for (idx, raw) in text.lines().enumerate() {
        let (line, number) = (raw.trim(), idx as u32 + 1);
        let word: String = line.chars().take_while(|c| c.is_alphanumeric()).collect();
        if let Some((_, sort)) = sorts.iter().find(|(name, _)| *name == word) {
            let rest = line[word.len()..].trim_start_matches([' ', '(']);
            let name = quoted(line).map(|name| {
                // `group:artifact:version`: the artifact is the name.
                name.split(':')
                    .nth(1)
                    .filter(|name| !name.is_empty())
                    .map_or(name.clone(), str::to_owned)
            });
            let catalog = rest
                .starts_with("libs.")
                .then(|| rest.trim_end_matches(')').to_owned());
            manifest.depend(*sort, name.or(catalog).into_iter().collect(), number);
        }
        if line.starts_with("description") {
            manifest.description = quoted(line).map(|text| Stated { text, line: number });
        }
        let is_test = word == "test" || line.contains("useJUnitPlatform");
        if is_test && manifest.tests.is_empty() {
            manifest.test("gradle test", number);
        }
    }
}

pub(super) fn cmake(manifest: &mut Manifest, text: &str) {
    for (idx, raw) in text.lines().enumerate() {
        let (line, number) = (raw.trim(), idx as u32 + 1);
        let Some((command, rest)) = line.split_once('(') else {
            continue;
        };
        let first = rest
            .split([' ', ')', '\n'])
            .find(|word| !word.is_empty())
            .unwrap_or("");
        let command = command.trim().to_ascii_lowercase();
        if (first.is_empty() && command != "enable_testing") || first.contains('$') {
            continue;
        }
        match command.as_str() {
            "project" => {
                manifest.name = Some(Stated {
                    text: first.to_owned(),
                    line: number,
                });
                if rest.contains("DESCRIPTION") {
                    manifest.description = quoted(rest).map(|text| Stated { text, line: number });
                }
            }
            "find_package" => manifest.depend("runtime", vec![first.to_owned()], number),
            "add_executable" => manifest.entry(format!("executable {first}"), number),
            "add_library" => manifest.entry(format!("library {first}"), number),
            "include" if first == "CTest" => manifest.test("ctest", number),
            "enable_testing" | "add_test" if manifest.tests.is_empty() => {
                manifest.test("ctest", number);
            }
            _ => {}
        }
    }
}

pub(super) fn makefile(manifest: &mut Manifest, text: &str) {
    for (idx, line) in text.lines().enumerate() {
        let target = line.split(':').next().unwrap_or("");
        let is_rule =
            line.contains(':') && !line.contains(":=") && !line.starts_with(['\t', '#', '.']);
        for name in target.split_whitespace().filter(|_| is_rule) {
            if matches!(name, "test" | "tests" | "check") {
                manifest.test(format!("make {name}"), idx as u32 + 1);
            }
        }
    }
}
