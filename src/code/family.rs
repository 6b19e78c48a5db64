//! Languages that use each other's symbols directly.

use super::syntax::Language;

/// The name of the family of a language: JavaScript and TypeScript are one, as are C and C++.
pub fn family(language: &'static Language) -> &'static str {
    match language.name {
        "javascript" | "typescript" | "tsx" => "javascript",
        "c" | "cpp" => "c",
        "java" | "kotlin" | "scala" => "java",
        name => name,
    }
}
