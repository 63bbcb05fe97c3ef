//! One room of N: what is said has to reach all of them.

use protocol::RoomId;

use super::{Meter, Spent, Stage, room_ear::RoomEar, voices::Voices};
use crate::{
    cli::RunArgs,
    crowd::Deaf,
    fault::Fault,
    limit::{self, Limit},
    measure::Schedule,
    progress,
    report::{Better, Outcome},
    stop::Stop,
    wait,
};

/// What is not measured at the beginning: buffers grow, caches fill.
const WARM_NS: u64 = 1_000_000_000;
/// How long the last message may take to reach everybody.
const REST_NS: u64 = 10_000_000_000;
/// Frames that a limit's send holds at most.
const BATCH_MOST: usize = 32;
/// Head of a frame of 126 bytes to 64 KiB.
const HEAD_BYTES: f64 = 4.0;

pub(super) const RATE: &str = "deliveries";
pub(super) const CPU: &str = "server, processor time a delivery";
pub(super) const LAST: &str = "until the last member has it";

/// Runs it.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<Outcome, Fault> {
    let mut stage = Stage::set(args)?;
    let room = stage.room(args)?;
    let gathered = stage.gather(stop, &mut Deaf)?;
    let mut load = Load::new(&stage, room, args);
    let spent = load.run(&mut stage, args, stop)?;
    let mut outcome = Outcome::of("fanout");
    stage.tell(&mut outcome, &gathered);
    load.tell(&mut outcome, &spent);
    spent.tell(&mut outcome);
    load.check(&mut stage);
    stage.all_have(args, room)?;
    outcome.samples = load.meter.map(Meter::samples).unwrap_or_default();
    outcome.wrong = stage.crowd.wrong.lines();
    outcome.cut_short = stop.asked();
    if args.with_limit && !stop.asked() {
        drop(stage);
        let limit = with_limit(args, &spent, stop)?;
        tell_limit(&mut outcome, &limit);
    }
    Ok(outcome)
}

/// A room under load.
pub(super) struct Load {
    pub(super) ear: RoomEar,
    voices: Voices,
    under_way: usize,
    rate: Option<f64>,
    meter: Option<Meter>,
}

impl Load {
    pub(super) fn new(stage: &Stage, room: RoomId, args: &RunArgs) -> Self {
        let members = stage.crowd.len();
        let heard = |peer: &crate::crowd::Peer| peer.cursors.last(room.get());
        let head = stage.crowd.peers().iter().filter_map(heard).max();
        let bytes = usize::try_from(args.text_bytes).unwrap_or(1);
        let voices = Voices::new(room, args.senders, members, bytes);
        let ear = RoomEar::new(
            room.get(),
            head.unwrap_or(0),
            members,
            voices.count(),
            stage.clock,
        );
        Self {
            ear,
            voices,
            under_way: args.under_way.max(1),
            rate: args.rate,
            meter: None,
        }
    }

    /// Speaks, listens, measures.
    pub(super) fn run(
        &mut self,
        stage: &mut Stage,
        args: &RunArgs,
        stop: &Stop,
    ) -> Result<Spent, Fault> {
        let began = stage.clock.ns();
        let measured = began + WARM_NS;
        let end = measured + wait::ns_of(args.seconds);
        let mut schedule = self.rate.map(|rate| Schedule::new(began, rate));
        let mut spent = Spent::default();
        let bar = progress::time("messages to all", end - measured);
        loop {
            let now = stage.clock.ns();
            if self.meter.is_none() && now >= measured {
                self.ear.restart();
                self.meter = Some(stage.meter());
            }
            if now >= end || stop.asked() {
                break;
            }
            self.speak(stage, schedule.as_mut(), now);
            let next = schedule.as_ref().map(Schedule::next_ns);
            stage.crowd.turn(wait::until(next, now), &mut self.ear)?;
            if let Some(meter) = &mut self.meter {
                meter.look(&stage.crowd);
                bar.set_position(now.saturating_sub(measured) / 1_000_000);
            }
        }
        if let Some(meter) = &self.meter {
            spent = meter.spent(&stage.crowd);
        }
        bar.finish_and_clear();
        self.drain(stage)?;
        Ok(spent)
    }

    fn speak(&mut self, stage: &mut Stage, schedule: Option<&mut Schedule>, now: u64) {
        let Some(schedule) = schedule else {
            for voice in 0..self.voices.count() {
                let free = self.under_way.saturating_sub(self.ear.under_way(voice));
                if free > 0 {
                    let (crowd, ear) = (&mut stage.crowd, &mut self.ear);
                    self.voices.say(voice, free, now, crowd, ear);
                }
            }
            return;
        };
        while let Some(due) = schedule.due(now) {
            let voice = usize::try_from(due).unwrap_or(0) % self.voices.count();
            let (crowd, ear) = (&mut stage.crowd, &mut self.ear);
            self.voices.say(voice, 1, due, crowd, ear);
        }
    }

    /// What is under way arrives.
    fn drain(&mut self, stage: &mut Stage) -> Result<(), Fault> {
        let until = stage.clock.ns() + REST_NS;
        while (self.ear.arrivals.unfinished() > 0 || self.ear.unanswered() > 0)
            && stage.clock.ns() < until
        {
            stage.crowd.turn(wait::until(None, 0), &mut self.ear)?;
        }
        Ok(())
    }

    /// What should have been answered and heard.
    pub(super) fn check(&self, stage: &mut Stage) {
        let wrong = &mut stage.crowd.wrong;
        if self.ear.unanswered() > 0 {
            wrong.note(format!(
                "{} sends were never answered",
                self.ear.unanswered()
            ));
        }
        if self.ear.arrivals.unfinished() > 0 {
            let count = self.ear.arrivals.unfinished();
            wrong.note(format!(
                "{count} entries did not reach everybody within 10 s"
            ));
        }
        if self.ear.refused > 0 {
            wrong.note(format!("{} sends were refused", self.ear.refused));
        }
        for line in &self.ear.refusals {
            wrong.note(format!("a send was refused: {line}"));
        }
    }

    fn tell(&self, outcome: &mut Outcome, spent: &Spent) {
        let per_s = spent.deliveries / spent.seconds;
        outcome.figure(RATE, per_s, "/s", Better::Higher);
        if let Some(us) = spent.server_us {
            let each = us / spent.deliveries.max(1.0);
            outcome.figure(CPU, each, "µs", Better::Lower);
        }
        let acked = self.ear.acks.percentiles();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let sends = acked.count as f64 / spent.seconds;
        outcome.figure("messages stored and acked", sends, "/s", Better::Neither);
        outcome.times(LAST, self.ear.arrivals.latency.percentiles());
        outcome.times("until the ack", acked);
        outcome.figure(
            "frame of an event",
            spent.event_bytes + HEAD_BYTES,
            "bytes",
            Better::Neither,
        );
        outcome.figure(
            "events of one read",
            spent.events_a_read,
            "",
            Better::Neither,
        );
        if self.voices.held_back > 0 {
            outcome.notes.push(format!(
                "{} times nobody could speak without being a flood: more connections let the senders speak faster",
                self.voices.held_back
            ));
        }
    }
}

/// The machine's limit of the same kind, right after.
fn with_limit(args: &RunArgs, spent: &Spent, stop: &Stop) -> Result<Limit, Fault> {
    let batch = args.under_way.clamp(1, BATCH_MOST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a frame's bytes"
    )]
    let frame_bytes = (spent.event_bytes + HEAD_BYTES).max(1.0) as usize;
    let order = limit::Order {
        connections: args.connections,
        batch: if args.rate.is_some() { 1 } else { batch },
        under_way: args.senders.max(1) * args.under_way.div_ceil(batch).max(1),
        rate: args.rate,
        frame_bytes,
        seconds: args.seconds,
        pin_sender: args.pin_server,
        pin_reader: args.pin,
    };
    limit::measure(order, crate::clock::Clock::start(), stop)
}

fn tell_limit(outcome: &mut Outcome, limit: &Limit) {
    outcome.limited(RATE, limit.deliveries_per_s);
    outcome.limited(CPU, limit.cpu_us);
    let times = limit.latency.percentiles();
    outcome.limited(&format!("{LAST}, p50"), times.p50_ms);
    outcome.limited(&format!("{LAST}, p99"), times.p99_ms);
    outcome.limit_latencies.push((LAST.into(), times));
}
