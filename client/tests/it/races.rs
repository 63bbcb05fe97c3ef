//! Two things at once, in either order.

use client::{Edge, Input, TimelineItem};
use protocol::{Act, Behind, ClientFrame, Event, EventKind, Page, ServerFrame};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    timeline::{burst, frame, gaps, message, seqs},
    world::World,
};

/// Requests for pages and entries since a place in what was transmitted.
fn asked(world: &World, since: usize) -> Vec<ClientFrame> {
    let requests = world.transmitted[since..]
        .iter()
        .map(|(_, frame)| frame.clone());
    requests
        .filter(|frame| matches!(frame, ClientFrame::History(_) | ClientFrame::Log(_)))
        .collect()
}

fn newest_request(world: &World) -> u64 {
    match asked(world, 0).last() {
        Some(ClientFrame::History(ask)) => ask.req,
        other => panic!("{other:?}"),
    }
}

fn edit(of: u64, text: &str) -> EventKind {
    EventKind::Edit {
        of,
        text: Some(text.into()),
        deleted: false,
    }
}

#[test]
fn ones_own_message_is_never_shown_twice() {
    for seed in 0..40 {
        let mut world = at_home(seed);
        world.faults.slow_ms = 150;
        for i in 0..6 {
            world.input(Input::Act {
                room: room_id(1),
                act: Act::Send {
                    text: format!("{i}"),
                    reply_to: None,
                    thread: None,
                },
            });
        }
        if seed % 2 == 0 {
            world.run(seed * 5);
            world.cut();
        }
        for _ in 0..3_000 {
            world.run(1);
            let items = world.session.room(room_id(1)).unwrap().timeline().items;
            let own = items
                .iter()
                .filter(|item| matches!(item, TimelineItem::Message(m) if m.by == world.me))
                .count();
            assert_eq!(own, 6, "seed {seed} at {}", world.now_ms);
        }
        check::converged(&world, false);
    }
}

#[test]
fn a_page_tells_that_a_message_is_stored_though_its_ack_was_lost() {
    let mut world = at_home(1);
    world.deaden();
    world.input(Input::Act {
        room: room_id(1),
        act: Act::Send {
            text: "hello".into(),
            reply_to: None,
            thread: None,
        },
    });
    let entry = world.session.outbox().next().unwrap().clone();
    let kind = EventKind::Message {
        id: entry.command.id,
        text: Some("hello".into()),
        reply_to: None,
        deleted: false,
        thread: None,
    };
    let me = world.me;
    world.does(me, room_id(1), kind).unwrap();
    world.input(Input::LoadAround {
        room: room_id(1),
        seq: 10,
    });
    let req = newest_request(&world);
    let ask = protocol::History {
        thread: None,
        req,
        room: room_id(1),
        before: None,
        after: None,
        around: Some(10),
        limit: Some(100),
        counts: false,
    };
    let page = world.model.page(&ask, me);
    frame(&mut world, &ServerFrame::Page(page));
    assert_eq!(
        (
            world.session.outbox().count(),
            world.forgotten[&entry.command.id]
        ),
        (0, 1)
    );
    assert!(message(&world, 35).is_some());
}

#[test]
fn what_was_changed_while_its_page_was_on_the_way() {
    // Read before the change, delivered after it.
    let mut world = at_home(2);
    world.deaden();
    world.input(Input::LoadOlder(room_id(1)));
    let ask = match asked(&world, 0).pop() {
        Some(ClientFrame::History(ask)) => ask,
        other => panic!("{other:?}"),
    };
    let page = world.model.page(&ask, world.me);
    for kind in [
        edit(20, "changed"),
        EventKind::Delete { of: 21 },
        edit(22, "one"),
        edit(22, "two"),
    ] {
        let by = world.model.message(room_id(1), 20, world.me).unwrap().by;
        let ack = world.model.command(
            by,
            protocol::MessageId::from_u128(world.model.last(room_id(1)).into()),
            room_id(1),
            kind.clone(),
        );
        let ack = ack.unwrap_or_else(|_| world.model.add(room_id(1), user_id(4), kind));
        let event = world.model.entry(room_id(1), ack.seq);
        frame(&mut world, &ServerFrame::Event(event));
    }
    frame(&mut world, &ServerFrame::Page(page));
    assert_eq!(
        message(&world, 20).unwrap().text.as_deref(),
        Some("changed")
    );
    assert!(message(&world, 21).unwrap().deleted);
    assert_eq!(message(&world, 22).unwrap().text.as_deref(), Some("two"));
}

#[test]
fn what_was_changed_while_it_was_loaded_again() {
    let mut world = at_home(3);
    world.deaden();
    let room = room_id(1);
    let from = world.model.last(room);
    burst(&mut world, 1_200);
    let last_seq = world.model.last(room);
    let since = world.transmitted.len();
    frame(
        &mut world,
        &ServerFrame::Behind(Behind {
            room,
            from,
            last_seq,
        }),
    );
    let pages: Vec<Page> = asked(&world, since)
        .iter()
        .filter_map(|request| match request {
            ClientFrame::History(ask) => Some(world.model.page(ask, world.me)),
            _ => None,
        })
        .collect();
    assert_eq!(pages.len(), 2, "the newest, and what stays to be seen");
    assert_eq!(gaps(&world, 1).len(), 1);
    let ack = world.model.add(room, user_id(2), edit(30, "changed"));
    let event = world.model.entry(room, ack.seq);
    frame(&mut world, &ServerFrame::Event(event));
    for page in pages {
        frame(&mut world, &ServerFrame::Page(page));
    }
    assert_eq!(
        message(&world, 30).unwrap().text.as_deref(),
        Some("changed")
    );
    check::no_silent_hole(&world);
}

#[test]
fn pages_whose_moment_is_known_are_not_looked_at_again() {
    let react = |world: &mut World| {
        for user in 2..=4 {
            let kind = EventKind::Reaction {
                of: 34,
                emoji: "👍".into(),
                on: true,
            };
            world.does(user_id(user), room_id(1), kind).unwrap();
        }
        world.run(600_000);
        assert_eq!(message(world, 34).unwrap().reactions[0].count, 3);
    };
    // A pong told.
    let mut world = at_home(4);
    world.run(70_000);
    let since = world.transmitted.len();
    react(&mut world);
    assert_eq!(asked(&world, since), []);
    // A welcome told.
    let mut world = at_home(5);
    world.cut();
    world.run(1_000);
    let since = world.transmitted.len();
    react(&mut world);
    assert_eq!(asked(&world, since), []);
}

#[test]
fn a_replay_that_does_not_come_is_asked_for() {
    let mut world = at_home(6);
    world.up = false;
    world.cut();
    world.run(1_000);
    burst(&mut world, 20);
    world.faults.lose_replay = 1_000;
    world.up = true;
    world.run(11_000);
    assert_eq!(seqs(&world).last(), Some(&54));
    check::no_silent_hole(&world);
}

#[test]
fn a_hole_that_the_replay_fills_is_not_asked_for_twice() {
    let mut world = at_home(7);
    world.faults.lose_push = 1_000;
    burst(&mut world, 2);
    world.faults.lose_push = 0;
    burst(&mut world, 1);
    // The request is on its way when the connection breaks.
    while asked(&world, 0)
        .iter()
        .all(|request| matches!(request, ClientFrame::History(_)))
    {
        world.run(1);
    }
    world.cut();
    let since = world.transmitted.len();
    world.run(10_000);
    assert_eq!(asked(&world, since), []);
    assert_eq!(seqs(&world).last(), Some(&37));
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    let mut world = at_home(8);
    world.input(Input::LoadOlder(room_id(1)));
    world.lose_frames();
    world.run(20_000);
    assert_eq!((seqs(&world)[0], world.connects.len()), (15, 1));
}

#[test]
fn a_log_that_became_shorter_is_believed_on_a_live_connection_too() {
    let mut world = at_home(9);
    let room = room_id(1);
    world
        .model
        .rooms
        .get_mut(&room)
        .unwrap()
        .entries
        .truncate(30);
    frame(
        &mut world,
        &ServerFrame::Behind(Behind {
            room,
            from: 34,
            last_seq: 30,
        }),
    );
    world.run(30_000);
    assert_eq!(seqs(&world).last(), Some(&30));
    let next = world.says(user_id(2), room, "goes on");
    world.run(200);
    assert_eq!((next, seqs(&world).last().copied()), (31, Some(31)));
}

#[test]
fn a_count_that_is_interrupted_is_made_again() {
    let mut world = house(10);
    world.input(Input::Start);
    world.run(200);
    world
        .does(user_id(3), room_id(1), EventKind::Delete { of: 12 })
        .unwrap();
    while asked(&world, 0).is_empty() {
        world.run(1);
    }
    let last_seq = world.model.last(room_id(1));
    // Entries that no one pushes, and a word that they are too many to.
    world.faults.lose_push = 1_000;
    burst(&mut world, 2);
    frame(
        &mut world,
        &ServerFrame::Behind(Behind {
            room: room_id(1),
            from: last_seq,
            last_seq: last_seq + 2,
        }),
    );
    world.run(600_000);
    check::converged(&world, false);
}

#[test]
fn filling_a_gap_from_both_ends_at_once() {
    let mut world = at_home(11);
    world.up = false;
    world.cut();
    world.run(1_000);
    burst(&mut world, 1_150);
    world.up = true;
    world.run(10_000);
    for _ in 0..20 {
        let Some(gap) = gaps(&world, 1).pop() else {
            break;
        };
        for edge in [Edge::Top, Edge::Bottom, Edge::Top] {
            world.input(Input::FillGap {
                room: room_id(1),
                after: gap.after,
                edge,
            });
        }
        world.run(100);
        check::no_silent_hole(&world);
    }
    assert_eq!(gaps(&world, 1), []);
}

#[test]
fn an_entry_of_an_unknown_kind_takes_its_place() {
    let mut world = at_home(12);
    world.deaden();
    let text =
        r#"{"t":"event","room":1,"seq":35,"at":5,"by":2,"kind":"poll","question":{"text":"tea?"}}"#;
    world.input(Input::Frame(text.into()));
    let event = Event {
        room: room_id(1),
        seq: 36,
        at: 6,
        by: user_id(2),
        kind: EventKind::Topic { text: "x".into() },
    };
    frame(&mut world, &ServerFrame::Event(event));
    assert_eq!(gaps(&world, 1), []);
    assert_eq!(world.session.room(room_id(1)).unwrap().summary().topic, "x");
}

#[test]
fn after_a_storm_it_sleeps() {
    let mut world = at_home(13);
    for i in 0..200 {
        let on = (i / 3) % 2 == 0;
        let kind = EventKind::Reaction {
            of: 34,
            emoji: "👍".into(),
            on,
        };
        world.does(user_id(2 + i % 3), room_id(1), kind).unwrap();
        world.run(50);
    }
    world
        .does(
            user_id(2),
            room_id(2),
            EventKind::Topic {
                text: "calm".into(),
            },
        )
        .unwrap();
    world.run(3_600_000);
    let (woken, sent) = (world.trace.len(), world.transmitted.len());
    world.run(3_600_000);
    let woken = world.trace[woken..]
        .iter()
        .filter(|step| step.ends_with(" Wake"))
        .count();
    assert!(woken <= 300, "{woken} times in an hour");
    assert!(world.transmitted.len() - sent <= 135, "heartbeats only");
}
