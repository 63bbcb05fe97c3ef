//! What is seen, what is read, and what is kept while one reads.

use client::{Config, Edge, InView, Input, Item};
use protocol::{ClientFrame, Seq};

use crate::{
    check,
    house::at_home,
    model::{room_id, user_id},
    timeline::{burst, gaps, seqs},
    world::World,
};

fn see(world: &mut World, first: Seq, last: Seq, end: bool) {
    let view = InView {
        first,
        last,
        end,
        seen: true,
    };
    let room = room_id(1);
    world.input(Input::InView { room, view });
}

fn unread(world: &World) -> (u64, Seq) {
    let view = world.session.room(room_id(1)).unwrap();
    (view.summary().unread, view.summary().read_seq)
}

/// Away from room 1 while `n` messages come, and back.
fn away(world: &mut World, n: u64) {
    world.input(Input::OpenRoom(room_id(2)));
    burst(world, n);
    world.run(500);
    world.input(Input::OpenRoom(room_id(1)));
    world.run(500);
}

#[test]
fn to_see_the_end_is_not_to_have_read_what_came_before() {
    let mut world = at_home(40);
    away(&mut world, 300);
    let (read, last) = (34, world.model.last(room_id(1)));
    assert_eq!(unread(&world), (300, read));
    see(&mut world, last - 19, last, true);
    assert_eq!(unread(&world), (300, read));
    world.input(Input::LoadNew(room_id(1)));
    world.run(500);
    // What follows the line is there, however much is between: it can be gone to.
    let first = world.session.room(room_id(1)).unwrap().first_new().cloned();
    assert_eq!(first.and_then(|first| first.seq), Some(read + 1));
    assert!(gaps(&world, 1).len() == 1 && gaps(&world, 1)[0].before > read + 2);
    see(&mut world, read + 1, read + 10, false);
    assert_eq!(unread(&world), (290, read + 10));
    // A part that was not in view holds it up; once it was, all that was seen counts.
    see(&mut world, read + 15, read + 20, false);
    assert_eq!(unread(&world), (290, read + 10));
    see(&mut world, read + 9, read + 16, false);
    assert_eq!(unread(&world), (280, read + 20));
    world.input(Input::Read {
        room: room_id(1),
        seq: last,
    });
    assert_eq!(unread(&world), (0, last));
}

#[test]
fn what_one_wrote_oneself_is_not_in_the_way_of_reading() {
    let mut world = at_home(44);
    for n in 0..60 {
        world.says(user_id(1), room_id(1), &format!("mine {n}"));
    }
    let came = world.says(user_id(2), room_id(1), "theirs");
    world.run(500);
    assert_eq!(unread(&world).0, 1);
    see(&mut world, came - 10, came, true);
    assert_eq!(unread(&world), (0, came));
}

#[test]
fn what_nobody_looks_at_is_not_read() {
    let mut world = at_home(41);
    away(&mut world, 3);
    let view = InView {
        first: 35,
        last: 37,
        end: true,
        seen: false,
    };
    let room = room_id(1);
    world.input(Input::InView { room, view });
    assert_eq!(unread(&world), (3, 34));
    see(&mut world, 30, 37, true);
    assert_eq!(unread(&world), (0, 37));
}

#[test]
fn whoever_stays_at_the_end_reads_what_passes() {
    let mut world = at_home(44);
    away(&mut world, 3);
    see(&mut world, 30, 37, true);
    // More than a view at once.
    burst(&mut world, 100);
    world.run(500);
    see(&mut world, 120, 137, true);
    assert_eq!(unread(&world), (0, 137));
    // Not while the page cannot be seen, and not while one reads farther up.
    world.input(Input::Hidden);
    burst(&mut world, 100);
    world.run(500);
    world.input(Input::Visible);
    see(&mut world, 220, 237, true);
    assert_eq!(unread(&world), (100, 137));
    see(&mut world, 130, 150, false);
    see(&mut world, 220, 237, true);
    assert_eq!(unread(&world), (87, 150));
}

#[test]
fn what_one_reads_stays_while_thousands_come() {
    let config = Config {
        page: 100,
        keep_closed: 200,
        keep_open: 300,
        ..Config::new("device-of-a-test-1", "test/1")
    };
    let mut world = World::with(42, config);
    world.member(room_id(1), user_id(1), true);
    world.member(room_id(1), user_id(2), true);
    burst(&mut world, 200);
    world.input(Input::Start);
    world.input(Input::OpenRoom(room_id(1)));
    world.run(500);
    see(&mut world, 120, 140, false);
    for _ in 0..30 {
        burst(&mut world, 100);
        world.run(500);
        let held = seqs(&world);
        assert!(held.len() <= 340, "{} are held", held.len());
        assert!((120..=140).all(|seq| held.contains(&seq)), "{held:?}");
        check::no_silent_hole(&world);
    }
    // And further down, through the gap: what was filled stays too.
    for _ in 0..5 {
        let [gap] = gaps(&world, 1).try_into().unwrap();
        let (room, after, edge) = (room_id(1), gap.after, Edge::Top);
        see(&mut world, after - 20, after, false);
        world.input(Input::FillGap { room, after, edge });
        world.run(500);
        let held = seqs(&world);
        assert!(
            held.contains(&(after - 20)) && held.contains(&(after + 50)),
            "{held:?}"
        );
        assert!(held.len() <= 340);
    }
}

#[test]
fn to_the_newest_takes_one_page_and_leaves_the_gap() {
    let mut world = at_home(43);
    away(&mut world, 600);
    let room = room_id(1);
    world.input(Input::LoadAround { room, seq: 100 });
    world.run(200);
    world.input(Input::LoadNewest(room));
    world.run(200);
    let view = world.session.room(room).unwrap();
    assert!(view.holds_end());
    let end = view.part(view.window_at_end(8, true));
    let newest = end.items.iter().rev().find_map(|item| match item {
        Item::Message(message) => message.seq,
        _ => None,
    });
    assert_eq!(newest, Some(world.model.last(room)));
    let asked = world.transmitted.len();
    world.input(Input::LoadNewest(room));
    world.run(2_000);
    let again = world.transmitted[asked..]
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::History(_)));
    assert_eq!((again.count(), gaps(&world, 1).is_empty()), (0, false));
}
