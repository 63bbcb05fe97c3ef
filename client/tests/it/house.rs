//! Where the stories begin.

use client::{Input, Link, SessionConfig};

use crate::{
    model::{room_id, user_id},
    world::World,
};

/// Two rooms of four people, with 30 messages in the first.
pub(crate) fn house(seed: u64) -> World {
    let mut world = World::with(
        seed,
        SessionConfig {
            page: 10,
            // More than any story has messages: what is loaded stays.
            keep_open: 4_000,
            ..SessionConfig::new("device-of-a-test-1", "test/1")
        },
    );
    for room in [1, 2] {
        for user in 1..=4 {
            world.member(room_id(room), user_id(user), true);
        }
    }
    for i in 0..30 {
        world.says(user_id(2 + i % 3), room_id(1), &format!("before {i}"));
    }
    world
}

/// The same, connected, with the first room open and read.
pub(crate) fn at_home(seed: u64) -> World {
    let mut world = house(seed);
    world.input(Input::Start);
    world.run(200);
    world.input(Input::OpenRoom(room_id(1)));
    let last = world.model.last(room_id(1));
    world.input(Input::Read {
        room: room_id(1),
        seq: last,
    });
    world.run(2_000);
    assert_eq!(world.session.link(), Link::Online);
    world
}
