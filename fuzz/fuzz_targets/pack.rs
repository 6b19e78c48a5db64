//! Bytes, as a view with a format, a counter and two budgets.

#![no_main]

use ctx::tokens::{Counter, Tokens};
use ctx::view::{Choice, Format, ItemBuilder, Level, Noun, Packing, Place, View, pack, render};
use libfuzzer_sys::arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    is_json: bool,
    model: u8,
    budgets: (u16, u16),
    items: Vec<Spec>,
}

#[derive(Arbitrary, Debug)]
struct Spec {
    closes: u8,
    is_parent: bool,
    is_note: bool,
    lines: Option<(u16, u8)>,
    tokens: u32,
    levels: [Option<(String, f32)>; 4],
}

const MODELS: [&str; 4] = ["o200k_base", "cl100k_base", "claude-4", "claude-4.7"];

fuzz_target!(|bytes: &[u8]| {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(bytes)) else {
        return;
    };
    let counter =
        Counter::for_model(MODELS[usize::from(input.model) % MODELS.len()]).expect("a known model");
    let format = if input.is_json {
        Format::Json
    } else {
        Format::Text
    };
    let view = view_of(&input.items);
    let (small, large) = (
        input.budgets.0.min(input.budgets.1),
        input.budgets.0.max(input.budgets.1),
    );
    let small = answer(&view, format, &counter, u64::from(small));
    let large = answer(&view, format, &counter, u64::from(large));
    if let (Some(small), Some(large)) = (small, large) {
        for (small, large) in small.choices.iter().zip(&large.choices) {
            assert!(is_nested(*small, *large), "{small:?} became {large:?}");
        }
    }
});

fn answer(view: &View, format: Format, counter: &Counter, budget: u64) -> Option<Packing> {
    match pack(view, format, counter, Tokens(budget)) {
        Ok(packing) => {
            let shown = render(view, &packing, format);
            let cost = counter.count(&shown);
            assert!(cost.0 <= budget, "{} tokens for {budget}:\n{shown}", cost.0);
            assert_eq!(counter.scale(packing.used), cost);
            if format == Format::Json {
                serde_json::from_str::<serde_json::Value>(&shown).expect("the answer is JSON");
            }
            Some(packing)
        }
        Err(too_small) => {
            assert!(too_small.minimum.0 > budget);
            assert!(pack(view, format, counter, too_small.minimum).is_ok());
            None
        }
    }
}

fn is_nested(small: Choice, large: Choice) -> bool {
    match (small, large) {
        (Choice::Absent, _) => true,
        (_, Choice::Absent) => false,
        (Choice::Cut(a, some), Choice::Cut(b, more)) => a < b || (a == b && some <= more),
        (Choice::Whole(a), Choice::Cut(b, _)) => a < b,
        (Choice::Whole(a) | Choice::Cut(a, _), Choice::Whole(b)) => a <= b,
    }
}

fn view_of(items: &[Spec]) -> View {
    let nouns = vec![
        Noun {
            one: "file",
            many: "files",
        },
        Noun {
            one: "note",
            many: "notes",
        },
    ];
    let mut view = View::new("fuzz", "ctx fuzz".to_owned(), nouns);
    let mut open: Vec<u32> = Vec::new();
    for spec in items {
        open.truncate(open.len().saturating_sub(usize::from(spec.closes % 4)));
        let path = view.add_path(
            spec.levels[0]
                .as_ref()
                .map_or(String::new(), |(text, _)| text.clone()),
        );
        let levels: Vec<(Level, &str, f32)> = Level::ALL
            .iter()
            .zip(&spec.levels)
            .filter_map(|(level, text)| {
                text.as_ref()
                    .map(|(text, value)| (*level, text.as_str(), *value))
            })
            .collect();
        let lines = spec
            .lines
            .map(|(start, more)| (u32::from(start), u32::from(start) + u32::from(more)));
        let item = view.add(ItemBuilder {
            parent: open.last().copied(),
            noun: u8::from(spec.is_note),
            place: Place { path, lines },
            kind: if spec.is_note { "note" } else { "file" },
            tokens: u64::from(spec.tokens),
            is_parent: spec.is_parent,
            levels: &levels,
            ..ItemBuilder::default()
        });
        if spec.is_parent {
            open.push(item);
        }
    }
    view
}
