//! What may happen in a life.

use client::{Config, Edge, Input, Item};
use proptest::prelude::*;
use protocol::{EventKind, RoomId, Seq};

use crate::{
    check,
    model::{room_id, user_id},
    world::World,
};

#[derive(Clone, Debug)]
pub(crate) enum Act {
    OtherSays(u8),
    OtherChanges(u8),
    Burst(u8),
    Note,
    ISay(u8),
    IEdit,
    IDelete,
    IReact(bool),
    IReactElsewhere,
    Cut,
    Deaden,
    Close(u16),
    Down(u16),
    Up,
    Wait(u16),
    Open,
    Leave,
    Older,
    Around,
    Gap(bool),
    Read,
    ReadElsewhere,
    Offline,
    Online,
    Hidden,
    Visible,
    Kick,
    Invite,
    Crash,
    Discard,
}

/// Entries that are more than any of these lives has.
pub(crate) const PLENTY: usize = 10_000;

pub(crate) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..4_u8).prop_map(Act::OtherSays),
        8 => (0..4_u8).prop_map(Act::OtherChanges),
        2 => (1..60_u8).prop_map(Act::Burst),
        1 => Just(Act::Note),
        6 => (0..4_u8).prop_map(Act::ISay),
        2 => Just(Act::IEdit),
        1 => Just(Act::IDelete),
        3 => any::<bool>().prop_map(Act::IReact),
        1 => Just(Act::IReactElsewhere),
        2 => Just(Act::Cut),
        1 => Just(Act::Deaden),
        1 => prop_oneof![Just(1012_u16), Just(4001), Just(4002), Just(4003), Just(4004), Just(4504)].prop_map(Act::Close),
        1 => (0..30_000_u16).prop_map(Act::Down),
        1 => Just(Act::Up),
        10 => (0..200_u16).prop_map(Act::Wait),
        3 => (0..40_000_u16).prop_map(Act::Wait),
        3 => Just(Act::Open),
        1 => Just(Act::Leave),
        3 => Just(Act::Older),
        2 => Just(Act::Around),
        3 => any::<bool>().prop_map(Act::Gap),
        2 => Just(Act::Read),
        1 => Just(Act::ReadElsewhere),
        1 => Just(Act::Offline),
        1 => Just(Act::Online),
        1 => Just(Act::Hidden),
        1 => Just(Act::Visible),
        1 => Just(Act::Kick),
        1 => Just(Act::Invite),
        1 => Just(Act::Crash),
        1 => Just(Act::Discard),
    ]
}

pub(crate) fn config(keep_open: usize) -> Config {
    let new = Config::new("device-of-a-test-1", "test/1");
    Config {
        page: 8,
        keep_closed: 20,
        keep_open,
        ..new
    }
}

fn any_seq(world: &mut World, room: RoomId) -> Option<Seq> {
    let all: Vec<Seq> = world
        .model
        .messages(room, world.me)
        .iter()
        .map(|message| message.seq)
        .collect();
    // Mostly the newest ones: that is where people change things.
    let near = if world.chance(700) {
        all.len().min(6)
    } else {
        all.len()
    };
    let back = world.pick(near);
    all.iter().rev().nth(back).copied()
}

fn other_changes(world: &mut World, room: RoomId, kind: u8) {
    let by = user_id(2 + world.below(3));
    let Some(of) = any_seq(world, room) else {
        return;
    };
    let emoji = if world.chance(500) { "👍" } else { "🎉" }.to_owned();
    let texts = ["better", "hey @user1", "@here"];
    let text = texts[world.pick(3)].to_owned();
    let kind = match kind {
        0 => EventKind::Edit {
            of,
            text: Some(text),
            deleted: false,
        },
        1 if world.chance(300) => EventKind::Delete { of },
        2 => EventKind::Reaction {
            of,
            emoji,
            on: false,
        },
        _ => EventKind::Reaction {
            of,
            emoji,
            on: true,
        },
    };
    let author = world
        .model
        .message(room, of, by)
        .map_or(by, |message| message.by);
    let by = if matches!(kind, EventKind::Edit { .. }) {
        author
    } else {
        by
    };
    if by != world.me {
        let _ = world.does(by, room, kind);
    }
}

fn mine(world: &mut World, room: RoomId) -> Option<Seq> {
    let me = world.me;
    let held = world.session.room(room)?.timeline().items;
    let mine: Vec<Seq> = held
        .iter()
        .filter_map(|item| match item {
            Item::Message(message) if message.by == me && !message.deleted => message.seq,
            _ => None,
        })
        .collect();
    let at = world.pick(mine.len());
    mine.get(at).copied()
}

fn my_act(world: &mut World, room: RoomId, act: &Act) {
    match act {
        Act::ISay(n) => {
            for i in 0..=*n {
                let text = format!("mine {i} at {}", world.now_ms);
                world.input(Input::Send {
                    room,
                    text,
                    reply_to: None,
                });
            }
        }
        Act::IEdit => {
            if let Some(of) = mine(world, room) {
                world.input(Input::Edit {
                    room,
                    of,
                    text: format!("edited at {}", world.now_ms),
                });
            }
        }
        Act::IDelete => {
            if let Some(of) = mine(world, room) {
                world.input(Input::Delete { room, of });
            }
        }
        Act::IReact(on) => {
            if let Some(of) = any_seq(world, room) {
                world.input(Input::React {
                    room,
                    of,
                    emoji: "👍".into(),
                    on: *on,
                });
            }
        }
        Act::IReactElsewhere => {
            if let Some(of) = any_seq(world, room) {
                let me = world.me;
                let _ = world.does(
                    me,
                    room,
                    EventKind::Reaction {
                        of,
                        emoji: "🎉".into(),
                        on: true,
                    },
                );
            }
        }
        Act::Discard => {
            let first = world.session.outbox().next().map(|entry| entry.id);
            if let Some(id) = first {
                world.input(Input::Discard(id));
            }
        }
        _ => {}
    }
}

fn looking(world: &mut World, room: RoomId, act: &Act) {
    match act {
        Act::Open => world.input(Input::OpenRoom(room)),
        Act::Leave => world.input(Input::LeaveRoom),
        Act::Older => world.input(Input::LoadOlder(room)),
        Act::Around => {
            if let Some(seq) = any_seq(world, room) {
                world.input(Input::LoadAround { room, seq });
            }
        }
        Act::Gap(top) => {
            let gap = world.session.room(room).and_then(|view| {
                view.timeline()
                    .items
                    .into_iter()
                    .find_map(|item| match item {
                        Item::Gap(gap) => Some(gap.after),
                        _ => None,
                    })
            });
            let edge = if *top { Edge::Top } else { Edge::Bottom };
            if let Some(after) = gap {
                world.input(Input::FillGap { room, after, edge });
            }
        }
        Act::Read => {
            if let Some(last) = world.session.room(room).map(|view| view.summary().last_seq) {
                let back = if world.chance(600) { 0 } else { world.below(8) };
                world.input(Input::Read {
                    room,
                    seq: last.saturating_sub(back),
                });
            }
        }
        Act::ReadElsewhere => {
            let seq = world.model.last(room).saturating_sub(world.below(8));
            if world.model.is_member(room, world.me) {
                world.reads_elsewhere(room, seq);
            }
        }
        _ => {}
    }
}

fn network(world: &mut World, room: RoomId, act: &Act) {
    let me = world.me;
    match act {
        Act::Cut => world.cut(),
        Act::Deaden => world.deaden(),
        Act::Close(code) => {
            let reason = if *code == 1012 {
                "retry_after_ms=2000"
            } else {
                ""
            };
            world.close(*code, reason);
        }
        Act::Down(ms) => {
            world.up = false;
            world.cut();
            world.run(u64::from(*ms));
        }
        Act::Up => world.up = true,
        Act::Wait(ms) => world.run(u64::from(*ms)),
        Act::Offline => world.input(Input::Offline),
        Act::Online => world.input(Input::Online),
        Act::Hidden => world.input(Input::Hidden),
        Act::Visible => world.input(Input::Visible),
        Act::Kick => world.member(room, me, false),
        Act::Invite => world.member(room, me, true),
        Act::Crash => world.crash(),
        _ => {}
    }
}

pub(crate) fn perform(world: &mut World, act: &Act) {
    let room = if world.chance(700) {
        room_id(1)
    } else {
        room_id(2)
    };
    match act {
        Act::OtherSays(n) => {
            for _ in 0..=*n {
                let by = user_id(2 + world.below(3));
                let text = if world.chance(200) {
                    "look @user1"
                } else {
                    "hello"
                };
                world.says(by, room, text);
            }
        }
        Act::OtherChanges(kind) => other_changes(world, room, *kind),
        Act::Burst(n) => {
            for i in 0..*n {
                world.says(user_id(2), room, &format!("burst {i}"));
            }
        }
        Act::Note => {
            let text = format!("topic at {}", world.now_ms);
            let seq = world
                .model
                .add(room, user_id(2), EventKind::Topic { text })
                .seq;
            world.announce(room, seq);
        }
        act => {
            my_act(world, room, act);
            looking(world, room, act);
            network(world, room, act);
        }
    }
    check::no_silent_hole(world);
}
