//! Turns `grammars/<language>/language.toml` into the static table that
//! `src/code/syntax/language.rs` includes.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageToml {
    title: String,
    /// A language whose query goes before this one's own (TypeScript's before TSX's).
    #[serde(default)]
    extends: Option<String>,
    grammar: String,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    filenames: Vec<String>,
    #[serde(default)]
    shebangs: Vec<String>,
    #[serde(default)]
    content: BTreeMap<String, Vec<String>>,
    #[serde(default = "dot")]
    separator: String,
    #[serde(default = "deep")]
    max_depth: usize,
    #[serde(default = "many")]
    max_symbols: usize,
    #[serde(default)]
    merge_adjacent: bool,
    #[serde(default)]
    docs_after: Vec<String>,
    #[serde(default)]
    split_names: bool,
    preprocessor: Option<PreprocessorToml>,
    #[serde(default)]
    visibility: VisibilityToml,
    #[serde(default)]
    tests: TestsToml,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PreprocessorToml {
    constructors: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, tag = "rule")]
enum VisibilityToml {
    #[default]
    Public,
    Words {
        #[serde(default)]
        public: Vec<String>,
        #[serde(default)]
        private: Vec<String>,
        #[serde(default)]
        private_outside_types: Vec<String>,
        #[serde(default)]
        private_by_default_in: Vec<String>,
        default: String,
    },
    Capitalized,
    Underscore,
    Export,
    Listed,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct TestsToml {
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    name_prefixes: Vec<String>,
    #[serde(default)]
    type_prefixes: Vec<String>,
}

fn dot() -> String {
    ".".to_owned()
}

fn deep() -> usize {
    64
}

fn many() -> usize {
    usize::MAX
}

/// Reads every language folder and writes `languages.rs` into `out`.
pub fn write_table(out: &Path) {
    println!("cargo::rerun-if-changed=grammars");
    let mut folders: Vec<_> = fs::read_dir("grammars")
        .expect("the package has a folder `grammars`")
        .map(|entry| entry.expect("`grammars` can be read").path())
        .filter(|path| path.join("language.toml").is_file())
        .collect();
    folders.sort();
    let mut code = format!("static LANGUAGES: [Language; {}] = [\n", folders.len());
    for folder in &folders {
        code.push_str(&language(folder));
    }
    code.push_str("];\n");
    fs::write(out.join("languages.rs"), code).expect("OUT_DIR is writable");
}

fn language(folder: &Path) -> String {
    let name = folder
        .file_name()
        .expect("a listed folder has a name")
        .to_string_lossy();
    let path = folder.join("language.toml");
    let text = fs::read_to_string(&path).expect("a listed file can be read");
    let toml: LanguageToml = match toml::from_str(&text) {
        Ok(toml) => toml,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let base = toml
        .extends
        .iter()
        .map(|base| query(&folder.with_file_name(base)));
    let queries: Vec<_> = base.chain([query(folder)]).collect();
    let mut code = String::new();
    let content: Vec<_> = toml
        .content
        .iter()
        .map(|(ext, words)| format!("({ext:?}, &{words:?})"))
        .collect();
    writeln!(
        code,
        "Language {{ name: {name:?}, title: {:?}, extensions: &{:?}, filenames: &{:?}, \
         shebangs: &{:?}, content: &[{}], separator: {:?}, max_depth: {}, max_symbols: {}, \
         merge_adjacent: {}, docs_after: &{:?}, split_names: {}, preprocessor: {}, \
         visibility: {}, tests: TestRule {{ attributes: &{:?}, name_prefixes: &{:?}, \
         type_prefixes: &{:?} }}, grammar: || {}.into(), query_source: concat!({}), \
         loaded: OnceLock::new() }},",
        toml.title,
        toml.extensions,
        toml.filenames,
        toml.shebangs,
        content.join(", "),
        toml.separator,
        toml.max_depth,
        toml.max_symbols,
        toml.merge_adjacent,
        toml.docs_after,
        toml.split_names,
        preprocessor(toml.preprocessor.as_ref()),
        visibility(&toml.visibility),
        toml.tests.attributes,
        toml.tests.name_prefixes,
        toml.tests.type_prefixes,
        toml.grammar,
        queries.join(", "),
    )
    .expect("writing to a string cannot fail");
    code
}

/// Code that includes the query file of a language.
fn query(folder: &Path) -> String {
    let path = fs::canonicalize(folder.join("symbols.scm"));
    let path = path.unwrap_or_else(|_| panic!("{} has no symbols.scm", folder.display()));
    format!("include_str!({:?})", path.display().to_string())
}

fn preprocessor(toml: Option<&PreprocessorToml>) -> String {
    match toml {
        Some(PreprocessorToml { constructors }) => {
            format!("Some(Dialect {{ constructors: {constructors} }})")
        }
        None => "None".to_owned(),
    }
}

fn visibility(rule: &VisibilityToml) -> String {
    match rule {
        VisibilityToml::Public => "VisibilityRule::Public".to_owned(),
        VisibilityToml::Capitalized => "VisibilityRule::Capitalized".to_owned(),
        VisibilityToml::Underscore => "VisibilityRule::Underscore".to_owned(),
        VisibilityToml::Export => "VisibilityRule::Export".to_owned(),
        VisibilityToml::Listed => "VisibilityRule::Listed".to_owned(),
        VisibilityToml::Words {
            public,
            private,
            private_outside_types,
            private_by_default_in,
            default,
        } => format!(
            "VisibilityRule::Words(Words {{ public: &{public:?}, private: &{private:?}, \
             private_outside_types: &{private_outside_types:?}, \
             private_by_default_in: &{private_by_default_in:?}, default_public: {} }})",
            default == "public"
        ),
    }
}
