//! What resolving a name must know of a language: which languages share names, and where a
//! bare name may come from.

use crate::code::syntax::Language;

/// How a language finds what a bare name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Languages that call each other directly have one family.
    pub family: &'static str,
    /// A bare `foo()` may be a method of the type around it.
    pub implicit_self: bool,
    /// Files of one folder see each other's names.
    pub shares_folder: bool,
    /// A bare name of another file must be imported by name, or by a wildcard.
    pub explicit_imports: bool,
    /// An import of a folder means its files, not those of its subfolders.
    pub flat_packages: bool,
    /// Whether its symbols are code at all, rather than headings or keys of data.
    pub is_code: bool,
}

/// The habits of `language`; those of prose for `None`.
pub fn habits(language: Option<&'static Language>) -> Habits {
    let name = language.map_or("", |language| language.name);
    let loose = Habits {
        family: language.map_or("", |language| language.name),
        implicit_self: false,
        shares_folder: false,
        explicit_imports: false,
        flat_packages: false,
        is_code: true,
    };
    let strict = Habits {
        explicit_imports: true,
        ..loose
    };
    let package = Habits {
        shares_folder: true,
        flat_packages: true,
        ..strict
    };
    let with_self = |habits: Habits, family: &'static str| Habits {
        implicit_self: true,
        family,
        ..habits
    };
    match name {
        "python" | "rust" | "elixir" | "julia" => strict,
        "javascript" | "typescript" | "tsx" => Habits {
            family: "javascript",
            ..strict
        },
        "go" => package,
        "java" | "kotlin" | "scala" => with_self(package, "java"),
        "c" => Habits {
            family: "c",
            ..loose
        },
        "cpp" => with_self(loose, "c"),
        "c-sharp" | "ruby" | "swift" | "dart" => with_self(loose, loose.family),
        "php" => Habits {
            shares_folder: true,
            ..strict
        },
        "" | "markdown" | "json" | "yaml" | "toml" | "html" | "css" | "dockerfile" => Habits {
            is_code: false,
            ..loose
        },
        _ => loose,
    }
}
