//! Scrolling back in a big room: any page of its history, over connections and over HTTP, and the welcome of somebody in many rooms.

use client::{Rng as _, Seeded};
use protocol::{ClientFrame, History, MessageId, RoomId, Seq, ServerFrame};

use super::{Stage, fanout::finish};
use crate::{
    api::device,
    cli::RunArgs,
    clock::{RunClock, wall_ms},
    crowd::{Crowd, CrowdHandler, Gather, NoHandler, Peer},
    fault::Fault,
    measure::Latency,
    parallel,
    people::sign_in_again,
    progress,
    report::{Better, RunOutcome},
    stop::Stop,
    wait,
};

/// Messages between two looks at the keyboard, while the room is filled.
const BATCH: usize = 5_000;
/// Calls under way while it is filled: the more wait, the more one commit stores.
const PARALLEL: usize = 64;
/// Messages of a page.
const PAGE: u32 = 50;
/// Pages that are read over HTTP.
const OVER_HTTP: u64 = 300;
/// Times that somebody in many rooms comes.
const COMES: usize = 50;

/// Who scrolls.
struct Scrollers {
    clock: RunClock,
    asked: Vec<Option<u64>>,
    pages: Latency,
    messages: u64,
    refused: u64,
}

impl CrowdHandler for Scrollers {
    fn frame(&mut self, who: usize, frame: ServerFrame) {
        let asked = self.asked.get_mut(who);
        match frame {
            ServerFrame::Page(page) => {
                if let Some(at) = asked.and_then(Option::take) {
                    self.pages.record(self.clock.ns().saturating_sub(at));
                    self.messages += page.messages.len() as u64;
                }
            }
            ServerFrame::Error(_) => {
                self.refused += 1;
                if let Some(asked) = asked {
                    *asked = None;
                }
            }
            _ => {}
        }
    }
}

/// Runs it: --senders people scroll at a time, each as soon as the page before is there.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut args = args.clone();
    args.connections = args.senders.max(1);
    let mut stage = Stage::set(&args)?;
    let room = fill(&mut stage, &args, stop)?;
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let reader = stage.people.first(1)?.first().cloned().unwrap_or_default();
    let last = stage.api.look(&reader.access, room)?.last_seq;
    let mut rng = Seeded::new(last);
    let mut scrollers = Scrollers {
        clock: stage.clock,
        asked: vec![None; stage.crowd.len()],
        pages: Latency::new(),
        messages: 0,
        refused: 0,
    };
    let mut meter = stage.meter();
    let began = stage.clock.ns();
    let end = began + wait::ns_of(args.seconds);
    let bar = progress::time("pages of history", end - began);
    while stage.clock.ns() < end && !stop.asked() {
        for who in 0..stage.crowd.len() {
            ask(&mut stage.crowd, &mut scrollers, who, room, last, &mut rng);
        }
        stage.crowd.turn(wait::until(None, 0), &mut scrollers)?;
        meter.look(&stage.crowd);
        bar.set_position((stage.clock.ns() - began) / 1_000_000);
    }
    bar.finish_and_clear();
    let spent = meter.spent(&stage.crowd);
    let mut outcome = RunOutcome::of("history");
    stage.tell(&mut outcome, &gathered);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let (entries, pages) = (last as f64, scrollers.pages.count() as f64);
    outcome.figure("entries of the room", entries, "", Better::Neither);
    outcome.figure("pages", pages / spent.seconds, "/s", Better::Higher);
    outcome.times("until a page is there", scrollers.pages.percentiles());
    if scrollers.refused > 0 {
        let line = format!("{} pages were refused", scrollers.refused);
        stage.crowd.wrong.note(line);
    }
    over_http(&stage, &reader.access, room, last, &mut rng, &mut outcome)?;
    many_rooms(&mut stage, stop, &mut outcome)?;
    spent.tell(&mut outcome);
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}

fn ask(
    crowd: &mut Crowd,
    scrollers: &mut Scrollers,
    who: usize,
    room: RoomId,
    last: Seq,
    rng: &mut Seeded,
) {
    let now = scrollers.clock.ns();
    let Some(asked) = scrollers.asked.get_mut(who).filter(|asked| asked.is_none()) else {
        return;
    };
    *asked = Some(now);
    let history = History {
        thread: None,
        req: now,
        room,
        before: Some(2 + rng.next_u64() % last.max(1)),
        after: None,
        around: None,
        limit: Some(PAGE),
        counts: false,
    };
    crowd.say(who, &ClientFrame::History(history));
    crowd.flush(who);
}

/// The big room, with at least as many entries as asked for.
fn fill(stage: &mut Stage, args: &RunArgs, stop: &Stop) -> Result<RoomId, Fault> {
    stage.people.owner = sign_in_again(&stage.api, &stage.people)?;
    let token = stage.people.owner.access.clone();
    let room = if let Some(room) = stage.people.deep {
        room
    } else {
        let room = stage.api.room(&token, &format!("deep {}", wall_ms()))?;
        stage.people.deep = Some(room);
        stage.people.store(&args.people)?;
        room
    };
    let has = usize::try_from(stage.api.look(&token, room)?.last_seq).unwrap_or(usize::MAX);
    let bar = progress::bar("messages", args.fill as u64);
    let api = &stage.api;
    for from in (has..args.fill).step_by(BATCH) {
        if stop.asked() {
            return Err(Fault::Stopped);
        }
        bar.set_position(from as u64);
        let seed = wall_ms();
        parallel::map(PARALLEL, from..args.fill.min(from + BATCH), |n| {
            let mut rng = Seeded::new(seed.wrapping_mul(0x9e37_79b9).wrapping_add(n as u64));
            let bits = (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
            let id = MessageId::mint(wall_ms(), bits);
            api.say(&token, room, id, &format!("message {n} of a long history"))
        })?;
    }
    bar.finish_and_clear();
    Ok(room)
}

fn over_http(
    stage: &Stage,
    token: &str,
    room: RoomId,
    last: Seq,
    rng: &mut Seeded,
    outcome: &mut RunOutcome,
) -> Result<(), Fault> {
    let mut times = Latency::new();
    for _ in 0..OVER_HTTP {
        let before = 2 + rng.next_u64() % last.max(1);
        let began = stage.clock.ns();
        stage.api.page(token, room, before)?;
        times.record(stage.clock.ns() - began);
    }
    outcome.times("until a page is there, over HTTP", times.percentiles());
    Ok(())
}

/// The owner made every side room, and so is in all of them: a welcome with as many unread counts.
fn many_rooms(stage: &mut Stage, stop: &Stop, outcome: &mut RunOutcome) -> Result<(), Fault> {
    let mut times = Latency::new();
    let mut rooms = 0;
    for n in 0..COMES {
        let owner = &stage.people.owner;
        let device = format!("{}-many-{n}", device(&owner.name));
        let peer = Peer::new(owner.name.clone(), owner.access.clone(), device);
        let who = stage.crowd.add(peer);
        let one = stage
            .crowd
            .gather([who], Gather::default(), stop, &mut NoHandler)?;
        times.add(&one.each);
        rooms = stage.crowd.peer(who).map_or(0, |peer| peer.rooms);
        stage.crowd.cut(who);
    }
    outcome.times("from dial to a welcome of many rooms", times.percentiles());
    outcome.notes.push(format!("many rooms: {rooms}"));
    Ok(())
}
