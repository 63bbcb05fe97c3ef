//! What is told to another node is what it hears.

use protocol::{
    Event, EventKind, MessageId, Notice, PresenceState, ReadPosition, RoomId, SessionId, UserId,
    UserSummary,
};

use super::*;
use crate::store::{Named, rules::FollowRow};

fn user(n: u64) -> UserId {
    UserId::new(n).unwrap()
}

fn again(note: &Note<'_>) -> String {
    let bytes = encode(NodeId(7), note).unwrap();
    let told = Decoded::read(&bytes).unwrap();
    assert_eq!((told.from, told.sign()), (NodeId(7), None));
    format!("{:?}", told.note().unwrap())
}

#[test]
fn every_note_that_crosses_nodes_comes_as_it_was() {
    let room = RoomId::new(3).unwrap();
    let event = Event {
        room,
        seq: 4,
        at: 5,
        by: user(1),
        kind: EventKind::Message {
            id: MessageId::from_u128(9),
            text: Some("a \n \"line\"".to_owned()),
            reply_to: Some(2),
            deleted: false,
            thread: None,
        },
    };
    let named = Named {
        everybody: true,
        users: [user(2), user(5)].into(),
    };
    let read = ReadPosition {
        generation: 2,
        seq: 8,
    };
    let (user, members) = (user(1), &[user(1), user(2)][..]);
    let person = UserSummary::new(user, "ada".to_owned(), "Ada".to_owned());
    let notice = Notice {
        text: "tea".to_owned(),
    };
    let (event, named, rooms) = (&event, &named, &[room][..]);
    let follow = FollowRow { on: true, read };
    #[rustfmt::skip]
    let notes = [
        Note::Entry { event, named },
        Note::Read { user, room, position: read, from: None },
        Note::Replied { room, root: 1, seq: Some(2), by: user, followers: members },
        Note::Thread { user, room, root: 1, follow, from: None },
        Note::PreferencesChanged { user, room },
        Note::Saved { user, room, seq: 1, on: true },
        Note::RoomChanged { room, members },
        Note::RoomGone { room, members },
        Note::RoomBack { room, members },
        Note::Head { room, seq: 4 },
        Note::Rooms { user, rooms: &[], left: &[] },
        Note::AccountChanged { user },
        Note::AccountIs { user, role: None, sign_ins: &[] },
        Note::UserChanged { user: &person, rooms },
        Note::Banned { user },
        Note::SignedOut { user, sign_in: 4 },
        Note::SessionMoved { user, sign_in: 4, session: SessionId::new(6).unwrap() },
        Note::Prolonged { user, sign_in: 4, ends: 5 },
        Note::Presence { user, state: PresenceState::Away, rooms },
        Note::Typing { user, room, thread: Some(1) },
        Note::Notice(&notice),
    ];
    for note in &notes {
        assert_eq!(again(note), format!("{note:?}"));
    }
    assert!(encode(NodeId(7), &Note::Unsure).is_none());
}

#[test]
fn a_connection_of_another_node_is_nobody_here() {
    let note = Note::Read {
        user: user(1),
        room: RoomId::new(3).unwrap(),
        position: ReadPosition::default(),
        from: Some(5),
    };
    assert!(again(&note).contains("from: None"));
}

#[test]
fn what_is_not_known_is_not_read() {
    let told = |text: &str| Decoded::read(text.as_bytes()).is_some();
    assert!(told(r#"{"v":1,"from":7,"note":{"banned":{"user":1}}}"#));
    assert!(told(r#"{"v":1,"from":7,"note":{"probe":{"n":1}}}"#));
    // A field that a later build added does no harm.
    assert!(told(
        r#"{"v":1,"from":7,"new":1,"note":{"banned":{"user":1,"why":"x"}}}"#
    ));
    for unknown in [
        r#"{"v":2,"from":7,"note":{"banned":{"user":1}}}"#,
        r#"{"v":1,"from":7,"note":{"moved_house":{"user":1}}}"#,
        r#"{"v":1,"from":7,"note":{"banned":{"user":0}}}"#,
        r#"{"v":1,"from":7,"note":{"entry":{"everybody":false,"users":[]}}}"#,
        r#"{"v":1,"from":7,"note":"notice"}"#,
        "",
        "\n{}",
        "tea",
    ] {
        assert!(!told(unknown), "{unknown}");
    }
}

#[test]
fn a_node_tells_of_itself() {
    for known in [Sign::Probe(5), Sign::Leaving] {
        let told = Decoded::read(&sign(NodeId(1), known).unwrap()).unwrap();
        assert_eq!(told.sign(), Some(known));
        assert!(told.note().is_none());
    }
}
