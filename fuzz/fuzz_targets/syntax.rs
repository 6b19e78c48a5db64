//! Bytes, as the text of a language: the first byte chooses which.

#![no_main]

use ctx::code::files;
use ctx::code::syntax::{self, Limits, Wants, language};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let languages = language::all();
    let language = &languages[usize::from(*choice) % languages.len()];
    let text = files::decode(bytes.to_vec()).content;
    let wants = Wants {
        references: true,
        limits: Limits::default(),
    };
    let parsed = syntax::parse(language, &text, wants);
    let lines = text.split('\n').count() as u32;
    for (idx, symbol) in parsed.symbols.iter().enumerate() {
        let ranges = [
            Some(&symbol.span),
            Some(&symbol.signature),
            symbol.body.as_ref(),
            symbol.doc.as_ref(),
        ];
        for range in ranges.into_iter().flatten() {
            assert!(
                text.get(range.clone()).is_some(),
                "{range:?} of {:?}",
                symbol.name
            );
        }
        assert!(symbol.parent.is_none_or(|parent| (parent as usize) < idx));
        assert!(
            symbol.lines.start >= 1
                && symbol.lines.start <= symbol.lines.end
                && symbol.lines.end <= lines
        );
    }
    for reference in &parsed.references {
        assert!(
            reference
                .within
                .is_none_or(|at| (at as usize) < parsed.symbols.len())
        );
    }
});
