//! Everybody is there, and nobody says anything.

use super::{Stage, fanout::finish};
use crate::{
    cli::RunArgs,
    crowd::{Gather, NoHandler},
    fault::Fault,
    measure::Latency,
    progress,
    report::{Better, LoadStep, RunOutcome},
    stop::Stop,
    wait,
};

/// How long the server may settle before its memory is looked at.
const SETTLE_NS: u64 = 2_000_000_000;
/// They come in so many parts, each a point of the plot of memory by connections; an even number.
const PARTS: usize = 4;

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let mut outcome = RunOutcome::of("idle");
    let before = memory(&stage);
    come(&mut stage, &mut outcome, stop)?;
    let mut meter = stage.meter();
    let began = stage.clock.ns();
    let end = began + wait::ns_of(args.seconds);
    let bar = progress::time("idle", end - began);
    while stage.clock.ns() < end && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), &mut NoHandler)?;
        meter.look(&stage.crowd);
        bar.set_position((stage.clock.ns() - began) / 1_000_000);
    }
    bar.finish_and_clear();
    let spent = meter.spent(&stage.crowd);
    if let Some((before, late)) = before.zip(spent.memory_bytes) {
        tell_memory(&mut outcome, before, late, &stage);
    }
    if let Some(us) = spent.server_us {
        let part = us / 1e4 / spent.seconds;
        outcome.figure("server, of a core", part, "%", Better::Lower);
    }
    let rooms = stage.crowd.peers().iter().map(|peer| peer.rooms).max();
    let rooms = rooms.unwrap_or_default();
    outcome
        .notes
        .push(format!("each is a member of {rooms} rooms"));
    spent.tell(&mut outcome);
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}

/// All come, part by part; between two parts the server may settle.
fn come(stage: &mut Stage, outcome: &mut RunOutcome, stop: &Stop) -> Result<(), Fault> {
    let total = stage.crowd.len();
    let mut each = Latency::new();
    let mut took = 0.0;
    let mut from = 0;
    for part in 1..=PARTS {
        let to = total * part / PARTS;
        let how = Gather::default();
        let gathered = stage.crowd.gather(from..to, how, stop, &mut NoHandler)?;
        each.add(&gathered.each);
        took += gathered.took.as_secs_f64();
        let settled = stage.clock.ns() + SETTLE_NS;
        while stage.clock.ns() < settled && !stop.asked() {
            stage.crowd.turn(wait::until(None, 0), &mut NoHandler)?;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "connections, and bytes of a memory"
        )]
        outcome.steps.push(LoadStep {
            offered: to as f64,
            done: to as f64,
            latency: gathered.each.percentiles(),
            memory_bytes: memory(stage).unwrap_or(0.0) as u64,
            ..LoadStep::default()
        });
        from = to;
    }
    stage.tell_people(outcome);
    outcome.figure("opened and welcomed", took, "s", Better::Lower);
    outcome.times("from dial to welcome", each.percentiles());
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn tell_memory(outcome: &mut RunOutcome, before: f64, late: f64, stage: &Stage) {
    let count = stage.crowd.len().max(1) as f64;
    let first = "memory before anybody came";
    outcome.figure(first, before / 1e6, "MB", Better::Lower);
    let each = (late - before) / count;
    outcome.figure("memory a connection", each, "bytes", Better::Lower);
    let at = |part: usize| {
        outcome
            .steps
            .get(part)
            .map(|step| (step.offered, step.memory_bytes as f64))
    };
    if let (Some(half), Some(all)) = (at(PARTS / 2 - 1), at(PARTS - 1)) {
        // What is there once, however many come, is in the first half.
        let each = (all.1 - half.1) / (all.0 - half.0).max(1.0);
        let name = "memory a connection, of the second half";
        outcome.figure(name, each, "bytes", Better::Lower);
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn memory(stage: &Stage) -> Option<f64> {
    let usage = stage.server.as_ref()?.usage()?;
    Some(usage.memory_bytes as f64)
}
