//! What people do, and what is measured while they do it.

mod fanout;
mod idle;
mod meter;
mod room_ear;
mod stage;
mod voices;

use clap::ValueEnum;

use crate::{cli::RunArgs, fault::Fault, report::Outcome, stop::Stop};

pub use meter::{Meter, Spent};
pub use stage::Stage;

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Everybody is there and says nothing: memory and processor time of a connection.
    Idle,
    /// One room of N: one event at a time; with --senders and --under-way several at once; with --rate so many a second.
    Fanout,
}

/// Runs it.
pub fn run(args: &RunArgs, stop: &Stop) -> Result<Outcome, Fault> {
    match args.scenario {
        Scenario::Idle => idle::run(args, stop),
        Scenario::Fanout => fanout::run(args, stop),
    }
}
