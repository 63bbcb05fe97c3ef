//! The client machine and the whole server in virtual time, over a network, a disk and processes that fail as a seed says.
//! `HUBBUB_SIM_SEED=7` replays one run and prints its trace, `HUBBUB_SIM_SEEDS=1..20000` runs many.

mod check;
mod habits;
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

use scenario::run;

/// As long as the seeds take in a run of all tests, and how many they are at least.
const TIME: Duration = Duration::from_secs(25);
const FEWEST: u64 = 200;
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

/// Runs seeds on several threads: as many as were asked for, or until the time is over or one fails.
fn run_all(range: &RangeInclusive<u64>, all: bool) -> Runs {
    let next = AtomicU64::new(*range.start());
    let runs = Mutex::new(Runs::default());
    let began = Instant::now();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let enough = seed >= range.start() + FEWEST && began.elapsed() > TIME;
            let failed = !runs.lock().unwrap().failed.is_empty();
            if seed > *range.end() || (!all && (enough || failed)) {
                return;
            }
            let end = std::panic::catch_unwind(|| run(seed, false));
            let mut end = end.unwrap_or_else(|_| Err("it panicked".to_owned()));
            if let Ok(traced) = &end
                && seed.is_multiple_of(TWICE)
                && run(seed, false).as_ref() != Ok(traced)
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

#[test]
fn the_promises_hold_in_every_run() {
    if let Some(seed) = setting("HUBBUB_SIM_SEED") {
        run(number(&seed), true).unwrap();
        return;
    }
    let (range, all) = seeds();
    let Runs {
        count,
        sum,
        mut failed,
    } = run_all(&range, all);
    println!("{count} runs, traces {sum:016x}, {} failed", failed.len());
    failed.sort();
    for (seed, why) in &failed {
        let first = why.lines().next().unwrap_or_default();
        println!("seed {seed}: {first}");
    }
    if let Some((seed, why)) = failed.first() {
        panic!(
            "seed {seed}: {why}\nreplay with HUBBUB_SIM_SEED={seed} cargo test -p server --test it simulation -- --nocapture"
        );
    }
}

#[test]
fn a_seed_is_one_run_in_every_process() {
    let seed = setting("HUBBUB_SIM_SEED").map_or(1, |seed| number(&seed));
    let traced = run(seed, false).unwrap();
    assert!(traced.lines > 100, "a run is long: {traced:?}");
    println!("{MARK} {traced:?}");
    if setting("HUBBUB_SIM_CHILD").is_some() {
        return;
    }
    assert_eq!(run(seed, false).unwrap(), traced, "in this process");
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--nocapture",
            "simulation::a_seed_is_one_run_in_every_process",
        ])
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
