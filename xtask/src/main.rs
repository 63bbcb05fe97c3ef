//! `cargo xtask build [--release]` does what `cargo leptos build` does, from the same settings and in the same folders, with a
//! tool that compiles in seconds instead of minutes: the page to Wasm, its JavaScript glue, the site folder, then the server.

mod build;
mod error;
mod order;
mod page;
mod paths;
mod settings;
mod shorten;
mod site;

use std::process::ExitCode;

use build::{BuildMode, BuildPart};
use error::Error;

const USAGE: &str = "cargo xtask build [--release] [--page-only]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments).and_then(|(mode, part)| build::run(mode, part)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a build tool talks on the terminal")]
fn report(error: &Error) {
    eprintln!("error: {error}");
}

fn parse(arguments: &[String]) -> Result<(BuildMode, BuildPart), Error> {
    let usage = || Error::Usage(USAGE);
    let (command, options) = arguments.split_first().ok_or_else(usage)?;
    if command != "build" {
        return Err(usage());
    }
    let (mut mode, mut part) = (BuildMode::Debug, BuildPart::All);
    for option in options {
        match option.as_str() {
            "--release" => mode = BuildMode::Release,
            "--page-only" => part = BuildPart::Page,
            _ => return Err(usage()),
        }
    }
    Ok((mode, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<(BuildMode, BuildPart), Error> {
        parse(
            &line
                .split_whitespace()
                .map(String::from)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn options_are_read() {
        assert_eq!(
            parse_line("build").unwrap(),
            (BuildMode::Debug, BuildPart::All)
        );
        assert_eq!(
            parse_line("build --page-only --release").unwrap(),
            (BuildMode::Release, BuildPart::Page)
        );
    }

    #[test]
    fn anything_else_gets_the_usage() {
        for line in ["", "--release", "serve", "build --relase"] {
            assert!(matches!(parse_line(line), Err(Error::Usage(_))), "{line}");
        }
    }
}
