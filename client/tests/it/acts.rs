//! What may happen in a life.

use client::{Edge, Input, SessionConfig, TimelineItem};
use proptest::prelude::*;
use protocol::{Act, EventKind, InThread, RoomId, Seq};

use crate::{
    check,
    model::{room_id, user_id},
    world::World,
};

#[derive(Clone, Debug)]
pub(crate) enum Step {
    OtherSays(u8),
    OtherReplies(u8),
    IReply(bool),
    OpenThread,
    CloseThread,
    ReadThread,
    UnreadThread,
    UnreadThreadElsewhere,
    Follow(bool),
    OtherChanges(u8),
    Burst(u8),
    Note,
    ISay(u8),
    IEdit,
    IDelete,
    IReact(bool),
    IPin(bool),
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
    Unread,
    UnreadElsewhere,
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
        6 => (0..4_u8).prop_map(Step::OtherReplies),
        3 => any::<bool>().prop_map(Step::IReply),
        3 => Just(Step::OpenThread),
        1 => Just(Step::CloseThread),
        2 => Just(Step::ReadThread),
        1 => Just(Step::UnreadThread),
        1 => Just(Step::UnreadThreadElsewhere),
        1 => any::<bool>().prop_map(Step::Follow),
        8 => (0..4_u8).prop_map(Step::OtherChanges),
        2 => (1..60_u8).prop_map(Step::Burst),
        1 => Just(Step::Note),
        6 => (0..4_u8).prop_map(Step::ISay),
        2 => Just(Step::IEdit),
        1 => Just(Step::IDelete),
        3 => any::<bool>().prop_map(Step::IReact),
        2 => any::<bool>().prop_map(Step::IPin),
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
        1 => Just(Step::Unread),
        1 => Just(Step::UnreadElsewhere),
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

pub(crate) fn config(keep_open: usize) -> SessionConfig {
    let new = SessionConfig::new("device-of-a-test-1", "test/1");
    SessionConfig {
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
        1 => EventKind::Pin {
            of,
            on: world.chance(600),
        },
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
            TimelineItem::Message(message) if message.by == me && !message.deleted => message.seq,
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
                        thread: None,
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
                let (emoji, on) = ("👍".into(), *on);
                let act = Act::React { of, emoji, on };
                world.input(Input::Act { room, act });
            }
        }
        Step::IPin(on) => {
            if let Some(of) = any_seq(world, room) {
                let act = Act::Pin { of, on: *on };
                world.input(Input::Act { room, act });
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
                        TimelineItem::Gap(gap) => Some(gap.after),
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
        Step::Unread => {
            let last = world.session.room(room).map(|view| view.summary().last_seq);
            let seq = last.map(|last| last.saturating_sub(world.below(30)));
            if let Some(seq) = seq {
                world.input(Input::Unread { room, seq });
            }
        }
        Step::UnreadElsewhere => {
            let seq = world.model.last(room).saturating_sub(world.below(30));
            if world.model.is_member(room, world.me) {
                world.unread_elsewhere(room, seq);
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

fn any_root(world: &mut World, room: RoomId) -> Option<Seq> {
    let roots: Vec<Seq> = world.model.roots(room).into_iter().collect();
    if roots.is_empty() || world.chance(300) {
        let seq = any_seq(world, room)?;
        let message = world.model.message(room, seq, world.me)?;
        return message.thread.is_none().then_some(seq);
    }
    let at = world.pick(roots.len());
    roots.get(at).copied()
}

fn any_reply(world: &mut World, room: RoomId, root: Seq) -> Option<Seq> {
    let replies = world.model.replies(room, root, world.me);
    let at = world.pick(replies.len());
    replies.get(at).map(|reply| reply.seq)
}

fn in_threads(world: &mut World, room: RoomId, act: &Step) {
    if !world.model.is_member(room, world.me) {
        return;
    }
    let Some(root) = any_root(world, room) else {
        return;
    };
    match act {
        Step::OtherReplies(n) => {
            for _ in 0..=*n {
                let by = user_id(2 + world.below(3));
                let texts = ["well", "look @user1", "and @here"];
                let text = texts[world.pick(3)];
                let also = world.chance(200);
                world.replies_also(by, room, (root, also), text);
            }
        }
        Step::IReply(also) => {
            let text = format!("reply at {}", world.now_ms);
            let thread = Some(InThread { root, also: *also });
            let act = Act::Send {
                text,
                reply_to: None,
                thread,
            };
            world.input(Input::Act { room, act });
        }
        Step::OpenThread => {
            world.input(Input::OpenRoom(room));
            world.input(Input::OpenThread { room, root });
        }
        Step::CloseThread => world.input(Input::CloseThread),
        Step::ReadThread => {
            if let Some(last) = world.session.room(room).map(|view| view.summary().last_seq) {
                let seq = last.saturating_sub(world.below(8));
                let input = Box::new(Input::Read { room, seq });
                world.input(Input::Thread { root, input });
            }
        }
        Step::UnreadThread => {
            if let Some(seq) = any_reply(world, room, root) {
                let input = Box::new(Input::Unread { room, seq });
                world.input(Input::Thread { root, input });
            }
        }
        Step::UnreadThreadElsewhere => {
            if let Some(seq) = any_reply(world, room, root) {
                world.unread_thread_elsewhere(room, root, seq);
            }
        }
        Step::Follow(on) => world.input(Input::Follow {
            room,
            root,
            on: *on,
        }),
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
        Step::OtherReplies(_)
        | Step::IReply(_)
        | Step::OpenThread
        | Step::CloseThread
        | Step::ReadThread
        | Step::UnreadThread
        | Step::UnreadThreadElsewhere
        | Step::Follow(_) => in_threads(world, room, act),
        act => {
            my_act(world, room, act);
            looking(world, room, act);
            network(world, room, act);
        }
    }
    check::no_silent_hole(world);
}
