//! Manifests in TOML and JSON.

use super::{Manifest, Stated, line_with, requirement};
use serde_json::Value as Json;
use toml::{Table, Value};

pub(super) fn cargo(manifest: &mut Manifest, text: &str) {
    let Ok(table) = text.parse::<Table>() else {
        return;
    };
    let package_line = line_with(text, "[package]", 1);
    let package = table.get("package").and_then(Value::as_table);
    let field = |name: &str| {
        package
            .and_then(|package| package.get(name))
            .and_then(Value::as_str)
    };
    manifest.name = stated(text, field("name"), "name", package_line);
    manifest.description = stated(text, field("description"), "description", package_line);
    for kind in ["bin", "lib"] {
        let targets = match table.get(kind) {
            Some(Value::Array(targets)) => targets.clone(),
            Some(target @ Value::Table(_)) => vec![target.clone()],
            _ => Vec::new(),
        };
        for target in targets {
            let field = |name: &str| target.get(name).and_then(Value::as_str).map(str::to_owned);
            let (name, path) = (field("name"), field("path"));
            let line = line_with(text, &format!("[{kind}]"), 1);
            if let Some(shown) = path.clone().or(name.clone()) {
                let line = line_with(text, &shown, line);
                let name = name
                    .filter(|_| path.is_some())
                    .map_or(String::new(), |name| format!(" {name}"));
                manifest.entry(format!("{kind}{name}: {shown}"), line);
            }
        }
    }
    let tables = [
        ("runtime", "dependencies"),
        ("dev", "dev-dependencies"),
        ("build", "build-dependencies"),
    ];
    for (sort, key) in tables {
        keys(manifest, text, table.get(key), sort, &format!("[{key}]"));
        for target in table
            .get("target")
            .and_then(Value::as_table)
            .into_iter()
            .flat_map(Table::values)
        {
            keys(manifest, text, target.get(key), sort, key);
        }
    }
    if let Some(workspace) = table.get("workspace") {
        keys(
            manifest,
            text,
            workspace.get("dependencies"),
            "workspace",
            "[workspace.dependencies]",
        );
        manifest.test("cargo test --workspace", line_with(text, "[workspace]", 1));
    } else if package.is_some() {
        manifest.test("cargo test", package_line);
    }
}

pub(super) fn pyproject(manifest: &mut Manifest, text: &str) {
    let Ok(table) = text.parse::<Table>() else {
        return;
    };
    let at = |path: &[&str]| {
        path.iter()
            .try_fold(&table, |table, key| table.get(*key)?.as_table())
    };
    for place in [&["project"][..], &["tool", "poetry"]] {
        let Some(project) = at(place) else { continue };
        let header = line_with(text, &format!("[{}]", place.join(".")), 1);
        let field = |name: &str| project.get(name).and_then(Value::as_str);
        manifest.name = manifest
            .name
            .take()
            .or(stated(text, field("name"), "name", header));
        let description = stated(text, field("description"), "description", header);
        manifest.description = manifest.description.take().or(description);
        array(
            manifest,
            text,
            project.get("dependencies"),
            "runtime",
            header,
        );
        keys(
            manifest,
            text,
            project.get("dependencies"),
            "runtime",
            "dependencies]",
        );
        for (name, target) in project
            .get("scripts")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            let line = line_with(text, "scripts]", 1);
            let target = target.as_str().unwrap_or_default();
            manifest.entry(format!("{name}: {target}"), line_with(text, name, line));
        }
        for (name, list) in project
            .get("optional-dependencies")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            let line = line_with(text, "optional-dependencies", 1);
            array(
                manifest,
                text,
                Some(list),
                &format!("optional {name}"),
                line,
            );
        }
        for (name, group) in project
            .get("group")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            keys(
                manifest,
                text,
                group.get("dependencies"),
                name,
                &format!("group.{name}."),
            );
        }
    }
    for (name, list) in at(&["dependency-groups"]).into_iter().flatten() {
        let line = line_with(text, "[dependency-groups]", 1);
        array(manifest, text, Some(list), name, line);
    }
    if at(&["tool", "pytest"]).is_some() {
        manifest.test("pytest", line_with(text, "[tool.pytest", 1));
    }
    if at(&["tool", "tox"]).is_some() {
        manifest.test("tox", line_with(text, "[tool.tox", 1));
    }
}

pub(super) fn package_json(manifest: &mut Manifest, text: &str) {
    let Ok(json) = serde_json::from_str::<Json>(text) else {
        return;
    };
    let field = |name: &str| json.get(name).and_then(Json::as_str);
    manifest.name = stated(text, field("name"), "\"name\"", 1);
    manifest.description = stated(text, field("description"), "\"description\"", 1);
    for key in ["bin", "main", "module", "exports"] {
        let line = line_with(text, &format!("\"{key}\""), 1);
        match json.get(key) {
            Some(Json::String(path)) => manifest.entry(format!("{key}: {path}"), line),
            Some(Json::Object(paths)) if key == "bin" => {
                for (name, path) in paths {
                    let path = path.as_str().unwrap_or_default();
                    manifest.entry(
                        format!("bin {name}: {path}"),
                        line_with(text, &format!("\"{name}\""), line),
                    );
                }
            }
            Some(Json::Object(paths)) => {
                let names: Vec<&str> = paths.keys().take(8).map(String::as_str).collect();
                manifest.entry(format!("{key}: {}", names.join(", ")), line);
            }
            _ => {}
        }
    }
    let sorts = [
        ("runtime", "dependencies"),
        ("peer", "peerDependencies"),
        ("optional", "optionalDependencies"),
        ("dev", "devDependencies"),
    ];
    json_groups(manifest, text, &json, &sorts);
    json_scripts(manifest, text, &json);
}

pub(super) fn composer_json(manifest: &mut Manifest, text: &str) {
    let Ok(json) = serde_json::from_str::<Json>(text) else {
        return;
    };
    let field = |name: &str| json.get(name).and_then(Json::as_str);
    manifest.name = stated(text, field("name"), "\"name\"", 1);
    manifest.description = stated(text, field("description"), "\"description\"", 1);
    json_groups(
        manifest,
        text,
        &json,
        &[("runtime", "require"), ("dev", "require-dev")],
    );
    json_scripts(manifest, text, &json);
}

fn json_groups(manifest: &mut Manifest, text: &str, json: &Json, sorts: &[(&str, &str)]) {
    for (sort, key) in sorts {
        if let Some(names) = json.get(key).and_then(Json::as_object) {
            let names = names.keys().cloned().collect();
            manifest.depend(*sort, names, line_with(text, &format!("\"{key}\""), 1));
        }
    }
}

fn json_scripts(manifest: &mut Manifest, text: &str, json: &Json) {
    let Some(scripts) = json.get("scripts").and_then(Json::as_object) else {
        return;
    };
    let from = line_with(text, "\"scripts\"", 1);
    for (name, script) in scripts
        .iter()
        .filter(|(name, _)| name.starts_with("test"))
        .take(6)
    {
        let shown = match script {
            Json::String(script) => script.clone(),
            other => other.to_string(),
        };
        manifest.test(
            format!("{name}: {shown}"),
            line_with(text, &format!("\"{name}\""), from),
        );
    }
}

fn stated(text: &str, value: Option<&str>, key: &str, from: u32) -> Option<Stated> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    Some(Stated {
        text: value.to_owned(),
        line: line_with(text, key, from),
    })
}

/// Dependencies that are the keys of a table.
fn keys(manifest: &mut Manifest, text: &str, table: Option<&Value>, sort: &str, header: &str) {
    let Some(table) = table.and_then(Value::as_table) else {
        return;
    };
    let names: Vec<String> = table
        .keys()
        .filter(|name| *name != "python")
        .cloned()
        .collect();
    manifest.depend(sort, names, line_with(text, header, 1));
}

/// Dependencies that are a list of requirements.
fn array(manifest: &mut Manifest, text: &str, list: Option<&Value>, sort: &str, from: u32) {
    let Some(list) = list.and_then(Value::as_array) else {
        return;
    };
    let names: Vec<String> = list
        .iter()
        .filter_map(Value::as_str)
        .filter_map(requirement)
        .collect();
    if let Some(first) = names.first() {
        let line = line_with(text, first, from);
        manifest.depend(sort, names, line);
    }
}
