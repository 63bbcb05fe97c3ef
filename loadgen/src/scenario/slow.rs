//! One in ten reads no more: nobody else may notice, and when they come back they must have everything.

use std::{collections::BTreeMap, time::Duration};

use protocol::{RoomId, Seq};

use super::{
    Stage,
    fanout::finish,
    load::{LoadPhase, RoomLoad, WARM_NS},
};
use crate::{
    cli::RunArgs,
    crowd::{CrowdHandler, Gather, NoHandler, Peer},
    fault::Fault,
    report::{Better, RunOutcome},
    stop::Stop,
    wait,
};

/// One of so many reads no more.
const ONE_IN: usize = 10;
/// Messages a second, unless another rate is asked for.
const RATE: f64 = 20.0;
const REST_NS: u64 = 60_000_000_000;

/// Runs it. The connections' receive buffers are made small for the slow ones, so that the server notices soon.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let everybody = stage.crowd.len();
    let slow = (everybody / ONE_IN).max(1);
    let fast = everybody.saturating_sub(slow).max(1);
    for who in fast..everybody {
        stage.crowd.shrink(who)?;
        stage.crowd.pause(who, true, &mut NoHandler);
    }
    stage.crowd.ends_are_fine = true;
    let load = RoomLoad::new(&stage, vec![room], fast, args.senders, args);
    let mut load = load.named("slow readers");
    let phase = LoadPhase {
        rate: Some(args.rate.unwrap_or(RATE)),
        warm_ns: WARM_NS,
        seconds: args.seconds,
    };
    let (spent, meter) = load.run(&mut stage, phase, stop)?;
    let mut outcome = RunOutcome::of("slow-readers");
    stage.tell(&mut outcome, &gathered);
    load.tell(&mut outcome, &spent);
    load.drain(&mut stage)?;
    let mut ends = Ends::default();
    for who in fast..everybody {
        stage.crowd.pause(who, false, &mut ends);
    }
    let head = load.head(&stage, room);
    let took = come_back(&mut stage, fast, room, head, &mut ends, stop)?;
    outcome.figure("slow readers: all have the log", took, "s", Better::Lower);
    for (code, count) in ends.0 {
        outcome
            .notes
            .push(format!("{count} slow readers were closed with {code}"));
    }
    stage.crowd.ends_are_fine = false;
    load.check(&mut stage);
    stage.all_have(args, room)?;
    spent.tell(&mut outcome);
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}

/// How connections ended: codes, and how often.
#[derive(Default)]
struct Ends(BTreeMap<u16, u64>);

impl CrowdHandler for Ends {
    fn ended(&mut self, _who: usize, code: u16, _reason: &str) {
        *self.0.entry(code).or_default() += 1;
    }
}

/// The slow ones read again. Whom the server gave up on finds that behind all that waited for it, and comes back. Seconds until all have all.
fn come_back(
    stage: &mut Stage,
    fast: usize,
    room: RoomId,
    head: Option<Seq>,
    ends: &mut Ends,
    stop: &Stop,
) -> Result<f64, Fault> {
    let began = stage.clock.ns();
    let slow = fast..stage.crowd.len();
    while stage.clock.ns() < began + REST_NS && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), ends)?;
        let gone = |who: &usize| !stage.crowd.peer(*who).is_some_and(Peer::is_live);
        let gone: Vec<usize> = slow.clone().filter(gone).collect();
        if !gone.is_empty() {
            let herd = Gather::default();
            stage.crowd.gather(gone, herd, stop, ends)?;
        }
        let mut peers = stage.crowd.peers().iter();
        if peers.all(|peer| peer.cursors.last(room.get()) >= head) {
            break;
        }
    }
    Ok(Duration::from_nanos(stage.clock.ns() - began).as_secs_f64())
}
