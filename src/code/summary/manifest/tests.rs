//! Manifests as people write them.

use super::*;

fn groups(manifest: &Manifest) -> Vec<(String, String, u32)> {
    manifest
        .dependencies
        .iter()
        .map(|group| (group.sort.clone(), group.names.join(" "), group.line))
        .collect()
}

#[test]
fn cargo() {
    let text = "[package]\nname = \"shop\"\ndescription = \"Sells\"\n\n[[bin]]\nname = \"till\"\npath = \"src/till.rs\"\n\n[dependencies]\nserde = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n";
    let manifest = read("a/Cargo.toml", text).unwrap();
    assert_eq!(manifest.name.as_ref().unwrap().text, "shop");
    assert_eq!(manifest.description.as_ref().unwrap().line, 3);
    assert_eq!(
        manifest.entries,
        [Stated {
            text: "bin till: src/till.rs".into(),
            line: 7
        }]
    );
    assert_eq!(
        groups(&manifest),
        [
            ("runtime".into(), "serde".into(), 9),
            ("dev".into(), "proptest".into(), 11)
        ]
    );
    assert_eq!(manifest.tests[0].text, "cargo test");
}

#[test]
fn python() {
    let text = "[project]\nname = \"shop\"\ndescription = \"Sells\"\ndependencies = [\n  \"click>=8\",\n]\n[project.scripts]\nshop = \"shop:main\"\n[dependency-groups]\ndev = [\"ruff\"]\n[tool.pytest.ini_options]\n";
    let manifest = read("pyproject.toml", text).unwrap();
    assert_eq!(
        groups(&manifest),
        [
            ("runtime".into(), "click".into(), 5),
            ("dev".into(), "ruff".into(), 10)
        ]
    );
    assert_eq!(manifest.entries[0].line, 8);
    assert_eq!(
        manifest.tests,
        [Stated {
            text: "pytest".into(),
            line: 11
        }]
    );
    let cfg = "[metadata]\nname = shop\n[options]\ninstall_requires =\n    click>=8\n    jinja2\n";
    assert_eq!(
        groups(&read("setup.cfg", cfg).unwrap()),
        [("runtime".into(), "click jinja2".into(), 5)]
    );
    let setup = "setup(\n    name=\"shop\",\n    install_requires=[\"click>=8\", \"jinja2\"],\n)\n";
    assert_eq!(
        groups(&read("setup.py", setup).unwrap()),
        [("runtime".into(), "click jinja2".into(), 3)]
    );
}

#[test]
fn javascript_and_php() {
    let text = "{\n \"name\": \"shop\",\n \"bin\": {\"till\": \"till.js\"},\n \"scripts\": {\"test\": \"vitest\"},\n \"dependencies\": {\"b\": \"1\", \"a\": \"1\"}\n}\n";
    let manifest = read("package.json", text).unwrap();
    assert_eq!(manifest.entries[0].text, "bin till: till.js");
    assert_eq!(
        manifest.tests,
        [Stated {
            text: "test: vitest".into(),
            line: 4
        }]
    );
    assert_eq!(manifest.dependencies[0].line, 5);
    let composer = "{\"name\": \"a/shop\", \"require\": {\"php\": \"8\"}}";
    assert_eq!(
        groups(&read("composer.json", composer).unwrap()),
        [("runtime".into(), "php".into(), 1)]
    );
}

#[test]
fn go_ruby_java_and_c() {
    let go = "module x.org/shop\n\nrequire (\n\tx.org/a v1\n\tx.org/b v1 // indirect\n)\n";
    assert_eq!(
        groups(&read("go.mod", go).unwrap()),
        [
            ("runtime".into(), "x.org/a".into(), 4),
            ("indirect".into(), "x.org/b".into(), 5)
        ]
    );
    let gem = "Gem::Specification.new do |s|\n  s.name = \"shop\"\n  s.summary = \"Sells\"\n  s.add_dependency(\"rack\", \">= 2\")\nend\n";
    let manifest = read("shop.gemspec", gem).unwrap();
    assert_eq!(manifest.description.as_ref().unwrap().text, "Sells");
    assert_eq!(groups(&manifest), [("runtime".into(), "rack".into(), 4)]);
    let pom = "<project>\n<parent><artifactId>up</artifactId></parent>\n<artifactId>shop</artifactId>\n<dependencies><dependency>\n<artifactId>junit</artifactId><scope>test</scope>\n</dependency></dependencies></project>\n";
    let manifest = read("pom.xml", pom).unwrap();
    assert_eq!(manifest.name.as_ref().unwrap().text, "shop");
    assert_eq!(groups(&manifest), [("test".into(), "junit".into(), 5)]);
    let gradle =
        "dependencies {\n  implementation 'g:guava:1'\n  testImplementation(\"j:junit:4\")\n}\n";
    assert_eq!(
        groups(&read("build.gradle", gradle).unwrap()),
        [
            ("runtime".into(), "guava".into(), 2),
            ("test".into(), "junit".into(), 3)
        ]
    );
    let cmake = "project(shop LANGUAGES C)\nfind_package(ZLIB REQUIRED)\nadd_executable(till till.c)\nenable_testing()\n";
    let manifest = read("CMakeLists.txt", cmake).unwrap();
    assert_eq!(manifest.entries[0].text, "executable till");
    assert_eq!(manifest.tests[0].text, "ctest");
    assert_eq!(read("Makefile", "all:\n\ttrue\n"), None);
}

#[test]
fn what_is_broken_says_nothing() {
    for (path, text) in [
        ("Cargo.toml", "[["),
        ("package.json", "{"),
        ("pom.xml", "<<<>"),
        ("notes.txt", "x"),
    ] {
        assert_eq!(read(path, text), None, "{path}");
    }
}
