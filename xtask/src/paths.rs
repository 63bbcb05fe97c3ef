//! Where things stood on the machine that builds is nobody's business: what is shipped names dependencies and sources by short names
//! instead. The compiler writes the paths of sources into the texts of panics.
//!
//! Cargo's own way, `trim-paths`, is not stable yet.

use std::{ffi::OsString, process::Command};

use crate::settings::BuildSettings;

/// A folder of this machine, and what it is called in what is shipped. Of several that fit, the compiler takes the last.
fn renamed(settings: &BuildSettings) -> Vec<(String, &'static str)> {
    let folders = [
        (settings.cargo_home.as_ref(), "/cargo"),
        (Some(&settings.root), "/hubbub"),
        // Mostly within the one before.
        (Some(&settings.target), "/hubbub/target"),
    ];
    let known = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder?.to_str()?;
        // One that is everywhere cannot be told apart from others.
        (folder.len() > 1).then(|| (folder.to_owned(), name))
    });
    known.collect()
}

/// Has cargo pass the names on. Flags that the environment has stay, since cargo takes them from one place only.
pub(crate) fn rename(cargo: &mut Command, settings: &BuildSettings) {
    let flags = flags(settings);
    if let Some(known) = &settings.rustflags {
        let mut all = known.clone();
        for flag in flags {
            all.push("\u{1f}");
            all.push(flag);
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", all);
    } else {
        let list = toml_list(&flags);
        cargo.arg(format!("--config=build.rustflags={list}"));
    }
}

fn flags(settings: &BuildSettings) -> Vec<String> {
    let renamed = renamed(settings).into_iter();
    renamed
        .map(|(folder, name)| format!("--remap-path-prefix={folder}={name}"))
        .collect()
}

fn toml_list(items: &[String]) -> String {
    serde_json::to_string(items).unwrap_or_default()
}

/// What the environment says to the compiler, in cargo's own form: separated by the unit separator.
pub(crate) fn flags_of(encoded: Option<OsString>, plain: Option<&str>) -> Option<OsString> {
    encoded.or_else(|| {
        let words: Vec<&str> = plain?.split_whitespace().collect();
        Some(words.join("\u{1f}").into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_environment_are_kept() {
        let plain = flags_of(None, Some(" -C  opt-level=1 ")).unwrap();
        assert_eq!(plain, "-C\u{1f}opt-level=1");
        let encoded = flags_of(Some("-A\u{1f}x y".into()), Some("-B")).unwrap();
        assert_eq!(encoded, "-A\u{1f}x y");
        assert_eq!(flags_of(None, None), None);
    }

    #[test]
    fn every_folder_of_this_machine_has_another_name() {
        let settings = BuildSettings::load().unwrap();
        let flags = flags(&settings);
        let root = settings.root.to_str().unwrap();
        assert!(flags.contains(&format!("--remap-path-prefix={root}=/hubbub")));
        let home = settings.cargo_home.as_ref().unwrap().to_str().unwrap();
        assert!(flags.contains(&format!("--remap-path-prefix={home}=/cargo")));
        // A list of JSON is one of TOML.
        let list: Vec<String> = serde_json::from_str(&toml_list(&flags)).unwrap();
        assert_eq!(list, flags);
    }
}
