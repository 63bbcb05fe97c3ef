//! Settings: flags, then `HUBBUB_*` variables, then a TOML file, then defaults. Read, parsed and checked once.

mod auth;
mod limits;
mod live;
mod serve;
mod store;

use std::{ffi::OsString, fmt::Write as _, path::PathBuf};

use clap::{
    ArgMatches, Args as _, CommandFactory, FromArgMatches, Parser, ValueEnum, parser::ValueSource,
};
use thiserror::Error;

pub use self::{
    auth::AuthConfig,
    limits::LimitsConfig,
    live::LiveConfig,
    serve::{ServeConfig, Signup},
    store::{Durability, StoreConfig},
};

/// Chat that people own: one binary, an embedded database, a browser client.
#[derive(Clone, Debug, Parser)]
#[command(name = "hubbub", version, about)]
pub struct Config {
    /// What to do.
    #[arg(value_enum, default_value_t = Verb::Serve)]
    pub verb: Verb,
    /// A TOML file with settings, named as the flags are (`send-per-s = 20`).
    #[arg(long, env = "HUBBUB_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where and how it serves.
    #[command(flatten)]
    pub serve: ServeConfig,
    /// Where and how it stores.
    #[command(flatten)]
    pub store: StoreConfig,
    /// Live sessions.
    #[command(flatten)]
    pub live: LiveConfig,
    /// What is limited.
    #[command(flatten)]
    pub limits: LimitsConfig,
    /// Sign-ins and tokens.
    #[command(flatten)]
    pub auth: AuthConfig,
}

/// What the binary does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verb {
    /// Serve the page, the API and the live connections.
    Serve,
    /// Read the store and prove its promises; exit status 1 and a line each where one is broken.
    Verify,
    /// Print the effective settings, secrets hidden.
    Config,
}

/// A setting that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A flag, a variable, or `--help`: clap knows how to print it.
    #[error(transparent)]
    Clap(#[from] clap::Error),
    /// The file cannot be read.
    #[error("cannot read the settings in {path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The file names a setting that there is not.
    #[error("{path} sets {key}, which is not a setting; `hubbub config` lists them")]
    UnknownKey {
        /// Which file.
        path: PathBuf,
        /// Which key.
        key: String,
    },
    /// Settings that do not fit together.
    #[error("{0}")]
    Unfit(String),
}

impl Config {
    /// The effective settings of a command line and the environment.
    pub fn load(args: impl IntoIterator<Item = OsString>) -> Result<Self, ConfigError> {
        let (_, matches) = Self::matches(args)?;
        let config = Self::from_arg_matches(&matches)?;
        config.check()?;
        Ok(config)
    }

    /// The effective settings as lines of TOML, each with where it comes from; secrets are hidden.
    pub fn print(args: impl IntoIterator<Item = OsString>) -> Result<String, ConfigError> {
        let (command, matches) = Self::matches(args)?;
        Self::from_arg_matches(&matches)?.check()?;
        let mut out = String::new();
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            let (Some(long), false) = (arg.get_long(), matches!(id, "help" | "version" | "config"))
            else {
                continue;
            };
            let source = match matches.value_source(id) {
                Some(ValueSource::CommandLine) => "flag",
                Some(ValueSource::EnvVariable) => "environment",
                Some(_) if arg.get_default_values() != default_of(id) => "file",
                Some(_) => "default",
                None => "not set",
            };
            let mut values = Vec::new();
            for value in matches.get_raw(id).into_iter().flatten() {
                values.push(toml_value(&hide_secret(&value.to_string_lossy())));
            }
            let value = if values.len() > 1 {
                format!("[{}]", values.join(", "))
            } else {
                values.concat()
            };
            let line = if values.is_empty() {
                format!("# {long} =")
            } else {
                format!("{long} = {value}")
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{line:<48} # {source}");
        }
        Ok(out)
    }

    fn matches(
        args: impl IntoIterator<Item = OsString>,
    ) -> Result<(clap::Command, ArgMatches), ConfigError> {
        let args: Vec<OsString> = args.into_iter().collect();
        let mut command = Self::command();
        let first = command
            .clone()
            .ignore_errors(true)
            .try_get_matches_from(args.clone())?;
        if let Ok(Some(path)) = first.try_get_one::<PathBuf>("config") {
            command = with_file(command, path)?;
        }
        let matches = command.clone().try_get_matches_from(args)?;
        Ok((command, matches))
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.store.readers_min > self.store.readers_max {
            let why = "--db-readers-min is greater than --db-readers-max; make it at most as great"
                .to_owned();
            return Err(ConfigError::Unfit(why));
        }
        Ok(())
    }
}

fn default_of(id: &str) -> Vec<clap::builder::OsStr> {
    let fresh = Config::augment_args(clap::Command::new("hubbub"));
    let found = fresh.get_arguments().find(|arg| arg.get_id() == id);
    found
        .map(|arg| arg.get_default_values().to_vec())
        .unwrap_or_default()
}

/// A file's values become defaults: weaker than flags and variables, stronger than ours, and parsed by the same rules.
fn with_file(mut command: clap::Command, path: &PathBuf) -> Result<clap::Command, ConfigError> {
    let fail = |why: String| ConfigError::File {
        path: path.clone(),
        why,
    };
    let text = std::fs::read_to_string(path).map_err(|why| fail(why.to_string()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|why: toml::de::Error| fail(why.to_string()))?;
    for (key, value) in table {
        let id = key.replace('-', "_");
        let known = command
            .get_arguments()
            .any(|arg| arg.get_id() == id.as_str() && arg.get_long().is_some());
        if !known || matches!(id.as_str(), "help" | "version" | "config") {
            return Err(ConfigError::UnknownKey {
                path: path.clone(),
                key,
            });
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(list) => list
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect::<Vec<_>>()
                .join(","),
            other => other.to_string(),
        };
        command = command.mut_arg(id, |arg| arg.default_value(value));
    }
    Ok(command)
}

/// A password inside a URL is not for logs.
fn hide_secret(value: &str) -> String {
    match url::Url::parse(value) {
        Ok(mut url) if url.password().is_some() => {
            // Only a URL that cannot hold a password refuses one.
            let _ = url.set_password(Some("hidden"));
            url.to_string()
        }
        _ => value.to_owned(),
    }
}

fn toml_value(value: &str) -> String {
    if value.parse::<i64>().is_ok() || matches!(value, "true" | "false") {
        value.to_owned()
    } else {
        toml::Value::String(value.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(list: &[&str]) -> Vec<OsString> {
        std::iter::once("hubbub")
            .chain(list.iter().copied())
            .map(OsString::from)
            .collect()
    }

    #[test]
    fn the_commands_are_sound() {
        Config::command().debug_assert();
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hubbub.toml");
        std::fs::write(&file, "send-per-s = 7\nsend_burst = 9\nsignup = \"open\"\n").unwrap();
        let path = file.to_str().unwrap();
        let config = Config::load(args(&["--config", path, "--send-burst", "11"])).unwrap();
        assert_eq!(
            (config.limits.send_per_s, config.limits.send_burst),
            (7, 11)
        );
        assert_eq!(config.serve.signup, Signup::Open);
        assert_eq!(config.live.heartbeat_s, 30);
        let printed = Config::print(args(&["--config", path, "--send-burst", "11"])).unwrap();
        assert!(printed.contains("send-burst = 11"), "{printed}");
        assert!(
            printed
                .lines()
                .any(|line| line.starts_with("send-per-s = 7") && line.ends_with("# file")),
            "{printed}"
        );
    }

    #[test]
    fn mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hubbub.toml");
        std::fs::write(&file, "sends = 7\n").unwrap();
        let path = file.to_str().unwrap();
        assert!(
            matches!(Config::load(args(&["--config", path])), Err(ConfigError::UnknownKey { key, .. }) if key == "sends")
        );
        assert!(matches!(
            Config::load(args(&["--config", "/nowhere/at/all"])),
            Err(ConfigError::File { .. })
        ));
        assert!(matches!(
            Config::load(args(&["--heartbeat-s", "0"])),
            Err(ConfigError::Clap(_))
        ));
        assert!(matches!(
            Config::load(args(&["--db-readers-min", "9", "--db-readers-max", "2"])),
            Err(ConfigError::Unfit(_))
        ));
    }

    #[test]
    fn what_is_printed_is_a_file_of_settings() {
        let flags = ["--public-url", "https://a.example,https://b.example"];
        let printed = Config::print(args(&flags)).unwrap();
        let table: toml::Table = printed.parse().unwrap();
        assert_eq!(
            table["public-url"].as_array().map(Vec::len),
            Some(2),
            "{printed}"
        );
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hubbub.toml");
        std::fs::write(&file, &printed).unwrap();
        let again = Config::load(args(&["--config", file.to_str().unwrap()])).unwrap();
        assert_eq!(again.serve.public_url.len(), 2);
    }

    #[test]
    fn passwords_in_urls_are_hidden() {
        let printed =
            Config::print(args(&["--database-url", "postgres://ada:secret@db/hubbub"])).unwrap();
        assert!(
            printed.contains("postgres://ada:hidden@db/hubbub"),
            "{printed}"
        );
        assert!(!printed.contains("secret@"), "{printed}");
    }
}
