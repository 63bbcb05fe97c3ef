//! What a room shows: in order, once, and never as if nothing were missing where something is.

use client::{Edge, Gap, Input, Load, MessageView, NewMark, NoteKind, TimelineItem, TimelineNote};
use protocol::{ClientFrame, EventKind, RoomSetting, Seq, ServerFrame};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    world::World,
};

pub(crate) fn items(world: &World, room: u64) -> Vec<TimelineItem> {
    world.session.room(room_id(room)).unwrap().timeline().items
}

pub(crate) fn gaps(world: &World, room: u64) -> Vec<Gap> {
    let gap = |item: TimelineItem| match item {
        TimelineItem::Gap(gap) => Some(gap),
        _ => None,
    };
    items(world, room).into_iter().filter_map(gap).collect()
}

pub(crate) fn message(world: &World, seq: Seq) -> Option<MessageView> {
    items(world, 1).into_iter().find_map(|item| match item {
        TimelineItem::Message(message) if message.seq == Some(seq) => Some((*message).clone()),
        _ => None,
    })
}

pub(crate) fn seqs(world: &World) -> Vec<Seq> {
    items(world, 1)
        .iter()
        .filter_map(|item| match item {
            TimelineItem::Message(message) => message.seq,
            _ => None,
        })
        .collect()
}

pub(crate) fn burst(world: &mut World, n: u64) {
    for i in 0..n {
        world.says(user_id(2), room_id(1), &format!("burst {i}"));
    }
}

pub(crate) fn frame(world: &mut World, frame: &ServerFrame) {
    world.input(Input::Frame(frame.to_json()));
}

#[test]
fn a_live_entry_never_hides_the_hole_before_it() {
    let mut world = at_home(2);
    world.faults.lose_push = 1_000;
    burst(&mut world, 3);
    let lost = world.model.last(room_id(1));
    world.faults.lose_push = 0;
    let seen = world.says(user_id(3), room_id(1), "after the hole");
    while message(&world, seen).is_none() {
        world.run(1);
    }
    let gap = Gap {
        after: lost - 3,
        before: seen,
        count: 3,
        load: Load::Loading,
    };
    assert_eq!(gaps(&world, 1), [gap]);
    let log = &world.transmitted.last().unwrap().1;
    assert!(
        matches!(log, ClientFrame::Log(log) if log.after == lost - 3 && log.limit == Some(1_000))
    );
    world.run(100);
    assert_eq!(gaps(&world, 1), []);
    assert_eq!(seqs(&world), (25..=seen).collect::<Vec<_>>());
}

#[test]
fn a_hole_of_thousands_is_filled_thousand_by_thousand() {
    let mut world = at_home(3);
    world.faults.lose_push = 1_000;
    for _ in 0..2_500 {
        world.model.add(
            room_id(1),
            user_id(2),
            EventKind::Topic { text: "t".into() },
        );
    }
    world.faults.lose_push = 0;
    let seen = world.says(user_id(3), room_id(1), "after the hole");
    world.run(3_000);
    let asked: Vec<Seq> = world
        .transmitted
        .iter()
        .filter_map(|(_, frame)| match frame {
            ClientFrame::Log(log) => Some(log.after),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [34, 1_034, 2_034]);
    assert_eq!(
        world.session.room(room_id(1)).unwrap().summary().last_seq,
        seen
    );
    assert_eq!(gaps(&world, 1), []);
}

#[test]
fn a_lost_last_entry_is_found_within_a_heartbeat() {
    let mut world = at_home(4);
    world.faults.lose_push = 1_000;
    let lost = world.says(user_id(2), room_id(1), "lost");
    world.faults.lose_push = 0;
    world.run(35_000);
    assert!(message(&world, lost).is_some());
    assert_eq!(world.connects.len(), 1);
}

#[test]
fn after_a_long_absence_the_newest_page_comes_first_and_the_rest_is_a_gap() {
    let mut world = at_home(5);
    world.up = false;
    world.cut();
    world.run(1_000);
    burst(&mut world, 1_500);
    // What happened meanwhile to what was seen before.
    let _ = world.does(user_id(3), room_id(1), EventKind::Delete { of: 30 });
    world.up = true;
    world.run(10_000);
    let last = world.model.last(room_id(1));
    let [gap] = gaps(&world, 1).try_into().unwrap();
    assert_eq!(
        (gap.after, gap.before, gap.load),
        (34, last - 10, Load::Idle)
    );
    assert!(
        message(&world, 30).unwrap().deleted,
        "what is above the gap is as it stands now"
    );
    check::no_silent_hole(&world);
    // One reads downwards from where one was.
    world.input(Input::FillGap {
        room: room_id(1),
        after: 34,
        edge: Edge::Top,
    });
    assert_eq!(gaps(&world, 1)[0].load, Load::Loading);
    world.run(100);
    let gap = gaps(&world, 1).remove(0);
    assert_eq!((gap.after, gap.before), (134, last - 10));
    // And scrolls up from the end.
    world.input(Input::FillGap {
        room: room_id(1),
        after: 134,
        edge: Edge::Bottom,
    });
    world.run(100);
    let gap = gaps(&world, 1).remove(0);
    assert_eq!((gap.after, gap.before), (134, last - 110));
    check::no_silent_hole(&world);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_store_that_came_back_from_a_backup_is_believed() {
    let mut world = at_home(7);
    burst(&mut world, 5);
    world.run(200);
    world.up = false;
    world.cut();
    world.run(1_000);
    let log = world.model.rooms.get_mut(&room_id(1)).unwrap();
    log.entries.truncate(32);
    log.read.get_mut(&user_id(1)).unwrap().seq = 32;
    world.says(user_id(4), room_id(1), "another history");
    world.up = true;
    world.run(10_000);
    assert_eq!(seqs(&world), (24..=33).collect::<Vec<_>>());
    assert_eq!(
        message(&world, 33).unwrap().text.as_deref(),
        Some("another history")
    );
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn joins_leaves_topics_and_settings_are_notes() {
    let mut world = at_home(11);
    world.member(room_id(1), user_id(5), true);
    world.member(room_id(1), user_id(5), false);
    let seq = world
        .model
        .add(
            room_id(1),
            user_id(2),
            EventKind::Topic {
                text: "masts".into(),
            },
        )
        .seq;
    world.announce(room_id(1), seq);
    for setting in [
        RoomSetting::Name("mast".into()),
        RoomSetting::ReadOnly(true),
        RoomSetting::Archived(true),
        RoomSetting::ReadOnly(false),
    ] {
        let kind = EventKind::Set(setting);
        let seq = world.model.add(room_id(1), user_id(2), kind).seq;
        world.announce(room_id(1), seq);
    }
    let seq = world
        .model
        .add(room_id(1), user_id(2), EventKind::Unknown)
        .seq;
    world.announce(room_id(1), seq);
    world.run(200);
    let kinds: Vec<NoteKind> = items(&world, 1)
        .into_iter()
        .filter_map(|item| match item {
            TimelineItem::Note(TimelineNote { kind, .. }) => Some(kind),
            _ => None,
        })
        .collect();
    let user = user_id(5);
    assert_eq!(
        kinds,
        [
            NoteKind::Join { user },
            NoteKind::Leave { user },
            NoteKind::Topic {
                text: "masts".into()
            },
            NoteKind::Set(RoomSetting::Name("mast".into())),
            NoteKind::Set(RoomSetting::ReadOnly(true)),
            NoteKind::Set(RoomSetting::Archived(true)),
            NoteKind::Set(RoomSetting::ReadOnly(false)),
        ]
    );
    let summary = world.session.room(room_id(1)).unwrap().summary().clone();
    assert_eq!((summary.topic.as_str(), summary.last_seq), ("masts", seq));
    let settings = (&*summary.name, summary.read_only, summary.archived);
    assert_eq!(settings, ("mast", false, true));
}

#[test]
fn a_reaction_that_a_page_may_hold_already_is_looked_at_again() {
    // The entry is on its way while the page is read: whether the page holds it depends on luck, the end does not.
    for seed in 0..60 {
        let mut world = house(seed);
        world.input(Input::Start);
        world.run(200);
        world.faults.slow_ms = 300;
        world.input(Input::OpenRoom(room_id(1)));
        for i in 0..40 {
            let (by, on) = (user_id(2 + i % 3), (i / 3) % 2 == 0);
            let emoji = if world.chance(500) { "👍" } else { "🎉" }.to_owned();
            let _ = world.does(by, room_id(1), EventKind::Reaction { of: 34, emoji, on });
            world.run(20);
        }
        world.run(900_000);
        let model = world.model.message(room_id(1), 34, world.me).unwrap();
        assert_eq!(
            message(&world, 34).unwrap().reactions,
            model.reactions,
            "seed {seed}"
        );
    }
}

#[test]
fn a_storm_of_reactions_is_not_a_storm_of_requests() {
    let mut world = at_home(12);
    let asked = world.transmitted.len();
    for i in 0..3_000 {
        let on = (i / 3) % 2 == 0;
        let _ = world.does(
            user_id(2 + i % 3),
            room_id(1),
            EventKind::Reaction {
                of: 34,
                emoji: "👍".into(),
                on,
            },
        );
        world.run(100);
    }
    let history = |(_, frame): &&(u64, ClientFrame)| {
        matches!(frame, ClientFrame::History(_) | ClientFrame::Log(_))
    };
    let count = world.transmitted[asked..].iter().filter(history).count();
    assert!(count <= 8, "{count} requests in five minutes");
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn the_new_line_stays_until_one_leaves_or_takes_it_away() {
    let mut world = at_home(13);
    world.input(Input::OpenRoom(room_id(2)));
    burst(&mut world, 4);
    world.run(200);
    world.input(Input::OpenRoom(room_id(1)));
    let mark = |world: &World| world.session.room(room_id(1)).unwrap().new_mark();
    assert_eq!(
        mark(&world),
        Some(NewMark {
            after: 34,
            count: 4
        })
    );
    burst(&mut world, 1);
    world.run(200);
    world.input(Input::Read {
        room: room_id(1),
        seq: 39,
    });
    assert_eq!(world.session.room(room_id(1)).unwrap().summary().unread, 0);
    assert_eq!(
        mark(&world),
        Some(NewMark {
            after: 34,
            count: 4
        })
    );
    world.input(Input::ClearNew);
    assert_eq!(mark(&world), None);
    // Away from the page, with the room open: what came meanwhile is new.
    world.input(Input::Hidden);
    burst(&mut world, 2);
    world.run(200);
    world.input(Input::Visible);
    assert_eq!(
        mark(&world),
        Some(NewMark {
            after: 39,
            count: 2
        })
    );
    world.input(Input::LeaveRoom);
    assert_eq!(mark(&world), None);
}
