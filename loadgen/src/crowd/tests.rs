//! Bytes as a server sends them, cut anywhere.

use proptest::prelude::*;
use protocol::{
    Ack, Event, EventKind, Limits, MessageId, Pong, RoomId, RoomKind, RoomSummary, Seq, SessionId,
    UserId, UserSummary, Welcome,
};

use super::*;

#[derive(Default)]
struct Received {
    events: Vec<Seq>,
    acks: usize,
}

impl CrowdHandler for Received {
    fn event(&mut self, _who: usize, _room: u64, seq: Seq) {
        self.events.push(seq);
    }

    fn frame(&mut self, _who: usize, frame: ServerFrame) {
        self.acks += usize::from(matches!(frame, ServerFrame::Ack(_)));
    }
}

fn crowd() -> Crowd {
    let address = TargetAddress::of("http://127.0.0.1:9").unwrap();
    let mut crowd = Crowd::new(address, RunClock::start()).unwrap();
    crowd.add(Peer::new("ada".into(), String::new(), "device".into()));
    crowd.peers[0].state = PeerState::Upgrading;
    crowd
}

/// What a read of these bytes does.
fn feed(crowd: &mut Crowd, bytes: &[u8], handler: &mut Received) {
    let mut all = crowd.peers[0].carry.clone();
    all.extend(bytes);
    crowd.buffer.clone_from(&all);
    crowd.take(0, all.len(), handler);
}

fn event(seq: Seq) -> ServerFrame {
    ServerFrame::Event(Event {
        room: RoomId::new(3).unwrap(),
        seq,
        at: 1,
        by: UserId::new(1).unwrap(),
        kind: EventKind::Message {
            id: MessageId::mint(1, u128::from(seq)),
            // Some frames have the short head, some the long one.
            text: Some("x".repeat(usize::try_from(seq % 4).unwrap() * 40)),
            reply_to: None,
            deleted: false,
            thread: None,
        },
    })
}

fn welcome() -> ServerFrame {
    ServerFrame::Welcome(Box::new(Welcome {
        threads: Vec::new(),
        v: 1,
        session: SessionId::new(1).unwrap(),
        resumed: false,
        user: UserSummary::new(UserId::new(1).unwrap(), "ada".into(), "Ada".into()),
        heartbeat_ms: 30_000,
        now: 1,
        node: "a".into(),
        limits: Limits {
            text: 8_000,
            frame: 65_536,
            send_per_s: 0,
        },
        more_rooms: 0,
        rooms: vec![RoomSummary {
            last_seq: 10,
            ..RoomSummary::new(RoomId::new(3).unwrap(), RoomKind::Public, "general".into())
        }],
        users: Vec::new(),
        features: Vec::new(),
    }))
}

fn framed(frame: &ServerFrame) -> Vec<u8> {
    let text = frame.to_json().into_bytes();
    let mut bytes = vec![0x81];
    if let Ok(few @ 0..126) = u8::try_from(text.len()) {
        bytes.push(few);
    } else {
        bytes.push(126);
        bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
    }
    bytes.extend(text);
    bytes
}

/// All that a server says, from the answer to the upgrade on.
fn stream(seqs: impl Iterator<Item = Seq>) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n".to_vec();
    bytes.extend(framed(&welcome()));
    for seq in seqs {
        bytes.extend(framed(&event(seq)));
    }
    let room = RoomId::new(3).unwrap();
    let ack = Ack {
        id: MessageId::mint(1, 1),
        room,
        seq: 11,
        at: 1,
    };
    bytes.extend(framed(&ServerFrame::Ack(ack)));
    let pong = Pong {
        n: 1,
        now: 1,
        heads: protocol::Heads::new(),
    };
    bytes.extend(framed(&ServerFrame::Pong(pong)));
    bytes
}

#[test]
fn a_cut_at_any_border_changes_nothing() {
    let bytes = stream(11..=14);
    for cut in 0..=bytes.len() {
        let (mut crowd, mut heard) = (crowd(), Received::default());
        feed(&mut crowd, &bytes[..cut], &mut heard);
        feed(&mut crowd, &bytes[cut..], &mut heard);
        assert_eq!(
            (heard.events, heard.acks),
            ((11..=14).collect(), 1),
            "cut at {cut}"
        );
        assert!(crowd.wrong.is_empty() && crowd.peers[0].is_live());
        assert_eq!(crowd.counts.deliveries, 4);
    }
}

#[test]
fn one_that_is_missing_or_comes_twice_is_told() {
    for seqs in [
        vec![11, 12, 14],
        vec![11, 12, 12, 13],
        vec![12],
        vec![11, 13, 12],
    ] {
        let (mut crowd, mut heard) = (crowd(), Received::default());
        feed(&mut crowd, &stream(seqs.iter().copied()), &mut heard);
        assert!(!crowd.wrong.is_empty(), "{seqs:?}");
        assert!(crowd.wrong.lines()[0].contains("ada"));
    }
}

proptest! {
    #[test]
    fn reads_of_any_size_change_nothing(sizes in prop::collection::vec(1usize..400, 1..20)) {
        let bytes = stream(11..=40);
        let (mut crowd, mut heard) = (crowd(), Received::default());
        let mut rest = &bytes[..];
        for size in sizes.iter().cycle() {
            let (read, more) = rest.split_at((*size).min(rest.len()));
            feed(&mut crowd, read, &mut heard);
            rest = more;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(heard.events, (11..=40).collect::<Vec<_>>());
        prop_assert!(crowd.wrong.is_empty());
    }
}
