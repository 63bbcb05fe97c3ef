//! Settings: flags, then `HUBBUB_*` variables, then a TOML file, then defaults. Read, parsed and checked once.

mod auth;
mod layers;
mod limits;
mod live;
mod places;
mod serve;
mod store;
mod values;

use std::{ffi::OsString, fmt::Write as _, path::PathBuf};

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, ValueEnum};
use protocol::Role;
use thiserror::Error;

pub(crate) use self::{
    auth::AuthConfig,
    limits::LimitsConfig,
    live::LiveConfig,
    places::MovePlace,
    serve::{ServeConfig, Signup},
    store::StoreConfig,
    values::Database,
};
use layers::{Layers, Variables};

/// Chat that people own: one binary, an embedded database, a browser client.
#[derive(Clone, Debug, Parser)]
#[expect(clippy::struct_field_names, reason = "a field is named as its flag is")]
#[command(name = "hubbub", version, about)]
pub struct Config {
    /// What to do.
    #[arg(value_enum, default_value_t = Verb::Serve)]
    pub verb: Verb,
    /// With `reset-password` and `set-role`: whose, by the name after the `@`. With `migrate`: from where.
    #[arg(value_name = "NAME|FROM")]
    pub whose: Option<String>,
    /// With `set-role`: member, moderator, admin or owner. With `migrate`: to where. FROM and TO are a data folder or `sqlite://PATH`, and
    /// `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(value_name = "ROLE|TO")]
    pub(crate) which: Option<String>,
    /// With `verify`: every text against its checksum too.
    #[arg(long)]
    pub deep: bool,
    /// A TOML file with settings, named as the flags are (`send-per-s = 20`).
    #[arg(long, env = "HUBBUB_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where and how it serves.
    #[command(flatten)]
    pub serve: ServeConfig,
    /// Where and how it stores.
    #[command(flatten)]
    pub(crate) store: StoreConfig,
    /// Live sessions.
    #[command(flatten)]
    pub(crate) live: LiveConfig,
    /// What is limited.
    #[command(flatten)]
    pub(crate) limits: LimitsConfig,
    /// Sign-ins and tokens.
    #[command(flatten)]
    pub(crate) auth: AuthConfig,
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
    /// Give somebody a new password, which is printed, and sign them out everywhere; by the running server, if one runs.
    ResetPassword,
    /// Change what somebody may do; by the running server, if one runs.
    SetRole,
    /// Move the store from SQLite to an empty database of PostgreSQL, or back to a new file: `hubbub migrate FROM TO`. No server may use either.
    Migrate,
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
        /// The reason, in words.
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
    /// A setting that cannot be used, by the name that it was written with.
    #[error("{name} cannot be {value:?}: {why}")]
    Setting {
        /// The flag, the variable, or the key and its file.
        name: String,
        /// What it was set to; a password in it is hidden.
        value: String,
        /// What is wrong with it, and what to write.
        why: String,
    },
    /// Settings that do not fit together.
    #[error("{0}")]
    Unfit(String),
}

impl Config {
    /// The effective settings of a command line and the environment.
    pub fn load(args: impl IntoIterator<Item = OsString>) -> Result<Self, ConfigError> {
        Self::of(args, &std::env::vars_os().collect())
    }

    fn of(
        args: impl IntoIterator<Item = OsString>,
        variables: &Variables,
    ) -> Result<Self, ConfigError> {
        let (_, matches) = Self::matches(args, variables)?;
        let config = Self::from_arg_matches(&matches)?;
        config.check()?;
        Ok(config)
    }

    /// Variables that begin as ours do and set nothing.
    pub fn unknown_variables() -> Vec<String> {
        layers::unknown(&Self::command(), &std::env::vars_os().collect())
    }

    /// The effective settings as lines of TOML, each with where it comes from; secrets are hidden.
    pub fn print(args: impl IntoIterator<Item = OsString>) -> Result<String, ConfigError> {
        Self::print_of(args, &std::env::vars_os().collect())
    }

    fn print_of(
        args: impl IntoIterator<Item = OsString>,
        variables: &Variables,
    ) -> Result<String, ConfigError> {
        let (layers, matches) = Self::matches(args, variables)?;
        Self::from_arg_matches(&matches)?.check()?;
        let mut out = String::new();
        for arg in layers.command.get_arguments() {
            let id = arg.get_id().as_str();
            let (Some(long), false) = (
                arg.get_long(),
                matches!(id, "help" | "version" | "config" | "deep"),
            ) else {
                continue;
            };
            let source = layers.source(&matches, id);
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
        variables: &Variables,
    ) -> Result<(Layers, ArgMatches), ConfigError> {
        let args: Vec<OsString> = args.into_iter().collect();
        let layers = Layers::read(Self::command(), &args, variables)?;
        let matches = layers.matches(&args)?;
        Ok((layers, matches))
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.store.readers_min > self.store.readers_max {
            let why = "--db-readers-min (HUBBUB_DB_READERS_MIN) is greater than --db-readers-max (HUBBUB_DB_READERS_MAX); make it at most as great"
                .to_owned();
            return Err(ConfigError::Unfit(why));
        }
        let (whose, which, how) = match self.verb {
            Verb::Serve | Verb::Verify | Verb::Config => {
                (false, false, "this command takes no name")
            }
            Verb::ResetPassword => (true, false, "write `hubbub reset-password NAME`"),
            Verb::SetRole => {
                let how = "write `hubbub set-role NAME member|moderator|admin|owner`";
                (true, true, how)
            }
            Verb::Migrate => {
                let how = "write `hubbub migrate FROM TO`, such as `hubbub migrate data postgres://USER:PASSWORD@HOST/DATABASE`";
                (true, true, how)
            }
        };
        if (self.whose.is_some(), self.which.is_some()) != (whose, which) {
            return Err(ConfigError::Unfit(how.to_owned()));
        }
        match self.verb {
            Verb::SetRole => self.role().map(drop),
            Verb::Migrate => self.places().map(drop),
            _ => Ok(()),
        }
    }

    /// With `set-role`: which.
    pub fn role(&self) -> Result<Role, ConfigError> {
        let said = self.which.as_deref().unwrap_or_default();
        Role::named(said).ok_or_else(|| ConfigError::Setting {
            name: "the role".to_owned(),
            value: said.to_owned(),
            why: format!("write {}", Role::NAMES.join(" or ")),
        })
    }

    /// With `migrate`: from where and to where.
    pub(crate) fn places(&self) -> Result<(MovePlace, MovePlace), ConfigError> {
        let [from, to] = [&self.whose, &self.which].map(|it| it.as_deref().unwrap_or_default());
        places::both(from, to)
    }
}

/// A password inside a URL is not for logs, also where the URL is none because of it, or where it stands among the parameters.
fn hide_secret(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let rest = match rest.rsplit_once('@') {
        Some((person, place)) => match person.split_once(':') {
            Some((name, _)) => format!("{name}:hidden@{place}"),
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    let rest = match rest.split_once('?') {
        Some((place, parameters)) => {
            let hidden = |one: &str| match one.split_once('=') {
                Some((name, _)) if name.contains("password") => format!("{name}=hidden"),
                _ => one.to_owned(),
            };
            let parameters: Vec<String> = parameters.split('&').map(hidden).collect();
            format!("{place}?{}", parameters.join("&"))
        }
        None => rest,
    };
    format!("{scheme}://{rest}")
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

    fn with(variables: &[(&str, &str)], flags: &[&str]) -> Result<Config, ConfigError> {
        Config::of(args(flags), &environment(variables))
    }

    fn environment(variables: &[(&str, &str)]) -> Variables {
        let pairs = variables.iter();
        pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    /// Every variable that there is.
    fn names() -> Vec<String> {
        let command = Config::command();
        let named = command.get_arguments().filter_map(clap::Arg::get_env);
        named
            .map(|name| name.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let names = names();
        assert!(names.len() > 30, "{names:?}");
        for empty in ["", " ", "\t\r"] {
            let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), empty)).collect();
            let printed = Config::print_of(args(&[]), &environment(&all)).unwrap();
            assert_eq!(
                printed,
                Config::print_of(args(&[]), &Variables::new()).unwrap()
            );
        }
    }

    #[test]
    fn a_variable_beats_the_file_and_a_flag_beats_the_variable() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hubbub.toml");
        std::fs::write(&file, "send-per-s = 7\nsend-burst = 8\nname = \"\"\n").unwrap();
        let variables = [
            ("HUBBUB_CONFIG", file.to_str().unwrap()),
            ("HUBBUB_SEND_BURST", " 9\r"),
            ("HUBBUB_HEARTBEAT_S", "5"),
        ];
        let config = with(&variables, &["--heartbeat-s=6"]).unwrap();
        let limits = config.limits;
        assert_eq!((limits.send_per_s, limits.send_burst), (7, 9));
        assert_eq!(config.live.heartbeat_s, 6);
        assert_eq!(config.serve.name, "Hubbub", "an empty line sets nothing");
        let printed =
            Config::print_of(args(&["--heartbeat-s=6"]), &environment(&variables)).unwrap();
        for (line, source) in [
            ("send-per-s = 7 ", "# file"),
            ("send-burst = 9 ", "# environment"),
            ("heartbeat-s = 6 ", "# flag"),
            ("name = \"Hubbub\" ", "# default"),
        ] {
            let found = printed.lines().find(|found| found.starts_with(line));
            assert!(found.unwrap().ends_with(source), "{printed}");
        }
    }

    #[test]
    fn lists_and_switches_are_read_as_people_write_them() {
        let lists = [
            ("HUBBUB_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1 ::1,"),
            ("HUBBUB_PUBLIC_URL", "https://a.example/ , http://b.example"),
            ("HUBBUB_LOG_JSON", "1"),
            ("HUBBUB_SIGNUP", "Open"),
            ("HUBBUB_DURABILITY", "NORMAL"),
        ];
        let config = with(&lists, &[]).unwrap();
        let networks: Vec<String> = config
            .serve
            .trusted_proxies
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(networks, ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]);
        assert_eq!(config.serve.public_url.len(), 2);
        assert!(config.serve.log_json);
        assert_eq!(config.serve.signup, Signup::Open);
        assert_eq!(config.store.durability, store::Durability::Normal);
        for (word, on) in [
            ("true", true),
            ("yes", true),
            ("ON", true),
            ("0", false),
            ("no", false),
            ("False", false),
        ] {
            let config = with(&[("HUBBUB_LOG_JSON", word)], &[]).unwrap();
            assert_eq!(config.serve.log_json, on, "{word}");
        }
        let flags = ["--trusted-proxies", "10.0.0.0/8, 192.168.1.1", "--log-json"];
        let config = with(&[], &flags).unwrap();
        assert_eq!(config.serve.trusted_proxies.len(), 2);
        assert!(config.serve.log_json);
    }

    #[test]
    fn every_mistake_is_told_by_the_name_that_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hubbub.toml");
        // One mistake for every setting that can have one.
        for arg in Config::command().get_arguments() {
            let (Some(long), Some(variable)) = (arg.get_long(), arg.get_env()) else {
                continue;
            };
            let variable = variable.to_str().unwrap();
            let any = [
                "config",
                "data-dir",
                "site-root",
                "watch",
                // A control character is a mistake, but not one that a file can hold as it is.
                "name",
                "node",
            ];
            if any.contains(&long) {
                continue;
            }
            let told = |result: Result<Config, ConfigError>, name: &str| {
                let why = result.err().unwrap().to_string();
                let start = format!("{name} cannot be \"?wrong?\": ");
                assert!(why.starts_with(&start), "{long}: {why}");
                assert!(why.len() > start.len() + 5, "{why}");
            };
            told(with(&[(variable, "?wrong?")], &[]), variable);
            std::fs::write(&file, format!("{long} = \"?wrong?\"")).unwrap();
            let path = file.to_str().unwrap();
            told(
                with(&[("HUBBUB_CONFIG", path)], &[]),
                &format!("{long} in {path}"),
            );
            if long != "log-json" {
                let flag = format!("--{long}=?wrong?");
                // The flag is the stronger one, so the mistake is its.
                told(
                    with(&[(variable, "?other?")], &[&flag]),
                    &format!("--{long}"),
                );
            }
        }
        let why = with(&[("HUBBUB_SIGNUP", "closed")], &[]).err().unwrap();
        assert_eq!(
            why.to_string(),
            "HUBBUB_SIGNUP cannot be \"closed\": write invite or open"
        );
    }

    #[test]
    fn a_variable_that_sets_nothing_is_noticed() {
        let variables = environment(&[
            ("HUBBUB_SEND_PER_SECOND", "1"),
            ("HUBBUB_SEND_PER_S", "1"),
            ("HUBBUB_SERVICE_HOST", "10.0.0.1"),
            ("HUBBUB_PORT_3000_TCP", "tcp://10.0.0.1:3000"),
            ("PATH", "/bin"),
        ]);
        assert_eq!(
            layers::unknown(&Config::command(), &variables),
            ["HUBBUB_SEND_PER_SECOND"]
        );
    }

    #[test]
    fn passwords_in_urls_are_hidden() {
        assert_eq!(
            hide_secret("postgres://ada:secret@db/hubbub"),
            "postgres://ada:hidden@db/hubbub"
        );
        assert_eq!(
            hide_secret("postgres://ada@db/hubbub?user=ada&password=secret"),
            "postgres://ada@db/hubbub?user=ada&password=hidden"
        );
        assert_eq!(
            hide_secret("postgres://ada:sec@ret/secret@db:x/hubbub"),
            "postgres://ada:hidden@db:x/hubbub"
        );
        for (name, url) in [
            ("HUBBUB_DATABASE_URL", "mysql://ada:secret@db/hubbub"),
            ("HUBBUB_DATABASE_URL", "postgres://ada:secret@db:x/hubbub"),
            ("HUBBUB_PUBLIC_URL", "https://ada:secret@chat.example"),
        ] {
            let why = with(&[(name, url)], &[]).err().unwrap().to_string();
            assert!(why.contains("hidden@") && !why.contains("secret"), "{why}");
            let flag = format!("--{}={url}", name[7..].to_lowercase().replace('_', "-"));
            let why = with(&[], &[&flag]).err().unwrap().to_string();
            assert!(!why.contains("secret"), "{why}");
        }
    }
}
