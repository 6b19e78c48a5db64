//! The model families and what is known about their tokenizers: one table, with its sources.
//!
//! A family counts exactly when its tokenizer is public and built in. For the others there is a band of
//! factors over an encoding: measured, from many texts, and no promise for a single one.

use super::encoding::Encoding;

/// Factors over the counts of an encoding, in thousandths: 1160 is 1.16 tokens of the model for every
/// token of the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// What nine texts in ten exceed, about.
    pub low: u32,
    /// The median.
    pub typical: u32,
    /// What nine texts in ten stay below, about; never under 1000. Budgets are fitted with this one.
    pub high: u32,
}

/// Models that count alike.
#[derive(Debug, PartialEq, Eq)]
pub struct ModelFamily {
    /// What outputs call it.
    pub name: &'static str,
    /// What is counted with.
    pub encoding: Encoding,
    /// How the model's counts relate to the encoding's; `None` when they are equal.
    pub band: Option<Band>,
    /// Where the band, or the assignment to an encoding, comes from.
    pub source: &'static str,
    /// Names that mean this family as they are. Dots are written as dashes.
    aliases: &'static [&'static str],
    /// Beginnings of names, up to a dash or the end; the longest that fits decides.
    prefixes: &'static [&'static str],
}

/// Every family. Where a bare name like `opus` could mean several, it means the one that counts more.
pub const FAMILIES: &[ModelFamily] = &[
    ModelFamily {
        name: "gpt-4o",
        encoding: Encoding::O200kBase,
        band: None,
        source: "OpenAI's tiktoken assigns o200k_base to these models",
        aliases: &["o200k_base", "openai", "gpt"],
        prefixes: &[
            "gpt-4o",
            "gpt-4-1",
            "gpt-4-5",
            "gpt-5",
            "gpt-oss",
            "chatgpt-4o",
            "codex",
            "o1",
            "o3",
            "o4",
            "o200k-harmony",
        ],
    },
    ModelFamily {
        name: "gpt-4",
        encoding: Encoding::Cl100kBase,
        band: None,
        source: "OpenAI's tiktoken assigns cl100k_base to these models",
        aliases: &["cl100k_base"],
        prefixes: &[
            "gpt-4",
            "gpt-3-5",
            "gpt-35",
            "text-embedding-ada-002",
            "text-embedding-3",
        ],
    },
    ModelFamily {
        name: "claude-4",
        encoding: Encoding::O200kBase,
        band: Some(Band {
            low: 1100,
            typical: 1160,
            high: 1300,
        }),
        source: "measured on the usage records of real sessions with Claude 4.0 to 4.6: code and files \
                 about 1.13, shell output and JSON 1.26 to 1.32; assumed for Claude 3",
        aliases: &["sonnet", "haiku"],
        prefixes: &[
            "claude-3",
            "claude-4",
            "claude-sonnet-4",
            "claude-opus-4",
            "claude-haiku-4",
            "claude-opus-3",
            "claude-sonnet-3",
            "claude-haiku-3",
        ],
    },
    ModelFamily {
        name: "claude-4.7",
        encoding: Encoding::O200kBase,
        band: Some(Band {
            low: 1400,
            typical: 1530,
            high: 1700,
        }),
        source: "one measurement on usage records of Claude Opus 4.7; public counts of 4.7 against 4.6 on \
                 the same texts (about 1.33 on what agents send, 1.45 on English prose) agree with it; \
                 assumed for later models",
        aliases: &["opus"],
        prefixes: &[
            "claude",
            "claude-4-7",
            "claude-4-8",
            "claude-4-9",
            "claude-opus-4-7",
            "claude-opus-4-8",
            "claude-opus-4-9",
            "claude-sonnet-4-7",
            "claude-sonnet-4-8",
            "claude-sonnet-4-9",
            "claude-haiku-4-7",
            "claude-haiku-4-8",
            "claude-haiku-4-9",
        ],
    },
    ModelFamily {
        name: "gemini",
        encoding: Encoding::O200kBase,
        band: Some(Band {
            low: 1000,
            typical: 1080,
            high: 1300,
        }),
        source: "Google's SDK counts Gemini 2.0 to 3 with the tokenizer of Gemma 3, which is not built in \
                 here; published comparisons on English text are 5 to 10 % above o200k_base; none covers \
                 code, so the upper end is assumed",
        aliases: &[],
        prefixes: &["gemini", "gemma-3"],
    },
];

impl ModelFamily {
    /// Finds the family of a model, by an encoding's name, an alias or the beginning of its name. Case,
    /// a provider in front (`anthropic/`, `models/`) and dots for dashes make no difference.
    pub fn of(model: &str) -> Option<&'static ModelFamily> {
        let name = plain_name(model);
        let by_alias = FAMILIES
            .iter()
            .find(|family| family.aliases.contains(&name.as_str()));
        by_alias.or_else(|| by_prefix(&name))
    }

    /// The names that mean this family, beginnings of names included.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.iter().chain(self.prefixes).copied()
    }
}

fn by_prefix(name: &str) -> Option<&'static ModelFamily> {
    let fitting = |family: &'static ModelFamily| {
        let lengths = family
            .prefixes
            .iter()
            .filter(|prefix| begins_with(name, prefix))
            .map(|prefix| prefix.len());
        lengths.max().map(|len| (len, family))
    };
    FAMILIES
        .iter()
        .filter_map(fitting)
        .max_by_key(|&(len, _)| len)
        .map(|(_, family)| family)
}

fn begins_with(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
}

/// The name as the table writes names: `Anthropic/Claude-Opus-4.7` becomes `claude-opus-4-7`, and so
/// does `opus-4.7`.
fn plain_name(model: &str) -> String {
    let name = model.trim().to_lowercase().replace('.', "-");
    let name = name.rsplit('/').next().unwrap_or_default();
    let name = name.find("claude").map_or(name, |at| &name[at..]);
    match ["opus-", "sonnet-", "haiku-"]
        .iter()
        .any(|tier| name.starts_with(tier))
    {
        true => format!("claude-{name}"),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(family: &str, models: &[&str]) {
        for model in models {
            assert_eq!(
                ModelFamily::of(model).map(|family| family.name),
                Some(family),
                "{model}"
            );
        }
    }

    #[test]
    fn finds_families_by_name() {
        check(
            "gpt-4o",
            &[
                "gpt-4o",
                "GPT-4o-mini",
                "gpt-4.1",
                "gpt-5",
                "gpt-5.1-codex",
                "o3",
                "o4-mini",
                "o200k_base",
            ],
        );
        check(
            "gpt-4",
            &[
                "gpt-4",
                "gpt-4-turbo",
                "gpt-3.5-turbo",
                "openai/gpt-4-0613",
                "cl100k_base",
            ],
        );
        check(
            "claude-4",
            &[
                "claude-sonnet-4-5",
                "claude-sonnet-4-5-20250929",
                "claude-opus-4",
                "claude-opus-4-20250514",
            ],
        );
        check(
            "claude-4",
            &[
                "sonnet",
                "haiku",
                "haiku-4.5",
                "claude-3-7-sonnet",
                "us.anthropic.claude-opus-4-6-v1:0",
            ],
        );
        check(
            "claude-4.7",
            &[
                "claude-opus-4-7",
                "anthropic/claude-opus-4.7",
                "opus",
                "opus-4.8",
                "claude-sonnet-5",
                "claude",
            ],
        );
        check(
            "gemini",
            &[
                "gemini-2.5-pro",
                "google/gemini-3-pro-preview",
                "models/gemini-2.0-flash",
            ],
        );
    }

    #[test]
    fn knows_no_family_for_what_only_looks_alike() {
        for model in ["", "gpt-45", "o33", "clause", "llama-3", "opus2"] {
            assert_eq!(ModelFamily::of(model), None, "{model}");
        }
    }

    #[test]
    fn bands_are_ordered_and_never_promise_less_than_was_counted() {
        for band in FAMILIES.iter().filter_map(|family| family.band) {
            assert!(band.low <= band.typical && band.typical <= band.high && band.high >= 1000);
        }
    }
}
