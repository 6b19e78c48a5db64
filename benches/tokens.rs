//! Speed of counting against the crates that count the same, in one run: `cargo bench --bench tokens
//! [FOLDER]`. Without a folder it reads this repository's own `src`.
//!
//! Three tables: megabytes per second on source text, one thread; time from the start of a process to
//! its first count; hostile texts of 1 and 10 MB made of one endless piece.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use ctx::tokens::Encoding;

/// Each figure is the best of so many runs.
const RUNS: usize = 3;

/// Asks this program to count once and report how long that took since it began.
const FIRST_COUNT: &str = "--first-count";

const MEGABYTE: usize = 1_000_000;

/// Text to read at most; more does not change the figures.
const ENOUGH: usize = 40 * MEGABYTE;

fn main() {
    let start = Instant::now();
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if arguments.first().is_some_and(|first| first == FIRST_COUNT) {
        return first_count(start, arguments.get(1).map_or("ours", String::as_str));
    }
    let folder = arguments
        .first()
        .map_or(concat!(env!("CARGO_MANIFEST_DIR"), "/src"), String::as_str);
    throughput(folder);
    first_counts();
    hostile();
}

fn throughput(folder: &str) {
    let mut texts = Vec::new();
    gather(Path::new(folder), &mut texts, &mut 0);
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "{} files, {:.1} MB of text",
        texts.len(),
        bytes as f64 / MEGABYTE as f64
    );
    println!(
        "{:<12} {:>8} {:>12} {:>12}   MB/s",
        "", "ours", "tiktoken-rs", "bpe-openai"
    );
    for peers in Peers::ALL {
        let speed = |count: &dyn Fn(&str) -> usize| {
            let time = best(|| texts.iter().map(|text| count(text)).sum::<usize>());
            bytes as f64 / MEGABYTE as f64 / time.as_secs_f64()
        };
        let ours = speed(&|text| peers.encoding.count(text).0 as usize);
        let tiktoken = speed(&|text| (peers.tiktoken)().count_ordinary(text));
        let bpe = speed(&|text| (peers.bpe)().count(text));
        println!(
            "{:<12} {ours:>8.1} {tiktoken:>12.1} {bpe:>12.1}",
            peers.encoding.name()
        );
    }
}

/// The same encoding in the three implementations.
struct Peers {
    encoding: Encoding,
    tiktoken: fn() -> &'static tiktoken_rs::CoreBPE,
    bpe: fn() -> &'static bpe_openai::Tokenizer,
}

impl Peers {
    const ALL: [Peers; 2] = [
        Peers {
            encoding: Encoding::O200kBase,
            tiktoken: tiktoken_rs::o200k_base_singleton,
            bpe: bpe_openai::o200k_base,
        },
        Peers {
            encoding: Encoding::Cl100kBase,
            tiktoken: tiktoken_rs::cl100k_base_singleton,
            bpe: bpe_openai::cl100k_base,
        },
    ];
}

fn gather(folder: &Path, texts: &mut Vec<String>, bytes: &mut usize) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() && !path.ends_with(".git") {
            gather(&path, texts, bytes);
        } else if *bytes < ENOUGH
            && let Ok(text) = fs::read_to_string(&path)
        {
            *bytes += text.len();
            texts.push(text);
        }
    }
}

fn first_counts() {
    println!("\nfirst count of a process, ms since main began (process from outside)");
    let program = env::current_exe().expect("a running program has a path");
    for who in ["ours", "tiktoken-rs", "bpe-openai"] {
        let mut inside = f64::MAX;
        let outside = best(|| {
            let output = Command::new(&program)
                .args([FIRST_COUNT, who])
                .output()
                .expect("cannot start itself");
            let ms = String::from_utf8_lossy(&output.stdout)
                .trim()
                .parse()
                .unwrap_or(f64::MAX);
            inside = inside.min(ms);
        });
        println!(
            "{who:<12} {inside:>8.2} ({:.2})",
            outside.as_secs_f64() * 1000.0
        );
    }
}

fn first_count(start: Instant, who: &str) {
    let text = "fn main() {\n    println!(\"Hello, world: {}\", argumentsOfTheProgram);\n}\n";
    let count = match who {
        "tiktoken-rs" => tiktoken_rs::o200k_base_singleton().count_ordinary(text),
        "bpe-openai" => bpe_openai::o200k_base().count(text),
        _ => Encoding::O200kBase.count(text).0 as usize,
    };
    std::hint::black_box(count);
    println!("{:.3}", start.elapsed().as_secs_f64() * 1000.0);
}

fn hostile() {
    println!("\nhostile text, o200k_base: ms for 1 MB, ms for 10 MB, ratio");
    println!(
        "{:<18} {:>8} {:>8} {:>6}   {:>8} {:>8} {:>6}",
        "", "ours", "", "", "bpe", "", ""
    );
    for (name, make) in HOSTILE {
        let (small, large) = (make(MEGABYTE), make(10 * MEGABYTE));
        let ms =
            |count: &dyn Fn(&str) -> usize, text: &str| best(|| count(text)).as_secs_f64() * 1000.0;
        let ours = |text: &str| Encoding::O200kBase.count(text).0 as usize;
        let bpe = |text: &str| bpe_openai::o200k_base().count(text);
        assert_eq!(ours(&small), bpe(&small), "{name}: the counts differ");
        let (a, b, c, d) = (
            ms(&ours, &small),
            ms(&ours, &large),
            ms(&bpe, &small),
            ms(&bpe, &large),
        );
        println!(
            "{name:<18} {a:>8.1} {b:>8.1} {:>6.1}   {c:>8.1} {d:>8.1} {:>6.1}",
            b / a,
            d / c
        );
    }
}

type Make = fn(usize) -> String;

const HOSTILE: [(&str, Make); 9] = [
    ("one letter", |len| "a".repeat(len)),
    ("spaces", |len| " ".repeat(len)),
    ("newlines", |len| "\n".repeat(len)),
    ("dashes", |len| "-".repeat(len)),
    ("base64", |len| random(BASE64, len)),
    ("random letters", |len| {
        random("abcdefghijklmnopqrstuvwxyz", len)
    }),
    ("emoji", |len| random("😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰", len)),
    ("emoji with joiners", |len| {
        "👨\u{200d}👩\u{200d}👧".repeat(len / 18)
    }),
    ("Chinese", |len| {
        random("的一是不了人我在有他这为之大来以个中上们", len)
    }),
];

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn random(alphabet: &str, len: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state: u64 = 1;
    let mut text = String::with_capacity(len + 4);
    while text.len() < len {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push(alphabet[(state >> 33) as usize % alphabet.len()]);
    }
    text
}

fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut time = || {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..RUNS).map(|_| time()).min().unwrap_or_default()
}
