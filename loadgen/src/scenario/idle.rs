//! Everybody is there, and nobody says anything.

use super::Stage;
use crate::{
    cli::RunArgs,
    crowd::Deaf,
    fault::Fault,
    progress,
    report::{Better, Outcome},
    stop::Stop,
    wait,
};

/// How long the server may settle before its memory is looked at.
const SETTLE_NS: u64 = 2_000_000_000;

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<Outcome, Fault> {
    let mut stage = Stage::set(args)?;
    let before = memory(&stage);
    let gathered = stage.gather(stop, &mut Deaf)?;
    let settled = stage.clock.ns() + SETTLE_NS;
    while stage.clock.ns() < settled && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), &mut Deaf)?;
    }
    let after = memory(&stage);
    let mut meter = stage.meter();
    let began = stage.clock.ns();
    let end = began + wait::ns_of(args.seconds);
    let bar = progress::time("idle", end - began);
    while stage.clock.ns() < end && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), &mut Deaf)?;
        meter.look(&stage.crowd);
        bar.set_position((stage.clock.ns() - began) / 1_000_000);
    }
    bar.finish_and_clear();
    let spent = meter.spent(&stage.crowd);
    let mut outcome = Outcome::of("idle");
    stage.tell(&mut outcome, &gathered);
    if let Some(((before, after), late)) = before.zip(after).zip(spent.memory_bytes) {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let count = stage.crowd.len() as f64;
        let first = "memory before anybody came";
        outcome.figure(first, before / 1e6, "MB", Better::Lower);
        let each = (after - before) / count;
        outcome.figure("memory a connection", each, "bytes", Better::Lower);
        let at_end = "memory a connection, at the end";
        outcome.figure(at_end, (late - before) / count, "bytes", Better::Lower);
    }
    if let Some(us) = spent.server_us {
        let part = us / 1e4 / spent.seconds;
        outcome.figure("server, of a core", part, "%", Better::Lower);
    }
    let rooms = stage.crowd.peers().iter().map(|peer| peer.rooms).max();
    outcome.notes.push(format!(
        "each is a member of {} rooms",
        rooms.unwrap_or_default()
    ));
    spent.tell(&mut outcome);
    outcome.samples = meter.samples();
    outcome.wrong = stage.crowd.wrong.lines();
    outcome.cut_short = stop.asked();
    Ok(outcome)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn memory(stage: &Stage) -> Option<f64> {
    let usage = stage.server.as_ref()?.usage()?;
    Some(usage.memory_bytes as f64)
}
