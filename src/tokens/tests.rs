//! Everything is checked against `tiktoken-rs`, which runs the published expressions and merges
//! naively. Pieces that it cannot take are checked against themselves.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tiktoken_rs::CoreBPE;

use super::{Encoding, Tokens, adds_up};

fn oracle(encoding: Encoding) -> &'static CoreBPE {
    static O200K: LazyLock<CoreBPE> = LazyLock::new(|| tiktoken_rs::o200k_base().unwrap());
    static CL100K: LazyLock<CoreBPE> = LazyLock::new(|| tiktoken_rs::cl100k_base().unwrap());
    match encoding {
        Encoding::O200kBase => &O200K,
        Encoding::Cl100kBase => &CL100K,
    }
}

#[track_caller]
fn check(text: &str) {
    for encoding in Encoding::ALL {
        let expected = oracle(encoding).encode_ordinary(text);
        assert_eq!(encoding.encode(text), expected, "{encoding}: {text:?}");
        assert_eq!(
            encoding.count(text),
            Tokens(expected.len() as u64),
            "{encoding}: {text:?}"
        );
        let pieces: Vec<_> = encoding.pieces(text).collect();
        assert_eq!(
            pieces.iter().map(|(_, n)| *n as usize).sum::<usize>(),
            expected.len(),
            "{encoding}: {text:?}"
        );
        let covered = pieces.iter().try_fold(0, |end, (piece, _)| {
            (piece.start == end).then_some(piece.end)
        });
        assert_eq!(covered, Some(text.len()), "{encoding}: {text:?}");
    }
}

/// Fragments that the patterns treat specially, among ordinary ones.
const FRAGMENTS: &[&str] = &[
    "a",
    "b",
    "Z",
    "Word",
    "word",
    "CAPS",
    "camelCase",
    "fn ",
    "let x = 1;",
    "0",
    "42",
    "1234567",
    "_",
    "/",
    "//",
    "/*",
    "'",
    "'s",
    "'S",
    "'ſ",
    "ſ",
    "'ll",
    "'LL",
    "'lL",
    "'re",
    "'Ve",
    "'d",
    "'T",
    "'x",
    "’s",
    " ",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u{a0}",
    "\u{2003}",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "\u{0}",
    "\u{301}",
    "\u{20dd}",
    "e\u{301}",
    "\u{1c5}",
    "\u{1f88}",
    "ʰ",
    "ー",
    "ª",
    "漢",
    "字",
    "あ",
    "ا",
    "ไทย",
    "हिन्दी",
    "½",
    "Ⅷ",
    "٣",
    "²",
    "é",
    "É",
    "ß",
    "Ж",
    "ж",
    "𝒜",
    "𝟙",
    "😀",
    "👨\u{200d}👩\u{200d}👧",
    "🇫🇷",
    "\u{fe0f}",
    "\u{200b}",
    "\u{feff}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{fffd}",
    "!",
    "?!",
    "...",
    "==",
    "{}",
    "();",
    "<|endoftext|>",
    "<|",
    "#",
    "\"",
    "`",
];

fn adversarial() -> impl Strategy<Value = String> {
    vec(select(FRAGMENTS), 0..14).prop_map(|fragments| fragments.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => adversarial(),
        2 => vec(any::<char>(), 0..20).prop_map(String::from_iter),
        1 => "[ -~\n\t]{0,60}",
        1 => "[ \t\r\n\u{a0}\u{3000}a/.]{0,16}",
        2 => r"[\p{Lu}\p{Lt}\p{Ll}\p{Lm}\p{Lo}\p{M}\p{N}\p{Z}' ]{0,16}",
        1 => "[aAʰ\u{301}ǅ漢'sS ]{0,12}",
        1 => "[a-z]{1,200}",
        1 => "[a-d]{60,70}",
    ]
}

/// A text and a place to cut it.
fn cut(text: &str, place: prop::sample::Index) -> (&str, &str) {
    let boundaries: Vec<usize> = (0..=text.len())
        .filter(|&at| text.is_char_boundary(at))
        .collect();
    text.split_at(boundaries[place.index(boundaries.len())])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn encodes_like_the_reference(text in text()) {
        check(&text);
    }

    #[test]
    fn gives_up_exactly_above_the_limit(text in text(), limit in 0..40u64) {
        for encoding in Encoding::ALL {
            let count = encoding.count(&text);
            let expected = (count <= Tokens(limit)).then_some(count);
            prop_assert_eq!(encoding.count_up_to(&text, Tokens(limit)), expected);
            prop_assert_eq!(encoding.count_up_to(&text, count), Some(count));
        }
    }

    #[test]
    fn truncates_to_the_longest_prefix_of_tokens_that_fits(text in text(), max in 0..20usize) {
        for encoding in Encoding::ALL {
            let oracle = oracle(encoding);
            let tokens = oracle.encode_ordinary(&text);
            let prefix = |n: usize| String::from_utf8(oracle.decode_bytes(&tokens[..n]).unwrap()).ok();
            let fits = |prefix: &String| oracle.encode_ordinary(prefix).len() <= max;
            let expected = (0..=max.min(tokens.len())).rev().filter_map(prefix).find(fits).unwrap();
            prop_assert_eq!(encoding.truncate(&text, Tokens(max as u64)), expected);
        }
    }

    #[test]
    fn counts_add_up_where_promised(texts in vec(adversarial(), 1..5)) {
        let texts: Vec<String> = texts.into_iter().map(|text| text + "\n").filter(|text| adds_up(text)).collect();
        for encoding in Encoding::ALL {
            let sum: Tokens = texts.iter().map(|text| encoding.count(text)).sum();
            prop_assert_eq!(encoding.count(&texts.concat()), sum, "{:?}", texts);
        }
    }

    #[test]
    fn only_the_ends_that_meet_matter_for_adding_up(before in adversarial(), text in adversarial(), after in adversarial()) {
        let (first, last) = (before + "\n", after);
        let middle = text + "\n";
        if !adds_up(&middle) || !adds_up(&format!("{last}\n")) {
            return Ok(());
        }
        for encoding in Encoding::ALL {
            let sum = encoding.count(&first) + encoding.count(&middle) + encoding.count(&last);
            prop_assert_eq!(encoding.count(&format!("{first}{middle}{last}")), sum);
        }
    }

    /// The theorem that windows rest on; see `merge.rs`.
    #[test]
    fn a_boundary_between_tokens_separates_their_sides(text in "[a-c]{2,40}|[ -~]{2,40}", place: prop::sample::Index) {
        let (left, right) = cut(&text, place);
        let lengths = |text: &str| super::merge::lengths(&super::vocabulary::O200K, text.as_bytes());
        let (whole, left_tokens, right_tokens) = (lengths(&text), lengths(left), lengths(right));
        let apart = [left_tokens.clone(), right_tokens.clone()].concat();
        let seam = match (left_tokens.last(), right_tokens.first()) {
            (Some(&last), Some(&first)) => {
                let pair = &text[left.len() - last as usize..left.len() + first as usize];
                lengths(pair) == [last, first]
            }
            _ => true,
        };
        prop_assert_eq!(whole == apart, seam);
    }
}

#[test]
fn what_breaks_adding_up_is_refused() {
    for (left, right) in [
        ("a;\n", "//b\n"),
        ("a\n", "\n"),
        ("a\n", "\nb\n"),
        ("a \n", " \nb\n"),
        ("a\n", " \n\nb\n"),
    ] {
        let sum = Encoding::O200kBase.count(left) + Encoding::O200kBase.count(right);
        assert!(
            Encoding::O200kBase.count(&format!("{left}{right}")) < sum,
            "{right:?}"
        );
        assert!(adds_up(left) && !adds_up(right), "{right:?}");
    }
    assert!(!adds_up("a") && !adds_up("") && !adds_up("  \n") && !adds_up("\rb\n"));
    assert!(adds_up("  a\n") && adds_up("\u{301}a \r\n") && adds_up("a\n\n") && adds_up(" /b\n"));
}

#[test]
fn long_pieces_are_encoded_like_the_reference() {
    for unit in [
        "a", "ab", "abc", "=", "-=", "ß", "漢", "字漢", "\u{301}", "Ab", "xyzzy", "and", "\u{fffd}",
    ] {
        for len in [
            63_usize, 64, 65, 127, 128, 129, 1000, 4095, 4096, 4097, 9001,
        ] {
            check(&unit.repeat(len.div_ceil(unit.len())));
        }
    }
    check(&" ".repeat(9000));
    check(&"\n".repeat(9000));
    check(&"👨\u{200d}👩".repeat(1000));
}

#[test]
fn long_random_pieces_are_encoded_like_the_reference() {
    for (alphabet, seed) in [
        ("ab", 1),
        ("abcdefghijklmnopqrstuvwxyz", 2),
        ("etaoin", 3),
        ("=-+*/<>!&|", 4),
        ("漢字語", 5),
    ] {
        check(&random(alphabet, seed, 30_000));
    }
}

/// A text of about `len` bytes, always the same one.
fn random(alphabet: &str, seed: u64, len: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state = seed;
    let mut text = String::new();
    while text.len() < len {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push(alphabet[(state >> 33) as usize % alphabet.len()]);
    }
    text
}

#[test]
fn far_too_much_text_is_refused_unread() {
    let text = "a".repeat(1 << 20);
    assert_eq!(Encoding::O200kBase.count_up_to(&text, Tokens(100)), None);
    assert_eq!(
        Encoding::O200kBase.truncate(&text, Tokens(2)),
        "a".repeat(16).as_str()
    );
}

#[test]
fn special_tokens_are_ordinary_text() {
    assert_eq!(Encoding::O200kBase.count("<|endoftext|>"), Tokens(7));
    assert_eq!(Encoding::Cl100kBase.count("<|endoftext|>"), Tokens(7));
}

#[test]
fn nothing_is_no_tokens() {
    for encoding in Encoding::ALL {
        assert_eq!(encoding.count(""), Tokens(0));
        assert_eq!(encoding.count_up_to("", Tokens(0)), Some(Tokens(0)));
        assert_eq!(encoding.count_up_to("a", Tokens(0)), None);
        assert_eq!(encoding.truncate("a", Tokens(0)), "");
    }
}

#[test]
fn encodings_are_known_by_name() {
    for encoding in Encoding::ALL {
        assert_eq!(encoding.name().parse(), Ok(encoding));
    }
    let error = "o200k".parse::<Encoding>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown encoding `o200k`: known are `o200k_base` and `cl100k_base`"
    );
}

#[test]
fn sums_saturate() {
    assert_eq!(Tokens(1) - Tokens(2), Tokens(0));
    assert_eq!(Tokens(u64::MAX) + Tokens(1), Tokens(u64::MAX));
    assert_eq!(
        format!("{:>3}", [Tokens(1), Tokens(2)].into_iter().sum::<Tokens>()),
        "  3"
    );
}
