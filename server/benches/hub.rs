//! The cost of one event in the hub, without a socket: `cargo bench -p server`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on says so and ends"
)]

use std::{hint::black_box, sync::Arc};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use protocol::{Event, EventKind, MessageId, RoomId, ServerFrame, UserId};
use server::{
    Clock,
    parts::{Alone, Batch, Hub, HubLimits, Lane, LaneListener, Mailbox, Metrics, Note, encode},
    store::Named,
};

fn hears(hub: &Hub, event: &Event) {
    let named = &Named::default();
    hub.hear(&Note::Entry { event, named });
}

fn event(seq: u64) -> Event {
    Event {
        room: RoomId::new(1).unwrap(),
        seq,
        at: 1_700_000_000_000 + seq,
        by: UserId::new(7).unwrap(),
        kind: EventKind::Message {
            id: MessageId::from_u128(7),
            text: Some("the quick brown fox jumps over the lazy dog and back again".into()),
            reply_to: None,
            deleted: false,
            thread: None,
        },
    }
}

fn hub() -> Hub {
    let limits = HubLimits {
        lane_bytes: 0,
        sockets_per_user: 0,
        grace_ms: 0,
        silence_ms: 60_000,
    };
    Hub::new(1, limits, Clock::system(), Arc::default(), Alone)
}

/// Somebody who takes what comes at no cost.
struct Ear(Arc<Mailbox>);

impl LaneListener for Ear {
    fn mailbox(&self) -> &Arc<Mailbox> {
        &self.0
    }

    fn deliver(&self, _: &Arc<Lane>, _: &mut Option<Batch>) -> bool {
        false
    }
}

fn benches(c: &mut Criterion) {
    let frame = ServerFrame::Event(event(1));
    c.bench_function("encode an event", |b| b.iter(|| encode(black_box(&frame))));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    for listeners in [0, 1_000] {
        let hub = hub();
        let lane = hub.lanes.lane(RoomId::new(1).unwrap());
        lane.raise(0);
        for _ in 0..listeners {
            let mailbox = hub.mailbox(UserId::new(1).unwrap(), 0);
            lane.listen(Arc::new(Ear(mailbox)));
        }
        let mut seq = 0;
        c.bench_function(&format!("publish to {listeners} listeners"), |b| {
            b.iter_batched(
                || {
                    seq += 1;
                    event(seq)
                },
                |event| hears(&hub, &event),
                BatchSize::SmallInput,
            );
        });
    }

    // All that a delivery adds to the counts; its time is measured once an entry, by whoever is served last.
    let metrics = Metrics::default();
    c.bench_function("count a delivery", |b| {
        b.iter(|| metrics.sent(black_box(1)));
    });

    let hub = hub();
    let lane = hub.lanes.lane(RoomId::new(1).unwrap());
    lane.raise(0);
    (1..=1_024).for_each(|seq| hears(&hub, &event(seq)));
    for entries in [1, 32] {
        c.bench_function(&format!("read {entries} entries of a lane"), |b| {
            b.iter(|| {
                lane.read(1_024 - entries as u64, entries, 1 << 20, |frame| {
                    drop(black_box(frame));
                })
            });
        });
    }
}

criterion_group!(hub_benches, benches);
criterion_main!(hub_benches);
