//! The layers of a setting's value: a flag, a `HUBBUB_*` variable, a line of the file, or our default, in that order of strength.
//!
//! clap would read the variables by itself, but takes an empty one for a value: Compose files and charts write `HUBBUB_X=` for what is not
//! set. So the file and then the variables become defaults here, parsed by the same rules as flags, and each mistake is told by the name
//! that the person wrote.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgMatches, Command,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use super::ConfigError;

/// The environment, by name.
pub(super) type Variables = HashMap<OsString, OsString>;

/// What no file may set: it is said on the command line.
const NO_SETTINGS: [&str; 7] = [
    "help", "version", "config", "deep", "verb", "person", "role",
];

/// Variables of our prefix that others set: orchestrators, for a service that is called hubbub.
const OTHERS: [&str; 2] = ["HUBBUB_SERVICE_", "HUBBUB_PORT"];

/// Where the value of a setting was found, other than on the command line.
enum SettingSource {
    Variable(String),
    File(PathBuf, String),
}

/// The command, with what the file and the environment say as its defaults.
pub(super) struct Layers {
    pub(super) command: Command,
    sources: HashMap<String, SettingSource>,
}

impl Layers {
    /// Reads the file, which a flag or a variable names, and the variables.
    pub(super) fn read(
        command: Command,
        args: &[OsString],
        variables: &Variables,
    ) -> Result<Self, ConfigError> {
        // Help is shown here, with the names of the variables.
        let first = command
            .clone()
            .mut_args(|arg| arg.hide_env_values(true))
            .ignore_errors(true)
            .try_get_matches_from(args)?;
        let flag = (first.value_source("config") == Some(ValueSource::CommandLine))
            .then(|| first.get_one::<PathBuf>("config").cloned());
        let variable = || Some(PathBuf::from(said(variables, "HUBBUB_CONFIG")?));
        let file = flag.flatten().or_else(variable);
        let mut layers = Self {
            command,
            sources: HashMap::new(),
        };
        if let Some(path) = file {
            layers.add_file(&path)?;
        }
        layers.add_variables(variables);
        Ok(layers)
    }

    /// What the command line says over all that.
    pub(super) fn matches(&self, args: &[OsString]) -> Result<ArgMatches, ConfigError> {
        let parsed = self.command.clone().try_get_matches_from(args);
        parsed.map_err(|why| self.explain(why, args))
    }

    /// Where the value of a setting comes from, in one word.
    pub(super) fn source(&self, matches: &ArgMatches, id: &str) -> &'static str {
        match (matches.value_source(id), self.sources.get(id)) {
            (Some(ValueSource::CommandLine), _) => "flag",
            (_, Some(SettingSource::Variable(_))) => "environment",
            (_, Some(SettingSource::File(..))) => "file",
            (Some(_), None) => "default",
            (None, None) => "not set",
        }
    }

    fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let fail = |why: String| ConfigError::File {
            path: path.to_owned(),
            why,
        };
        let text = std::fs::read_to_string(path).map_err(|why| fail(why.to_string()))?;
        let table: toml::Table = text
            .parse()
            .map_err(|why: toml::de::Error| fail(why.to_string()))?;
        for (key, value) in table {
            let id = key.replace('-', "_");
            let known = self
                .command
                .get_arguments()
                .any(|arg| arg.get_id() == id.as_str() && arg.get_long().is_some());
            if !known || NO_SETTINGS.contains(&id.as_str()) {
                return Err(ConfigError::UnknownKey {
                    path: path.to_owned(),
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
            let source = SettingSource::File(path.to_owned(), key);
            self.add(&id, OsStr::new(&value), source);
        }
        Ok(())
    }

    fn add_variables(&mut self, variables: &Variables) {
        let named: Vec<(String, String)> = self
            .command
            .get_arguments()
            .filter_map(|arg| Some((arg.get_id().to_string(), variable(arg)?)))
            .collect();
        for (id, name) in named {
            if let Some(value) = said(variables, &name) {
                self.add(&id, &value, SettingSource::Variable(name));
            }
        }
        // What they say is known now; clap is not to look for itself.
        let command = std::mem::take(&mut self.command);
        self.command = command.mut_args(|arg| arg.env(None::<&'static str>));
    }

    /// A value becomes the default of a setting; an empty one is none.
    fn add(&mut self, id: &str, value: &OsStr, source: SettingSource) {
        let command = std::mem::take(&mut self.command);
        let mut set = false;
        self.command = command.mut_arg(id, |arg| {
            let values = items(&arg, value);
            set = !values.is_empty();
            if set { arg.default_values(values) } else { arg }
        });
        if set {
            self.sources.insert(id.to_owned(), source);
        }
    }

    /// The mistake by the name that the person wrote, with what is wrong; what clap says of flags that there are not is good as it is.
    fn explain(&self, why: clap::Error, args: &[OsString]) -> ConfigError {
        let (ErrorKind::ValueValidation | ErrorKind::InvalidValue) = why.kind() else {
            return ConfigError::Clap(why);
        };
        let text = |kind| match why.get(kind) {
            Some(ContextValue::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let (Some(shown), Some(value)) = (
            text(ContextKind::InvalidArg),
            text(ContextKind::InvalidValue),
        ) else {
            return ConfigError::Clap(why);
        };
        let flag = shown.split_whitespace().next().unwrap_or(shown);
        let by_flag = args.iter().filter_map(|arg| arg.to_str()).any(|arg| {
            arg.strip_prefix(flag)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        });
        let arg = self.command.get_arguments().find(|arg| {
            flag.strip_prefix("--")
                .is_some_and(|long| arg.get_long() == Some(long))
        });
        let source = arg
            .filter(|_| !by_flag)
            .and_then(|arg| self.sources.get(arg.get_id().as_str()));
        let name = match source {
            Some(SettingSource::Variable(name)) => name.clone(),
            Some(SettingSource::File(path, key)) => format!("{key} in {}", path.display()),
            None => flag.to_owned(),
        };
        let reason = match why.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(valid)) => format!("write {}", valid.join(" or ")),
            _ => {
                std::error::Error::source(&why).map_or_else(|| why.to_string(), ToString::to_string)
            }
        };
        ConfigError::Setting {
            name,
            value: super::hide_secret(value),
            why: reason,
        }
    }
}

/// The name of a setting's variable.
fn variable(arg: &Arg) -> Option<String> {
    arg.get_env()?.to_str().map(str::to_owned)
}

/// What a variable says, without the white space around it, which files of variables leave there; nothing where that is empty.
fn said(variables: &Variables, name: &str) -> Option<OsString> {
    let value = variables.get(OsStr::new(name))?;
    let value = value
        .to_str()
        .map_or_else(|| value.clone(), |text| text.trim().into());
    (!value.is_empty()).then_some(value)
}

/// The items of a value: a list is separated by commas or white space, and may end in one.
fn items(arg: &Arg, value: &OsStr) -> Vec<OsString> {
    let whole = || {
        let empty = value.to_str().is_some_and(|text| text.trim().is_empty());
        (!empty).then(|| value.to_owned()).into_iter().collect()
    };
    let Some((text, _)) = value.to_str().zip(arg.get_value_delimiter()) else {
        return whole();
    };
    text.split(|mark: char| mark == ',' || mark.is_whitespace())
        .filter(|item| !item.is_empty())
        .map(OsString::from)
        .collect()
}

/// Variables that look like settings of ours and are none: most likely a slip of the pen.
pub(super) fn unknown(command: &Command, variables: &Variables) -> Vec<String> {
    let known: Vec<String> = command.get_arguments().filter_map(variable).collect();
    let mut unknown: Vec<String> = variables
        .keys()
        .filter_map(|name| name.to_str())
        .filter(|name| name.starts_with("HUBBUB_"))
        .filter(|name| !OTHERS.iter().any(|other| name.starts_with(other)))
        .filter(|name| !known.iter().any(|other| other == name))
        .map(str::to_owned)
        .collect();
    unknown.sort_unstable();
    unknown
}
