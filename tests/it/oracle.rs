//! Counts tokens with `tiktoken-rs`, which knows nothing of our counters, and says how hard
//! properties are tried.

use ctx::tokens::{Counter, Encoding, Tokens};
use proptest::test_runner::{Config, RngSeed};
use tiktoken_rs::CoreBPE;

/// Tokens of `text` for the model of `counter`.
pub fn count(counter: &Counter, text: &str) -> u64 {
    let bpe: &CoreBPE = match counter.encoding() {
        Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
        Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
    };
    let base = bpe.encode_ordinary(text).len() as u64;
    counter.scale(Tokens(base)).0
}

/// A counter of each sort: both encodings, and families with a factor.
pub fn counters() -> Vec<Counter> {
    ["o200k_base", "cl100k_base", "claude-4", "claude-4.7"]
        .into_iter()
        .map(|name| Counter::for_model(name).unwrap())
        .collect()
}

/// So many cases of a property, the same in every run; `PROPTEST_CASES=N` tries N new ones.
pub fn cases(count: u32) -> Config {
    let explores = std::env::var_os("PROPTEST_CASES").is_some();
    let (cases, rng_seed) = match explores {
        true => (Config::default().cases, RngSeed::Random),
        false => (count, RngSeed::Fixed(1)),
    };
    Config {
        cases,
        rng_seed,
        failure_persistence: None,
        ..Config::default()
    }
}
