//! One room of N: what is said has to reach all of them.

use super::{
    Meter, Spent, Stage,
    load::{CPU, HEAD_BYTES, LAST, LoadPhase, RATE, RoomLoad, WARM_NS},
};
use crate::{
    cli::RunArgs,
    clock::RunClock,
    crowd::NoHandler,
    fault::Fault,
    limit::{self, KernelLimit},
    report::RunOutcome,
    stop::Stop,
};

/// Frames that a limit's send holds at most.
const MAX_BATCH: usize = 32;

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let everybody = stage.crowd.len();
    let load = RoomLoad::new(&stage, vec![room], everybody, args.senders, args);
    let mut load = load.named("one room");
    let phase = LoadPhase {
        rate: args.rate,
        warm_ns: WARM_NS,
        seconds: args.seconds,
    };
    let (spent, meter) = load.run(&mut stage, phase, stop)?;
    let mut outcome = RunOutcome::of("fanout");
    stage.tell(&mut outcome, &gathered);
    load.tell(&mut outcome, &spent);
    spent.tell(&mut outcome);
    load.drain(&mut stage)?;
    load.check(&mut stage);
    stage.all_have(args, room)?;
    finish(&mut outcome, &stage, meter, stop);
    if args.with_limit && !stop.asked() {
        drop(stage);
        let limit = with_limit(args, &spent, stop)?;
        tell_limit(&mut outcome, &limit);
    }
    Ok(outcome)
}

/// What every result ends with.
pub(super) fn finish(outcome: &mut RunOutcome, stage: &Stage, meter: Meter, stop: &Stop) {
    outcome.samples.extend(meter.samples());
    outcome.wrong = stage.crowd.wrong.lines();
    outcome.cut_short = stop.asked();
}

/// The machine's limit of the same kind, right after.
fn with_limit(args: &RunArgs, spent: &Spent, stop: &Stop) -> Result<KernelLimit, Fault> {
    let batch = args.under_way.clamp(1, MAX_BATCH);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a frame's bytes"
    )]
    let frame_bytes = (spent.event_bytes + HEAD_BYTES).max(1.0) as usize;
    let order = limit::LimitOrder {
        connections: args.connections,
        batch: if args.rate.is_some() { 1 } else { batch },
        under_way: args.senders.max(1) * args.under_way.div_ceil(batch).max(1),
        rate: args.rate,
        frame_bytes,
        spin: args.spin,
        seconds: args.seconds,
        pin_sender: args.pin_server,
        pin_reader: args.pin,
    };
    limit::measure(order, RunClock::start(), stop)
}

fn tell_limit(outcome: &mut RunOutcome, limit: &KernelLimit) {
    outcome.limited(RATE, limit.deliveries_per_s);
    outcome.limited(CPU, limit.cpu_us);
    let times = limit.latency.percentiles();
    outcome.limited(&format!("{LAST}, p50"), times.p50_ms);
    outcome.limited(&format!("{LAST}, p99"), times.p99_ms);
    outcome.limit_latencies.push((LAST.into(), times));
}
