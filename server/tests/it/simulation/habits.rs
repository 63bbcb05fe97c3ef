//! What a person does in a room that they are in, by what they see there.

use client::{Edge, Input, Session, Timeline, TimelineItem};
use protocol::{Act, InThread, RoomId, Seq, UserId};
use rand::{Rng as _, rngs::StdRng};

use super::scenario::pick;

/// Messages that people still look at.
const RECENT: usize = 8;

/// What a person sees.
struct Sight {
    room: RoomId,
    /// One of the newest messages.
    any: Option<Seq>,
    /// One of the newest messages of their own.
    mine: Option<Seq>,
    /// One of the newest that stand in no thread, and so may have one.
    root: Option<Seq>,
    gap: Option<Seq>,
    last: Seq,
}

impl Sight {
    fn new(timeline: &Timeline, room: RoomId, last: Seq, me: UserId, dice: &mut StdRng) -> Self {
        let newest = timeline.items.iter().rev().filter_map(|item| match item {
            TimelineItem::Message(message) => {
                Some((message.seq?, message.by == me, message.thread.is_none()))
            }
            _ => None,
        });
        let held: Vec<(Seq, bool, bool)> = newest.take(RECENT).collect();
        let mine = held.iter().filter(|(_, mine, _)| *mine);
        let mine: Vec<Seq> = mine.map(|(seq, ..)| *seq).collect();
        let roots = held.iter().filter(|(.., root)| *root);
        let roots: Vec<Seq> = roots.map(|(seq, ..)| *seq).collect();
        let gap = timeline.items.iter().find_map(|item| match item {
            TimelineItem::Gap(gap) => Some(gap.after),
            _ => None,
        });
        Self {
            room,
            any: (!held.is_empty()).then(|| pick(dice, &held).0),
            mine: (!mine.is_empty()).then(|| pick(dice, &mine)),
            root: (!roots.is_empty()).then(|| pick(dice, &roots)),
            gap,
            last,
        }
    }
}

/// The next thing or things that a person does.
pub(super) fn inputs(session: &Session, room: RoomId, me: UserId, dice: &mut StdRng) -> Vec<Input> {
    let Some(view) = session.room(room) else {
        return Vec::new();
    };
    let sight = Sight::new(&view.timeline(), room, view.summary().last_seq, me, dice);
    match dice.random_range(0..100) {
        0..38 => says(&sight, dice),
        38..54 => in_thread(&sight, dice).into_iter().collect(),
        54..72 => changes(&sight, dice).into_iter().collect(),
        72..97 => looks(&sight, dice).into_iter().collect(),
        _ => session
            .outbox()
            .filter(|entry| entry.failed.is_some())
            .map(|entry| Input::Retry(entry.command.id))
            .collect(),
    }
}

fn says(sight: &Sight, dice: &mut StdRng) -> Vec<Input> {
    let say = |text: String, reply_to| Input::Act {
        room: sight.room,
        act: Act::Send {
            text,
            reply_to,
            thread: None,
        },
    };
    let number: u32 = dice.random_range(0..1_000_000);
    match dice.random_range(0..48) {
        0..30 => vec![say(format!("said {number}"), None)],
        30..40 => {
            let count = dice.random_range(2..6);
            let texts = (0..count).map(|n| format!("burst {number} {n}"));
            texts.map(|text| say(text, None)).collect()
        }
        40..46 => vec![say(format!("hey @wren and @ADA {number}"), sight.any)],
        _ => vec![say(format!("@here {number}"), None)],
    }
}

/// What a person does in the thread of one of the newest messages.
fn in_thread(sight: &Sight, dice: &mut StdRng) -> Option<Input> {
    let (room, root) = (sight.room, sight.root?);
    let there = |input| Input::Thread {
        root,
        input: Box::new(input),
    };
    let number: u32 = dice.random_range(0..1_000_000);
    Some(match dice.random_range(0..16) {
        0..8 => Input::Act {
            room,
            act: Act::Send {
                text: match number % 5 {
                    0 => format!("reply {number} @wren"),
                    1 => format!("reply {number} @here"),
                    _ => format!("reply {number}"),
                },
                reply_to: None,
                thread: Some(InThread {
                    root,
                    also: number.is_multiple_of(3),
                }),
            },
        },
        8..11 => Input::OpenThread { room, root },
        11 => Input::CloseThread,
        12 => Input::Follow {
            room,
            root,
            on: number.is_multiple_of(2),
        },
        13 => there(Input::Unread {
            room,
            seq: sight.last.saturating_sub(dice.random_range(0..20)),
        }),
        _ => there(Input::Read {
            room,
            seq: sight.last.saturating_sub(dice.random_range(0..3)),
        }),
    })
}

fn changes(sight: &Sight, dice: &mut StdRng) -> Option<Input> {
    let room = sight.room;
    match dice.random_range(0..24) {
        0..7 => Some(Input::Act {
            room,
            act: Act::Edit {
                of: sight.mine?,
                text: format!("edited {} @zhou", dice.random_range(0..1_000_000)),
            },
        }),
        7..12 => Some(Input::Act {
            room,
            act: Act::Delete { of: sight.mine? },
        }),
        12..15 => Some(Input::Act {
            room,
            act: Act::Pin {
                of: sight.any?,
                on: dice.random_bool(0.6),
            },
        }),
        _ => Some(Input::Act {
            room,
            act: Act::React {
                of: sight.any?,
                emoji: pick(dice, &["👍", "🎉"]).to_owned(),
                on: dice.random_bool(0.7),
            },
        }),
    }
}

fn looks(sight: &Sight, dice: &mut StdRng) -> Option<Input> {
    let room = sight.room;
    let edge = pick(dice, &[Edge::Top, Edge::Bottom]);
    Some(match dice.random_range(0..27) {
        0..10 => Input::Read {
            room,
            seq: sight.last.saturating_sub(dice.random_range(0..3)),
        },
        10..14 => Input::OpenRoom(room),
        14 => Input::LeaveRoom,
        15..18 => Input::LoadOlder(room),
        18..20 => Input::FillGap {
            room,
            after: sight.gap?,
            edge,
        },
        20..22 => Input::Typing(room),
        22 => Input::Hidden,
        23 => Input::Visible,
        24 | 25 => Input::Unread {
            room,
            seq: sight.last.saturating_sub(dice.random_range(0..40)),
        },
        _ => Input::Online,
    })
}
