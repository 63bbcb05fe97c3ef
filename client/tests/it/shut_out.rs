//! What was written for a room that one was taken out of goes out once one has joined it again.

use client::{Input, SendState};
use protocol::RoomSummary;

use crate::{
    check,
    house::at_home,
    model::room_id,
    outbox::{own, say, texts},
    world::World,
};

/// One was taken out of the first room, which is open, while these were on their way to it.
fn taken_out(seed: u64, said: &[&str]) -> (World, RoomSummary) {
    let mut world = at_home(seed);
    for text in said {
        say(&mut world, 1, text);
    }
    let me = world.me;
    world.member(room_id(1), me, false);
    world.run(3_000);
    assert!(world.session.room(room_id(1)).is_none());
    assert_eq!(shut_out(&world), said.len());
    let summary = world.model.summary(room_id(1), me);
    assert!(!summary.member);
    (world, summary)
}

/// How many messages rooms refused since one was not in them.
fn shut_out(world: &World) -> usize {
    let outbox = world.session.outbox();
    outbox.filter(|entry| entry.is_shut_out()).count()
}

/// The answer to joining over HTTP came: what the page does then.
fn joined(world: &mut World, summary: RoomSummary) {
    world.input(Input::RetryShutOut(room_id(1)));
    world.input(Input::Room(Box::new(summary)));
    world.input(Input::OpenRoom(room_id(1)));
}

#[test]
fn it_goes_out_whether_the_answer_to_joining_comes_before_the_room_or_after_it() {
    let said = ["one", "two", "three"];
    for seed in 0..20 {
        for told_first in [false, true] {
            let (mut world, before) = taken_out(seed, &said);
            say(&mut world, 2, "elsewhere");
            let me = world.me;
            world.member(room_id(1), me, true);
            if told_first {
                world.run(1_000);
                // Told of by the connection already, as another tab of the same person has it.
                assert!(world.session.room(room_id(1)).unwrap().can_write());
                assert_eq!(shut_out(&world), said.len());
            }
            joined(&mut world, before);
            world.run(5_000);
            assert_eq!(texts(&world, 1, me), said, "{seed} {told_first}");
            let stored = |text: &&str| ((*text).to_owned(), SendState::Stored);
            let expected: Vec<_> = said.iter().map(stored).collect();
            assert_eq!(own(&world, 1), expected, "{seed} {told_first}");
            assert!(world.stored.is_empty());
            check::converged(&world, false);
        }
    }
}

#[test]
fn it_waits_in_another_room_and_in_one_that_one_is_still_not_in() {
    let (mut world, before) = taken_out(7, &["one", "two"]);
    world.input(Input::RetryShutOut(room_id(2)));
    world.run(1_000);
    assert_eq!(shut_out(&world), 2);
    // Taken out again before it arrived.
    joined(&mut world, before);
    assert_eq!(shut_out(&world), 0);
    world.run(3_000);
    assert_eq!(shut_out(&world), 2);
    assert_eq!(world.stored.len(), 2);
    assert!(texts(&world, 1, world.me).is_empty());
}
