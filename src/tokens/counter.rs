//! What a command counts with: an encoding, and for models without a public tokenizer a factor over it.
//!
//! All arithmetic is on integers, so that a budget fits on every machine or on none.

use super::count::Tokens;
use super::encoding::Encoding;
use super::family::{FAMILIES, ModelFamily};
use crate::nearest::all_near;

/// Factors are in thousandths.
const ONE: u32 = 1000;

/// Counts tokens for one model: exactly, or as the upper end of the model family's band.
///
/// With a factor, counts are rounded up, and the rounded counts of parts may exceed the count of the
/// whole. To add and compare many parts, count them with [`Counter::encoding`], fit them to
/// [`Counter::base_budget`] and [`Counter::scale`] the total once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    encoding: Encoding,
    factor: Option<Factor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Factor {
    /// Never below [`ONE`].
    permille: u32,
    family: &'static str,
}

impl Counter {
    /// Returns the counter of a model, given its name, an alias such as `opus`, or an encoding's name.
    ///
    /// # Errors
    /// When the name belongs to no known family; the error names the nearest ones and all families.
    pub fn for_model(model: &str) -> Result<Counter, UnknownModel> {
        ModelFamily::of(model)
            .map(Counter::for_family)
            .ok_or_else(|| UnknownModel::new(model))
    }

    /// Returns the counter of a model family.
    pub fn for_family(family: &'static ModelFamily) -> Counter {
        let factor = |permille: u32| Factor {
            permille: permille.max(ONE),
            family: family.name,
        };
        Counter {
            encoding: family.encoding,
            factor: family.band.map(|band| factor(band.high)),
        }
    }

    /// Counts a text: the upper end of the band, rounded up, for models with a factor; else exactly.
    pub fn count(&self, text: &str) -> Tokens {
        self.scale(self.encoding.count(text))
    }

    /// Converts a count of [`Counter::encoding`] into this model's tokens, rounded up.
    pub fn scale(&self, base: Tokens) -> Tokens {
        tokens((u128::from(base.0) * u128::from(self.permille())).div_ceil(u128::from(ONE)))
    }

    /// Returns how many tokens of [`Counter::encoding`] surely fit a budget of this model's tokens: the
    /// most for which [`Counter::scale`] stays within it.
    pub fn base_budget(&self, budget: Tokens) -> Tokens {
        tokens(u128::from(budget.0) * u128::from(ONE) / u128::from(self.permille()))
    }

    /// What outputs call this counter: `o200k_base`, or `o200k_base x1.30 (claude-4)`.
    pub fn name(&self) -> String {
        match &self.factor {
            None => self.encoding.to_string(),
            Some(Factor { permille, family }) => {
                let hundredths = permille.div_ceil(10);
                format!(
                    "{} x{}.{:02} ({family})",
                    self.encoding,
                    hundredths / 100,
                    hundredths % 100
                )
            }
        }
    }

    /// Whether counts are exact rather than the upper end of a band.
    pub fn is_exact(&self) -> bool {
        self.factor.is_none()
    }

    /// The encoding that is counted with before any factor.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn permille(&self) -> u32 {
        self.factor.as_ref().map_or(ONE, |factor| factor.permille)
    }
}

impl From<Encoding> for Counter {
    /// The exact counter of an encoding.
    fn from(encoding: Encoding) -> Counter {
        Counter {
            encoding,
            factor: None,
        }
    }
}

fn tokens(count: u128) -> Tokens {
    Tokens(u64::try_from(count).unwrap_or(u64::MAX))
}

/// A model that belongs to no known family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown model `{model}`: {}known families are {}", did_you_mean(nearest), ticked(&family_names(), " and "))]
pub struct UnknownModel {
    /// What was asked for.
    pub model: String,
    /// Known names that look like it, the nearest first; may be empty.
    pub nearest: Vec<&'static str>,
}

impl UnknownModel {
    fn new(model: &str) -> UnknownModel {
        let known = FAMILIES
            .iter()
            .flat_map(|family| family.names().chain([family.name]));
        UnknownModel {
            model: model.to_owned(),
            nearest: all_near(model, known, 3),
        }
    }
}

fn family_names() -> Vec<&'static str> {
    FAMILIES.iter().map(|family| family.name).collect()
}

fn did_you_mean(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        names => format!("did you mean {}? ", ticked(names, " or ")),
    }
}

/// `a`, `b` and `c`, each in backticks.
fn ticked(names: &[&str], last_separator: &str) -> String {
    let ticked: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match ticked.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            format!("{}{last_separator}{last}", rest.join(", "))
        }
        _ => ticked.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_tell_what_was_counted_with() {
        let name = |model: &str| Counter::for_model(model).unwrap().name();
        assert_eq!(name("gpt-5"), "o200k_base");
        assert_eq!(name("gpt-4"), "cl100k_base");
        assert_eq!(name("claude-sonnet-4-5"), "o200k_base x1.30 (claude-4)");
        assert_eq!(name("claude-opus-4-7"), "o200k_base x1.70 (claude-4.7)");
        assert!(Counter::for_model("o3").unwrap().is_exact());
        assert!(!Counter::for_model("gemini-2.5-pro").unwrap().is_exact());
    }

    #[test]
    fn counts_at_the_upper_end_and_rounds_up() {
        let claude = Counter::for_model("claude-sonnet-4-5").unwrap();
        assert_eq!(claude.count("hello"), Tokens(2));
        assert_eq!(claude.scale(Tokens(1000)), Tokens(1300));
        assert_eq!(claude.base_budget(Tokens(1000)), Tokens(769));
        assert_eq!(claude.count(""), Tokens(0));
    }

    #[test]
    fn an_unknown_model_is_told_what_is_known() {
        let message = |model: &str| Counter::for_model(model).unwrap_err().to_string();
        assert_eq!(
            message("claud-opus-4-7"),
            "unknown model `claud-opus-4-7`: did you mean `claude-opus-4-7`, `claude-opus-4-8` or `claude-opus-4-9`? \
             known families are `gpt-4o`, `gpt-4`, `claude-4`, `claude-4.7` and `gemini`"
        );
        assert_eq!(
            message("a-model-of-ours"),
            "unknown model `a-model-of-ours`: known families are `gpt-4o`, `gpt-4`, `claude-4`, `claude-4.7` and `gemini`"
        );
    }

    proptest! {
        #[test]
        fn what_fits_the_base_budget_fits_the_budget(budget: u64, family in 0..FAMILIES.len()) {
            let counter = Counter::for_family(&FAMILIES[family]);
            for budget in [budget, budget >> 32, budget >> 52] {
                let base = counter.base_budget(Tokens(budget));
                prop_assert!(counter.scale(base) <= Tokens(budget));
                prop_assert!(counter.scale(base + Tokens(1)) > Tokens(budget) || budget == u64::MAX);
            }
        }
    }
}
