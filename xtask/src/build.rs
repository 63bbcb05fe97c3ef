//! The order of a build. The page comes first: in release the server takes the finished site into itself.

use std::{path::Path, process::Command, time::Instant};

use crate::{
    error::Error,
    page, paths,
    settings::BuildSettings,
    site::{self, Files},
};

/// Which of the two builds is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuildMode {
    Debug,
    Release,
}

/// How much of it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuildPart {
    All,
    Page,
}

/// Builds the page into the site folder and, if wanted, the server.
pub(crate) fn run(mode: BuildMode, part: BuildPart) -> Result<(), Error> {
    let settings = BuildSettings::load()?;
    step("the page, to Wasm", || compile_page(&settings, mode))?;
    step("the page's JavaScript and the site folder", || {
        write_site(&settings, mode)
    })?;
    if part == BuildPart::All {
        step("the server", || compile_server(&settings, mode))?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a build tool talks on the terminal")]
#[expect(
    clippy::disallowed_methods,
    reason = "the time goes to the terminal only"
)]
fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let began = Instant::now();
    println!("==> Building {what}");
    let made = work()?;
    println!("    done in {} s", began.elapsed().as_secs());
    Ok(made)
}

fn compile_page(settings: &BuildSettings, mode: BuildMode) -> Result<(), Error> {
    let leptos = &settings.leptos;
    let mut cargo = cargo_build(settings, &leptos.lib_package);
    cargo.args(["--lib", "--target=wasm32-unknown-unknown"]);
    cargo.arg("--target-dir").arg(settings.page_target());
    features(
        &mut cargo,
        leptos.lib_default_features,
        &leptos.lib_features,
    );
    if mode == BuildMode::Release {
        cargo.arg(format!("--profile={}", leptos.lib_profile_release));
        paths::rename(&mut cargo, settings);
    }
    check(cargo)
}

fn write_site(settings: &BuildSettings, mode: BuildMode) -> Result<(), Error> {
    let leptos = &settings.leptos;
    let mut files = Files::new();
    let assets = settings.root.join(&leptos.assets_dir);
    if assets.is_dir() {
        site::read_tree(&assets, Path::new(""), &mut files)?;
    }
    page::bind(settings, mode, &mut files)?;
    site::write(&settings.site(), &files)
}

fn compile_server(settings: &BuildSettings, mode: BuildMode) -> Result<(), Error> {
    let leptos = &settings.leptos;
    let mut cargo = cargo_build(settings, &leptos.bin_package);
    cargo.arg(format!("--bin={}", leptos.bin_target));
    features(
        &mut cargo,
        leptos.bin_default_features,
        &leptos.bin_features,
    );
    if mode == BuildMode::Release {
        cargo.arg("--release");
        // A debug build stays as it is: it shares what is compiled with `cargo test`.
        paths::rename(&mut cargo, settings);
    }
    check(cargo)
}

fn cargo_build(settings: &BuildSettings, package: &str) -> Command {
    let mut cargo = Command::new(&settings.cargo);
    cargo
        .current_dir(&settings.root)
        .envs(settings.leptos.environment())
        .args(["build", "--package", package]);
    cargo
}

fn features(cargo: &mut Command, default: bool, named: &[String]) {
    if !default {
        cargo.arg("--no-default-features");
    }
    if !named.is_empty() {
        cargo.arg(format!("--features={}", named.join(",")));
    }
}

fn check(mut cargo: Command) -> Result<(), Error> {
    let command = format!("{cargo:?}");
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Cargo { command, status }),
        Err(source) => Err(Error::Start { command, source }),
    }
}
