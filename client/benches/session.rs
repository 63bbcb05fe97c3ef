//! The cost of one event in the client machine: `cargo bench -p client`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on says so and ends"
)]

use client::{Input, Now, Seeded, Session, SessionConfig};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use protocol::{
    Event, EventKind, Limits, MessageId, RoomId, RoomKind, RoomSummary, ServerFrame, SessionId,
    UserId, UserSummary, Welcome,
};

const fn now(ms: u64) -> Now {
    Now {
        mono_ms: ms,
        wall_ms: 1_700_000_000_000 + ms,
    }
}

fn person(number: u64) -> UserSummary {
    serde_json::from_value(serde_json::json!({
        "id": number, "name": format!("person-{number}"), "display_name": format!("Person {number}"), "role": "member"
    }))
    .unwrap()
}

fn room() -> RoomSummary {
    RoomSummary::new(RoomId::new(1).unwrap(), RoomKind::Public, "general".into())
}

/// A session that was welcomed, in a room that is open or not.
fn live(open: bool, rng: &mut Seeded) -> Session {
    let mut session = Session::new(SessionConfig::new("0123456789abcdef", "bench/1"));
    let welcome = Welcome {
        threads: Vec::new(),
        v: 1,
        session: SessionId::new(7).unwrap(),
        resumed: false,
        user: person(1),
        heartbeat_ms: 30_000,
        now: now(0).wall_ms,
        node: "a".into(),
        limits: Limits {
            text: 8_000,
            frame: 65_536,
            send_per_s: 10,
        },
        more_rooms: 0,
        rooms: vec![room()],
        users: vec![person(1), person(2)],
        features: Vec::new(),
    };
    session.step(Input::Start, now(0), rng);
    session.step(Input::Wake, now(1_000), rng);
    session.step(Input::Opened, now(1_001), rng);
    let welcome = ServerFrame::Welcome(Box::new(welcome)).to_json();
    session.step(Input::Frame(welcome), now(1_002), rng);
    if open {
        session.step(Input::OpenRoom(room().id), now(1_003), rng);
    }
    assert_eq!(session.rooms().count(), 1, "it was welcomed");
    session
}

fn event(seq: u64) -> Input {
    let event = Event {
        room: room().id,
        seq,
        at: now(seq).wall_ms,
        by: UserId::new(2).unwrap(),
        kind: EventKind::Message {
            id: MessageId::from_u128(u128::from(seq)),
            text: Some("the quick brown fox jumps over the lazy dog and back again".into()),
            reply_to: None,
            deleted: false,
            thread: None,
        },
    };
    Input::Frame(ServerFrame::Event(event).to_json())
}

fn benches(c: &mut Criterion) {
    for (name, open) in [("a closed room", false), ("the open room", true)] {
        let mut rng = Seeded::new(1);
        let mut session = live(open, &mut rng);
        let mut seq = 0;
        c.bench_function(&format!("an event of {name}"), |b| {
            b.iter_batched(
                || {
                    seq += 1;
                    event(seq)
                },
                // The time stands still: nobody answers a heartbeat here.
                |input| session.step(input, now(2_000), &mut rng),
                BatchSize::SmallInput,
            );
        });
        let last = session.rooms().next().map(|room| room.last_seq);
        assert_eq!(last, Some(seq), "every event was taken");
    }
}

criterion_group!(session_benches, benches);
criterion_main!(session_benches);
