//! Scenarios: what people do, and what is measured meanwhile.

mod chatter;
mod fanout;
mod history;
mod idle;
mod load;
mod log;
mod meter;
mod ramp;
mod room_handler;
mod rooms;
mod slow;
mod stage;
mod storm;
mod talkers;
mod voices;

use clap::ValueEnum;

use crate::{
    cli::RunArgs,
    clock::RunClock,
    fault::Fault,
    measure::fsync,
    report::{Better, RunOutcome},
    stop::Stop,
};

pub use meter::{Meter, Spent};
pub use stage::Stage;

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Everybody is there and says nothing: memory and processor time of a connection.
    Idle,
    /// One room of N: one event at a time; with --senders and --under-way several at once; with --rate so many a second.
    Fanout,
    /// Many rooms, one voice in each: in the rooms that `loadgen people --rooms` made. With few members a room, how many sends are stored.
    Rooms,
    /// One room of N, more and more messages a second until a bound breaks; then it says where. --seconds is the time of a step.
    Ramp,
    /// Everybody's connection is cut at once, and all come back at once.
    Storm,
    /// One in ten reads no more.
    SlowReaders,
    /// People talk, think, scroll back, react, with the session that a browser runs; --rate is what all of them do a second.
    Chatter,
    /// Any page of the history of a room of --fill messages, and a welcome of many rooms.
    History,
}

/// Runs it.
pub fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let synced = args.fsync_dir.as_ref();
    let synced = synced.map(|folder| fsync(folder, RunClock::start()));
    let synced = synced.transpose()?;
    let mut outcome = one(args, stop)?;
    if let Some(synced) = synced {
        let times = synced.percentiles();
        outcome.figure("sync of 4 KiB, p50", times.p50_ms, "ms", Better::Neither);
        outcome.figure("sync of 4 KiB, p99", times.p99_ms, "ms", Better::Neither);
        outcome.latencies.push(("sync of 4 KiB".into(), times));
    }
    Ok(outcome)
}

fn one(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    match args.scenario {
        Scenario::Idle => idle::run(args, stop),
        Scenario::Fanout => fanout::run(args, stop),
        Scenario::Rooms => rooms::run(args, stop),
        Scenario::Ramp => ramp::run(args, stop),
        Scenario::Storm => storm::run(args, stop),
        Scenario::Chatter => chatter::run(args, stop),
        Scenario::History => history::run(args, stop),
        Scenario::SlowReaders => slow::run(args, stop),
    }
}
