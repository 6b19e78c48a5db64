//! Every language on broken text: bytes of any sort, and corpus inputs with pieces taken out,
//! doubled, moved and repeated. `fuzz/` looks for longer in the same places.

use crate::oracle;
use crate::{corpus, syntax::language_of};
use ctx::code::files;
use ctx::code::outline::outline_text;
use ctx::code::syntax::{self, FileSyntax, Language, Wants, language};
use ctx::tokens::{Counter, Tokens};
use ctx::view::{Format, Level, pack, render};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fs;
use std::sync::LazyLock;

/// The language and the text of every corpus case.
static INPUTS: LazyLock<Vec<(&'static Language, String)>> = LazyLock::new(|| {
    let cases = corpus::cases("syntax");
    let inputs = cases.iter().map(|case| {
        let language = language_of(case.file_name().unwrap().to_str().unwrap());
        (language, fs::read_to_string(corpus::input(case)).unwrap())
    });
    inputs.collect()
});

/// One change of a text, at places given as fractions of it.
#[derive(Clone, Debug)]
enum Edit {
    Delete(Index, Index),
    Double(Index, Index),
    Truncate(Index),
    Move(Index, Index, Index),
    Insert(Index, &'static str),
    Repeat(Index, Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), at()).prop_map(|(a, b)| Edit::Delete(a, b)),
        2 => (at(), at()).prop_map(|(a, b)| Edit::Double(a, b)),
        1 => at().prop_map(Edit::Truncate),
        2 => (at(), at(), at()).prop_map(|(a, b, c)| Edit::Move(a, b, c)),
        3 => (at(), select(INSERTS)).prop_map(|(a, text)| Edit::Insert(a, text)),
        1 => (at(), at(), 2..60_usize).prop_map(|(a, b, times)| Edit::Repeat(a, b, times)),
    ]
}

const INSERTS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "/*",
    "*/",
    "//",
    "#",
    "#!",
    "=",
    ":",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "é",
    "漢",
    "👩‍👩‍👧",
    "\\",
    "$",
    "@",
    "end",
    "class ",
    "fn ",
    "def ",
    "---\n",
    "<<EOF\n",
    "%",
    "&",
    "|",
    "~",
];

impl Edit {
    fn apply(&self, text: &mut Vec<u8>) {
        let place = |index: &Index| index.index(text.len() + 1);
        let range = |a: &Index, b: &Index| {
            let (a, b) = (place(a), place(b));
            // Long enough to matter, short enough to leave something.
            let start = a.min(b);
            start..a.max(b).min(start + 400)
        };
        match self {
            Edit::Delete(a, b) => drop(text.drain(range(a, b))),
            Edit::Double(a, b) => {
                let range = range(a, b);
                let slice = text[range.clone()].to_vec();
                text.splice(range.end..range.end, slice);
            }
            Edit::Truncate(a) => text.truncate(place(a)),
            Edit::Move(a, b, c) => {
                let slice: Vec<u8> = text.drain(range(a, b)).collect();
                let to = c.index(text.len() + 1);
                text.splice(to..to, slice);
            }
            Edit::Insert(a, insert) => {
                let at = place(a);
                text.splice(at..at, insert.bytes());
            }
            Edit::Repeat(a, b, times) => {
                let range = range(a, b);
                let slice = text[range.clone()].repeat(*times);
                text.splice(range.end..range.end, slice);
            }
        }
    }
}

/// Parses and outlines a text, and checks what must hold of any.
fn check(language: &'static Language, text: &str) -> Result<(), TestCaseError> {
    let wants = Wants {
        references: true,
        ..Wants::default()
    };
    let parsed = syntax::parse(language, text, wants);
    prop_assert_eq!(
        &syntax::parse(language, text, wants),
        &parsed,
        "two parses differ"
    );
    check_symbols(text, &parsed)?;
    let counter = Counter::default();
    for level in [Level::Doc, Level::Body] {
        let request = crate::promises::request(level);
        let view = outline_text("input", language, text, &request, &counter);
        for format in [Format::Text, Format::Json] {
            let Ok(packing) = pack(&view, format, &counter, Tokens(400)) else {
                continue;
            };
            let shown = render(&view, &packing, format);
            prop_assert!(oracle::count(&counter, &shown) <= 400, "{}", shown);
            prop_assert_eq!(oracle::count(&counter, &shown), packing.used.0);
            if format == Format::Json {
                prop_assert!(
                    serde_json::from_str::<serde_json::Value>(&shown).is_ok(),
                    "{}",
                    shown
                );
            }
        }
    }
    Ok(())
}

/// Everything a parse says lies in the text, in order, and under what is before it.
fn check_symbols(text: &str, parsed: &FileSyntax) -> Result<(), TestCaseError> {
    let lines = text.split('\n').count() as u32;
    let within = |line: u32| (1..=lines).contains(&line);
    for (idx, symbol) in parsed.symbols.iter().enumerate() {
        let ranges = [
            Some(&symbol.span),
            Some(&symbol.signature),
            symbol.body.as_ref(),
            symbol.doc.as_ref(),
        ];
        for range in ranges.into_iter().flatten() {
            prop_assert!(
                text.get(range.clone()).is_some(),
                "{:?} of {:?}",
                range,
                symbol.name
            );
        }
        prop_assert!(
            !symbol.name.trim().is_empty(),
            "a symbol without a name at {:?}",
            symbol.span
        );
        prop_assert!(symbol.parent.is_none_or(|parent| (parent as usize) < idx));
        prop_assert!(
            within(symbol.lines.start) && within(symbol.lines.end),
            "{:?} of {}",
            symbol.lines,
            lines
        );
        prop_assert!(symbol.lines.start <= symbol.lines.end);
    }
    for reference in &parsed.references {
        prop_assert!(within(reference.line));
        prop_assert!(
            reference
                .within
                .is_none_or(|at| (at as usize) < parsed.symbols.len())
        );
    }
    for import in &parsed.imports {
        prop_assert!(within(import.line));
    }
    Ok(())
}

proptest! {
    #![proptest_config(oracle::cases(160))]

    #[test]
    fn any_bytes_in_any_language(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..400),
            proptest::collection::vec(select(INSERTS), 0..120).prop_map(|atoms| atoms.concat().into_bytes()),
        ],
        language in any::<Index>(),
    ) {
        check(language.get(language::all()), &files::decode(bytes).content)?;
    }
}

proptest! {
    #![proptest_config(oracle::cases(160))]

    #[test]
    fn broken_sources_of_every_language(
        case in any::<Index>(),
        other in any::<Index>(),
        edits in proptest::collection::vec(edit(), 1..8),
    ) {
        let (language, text) = case.get(&INPUTS);
        let mut bytes = text.clone().into_bytes();
        for edit in edits {
            edit.apply(&mut bytes);
        }
        let text = files::decode(bytes).content;
        check(language, &text)?;
        // And what belongs to one language under the name of another.
        check(other.get(language::all()), &text)?;
    }
}

/// Each language at least once, whatever the properties above happen to choose.
#[test]
fn half_a_source_of_every_language() {
    for (language, text) in INPUTS.iter() {
        let mut half = text.len() / 2;
        while !text.is_char_boundary(half) {
            half -= 1;
        }
        for text in ["", "\n", &text[..half], &text[half..]] {
            check(language, text).unwrap_or_else(|error| panic!("{}: {error}", language.name));
        }
    }
}
