//! `loadgen`: see the library.

use std::{
    io::{Write as _, stderr, stdout},
    process::ExitCode,
};

use clap::Parser as _;
use loadgen::{Verdict, cli::Cli, run};

fn main() -> ExitCode {
    let (text, code) = match run(Cli::parse()) {
        Ok(Verdict::Good(text)) => (text, ExitCode::SUCCESS),
        Ok(Verdict::Wrong(text)) => (text, ExitCode::FAILURE),
        Ok(Verdict::Worse(text)) => (text, ExitCode::from(2)),
        Err(fault) => {
            // Nobody may be there to read it.
            drop(writeln!(stderr(), "loadgen: {fault}"));
            return ExitCode::FAILURE;
        }
    };
    drop(write!(stdout(), "{text}"));
    code
}
