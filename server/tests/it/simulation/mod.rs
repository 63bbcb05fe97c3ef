//! The client machine and the whole server in virtual time, over a network, a disk and processes that fail as a seed says.
//! `HUBBUB_SIM_SEED=7` replays one run and prints its trace, `HUBBUB_SIM_SEEDS=1..20000` runs many.

mod check;
mod failover;
mod habits;
mod hush;
mod lag;
mod nodes;
mod plan;
mod scenario;

use std::{
    ops::RangeInclusive,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use scenario::{Traced, run};

/// As long as the seeds take in a run of all tests, and how many they are at least.
const TIME: Duration = Duration::from_secs(25);
const FEWEST: u64 = 200;
/// The same for those of several nodes.
const NODES_TIME: Duration = Duration::from_secs(45);
const NODES_FEWEST: u64 = 40;
/// Seeds are run by so many threads at once.
const THREADS: usize = 2;
/// Of so many seeds one is run twice, while another thread runs something else: both runs must be the same.
const TWICE: u64 = 8;
/// What a child process prints before a trace's hash.
const MARK: &str = "trace of the seed:";

/// A setting of these tests.
#[expect(
    clippy::disallowed_methods,
    reason = "a test's only arguments are in its environment"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(text: &str) -> u64 {
    text.trim().parse().unwrap()
}

/// The seeds to run: those that were asked for, or as many as fit.
fn seeds() -> (RangeInclusive<u64>, bool) {
    match setting("HUBBUB_SIM_SEEDS") {
        Some(range) => {
            let (from, to) = range.split_once("..").unwrap();
            (number(from)..=number(to), true)
        }
        None => (1..=u64::MAX, false),
    }
}

/// Runs of seeds: how many, what their traces add up to, and those that failed.
#[derive(Default)]
struct Runs {
    count: u64,
    sum: u64,
    failed: Vec<(u64, String)>,
}

/// A kind of run: one node, or several.
#[derive(Clone, Copy)]
struct Kind {
    time: Duration,
    fewest: u64,
    /// How many nodes a seed has.
    nodes: fn(u64) -> usize,
}

const ONE_NODE: Kind = Kind {
    time: TIME,
    fewest: FEWEST,
    nodes: |_| 1,
};

const SEVERAL_NODES: Kind = Kind {
    time: NODES_TIME,
    fewest: NODES_FEWEST,
    nodes: |seed| if seed.is_multiple_of(3) { 3 } else { 2 },
};

impl Kind {
    fn run(self, seed: u64, print: bool) -> Result<Traced, String> {
        run(seed, (self.nodes)(seed), print)
    }
}

/// Runs seeds on several threads: as many as were asked for, or until the time is over or one fails.
fn run_all(kind: Kind, range: &RangeInclusive<u64>, all: bool) -> Runs {
    let next = AtomicU64::new(*range.start());
    let runs = Mutex::new(Runs::default());
    let began = Instant::now();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let enough = seed >= range.start() + kind.fewest && began.elapsed() > kind.time;
            let failed = !runs.lock().unwrap().failed.is_empty();
            if seed > *range.end() || (!all && (enough || failed)) {
                return;
            }
            let end = std::panic::catch_unwind(|| kind.run(seed, false));
            let mut end = end.unwrap_or_else(|_| Err("it panicked".to_owned()));
            if let Ok(traced) = &end
                && seed.is_multiple_of(TWICE)
                && kind.run(seed, false).as_ref() != Ok(traced)
            {
                end = Err("a second run took another way".to_owned());
            }
            let mut runs = runs.lock().unwrap();
            runs.count += 1;
            match end {
                Ok(traced) => runs.sum = runs.sum.wrapping_add(traced.hash),
                Err(why) => runs.failed.push((seed, why)),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
    println!("{:?}", began.elapsed());
    runs.into_inner().unwrap()
}

/// Runs the seeds of a kind, those that the environment names or as many as fit.
fn run_kind(kind: Kind, test: &str) {
    if let Some(seed) = setting("HUBBUB_SIM_SEED") {
        kind.run(number(&seed), true).unwrap();
        return;
    }
    let (range, all) = seeds();
    let Runs {
        count,
        sum,
        mut failed,
    } = run_all(kind, &range, all);
    println!("{count} runs, traces {sum:016x}, {} failed", failed.len());
    failed.sort();
    for (seed, why) in &failed {
        let first = why.lines().next().unwrap_or_default();
        println!("seed {seed}: {first}");
    }
    if let Some((seed, why)) = failed.first() {
        panic!(
            "seed {seed}: {why}\nreplay with HUBBUB_SIM_SEED={seed} cargo test -p server --test it simulation::{test} -- --nocapture"
        );
    }
}

#[test]
fn the_promises_hold_in_every_run() {
    run_kind(ONE_NODE, "the_promises_hold_in_every_run");
}

#[test]
fn they_hold_over_several_nodes() {
    run_kind(SEVERAL_NODES, "they_hold_over_several_nodes");
}

/// Runs a seed here twice, and once in another process.
fn same_everywhere(kind: Kind, test: &str) {
    let seed = setting("HUBBUB_SIM_SEED").map_or(1, |seed| number(&seed));
    let traced = kind.run(seed, false).unwrap();
    assert!(traced.lines > 100, "a run is long: {traced:?}");
    println!("{MARK} {traced:?}");
    if setting("HUBBUB_SIM_CHILD").is_some() {
        return;
    }
    assert_eq!(kind.run(seed, false).unwrap(), traced, "in this process");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &format!("simulation::{test}")])
        .env("HUBBUB_SIM_SEED", seed.to_string())
        .env("HUBBUB_SIM_CHILD", "1")
        .output()
        .unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    let wanted = format!("{MARK} {traced:?}");
    assert!(
        said.contains(&wanted),
        "in another process: {said}, not {wanted}"
    );
}

#[test]
fn a_seed_is_one_run_in_every_process() {
    same_everywhere(ONE_NODE, "a_seed_is_one_run_in_every_process");
}

#[test]
fn a_seed_of_several_nodes_is_one_run_in_every_process() {
    same_everywhere(
        SEVERAL_NODES,
        "a_seed_of_several_nodes_is_one_run_in_every_process",
    );
}
