//! Promises 1 to 4 on everything that is fitted to a budget: never over it, nothing left out
//! in silence, a larger budget hides nothing, the same input gives the same bytes. Tokens are
//! counted on the bytes written, by `tiktoken-rs`.

use crate::{corpus, oracle, syntax::language_of};
use ctx::code::outline::{OutlineRequest, Tests, outline_text};
use ctx::code::read::{self, Part};
use ctx::code::syntax::Limits;
use ctx::tokens::{Counter, Tokens};
use ctx::view::{Choice, Format, ItemBuilder, Level, Noun, Packing, Place, View, pack, render};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use std::fs;

const FORMATS: [Format; 2] = [Format::Text, Format::Json];
/// From this budget on, a fraction of [`LEAST_FILL`] percent is used when more could be shown.
const FILL_FROM: u64 = 500;
const LEAST_FILL: u64 = 95;
/// What an item with a short name may cost in JSON, with its path.
const JSON_ITEM: u64 = 40;

// --- Texts and trees that nobody would write ---

/// Atoms that have broken splitters, escapers and counters.
const ATOMS: &[&str] = &[
    "",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "/",
    "//",
    "\\",
    "\"",
    "'",
    "`",
    "{",
    "}",
    "],",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{200d}",
    "\u{202e}",
    "\u{fffd}",
    "\u{10ffff}",
    "e\u{301}",
    "👩‍👩‍👧",
    "漢字",
    "ﷺ",
    "<|endoftext|>",
    "\\u0000",
    "'s",
    "123",
    "1,000",
    "fn ",
    "a",
    "_",
    "…",
    "+12",
    "note: ",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z_]{1,12}( [a-z]{1,8}){0,8}",
        2 => proptest::collection::vec(select(ATOMS), 0..12).prop_map(|atoms| atoms.concat()),
        1 => any::<String>(),
        1 => (select(ATOMS), 1..1500_usize).prop_map(|(atom, times)| atom.repeat(times)),
        1 => proptest::collection::vec("[a-z(), ]{0,60}", 0..40).prop_map(|lines| lines.join("\n")),
        1 => (1..400_usize).prop_map(|words| "word of a long line ".repeat(words)),
    ]
}

#[derive(Clone, Debug)]
struct Spec {
    /// How many of the open parents are closed before it.
    closes: usize,
    is_parent: bool,
    kind: usize,
    lines: Option<(u32, u32)>,
    tokens: u64,
    levels: Vec<(Level, String, f32)>,
}

fn spec() -> impl Strategy<Value = Spec> {
    let level =
        |level| (proptest::option::of(text()), value()).prop_map(move |(t, v)| (level, t, v));
    let levels = (
        level(Level::Name),
        level(Level::Signature),
        level(Level::Doc),
        level(Level::Body),
    );
    (
        0..3_usize,
        any::<bool>(),
        0..NOUNS.len(),
        proptest::option::of((1..5000_u32, 0..400_u32)),
        prop_oneof![Just(0), 1..100_000_u64],
        levels,
    )
        .prop_map(|(closes, is_parent, kind, lines, tokens, levels)| Spec {
            closes,
            is_parent,
            kind,
            lines: lines.map(|(start, more)| (start, start + more)),
            tokens,
            levels: [levels.0, levels.1, levels.2, levels.3]
                .into_iter()
                .filter_map(|(level, text, value)| Some((level, text?, value)))
                .collect(),
        })
}

fn value() -> impl Strategy<Value = f32> {
    prop_oneof![
        8 => 0.01..100.0_f32,
        1 => select(vec![0.0, -1.0, f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE]),
    ]
}

const NOUNS: &[Noun] = &[
    Noun {
        one: "file",
        many: "files",
    },
    Noun {
        one: "symbol",
        many: "symbols",
    },
    Noun {
        one: "note",
        many: "notes",
    },
];

fn view_of(specs: &[Spec]) -> View {
    let mut view = View::new("demo", "ctx demo 'a b'".to_owned(), NOUNS.to_vec());
    let mut open: Vec<u32> = Vec::new();
    for (at, spec) in specs.iter().enumerate() {
        open.truncate(open.len().saturating_sub(spec.closes));
        let path = view.add_path(format!("src/{}{at}.rs", ATOMS[at % ATOMS.len()]));
        let levels: Vec<_> = spec
            .levels
            .iter()
            .map(|(l, t, v)| (*l, t.as_str(), *v))
            .collect();
        let item = view.add(ItemBuilder {
            parent: open.last().copied(),
            noun: spec.kind as u8,
            place: Place {
                path,
                lines: spec.lines,
            },
            kind: NOUNS[spec.kind].one,
            label: ["", "fn", "async fn"][at % 3],
            tokens: spec.tokens,
            is_parent: spec.is_parent,
            levels: &levels,
        });
        if spec.is_parent {
            open.push(item);
        }
    }
    view
}

/// Views like those of `ctx outline`: many items, short texts.
fn plain_specs() -> impl Strategy<Value = Vec<Spec>> {
    let plain = (
        0..3_usize,
        any::<bool>(),
        "[a-z_]{1,14}",
        "[a-z]{1,6}(, [a-z]{1,6}){0,6}",
        0.1..9.0_f32,
    )
        .prop_map(|(closes, is_parent, name, rest, value)| Spec {
            closes,
            is_parent,
            kind: 1,
            lines: Some((12, 40)),
            tokens: 123,
            levels: vec![
                (Level::Name, format!("fn {name}"), value),
                (
                    Level::Signature,
                    format!("pub fn {name}({rest})"),
                    value * 1.7,
                ),
                (Level::Doc, format!("Does {rest}."), value * 2.0),
            ],
        });
    proptest::collection::vec(plain, 60..160)
}

fn budgets() -> impl Strategy<Value = Vec<u64>> {
    let one = prop_oneof![
        60..500_u64,
        500..1_200_u64,
        (4..17_u32, 0..1000_u64).prop_map(|(power, more)| (1 << power) + more),
    ];
    proptest::collection::vec(one, 5..8)
}

// --- Views ---

/// Checks one view at budgets around its minimum and those given.
fn check_view(
    view: &View,
    format: Format,
    counter: &Counter,
    budgets: &[u64],
) -> Result<(), TestCaseError> {
    let mut budgets = budgets.to_vec();
    match pack(view, format, counter, Tokens(0)) {
        Ok(_) => prop_assert!(false, "an answer of no tokens"),
        Err(too_small) => {
            let minimum = too_small.minimum.0;
            let below = pack(view, format, counter, Tokens(minimum - 1));
            prop_assert_eq!(
                below.map_err(|small| small.minimum.0).err(),
                Some(minimum),
                "one below"
            );
            budgets.retain(|budget| *budget > minimum);
            budgets.extend([minimum, minimum + 1, minimum + 30]);
        }
    }
    budgets.sort_unstable();
    budgets.dedup();
    let mut last: Option<(u64, Packing)> = None;
    for budget in budgets {
        let Ok(packing) = pack(view, format, counter, Tokens(budget)) else {
            return Err(TestCaseError::fail(format!(
                "{budget} is refused but not too small"
            )));
        };
        let shown = render(view, &packing, format);
        check_answer(view, &packing, &shown, format, counter, budget)?;
        let again = pack(view, format, counter, Tokens(budget)).unwrap();
        prop_assert_eq!(&render(view, &again, format), &shown, "two runs differ");
        if let Some((smaller, before)) = &last {
            for (idx, (small, large)) in before.choices.iter().zip(&packing.choices).enumerate() {
                prop_assert!(
                    is_nested(*small, *large),
                    "item {} is {:?} at {} and {:?} at {}",
                    idx,
                    small,
                    smaller,
                    large,
                    budget
                );
            }
        }
        last = Some((budget, packing));
    }
    Ok(())
}

fn check_answer(
    view: &View,
    packing: &Packing,
    shown: &str,
    format: Format,
    counter: &Counter,
    budget: u64,
) -> Result<(), TestCaseError> {
    let cost = oracle::count(counter, shown);
    prop_assert!(cost <= budget, "{} tokens for {}:\n{}", cost, budget, shown);
    prop_assert_eq!(counter.scale(packing.used).0, cost, "`used` is wrong");
    let is_complete = packing.is_complete(view);
    if budget >= FILL_FROM && !is_complete {
        prop_assert!(
            is_filled(format, counter, cost, budget) || is_between_long_levels(view, packing),
            "{} tokens of {} used:\n{}",
            cost,
            budget,
            shown
        );
    }
    let told = match format {
        Format::Text => told_in_text(shown),
        Format::Json => told_in_json(shown)?,
    };
    prop_assert_eq!(told.tokens, cost, "the answer's own count:\n{}", shown);
    prop_assert_eq!(told.is_complete, is_complete);
    let absent: Vec<usize> = (0..NOUNS.len())
        .map(|noun| {
            let of_noun = view.items.iter().zip(&packing.choices);
            of_noun
                .filter(|(item, choice)| {
                    usize::from(item.noun) == noun && **choice == Choice::Absent
                })
                .count()
        })
        .collect();
    prop_assert_eq!(&told.omitted, &absent, "{}", shown);
    let lowered = view
        .items
        .iter()
        .zip(&packing.choices)
        .filter(|(item, choice)| {
            **choice != Choice::Absent && **choice != Choice::Whole(item.top())
        });
    prop_assert_eq!(told.shortened, lowered.count(), "{}", shown);
    if let Some(items) = told.items {
        let present = packing
            .choices
            .iter()
            .filter(|choice| **choice != Choice::Absent);
        prop_assert_eq!(items, present.count());
    }
    if let Some(enough) = told.enough {
        let all =
            pack(view, format, counter, Tokens(enough)).map(|packing| packing.is_complete(view));
        prop_assert_eq!(
            all,
            Ok(true),
            "`--budget {}` does not show all:\n{}",
            enough,
            shown
        );
    }
    Ok(())
}

/// Whether so much is used that nothing more could be shown within promise 3. In JSON an item
/// cannot be had for less than its keys cost.
fn is_filled(format: Format, counter: &Counter, cost: u64, budget: u64) -> bool {
    let one_item = match format {
        Format::Text => 0,
        Format::Json => counter.scale(Tokens(JSON_ITEM)).0,
    };
    let unused = budget - cost;
    unused <= one_item || unused * 100 <= budget * (100 - LEAST_FILL)
}

/// Whether an item stands at a long text that a longer one would replace: no beginning of that
/// is shown in place of it, so there is nothing in between.
fn is_between_long_levels(view: &View, packing: &Packing) -> bool {
    let mut items = view.items.iter().zip(&packing.choices);
    items.any(|(item, choice)| match choice {
        Choice::Whole(level) => *level < item.top() && view.text(item, *level).len() > 300,
        _ => false,
    })
}

fn is_nested(small: Choice, large: Choice) -> bool {
    match (small, large) {
        (Choice::Absent, _) => true,
        (_, Choice::Absent) => false,
        (Choice::Whole(a), Choice::Whole(b)) => a <= b,
        (Choice::Whole(a), Choice::Cut(b, _)) => a < b,
        (Choice::Cut(a, _), Choice::Whole(b)) => a <= b,
        (Choice::Cut(a, some), Choice::Cut(b, more)) => a < b || (a == b && some <= more),
    }
}

/// What an answer says about itself.
#[derive(Debug, Default)]
struct Told {
    tokens: u64,
    is_complete: bool,
    omitted: Vec<usize>,
    shortened: usize,
    /// The budget that is said to show all.
    enough: Option<u64>,
    /// Items counted in JSON.
    items: Option<usize>,
}

fn told_in_text(shown: &str) -> Told {
    let footer = shown.trim_end_matches('\n').rsplit('\n').next().unwrap();
    let number = |text: &str| -> u64 {
        let digits: String = text.chars().filter(|c| *c != ',').collect();
        digits
            .parse()
            .unwrap_or_else(|_| panic!("`{text}` in `{footer}`"))
    };
    let before = |mark: &str| -> &str {
        let at = footer
            .rfind(mark)
            .unwrap_or_else(|| panic!("no `{mark}` in `{footer}`"));
        footer[..at].rsplit(' ').next().unwrap()
    };
    let between = |open: &str, close: &str| -> Option<&str> {
        let rest = &footer[footer.find(open)? + open.len()..];
        Some(&rest[..rest.find(close)?])
    };
    let mut omitted = vec![0; NOUNS.len()];
    for counted in between("left out: ", "; ")
        .into_iter()
        .flat_map(|list| list.split(", "))
    {
        let (count, word) = counted.split_once(' ').unwrap();
        let noun = NOUNS
            .iter()
            .position(|noun| noun.one == word || noun.many == word);
        omitted[noun.unwrap()] = number(count) as usize;
    }
    Told {
        tokens: number(before(" tokens (")),
        is_complete: footer.starts_with("all shown: "),
        omitted,
        shortened: between("shortened: ", "; ").map_or(0, |count| number(count) as usize),
        enough: between(" --budget ", "`").map(number),
        items: None,
    }
}

fn told_in_json(shown: &str) -> Result<Told, TestCaseError> {
    let read: Value = serde_json::from_str(shown)
        .map_err(|error| TestCaseError::fail(format!("{error}:\n{shown}")))?;
    fn items_in(value: &Value) -> usize {
        let items = value["items"].as_array();
        items.map_or(0, |items| items.iter().map(|item| 1 + items_in(item)).sum())
    }
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let omitted = &read["omitted"];
    let more = read["more"].as_str();
    Ok(Told {
        tokens: number(&read["tokens"]),
        is_complete: read["complete"].as_bool().unwrap(),
        omitted: NOUNS
            .iter()
            .map(|noun| number(&omitted[noun.many]) as usize)
            .collect(),
        shortened: number(&read["shortened"]) as usize,
        enough: more.map(|more| more.rsplit(' ').next().unwrap().parse().unwrap()),
        items: Some(items_in(&read)),
    })
}

proptest! {
    #![proptest_config(oracle::cases(64))]

    #[test]
    fn views_of_anything_keep_the_promises(
        specs in proptest::collection::vec(spec(), 0..24),
        counter in select(oracle::counters()),
        format in select(&FORMATS[..]),
        budgets in budgets(),
    ) {
        check_view(&view_of(&specs), format, &counter, &budgets)?;
    }

}

proptest! {
    #![proptest_config(oracle::cases(40))]

    #[test]
    fn views_like_outlines_keep_the_promises(
        specs in plain_specs(),
        counter in select(oracle::counters()),
        format in select(&FORMATS[..]),
        budgets in budgets(),
    ) {
        check_view(&view_of(&specs), format, &counter, &budgets)?;
    }
}

#[test]
fn outlines_of_the_corpus_keep_the_promises() {
    let counters = oracle::counters();
    let cases = corpus::cases("syntax");
    for (nth, case) in cases.iter().enumerate() {
        let language = language_of(case.file_name().unwrap().to_str().unwrap());
        let text = fs::read_to_string(corpus::input(case)).unwrap();
        for level in Level::ALL {
            // Every case with every counter would take minutes; each counter sees every fourth.
            let counter = &counters[(nth + level as usize) % counters.len()];
            let view = outline_text("input", language, &text, &request(level), counter);
            for format in FORMATS {
                // The nouns of outlines are not those of this file: the bytes alone are checked.
                let shown = check_fitted(
                    &case.display().to_string(),
                    |budget| {
                        let packing = pack(&view, format, counter, Tokens(budget))
                            .map_err(|e| e.minimum.0)?;
                        Ok((render(&view, &packing, format), packing.is_complete(&view)))
                    },
                    counter,
                    format,
                );
                assert!(shown > 3);
            }
        }
    }
}

pub fn request(level: Level) -> OutlineRequest {
    OutlineRequest {
        paths: vec![],
        level,
        depth: None,
        kinds: vec![],
        public_only: false,
        tests: Tests::Also,
        languages: vec![],
        walk: Default::default(),
        limits: Limits::default(),
        max_file_bytes: 1 << 20,
        command: "ctx outline input".to_owned(),
    }
}

/// Checks what `fit` answers from its minimum up to 100,000 tokens; returns how many budgets
/// were tried before everything was shown.
#[track_caller]
fn check_fitted(
    name: &str,
    fit: impl Fn(u64) -> Result<(String, bool), u64>,
    counter: &Counter,
    format: Format,
) -> usize {
    let minimum = fit(0).expect_err("no answer in no tokens");
    assert_eq!(
        fit(minimum - 1),
        Err(minimum),
        "{name}: one below the minimum"
    );
    let grid = [
        minimum,
        minimum + 7,
        150,
        333,
        500,
        700,
        1_000,
        2_000,
        4_000,
        20_000,
        100_000,
    ];
    let mut tried = 0;
    for budget in grid.into_iter().filter(|budget| *budget >= minimum) {
        let (shown, is_complete) = fit(budget).unwrap();
        tried += 1;
        let cost = oracle::count(counter, &shown);
        assert!(
            cost <= budget,
            "{name}: {cost} tokens for {budget}:\n{shown}"
        );
        if format == Format::Json {
            serde_json::from_str::<Value>(&shown)
                .unwrap_or_else(|e| panic!("{name}: {e}:\n{shown}"));
        }
        if !is_complete && budget >= FILL_FROM {
            assert!(
                is_filled(format, counter, cost, budget),
                "{name}: {cost} of {budget} used:\n{shown}"
            );
        }
    }
    tried
}

// --- `ctx read` ---

fn part(path: &str, text: &str, skip: u32) -> Part {
    let lines = text.lines().count() as u32;
    let start = 1 + skip % lines.max(1);
    Part::lines(path, text, start, lines)
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        6 => "[a-z(){};, ]{0,80}",
        1 => text(),
        1 => Just(String::new()),
        1 => (1..600_usize).prop_map(|words| "0xdeadbeef, ".repeat(words)),
    ];
    (
        proptest::collection::vec(line, 0..80),
        select(vec!["\n", "\r\n"]),
        any::<bool>(),
    )
        .prop_map(|(lines, newline, ends)| {
            let mut text = lines.join(newline);
            if ends {
                text.push_str(newline);
            }
            text
        })
}

/// The texts of the parts, the lines told to be left out of each, and whether all is there.
type ReadParts = (Vec<String>, Vec<Option<(u64, u64)>>, bool);

fn read_parts(shown: &str) -> ReadParts {
    let read: Value =
        serde_json::from_str(shown).unwrap_or_else(|error| panic!("{error}:\n{shown}"));
    let parts = read["parts"].as_array().unwrap();
    let texts = parts
        .iter()
        .map(|part| part["text"].as_str().unwrap().to_owned());
    let omitted = parts.iter().map(|part| {
        let lines = part["omitted"]["lines"].as_array()?;
        Some((lines[0].as_u64().unwrap(), lines[1].as_u64().unwrap()))
    });
    (
        texts.collect(),
        omitted.collect(),
        read["complete"].as_bool().unwrap(),
    )
}

fn check_read(
    parts: &[Part],
    notes: &[String],
    format: Format,
    counter: &Counter,
    budgets: &[u64],
) -> Result<(), TestCaseError> {
    let fit = |budget: u64| read::fit(parts, notes, "ctx read", format, counter, Tokens(budget));
    let mut budgets = budgets.to_vec();
    if let Err(too_small) = fit(0) {
        let minimum = too_small.minimum.0;
        prop_assert_eq!(
            fit(minimum - 1).err().map(|small| small.minimum.0),
            Some(minimum)
        );
        budgets.retain(|budget| *budget > minimum);
        budgets.extend([minimum, minimum + 1, minimum + 9]);
    }
    budgets.sort_unstable();
    budgets.dedup();
    let mut last: Option<Vec<String>> = None;
    for budget in budgets {
        let Ok(fitted) = fit(budget) else {
            return Err(TestCaseError::fail(format!(
                "{budget} is refused but not too small"
            )));
        };
        let cost = oracle::count(counter, &fitted.text);
        prop_assert!(cost <= budget, "{} tokens for {}", cost, budget);
        prop_assert_eq!(fitted.tokens.0, cost);
        prop_assert_eq!(&fit(budget).unwrap(), &fitted);
        if !fitted.is_complete && budget >= FILL_FROM {
            prop_assert!(
                cost * 100 >= budget * LEAST_FILL,
                "{} tokens of {} used:\n{}",
                cost,
                budget,
                fitted.text
            );
        }
        if format == Format::Text {
            continue;
        }
        let (texts, omitted, is_complete) = read_parts(&fitted.text);
        prop_assert_eq!(is_complete, fitted.is_complete);
        for ((part, text), omitted) in parts.iter().zip(&texts).zip(&omitted) {
            prop_assert!(part.text.starts_with(text.as_str()));
            let whole = text
                .split_inclusive('\n')
                .filter(|line| line.ends_with('\n'))
                .count();
            let (first, last) = part.range(0, part.len());
            if *text == part.text {
                prop_assert_eq!(*omitted, None);
            } else {
                prop_assert_eq!(
                    *omitted,
                    Some((u64::from(first) + whole as u64, u64::from(last)))
                );
            }
        }
        if let Some(before) = &last {
            for (small, large) in before.iter().zip(&texts) {
                prop_assert!(
                    large.starts_with(small.as_str()),
                    "shown at less and not at {}",
                    budget
                );
            }
        }
        last = Some(texts);
    }
    Ok(())
}

proptest! {
    #![proptest_config(oracle::cases(48))]

    #[test]
    fn reading_keeps_the_promises(
        texts in proptest::collection::vec((lines(), any::<u32>()), 1..6),
        notes in proptest::collection::vec(text(), 0..3),
        counter in select(oracle::counters()),
        format in select(&FORMATS[..]),
        budgets in budgets(),
    ) {
        let parts: Vec<Part> = texts
            .iter()
            .enumerate()
            .map(|(at, (text, skip))| part(&format!("src/{at}.rs"), text, *skip))
            .collect();
        check_read(&parts, &notes, format, &counter, &budgets)?;
    }
}

#[test]
fn reading_one_line_of_a_megabyte_keeps_the_promises() {
    let line = "let x = [1, 2, 3]; ".repeat(1_000_000 / 19);
    for (counter, format) in [(0, Format::Text), (1, Format::Json), (3, Format::Text)] {
        let parts = [part("min.js", &line, 0), part("other.js", "one\ntwo\n", 0)];
        check_read(
            &parts,
            &[],
            format,
            &oracle::counters()[counter],
            &[60, 150, 500, 1_000, 9_000, 50_000],
        )
        .unwrap();
    }
}

#[test]
fn a_run_of_blank_lines_does_not_stop_the_reading() {
    let text = format!(
        "first\n{}{}",
        "\n".repeat(20_000),
        "let x = 1;\n".repeat(2_000)
    );
    for format in FORMATS {
        check_read(
            &[part("gap.rs", &text, 0)],
            &[],
            format,
            &Counter::default(),
            &[500, 1_000, 4_000],
        )
        .unwrap();
    }
}

#[test]
fn a_short_file_is_shown_whole_where_telling_what_is_left_out_would_cost_more() {
    let part = part("a/long/path/to/a/small/file.rs", "fn a() {}\n", 0);
    let cost = Counter::default().count(&part.text).0;
    check_read(&[part], &[], Format::Text, &Counter::default(), &[cost]).unwrap();
}
