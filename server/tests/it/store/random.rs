//! Whatever is written in whatever batches: the log has no hole, messages stand as it says, and all stores answer alike.

use std::collections::BTreeSet;

use proptest::prelude::*;
use protocol::{
    Act, Command, Event, EventKind, InThread, ListOrder, Message, NotifyLevel, PreferencesPatch,
    RoomId, RoomKind, RoomPatch, UserId,
};
use server::store::{FollowedThread, PageAt, ReadTo, Store, UsersAsked, Write};
use testing::id;

use super::{
    Fixture, Kind, account, general,
    personal::save,
    pin,
    positions::{read, unread},
    react, send, user, who,
};

/// What one of three people does next, about one of the last few messages.
pub(super) type Step = (u64, u8, u64);

pub(super) fn step() -> impl Strategy<Value = Step> {
    (1u64..=3, 0u8..42, 0u64..8)
}

fn one_of<T: Copy>(all: &[T], number: u64) -> T {
    all[usize::try_from(number).unwrap() % all.len()]
}

pub(super) fn writes(steps: &[Step]) -> Vec<Write> {
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
            20..23 => pin(by, of, what != 20),
            23 => read(by, of, Some(back % 3)),
            24 => unread(by, of),
            27..30 => save(by, general(), of, what != 29),
            30..36 => {
                head += 1;
                reply(by, if what < 33 { 4 + back / 3 } else { of }, back)
            }
            36..42 => of_thread(by, what, back, of),
            25 => Write::Prefer {
                who: who(by),
                room: general(),
                patch: patch(back),
            },
            26 => Write::ReadAll {
                who: who(by),
                after: back / 4,
                limit: 1 + u32::from(back > 3),
            },
            _ => elsewhere(by, what, back, now),
        }
    };
    steps.iter().map(&mut write).collect()
}

/// A reply in a thread, which names somebody now and then.
fn reply(by: u64, root: u64, number: u64) -> Write {
    let text = one_of(
        &["so it is", "@wren look", "@here all", "`x` @zhou"],
        number,
    );
    let thread = InThread {
        root,
        also: number.is_multiple_of(3),
    };
    let command = Command {
        id: id(),
        room: general(),
        act: Act::Send {
            text: text.into(),
            reply_to: None,
            thread: Some(thread),
        },
    };
    Write::command(who(by), command, 30 + number)
}

/// What somebody has read of a thread, and whether they follow it.
fn of_thread(by: u64, what: u8, back: u64, of: u64) -> Write {
    match what {
        36..39 => Write::Read {
            who: who(by),
            room: general(),
            thread: Some(4 + back / 3),
            to: ReadTo {
                seq: of,
                generation: (what == 38).then_some(back % 3),
            },
            from: None,
        },
        39 => Write::Unread {
            who: who(by),
            room: general(),
            thread: Some(4 + back / 3),
            seq: of,
            from: None,
        },
        _ => Write::Follow {
            who: who(by),
            room: general(),
            root: if back > 5 { of } else { 4 + back / 3 },
            on: what == 41,
        },
    }
}

/// What somebody wants of a room.
fn patch(number: u64) -> PreferencesPatch {
    let orders = [None, None, Some(None), Some(ListOrder::new(1.5))];
    let (level, _) = one_of(&NotifyLevel::ALL, number);
    PreferencesPatch {
        notify: (number > 3).then_some(level),
        muted: number.is_multiple_of(2).then_some(number > 5),
        favourite: number.is_multiple_of(3).then_some(number < 5),
        order: one_of(&orders, number),
    }
}

/// What is not about messages, or not in the first room.
fn elsewhere(by: u64, what: u8, back: u64, now: u64) -> Write {
    let who = who(by);
    let room = RoomId::new(1 + back % 4).unwrap();
    match what {
        12 | 13 => Write::Read {
            thread: None,
            who,
            room,
            to: ReadTo {
                seq: back * 3,
                generation: None,
            },
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
            patch: RoomPatch {
                name: (back > 5).then(|| format!("room {}", back - 5)),
                topic: (back < 7).then(|| format!("topic {}", back / 2)),
                read_only: (back % 4 == 1).then_some(back % 8 == 1),
                archived: (back % 6 == 2).then_some(back == 2),
            },
            now,
        },
        _ if back > 5 => Write::DeleteRoom { who, room, now },
        _ if back == 5 => Write::UndeleteRoom { who, room, now },
        _ if back == 4 => Write::EraseRoom { now: now + 40_000 },
        _ => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Send {
                    text: "elsewhere @here".into(),
                    reply_to: (back > 3).then_some(back),
                    thread: None,
                },
            },
            now,
        ),
    }
}

fn assert_stands(message: &Message, log: &[Event]) {
    let mut text = None;
    let mut given = BTreeSet::new();
    let mut pinned = false;
    let mut in_thread = log.iter().filter(|event| {
        let place = event.kind.thread();
        place.is_some_and(|place| place.root == message.seq)
    });
    let replies = message.replies.as_ref();
    assert_eq!(
        replies.map_or(0, |it| it.n),
        in_thread.clone().count() as u64
    );
    assert_eq!(
        replies.map(|it| (it.last_seq, it.by[0])),
        in_thread.next_back().map(|event| (event.seq, event.by))
    );
    for event in log {
        match &event.kind {
            EventKind::Message { text: said, .. } if event.seq == message.seq => {
                text.clone_from(said);
            }
            EventKind::Edit { of, text: said, .. } if *of == message.seq => text.clone_from(said),
            EventKind::Delete { of } if *of == message.seq => {
                text = None;
                given.clear();
                pinned = false;
            }
            EventKind::Pin { of, on } if *of == message.seq => pinned = *on,
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
    assert_eq!((&message.text, message.pinned), (&text, pinned));
    let count: u32 = message.reactions.iter().map(|one| one.count).sum();
    assert_eq!(count as usize, given.len());
}

/// What a store says of somebody's threads.
async fn threads_of(store: &dyn Store, me: UserId) -> Vec<String> {
    let mut said = Vec::new();
    for unread in [true, false] {
        let threads = store.threads(me, unread, None, 3).await.unwrap();
        let next = threads.last().map(FollowedThread::moment);
        let more = store.threads(me, unread, next, 3).await.unwrap();
        said.push(format!("{threads:?} {more:?}"));
    }
    for root in [4, 5, 6, 999] {
        let thread = (general(), root);
        for at in [PageAt::Newest, PageAt::After(9), PageAt::Around(12)] {
            let page = store.thread(thread, me, at, 3).await.unwrap();
            said.push(format!("{at:?} {page:?}"));
        }
    }
    said
}

/// All that a store says of itself.
pub(super) async fn all_of(store: &dyn Store) -> Vec<String> {
    let mut said = Vec::new();
    for number in 1..=4 {
        let me = user(number);
        said.push(format!("{:?}", store.account(me).await.unwrap()));
        said.push(format!("{:?}", store.rooms_of(me).await.unwrap()));
        said.push(format!("{:?}", store.rooms_page(me, 1, 2).await.unwrap()));
        said.push(format!("{:?}", store.saved(me).await.unwrap()));
        // Times run backwards here, as they never do in a log: so all of it, by places.
        let page = store.for_you(me, None, 1_000).await.unwrap();
        let places = page.places.iter().map(|at| (at.room, at.seq));
        let places: BTreeSet<_> = places.collect();
        said.push(format!("{places:?} {:?}", page.next));
        said.extend(threads_of(store, me).await);
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
            said.push(format!("{:?}", store.pins(room, me).await.unwrap()));
        }
    }
    let rooms: Vec<RoomId> = (1..=6).filter_map(RoomId::new).collect();
    let mut authors = store.recent_authors(&rooms).await.unwrap();
    authors.sort_by_key(|author| (author.room, author.user));
    said.push(format!("{authors:?}"));
    for (which, query, after, limit) in [
        (UsersAsked::In, "W", 0, 2),
        (UsersAsked::In, "", 1, 1),
        (UsersAsked::Banned, "", 0, 2),
    ] {
        let page = store.users_page(which, query, after, limit).await.unwrap();
        said.push(format!("{page:?}"));
    }
    said
}

pub(super) fn run(test: impl Future<Output = ()>) {
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
            for kind in [Kind::Sqlite, Kind::Memory, Kind::Postgres] {
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
            let stores = [
                Fixture::new(Kind::Memory).await,
                Fixture::new(Kind::Sqlite).await,
                Fixture::new(Kind::Postgres).await,
            ];
            let [reference, others @ ..] = &stores;
            let mut writes = writes(&steps);
            writes.push(account("ADA"));
            writes.push(account("ida"));
            // Repeats get the same answers again.
            writes.extend(writes[..writes.len() / 2].to_vec());
            for (number, batch) in writes.chunks_mut(batch).enumerate() {
                // As the queue does: time does not run backwards from one commit to the next.
                for write in batch.iter_mut() {
                    write.stamp(100 + number as u64);
                }
                let said = reference.all(batch).await;
                for other in others {
                    let also = other.all(batch).await;
                    for (write, (one, other)) in batch.iter().zip(said.iter().zip(&also)) {
                        assert_eq!(one, other, "{write:?}");
                    }
                }
            }
            let said = all_of(&*reference.store).await;
            for other in others {
                let also = all_of(&*other.store).await;
                for (one, other) in said.iter().zip(&also) {
                    assert_eq!(one, other);
                }
            }
            for store in stores {
                store.close().await;
            }
        });
    }
}
