//! What of a room is loaded: pages, gaps, what a link leads to, and how much is held.

use client::{Effect, Input, Load, NewMark, SessionConfig};
use protocol::{Act, ClientFrame, ErrorCode, EventKind, ServerFrame};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    timeline::{burst, frame, gaps, seqs},
    world::World,
};

#[test]
fn what_is_seen_first_is_the_newest_page_and_older_ones_follow() {
    let mut world = at_home(1);
    assert_eq!(seqs(&world), (25..=34).collect::<Vec<_>>());
    let timeline = world.session.room(room_id(1)).unwrap().timeline();
    assert!(timeline.more && timeline.loaded && timeline.load == Load::Idle);
    world.input(Input::LoadOlder(room_id(1)));
    assert_eq!(
        world.session.room(room_id(1)).unwrap().timeline().load,
        Load::Loading
    );
    world.run(100);
    assert_eq!(seqs(&world), (15..=34).collect::<Vec<_>>());
    for _ in 0..3 {
        world.input(Input::LoadOlder(room_id(1)));
        world.run(100);
    }
    // The joins before the first message are in the log only.
    assert_eq!(seqs(&world), (5..=34).collect::<Vec<_>>());
    let asked = world.transmitted.len();
    world.input(Input::LoadOlder(room_id(1)));
    assert!(!world.session.room(room_id(1)).unwrap().timeline().more);
    assert_eq!(world.transmitted.len(), asked);
}

#[test]
fn a_page_that_does_not_say_of_which_moment_it_is_is_not_shown() {
    let mut world = at_home(2);
    world.deaden();
    world.input(Input::LoadOlder(room_id(1)));
    let Some((_, ClientFrame::History(ask))) = world.transmitted.last() else {
        panic!("{:?}", world.transmitted.last());
    };
    let page = protocol::Page {
        last_seq: None,
        ..world.model.page(ask, world.me)
    };
    assert!(!page.messages.is_empty());
    frame(&mut world, &ServerFrame::Page(page));
    assert_eq!(seqs(&world), (25..=34).collect::<Vec<_>>());
    let timeline = world.session.room(room_id(1)).unwrap().timeline();
    assert!(matches!(timeline.load, Load::Failed { .. }));
    let since = world.transmitted.len();
    world.input(Input::Reload(room_id(1)));
    assert_eq!(world.transmitted.len(), since + 1, "asked again by hand");
}

/// What a page has in it though it is no message, such as a reaction, is no gap after its last message.
#[test]
fn a_page_tells_all_up_to_the_end_of_the_log_that_it_names() {
    let (room, mut world) = (room_id(2), at_home(3));
    world.deaden();
    world.input(Input::OpenRoom(room));
    let Some((_, ClientFrame::History(ask))) = world.transmitted.last().cloned() else {
        panic!("{:?}", world.transmitted.last());
    };
    let of = world.says(user_id(2), room, "hello");
    for user in [3, 4] {
        let (emoji, on) = ("👍".to_owned(), true);
        let kind = EventKind::Reaction { of, emoji, on };
        world.model.add(room, user_id(user), kind);
    }
    let page = world.model.page(&ask, world.me);
    frame(&mut world, &ServerFrame::Page(page));
    let next = world.says(user_id(2), room, "and again");
    let event = world.model.entry(room, next);
    frame(&mut world, &ServerFrame::Event(event));
    assert_eq!(gaps(&world, 2), []);
    world.run(60_000);
    check::converged(&world, false);
}

#[test]
fn a_closed_room_that_missed_much_is_loaded_when_it_is_opened() {
    let mut world = at_home(6);
    world.input(Input::OpenRoom(room_id(2)));
    world.up = false;
    world.cut();
    world.run(1_000);
    burst(&mut world, 1_500);
    world.up = true;
    let asked = world.transmitted.len();
    world.run(10_000);
    let history = |(_, frame): &(u64, ClientFrame)| match frame {
        ClientFrame::History(ask) => ask.room == room_id(1),
        ClientFrame::Log(ask) => ask.room == room_id(1),
        _ => false,
    };
    assert!(
        !world.transmitted[asked..].iter().any(history),
        "nobody looks at it"
    );
    assert_eq!(
        world.session.room(room_id(1)).unwrap().summary().unread,
        1_500
    );
    world.input(Input::OpenRoom(room_id(1)));
    world.run(200);
    let last = world.model.last(room_id(1));
    assert_eq!(seqs(&world), (last - 9..=last).collect::<Vec<_>>());
    let mark = NewMark {
        after: 34,
        count: 1_500,
    };
    assert_eq!(
        world.session.room(room_id(1)).unwrap().new_mark(),
        Some(mark)
    );
}

#[test]
fn a_link_leads_to_a_message_far_back() {
    let mut world = house(8);
    burst(&mut world, 300);
    world.input(Input::Start);
    world.run(200);
    world.input(Input::OpenRoom(room_id(1)));
    world.run(200);
    world.input(Input::LoadAround {
        room: room_id(1),
        seq: 100,
    });
    world.run(200);
    assert!(world.told.contains(&Effect::Located {
        thread: None,
        room: room_id(1),
        seq: 100,
        found: true
    }));
    assert_eq!(
        seqs(&world)[..10],
        [96, 97, 98, 99, 100, 101, 102, 103, 104, 105]
    );
    assert_eq!(
        gaps(&world, 1)
            .iter()
            .map(|gap| (gap.after, gap.before))
            .collect::<Vec<_>>(),
        [(105, 325)]
    );
    assert!(world.session.room(room_id(1)).unwrap().timeline().more);
    // It is there already, or there is none.
    world.told.clear();
    world.input(Input::LoadAround {
        room: room_id(1),
        seq: 101,
    });
    assert_eq!(
        world.told[0],
        Effect::Located {
            thread: None,
            room: room_id(1),
            seq: 101,
            found: true
        }
    );
    world.input(Input::LoadAround {
        room: room_id(1),
        seq: 2,
    });
    world.run(200);
    assert!(world.told.contains(&Effect::Located {
        thread: None,
        room: room_id(1),
        seq: 2,
        found: false
    }));
    check::no_silent_hole(&world);
}

#[test]
fn what_cannot_be_loaded_says_so_and_is_loaded_on_request() {
    let mut world = at_home(9);
    world.deaden();
    world.input(Input::LoadOlder(room_id(1)));
    let ClientFrame::History(ask) = world.transmitted.last().unwrap().1 else {
        panic!("nothing was asked")
    };
    let code = ErrorCode::Forbidden;
    let error = protocol::CommandError {
        req: Some(ask.req),
        code,
        message: "no".into(),
        retry_after_ms: None,
    };
    frame(&mut world, &ServerFrame::Error(error));
    let load = world.session.room(room_id(1)).unwrap().timeline().load;
    assert_eq!(
        load,
        Load::Failed {
            code,
            message: "no".into()
        }
    );
    world.input(Input::Reload(room_id(1)));
    assert!(
        matches!(world.transmitted.last().unwrap().1, ClientFrame::History(again) if again.before == ask.before)
    );
}

#[test]
fn a_busy_server_is_asked_again_later() {
    let mut world = at_home(10);
    world.faults.refuse = 1_000;
    world.input(Input::LoadOlder(room_id(1)));
    world.run(60);
    world.faults.refuse = 0;
    world.run(2_000);
    assert_eq!(seqs(&world)[0], 15);
}

#[test]
fn memory_is_bounded_and_what_went_is_a_gap_or_behind_more() {
    let config = SessionConfig {
        page: 100,
        keep_closed: 30,
        keep_open: 400,
        ..SessionConfig::new("device-of-a-test-1", "test/1")
    };
    let mut world = World::with(14, config);
    world.member(room_id(1), user_id(1), true);
    world.member(room_id(1), user_id(2), true);
    world.input(Input::Start);
    world.run(200);
    burst(&mut world, 900);
    world.run(500);
    assert!(seqs(&world).len() <= 43, "closed: {}", seqs(&world).len());
    world.input(Input::OpenRoom(room_id(1)));
    world.run(200);
    for _ in 0..8 {
        world.input(Input::LoadOlder(room_id(1)));
        world.run(200);
        check::no_silent_hole(&world);
    }
    let held = seqs(&world);
    assert!(
        held.len() <= 400 && held[0] == 3,
        "{} from {}",
        held.len(),
        held[0]
    );
    assert_eq!(
        gaps(&world, 1).len(),
        1,
        "the middle went, the newest stayed"
    );
    assert_eq!(*held.last().unwrap(), world.model.last(room_id(1)));
    // Back at the end, the oldest go.
    let last = world.model.last(room_id(1));
    world.input(Input::Read {
        room: room_id(1),
        seq: last,
    });
    burst(&mut world, 500);
    world.run(500);
    assert!(seqs(&world).len() <= 450 && gaps(&world, 1).is_empty());
    world.input(Input::LeaveRoom);
    assert!(seqs(&world).len() <= 30);
    assert!(world.session.room(room_id(1)).unwrap().timeline().more);
    check::no_silent_hole(&world);
}

#[test]
fn a_room_that_is_gone_is_gone_and_may_come_back() {
    let mut world = at_home(15);
    let me = world.me;
    world.member(room_id(1), me, false);
    world.run(200);
    assert!(world.session.room(room_id(1)).is_none());
    burst(&mut world, 3);
    world.member(room_id(1), me, true);
    world.run(500);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_public_room_can_be_looked_at_without_joining() {
    let mut world = at_home(16);
    world.model.rooms.entry(room_id(3)).or_default();
    world.member(room_id(3), user_id(2), true);
    world.says(user_id(2), room_id(3), "hello");
    let summary = world.model.summary(room_id(3), world.me);
    world.input(Input::Room(Box::new(summary)));
    world.input(Input::OpenRoom(room_id(3)));
    let view = world.session.room(room_id(3)).unwrap();
    assert!(!view.can_write() && !view.summary().member);
    assert!(
        matches!(world.transmitted.last().unwrap().1, ClientFrame::History(ask) if ask.room == room_id(3))
    );
    world.cut();
    world.run(1_000);
    assert!(
        world.session.room(room_id(3)).is_some(),
        "a reconnect does not take it away"
    );
    let me = world.me;
    world.member(room_id(3), me, true);
    world.run(500);
    assert!(world.session.room(room_id(3)).unwrap().can_write());
    world.input(Input::LeaveRoom);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_room_that_was_just_made_can_be_written_to_before_the_connection_tells_of_it() {
    for looked_at in [false, true] {
        let mut world = at_home(17);
        let me = world.me;
        let room = room_id(3);
        world.model.rooms.entry(room).or_default();
        world.member(room, user_id(2), true);
        if looked_at {
            let summary = world.model.summary(room, me);
            world.input(Input::Room(Box::new(summary)));
            assert!(!world.session.room(room).unwrap().can_write());
        }
        world.member(room, me, true);
        let summary = world.model.summary(room, me);
        assert!(summary.member, "the answer to who made or joined it");
        world.input(Input::Room(Box::new(summary)));
        assert!(world.session.room(room).unwrap().can_write());
        world.input(Input::Act {
            room,
            act: Act::Send {
                text: "the first word".into(),
                reply_to: None,
                thread: None,
            },
        });
        assert_eq!(world.session.room(room).unwrap().timeline().items.len(), 1);
        world.run(1_000);
        check::settle(&mut world, true);
        check::converged(&world, true);
        let said = world.model.messages(room, me);
        assert!(
            said.iter()
                .any(|message| message.text.as_deref() == Some("the first word"))
        );
    }
}
