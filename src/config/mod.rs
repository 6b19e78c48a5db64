//! Settings in layers, each value with the place it came from.
//!
//! Built-in defaults, the user's file, the project's file, `CTX_*` variables, `--config`.
//! A broken layer is an error that names the file and the key; an unknown key is a warning
//! that names the nearest known one.

mod layers;

pub use layers::{Layer, Origin, Setting};

use crate::error::Error;
use crate::nearest::nearest;
use crate::tokens::{Counter, Tokens};
use std::path::PathBuf;
use toml::{Table, Value};

/// The built-in settings with their documentation.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// All settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    settings: Vec<Setting>,
    /// Unknown keys and other things worth saying once.
    pub warnings: Vec<String>,
}

/// Where layers are read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The user's file.
    pub user: Option<PathBuf>,
    /// The project's file.
    pub project: Option<PathBuf>,
    /// Variables whose names begin with `CTX_`, as (name, value).
    pub environment: Vec<(String, String)>,
    /// `--config KEY=VALUE` options.
    pub options: Vec<String>,
}

impl Config {
    /// The built-in settings alone.
    pub fn built_in() -> Config {
        let table: Table = DEFAULTS
            .parse()
            .expect("the built-in settings are valid TOML");
        let mut settings = Vec::new();
        layers::flatten("", &table, &mut |key, value| {
            settings.push(Setting {
                key,
                value: value.clone(),
                origin: Origin::BuiltIn,
            });
        });
        Config {
            settings,
            warnings: Vec::new(),
        }
    }

    /// Reads every layer of `sources`.
    ///
    /// # Errors
    /// A file that cannot be read or is no TOML, a value of the wrong type.
    pub fn load(sources: &Sources) -> Result<Config, Error> {
        let mut config = Config::built_in();
        for layer in layers::read(sources)? {
            config.apply(layer)?;
        }
        Ok(config)
    }

    /// Every setting, by key, with where it came from.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Most tokens an answer may cost.
    pub fn budget(&self) -> Tokens {
        Tokens(self.integer("budget"))
    }

    /// What tokens are counted with.
    ///
    /// # Errors
    /// A model that is not known.
    pub fn counter(&self) -> Result<Counter, Error> {
        let setting = self.setting("model");
        let model = setting.value.as_str().unwrap_or_default();
        Counter::for_model(model)
            .map_err(|error| Error::bad_request(format!("{} from {}", error, setting.origin)))
    }

    /// A whole number that is not negative.
    pub fn integer(&self, key: &str) -> u64 {
        let value = self.setting(key).value.as_integer();
        value
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(0)
    }

    /// A text; empty where nothing is set.
    pub fn text(&self, key: &str) -> &str {
        self.setting(key).value.as_str().unwrap_or_default()
    }

    /// A switch.
    pub fn switch(&self, key: &str) -> bool {
        self.setting(key).value.as_bool().unwrap_or(false)
    }

    fn setting(&self, key: &str) -> &Setting {
        let known = self.settings.iter().find(|setting| setting.key == key);
        known.expect("every key that the program asks for has a built-in value")
    }

    fn apply(&mut self, layer: Layer) -> Result<(), Error> {
        for (key, value) in layer.values {
            let Some(setting) = self.settings.iter_mut().find(|setting| setting.key == key) else {
                let keys = self.settings.iter().map(|setting| setting.key.as_str());
                let near = nearest(&key, keys)
                    .map_or(String::new(), |near| format!(", did you mean `{near}`?"));
                self.warnings
                    .push(format!("unknown setting `{key}` in {}{near}", layer.origin));
                continue;
            };
            setting.value = layers::typed(&setting.key, &setting.value, value, &layer.origin)?;
            setting.origin = layer.origin.clone();
        }
        Ok(())
    }
}

/// Shows `value` as TOML.
pub fn show(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}
