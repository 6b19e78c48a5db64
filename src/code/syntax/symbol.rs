//! What a parse of one file yields: symbols, references and imports, as plain structs of
//! byte ranges into the text that was parsed.

use super::signature::signature_line;
use std::ops::Range;

/// Declares [`SymbolKind`] once: variant, the word used in queries, JSON and `--kind`, and
/// the abbreviation that outlines print in front of a bare name.
macro_rules! symbol_kinds {
    ($($variant:ident $word:literal $short:literal,)*) => {
        /// The kind of a [`Symbol`], in the words of the field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum SymbolKind { $(#[doc = concat!("`", $word, "`")] $variant,)* }

        impl SymbolKind {
            /// Every kind, in declaration order.
            pub const ALL: &[SymbolKind] = &[$(SymbolKind::$variant,)*];

            /// The word for this kind in queries, JSON and `--kind`.
            pub fn word(self) -> &'static str {
                match self { $(SymbolKind::$variant => $word,)* }
            }

            /// The short form that an outline prints in front of a bare name.
            pub fn short(self) -> &'static str {
                match self { $(SymbolKind::$variant => $short,)* }
            }

            /// The kind that `word` names, or `None`.
            pub fn from_word(word: &str) -> Option<SymbolKind> {
                match word { $($word => Some(SymbolKind::$variant),)* _ => None }
            }
        }
    };
}

symbol_kinds! {
    Module "module" "mod",
    Namespace "namespace" "namespace",
    Package "package" "package",
    Class "class" "class",
    Struct "struct" "struct",
    Union "union" "union",
    Enum "enum" "enum",
    Variant "variant" "variant",
    Interface "interface" "interface",
    Trait "trait" "trait",
    Impl "impl" "impl",
    Extension "extension" "extension",
    Object "object" "object",
    Type "type" "type",
    Function "function" "fn",
    Method "method" "fn",
    Constructor "constructor" "fn",
    Macro "macro" "macro",
    Constant "constant" "const",
    Variable "variable" "var",
    Field "field" "field",
    Property "property" "prop",
    Event "event" "event",
    Heading "heading" "heading",
    Key "key" "key",
    Table "table" "table",
    Block "block" "block",
    Rule "rule" "rule",
    Target "target" "target",
    Stage "stage" "stage",
    Element "element" "element",
    Message "message" "message",
    Service "service" "service",
    Rpc "rpc" "rpc",
}

impl SymbolKind {
    /// Whether a function written directly inside a symbol of this kind is a method.
    pub fn has_methods(self) -> bool {
        use SymbolKind::*;
        matches!(
            self,
            Class | Struct | Union | Enum | Variant | Interface | Trait | Impl | Extension | Object
        )
    }

    /// Whether this kind is something one can call.
    pub fn is_callable(self) -> bool {
        use SymbolKind::*;
        matches!(self, Function | Method | Constructor | Macro | Rpc)
    }

    /// Whether this kind declares a type.
    pub fn is_type(self) -> bool {
        use SymbolKind::*;
        matches!(
            self,
            Class | Struct | Union | Enum | Interface | Trait | Object | Type | Message
        )
    }

    /// Whether this kind names a value: inside a function it is of no use to anyone else.
    pub fn is_value(self) -> bool {
        use SymbolKind::*;
        matches!(self, Variable | Constant | Field | Property)
    }

    /// Whether this kind is a part of a larger declaration rather than one of its own: it
    /// adds little to an outline and is shown last.
    pub fn is_member_data(self) -> bool {
        use SymbolKind::*;
        matches!(self, Field | Property | Variant | Key | Element)
    }
}

/// Who can reach a symbol, as far as its own declaration says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Visibility {
    /// Reachable from outside its module, package or file.
    Public,
    /// Everything narrower.
    Private,
}

/// A range of lines, 1-based, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lines {
    /// First line.
    pub start: u32,
    /// Last line, never smaller than `start`.
    pub end: u32,
}

/// One definition in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What it is.
    pub kind: SymbolKind,
    /// Its own name, without the names around it.
    pub name: String,
    /// The name with the names of the scopes around it, joined by the language's separator.
    pub qualified_name: String,
    /// Index of the symbol it stands in, always smaller than its own index.
    pub parent: Option<u32>,
    /// Bytes of the whole definition, with its attributes and decorators, without its doc
    /// comment when that stands before it.
    pub span: Range<usize>,
    /// Lines of `span`.
    pub lines: Lines,
    /// Bytes of the signature: from its first keyword to the start of the body.
    pub signature: Range<usize>,
    /// Bytes of its documentation, comment markers included.
    pub doc: Option<Range<usize>>,
    /// Bytes of the body, when the signature is not all there is.
    pub body: Option<Range<usize>>,
    /// Bytes of the name where it is written.
    pub name_span: Range<usize>,
    /// Who can reach it.
    pub visibility: Visibility,
    /// Whether it is a test or stands inside one.
    pub is_test: bool,
}

impl Symbol {
    /// Its signature on one line; `text` is what was parsed.
    ///
    /// Where the name stands after the body, as in `typedef struct {…} Point`, that is what
    /// stands on both sides of the body.
    pub fn signature_line(&self, text: &str) -> String {
        let lead = &text[self.signature.clone()];
        match &self.body {
            Some(body) if body.end <= self.name_span.start && body.end < self.span.end => {
                let (lead, rest) = (lead.trim_end(), text[body.end..self.span.end].trim());
                signature_line(&format!("{lead} {{…}} {rest}"))
            }
            _ => signature_line(lead),
        }
    }
}

/// What kind of use a [`Reference`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A call of a function, method, constructor or macro.
    Call,
    /// A type named in a signature, a field, an expression.
    Type,
    /// A base class, an implemented interface or trait.
    Base,
    /// Any other use of a name.
    Use,
}

/// One use of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What kind of use it is.
    pub kind: ReferenceKind,
    /// The name as written, its last part only (`c` of `a.b.c()`).
    pub name: String,
    /// Line, 1-based.
    pub line: u32,
    /// Bytes of the name.
    pub span: Range<usize>,
    /// Index of the innermost symbol it stands in.
    pub within: Option<u32>,
}

/// One import, include, use or require.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// What is imported, as written without quotes: `std::io`, `./view.js`, `stdio.h`.
    pub path: String,
    /// Line, 1-based.
    pub line: u32,
}

/// Everything known about one parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSyntax {
    /// Bytes of what the file says of itself at its top, comment markers included.
    pub doc: Option<Range<usize>>,
    /// Definitions in source order, parents before children.
    pub symbols: Vec<Symbol>,
    /// Uses of names in source order; empty unless they were asked for.
    pub references: Vec<Reference>,
    /// Imports in source order.
    pub imports: Vec<Import>,
    /// What went wrong, in words for a reader.
    pub notes: Vec<String>,
}
