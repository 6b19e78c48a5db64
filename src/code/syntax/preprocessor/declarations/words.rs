//! The words of C and C++ that a declaration is told by.

pub(super) const SPECIFIERS: &[&[u8]] = &[
    b"static",
    b"inline",
    b"extern",
    b"const",
    b"constexpr",
    b"consteval",
    b"constinit",
    b"virtual",
    b"explicit",
    b"friend",
    b"typedef",
    b"register",
    b"volatile",
    b"restrict",
    b"mutable",
    b"thread_local",
    b"_Thread_local",
    b"_Noreturn",
    b"__inline",
    b"__inline__",
    b"__extension__",
    b"__restrict",
    b"__volatile__",
    b"__forceinline",
    b"__thread",
    b"_Atomic",
    b"using",
];
pub(super) const PRIMITIVES: &[&[u8]] = &[
    b"void",
    b"char",
    b"int",
    b"float",
    b"double",
    b"long",
    b"short",
    b"signed",
    b"unsigned",
    b"bool",
    b"_Bool",
    b"auto",
    b"wchar_t",
    b"char8_t",
    b"char16_t",
    b"char32_t",
];
pub(super) const TAGS: &[&[u8]] = &[b"struct", b"union", b"enum", b"class", b"typename"];
/// Words whose parentheses belong to the grammar.
pub(super) const WITH_ARGUMENTS: &[&[u8]] = &[
    b"alignas",
    b"_Alignas",
    b"decltype",
    b"typeof",
    b"__typeof__",
    b"__typeof",
    b"__attribute__",
    b"__attribute",
    b"__declspec",
    b"static_assert",
    b"_Static_assert",
    b"noexcept",
    b"throw",
    b"requires",
    b"explicit",
    b"asm",
    b"__asm__",
    b"__asm",
    b"operator",
    b"if",
    b"for",
    b"while",
    b"switch",
    b"return",
    b"sizeof",
];
/// Words that go on with a declaration after its parameters.
pub(super) const AFTER_PARAMETERS: &[&[u8]] = &[
    b"const",
    b"volatile",
    b"noexcept",
    b"override",
    b"final",
    b"throw",
    b"try",
    b"requires",
    b"asm",
    b"__asm__",
    b"__asm",
    b"__attribute__",
    b"__attribute",
];

pub(super) fn is_keyword(word: &[u8]) -> bool {
    SPECIFIERS.contains(&word)
        || PRIMITIVES.contains(&word)
        || TAGS.contains(&word)
        || matches!(
            word,
            b"template" | b"namespace" | b"public" | b"private" | b"protected" | b"concept"
        )
}

/// Whether `word` looks like a macro: `LIB_API`, `__weak`.
pub(super) fn is_macro(word: &[u8]) -> bool {
    is_macro_word(word) || (word.starts_with(b"__") && word.len() > 2)
}

/// Whether `word` is in capitals: `LIB_API`.
pub(super) fn is_macro_word(word: &[u8]) -> bool {
    let shouted = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    word.len() >= 3 && word[0].is_ascii_uppercase() | (word[0] == b'_') && word.iter().all(shouted)
}
