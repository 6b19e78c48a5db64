//! Manifests that are read line by line.

use super::{Manifest, Stated, quoted, requirement};

pub(super) fn go_mod(manifest: &mut Manifest, text: &str) {
    let mut is_in_block = false;
    for (idx, raw) in text.lines().enumerate() {
        let number = idx as u32 + 1;
        let line = raw.split("//").next().unwrap_or("").trim();
        let is_indirect = raw.contains("// indirect");
        if let Some(module) = line.strip_prefix("module ") {
            manifest.name = Some(Stated {
                text: module.trim().to_owned(),
                line: number,
            });
            manifest.test("go test ./...", number);
        }
        let required = match line.strip_prefix("require ") {
            Some("(") => {
                is_in_block = true;
                continue;
            }
            Some(one) => Some(one),
            None if line == ")" => {
                is_in_block = false;
                None
            }
            None => is_in_block.then_some(line).filter(|line| !line.is_empty()),
        };
        if let Some(name) = required.and_then(|line| line.split_whitespace().next()) {
            let sort = if is_indirect { "indirect" } else { "runtime" };
            manifest.depend(sort, vec![name.to_owned()], number);
        }
    }
}

pub(super) fn setup_cfg(manifest: &mut Manifest, text: &str) {
    let (mut section, mut key) = (String::new(), String::new());
    for (idx, raw) in text.lines().enumerate() {
        let number = idx as u32 + 1;
        let line = raw.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = name.to_owned();
            if section == "tool:pytest" {
                manifest.test("pytest", number);
            }
            continue;
        }
        let value = if raw.starts_with([' ', '\t']) {
            line
        } else {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            key = name.trim().to_owned();
            value.trim()
        };
        if value.is_empty() {
            continue;
        }
        let stated = || {
            Some(Stated {
                text: value.to_owned(),
                line: number,
            })
        };
        match (section.as_str(), key.as_str()) {
            ("metadata", "name") => manifest.name = stated(),
            ("metadata", "description" | "summary") => manifest.description = stated(),
            ("options", "install_requires") => {
                manifest.depend("runtime", requirement(value).into_iter().collect(), number);
            }
            ("options", "tests_require") => {
                manifest.depend("dev", requirement(value).into_iter().collect(), number);
            }
            ("options.extras_require", extra) => {
                let names = requirement(value).into_iter().collect();
                manifest.depend(format!("optional {extra}"), names, number);
            }
            ("options.entry_points", _) if value.contains('=') => manifest.entry(value, number),
            _ => {}
        }
    }
}

pub(super) fn setup_py(manifest: &mut Manifest, text: &str) {
    let mut is_requires = None;
    for (idx, raw) in text.lines().enumerate() {
        let number = idx as u32 + 1;
        let line = raw.trim();
        let key: String = line
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let is_set = line[key.len()..].trim_start().starts_with('=');
        if is_set {
            is_requires = None;
            let value = quoted(line).map(|text| Stated { text, line: number });
            match key.as_str() {
                "name" if manifest.name.is_none() => manifest.name = value,
                "description" if manifest.description.is_none() => manifest.description = value,
                "install_requires" => is_requires = Some("runtime"),
                "tests_require" => is_requires = Some("dev"),
                _ => {}
            }
        }
        if let Some(sort) = is_requires {
            let quotes = line.split(['"', '\'']).skip(1).step_by(2);
            let names = quotes.filter_map(requirement).collect();
            manifest.depend(sort, names, number);
            if line.contains(']') {
                is_requires = None;
            }
        }
    }
}

pub(super) fn requirements(manifest: &mut Manifest, text: &str, name: &str) {
    let sort = match name
        .trim_start_matches("requirements")
        .trim_end_matches(".txt")
    {
        "" => "runtime",
        rest => rest.trim_matches(['-', '_', '.']),
    };
    for (idx, line) in text.lines().enumerate() {
        if !line.starts_with(['#', '-', ' ']) {
            let names = requirement(line).into_iter().collect();
            manifest.depend(sort, names, idx as u32 + 1);
        }
    }
}

pub(super) fn gemfile(manifest: &mut Manifest, text: &str) {
    for (idx, raw) in text.lines().enumerate() {
        let line = raw.trim();
        if line.starts_with("gem ") || line.starts_with("gem(") {
            manifest.depend(
                "Gemfile",
                quoted(line).into_iter().collect(),
                idx as u32 + 1,
            );
        }
    }
}

pub(super) fn gemspec(manifest: &mut Manifest, text: &str) {
    for (idx, raw) in text.lines().enumerate() {
        let (line, number) = (raw.trim(), idx as u32 + 1);
        let Some((_, call)) = line.split_once('.') else {
            continue;
        };
        let key: String = call
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let value = quoted(call);
        let stated = |text: String| Stated { text, line: number };
        match key.as_str() {
            "name" => manifest.name = value.map(stated),
            "summary" => manifest.description = value.map(stated),
            "description" if manifest.description.is_none() => {
                manifest.description = value.map(stated);
            }
            "executables" => {
                if let Some(name) = value {
                    manifest.entry(format!("executable {name}"), number);
                }
            }
            "add_dependency" | "add_runtime_dependency" => {
                manifest.depend("runtime", value.into_iter().collect(), number);
            }
            "add_development_dependency" => {
                manifest.depend("dev", value.into_iter().collect(), number);
            }
            _ => {}
        }
    }
}

pub(super) fn rakefile(manifest: &mut Manifest, text: &str) {
    for (idx, raw) in text.lines().enumerate() {
        let line = raw.trim();
        let names = [
            "task :test",
            "task test",
            "Rake::TestTask",
            "RSpec::Core::RakeTask",
            "task :spec",
        ];
        if names.iter().any(|name| line.contains(name)) {
            let task = if line.contains("spec") || line.contains("RSpec") {
                "spec"
            } else {
                "test"
            };
            manifest.test(format!("rake {task}"), idx as u32 + 1);
            return;
        }
    }
}

pub(super) fn tox(manifest: &mut Manifest, text: &str) {
    let found = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.starts_with("[testenv"));
    if let Some((idx, _)) = found {
        manifest.test("tox", idx as u32 + 1);
    }
}
