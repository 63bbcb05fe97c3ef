//! More and more, until it breaks: how much one room of N bears.

use std::fmt;

use super::{
    Spent, Stage,
    fanout::finish,
    load::{LAST, LoadPhase, RoomLoad},
};
use crate::{
    cli::RunArgs,
    crowd::NoHandler,
    fault::Fault,
    measure::Percentiles,
    report::{Better, LoadStep, RunOutcome},
    stop::Stop,
};

/// Messages a second of the first step.
const FIRST: f64 = 10.0;
/// Each step is so much more than the one before.
const FACTOR: f64 = 1.4;
/// Steps at most: 10 × 1.4^40 is seven million messages a second.
const MAX_STEPS: usize = 40;
/// A step that gets less than this part done of what was offered did not bear it.
const DONE: f64 = 0.95;
const WARM_NS: u64 = 500_000_000;

/// What a step must hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct RampBounds {
    /// Of a hundred messages, 99 must be with their last member after this time.
    pub(super) p99_ms: f64,
    /// Part of the sends that may be refused or lost.
    pub(super) errors: f64,
}

/// Why a step did not hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Broke {
    /// Part of the sends that failed.
    Errors(f64),
    /// The p99 in milliseconds.
    Late(f64),
    /// Done of offered, messages a second.
    Short(f64, f64),
}

impl fmt::Display for Broke {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errors(part) => write!(out, "{:.2} % of the sends failed", part * 100.0),
            Self::Late(ms) => write!(out, "p99 was {ms:.1} ms"),
            Self::Short(done, offered) => {
                write!(out, "{done:.0} of {offered:.0} messages a second were done")
            }
        }
    }
}

/// Whether a step held.
pub(super) fn judge(step: &LoadStep, bounds: RampBounds) -> Result<(), Broke> {
    if step.errors > bounds.errors {
        Err(Broke::Errors(step.errors))
    } else if step.done < step.offered * DONE {
        Err(Broke::Short(step.done, step.offered))
    } else if step.latency.p99_ms > bounds.p99_ms {
        Err(Broke::Late(step.latency.p99_ms))
    } else {
        Ok(())
    }
}

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let everybody = stage.crowd.len();
    let voices = args.senders.max(everybody.min(100));
    let mut load = RoomLoad::new(&stage, vec![room], everybody, voices, args).named("ramp");
    let bounds = RampBounds {
        p99_ms: args.p99_ms,
        errors: args.errors,
    };
    let mut outcome = RunOutcome::of("ramp");
    stage.tell(&mut outcome, &gathered);
    let mut rate = args.rate.unwrap_or(FIRST);
    let mut held: Option<LoadStep> = None;
    let whole = stage.meter();
    for _ in 0..MAX_STEPS {
        let phase = LoadPhase {
            rate: Some(rate),
            warm_ns: WARM_NS,
            seconds: args.seconds,
        };
        let refused = load.handler.refused;
        let (spent, meter) = load.run(&mut stage, phase, stop)?;
        let failed = load.handler.refused - refused;
        let step = step(rate, &spent, load.handler.last.percentiles(), failed);
        outcome.samples.extend(meter.samples_after(&whole));
        outcome.steps.push(step.clone());
        if let Err(broke) = judge(&step, bounds) {
            let note = format!("broke at {rate:.0} messages a second: {broke}");
            outcome.notes.push(note);
            break;
        }
        held = Some(step);
        if stop.asked() {
            break;
        }
        rate *= FACTOR;
    }
    load.drain(&mut stage)?;
    stage.all_have(args, room)?;
    tell(&mut outcome, held);
    whole.spent(&stage.crowd).tell(&mut outcome);
    finish(&mut outcome, &stage, whole, stop);
    Ok(outcome)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn step(offered: f64, spent: &Spent, latency: Percentiles, failed: u64) -> LoadStep {
    let done = latency.count as f64;
    let part = |us: f64| us / 1e6 / spent.seconds;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bytes of a memory"
    )]
    let memory_bytes = spent.memory_bytes.unwrap_or(0.0) as u64;
    LoadStep {
        offered,
        done: done / spent.seconds,
        errors: failed as f64 / (done + failed as f64).max(1.0),
        latency,
        memory_bytes,
        server_cpu: part(spent.server_us.unwrap_or(0.0)),
        own_cpu: part(spent.own_us),
    }
}

fn tell(outcome: &mut RunOutcome, held: Option<LoadStep>) {
    match held {
        Some(step) => {
            let name = "held: messages a second to all";
            outcome.figure(name, step.offered, "/s", Better::Higher);
            outcome.times(LAST, step.latency);
        }
        None => outcome.notes.push("no step held".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: RampBounds = RampBounds {
        p99_ms: 100.0,
        errors: 0.001,
    };

    fn step(offered: f64, done: f64, errors: f64, p99_ms: f64) -> LoadStep {
        LoadStep {
            offered,
            done,
            errors,
            latency: Percentiles {
                p99_ms,
                ..Percentiles::default()
            },
            ..LoadStep::default()
        }
    }

    #[test]
    fn a_step_holds_or_says_why_not() {
        assert_eq!(judge(&step(100.0, 99.0, 0.0, 50.0), BOUNDS), Ok(()));
        assert_eq!(
            judge(&step(100.0, 99.0, 0.0, 101.0), BOUNDS),
            Err(Broke::Late(101.0))
        );
        assert_eq!(
            judge(&step(100.0, 60.0, 0.0, 10.0), BOUNDS),
            Err(Broke::Short(60.0, 100.0))
        );
        // That sends were refused is the first thing to know, whatever else it caused.
        assert_eq!(
            judge(&step(100.0, 60.0, 0.4, 500.0), BOUNDS),
            Err(Broke::Errors(0.4))
        );
    }
}
