//! What a node does with what it hears, and what it tells.

use async_trait::async_trait;
use protocol::{EventKind, PresenceState, Role};

use super::{work::NextItem, *};
use crate::{
    hub::{HubLimits, Newcomer},
    store::sqlite::{SqliteConfig, SqliteStore},
};

/// Keeps what is told; nothing is heard over it.
#[derive(Default)]
struct RecordingBus(Mutex<Vec<(Topic, Bytes)>>);

#[async_trait]
impl Bus for RecordingBus {
    fn listen(&self, _: &[Topic]) {}

    fn forget(&self, _: &[Topic]) {}

    fn tell(&self, topic: Topic, note: Bytes) {
        lock(&self.0).push((topic, note));
    }

    async fn heard(&self) -> Heard {
        std::future::pending().await
    }
}

struct Fixture {
    nodes: Nodes,
    bus: Arc<RecordingBus>,
    _folder: tempfile::TempDir,
}

const ME: NodeId = NodeId(1);
const OTHER: NodeId = NodeId(2);

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hubbub.db");
        let store = SqliteStore::open(&path, &SqliteConfig::default()).await;
        let store: SharedStore = Arc::new(store.unwrap());
        let bus = Arc::new(RecordingBus::default());
        let out = || Outward::new(ME, Arc::clone(&bus) as Arc<dyn Bus>);
        let (clock, topics) = (Clock::system(), Arc::new(Topics::default()));
        let limits = HubLimits {
            sockets_per_user: 0,
            lane_bytes: 0,
            grace_ms: 60_000,
            silence_ms: 60_000,
        };
        let hub = Arc::new(Hub::new(1, limits, clock, Arc::default(), out()));
        let cache = Cache::new(Arc::clone(&store), 0, Arc::default());
        let cache = Arc::new(cache.hearing(Arc::clone(&topics)));
        Self {
            nodes: Nodes::new(out(), store, (cache, hub), topics, clock),
            bus,
            _folder: folder,
        }
    }

    fn told(&self) -> Vec<Topic> {
        let told = std::mem::take(&mut *lock(&self.bus.0));
        told.iter().map(|(topic, _)| *topic).collect()
    }

    fn enters(&self) {
        let mailbox = self.nodes.hub.mailbox(user(), 0);
        let newcomer = Newcomer {
            user: user(),
            role: Role::Member,
            sign_in: 1,
            sign_in_seen: 0,
            sign_in_ends: 1,
            resume: None,
        };
        assert!(self.nodes.hub.attach(newcomer, &mailbox).is_ok());
    }

    /// What is to be looked at now, all of it.
    fn work(&self) -> Vec<WorkItem> {
        let now = self.nodes.now() + HOLD_MS;
        std::iter::from_fn(|| match self.nodes.work.next(now) {
            NextItem::Item(item) => Some(item),
            _ => None,
        })
        .collect()
    }
}

fn user() -> UserId {
    UserId::new(1).unwrap()
}

fn room() -> RoomId {
    RoomId::new(1).unwrap()
}

fn joins(seq: Seq) -> Event {
    Event {
        room: room(),
        seq,
        at: 1,
        by: user(),
        kind: EventKind::Join { user: user() },
    }
}

#[tokio::test]
async fn a_membership_is_told_to_the_room_and_to_the_person() {
    let node = Fixture::new().await;
    let (event, named) = (&joins(1), &Named::default());
    node.nodes.tell(&Note::Entry { event, named });
    assert_eq!(node.told(), [Topic::User(user()), Topic::Room(room())]);
    node.nodes.tell(&Note::Unsure);
    assert_eq!(node.told(), []);
    let rooms = &[room()];
    let state = PresenceState::Online;
    node.nodes.hub.tell(&Note::Presence {
        user: user(),
        state,
        rooms,
    });
    assert_eq!(node.told(), [Topic::All]);
}

#[tokio::test]
async fn a_note_of_a_later_build_is_a_reason_to_look() {
    let node = Fixture::new().await;
    lock(&node.nodes.sequencer).follow(room(), 5);
    let hear = |topic| {
        let later = Bytes::from_static(br#"{"v":2,"from":2,"note":"what"}"#);
        node.nodes.heard_note(topic, &later);
        node.work()
    };
    assert_eq!(hear(Topic::Room(room())), [WorkItem::Head(room())]);
    assert_eq!(hear(Topic::User(user())), [], "who is not here");
    node.enters();
    assert_eq!(hear(Topic::User(user())), [WorkItem::User(user())]);
    let all = [WorkItem::User(user()), WorkItem::Head(room())];
    assert_eq!(hear(Topic::All), all);
}

#[tokio::test]
async fn a_membership_that_is_not_the_next_entry_is_a_reason_to_look() {
    let node = Fixture::new().await;
    node.enters();
    let hear = |from, seq| {
        let (event, named) = (&joins(seq), &Named::default());
        let bytes = encode(from, &Note::Entry { event, named }).unwrap();
        node.nodes.heard_note(Topic::User(user()), &bytes);
        node.work()
    };
    assert_eq!(
        hear(OTHER, 6),
        [WorkItem::User(user())],
        "of a room not followed"
    );
    lock(&node.nodes.sequencer).follow(room(), 5);
    assert_eq!(hear(OTHER, 6), []);
    assert_eq!(lock(&node.nodes.sequencer).head(room()), Some(6));
    assert_eq!(hear(OTHER, 6), [WorkItem::User(user())], "twice");
    assert_eq!(hear(OTHER, 8), [WorkItem::Fill(room())]);
    assert_eq!(hear(ME, 7), [], "its own, which come back to it");
    assert_eq!(lock(&node.nodes.sequencer).head(room()), Some(6));
}

#[tokio::test]
async fn a_probe_that_was_missed_is_a_reason_to_look_everywhere() {
    let node = Fixture::new().await;
    lock(&node.nodes.sequencer).follow(room(), 5);
    let probe = |n| {
        let bytes = sign(OTHER, Sign::Probe(n)).unwrap();
        node.nodes.heard_note(Topic::All, &bytes);
        node.work()
    };
    assert_eq!(probe(1), []);
    assert_eq!(probe(2), []);
    assert_eq!(probe(4), [WorkItem::Head(room())]);
}
