//! One in ten reads no more: nobody else may notice, and when they come back they must have everything.

use super::{
    Stage,
    fanout::finish,
    load::{Load, Phase, WARM_NS},
};
use crate::{
    cli::RunArgs,
    crowd::{Deaf, Gather},
    fault::Fault,
    report::{Better, Outcome},
    stop::Stop,
    wait,
};

/// One of so many reads no more.
const ONE_IN: usize = 10;
/// Messages a second, unless another rate is asked for.
const RATE: f64 = 20.0;
const REST_NS: u64 = 60_000_000_000;

/// Runs it. The connections' receive buffers are made small for the slow ones, so that the server notices soon.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<Outcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut Deaf)?;
    let everybody = stage.crowd.len();
    let slow = (everybody / ONE_IN).max(1);
    let fast = everybody.saturating_sub(slow).max(1);
    for who in fast..everybody {
        stage.crowd.shrink(who)?;
        stage.crowd.pause(who, true, &mut Deaf);
    }
    stage.crowd.ends_are_fine = true;
    let load = Load::new(&stage, vec![room], fast, args.senders, args);
    let mut load = load.named("slow readers");
    let phase = Phase {
        rate: Some(args.rate.unwrap_or(RATE)),
        warm_ns: WARM_NS,
        seconds: args.seconds,
    };
    let (spent, meter) = load.run(&mut stage, phase, stop)?;
    let mut outcome = Outcome::of("slow-readers");
    stage.tell(&mut outcome, &gathered);
    load.tell(&mut outcome, &spent);
    load.drain(&mut stage)?;
    for who in fast..everybody {
        stage.crowd.pause(who, false, &mut Deaf);
    }
    stage.crowd.turn(wait::until(None, 0), &mut Deaf)?;
    let gone = |stage: &Stage| {
        let all = fast..everybody;
        let live = |&who: &usize| {
            !stage
                .crowd
                .peer(who)
                .is_some_and(crate::crowd::Peer::is_live)
        };
        all.filter(live).collect::<Vec<_>>()
    };
    let evicted = gone(&stage);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    outcome.figure(
        "slow readers that were closed",
        evicted.len() as f64,
        "",
        Better::Neither,
    );
    let herd = Gather::default();
    stage.crowd.gather(evicted, herd, stop, &mut Deaf)?;
    let began = stage.clock.ns();
    let head = load.head(&stage, room);
    let all_have = |stage: &Stage| {
        let mut peers = stage.crowd.peers().iter();
        peers.all(|peer| peer.cursors.last(room.get()) >= head)
    };
    while !all_have(&stage) && stage.clock.ns() < began + REST_NS && !stop.asked() {
        stage.crowd.turn(wait::until(None, 0), &mut Deaf)?;
        // One that the server gave up on while it was reading again comes back too.
        let again = gone(&stage);
        if !again.is_empty() {
            stage.crowd.gather(again, herd, stop, &mut Deaf)?;
        }
    }
    stage.crowd.ends_are_fine = false;
    load.check(&mut stage);
    stage.all_have(args, room)?;
    spent.tell(&mut outcome);
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}
