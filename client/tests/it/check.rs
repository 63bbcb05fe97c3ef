//! What must hold, at any moment and in the end.

use std::collections::BTreeSet;

use client::{
    Edge, Input, Link, Load, MessageView, RoomView, SendState, TimelineItem,
    rows::{Setting, Zone, rows},
};
use protocol::{ClientFrame, Message, RoomId, Seq, UserId};

use crate::world::{World, id_of};

/// At any moment: what stands together in a timeline stands together in the log. (One's own message that was stored a moment
/// ago stands at the end, like a pending one, until the log is seen that far.)
pub(crate) fn no_silent_hole(world: &World) {
    for room in world.model.rooms_of(world.me) {
        let Some(view) = world.session.room(room) else {
            continue;
        };
        a_part_is_drawn_as_in_the_whole(&view, world.me);
        let timeline = view.timeline();
        let mut above: Option<Seq> = None;
        let mut seen: Option<Seq> = None;
        for item in &timeline.items {
            match item {
                TimelineItem::Gap(gap) => {
                    assert!(
                        gap.after < gap.before && gap.count == gap.before - gap.after - 1,
                        "{gap:?}"
                    );
                    assert!(
                        seen.is_none_or(|seen| seen <= gap.after),
                        "{seen:?} before {gap:?}"
                    );
                    above = None;
                    seen = Some(gap.before - 1);
                }
                TimelineItem::Note(note) => {
                    assert!(seen.replace(note.seq).is_none_or(|seen| seen < note.seq));
                }
                TimelineItem::Message(message) => {
                    let Some(seq) = message.seq else { continue };
                    assert!(
                        seen.replace(seq).is_none_or(|seen| seen < seq),
                        "{seq} after {seen:?} in {room}"
                    );
                    let from = above.replace(seq);
                    let missing = from.and_then(|from| {
                        (from + 1..seq).find(|&seq| {
                            let message = world.model.message(room, seq, world.me);
                            message.is_some_and(|message| message.counts_in_room())
                        })
                    });
                    assert!(
                        missing.is_none() || message.by == world.me,
                        "{missing:?} is missing before {seq} in {room}"
                    );
                }
            }
        }
    }
}

/// The rows of a part of a room are those that the whole has there.
fn a_part_is_drawn_as_in_the_whole(view: &RoomView<'_>, me: UserId) {
    let setting = Setting {
        zone: Zone::fixed(0),
        // One's own messages are not new: the session knows who one is, and so must the drawing.
        me: Some(me),
        new: view.new_mark(),
    };
    let whole = rows(&view.timeline(), &setting);
    let last = view.summary().last_seq;
    for window in [
        view.window_at_end(4, true),
        view.window_at_end(30, false),
        view.window_around(last / 2, 3, true),
        view.window_around(last / 2, 30, false),
        view.window_around(last, 2, false),
    ] {
        let timeline = view.part(window);
        let part = rows(&timeline, &setting);
        let at = match part.first() {
            Some(first) => whole.iter().position(|row| row.key == first.key),
            None => Some(0),
        };
        let at = at.unwrap_or_else(|| panic!("{:?} is not in {whole:?}", part.first()));
        assert_eq!(part, whole[at..at + part.len()], "{window:?}");
        assert_eq!(timeline.below, at + part.len() < whole.len(), "{window:?}");
    }
}

/// Lets everything come to rest, and loads all of every room that `whole` says there is place for.
pub(crate) fn settle(world: &mut World, whole: bool) {
    world.faults = crate::world::Faults::default();
    world.up = true;
    world.input(Input::Online);
    world.input(Input::TryNow);
    world.run(900_000);
    for room in world.model.rooms_of(world.me) {
        if whole {
            load_all(world, room);
        }
    }
    world.run(900_000);
}

pub(crate) fn load_all(world: &mut World, room: RoomId) {
    world.input(Input::OpenRoom(room));
    for round in 0.. {
        assert!(round < 300, "room {room} is never whole");
        world.run(2_000);
        let timeline = world
            .session
            .room(room)
            .expect("a room of one's own")
            .timeline();
        assert!(
            !matches!(timeline.load, Load::Failed { .. }),
            "{:?}",
            timeline.load
        );
        let gap = timeline.items.iter().find_map(|item| match item {
            TimelineItem::Gap(gap) => Some(gap.clone()),
            _ => None,
        });
        match gap {
            Some(gap) => {
                let edge = if round % 2 == 0 {
                    Edge::Top
                } else {
                    Edge::Bottom
                };
                world.input(Input::FillGap {
                    room,
                    after: gap.after,
                    edge,
                });
            }
            None if timeline.more || !timeline.loaded => world.input(Input::LoadOlder(room)),
            None => break,
        }
    }
}

fn plain(view: &MessageView) -> Message {
    Message {
        text: view.text.clone(),
        reply_to: view.reply_to,
        edited_at: view.edited_at,
        deleted: view.deleted,
        reactions: view.reactions.clone(),
        pinned: view.pinned,
        replies: view.replies.clone(),
        ..Message::new(view.seq.unwrap_or_default(), view.id, view.by, view.at).placed(view.thread)
    }
}

/// In the end: exactly the log (or, where there is no place for all of it, nothing that is not in it), the server's counts, and
/// every command answered once.
pub(crate) fn converged(world: &World, whole: bool) {
    assert!(
        matches!(world.session.link(), Link::Online),
        "{:?}",
        world.session.link()
    );
    for room in world.model.rooms_of(world.me) {
        let view = world.session.room(room).expect("a room of one's own");
        let summary = world.model.summary(room, world.me);
        assert_eq!(view.summary(), &summary, "summary of room {room}");
        let held: Vec<Message> = view.timeline().items.iter().filter_map(stored).collect();
        if whole && world.session.open() == Some(room) {
            assert_eq!(held, world.model.messages(room, world.me), "room {room}");
        }
        for message in held {
            assert_eq!(
                Some(&message),
                world.model.message(room, message.seq, world.me).as_ref()
            );
        }
    }
    threads_converged(world);
    let known: Vec<RoomId> = world.session.rooms().map(|room| room.id).collect();
    assert_eq!(known, world.model.rooms_of(world.me));
    answered_once(world);
}

/// What is unread in each thread is what the server counts, and a thread that is looked at has its replies.
fn threads_converged(world: &World) {
    let mut unread = Vec::new();
    for room in world.model.rooms_of(world.me) {
        for root in world.model.roots(room) {
            let told = world.model.thread(room, root, world.me);
            let view = world.session.thread(room, root);
            let known = view.map_or((0, 0), |view| {
                (view.summary().unread, view.summary().mentions)
            });
            assert_eq!(known, (told.unread, told.mentions), "{told:?}");
            unread.extend((told.unread > 0).then_some((room, told.unread, told.mentions)));
            let Some(view) = view.filter(|view| view.timeline().loaded) else {
                continue;
            };
            let timeline = view.timeline();
            let held: Vec<Message> = timeline.items.iter().filter_map(stored).collect();
            let all = world.model.replies(room, root, world.me);
            for message in &held {
                assert!(all.contains(message), "{message:?} in {root} of {room}");
            }
            let whole = !timeline.more
                && !timeline
                    .items
                    .iter()
                    .any(|it| matches!(it, TimelineItem::Gap(_)));
            assert!(!whole || held == all, "{held:?} is not {all:?}");
            if let Some(first) = view.first() {
                assert_eq!(
                    Some(plain(&first)),
                    world.model.message(room, root, world.me)
                );
            }
        }
    }
    assert_eq!(world.session.unread_threads().collect::<Vec<_>>(), unread);
}

fn stored(item: &TimelineItem) -> Option<Message> {
    match item {
        TimelineItem::Message(view) if view.state == SendState::Stored => Some(plain(view)),
        TimelineItem::Message(view) => {
            assert!(
                matches!(view.state, SendState::Failed { .. }),
                "{view:?} still waits"
            );
            None
        }
        TimelineItem::Note(_) | TimelineItem::Gap(_) => None,
    }
}

fn answered_once(world: &World) {
    assert!(
        world.forgotten.values().all(|&times| times == 1),
        "forgotten twice"
    );
    let kept: BTreeSet<_> = world
        .session
        .outbox()
        .map(|entry| entry.command.id)
        .collect();
    assert_eq!(
        kept,
        world.stored.keys().copied().collect(),
        "storage and outbox differ"
    );
    assert!(
        world.session.outbox().all(|entry| entry.failed.is_some()),
        "something still waits"
    );
    for room in world.model.rooms.keys() {
        let all = world.model.messages(*room, world.me);
        let ids: BTreeSet<_> = all.iter().map(|message| (message.by, message.id)).collect();
        assert_eq!(ids.len(), all.len(), "a message twice");
    }
}

/// The server's limits are kept: commands in any second, frames in any second, one command of a room at a time.
pub(crate) fn polite(world: &World) {
    let commands: Vec<u64> = world
        .transmitted
        .iter()
        .filter(|(_, frame)| id_of(frame).is_some())
        .map(|(at, _)| *at)
        .collect();
    let most = world.limits.send_per_s as usize;
    assert!(
        commands
            .windows(most + 1)
            .all(|some| some[most] - some[0] >= 1_000),
        "more than {most} a second"
    );
    let frames: Vec<u64> = world.transmitted.iter().map(|(at, _)| *at).collect();
    assert!(
        frames.windows(101).all(|some| some[100] - some[0] >= 1_000),
        "more than 100 frames a second"
    );
    let typing: Vec<u64> = world
        .transmitted
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::Typing(_)))
        .map(|(at, _)| *at)
        .collect();
    assert!(typing.windows(2).all(|two| two[1] - two[0] >= 3_000));
}
