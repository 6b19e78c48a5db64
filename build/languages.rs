//! Turns `grammars/<language>/language.toml` into the static table that
//! `src/code/syntax/language.rs` includes.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageToml {
    title: String,
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
    #[serde(default)]
    merge_adjacent: bool,
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

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, tag = "rule")]
enum VisibilityToml {
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
}

impl Default for VisibilityToml {
    fn default() -> Self {
        VisibilityToml::Public
    }
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

/// Reads every language folder and writes `languages.rs` into `OUT_DIR`.
pub fn generate() {
    println!("cargo:rerun-if-changed=grammars");
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
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("languages.rs"), code).expect("OUT_DIR is writable");
}

fn language(folder: &Path) -> String {
    let name = folder.file_name().expect("a listed folder has a name").to_string_lossy();
    let path = folder.join("language.toml");
    let text = fs::read_to_string(&path).expect("a listed file can be read");
    let toml: LanguageToml = match toml::from_str(&text) {
        Ok(toml) => toml,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let query = fs::canonicalize(folder.join("symbols.scm"));
    let query = query.unwrap_or_else(|_| panic!("{} has no symbols.scm", folder.display()));
    let mut code = String::new();
    let content: Vec<_> = toml.content.iter().map(|(ext, words)| format!("({ext:?}, &{words:?})")).collect();
    write!(
        code,
        "Language {{ name: {name:?}, title: {:?}, extensions: &{:?}, filenames: &{:?}, \
         shebangs: &{:?}, content: &[{}], separator: {:?}, max_depth: {}, merge_adjacent: {}, \
         split_names: {}, preprocessor: {}, \
         visibility: {}, tests: TestRule {{ attributes: &{:?}, name_prefixes: &{:?}, \
         type_prefixes: &{:?} }}, grammar: || {}.into(), query_source: include_str!({:?}), \
         loaded: OnceLock::new() }},\n",
        toml.title,
        toml.extensions,
        toml.filenames,
        toml.shebangs,
        content.join(", "),
        toml.separator,
        toml.max_depth,
        toml.merge_adjacent,
        toml.split_names,
        preprocessor(toml.preprocessor.as_ref()),
        visibility(&toml.visibility),
        toml.tests.attributes,
        toml.tests.name_prefixes,
        toml.tests.type_prefixes,
        toml.grammar,
        query.display().to_string(),
    )
    .expect("writing to a string cannot fail");
    code
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
