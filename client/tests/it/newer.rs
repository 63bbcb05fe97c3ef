//! A client of today at a server of tomorrow: fields, values, kinds and frames that it does not know.

use client::{Input, Link};
use proptest::prelude::*;
use protocol::{PresenceState, Role, RoomKind};
use serde_json::{Value, json};

use crate::{
    acts::{PLENTY, act, config, perform},
    check,
    house::house,
    model::{room_id, user_id},
    world::{Faults, Server, World},
};

/// What a newer server sends in place of a frame: one of an unknown type, and the frame itself with more in it.
pub(crate) fn as_newer(text: &str) -> [String; 2] {
    let mut frame: Value = serde_json::from_str(text).unwrap();
    grow(&mut frame);
    let strange = json!({"t": "poll", "room": 1, "seq": 3, "id": [], "event": {"kind": "poll"}});
    [strange.to_string(), frame.to_string()]
}

/// More fields in each object, some with the shapes of known ones; values of tomorrow for what is told about people and rooms.
fn grow(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(grow),
        // Cursors and heads are keyed by rooms: what else stands there is a room.
        Value::Object(fields) if fields.keys().all(|key| key.parse::<u64>().is_ok()) => {}
        Value::Object(fields) => {
            fields.values_mut().for_each(grow);
            for (key, value) in [
                ("x_version", json!(2)),
                ("x_thread", json!({"of": 1, "replies": [1, 2]})),
                ("x_of", json!("none")),
                ("x_text", Value::Null),
            ] {
                fields.insert(key.to_owned(), value);
            }
            if fields.contains_key("display_name") {
                fields.insert("role".to_owned(), json!("guest_of_the_house"));
                fields.insert("state".to_owned(), json!("in_a_call"));
            }
            if fields.contains_key("topic") {
                fields.insert("kind".to_owned(), json!("channel"));
            }
            if fields.get("t") == Some(&json!("presence")) {
                fields.insert("state".to_owned(), json!("in_a_call"));
            }
        }
        _ => {}
    }
}

#[test]
fn what_it_does_not_know_of_people_and_rooms_is_the_least() {
    let mut world = house(1);
    world.server = Server::Newer;
    world.input(Input::Start);
    world.run(200);
    assert_eq!(world.session.link(), Link::Online);
    assert_eq!(world.connects.len(), 1);
    let room = world.session.room(room_id(1)).unwrap();
    assert_eq!(room.summary().kind, RoomKind::Private);
    assert_eq!(world.session.me().unwrap().role, Role::Member);
    let other = world.session.user(user_id(2)).unwrap();
    assert_eq!(
        (other.role, other.state),
        (Role::Member, Some(PresenceState::Offline))
    );
}

#[test]
fn an_entry_of_an_unknown_kind_takes_its_place_and_changes_nothing() {
    let mut world = house(2);
    world.input(Input::Start);
    world.input(Input::OpenRoom(room_id(1)));
    world.run(500);
    let last = world.session.room(room_id(1)).unwrap().summary().last_seq;
    let shown = |world: &World| {
        world
            .session
            .room(room_id(1))
            .unwrap()
            .timeline()
            .items
            .len()
    };
    let before = shown(&world);
    for (n, kind) in ["poll", "role", "message_v2"].into_iter().enumerate() {
        let seq = last + 1 + n as u64;
        let event = json!({"t": "event", "room": 1, "seq": seq, "at": 1, "by": 2, "kind": kind,
            "of": "not a number", "text": {"parts": []}, "user": 0, "id": 7, "emoji": null, "on": "yes"});
        world.input(Input::Frame(event.to_string()));
    }
    let room = world.session.room(room_id(1)).unwrap();
    assert_eq!(room.summary().last_seq, last + 3);
    assert_eq!(shown(&world), before);
    assert_eq!(world.session.link(), Link::Online);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_ends_with_exactly_the_log_of_a_newer_server(
        seed in any::<u64>(),
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let mut world = World::with(seed, config(PLENTY));
        world.server = Server::Newer;
        for room in [1, 2] {
            for user in 1..=4 {
                world.member(room_id(room), user_id(user), true);
            }
        }
        world.faults = Faults { lose_push: 30, double_push: 30, ..Faults::default() };
        world.input(Input::Start);
        for act in &acts {
            perform(&mut world, act);
        }
        check::settle(&mut world, true);
        check::no_silent_hole(&world);
        check::polite(&world);
    }
}
