//! Anything that somebody may write.

use protocol::{
    Act, Command, InThread, ListOrder, PreferencesPatch, RoomId, RoomKind, RoomPatch, Seq, UserId,
};
use rand::{Rng as _, rngs::StdRng};
use server::store::{ReadTo, Write};
use testing::id;

use super::{NAMES, who};

#[expect(clippy::too_many_lines, reason = "one arm a verb and nothing else")]
pub(super) fn any_write(rng: &mut StdRng, now: u64) -> Write {
    let who = who(rng.random_range(1..=NAMES.len() as u64));
    let room = RoomId::new(if rng.random() {
        1
    } else {
        rng.random_range(2..=4)
    })
    .unwrap();
    let of: Seq = rng.random_range(1..100);
    let user = UserId::new(rng.random_range(1..=NAMES.len() as u64)).unwrap();
    let text = match rng.random_range(0..5) {
        0 => format!("@{} hello", NAMES[rng.random_range(0..NAMES.len())]),
        1 => "@here and now".to_owned(),
        _ => "nothing to anybody".to_owned(),
    };
    match rng.random_range(0..40) {
        0..12 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Send {
                    text,
                    reply_to: None,
                    thread: None,
                },
            },
            now,
        ),
        33..37 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Send {
                    text,
                    reply_to: None,
                    thread: Some(InThread {
                        root: of.min(12),
                        also: rng.random_bool(0.3),
                    }),
                },
            },
            now,
        ),
        37 | 38 => Write::Read {
            who,
            room,
            thread: Some(of.min(12)),
            to: ReadTo {
                seq: of * 2,
                generation: None,
            },
            from: None,
        },
        39 => Write::Follow {
            who,
            room,
            root: of.min(12),
            on: rng.random(),
        },
        12 | 13 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Edit { of, text },
            },
            now,
        ),
        14 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Delete { of },
            },
            now,
        ),
        15 | 23..26 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::React {
                    of,
                    emoji: ["👍", "🎉", "👀"][rng.random_range(0..3)].into(),
                    on: rng.random_bool(0.7),
                },
            },
            now,
        ),
        26..29 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Pin {
                    of,
                    on: rng.random_bool(0.7),
                },
            },
            now,
        ),
        16..20 => Write::Read {
            thread: None,
            who,
            room,
            to: ReadTo {
                seq: of,
                generation: None,
            },
            from: None,
        },
        31 => Write::Prefer {
            who,
            room,
            patch: PreferencesPatch {
                muted: Some(rng.random()),
                order: Some(ListOrder::new(rng.random())),
                ..PreferencesPatch::default()
            },
        },
        32 => Write::ReadAll {
            who,
            after: 0,
            limit: 2,
        },
        29 | 30 => Write::Unread {
            thread: None,
            who,
            room,
            seq: of,
            from: None,
        },
        20 => Write::Join {
            who,
            room,
            user: who.id,
            now,
        },
        21 => Write::Leave {
            who,
            room,
            user: who.id,
            now,
        },
        22 if now.is_multiple_of(3) => Write::CreateRoom {
            who,
            kind: if rng.random() {
                RoomKind::Public
            } else {
                RoomKind::Private
            },
            name: format!("room{now}"),
            topic: String::new(),
            now,
        },
        22 => Write::CreateDirect {
            who,
            others: vec![user],
            now,
        },
        _ => Write::ChangeRoom {
            who,
            room,
            patch: RoomPatch {
                name: rng.random_bool(0.3).then(|| format!("renamed{now}")),
                topic: Some(format!("topic {now}")),
                read_only: rng.random_bool(0.2).then(|| rng.random()),
                archived: rng.random_bool(0.2).then(|| rng.random_bool(0.2)),
            },
            now,
        },
    }
}
