//! Who is here, who writes, what is unread.

use client::{Change, Effect, Input};
use protocol::{
    Act, ClientFrame, EventKind, PresenceChange, PresenceState, RoomKind, Seq, ServerFrame,
    TypingNotice, UserChange, UserId, UserSummary,
};

use crate::{
    house::at_home,
    model::{person, room_id, user_id},
    world::World,
};

fn frame(world: &mut World, frame: &ServerFrame) {
    world.input(Input::Frame(frame.to_json()));
}

fn unread(world: &World, room: u64) -> (u64, u64) {
    let summary = world.session.room(room_id(room)).unwrap().summary();
    (summary.unread, summary.mentions)
}

#[test]
fn writing_is_shown_until_it_stops_or_the_message_comes() {
    let mut world = at_home(1);
    let typing = |world: &World| world.session.room(room_id(1)).unwrap().typing();
    for user in [2, 3, 1] {
        frame(
            &mut world,
            &ServerFrame::Typing(TypingNotice {
                thread: None,
                room: room_id(1),
                user: user_id(user),
            }),
        );
    }
    assert_eq!(typing(&world), [user_id(2), user_id(3)]);
    world.says(user_id(2), room_id(1), "done");
    world.run(100);
    assert_eq!(typing(&world), [user_id(3)]);
    world.run(4_800);
    assert_eq!(typing(&world), [user_id(3)]);
    world.told.clear();
    world.run(1_200);
    assert_eq!(typing(&world), []);
    assert!(
        world
            .told
            .contains(&Effect::Changed(Change::Typing(room_id(1))))
    );
}

#[test]
fn ones_own_writing_is_told_every_three_seconds_at_most() {
    let mut world = at_home(2);
    for _ in 0..100 {
        world.input(Input::Typing(room_id(1)));
        world.run(100);
    }
    let told: Vec<u64> = world
        .transmitted
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::Typing(_)))
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(told.len(), 4);
    assert!(told.windows(2).all(|two| two[1] - two[0] >= 3_000));
    world.input(Input::Offline);
    world.input(Input::Typing(room_id(1)));
}

#[test]
fn presence_is_known_while_connected() {
    let mut world = at_home(3);
    let ada = user_id(2);
    assert_eq!(world.session.presence(ada), Some(PresenceState::Offline));
    frame(
        &mut world,
        &ServerFrame::Presence(PresenceChange {
            user: ada,
            state: PresenceState::Away,
        }),
    );
    assert_eq!(world.session.presence(ada), Some(PresenceState::Away));
    world.input(Input::Offline);
    assert_eq!(world.session.presence(ada), None);
}

#[test]
fn a_page_in_the_background_is_away_after_a_while() {
    let mut world = at_home(4);
    let told = |world: &World| {
        let states = world
            .transmitted
            .iter()
            .filter_map(|(_, frame)| match frame {
                ClientFrame::Presence(presence) => Some(presence.state),
                _ => None,
            });
        states.collect::<Vec<_>>()
    };
    world.input(Input::Hidden);
    world.run(10_000);
    world.input(Input::Visible);
    world.run(60_000);
    assert_eq!(told(&world), []);
    world.input(Input::Hidden);
    world.run(40_000);
    assert_eq!(told(&world), [PresenceState::Away]);
    // A new connection is told so, too.
    world.cut();
    world.run(1_000);
    assert_eq!(told(&world), [PresenceState::Away; 2]);
    world.input(Input::Visible);
    assert_eq!(told(&world).last(), Some(&PresenceState::Online));
}

#[test]
fn strangers_are_asked_about_once() {
    let mut world = at_home(5);
    world.member(room_id(1), user_id(9), true);
    world.says(user_id(9), room_id(1), "hello");
    world.run(200);
    let asked = |world: &World| {
        world
            .told
            .iter()
            .filter(|effect| matches!(effect, Effect::WhoIs { .. }))
            .count()
    };
    assert_eq!(asked(&world), 1);
    let stranger = UserSummary {
        display_name: "Nine".into(),
        ..person(user_id(9))
    };
    world.input(Input::Users(vec![stranger]));
    assert_eq!(world.session.user(user_id(9)).unwrap().display_name, "Nine");
    world.says(user_id(9), room_id(1), "again");
    world.run(200);
    assert_eq!(asked(&world), 1);
}

#[test]
fn unread_counts_as_the_server_counts() {
    let mut world = at_home(6);
    let first = world.says(user_id(2), room_id(2), "hello");
    let named = world.says(user_id(3), room_id(2), "look @user1");
    world.says(user_id(4), room_id(2), "@here too");
    world.run(200);
    assert_eq!(unread(&world, 2), (3, 2));
    let _ = world.does(
        user_id(3),
        room_id(2),
        EventKind::Edit {
            of: named,
            text: Some("never mind".into()),
            deleted: false,
        },
    );
    world.run(200);
    assert_eq!(unread(&world, 2), (3, 1));
    let _ = world.does(user_id(2), room_id(2), EventKind::Delete { of: first });
    world.run(200);
    assert_eq!(unread(&world, 2), (2, 1));
    world.input(Input::Act {
        room: room_id(2),
        act: Act::Send {
            text: "@here".into(),
            reply_to: None,
            thread: None,
        },
    });
    world.run(200);
    assert_eq!(unread(&world, 2), (2, 1), "one's own never count");
    world.reads_elsewhere(room_id(2), named);
    world.run(200);
    assert_eq!(unread(&world, 2), (1, 1));
    world.reads_elsewhere(room_id(2), 1);
    world.run(200);
    assert_eq!(unread(&world, 2), (1, 1), "it only grows");
}

#[test]
fn reading_is_told_though_not_for_each_message() {
    let mut world = at_home(7);
    world.transmitted.clear();
    for _ in 0..20 {
        let seq = world.says(user_id(2), room_id(1), "more");
        world.run(50);
        world.input(Input::Read {
            room: room_id(1),
            seq,
        });
        assert_eq!(unread(&world, 1), (0, 0));
    }
    world.run(1_000);
    let told = world
        .transmitted
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::Read(_)))
        .count();
    assert!((1..=4).contains(&told), "{told}");
    assert_eq!(world.model.summary(room_id(1), world.me).unread, 0);
    // What was read without a connection is told afterwards.
    let seq = world.says(user_id(2), room_id(1), "last");
    world.run(100);
    world.input(Input::Offline);
    world.input(Input::Read {
        room: room_id(1),
        seq,
    });
    world.input(Input::Online);
    world.run(2_000);
    assert_eq!(
        (
            unread(&world, 1),
            world.model.summary(room_id(1), world.me).unread
        ),
        ((0, 0), 0)
    );
}

/// The read positions that were told, and when.
fn told(world: &World) -> Vec<(u64, Seq)> {
    let read = |(at, frame): &(u64, ClientFrame)| match frame {
        ClientFrame::Read(read) => Some((*at, read.seq)),
        _ => None,
    };
    world.transmitted.iter().filter_map(read).collect()
}

#[test]
fn the_first_reading_is_told_at_once_and_the_last_when_the_page_is_hidden() {
    let mut world = at_home(9);
    world.transmitted.clear();
    let start = world.now_ms;
    let reads = |world: &mut World| {
        let room = room_id(1);
        let seq = world.says(user_id(2), room, "more");
        world.run(50);
        world.input(Input::Read { room, seq });
        seq
    };
    let first = reads(&mut world);
    assert_eq!(told(&world), [(start + 50, first)]);
    reads(&mut world);
    let third = reads(&mut world);
    assert_eq!(told(&world).len(), 1, "not one for each message");
    world.run(2_000);
    assert_eq!(told(&world)[1..], [(start + 550, third)], "but the last");
    let (now, fourth) = (world.now_ms, reads(&mut world));
    let fifth = reads(&mut world);
    world.input(Input::Hidden);
    world.input(Input::Hidden);
    assert_eq!(
        told(&world)[2..],
        [(now + 50, fourth), (now + 100, fifth)],
        "and it waits for nothing when the page may go away"
    );
}

#[test]
fn a_reading_that_is_refused_for_now_is_told_again_over_the_same_connection() {
    let mut world = at_home(9);
    world.faults.refuse = 1_000;
    let room = room_id(1);
    let seq = world.says(user_id(2), room, "more");
    world.run(50);
    world.transmitted.clear();
    world.input(Input::Read { room, seq });
    world.run(30_000);
    let tries = told(&world);
    assert!((3..=8).contains(&tries.len()), "ever slower: {tries:?}");
    assert_eq!(world.model.summary(room, world.me).unread, 1);
    world.faults.refuse = 0;
    world.run(60_000);
    assert_eq!(world.model.summary(room, world.me).unread, 0);
    let all = told(&world);
    world.run(200_000);
    assert_eq!(told(&world), all, "and then no more");
}

#[test]
fn a_room_that_ends_with_a_reaction_is_read_to_its_end() {
    let mut world = crate::house::house(10);
    let (room, said) = (room_id(1), world.model.last(room_id(1)));
    let like = EventKind::Reaction {
        of: said,
        emoji: "👍".into(),
        on: true,
    };
    let _ = world.does(user_id(3), room, like);
    world.input(Input::Start);
    world.run(200);
    world.input(Input::OpenRoom(room));
    world.run(200);
    assert_eq!(unread(&world, 1), (30, 0));
    // The last that can be seen is a message; nothing stays uncertain until a count is made anew.
    world.input(Input::Read { room, seq: said });
    assert_eq!(unread(&world, 1), (0, 0));
    assert_eq!(told(&world).last().map(|told| told.1), Some(said + 1));
}

#[test]
fn a_deletion_among_what_was_never_seen_is_counted_anew() {
    let mut world = crate::house::house(8);
    world.input(Input::Start);
    world.run(200);
    assert_eq!(unread(&world, 1), (30, 0));
    let _ = world.does(user_id(3), room_id(1), EventKind::Delete { of: 12 });
    world.run(60_000);
    assert_eq!(unread(&world, 1), (29, 0));
    let counts = world
        .transmitted
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::History(_)))
        .count();
    assert_eq!(counts, 1);
}

#[test]
fn of_thousands_of_unread_messages_the_number_is_exact_too() {
    let mut world = crate::house::house(8);
    for n in 0..5_000 {
        world.says(
            user_id(2),
            room_id(1),
            if n % 10 == 0 { "@here" } else { "hi" },
        );
    }
    world.input(Input::Start);
    world.run(200);
    assert_eq!(unread(&world, 1), (5_030, 500));
    let named = world.model.last(room_id(1)) - 9;
    let _ = world.does(user_id(3), room_id(1), EventKind::Delete { of: named });
    let _ = world.does(user_id(3), room_id(1), EventKind::Delete { of: 12 });
    world.run(60_000);
    assert_eq!(unread(&world, 1), (5_028, 499));
    // What is read is told before it is counted.
    world.input(Input::Read {
        room: room_id(1),
        seq: 2_000,
    });
    world.run(60_000);
    let told = world.model.summary(room_id(1), world.me);
    assert_eq!(unread(&world, 1), (told.unread, told.mentions));
    assert_eq!(told.read_seq, 2_000);
}

#[test]
fn a_direct_message_is_to_me_though_it_does_not_name_me() {
    let mut world = at_home(9);
    let mut summary = world.model.summary(room_id(2), world.me);
    summary.kind = RoomKind::Direct;
    frame(
        &mut world,
        &ServerFrame::Room(protocol::RoomChange { room: summary }),
    );
    let seq = world.says(user_id(2), room_id(2), "psst");
    world.says(user_id(2), room_id(1), "hello all");
    world.run(200);
    let to_me = |effect: &&Effect| matches!(effect, Effect::Arrived { to_me: true, .. });
    let arrived: Vec<&Effect> = world.told.iter().filter(to_me).collect();
    assert_eq!(
        arrived,
        [&Effect::Arrived {
            thread: None,
            room: room_id(2),
            seq,
            to_me: true
        }]
    );
}

#[test]
fn a_notice_is_passed_on_and_the_unknown_is_not_minded() {
    let mut world = at_home(10);
    frame(
        &mut world,
        &ServerFrame::Notice(protocol::Notice { text: "tea".into() }),
    );
    assert_eq!(world.told.last(), Some(&Effect::Notice("tea".into())));
    for text in [
        "",
        "nonsense",
        "[]",
        "{\"t\":\"poem\"}",
        "{\"t\":\"event\"}",
        "{\"t\":\"ack\",\"id\":5}",
    ] {
        world.input(Input::Frame(text.to_owned()));
    }
    world.says(user_id(2), room_id(1), "still here");
    world.run(200);
    assert_eq!(
        world.session.room(room_id(1)).unwrap().summary().last_seq,
        35
    );
}

#[test]
fn a_new_name_is_known_at_once_and_says_nothing_of_who_is_here() {
    let mut world = at_home(11);
    let other = user_id(2);
    let here = world.session.presence(other);
    let renamed = |id: UserId, name: &str| {
        ServerFrame::User(UserChange {
            user: UserSummary::new(id, format!("user{id}"), name.to_owned()),
        })
    };
    frame(&mut world, &renamed(other, "Wren Fairchild"));
    let known = world.session.user(other).unwrap();
    assert_eq!(known.display_name, "Wren Fairchild");
    assert_eq!(world.session.presence(other), here);
    let me = world.me;
    frame(&mut world, &renamed(me, "Ada Marlow"));
    assert_eq!(world.session.me().unwrap().display_name, "Ada Marlow");
}

#[test]
fn what_was_saved_elsewhere_is_told() {
    let mut world = at_home(12);
    for on in [true, false] {
        let change = protocol::SavedChange {
            room: room_id(1),
            seq: 7,
            on,
        };
        frame(&mut world, &ServerFrame::Saved(change));
        assert_eq!(world.told.last(), Some(&Effect::Saved(change)));
    }
}
