//! The workspace: its root, the folder that paths start from, and its settings.

use crate::config::{Config, Sources};
use crate::error::Error;
use crate::shell;
use std::env;
use std::path::{Path, PathBuf};

/// Where a command acts, and with what settings.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The nearest folder with `.ctx/` or `.git`, else `base`.
    pub root: PathBuf,
    /// The folder that relative paths start from.
    pub base: PathBuf,
    /// The settings in force.
    pub config: Config,
    /// `ctx` with the options that brought it here, as they would be typed again.
    pub program: String,
    /// The session that the caller names: `--session`, else `$CTX_SESSION`.
    pub session: Option<String>,
}

impl Workspace {
    /// Opens the workspace around `folder`, or around the current folder.
    ///
    /// # Errors
    /// A folder that does not exist, settings that cannot be read.
    pub fn open(folder: Option<&Path>, options: Vec<String>) -> Result<Workspace, Error> {
        let base = match folder {
            Some(folder) => folder.canonicalize().map_err(|error| {
                Error::bad_request(format!("`--repo {}` cannot be opened", folder.display()))
                    .because(error)
            })?,
            None => env::current_dir()
                .map_err(|error| Error::failed("the current folder is gone").because(error))?,
        };
        if !base.is_dir() {
            return Err(Error::bad_request(format!(
                "`--repo {}` is not a folder",
                base.display()
            )));
        }
        let root = root_of(&base);
        let program = program(folder, &options);
        let config = Config::load(&Sources {
            user: user_config(),
            project: Some(root.join(".ctx").join("config.toml")),
            environment: variables(),
            options,
        })?;
        Ok(Workspace {
            root,
            base,
            config,
            program,
            session: env::var("CTX_SESSION").ok().filter(|id| !id.is_empty()),
        })
    }
}

fn program(folder: Option<&Path>, options: &[String]) -> String {
    let mut program = String::from("ctx");
    if let Some(folder) = folder {
        program.push_str(" -C ");
        program.push_str(&shell::path(&folder.to_string_lossy()));
    }
    for option in options {
        program.push_str(" --config ");
        program.push_str(&shell::quoted(option));
    }
    program
}

impl Workspace {
    /// Where settings of this project and of this user lie, the nearest first; they may not exist.
    pub fn config_folders(&self) -> Vec<PathBuf> {
        let user = user_config().and_then(|file| Some(file.parent()?.to_owned()));
        std::iter::once(self.root.join(".ctx"))
            .chain(user)
            .collect()
    }
}

fn root_of(base: &Path) -> PathBuf {
    let is_root = |folder: &&Path| folder.join(".ctx").is_dir() || folder.join(".git").exists();
    base.ancestors().find(is_root).unwrap_or(base).to_owned()
}

/// The variables that may be settings; those that are no Unicode cannot be.
fn variables() -> Vec<(String, String)> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("CTX_"))
        .collect()
}

/// `$XDG_CONFIG_HOME/ctx/config.toml`, or the platform's place for it.
fn user_config() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("ctx").join("config.toml"))
}
