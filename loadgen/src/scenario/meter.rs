//! The server's and one's own spending, beside what was delivered for it.

use std::time::Duration;

use crate::{
    clock::RunClock,
    crowd::{Crowd, CrowdCounts},
    measure::{ProcessUse, Usage, busy_ns},
    report::{Better, RunOutcome, Sample},
};

const EVERY_NS: u64 = 500_000_000;
/// Samples that are kept: more than an hour of them.
const MAX_SAMPLES: usize = 10_000;
/// From this part of a core on, this program may be what is measured.
const BUSY: f64 = 0.95;
/// From this part of a core on, others' work is told of.
const DISTURBED: f64 = 0.2;

/// What the counters showed at a time.
#[derive(Clone, Copy, Debug, Default)]
struct MeterMark {
    ns: u64,
    counts: CrowdCounts,
    server: Option<Usage>,
    own: Option<Usage>,
    all_ns: Option<u64>,
}

/// Processor time and memory of server and load generator since a mark.
#[derive(Debug)]
pub struct Meter {
    clock: RunClock,
    server: Option<ProcessUse>,
    own: ProcessUse,
    began: MeterMark,
    last: MeterMark,
    samples: Vec<Sample>,
}

/// What was spent between two times.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// Length of the time in seconds.
    pub seconds: f64,
    /// Events that came.
    pub deliveries: f64,
    /// Bytes of an event's frame, mean.
    pub event_bytes: f64,
    /// Processor time of the server in microseconds.
    pub server_us: Option<f64>,
    /// The server's memory at the end.
    pub memory_bytes: Option<f64>,
    /// How often the server's threads slept.
    pub switches: Option<f64>,
    /// Processor time of this program in microseconds.
    pub own_us: f64,
    /// Events of one read, mean.
    pub events_a_read: f64,
    /// Processor time of all else on the machine, in microseconds: known only where the server's is.
    pub others_us: Option<f64>,
}

impl Meter {
    /// Reads the counters of both processes: what is spent counts from here.
    pub fn start(clock: RunClock, server: Option<ProcessUse>, crowd: &Crowd) -> Self {
        let own = ProcessUse::own();
        let began = mark(clock, server.as_ref(), &own, crowd);
        Self {
            clock,
            server,
            own,
            began,
            last: began,
            samples: Vec::new(),
        }
    }

    /// Looks, if half a second has passed.
    pub fn look(&mut self, crowd: &Crowd) {
        if self.clock.ns() - self.last.ns < EVERY_NS || self.samples.len() >= MAX_SAMPLES {
            return;
        }
        let now = mark(self.clock, self.server.as_ref(), &self.own, crowd);
        let spent = between(&self.last, &now);
        let live = crowd.peers().iter().filter(|peer| peer.is_live()).count();
        self.samples.push(Sample {
            at_s: Duration::from_nanos(now.ns - self.began.ns).as_secs_f64(),
            connections: live as u64,
            deliveries_per_s: spent.deliveries / spent.seconds,
            memory_bytes: now.server.map_or(0, |usage| usage.memory_bytes),
            server_cpu: spent.server_us.unwrap_or(0.0) / 1e6 / spent.seconds,
            own_cpu: spent.own_us / 1e6 / spent.seconds,
        });
        self.last = now;
    }

    /// Spent since it began.
    pub fn spent(&self, crowd: &Crowd) -> Spent {
        let now = mark(self.clock, self.server.as_ref(), &self.own, crowd);
        between(&self.began, &now)
    }

    /// The samples.
    pub fn samples(self) -> Vec<Sample> {
        self.samples
    }

    /// The samples, with their times counted from when another one began.
    pub fn samples_after(self, first: &Self) -> Vec<Sample> {
        let later = Duration::from_nanos(self.began.ns.saturating_sub(first.began.ns));
        let mut samples = self.samples;
        for sample in &mut samples {
            sample.at_s += later.as_secs_f64();
        }
        samples
    }
}

fn mark(
    clock: RunClock,
    server: Option<&ProcessUse>,
    own: &ProcessUse,
    crowd: &Crowd,
) -> MeterMark {
    MeterMark {
        ns: clock.ns(),
        counts: crowd.counts,
        server: server.and_then(ProcessUse::usage),
        own: own.usage(),
        all_ns: busy_ns(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a run are far below 2^53"
)]
fn between(from: &MeterMark, to: &MeterMark) -> Spent {
    let us = |from: Option<Usage>, to: Option<Usage>| {
        from.zip(to)
            .map(|(from, to)| to.cpu_ns.saturating_sub(from.cpu_ns) as f64 / 1e3)
    };
    let deliveries = (to.counts.deliveries - from.counts.deliveries) as f64;
    let reads = (to.counts.reads - from.counts.reads) as f64;
    let server_us = us(from.server, to.server);
    let own_us = us(from.own, to.own);
    let all_us = from.all_ns.zip(to.all_ns);
    let all_us = all_us.map(|(from, to)| to.saturating_sub(from) as f64 / 1e3);
    let known = all_us.zip(server_us).zip(own_us);
    Spent {
        others_us: known.map(|((all, server), own)| (all - server - own).max(0.0)),
        seconds: Duration::from_nanos(to.ns - from.ns)
            .as_secs_f64()
            .max(1e-9),
        deliveries,
        event_bytes: (to.counts.event_bytes - from.counts.event_bytes) as f64 / deliveries.max(1.0),
        server_us,
        memory_bytes: to.server.map(|usage| usage.memory_bytes as f64),
        switches: from
            .server
            .zip(to.server)
            .map(|(from, to)| to.switches.saturating_sub(from.switches) as f64),
        own_us: own_us.unwrap_or(0.0),
        events_a_read: deliveries / reads.max(1.0),
    }
}

impl Spent {
    /// Figures that every scenario tells.
    pub fn tell(&self, outcome: &mut RunOutcome) {
        if let Some(us) = self.server_us {
            let busy = us / 1e6 / self.seconds;
            outcome.figure("server, processors", busy, "cores", Better::Neither);
        }
        if let Some(bytes) = self.memory_bytes {
            outcome.figure("server, memory", bytes / 1e6, "MB", Better::Lower);
        }
        if let Some(switches) = self.switches {
            let per_s = switches / self.seconds;
            outcome.figure(
                "server, threads went to sleep",
                per_s,
                "/s",
                Better::Neither,
            );
        }
        let own = self.own_us / 1e6 / self.seconds;
        outcome.figure("loadgen, processors", own, "cores", Better::Neither);
        if let Some(us) = self.others_us {
            let others = us / 1e6 / self.seconds;
            outcome.figure("all else on the machine", others, "cores", Better::Neither);
            if others > DISTURBED {
                outcome.notes.push(format!(
                    "other work took {others:.2} of a core meanwhile: trust the ratio to the limit more than the figures, and neither much"
                ));
            }
        }
        if own > BUSY {
            let note = format!(
                "this program used {own:.2} of a core: unless it was told to spin, it may be what limits these figures, not the server"
            );
            outcome.notes.push(note);
        }
    }
}
