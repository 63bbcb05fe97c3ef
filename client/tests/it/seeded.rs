//! A page that the server rendered, and the session that takes it over.

use client::{Input, Link, NewMark, RoomSnapshot, Snapshot, TimelineItem, rows};
use protocol::{Act, ClientFrame, History};

use crate::{
    check,
    house::house,
    model::{person, room_id, user_id},
    world::World,
};

fn snapshot(world: &World, ask: History) -> Snapshot {
    let page = world.model.page(&ask, world.me);
    Snapshot {
        thread: None,
        me: person(world.me),
        rooms: world
            .model
            .rooms_of(world.me)
            .into_iter()
            .map(|room| world.model.summary(room, world.me))
            .collect(),
        users: (1..=4).map(|n| person(user_id(n))).collect(),
        open: Some(RoomSnapshot {
            room: room_id(1),
            messages: page.messages,
            notes: page.notes,
            quoted: Vec::new(),
            last_seq: page.last_seq.unwrap(),
            more: page.more,
            more_after: page.more_after == Some(true),
            around: ask.around,
        }),
    }
}

const NEWEST: History = History {
    thread: None,
    req: 0,
    room: room(),
    before: None,
    after: None,
    around: None,
    limit: Some(10),
    counts: false,
};

const fn room() -> protocol::RoomId {
    match protocol::RoomId::new(1) {
        Some(room) => room,
        None => unreachable!(),
    }
}

#[test]
fn the_first_view_is_the_servers_and_goes_on_from_there() {
    let mut world = house(1);
    let seed = snapshot(&world, NEWEST);
    let text = serde_json::to_string(&seed).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), seed);
    world.session.seed(seed.clone());
    let mut twin = client::Session::new(client::SessionConfig::new("another-device-000", "server"));
    twin.seed(seed);
    let draw = |session: &client::Session| {
        let view = session.room(room_id(1)).unwrap();
        let me = session.me().map(|me| me.id);
        rows::rows(
            &view.timeline(),
            &rows::Setting {
                zone: rows::Zone::fixed(60),
                me,
                new: view.new_mark(),
            },
        )
    };
    assert_eq!(draw(&world.session), draw(&twin));
    assert_eq!(
        world.session.room(room_id(1)).unwrap().new_mark(),
        Some(NewMark {
            after: 1,
            count: 30
        })
    );
    assert_eq!(world.session.link(), Link::Idle);
    // Something happens between the rendering and the first connection.
    world.says(user_id(2), room_id(1), "in between");
    world.input(Input::Start);
    world.run(300);
    let first = world.transmitted.iter().find_map(|(_, frame)| match frame {
        ClientFrame::Hello(hello) => hello.resume.clone(),
        _ => None,
    });
    assert_eq!(first.unwrap().cursors[&room_id(1)], 34);
    let last = world
        .session
        .room(room_id(1))
        .unwrap()
        .timeline()
        .items
        .pop();
    assert!(
        matches!(last, Some(TimelineItem::Message(m)) if m.text.as_deref() == Some("in between"))
    );
    assert!(
        !world
            .transmitted
            .iter()
            .any(|(_, frame)| matches!(frame, ClientFrame::History(_))),
        "nothing is loaded twice"
    );
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_page_around_a_linked_message_has_a_gap_after_it() {
    let mut world = house(2);
    world.session.seed(snapshot(
        &world,
        History {
            around: Some(15),
            ..NEWEST
        },
    ));
    let gap = world
        .session
        .room(room_id(1))
        .unwrap()
        .timeline()
        .items
        .pop();
    assert!(matches!(gap, Some(TimelineItem::Gap(gap)) if (gap.after, gap.before) == (20, 35)));
    world.input(Input::Start);
    world.run(300);
    check::no_silent_hole(&world);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn one_can_write_before_the_first_connection() {
    let mut world = house(3);
    world.session.seed(snapshot(&world, NEWEST));
    world.up = false;
    world.input(Input::Start);
    world.input(Input::Act {
        room: room_id(1),
        act: Act::Send {
            text: "early bird".into(),
            reply_to: None,
            thread: None,
        },
    });
    world.run(500);
    world.up = true;
    world.run(20_000);
    assert_eq!(
        world
            .model
            .messages(room_id(1), world.me)
            .last()
            .unwrap()
            .text
            .as_deref(),
        Some("early bird")
    );
    check::converged(&world, false);
}

#[test]
fn somebody_else_signed_in_meanwhile() {
    let mut world = house(4);
    let mut seed = snapshot(&world, NEWEST);
    seed.me = person(user_id(4));
    world.session.seed(seed);
    world.input(Input::Start);
    world.run(5_000);
    assert_eq!(world.session.me().unwrap().id, world.me);
    check::settle(&mut world, true);
    check::converged(&world, true);
}
