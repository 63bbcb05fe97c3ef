//! What may happen in a life.

use client::{Config, Edge, Input, Item};
use proptest::prelude::*;
use protocol::{Act, EventKind, RoomId, Seq};

use crate::{
    check,
    model::{room_id, user_id},
    world::World,
};

#[derive(Clone, Debug)]
pub(crate) enum Step {
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

pub(crate) fn act() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..4_u8).prop_map(Step::OtherSays),
        8 => (0..4_u8).prop_map(Step::OtherChanges),
        2 => (1..60_u8).prop_map(Step::Burst),
        1 => Just(Step::Note),
        6 => (0..4_u8).prop_map(Step::ISay),
        2 => Just(Step::IEdit),
        1 => Just(Step::IDelete),
        3 => any::<bool>().prop_map(Step::IReact),
        1 => Just(Step::IReactElsewhere),
        2 => Just(Step::Cut),
        1 => Just(Step::Deaden),
        1 => prop_oneof![Just(1012_u16), Just(4001), Just(4002), Just(4003), Just(4004), Just(4504)].prop_map(Step::Close),
        1 => (0..30_000_u16).prop_map(Step::Down),
        1 => Just(Step::Up),
        10 => (0..200_u16).prop_map(Step::Wait),
        3 => (0..40_000_u16).prop_map(Step::Wait),
        3 => Just(Step::Open),
        1 => Just(Step::Leave),
        3 => Just(Step::Older),
        2 => Just(Step::Around),
        3 => any::<bool>().prop_map(Step::Gap),
        2 => Just(Step::Read),
        1 => Just(Step::ReadElsewhere),
        1 => Just(Step::Offline),
        1 => Just(Step::Online),
        1 => Just(Step::Hidden),
        1 => Just(Step::Visible),
        1 => Just(Step::Kick),
        1 => Just(Step::Invite),
        1 => Just(Step::Crash),
        1 => Just(Step::Discard),
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

fn my_act(world: &mut World, room: RoomId, act: &Step) {
    match act {
        Step::ISay(n) => {
            for i in 0..=*n {
                let text = format!("mine {i} at {}", world.now_ms);
                world.input(Input::Act {
                    room,
                    act: Act::Send {
                        text,
                        reply_to: None,
                    },
                });
            }
        }
        Step::IEdit => {
            if let Some(of) = mine(world, room) {
                world.input(Input::Act {
                    room,
                    act: Act::Edit {
                        of,
                        text: format!("edited at {}", world.now_ms),
                    },
                });
            }
        }
        Step::IDelete => {
            if let Some(of) = mine(world, room) {
                world.input(Input::Act {
                    room,
                    act: Act::Delete { of },
                });
            }
        }
        Step::IReact(on) => {
            if let Some(of) = any_seq(world, room) {
                world.input(Input::Act {
                    room,
                    act: Act::React {
                        of,
                        emoji: "👍".into(),
                        on: *on,
                    },
                });
            }
        }
        Step::IReactElsewhere => {
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
        Step::Discard => {
            let first = world.session.outbox().next().map(|entry| entry.command.id);
            if let Some(id) = first {
                world.input(Input::Discard(id));
            }
        }
        _ => {}
    }
}

fn looking(world: &mut World, room: RoomId, act: &Step) {
    match act {
        Step::Open => world.input(Input::OpenRoom(room)),
        Step::Leave => world.input(Input::LeaveRoom),
        Step::Older => world.input(Input::LoadOlder(room)),
        Step::Around => {
            if let Some(seq) = any_seq(world, room) {
                world.input(Input::LoadAround { room, seq });
            }
        }
        Step::Gap(top) => {
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
        Step::Read => {
            if let Some(last) = world.session.room(room).map(|view| view.summary().last_seq) {
                let back = if world.chance(600) { 0 } else { world.below(8) };
                world.input(Input::Read {
                    room,
                    seq: last.saturating_sub(back),
                });
            }
        }
        Step::ReadElsewhere => {
            let seq = world.model.last(room).saturating_sub(world.below(8));
            if world.model.is_member(room, world.me) {
                world.reads_elsewhere(room, seq);
            }
        }
        _ => {}
    }
}

fn network(world: &mut World, room: RoomId, act: &Step) {
    let me = world.me;
    match act {
        Step::Cut => world.cut(),
        Step::Deaden => world.deaden(),
        Step::Close(code) => {
            let reason = if *code == 1012 {
                "retry_after_ms=2000"
            } else {
                ""
            };
            world.close(*code, reason);
        }
        Step::Down(ms) => {
            world.up = false;
            world.cut();
            world.run(u64::from(*ms));
        }
        Step::Up => world.up = true,
        Step::Wait(ms) => world.run(u64::from(*ms)),
        Step::Offline => world.input(Input::Offline),
        Step::Online => world.input(Input::Online),
        Step::Hidden => world.input(Input::Hidden),
        Step::Visible => world.input(Input::Visible),
        Step::Kick => world.member(room, me, false),
        Step::Invite => world.member(room, me, true),
        Step::Crash => world.crash(),
        _ => {}
    }
}

pub(crate) fn perform(world: &mut World, act: &Step) {
    let room = if world.chance(700) {
        room_id(1)
    } else {
        room_id(2)
    };
    match act {
        Step::OtherSays(n) => {
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
        Step::OtherChanges(kind) => other_changes(world, room, *kind),
        Step::Burst(n) => {
            for i in 0..*n {
                world.says(user_id(2), room, &format!("burst {i}"));
            }
        }
        Step::Note => {
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
