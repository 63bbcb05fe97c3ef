//! The settings that `cargo leptos` reads too: the first `[[workspace.metadata.leptos]]` in the root's `Cargo.toml`.

use std::{env, ffi::OsString, path::PathBuf};

use cargo_metadata::MetadataCommand;
use serde::Deserialize;

use crate::{build::BuildMode, error::Error, paths};

/// Where things are and what they are called.
#[derive(Debug)]
pub(crate) struct BuildSettings {
    /// The cargo that runs this, so that one toolchain builds everything.
    pub(crate) cargo: OsString,
    /// The workspace's folder; the paths in `leptos` are relative to it.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Where cargo keeps the sources of dependencies, if it can be told.
    pub(crate) cargo_home: Option<PathBuf>,
    /// Flags for the compiler that the environment has, in cargo's own form.
    pub(crate) rustflags: Option<OsString>,
    pub(crate) leptos: Leptos,
}

/// The keys of `cargo leptos` that this workspace uses. A key unknown here is an error, so that the two cannot drift apart.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "some keys matter to `cargo leptos` only")]
#[expect(clippy::struct_excessive_bools, reason = "the keys are cargo-leptos's")]
pub(crate) struct Leptos {
    pub(crate) name: String,
    pub(crate) output_name: String,
    pub(crate) bin_package: String,
    pub(crate) bin_target: String,
    pub(crate) bin_exe_name: String,
    #[serde(default)]
    pub(crate) bin_default_features: bool,
    #[serde(default)]
    pub(crate) bin_features: Vec<String>,
    pub(crate) lib_package: String,
    #[serde(default)]
    pub(crate) lib_default_features: bool,
    #[serde(default)]
    pub(crate) lib_features: Vec<String>,
    pub(crate) lib_profile_release: String,
    pub(crate) site_root: PathBuf,
    pub(crate) site_pkg_dir: PathBuf,
    pub(crate) site_addr: String,
    pub(crate) reload_port: u16,
    pub(crate) assets_dir: PathBuf,
    hash_files: bool,
    wasm_opt_features: Vec<String>,
    disable_erase_components: bool,
    watch_additional_files: serde_json::Value,
    end2end_cmd: String,
    end2end_dir: PathBuf,
}

impl BuildSettings {
    /// Reads the workspace that the current folder is in, and what cargo says to those it runs.
    #[expect(
        clippy::disallowed_methods,
        reason = "here, and nowhere else in this tool, the environment is read"
    )]
    pub(crate) fn load() -> Result<Self, Error> {
        let metadata = MetadataCommand::new().no_deps().exec()?;
        let leptos = Leptos::parse(&metadata.workspace_metadata)?;
        leptos.check(env::var("LEPTOS_OUTPUT_NAME").ok().as_deref())?;
        Ok(Self {
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
            cargo_home: env::var_os("CARGO_HOME")
                .map(PathBuf::from)
                .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo"))),
            rustflags: paths::flags_of(
                env::var_os("CARGO_ENCODED_RUSTFLAGS"),
                env::var("RUSTFLAGS").ok().as_deref(),
            ),
            leptos,
        })
    }

    /// The folder that the Wasm side is compiled in: apart from the server's, as its features and target differ.
    pub(crate) fn page_target(&self) -> PathBuf {
        self.target.join("front")
    }

    /// The compiler's output for the page, before wasm-bindgen.
    pub(crate) fn compiled_page(&self, mode: BuildMode) -> PathBuf {
        let profile = match mode {
            BuildMode::Debug => "debug",
            BuildMode::Release => &self.leptos.lib_profile_release,
        };
        self.page_target()
            .join("wasm32-unknown-unknown")
            .join(profile)
            .join(self.leptos.lib_package.replace('-', "_"))
            .with_extension("wasm")
    }

    /// The folder that the server serves, or takes into itself.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join(&self.leptos.site_root)
    }
}

impl Leptos {
    fn parse(workspace: &serde_json::Value) -> Result<Self, Error> {
        let section = workspace
            .pointer("/leptos/0")
            .ok_or_else(|| Error::Settings("is missing".into()))?;
        Self::deserialize(section).map_err(|error| Error::Settings(error.to_string()))
    }

    fn check(&self, output_name_for_leptos: Option<&str>) -> Result<(), Error> {
        let wrong = |text: &str| Err(Error::Settings(text.into()));
        if output_name_for_leptos.is_some_and(|name| name != self.output_name) {
            return wrong("output-name differs from LEPTOS_OUTPUT_NAME in .cargo/config.toml");
        }
        if !self.hash_files {
            return wrong(
                "hash-files must be true: without it, `cargo leptos` builds the server before the page that it embeds",
            );
        }
        if !self.disable_erase_components {
            return wrong(
                "disable-erase-components must be true: nothing else here sets that compiler flag",
            );
        }
        Ok(())
    }

    /// What `cargo leptos` puts into the environment of both builds; Leptos and the server read some of it.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LEPTOS_OUTPUT_NAME", self.output_name.clone()),
            ("LEPTOS_SITE_ROOT", self.site_root.display().to_string()),
            (
                "LEPTOS_SITE_PKG_DIR",
                self.site_pkg_dir.display().to_string(),
            ),
            ("LEPTOS_SITE_ADDR", self.site_addr.clone()),
            ("LEPTOS_RELOAD_PORT", self.reload_port.to_string()),
            ("LEPTOS_LIB_DIR", self.lib_package.clone()),
            ("LEPTOS_BIN_DIR", self.bin_package.clone()),
            // The server hashes names itself; see `hash-files` in Cargo.toml.
            ("LEPTOS_HASH_FILES", false.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_has_settings_that_both_tools_understand() {
        let settings = BuildSettings::load().unwrap();
        assert_eq!(settings.leptos.output_name, settings.leptos.name);
        assert!(settings.root.join(&settings.leptos.lib_package).is_dir());
        assert!(settings.root.join(&settings.leptos.bin_package).is_dir());
    }

    #[test]
    fn a_key_that_is_not_handled_here_is_refused() {
        let metadata = MetadataCommand::new().no_deps().exec().unwrap();
        let mut workspace = metadata.workspace_metadata;
        workspace["leptos"][0]["js-dir"] = "js".into();
        let error = Leptos::parse(&workspace).unwrap_err().to_string();
        assert!(error.contains("js-dir"), "{error}");
    }

    #[test]
    fn the_name_that_leptos_compiles_in_must_be_the_files_name() {
        let leptos = BuildSettings::load().unwrap().leptos;
        assert!(leptos.check(None).is_ok());
        assert!(leptos.check(Some(&leptos.output_name)).is_ok());
        assert!(leptos.check(Some("other")).is_err());
    }
}
