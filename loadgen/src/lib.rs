//! Load for a Hubbub server: thousands of people who listen and speak, what that costs the server, and whether every promise holds
//! meanwhile. See `loadgen --help`.

pub mod api;
pub mod cli;
pub mod clock;
pub mod crowd;
pub mod fault;
pub mod limit;
pub mod measure;
pub mod parallel;
pub mod people;
pub mod progress;
pub mod report;
pub mod scenario;
pub mod stop;
pub mod wait;
pub mod wire;
pub mod wrong;

use std::{fs, path::Path};

use cli::{Cli, CliCommand, CompareArgs, LimitArgs, PeopleArgs, RunArgs};
pub use fault::Fault;
use report::{Better, RunOutcome};
use stop::Stop;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should; what is to be printed.
    Good(String),
    /// A check failed.
    Wrong(String),
    /// The comparison is worse than the tolerance allows.
    Worse(String),
}

/// Does what the command line says.
pub fn run(cli: Cli) -> Result<Verdict, Fault> {
    let stop = Stop::listen()?;
    match cli.command {
        CliCommand::People(args) => make_people(&args, &stop),
        CliCommand::Run(args) => put_load(&args, &stop),
        CliCommand::Limit(args) => measure_limit(&args, &stop),
        CliCommand::Compare(args) => compare(&args),
    }
}

fn make_people(args: &PeopleArgs, stop: &Stop) -> Result<Verdict, Fault> {
    let order = people::AccountsWanted {
        count: args.count,
        rooms: args.rooms,
        owner_name: args.owner_name.clone(),
        owner_password: args.owner_password.clone(),
        password: args.password.clone(),
        parallel: args.parallel,
    };
    let people = people::make(&args.url, &order, &args.out, stop)?;
    Ok(Verdict::Good(format!(
        "{} people in {}\n",
        people.people.len(),
        args.out.display()
    )))
}

fn put_load(args: &RunArgs, stop: &Stop) -> Result<Verdict, Fault> {
    let outcome = scenario::run(args, stop)?;
    if let Some(path) = &args.json {
        outcome.store(path)?;
    }
    if let Some(path) = &args.html {
        write(path, &report::page(&outcome))?;
    }
    Ok(if outcome.wrong.is_empty() {
        Verdict::Good(outcome.to_string())
    } else {
        Verdict::Wrong(outcome.to_string())
    })
}

fn measure_limit(args: &LimitArgs, stop: &Stop) -> Result<Verdict, Fault> {
    let order = limit::LimitOrder {
        connections: args.connections,
        batch: args.batch.max(1),
        under_way: args.under_way.max(1),
        rate: args.rate,
        frame_bytes: args.frame_bytes.max(1),
        spin: args.spin,
        seconds: args.seconds,
        pin_sender: args.pin_server,
        pin_reader: args.pin,
    };
    let limit = limit::measure(order, clock::RunClock::start(), stop)?;
    let mut outcome = RunOutcome::of("limit");
    outcome.figure("deliveries", limit.deliveries_per_s, "/s", Better::Higher);
    let cpu = "sender, processor time a delivery";
    outcome.figure(cpu, limit.cpu_us, "µs", Better::Lower);
    outcome.times("until the last socket has it", limit.latency.percentiles());
    outcome.cut_short = stop.asked();
    if let Some(path) = &args.json {
        outcome.store(path)?;
    }
    Ok(Verdict::Good(outcome.to_string()))
}

fn compare(args: &CompareArgs) -> Result<Verdict, Fault> {
    let before = RunOutcome::load(&args.before)?;
    let after = RunOutcome::load(&args.after)?;
    let comparison = report::compare(&before, &after, args.tolerance);
    let text = comparison.to_string();
    Ok(if comparison.is_worse() {
        Verdict::Worse(text)
    } else {
        Verdict::Good(text)
    })
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    fs::write(path, text).map_err(|why| Fault::File {
        path: path.into(),
        why: why.to_string(),
    })
}
