//! Whatever is written in whatever batches: the log has no hole, messages stand as it says, and all stores answer alike.

use std::collections::BTreeSet;

use proptest::prelude::*;
use protocol::{Act, Command, Event, EventKind, Message, RoomId, RoomKind};
use server::store::{PageAt, Store, Write};

use super::{Fixture, Kind, account, general, react, send, user, who};
use crate::support::id;

/// What one of three people does next, about one of the last few messages.
type Step = (u64, u8, u64);

fn step() -> impl Strategy<Value = Step> {
    (1u64..=3, 0u8..20, 0u64..8)
}

fn one_of<T: Copy>(all: &[T], number: u64) -> T {
    all[usize::try_from(number).unwrap() % all.len()]
}

fn writes(steps: &[Step]) -> Vec<Write> {
    let mut head = 3;
    let mut write = |&(by, what, back): &Step| {
        let of = head - back.min(head - 1);
        let now = 30 + head;
        match what {
            0..6 => {
                head += 1;
                send(
                    by,
                    id(),
                    one_of(
                        &[
                            "hello @ada",
                            "`@here` @ADA",
                            "hi",
                            "@wren @zhou",
                            "https://a.example/@ada ＠here",
                        ],
                        back,
                    ),
                )
            }
            6 => Write::command(
                who(by),
                Command {
                    id: id(),
                    room: general(),
                    act: Act::Edit {
                        of,
                        text: format!("edit {of} @zhou"),
                    },
                },
                now,
            ),
            7 => Write::command(
                who(by),
                Command {
                    id: id(),
                    room: general(),
                    act: Act::Delete { of },
                },
                now,
            ),
            8..11 => react(by, of, one_of(&["👍", "🎉"], back), true),
            11 => react(by, of, "👍", false),
            _ => elsewhere(by, what, back, now),
        }
    };
    steps.iter().map(&mut write).collect()
}

/// What is not about messages, or not in the first room.
fn elsewhere(by: u64, what: u8, back: u64, now: u64) -> Write {
    let who = who(by);
    let room = RoomId::new(1 + back % 4).unwrap();
    match what {
        12 | 13 => Write::Read {
            who,
            room,
            seq: back * 3,
            from: None,
        },
        14 => Write::Join {
            who,
            room,
            user: user(1 + back % 4),
            now,
        },
        15 => Write::Leave {
            who,
            room,
            user: user(1 + back % 3),
            now,
        },
        16 => Write::CreateRoom {
            who,
            kind: one_of(&[RoomKind::Public, RoomKind::Private], back),
            name: format!("room {back}"),
            topic: String::new(),
            now,
        },
        17 => Write::CreateDirect {
            who,
            others: (1..=3 + back / 6)
                .filter(|other| *other != by && other % 2 == back % 2)
                .map(user)
                .collect(),
            now,
        },
        18 => Write::ChangeRoom {
            who,
            room,
            name: (back > 5).then(|| format!("room {}", back - 5)),
            topic: (back < 7).then(|| format!("topic {}", back / 2)),
            now,
        },
        _ if back > 5 => Write::DeleteRoom { who, room, now },
        _ => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Send {
                    text: "elsewhere @here".into(),
                    reply_to: (back > 3).then_some(back),
                },
            },
            now,
        ),
    }
}

fn assert_stands(message: &Message, log: &[Event]) {
    let mut text = None;
    let mut given = BTreeSet::new();
    for event in log {
        match &event.kind {
            EventKind::Message { text: said, .. } if event.seq == message.seq => {
                text.clone_from(said);
            }
            EventKind::Edit { of, text: said, .. } if *of == message.seq => text.clone_from(said),
            EventKind::Delete { of } if *of == message.seq => {
                text = None;
                given.clear();
            }
            EventKind::Reaction { of, emoji, on } if *of == message.seq => {
                if *on {
                    given.insert((emoji.clone(), event.by));
                } else {
                    given.remove(&(emoji.clone(), event.by));
                }
            }
            _ => {}
        }
    }
    assert_eq!(message.text, text);
    let count: u32 = message.reactions.iter().map(|one| one.count).sum();
    assert_eq!(count as usize, given.len());
}

/// All that a store says of itself.
async fn all_of(store: &dyn Store) -> Vec<String> {
    let mut said = Vec::new();
    for number in 1..=4 {
        let me = user(number);
        said.push(format!("{:?}", store.account(me).await.unwrap()));
        said.push(format!("{:?}", store.rooms_of(me).await.unwrap()));
        said.push(format!("{:?}", store.rooms_page(me, 1, 2).await.unwrap()));
        for room in 1..=6 {
            let room = RoomId::new(room).unwrap();
            said.push(format!("{:?}", store.room(room, me).await.unwrap()));
            said.push(format!(
                "{:?}",
                store.members(room, "", 0, 2).await.unwrap()
            ));
            said.push(format!(
                "{:?}",
                store.members(room, "W", 0, 2).await.unwrap()
            ));
            said.push(format!("{:?}", store.member_count(room).await.unwrap()));
            said.push(format!("{:?}", store.last_seq(room).await.unwrap()));
            let log = store.log(room, 2, 20, 2_000).await.unwrap();
            said.push(format!("{log:?}"));
            for at in [
                PageAt::Newest,
                PageAt::Before(7),
                PageAt::After(4),
                PageAt::Around(6),
            ] {
                let page = store.history(room, me, at, 5).await.unwrap();
                said.push(format!("{at:?} {page:?}"));
            }
            let some = store.messages(room, me, &[9, 5, 2, 9, 999]).await;
            said.push(format!("{:?}", some.unwrap()));
            let notes = store.notes(room, 2, 40, 3).await.unwrap();
            said.push(format!("{notes:?}"));
            let mentions = store.mentions(room, me, 3, 4).await.unwrap();
            said.push(format!("{mentions:?}"));
        }
    }
    let rooms: Vec<RoomId> = (1..=6).filter_map(RoomId::new).collect();
    let mut authors = store.recent_authors(&rooms).await.unwrap();
    authors.sort_by_key(|author| (author.room, author.user));
    said.push(format!("{authors:?}"));
    said.push(format!("{:?}", store.users_page("W", 0, 2).await.unwrap()));
    said.push(format!("{:?}", store.users_page("", 1, 1).await.unwrap()));
    said
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_stand_as_their_log_says(steps in proptest::collection::vec(step(), 1..60), batch in 1usize..20) {
        run(async {
            for kind in [Kind::Sqlite, Kind::Memory] {
                let fixture = Fixture::new(kind).await;
                for batch in writes(&steps).chunks(batch) {
                    fixture.all(batch).await;
                }
                let log = fixture.log().await;
                let page = fixture.store.history(general(), user(1), PageAt::Newest, 100).await.unwrap();
                for message in page.messages {
                    assert_stands(&message, &log);
                }
                fixture.close().await;
            }
        });
    }

    #[test]
    fn all_stores_answer_alike(steps in proptest::collection::vec(step(), 1..80), batch in 1usize..20) {
        run(async {
            let (one, other) = (Fixture::new(Kind::Sqlite).await, Fixture::new(Kind::Memory).await);
            let mut writes = writes(&steps);
            writes.push(account("ADA"));
            writes.push(account("ida"));
            // Repeats get the same answers again.
            writes.extend(writes[..writes.len() / 2].to_vec());
            for batch in writes.chunks(batch) {
                let (said, also) = (one.all(batch).await, other.all(batch).await);
                for (write, (one, other)) in batch.iter().zip(said.iter().zip(&also)) {
                    assert_eq!(one, other, "{write:?}");
                }
            }
            let (said, also) = (all_of(&*one.store).await, all_of(&*other.store).await);
            for (one, other) in said.iter().zip(&also) {
                assert_eq!(one, other);
            }
            one.close().await;
            other.close().await;
        });
    }
}
