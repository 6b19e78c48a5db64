//! Bytes, as the output of a command: the whole pipeline, in chunks, in both formats and at two
//! budgets, and as the change since half of it.

#![no_main]

use ctx::digest::{Digest, Digester, Origin, fit};
use ctx::tokens::{Counter, Tokens};
use ctx::view::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [knobs, chunk, budget, output @ ..] = bytes else {
        return;
    };
    let origin = Origin {
        command: None,
        exit: (knobs & 1 != 0).then_some(i32::from(*knobs >> 1)),
    };
    let mut digester = Digester::new();
    output
        .chunks(usize::from(*chunk) + 1)
        .for_each(|chunk| digester.feed(chunk));
    let digest = digester.finish(origin.clone());
    assert_eq!(
        digest,
        Digest::of(output, origin.clone()),
        "chunks do not matter"
    );
    let before = Digest::of(&output[..output.len() / 2], Origin::default());
    let compared = digest.clone().against(&before);
    for digest in [&digest, &compared] {
        for budget in [20 + u64::from(*budget), 2_000] {
            for format in [Format::Text, Format::Json] {
                check(digest, format, budget);
            }
        }
    }
});

fn check(digest: &Digest, format: Format, budget: u64) {
    let counter = Counter::default();
    match fit(digest, format, &counter, Tokens(budget)) {
        Ok(fitted) => {
            let tokens = counter.count(&fitted.text);
            assert!(tokens.0 <= budget, "{tokens} of {budget}");
            assert_eq!(tokens, fitted.tokens);
            if format == Format::Json {
                serde_json::from_str::<serde_json::Value>(&fitted.text).expect("it is JSON");
            } else if let Some(exit) = digest.origin.exit.filter(|exit| *exit != 0) {
                let status = format!("failed: exit {exit}\n");
                assert!(fitted.text.starts_with(&status), "green on failure");
            }
        }
        Err(too_small) => assert!(too_small.minimum.0 > budget),
    }
}
