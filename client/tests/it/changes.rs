//! Edits, deletions and reactions of one's own, and what is not taken at all.

use client::{Effect, Input, Refused, SessionConfig};
use protocol::{Act, ErrorCode, TextError};

use crate::{
    house::at_home,
    model::{room_id, user_id},
    outbox::{nack, say, shown},
    world::World,
};

#[test]
fn changes_show_at_once_and_are_rolled_back() {
    let mut world = at_home(7);
    say(&mut world, 1, "hello");
    world.run(200);
    world.deaden();
    let room = room_id(1);
    let of = world.model.last(room);
    let text = |world: &World| {
        shown(world, 1)
            .last()
            .map(|m| (m.text.clone(), m.changing, m.deleted, m.reactions.len()))
    };
    world.input(Input::Act {
        room,
        act: Act::Edit {
            of,
            text: "hullo".into(),
        },
    });
    assert_eq!(text(&world), Some((Some("hullo".into()), true, false, 0)));
    let id = nack(&mut world, ErrorCode::Forbidden, None);
    assert_eq!(text(&world), Some((Some("hello".into()), false, false, 0)));
    assert!(world.told.iter().any(|effect| matches!(effect,
        Effect::Failed(failed) if matches!(&failed.entry.command.act, Act::Edit { text, .. } if text == "hullo"))));
    assert!(world.forgotten.contains_key(&id));
    world.input(Input::Act {
        room,
        act: Act::React {
            of,
            emoji: "👍".into(),
            on: true,
        },
    });
    assert_eq!(text(&world).unwrap().3, 1);
    nack(&mut world, ErrorCode::Conflict, None);
    assert_eq!(text(&world).unwrap().3, 0);
    world.input(Input::Act {
        room,
        act: Act::Delete { of },
    });
    assert_eq!(text(&world), Some((None, true, true, 0)));
    nack(&mut world, ErrorCode::NotFound, None);
    assert_eq!(text(&world), Some((Some("hello".into()), false, false, 0)));
}

#[test]
fn a_change_does_not_flicker_between_its_ack_and_its_entry() {
    for seed in 0..30 {
        let mut world = at_home(seed);
        say(&mut world, 1, "hello");
        world.run(300);
        let room = room_id(1);
        let of = world.model.last(room);
        world.input(Input::Act {
            room,
            act: Act::Edit {
                of,
                text: "hullo".into(),
            },
        });
        world.input(Input::Act {
            room,
            act: Act::React {
                of,
                emoji: "👍".into(),
                on: true,
            },
        });
        for _ in 0..400 {
            world.run(1);
            let last = shown(&world, 1).pop().unwrap();
            assert_eq!(
                (last.text.as_deref(), last.reactions.len()),
                (Some("hullo"), 1),
                "seed {seed}"
            );
        }
        assert!(!shown(&world, 1).pop().unwrap().changing);
    }
}

#[test]
fn what_cannot_be_sent_is_refused_and_stays_in_the_composer() {
    let mut world = at_home(8);
    world.told.clear();
    let long = "x".repeat(8_003);
    let cases = [
        (1, "", Refused::Text(TextError::Blank)),
        (1, &long, Refused::Text(TextError::TooLong { over: 3 })),
        (9, "hello", Refused::NoRoom),
    ];
    for (room, text, why) in cases {
        say(&mut world, room, text);
        assert_eq!(
            world.told.last(),
            Some(&Effect::Refused {
                room: room_id(room),
                why
            })
        );
    }
    world.input(Input::Act {
        room: room_id(1),
        act: Act::React {
            of: 5,
            emoji: "no".into(),
            on: true,
        },
    });
    assert_eq!(
        world.told.last(),
        Some(&Effect::Refused {
            room: room_id(1),
            why: Refused::NotEmoji
        })
    );
    assert!(world.stored.is_empty());
}

#[test]
fn the_outbox_has_a_bound_and_says_so() {
    let mut world = World::with(
        9,
        SessionConfig {
            outbox: 3,
            ..SessionConfig::new("device-of-a-test-1", "test/1")
        },
    );
    world.member(room_id(1), user_id(1), true);
    world.input(Input::Start);
    world.run(200);
    world.input(Input::Offline);
    for i in 0..4 {
        say(&mut world, 1, &format!("{i}"));
    }
    assert_eq!(world.session.outbox().count(), 3);
    assert_eq!(
        world.told.last(),
        Some(&Effect::Refused {
            room: room_id(1),
            why: Refused::Full
        })
    );
}

#[test]
fn toggling_offline_does_not_fill_the_outbox() {
    let mut world = at_home(10);
    world.input(Input::Offline);
    for i in 0..101 {
        world.input(Input::Act {
            room: room_id(1),
            act: Act::React {
                of: 20,
                emoji: "👍".into(),
                on: i % 2 == 0,
            },
        });
    }
    assert_eq!(world.session.outbox().count(), 1);
    world.input(Input::Online);
    world.run(5_000);
    assert!(
        world
            .model
            .message(room_id(1), 20, world.me)
            .unwrap()
            .reactions[0]
            .mine
    );
}
