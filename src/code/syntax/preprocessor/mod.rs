//! Makes C and C++ readable for a parser that runs no preprocessor.
//!
//! A grammar sees `EXPORT(int) f(void) LOCKED {` or an `#ifdef` that cuts a function head in two
//! as errors, and one such error can hide the rest of the file. [`tame`] overwrites what only
//! the preprocessor understands, so that the parser meets plain declarations. The text keeps
//! its length and its lines: every byte range of the tree is valid in the original, and names
//! and signatures are read from there.
//!
//! Nothing is expanded and no header is read. What looks like a macro is decided by where it
//! stands: between declarations, or as one word too many in the head of one.

mod conditionals;
mod declarations;
mod lexer;

use lexer::Token;
use std::borrow::Cow;
use std::ops::Range;

/// What [`tame`] must know of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// A function may stand without a type: there are classes with constructors.
    pub constructors: bool,
}

/// A text made ready for a grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared<'a> {
    /// As long as the original.
    pub text: Cow<'a, str>,
    /// The bodies of functions with their braces, in order, where they are known.
    pub bodies: Vec<Range<usize>>,
}

/// `text`, overwritten in place where the parser would stumble.
pub fn tame(text: &str, dialect: Dialect) -> Prepared<'static> {
    let mut source = Source {
        bytes: text.as_bytes().to_vec(),
        tokens: Vec::new(),
    };
    lexer::lex(&mut source);
    conditionals::choose(&mut source);
    let bodies = declarations::clean(&mut source, dialect);
    let text = String::from_utf8(source.bytes);
    let text = Cow::Owned(text.expect("whole tokens and comments are overwritten by ASCII"));
    Prepared { text, bodies }
}

/// The text on its way to being tame, with its tokens.
struct Source {
    bytes: Vec<u8>,
    tokens: Vec<Token>,
}

impl Source {
    fn text(&self, token: &Token) -> &[u8] {
        &self.bytes[token.start..token.end]
    }

    /// Overwrites with spaces, keeping line ends.
    fn blank(&mut self, start: usize, end: usize) {
        for byte in &mut self.bytes[start..end] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(constructors: bool, text: &str, expected: &str) {
        let tamed = tame(text, Dialect { constructors }).text;
        assert_eq!(tamed.len(), text.len());
        let folded: Vec<&str> = tamed.split_whitespace().collect();
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(folded.join(" "), expected.join(" "));
    }

    #[test]
    fn plain_declarations_stay() {
        for text in [
            "static inline int f(struct a *b, int (*c)(void)) { return g(b); }",
            "int f(a, b) int a; char *b; { return a; }",
            "typedef struct a { int b; } a; a *x = { 1 }, y[2];",
            "void (*signal(int n, void (*f)(int)))(int);",
            "BOOL f(void) { MACRO(x) y(); }",
        ] {
            check(false, text, text);
        }
        for text in [
            "class A : public B<C> { A(int x) : x_(x), y{1} {} ~A(); operator bool() const; T operator()(int) noexcept override; };",
            "template <class T, int N = f(1)> std::vector<T>& A<T>::f(int x) const { return x; }",
            "A::A(int x) : b(x) {} int x{3}; auto f() -> decltype(g()) { }",
            "TEST(Suite, Name) { f(); }",
        ] {
            check(true, text, text);
        }
    }

    #[test]
    fn macros_in_heads_are_dropped() {
        check(
            false,
            "LIB_API thing_t *f(int x) LOCKED(x) { }",
            "thing_t *f(int x) { }",
        );
        check(false, "bool __weak f(void) { }", "bool f(void) { }");
        check(
            false,
            "static __printf(3, 4) void f(int x);",
            "static void f(int x);",
        );
        check(false, "API(int) f(void) { }", "API f(void) { }");
        check(
            true,
            "class API A final : B { API explicit A(int x) : x(x) {} };",
            "class A final : B { explicit A(int x) : x(x) {} };",
        );
        check(
            true,
            "class A { EXPLICIT operator bool() const; };",
            "class A { operator bool() const; };",
        );
    }

    #[test]
    fn macros_between_declarations_are_dropped() {
        check(
            false,
            "module_init(start)\nint f(void) { }\nTEST_END\nint g(void);",
            "int f(void) { } int g(void);",
        );
        check(
            true,
            "LIB_BEGIN\nclass A {\n  Q_OBJECT\n  NON_NULL(3)\n  static int f();\n};",
            "class A { static int f(); };",
        );
    }

    #[test]
    fn macros_that_define_functions_keep_the_name() {
        check(
            false,
            "SYSCALL_DEFINE2(read, int, fd)\n{ }",
            "SYSCALL_DEFINE2(read ) { }",
        );
        check(
            true,
            "TEST_CASE(\"adds one\", \"[fast]\") { }",
            "TEST_CASE(_adds_one_ _fast_ ) { }"
                .replace(" _fast_ ", ", __fast__")
                .as_str(),
        );
    }

    #[test]
    fn conditionals_that_cut_a_declaration_lose_all_but_one_branch() {
        check(
            false,
            "#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n}",
            "int f(int a) { }",
        );
        check(
            false,
            "int f(int a\n#ifdef A\n, int b\n#endif\n) { }",
            "int f(int a , int b ) { }",
        );
        check(false, "#if 0\ndon't\n#endif\nint x;", "#if 0 #endif int x;");
        let whole = "#ifdef A\nint f(void) { }\n#else\nint g(void) { }\n#endif\n";
        check(false, whole, whole);
    }

    #[test]
    fn comments_in_long_macros_are_dropped() {
        check(
            false,
            "#define F(x) \\\n  /* first\n   */ x\nint y;",
            "#define F(x) \\ \\ x int y;",
        );
    }

    #[test]
    fn hostile_input_is_survived() {
        for piece in [
            "(",
            "{",
            "#if 1\n",
            "a(",
            "class ",
            "\"",
            "R\"",
            "<",
            "#define \\\n",
            "}\n",
            "/*",
            "'",
            "a{},",
            "A():a{},",
            "operator ",
            "template<",
            "#if 1\n{\n#else\n",
        ] {
            let text = piece.repeat(20_000);
            assert_eq!(
                tame(&text, Dialect { constructors: true }).text.len(),
                text.len()
            );
        }
    }
}
