//! What is seen, what is read, and what is kept while one reads.

use client::{Edge, InView, Input, SessionConfig, TimelineItem};
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
    let config = SessionConfig {
        page: 100,
        keep_closed: 200,
        keep_open: 300,
        ..SessionConfig::new("device-of-a-test-1", "test/1")
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
        TimelineItem::Message(message) => message.seq,
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

fn position(world: &World) -> (u64, Seq, u64) {
    let view = world.session.room(room_id(1)).unwrap();
    let room = view.summary();
    (room.generation, room.read_seq, room.unread)
}

fn new_line(world: &World) -> Option<(Seq, u64)> {
    let mark = world.session.room(room_id(1)).unwrap().new_mark();
    mark.map(|mark| (mark.after, mark.count))
}

fn read_frames(world: &World, from: usize) -> Vec<(Seq, Option<u64>)> {
    let told = world.transmitted[from..].iter();
    told.filter_map(|(_, frame)| match frame {
        ClientFrame::Read(read) => Some((read.seq, read.generation)),
        _ => None,
    })
    .collect()
}

#[test]
fn unread_from_here_stays_until_one_comes_back() {
    let mut world = at_home(45);
    burst(&mut world, 20);
    world.run(500);
    let (room, last) = (room_id(1), world.model.last(room_id(1)));
    see(&mut world, last - 30, last, true);
    assert_eq!(position(&world), (0, last, 0));
    world.run(2_000);
    let told = world.transmitted.len();
    world.input(Input::Unread {
        room,
        seq: last - 9,
    });
    assert_eq!(position(&world), (1, last - 10, 10));
    assert_eq!(new_line(&world), Some((last - 10, 10)));
    // What is in view, and what comes, is not read.
    see(&mut world, last - 20, last, true);
    world.run(3_000);
    burst(&mut world, 1);
    see(&mut world, last - 20, last + 1, true);
    world.run(5_000);
    assert_eq!(position(&world), (1, last - 10, 11));
    assert_eq!(read_frames(&world, told), []);
    assert_eq!(new_line(&world).map(|(after, _)| after), Some(last - 10));
    // Who comes back reads.
    away(&mut world, 0);
    see(&mut world, last - 20, last + 1, true);
    world.run(2_000);
    assert_eq!(position(&world), (1, last + 1, 0));
    assert_eq!(read_frames(&world, told), [(last + 1, Some(1))]);
    check::no_silent_hole(&world);
}

#[test]
fn unread_from_here_stays_until_one_says_that_one_has_read() {
    let mut world = at_home(46);
    burst(&mut world, 20);
    world.run(500);
    let (room, last) = (room_id(1), world.model.last(room_id(1)));
    world.input(Input::Unread { room, seq: last });
    // Before the server is known to have it: what is read is told after that.
    world.input(Input::Read { room, seq: last });
    assert_eq!(position(&world), (1, last, 0));
    world.run(5_000);
    assert_eq!(position(&world), (1, last, 0));
    let read = world.model.rooms[&room].read[&user_id(1)];
    assert_eq!((read.generation, read.seq), (1, last));
    burst(&mut world, 3);
    world.run(500);
    see(&mut world, last - 10, last + 3, true);
    assert_eq!(position(&world), (1, last + 3, 0));
    // No entry, or too far back: nothing happens.
    for seq in [0, last + 4] {
        world.input(Input::Unread { room, seq });
    }
    assert_eq!(position(&world), (1, last + 3, 0));
}

#[test]
fn a_late_read_of_another_device_does_not_undo_it() {
    let mut world = at_home(47);
    burst(&mut world, 20);
    world.run(500);
    let (room, last) = (room_id(1), world.model.last(room_id(1)));
    see(&mut world, last - 30, last - 5, false);
    world.run(2_000);
    let told = world.transmitted.len();
    // Read here just now, and not told yet, when the other device sets the position back.
    see(&mut world, last - 6, last, true);
    world.unread_elsewhere(room, last - 9);
    world.run(5_000);
    assert_eq!(position(&world), (1, last - 10, 10));
    assert_eq!(new_line(&world), Some((last - 10, 10)));
    see(&mut world, last - 20, last, true);
    world.run(5_000);
    assert_eq!(position(&world), (1, last - 10, 10));
    let generations = read_frames(&world, told);
    assert!(generations.iter().all(|(_, told)| *told == Some(0)));
    world.input(Input::Read { room, seq: last });
    world.run(5_000);
    let read = world.model.rooms[&room].read[&user_id(1)];
    assert_eq!((read.generation, read.seq), (1, last));
}

#[test]
fn what_was_set_back_without_a_connection_is_told_later() {
    let mut world = at_home(48);
    burst(&mut world, 20);
    world.run(500);
    let (room, last) = (room_id(1), world.model.last(room_id(1)));
    world.input(Input::Read { room, seq: last });
    world.run(2_000);
    world.up = false;
    world.cut();
    world.run(100);
    world.input(Input::Unread {
        room,
        seq: last - 4,
    });
    assert_eq!(position(&world), (1, last - 5, 5));
    world.up = true;
    world.run(20_000);
    assert_eq!(position(&world), (1, last - 5, 5));
    let read = world.model.rooms[&room].read[&user_id(1)];
    assert_eq!((read.generation, read.seq), (1, last - 5));
}

#[test]
fn what_was_set_back_twice_and_lost_once_waits_for_no_generation_that_never_comes() {
    let mut world = at_home(49);
    burst(&mut world, 20);
    world.run(500);
    let (room, last) = (room_id(1), world.model.last(room_id(1)));
    world.input(Input::Read { room, seq: last });
    world.run(2_000);
    // Both are lost; only the second is said again.
    world.deaden();
    for back in [9, 4] {
        world.input(Input::Unread {
            room,
            seq: last - back,
        });
        world.run(50);
    }
    let stored = |world: &World| world.model.rooms[&room].read[&user_id(1)];
    for _ in 0..20_000 {
        if stored(&world).generation > 0 {
            break;
        }
        world.run(10);
    }
    assert_eq!(
        (stored(&world).generation, stored(&world).seq),
        (1, last - 5)
    );
    // Before it is known here that it is stored, another device reads on.
    world.reads_elsewhere(room, last - 2);
    world.run(10_000);
    assert_eq!(position(&world), (1, last - 2, 2));
    // What is read here is taken.
    world.input(Input::Read { room, seq: last });
    world.run(10_000);
    assert_eq!((stored(&world).generation, stored(&world).seq), (1, last));
    assert_eq!(position(&world), (1, last, 0));
}

/// What is on its way to the server is stored in whichever membership it comes to: after the person left and came back, in the new one.
#[test]
fn what_was_set_back_while_one_left_and_came_back_is_known() {
    let (room, me) = (room_id(1), user_id(1));
    for seed in 0..200 {
        for before_ms in [0, 10, 30, 400] {
            let mut world = at_home(seed);
            burst(&mut world, 20);
            world.run(500);
            let last = world.model.last(room);
            // Another device sets it back too: its word may come before and after.
            world.unread_elsewhere(room, last - 9);
            world.input(Input::Unread {
                room,
                seq: last - 4,
            });
            world.run(before_ms);
            world.member(room, me, false);
            world.member(room, me, true);
            world.run(20_000);
            let stored = world.model.rooms[&room].read[&me];
            let (generation, seq, _) = position(&world);
            assert_eq!(
                (generation, seq),
                (stored.generation, stored.seq),
                "seed {seed}, {before_ms} ms"
            );
        }
    }
}
