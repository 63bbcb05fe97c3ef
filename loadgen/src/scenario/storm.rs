//! Everybody is gone at once, and comes back at once.

use std::time::Duration;

use protocol::MessageId;

use super::Stage;
use crate::{
    cli::RunArgs,
    clock::wall_ms,
    crowd::{Gather, NoHandler},
    fault::Fault,
    measure::ProcessUse,
    report::{Better, RunOutcome},
    stop::Stop,
    wait,
};

/// Messages that are said while everybody is gone: each must be replayed to each.
const MISSED: u64 = 20;
/// Tries of each; a herd that a full queue turns away comes again.
const TRIES: usize = 20;
const REST_NS: u64 = 60_000_000_000;

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let before = stage.server.as_ref().and_then(ProcessUse::usage);
    for who in 0..stage.crowd.len() {
        stage.crowd.cut(who);
    }
    let speaker = stage.people.first(1)?.first().cloned().unwrap_or_default();
    for n in 0..MISSED {
        let id = MessageId::mint(wall_ms(), stage.crowd.bits());
        let text = format!("said while everybody was gone: {n}");
        stage.api.say(&speaker.access, room, id, &text)?;
    }
    let head = stage.api.look(&speaker.access, room)?.last_seq;
    let mut meter = stage.meter();
    let began = stage.clock.ns();
    let herd = Gather {
        under_way: stage.crowd.len(),
        tries: TRIES,
    };
    let everybody = 0..stage.crowd.len();
    let back = stage.crowd.gather(everybody, herd, stop, &mut NoHandler)?;
    let complete = |stage: &Stage| {
        let mut peers = stage.crowd.peers().iter();
        peers.all(|peer| peer.cursors.last(room.get()) >= Some(head))
    };
    while !complete(&stage) && stage.clock.ns() < began + REST_NS && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), &mut NoHandler)?;
        meter.look(&stage.crowd);
    }
    let took = Duration::from_nanos(stage.clock.ns() - began).as_secs_f64();
    let spent = meter.spent(&stage.crowd);
    stage.all_have(args, room)?;
    let mut outcome = RunOutcome::of("storm");
    stage.tell(&mut outcome, &gathered);
    let welcomed = back.took.as_secs_f64();
    outcome.figure("back: all welcomed", welcomed, "s", Better::Lower);
    outcome.figure("back: all have the log", took, "s", Better::Lower);
    outcome.times("back: from dial to welcome", back.each.percentiles());
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let failed = back.failed as f64;
    outcome.figure("back: tries that failed", failed, "", Better::Lower);
    if let Some(us) = spent.server_us {
        let each = us / connections(&stage);
        let name = "server, processor time a return";
        outcome.figure(name, each, "µs", Better::Lower);
    }
    if let Some((before, after)) = before.zip(spent.memory_bytes) {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let grew = (after - before.memory_bytes as f64) / 1e6;
        outcome.figure(
            "server, memory more than before",
            grew,
            "MB",
            Better::Neither,
        );
    }
    if stage.crowd.counts.behinds > 0 {
        let count = stage.crowd.counts.behinds;
        outcome.notes.push(format!("{count} were told `behind`"));
    }
    spent.tell(&mut outcome);
    super::fanout::finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn connections(stage: &Stage) -> f64 {
    stage.crowd.len().max(1) as f64
}
