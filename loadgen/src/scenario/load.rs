//! Rooms under load: voices speak by a schedule or as fast as they are heard, everybody listens.

use protocol::{RoomId, Seq};

use super::{
    Meter, Spent, Stage,
    room_handler::{LoadedRoom, RoomHandler},
    voices::Voices,
};
use crate::{
    cli::RunArgs,
    crowd::Peer,
    fault::Fault,
    measure::Schedule,
    progress,
    report::{Better, RunOutcome},
    stop::Stop,
    wait,
};

/// What is not measured at the beginning: buffers grow, caches fill.
pub(super) const WARM_NS: u64 = 1_000_000_000;
/// How long nothing may come, and how long it may take in all, until the last message has reached everybody. A ramp ends with
/// more than the server can do, and what lines up is served all the same.
const REST_NS: u64 = 10_000_000_000;
const MAX_REST_NS: u64 = 60_000_000_000;
/// Refusals because of the server's limits that a run goes on with.
const MAX_REFUSED: u64 = 200;
/// Head of a frame of 126 bytes to 64 KiB.
pub(super) const HEAD_BYTES: f64 = 4.0;

pub(super) const RATE: &str = "deliveries";
pub(super) const CPU: &str = "server, processor time a delivery";
pub(super) const LAST: &str = "until the last member has it";

/// Senders and listeners of the rooms under load.
pub(super) struct RoomLoad {
    pub(super) handler: RoomHandler,
    voices: Voices,
    under_way: usize,
    text: String,
    spin: bool,
}

/// How long, and how fast.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadPhase {
    /// Messages a second of all voices; none for as fast as they are heard.
    pub(super) rate: Option<f64>,
    /// What is not measured.
    pub(super) warm_ns: u64,
    /// What is.
    pub(super) seconds: f64,
}

impl RoomLoad {
    /// In these rooms; the first `counted` connections speak and count.
    pub(super) fn new(
        stage: &Stage,
        rooms: Vec<RoomId>,
        counted: usize,
        voices: usize,
        args: &RunArgs,
    ) -> Self {
        let listeners = stage.crowd.peers().iter().take(counted);
        let places: Vec<LoadedRoom> = rooms
            .iter()
            .map(|room| {
                let heads = listeners
                    .clone()
                    .filter_map(|peer: &Peer| peer.cursors.last(room.get()));
                LoadedRoom {
                    room: room.get(),
                    head: heads.clone().max().unwrap_or(0),
                    members: heads.count(),
                }
            })
            .collect();
        let bytes = usize::try_from(args.text_bytes).unwrap_or(1);
        let voices = Voices::new(rooms, voices, counted, bytes);
        Self {
            handler: RoomHandler::new(&places, counted, voices.count(), stage.clock),
            voices,
            under_way: args.under_way.max(1),
            text: String::new(),
            spin: args.spin,
        }
    }

    /// What the bar says.
    pub(super) fn named(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// Speaks, listens, measures.
    pub(super) fn run(
        &mut self,
        stage: &mut Stage,
        phase: LoadPhase,
        stop: &Stop,
    ) -> Result<(Spent, Meter), Fault> {
        let began = stage.clock.ns();
        let measured = began + phase.warm_ns;
        let end = measured + wait::ns_of(phase.seconds);
        let mut schedule = phase.rate.map(|rate| Schedule::new(began, rate));
        let mut meter = None;
        let bar = progress::time(&self.text, end - measured);
        loop {
            let now = stage.clock.ns();
            if meter.is_none() && now >= measured {
                self.handler.restart();
                meter = Some(stage.meter());
            }
            if now >= end || stop.asked() {
                break;
            }
            // Who speaks as soon as they may would go on for nothing. A schedule goes on, and its errors are counted.
            if self.handler.too_fast && self.handler.refused > MAX_REFUSED && schedule.is_none() {
                return Err(Fault::RateLimited {
                    call: "to store messages".into(),
                });
            }
            self.speak(stage, schedule.as_mut(), now);
            let next = schedule.as_ref().map(Schedule::next_ns);
            stage
                .crowd
                .turn(wait::spinning(self.spin, next, now), &mut self.handler)?;
            if let Some(meter) = &mut meter {
                meter.look(&stage.crowd);
                bar.set_position(now.saturating_sub(measured) / 1_000_000);
            }
        }
        bar.finish_and_clear();
        let meter = meter.ok_or(Fault::Stopped)?;
        Ok((meter.spent(&stage.crowd), meter))
    }

    fn speak(&mut self, stage: &mut Stage, schedule: Option<&mut Schedule>, now: u64) {
        let (crowd, handler) = (&mut stage.crowd, &mut self.handler);
        let Some(schedule) = schedule else {
            for voice in 0..self.voices.count() {
                let free = self.under_way.saturating_sub(handler.under_way(voice));
                if free > 0 {
                    self.voices.say(voice, free, now, crowd, handler);
                }
            }
            return;
        };
        while let Some(due) = schedule.due(now) {
            let voice = self.voices.next();
            self.voices.say(voice, 1, due, crowd, handler);
        }
    }

    /// What is under way arrives.
    pub(super) fn drain(&mut self, stage: &mut Stage) -> Result<(), Fault> {
        let began = stage.clock.ns();
        let (mut came, mut last) = (began, stage.crowd.counts.deliveries);
        while self.handler.unfinished() > 0 || self.handler.unanswered() > 0 {
            let now = stage.clock.ns();
            if stage.crowd.counts.deliveries != last {
                (came, last) = (now, stage.crowd.counts.deliveries);
            }
            if now > came + REST_NS || now > began + MAX_REST_NS {
                break;
            }
            stage.crowd.turn(wait::until(None, 0), &mut self.handler)?;
        }
        Ok(())
    }

    /// What should have been answered and heard.
    pub(super) fn check(&self, stage: &mut Stage) {
        let wrong = &mut stage.crowd.wrong;
        if self.handler.unanswered() > 0 {
            let count = self.handler.unanswered();
            wrong.note(format!("{count} sends were never answered"));
        }
        if self.handler.unfinished() > 0 {
            let count = self.handler.unfinished();
            wrong.note(format!(
                "{count} entries did not reach everybody: nothing came for 10 s, or not all of it in a minute"
            ));
        }
        if self.handler.refused > 0 {
            wrong.note(format!("{} sends were refused", self.handler.refused));
        }
        if self.handler.too_fast {
            let call = "to store messages".into();
            wrong.note(Fault::RateLimited { call }.to_string());
        }
        for line in &self.handler.refusals {
            wrong.note(format!("a send was refused: {line}"));
        }
    }

    /// The room's newest entry that anybody of those who count has heard.
    pub(super) fn head(&self, stage: &Stage, room: RoomId) -> Option<Seq> {
        let peers = stage.crowd.peers().iter().take(self.handler.counted());
        peers.filter_map(|peer| peer.cursors.last(room.get())).max()
    }

    /// What was measured.
    pub(super) fn tell(&self, outcome: &mut RunOutcome, spent: &Spent) {
        let per_s = spent.deliveries / spent.seconds;
        outcome.figure(RATE, per_s, "/s", Better::Higher);
        if let Some(us) = spent.server_us {
            let each = us / spent.deliveries.max(1.0);
            outcome.figure(CPU, each, "µs", Better::Lower);
        }
        let acked = self.handler.acks.percentiles();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let sends = acked.count as f64 / spent.seconds;
        outcome.figure("messages stored and acked", sends, "/s", Better::Higher);
        outcome.times(LAST, self.handler.last.percentiles());
        outcome.times("until the ack", acked);
        let frame = spent.event_bytes + HEAD_BYTES;
        outcome.figure("frame of an event", frame, "bytes", Better::Neither);
        let each = spent.events_a_read;
        outcome.figure("events of one read", each, "", Better::Neither);
        if self.voices.held_back > 0 {
            outcome.notes.push(format!(
                "{} times nobody could speak without being a flood: more connections let the senders speak faster",
                self.voices.held_back
            ));
        }
    }
}
