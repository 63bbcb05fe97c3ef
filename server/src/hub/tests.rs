//! What is told to one node is heard on another.

use protocol::{CloseCode, MessageId, Notice, PresenceState, ReadPosition, Role, Seq};

use super::*;
use crate::{bus::Alone, store::Named};

/// The way to another node, which loses nothing.
struct To(Arc<Hub>);

impl Tell for To {
    fn tell(&self, note: &Note<'_>) {
        self.0.hear(note);
    }
}

fn hub(bus: impl Tell) -> Hub {
    let limits = HubLimits {
        sockets_per_user: 0,
        lane_bytes: 0,
        grace_ms: 60_000,
        silence_ms: 60_000,
    };
    Hub::new(1, limits, Clock::system(), Arc::default(), bus)
}

fn nodes() -> (Hub, Arc<Hub>) {
    let there = Arc::new(hub(Alone));
    (hub(To(Arc::clone(&there))), there)
}

const SIGN_IN: u64 = 9;

fn user(n: u64) -> UserId {
    UserId::new(n).unwrap()
}

fn room() -> RoomId {
    RoomId::new(1).unwrap()
}

fn connect(hub: &Hub, n: u64) -> Arc<Mailbox> {
    let mailbox = hub.mailbox(user(n), 0);
    let newcomer = Newcomer {
        user: user(n),
        role: Role::Member,
        sign_in: SIGN_IN,
        sign_in_seen: 0,
        sign_in_ends: 1_000,
        resume: None,
    };
    hub.attach(newcomer, &mailbox).unwrap();
    mailbox
}

fn frames(mailbox: &Mailbox) -> Vec<String> {
    let text = |frame: &Frame| {
        let bytes = frame.bytes();
        let begin = bytes.iter().position(|byte| *byte == b'{').unwrap();
        String::from_utf8_lossy(&bytes[begin..]).into_owned()
    };
    mailbox.take().frames.iter().map(text).collect()
}

fn entry(seq: Seq, kind: EventKind) -> Event {
    Event {
        room: room(),
        seq,
        at: 1,
        by: user(1),
        kind,
    }
}

fn tell_entry(hub: &Hub, event: &Event) {
    let named = &Named::default();
    hub.tell(&Note::Entry { event, named });
}

#[test]
fn entries_and_memberships_reach_the_other_node() {
    let (here, there) = nodes();
    let wren = connect(&there, 2);
    tell_entry(&here, &entry(1, EventKind::Join { user: user(2) }));
    assert!(matches!(
        wren.take().control[..],
        [Instruction::Subscribe { after: Some(0), .. }]
    ));
    let lane = there.lanes.lane(room());
    lane.raise(1);
    let said = EventKind::Message {
        id: MessageId::from_u128(1),
        text: Some("hello".into()),
        reply_to: None,
        deleted: false,
        thread: None,
    };
    tell_entry(&here, &entry(2, said));
    assert_eq!(there.lanes.lane(room()).head(), Some(2));
    let mut seen = Vec::new();
    let read = lane.read(1, 9, 1 << 20, |frame| seen.push(frame.clone()));
    assert_eq!((read, seen.len()), (LaneRead::Moved(2), 1));
    // A head that was learned of otherwise is told as it is.
    here.tell(&Note::Head {
        room: room(),
        seq: 5,
    });
    assert_eq!(there.lanes.lane(room()).head(), Some(5));
    tell_entry(&here, &entry(6, EventKind::Leave { user: user(2) }));
    assert!(matches!(
        wren.take().control[..],
        [Instruction::Unsubscribe { .. }]
    ));
}

#[test]
fn what_concerns_a_person_or_everybody_reaches_the_other_node() {
    let (here, there) = nodes();
    let (wren, zhou) = (connect(&there, 2), connect(&there, 3));
    here.tell(&Note::Read {
        user: user(2),
        room: room(),
        position: ReadPosition {
            generation: 2,
            seq: 7,
        },
        from: None,
    });
    assert!(frames(&wren)[0].contains(r#""read""#));
    assert!(frames(&zhou).is_empty());
    here.tell(&Note::Notice(&Notice {
        text: "in an hour".into(),
    }));
    for mailbox in [&wren, &zhou] {
        assert!(frames(mailbox)[0].contains("in an hour"));
    }
    here.tell(&Note::RoomChanged {
        room: room(),
        members: &[user(3)],
    });
    assert!(matches!(
        zhou.take().control[..],
        [Instruction::Refresh { .. }]
    ));
    assert!(wren.take().control.is_empty());
}

#[test]
fn a_sign_in_lives_and_ends_on_the_other_node_too() {
    let (here, there) = nodes();
    let wren = connect(&there, 2);
    here.tell(&Note::Prolonged {
        user: user(2),
        sign_in: SIGN_IN,
        ends: 5_000,
    });
    there.sweep(2_000, 0);
    assert!(wren.take().goodbye.is_none());
    here.tell(&Note::SignedOut {
        user: user(2),
        sign_in: SIGN_IN + 1,
    });
    assert!(wren.take().goodbye.is_none());
    here.tell(&Note::SignedOut {
        user: user(2),
        sign_in: SIGN_IN,
    });
    let goodbye = wren.take().goodbye.unwrap();
    assert_eq!(goodbye.code, CloseCode::SignedOut);
    assert_eq!(there.people.count(), 0);
}

/// A connection that follows a room; it reads nothing.
struct Follower(Arc<Mailbox>);

impl LaneListener for Follower {
    fn mailbox(&self) -> &Arc<Mailbox> {
        &self.0
    }

    fn deliver(&self, _: &Arc<Lane>, _: &mut Option<Batch>) -> bool {
        false
    }
}

#[test]
fn who_is_here_and_who_writes_is_seen_on_the_other_node() {
    let (here, there) = nodes();
    let wren = connect(&there, 2);
    let lane = there.lanes.lane(room());
    lane.listen(Arc::new(Follower(Arc::clone(&wren))));
    let ada = connect(&here, 1);
    here.settle(user(1), std::iter::once(room()));
    let online = (user(1), PresenceState::Online);
    assert_eq!(wren.take().presence, [online]);
    here.tell(&Note::Typing {
        thread: None,
        user: user(1),
        room: room(),
    });
    assert_eq!(wren.take().typing, [((room(), None), user(1))]);
    here.hear(&Note::SignedOut {
        user: user(1),
        sign_in: SIGN_IN,
    });
    assert!(ada.take().goodbye.is_some());
    let offline = (user(1), PresenceState::Offline);
    assert_eq!(wren.take().presence, [offline]);
    // One's own state, and one's own writing, are told to nobody's own connections.
    here.tell(&Note::Typing {
        thread: None,
        user: user(2),
        room: room(),
    });
    assert!(wren.take().typing.is_empty());
}

#[test]
fn a_session_that_another_node_takes_over_is_over_here() {
    let (here, there) = nodes();
    let before = connect(&there, 2);
    let session = there.people.sessions()[0].id;
    let resume = |hub: &Hub, sign_in| {
        let mailbox = hub.mailbox(user(2), 0);
        let newcomer = Newcomer {
            user: user(2),
            role: Role::Member,
            sign_in,
            sign_in_seen: 0,
            sign_in_ends: 1_000,
            resume: Some(session),
        };
        hub.attach(newcomer, &mailbox).unwrap().resumed
    };
    // Another sign-in has no right to it.
    assert!(!resume(&here, SIGN_IN + 1));
    assert!(before.take().goodbye.is_none());
    assert!(!resume(&here, SIGN_IN));
    let goodbye = before.take().goodbye.unwrap();
    assert_eq!(goodbye.code, CloseCode::Normal);
    assert_eq!(there.people.count(), 0);
    assert_eq!(here.people.census().online, 2);
}
