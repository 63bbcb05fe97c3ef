//! The conformance suite of stores: what every store behind [`Store`] must do.

mod random;

use std::sync::Arc;

use protocol::{
    Act, Command, ErrorCode, Event, EventKind, MessageId, Role, RoomId, RoomKind, RoomPatch,
    RoomSetting, RoomSummary, UserId, limits, rights::Who,
};
use server::store::{
    Done, GivenEmoji, InvitePlace, InviteRecord, PageAt, ReadTo, Reply, ResetRecord, SignUp, Store,
    UsedReset, UsersAsked, Write, WriteOutcome,
    postgres::{PostgresConfig, PostgresStore, verify::verify_deep as postgres_proven},
    sqlite::{SqliteConfig, SqliteStore, verify::verify_deep},
};
use tempfile::TempDir;
use testing::{
    id,
    memory::MemoryStore,
    postgres::{drop_database, new_database},
};

/// The stores that the suite is run on.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sqlite,
    Memory,
    Postgres,
}

struct Fixture {
    store: Arc<dyn Store>,
    folder: TempDir,
    kind: Kind,
    /// The address of its database, where that is one of PostgreSQL.
    database: Option<String>,
}

impl Fixture {
    async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hubbub.db");
        let mut database = None;
        let store: Arc<dyn Store> = match kind {
            Kind::Sqlite => {
                let opened = SqliteStore::open(&path, &SqliteConfig::default()).await;
                Arc::new(opened.unwrap())
            }
            Kind::Memory => Arc::new(MemoryStore::default()),
            Kind::Postgres => {
                let config = PostgresConfig {
                    url: database.insert(new_database().await).clone(),
                    fsync: false,
                    ..PostgresConfig::default()
                };
                Arc::new(PostgresStore::open(&config).await.unwrap())
            }
        };
        let fixture = Self {
            store,
            folder,
            kind,
            database,
        };
        for name in ["ada", "wren", "zhou"] {
            fixture.one(account(name)).await.unwrap();
        }
        fixture
    }

    async fn one(&self, write: Write) -> WriteOutcome {
        self.all(&[write]).await.remove(0)
    }

    async fn all(&self, writes: &[Write]) -> Vec<WriteOutcome> {
        self.store.commit(writes.into()).await.unwrap()
    }

    async fn log(&self) -> Vec<Event> {
        self.store
            .log(general(), 0, 1_000, usize::MAX)
            .await
            .unwrap()
    }

    async fn rooms_of_all(&self) -> Vec<RoomSummary> {
        let mut rooms = Vec::new();
        for number in 1..=3 {
            rooms.extend(self.store.rooms_of(user(number)).await.unwrap());
        }
        rooms
    }

    async fn close(self) {
        self.store.close().await;
        if let Some(url) = self.database {
            let config = PostgresConfig {
                url: url.clone(),
                ..PostgresConfig::default()
            };
            let report = postgres_proven(&config).await.unwrap();
            assert_eq!(report.wrong, Vec::<String>::new());
            drop_database(&url).await;
        }
        if let Kind::Sqlite = self.kind {
            let report = verify_deep(&self.folder.path().join("hubbub.db"))
                .await
                .unwrap();
            assert_eq!(report.wrong, Vec::<String>::new());
        }
    }
}

/// Writes into the file of a closed store.
fn write_into(path: &std::path::Path, statements: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(statements).unwrap();
}

fn account(name: &str) -> Write {
    Write::CreateAccount(SignUp {
        name: name.to_owned(),
        display_name: name.to_owned(),
        password: "hash".to_owned(),
        invite: None,
        open: true,
        now: 1,
    })
}

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn who(number: u64) -> Who {
    Who {
        id: user(number),
        role: if number == 1 {
            Role::Owner
        } else {
            Role::Member
        },
    }
}

fn does(by: u64, id: MessageId, room: RoomId, act: Act) -> Write {
    Write::command(who(by), Command { id, room, act }, 10)
}

fn code(outcome: WriteOutcome) -> Result<(), ErrorCode> {
    outcome.map(drop).map_err(|why| why.code)
}

fn say(text: &str) -> Act {
    Act::Send {
        text: text.into(),
        reply_to: None,
        thread: None,
    }
}

fn send(by: u64, id: MessageId, text: &str) -> Write {
    does(by, id, general(), say(text))
}

fn create_room(kind: RoomKind, name: &str) -> Write {
    Write::CreateRoom {
        who: who(2),
        kind,
        name: name.into(),
        topic: String::new(),
        now: 1,
    }
}

fn react(by: u64, of: u64, emoji: &str, on: bool) -> Write {
    Write::command(
        who(by),
        Command {
            id: id(),
            room: general(),
            act: Act::React {
                of,
                emoji: emoji.to_owned(),
                on,
            },
        },
        20,
    )
}

fn pin(by: u64, of: u64, on: bool) -> Write {
    let command = Command {
        id: id(),
        room: general(),
        act: Act::Pin { of, on },
    };
    Write::command(who(by), command, 20)
}

fn seq(outcome: &WriteOutcome) -> Result<(u64, bool), ErrorCode> {
    match outcome {
        Ok(Done {
            reply: Reply::Ack { ack, repeat },
            ..
        }) => Ok((ack.seq, *repeat)),
        Ok(other) => panic!("{other:?}"),
        Err(why) => Err(why.code),
    }
}

/// Runs every test of the suite on every store: `store::memory::rooms_come_and_go` is one of them.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Kind::Sqlite).await;
            })+
        }

        mod memory {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Kind::Memory).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Kind::Postgres).await;
            })+
        }
    };
}

mod latin;
mod moved;
mod personal;
mod positions;
mod profile;
mod shut_out;
mod sign_ins;
mod texts;
mod threads;

on_every_store!(
    a_batch_keeps_its_order_and_refuses_alone,
    texts_come_back_byte_for_byte,
    reactions_are_acked_with_what_made_them_so,
    a_pin_is_the_rooms_and_there_are_only_so_many,
    somebody_is_always_the_owner,
    settings_are_entries_and_hold_for_the_next_write,
    an_archived_room_takes_nothing_more,
    what_stands_behind_a_message_is_bounded,
    a_deleted_room_comes_back_within_a_while_and_then_not,
    invites_that_work_are_listed_until_they_are_revoked,
    a_reset_is_one_a_person_and_good_once,
    counts_are_of_others_after_the_read_position,
    pages_are_cut_where_they_were_asked,
    a_page_is_of_the_moment_that_it_tells,
    rooms_come_and_go,
    public_rooms_do_not_look_alike,
    numbers_beyond_all_name_no_message_and_disturb_nobody,
);

async fn a_batch_keeps_its_order_and_refuses_alone(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let (first, second) = (id(), id());
    let stranger = send(9, id(), "x");
    let nowhere = does(1, id(), RoomId::new(77).unwrap(), say("x"));
    let outcomes = fixture
        .all(&[
            send(1, first, "one"),
            stranger,
            send(2, second, "two"),
            nowhere,
            send(1, first, "one again"),
            send(2, first, "two's own"),
        ])
        .await;
    let seqs: Vec<_> = outcomes.iter().map(seq).collect();
    assert_eq!(
        seqs,
        [
            Ok((4, false)),
            Err(ErrorCode::Forbidden),
            Ok((5, false)),
            Err(ErrorCode::NotFound),
            Ok((4, true)),
            Ok((6, false))
        ]
    );
    let log = fixture.log().await;
    assert_eq!(
        log.iter().map(|event| event.seq).collect::<Vec<_>>(),
        (1..=6).collect::<Vec<u64>>()
    );
    let events: Vec<Event> = outcomes
        .into_iter()
        .flatten()
        .flat_map(|done| done.events)
        .collect();
    assert_eq!(events, log[3..], "what is published is what is stored");
    assert_eq!(
        fixture
            .store
            .find_ack(user(1), first)
            .await
            .unwrap()
            .unwrap()
            .seq,
        4
    );
    fixture.close().await;
}

async fn numbers_beyond_all_name_no_message_and_disturb_nobody(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for beyond in [u64::MAX, u64::MAX / 2 + 1, limits::MAX_ID + 1] {
        let answer = Act::Send {
            text: "an answer".into(),
            reply_to: Some(beyond),
            thread: None,
        };
        let edit = Act::Edit {
            of: beyond,
            text: "x".into(),
        };
        let outcomes = fixture
            .all(&[
                send(1, id(), "before"),
                does(1, id(), general(), answer),
                does(1, id(), general(), edit),
                does(1, id(), general(), Act::Delete { of: beyond }),
                react(1, beyond, "👍", true),
                Write::Read {
                    thread: None,
                    who: who(1),
                    room: general(),
                    to: ReadTo {
                        seq: beyond,
                        generation: None,
                    },
                    from: None,
                },
                send(2, id(), "after"),
            ])
            .await;
        for refused in &outcomes[1..5] {
            assert_eq!(seq(refused), Err(ErrorCode::NotFound), "{beyond}");
        }
        for stored in [&outcomes[0], &outcomes[5], &outcomes[6]] {
            assert!(stored.is_ok(), "{beyond}: {stored:?}");
        }
        reads_beyond_all_find_nothing(&*fixture.store, beyond).await;
    }
    fixture.close().await;
}

async fn reads_beyond_all_find_nothing(store: &dyn Store, beyond: u64) {
    for at in [PageAt::Before(beyond), PageAt::Around(beyond)] {
        let page = store.history(general(), user(1), at, 5).await.unwrap();
        let last = page.messages.last().unwrap();
        assert_eq!(last.text.as_deref(), Some("after"), "{at:?}");
    }
    let page = store
        .history(general(), user(1), PageAt::After(beyond), 5)
        .await;
    assert_eq!(page.unwrap().messages, vec![]);
    let some = store
        .messages(general(), user(1), &[beyond, 4])
        .await
        .unwrap();
    assert_eq!(some.len(), 1);
    assert_eq!(
        store.log(general(), beyond, 5, 1_000).await.unwrap(),
        vec![]
    );
    assert_eq!(
        store.notes(general(), beyond, beyond, 5).await.unwrap(),
        vec![]
    );
    let named = store.mentions(general(), user(1), beyond, 5).await;
    assert!(named.unwrap().is_empty());
    assert_eq!(
        store.members(general(), "", beyond, 5).await.unwrap().users,
        vec![]
    );
    assert_eq!(
        store
            .users_page(UsersAsked::In, "", beyond, 5)
            .await
            .unwrap()
            .users,
        vec![]
    );
    assert_eq!(
        store.rooms_page(user(1), beyond, 5).await.unwrap().rooms,
        vec![]
    );
    assert_eq!(store.find_sign_in(beyond).await.unwrap(), None);
    store.sign_ins(user(1), 0, beyond, 5).await.unwrap();
}

async fn texts_come_back_byte_for_byte(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let texts = [
        "plain",
        " spaces \n",
        "\u{1}\u{7f}\u{2028}",
        "e\u{301} \u{fb01}",
        "\"quoted\\\" {json}",
        "👩‍🚀🇩🇪",
        "\u{10ffff}x",
        "'; DROP TABLE",
    ];
    let writes: Vec<Write> = texts.iter().map(|text| send(1, id(), text)).collect();
    fixture.all(&writes).await;
    let page = fixture
        .store
        .history(general(), user(1), PageAt::Newest, 100)
        .await
        .unwrap();
    let stored: Vec<String> = page
        .messages
        .into_iter()
        .map(|message| message.text.unwrap())
        .collect();
    assert_eq!(stored, texts);
    fixture.close().await;
}

async fn reactions_are_acked_with_what_made_them_so(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "x")).await.unwrap();
    let steps = [
        (react(2, 4, "👍", true), 5),
        (react(2, 4, "👍", true), 5),
        (react(3, 4, "👍", false), 4),
        (react(3, 4, "🎉", true), 6),
        (react(1, 4, "👍", true), 7),
        (react(2, 4, "👍", false), 8),
        (react(2, 4, "👍", false), 8),
    ];
    for (write, expected) in steps {
        let outcome = fixture.one(write.clone()).await;
        assert_eq!(seq(&outcome), Ok((expected, false)), "{write:?}");
        assert_eq!(
            seq(&fixture.one(write.clone()).await),
            Ok((expected, true)),
            "the same id again: {write:?}"
        );
    }
    let message = fixture.store.messages(general(), user(1), &[4]).await;
    let message = message.unwrap().remove(0);
    let stands: Vec<_> = message
        .reactions
        .iter()
        .map(|r| (r.emoji.as_str(), r.count, r.mine))
        .collect();
    assert_eq!(
        stands,
        [("👍", 1, true), ("🎉", 1, false)],
        "in the order in which each was first given"
    );
    fixture.close().await;
}

async fn a_pin_is_the_rooms_and_there_are_only_so_many(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "x")).await.unwrap();
    let steps = [
        (pin(2, 4, false), 4),
        (pin(2, 4, true), 5),
        // Whoever asks, it stands pinned by that entry.
        (pin(3, 4, true), 5),
        (pin(1, 4, false), 6),
        (pin(2, 4, false), 6),
        (pin(3, 4, true), 7),
    ];
    for (write, expected) in steps {
        let outcome = fixture.one(write.clone()).await;
        assert_eq!(seq(&outcome), Ok((expected, false)), "{write:?}");
        let again = fixture.one(write.clone()).await;
        assert_eq!(seq(&again), Ok((expected, true)), "{write:?}");
    }
    let pins = async |by| fixture.store.pins(general(), user(by)).await.unwrap();
    let pinned = pins(2).await;
    assert_eq!((pinned.len(), pinned[0].by), (1, user(3)));
    assert!(pinned[0].message.pinned && pinned[0].message.text.is_some());

    // As many as a room may have, and one more; what was pinned last comes first.
    for n in 0..limits::PINS {
        let said = fixture.one(send(1, id(), "y")).await;
        let (of, _) = seq(&said).unwrap();
        let outcome = seq(&fixture.one(pin(2, of, true)).await);
        if n + 1 == limits::PINS {
            assert_eq!(outcome, Err(ErrorCode::Conflict));
            fixture.one(pin(2, 4, false)).await.unwrap();
            assert!(fixture.one(pin(2, of, true)).await.is_ok());
            assert_eq!(pins(1).await[0].message.seq, of);
        } else {
            assert!(outcome.is_ok());
        }
    }
    let most = usize::try_from(limits::PINS).unwrap();
    assert_eq!(pins(1).await.len(), most);

    // What is deleted is pinned no more, and cannot be.
    let last = pins(1).await[0].message.seq;
    fixture
        .one(Write::command(
            who(1),
            Command {
                id: id(),
                room: general(),
                act: Act::Delete { of: last },
            },
            90,
        ))
        .await
        .unwrap();
    assert_eq!(pins(1).await.len(), most - 1);
    let outcome = fixture.one(pin(2, last, true)).await;
    assert_eq!(seq(&outcome), Err(ErrorCode::Conflict));
    let deleted = fixture.store.messages(general(), user(1), &[last]).await;
    assert!(!deleted.unwrap()[0].pinned);
    fixture.close().await;
}

fn change(by: u64, patch: RoomPatch) -> Write {
    Write::ChangeRoom {
        who: who(by),
        room: general(),
        patch,
        now: 30,
    }
}

async fn settings_are_entries_and_hold_for_the_next_write(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let made = |outcome: WriteOutcome| outcome.map(|done| done.events).map_err(|why| why.code);
    fixture.one(send(2, id(), "before")).await.unwrap();
    let all = RoomPatch {
        name: Some("mast".into()),
        topic: Some("masts".into()),
        read_only: Some(true),
        archived: Some(false),
    };
    let events = made(fixture.one(change(1, all.clone())).await).unwrap();
    let kinds: Vec<_> = events.into_iter().map(|event| event.kind).collect();
    let expected = [
        EventKind::Set(RoomSetting::Name("mast".into())),
        EventKind::Set(RoomSetting::ReadOnly(true)),
        EventKind::Topic {
            text: "masts".into(),
        },
    ];
    assert_eq!(kinds, expected);
    assert_eq!(made(fixture.one(change(1, all)).await), Ok(Vec::new()));
    let forbidden = fixture.one(change(2, RoomPatch::default())).await;
    assert_eq!(made(forbidden), Err(ErrorCode::Forbidden));

    // In one transaction: what is read only holds for the write that follows it.
    let open = RoomPatch {
        read_only: Some(false),
        ..RoomPatch::default()
    };
    let again = id();
    let mut outcomes = fixture
        .all(&[
            send(2, again, "refused"),
            react(2, 4, "👍", true),
            send(1, id(), "the owner's"),
            change(1, open),
            send(2, again, "taken"),
        ])
        .await;
    assert_eq!(made(outcomes.remove(3)).map(|events| events[0].seq), Ok(10));
    let seqs: Vec<_> = outcomes.iter().map(seq).collect();
    let taken = |at| Ok((at, false));
    let expected = [Err(ErrorCode::Forbidden), taken(8), taken(9), taken(11)];
    assert_eq!(seqs, expected);
    fixture.close().await;
}

async fn an_archived_room_takes_nothing_more(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let first = id();
    fixture.one(send(2, first, "before")).await.unwrap();
    let archived = RoomPatch {
        archived: Some(true),
        ..RoomPatch::default()
    };
    fixture.one(change(1, archived)).await.unwrap();
    let refused = Err(ErrorCode::Conflict);
    for (write, answer) in [
        (send(2, first, "before"), Ok((4, true))),
        (send(1, id(), "more"), refused),
        (react(2, 4, "🎉", true), refused),
        (pin(2, 4, true), refused),
        (pin(2, 999, true), refused),
        (
            does(2, id(), general(), Act::Delete { of: 4 }),
            Ok((6, false)),
        ),
    ] {
        assert_eq!(seq(&fixture.one(write.clone()).await), answer, "{write:?}");
    }
    // Somebody new comes into no archived room, not even into the first one.
    fixture.one(account("ole")).await.unwrap();
    assert_eq!(fixture.store.rooms_of(user(4)).await.unwrap(), []);
    let notes = fixture.store.notes(general(), 4, 20, 10).await.unwrap();
    assert_eq!(notes.len(), 1);
    let room = fixture.store.rooms_of(user(2)).await.unwrap().remove(0);
    assert!(room.archived && !room.read_only);
    fixture.close().await;
}

async fn what_stands_behind_a_message_is_bounded(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let edit = |text: &str| {
        let text = text.into();
        does(1, id(), general(), Act::Edit { of: 4, text })
    };
    for write in [
        send(1, id(), "one"),
        react(3, 4, "🎉", true),
        react(1, 4, "👍", true),
        react(2, 4, "🎉", true),
        react(1, 4, "🎉", true),
        edit("two"),
        edit("three"),
        edit("four"),
    ] {
        fixture.one(write).await.unwrap();
    }
    let givers = async |limit| {
        let given = fixture.store.givers(general(), 4, limit).await.unwrap();
        let one = |given: GivenEmoji| (given.emoji, given.by.iter().map(|by| by.get()).collect());
        given
            .into_iter()
            .map(one)
            .collect::<Vec<(String, Vec<u64>)>>()
    };
    let expected = [("🎉".to_owned(), vec![3, 2, 1]), ("👍".to_owned(), vec![1])];
    assert_eq!(givers(9).await, expected);
    assert_eq!(givers(2).await[0].1, [3, 2]);
    let texts = async |limit| {
        let found = fixture.store.earlier_texts(general(), 4, limit).await;
        let texts = found.unwrap().into_iter().map(|one| one.text);
        texts.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(texts(9).await, "three two one");
    assert_eq!(texts(2).await, "three two");
    let delete = does(1, id(), general(), Act::Delete { of: 4 });
    fixture.one(delete).await.unwrap();
    assert_eq!((givers(9).await.len(), texts(9).await), (0, String::new()));
    fixture.close().await;
}

async fn a_deleted_room_comes_back_within_a_while_and_then_not(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let Reply::Room { room, .. } = fixture
        .one(create_room(RoomKind::Public, "attic"))
        .await
        .unwrap()
        .reply
    else {
        panic!("no room")
    };
    fixture.one(does(2, id(), room, say("kept"))).await.unwrap();
    let code = |outcome: WriteOutcome| outcome.map(drop).map_err(|why| why.code);
    let gone = |by, now| {
        let who = who(by);
        Write::DeleteRoom { who, room, now }
    };
    let back = |by, now| {
        let who = who(by);
        Write::UndeleteRoom { who, room, now }
    };
    let erase = |now| Write::EraseRoom { now };
    for (write, answer) in [
        (back(2, 10), Err(ErrorCode::NotFound)),
        (gone(2, 1_000), Ok(())),
        (gone(2, 1_000), Err(ErrorCode::NotFound)),
        (does(2, id(), room, say("x")), Err(ErrorCode::NotFound)),
        (erase(31_000), Ok(())),
        (back(3, 31_000), Err(ErrorCode::Forbidden)),
        (back(2, 31_001), Err(ErrorCode::NotFound)),
        (back(2, 31_000), Ok(())),
        // Whoever may delete it brings it back, too.
        (gone(2, 50_000), Ok(())),
        (back(1, 50_000), Ok(())),
    ] {
        assert_eq!(code(fixture.one(write.clone()).await), answer, "{write:?}");
    }
    let page = fixture.store.history(room, user(2), PageAt::Newest, 9);
    assert_eq!(page.await.unwrap().messages.len(), 1);
    assert_eq!(fixture.store.rooms_of(user(2)).await.unwrap().len(), 2);

    // Its name is free meanwhile, and then it cannot come back.
    fixture.one(gone(2, 60_000)).await.unwrap();
    assert!(fixture.store.room(room, user(2)).await.unwrap().is_none());
    let again = create_room(RoomKind::Public, "attic");
    fixture.one(again).await.unwrap();
    let refused = fixture.one(back(2, 60_000)).await;
    assert_eq!(code(refused), Err(ErrorCode::Conflict));
    assert!(!fixture.store.hidden_before(60_000).await.unwrap());
    assert!(fixture.store.hidden_before(60_001).await.unwrap());
    fixture.one(erase(90_001)).await.unwrap();
    assert!(!fixture.store.hidden_before(90_001).await.unwrap());
    let over = fixture.one(back(2, 60_000)).await;
    assert_eq!(code(over), Err(ErrorCode::NotFound));
    fixture.close().await;
}

async fn invites_that_work_are_listed_until_they_are_revoked(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for (code, created_at, expires_at, uses) in [
        ("b", 5, 100, 1),
        ("a", 5, 100, 2),
        ("c", 7, 100, 1),
        ("over", 8, 20, 1),
        ("used", 9, 100, 0),
    ] {
        let record = InviteRecord {
            code: code.to_owned(),
            created_by: user(1),
            created_at,
            expires_at,
            uses,
            rooms: vec![general()],
        };
        fixture.one(Write::Invite(record)).await.unwrap();
    }
    let codes = async |after: Option<(u64, &str)>, limit| {
        let after = after.map(|(at, code)| InvitePlace(at, code.to_owned()));
        let found = fixture.store.invites(20, after, limit).await.unwrap();
        let codes = found.into_iter().map(|one| one.code);
        codes.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(codes(None, 9).await, "c b a");
    assert_eq!(codes(None, 2).await, "c b");
    assert_eq!(codes(Some((5, "b")), 2).await, "a");
    assert_eq!(codes(Some((5, "a")), 2).await, "");
    let revoke = |code: &str| Write::RevokeInvite { code: code.into() };
    fixture.one(revoke("b")).await.unwrap();
    let again = fixture.one(revoke("b")).await.map(drop);
    assert_eq!(again.map_err(|why| why.code), Err(ErrorCode::NotFound));
    assert_eq!(codes(None, 9).await, "c a");
    assert_eq!(fixture.store.invite("b").await.unwrap(), None);
    fixture.close().await;
}

async fn a_reset_is_one_a_person_and_good_once(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let code = |outcome: WriteOutcome| outcome.map(drop).map_err(|why| why.code);
    let reset = |by, of, hash: &[u8]| {
        Write::Reset(ResetRecord {
            user: user(of),
            hash: hash.to_owned(),
            created_by: user(by),
            expires_at: 100,
        })
    };
    let take = |of, hash: &[u8], now| {
        Write::UseReset(UsedReset {
            user: user(of),
            code: hash.to_owned(),
            hash: "new".into(),
            now,
        })
    };
    for (write, answer) in [
        (reset(2, 3, b"x"), Err(ErrorCode::Forbidden)),
        (reset(1, 99, b"x"), Err(ErrorCode::NotFound)),
        (reset(1, 2, b"first"), Ok(())),
        (reset(1, 2, b"second"), Ok(())),
        (take(2, b"first", 50), Err(ErrorCode::NotFound)),
        (take(3, b"second", 50), Err(ErrorCode::NotFound)),
        (take(2, b"second", 100), Err(ErrorCode::NotFound)),
        (take(2, b"second", 50), Ok(())),
        (take(2, b"second", 50), Err(ErrorCode::NotFound)),
        // A new password by another way ends the link too.
        (reset(1, 2, b"third"), Ok(())),
        (
            Write::SetPassword {
                user: user(2),
                hash: "other".into(),
                keep: 0,
                now: 60,
            },
            Ok(()),
        ),
        (take(2, b"third", 70), Err(ErrorCode::NotFound)),
    ] {
        assert_eq!(code(fixture.one(write.clone()).await), answer, "{write:?}");
    }
    let kept = fixture.store.password(user(2)).await.unwrap();
    assert_eq!(kept.as_deref(), Some("other"));
    assert_eq!(fixture.store.reset(b"third").await.unwrap(), None);
    fixture.close().await;
}

async fn somebody_is_always_the_owner(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let set = |by, role| {
        fixture.one(Write::SetRole {
            user: user(by),
            role,
        })
    };
    let code = |outcome: WriteOutcome| outcome.map(drop).map_err(|why| why.code);
    assert_eq!(code(set(1, Role::Admin).await), Err(ErrorCode::Conflict));
    assert_eq!(code(set(99, Role::Admin).await), Err(ErrorCode::NotFound));
    assert_eq!(code(set(1, Role::Owner).await), Ok(()));
    assert_eq!(code(set(2, Role::Owner).await), Ok(()));
    assert_eq!(code(set(1, Role::Member).await), Ok(()));
    assert_eq!(
        code(set(2, Role::Moderator).await),
        Err(ErrorCode::Conflict)
    );
    let accounts = fixture.store.accounts(&[user(1), user(2)]).await.unwrap();
    let roles: Vec<Role> = accounts.iter().map(|account| account.role).collect();
    assert_eq!(roles, [Role::Member, Role::Owner]);

    // An owner who is shut out is none who could stay, and stands in nobody's way.
    let govern = |banned| {
        fixture.one(Write::Govern {
            who: user(2),
            user: user(1),
            role: Some(Role::Owner),
            banned: Some(banned),
            now: 50,
        })
    };
    assert_eq!(code(govern(true).await), Ok(()));
    assert!(
        fixture
            .store
            .account(user(1))
            .await
            .unwrap()
            .unwrap()
            .banned
    );
    assert_eq!(code(set(2, Role::Admin).await), Err(ErrorCode::Conflict));
    assert_eq!(code(set(1, Role::Member).await), Ok(()));
    assert_eq!(code(govern(false).await), Ok(()));
    assert_eq!(code(set(2, Role::Admin).await), Ok(()));
    // Whoever was an owner a moment ago governs as what they are now.
    assert_eq!(code(govern(true).await), Err(ErrorCode::Forbidden));
    fixture.close().await;
}

async fn counts_are_of_others_after_the_read_position(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let counts = |by| {
        let store = Arc::clone(&fixture.store);
        async move {
            let rooms = store.rooms_of(user(by)).await.unwrap();
            (rooms[0].unread, rooms[0].mentions, rooms[0].read_seq)
        }
    };
    fixture
        .all(&[
            send(1, id(), "hello @wren"),
            send(1, id(), "@here"),
            send(2, id(), "hi @WREN"),
            send(1, id(), "mail@wren.example"),
        ])
        .await;
    assert_eq!(
        counts(2).await,
        (3, 2, 2),
        "three of others, two that name her; nothing before she joined"
    );
    fixture
        .one(Write::Read {
            thread: None,
            who: who(2),
            room: general(),
            to: ReadTo {
                seq: 4,
                generation: None,
            },
            from: None,
        })
        .await
        .unwrap();
    assert_eq!(counts(2).await, (2, 1, 4));
    let text = "now @wren".into();
    let edit = does(1, id(), general(), Act::Edit { of: 7, text });
    fixture.one(edit).await.unwrap();
    assert_eq!(counts(2).await, (2, 2, 4));
    fixture
        .one(does(1, id(), general(), Act::Delete { of: 7 }))
        .await
        .unwrap();
    assert_eq!(counts(2).await, (1, 1, 4));
    for (to, expected) in [(2, 4), (1_000, 9), (9, 9)] {
        fixture
            .one(Write::Read {
                thread: None,
                who: who(2),
                room: general(),
                to: ReadTo {
                    seq: to,
                    generation: None,
                },
                from: None,
            })
            .await
            .unwrap();
        assert_eq!(
            counts(2).await.2,
            expected,
            "only ever grows, and past the end means the end"
        );
    }
    fixture.close().await;
}

async fn pages_are_cut_where_they_were_asked(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let writes: Vec<Write> = (4..=13).map(|n| send(1, id(), &n.to_string())).collect();
    fixture.all(&writes).await;
    fixture.one(react(1, 4, "👍", true)).await.unwrap();
    for (at, limit, expected, more, more_after) in [
        (PageAt::Newest, 3, 11..=13, true, None),
        (PageAt::Newest, 100, 4..=13, false, None),
        (PageAt::Before(7), 3, 4..=6, false, None),
        (PageAt::Before(7), 2, 5..=6, true, None),
        (PageAt::After(10), 2, 11..=12, true, None),
        (PageAt::After(10), 3, 11..=13, false, None),
        (PageAt::Around(8), 4, 7..=10, true, Some(true)),
        (PageAt::Around(8), 5, 6..=10, true, Some(true)),
        (PageAt::Around(13), 4, 12..=13, true, Some(false)),
        (PageAt::Around(1), 2, 4..=4, false, Some(true)),
    ] {
        let page = fixture
            .store
            .history(general(), user(1), at, limit)
            .await
            .unwrap();
        let seqs: Vec<u64> = page.messages.iter().map(|message| message.seq).collect();
        assert_eq!(
            (seqs, page.more, page.more_after),
            (expected.collect(), more, more_after),
            "{at:?} {limit}"
        );
    }
    assert_eq!(
        fixture.store.log(general(), 12, 1, 0).await.unwrap().len(),
        1,
        "one entry, however few bytes"
    );
    fixture.close().await;
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    fixture.store.close().await;
    let path = fixture.folder.path().join("hubbub.db");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'newer', 1, x'00', 0)";
    write_into(&path, newer);
    let why = SqliteStore::open(&path, &SqliteConfig::default())
        .await
        .unwrap_err()
        .to_string();
    assert!(why.contains("newer version"), "{why}");
}

/// What later versions added, taken away.
/// What makes a database one of before there were threads.
const WITHOUT_THREADS: &str = "DROP INDEX entries_thread; DROP INDEX entries_replies; DROP INDEX entries_deleted; DROP TABLE threads; DROP TABLE follows;
    ALTER TABLE entries DROP COLUMN thread; ALTER TABLE entries DROP COLUMN nth; ALTER TABLE entries DROP COLUMN in_room;
    ALTER TABLE mentions DROP COLUMN thread; ALTER TABLE mentions DROP COLUMN in_room;
    CREATE INDEX entries_deleted ON entries (room_id, seq, author, kind, deleted) WHERE kind = 0 AND deleted = 1";

const TO_THE_FIRST_VERSION: &[&str] = &[
    WITHOUT_THREADS,
    "ALTER TABLE users DROP COLUMN tz",
    "DROP INDEX entries_deleted",
    "ALTER TABLE entries DROP COLUMN said",
    "ALTER TABLE members DROP COLUMN own_after",
    "ALTER TABLE members DROP COLUMN own_last",
    "CREATE TABLE ids (author INTEGER NOT NULL, id BLOB NOT NULL CHECK (length(id) = 16), room_id INTEGER NOT NULL,
       seq INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (author, id)) STRICT, WITHOUT ROWID",
    "INSERT INTO ids SELECT author, id, room_id, seq, at, kind FROM commands",
    "DROP TABLE commands",
    "ALTER TABLE ids RENAME TO commands",
    "CREATE INDEX entries_messages ON entries (room_id, seq, author, deleted) WHERE kind = 0",
    "DROP TABLE name_looks",
    "DROP INDEX rooms_public_look",
    "ALTER TABLE rooms DROP COLUMN name_look",
    "DROP INDEX sign_ins_by_device",
    "ALTER TABLE entries DROP COLUMN sum",
    "ALTER TABLE sign_ins DROP COLUMN spent_hash",
    "ALTER TABLE sign_ins DROP COLUMN spent_at",
    "DROP TABLE unfinished",
    "DROP TABLE pins",
    "DROP TABLE resets",
    "ALTER TABLE rooms DROP COLUMN read_only",
    "ALTER TABLE rooms DROP COLUMN archived",
    "DROP TABLE saved",
    "ALTER TABLE members DROP COLUMN gen",
    "ALTER TABLE members DROP COLUMN notify",
    "ALTER TABLE members DROP COLUMN muted",
    "ALTER TABLE members DROP COLUMN favourite",
    "ALTER TABLE members DROP COLUMN place",
    "DROP INDEX rooms_hidden",
    "DROP INDEX rooms_public_name",
    "ALTER TABLE rooms DROP COLUMN hidden_at",
    "ALTER TABLE rooms DROP COLUMN hidden_by",
    "CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind = 0 AND deleted_at IS NULL",
    "DELETE FROM _sqlx_migrations WHERE version >= 2",
];

#[tokio::test]
async fn a_database_of_the_first_version_counts_alike_once_it_is_opened() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    let texts = ["one", "two @wren", "three", "four", "@here five"];
    for (turn, text) in texts.into_iter().enumerate() {
        let by = turn as u64 % 3 + 1;
        fixture.one(send(by, id(), text)).await.unwrap();
        fixture.one(react(by, 4, "👍", true)).await.unwrap();
    }
    let delete = does(1, id(), general(), Act::Delete { of: 6 });
    fixture.one(delete).await.unwrap();
    // Two of their own are left unread, among them one after the deleted message.
    let read = Write::Read {
        thread: None,
        who: who(2),
        room: general(),
        to: ReadTo {
            seq: 5,
            generation: None,
        },
        from: None,
    };
    fixture.one(read).await.unwrap();
    let before = fixture.rooms_of_all().await;
    assert!(before.iter().any(|room| room.unread > 0));
    fixture.store.close().await;
    let path = fixture.folder.path().join("hubbub.db");
    for statement in TO_THE_FIRST_VERSION {
        write_into(&path, statement);
    }
    let store = SqliteStore::open(&path, &SqliteConfig::default()).await;
    let fixture = Fixture {
        store: Arc::new(store.unwrap()),
        ..fixture
    };
    assert_eq!(fixture.rooms_of_all().await, before);
    // How people of before look is known.
    let looks = protocol::name_looks("ADA");
    assert!(fixture.store.is_taken(&looks).await.unwrap());
    let made = fixture.one(create_room(RoomKind::Public, "GeneraI")).await;
    assert_eq!(
        made.map(drop).map_err(|why| why.code),
        Err(ErrorCode::Conflict)
    );
    fixture.one(send(1, id(), "six")).await.unwrap();
    fixture.close().await;
}

/// Whether these bytes are in a file of the store.
fn is_kept(folder: &TempDir, words: &str) -> bool {
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.any(|bytes| {
        bytes
            .windows(words.len())
            .any(|some| some == words.as_bytes())
    })
}

/// Waits until no file has these bytes.
async fn gone_from(folder: &TempDir, words: &str) {
    for _ in 0..200 {
        if !is_kept(folder, words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is still there: {words}");
}

#[tokio::test]
async fn the_texts_of_a_room_that_is_deleted_are_in_no_file() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    let made = fixture.one(create_room(RoomKind::Private, "attic")).await;
    let Reply::Room { room, .. } = made.unwrap().reply else {
        panic!("no room")
    };
    let words = "a word that nobody else says";
    let act = Act::Send {
        text: words.into(),
        reply_to: None,
        thread: None,
    };
    fixture.one(does(2, id(), room, act)).await.unwrap();
    // What a start empties the log of was there before.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(is_kept(&fixture.folder, words));
    let delete = Write::DeleteRoom {
        who: who(2),
        room,
        now: 2,
    };
    fixture.one(delete).await.unwrap();
    assert!(is_kept(&fixture.folder, words), "it can be brought back");
    let erase = Write::EraseRoom { now: 40_000 };
    fixture.one(erase).await.unwrap();
    gone_from(&fixture.folder, words).await;
    fixture.close().await;
}

#[tokio::test]
async fn a_text_that_is_deleted_is_in_no_file() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    // More than a page of the file holds, twice.
    let words = "a word that nobody else says";
    let text = words.repeat(250);
    fixture.one(send(1, id(), &text)).await.unwrap();
    let edit = does(
        1,
        id(),
        general(),
        Act::Edit {
            of: 4,
            text: format!("{text} once more"),
        },
    );
    fixture.one(edit).await.unwrap();
    for _ in 0..50 {
        fixture.one(send(1, id(), "something else")).await.unwrap();
    }
    assert!(is_kept(&fixture.folder, words));
    let delete = does(1, id(), general(), Act::Delete { of: 4 });
    fixture.one(delete).await.unwrap();
    gone_from(&fixture.folder, words).await;
    fixture.one(send(1, id(), "one more")).await.unwrap();
    fixture.store.close().await;
    assert!(!is_kept(&fixture.folder, words));
    fixture.close().await;
}

/// Pages that are read while messages change: each has just what the log says up to its `last_seq`.
async fn a_page_is_of_the_moment_that_it_tells(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for text in ["first", "second"] {
        fixture.one(send(1, id(), text)).await.unwrap();
    }
    let written = async {
        for round in 0..60_u64 {
            let by = round % 3 + 1;
            fixture
                .one(react(by, 4, "👍", round % 2 == 0))
                .await
                .unwrap();
            let text = format!("first, {round}");
            let edit = does(1, id(), general(), Act::Edit { of: 4, text });
            fixture
                .all(&[edit, react(by, 5, "🎉", round % 4 < 2)])
                .await;
            tokio::task::yield_now().await;
        }
    };
    let mut pages = Vec::new();
    let read = async {
        loop {
            for at in [PageAt::Newest, PageAt::Before(6), PageAt::Around(4)] {
                let page = fixture.store.history(general(), user(2), at, 3).await;
                pages.push(page.unwrap());
                // A store in memory answers at once.
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::select! {
        () = written => {}
        () = read => {}
    }
    let log = fixture
        .store
        .log(general(), 0, 1_000, 1 << 20)
        .await
        .unwrap();
    assert!(pages.len() > 10, "{}", pages.len());
    for page in pages {
        let past = log.iter().filter(|event| event.seq <= page.last_seq);
        for message in &page.messages {
            let (mut text, mut given) = (None, std::collections::BTreeSet::new());
            for event in past.clone() {
                match &event.kind {
                    EventKind::Edit { of, text: new, .. } if *of == message.seq => {
                        text.clone_from(new);
                    }
                    EventKind::Reaction { of, on: true, .. } if *of == message.seq => {
                        given.insert(event.by);
                    }
                    EventKind::Reaction { of, on: false, .. } if *of == message.seq => {
                        given.remove(&event.by);
                    }
                    _ => {}
                }
            }
            let at = format!("{} of a page of {}", message.seq, page.last_seq);
            if text.is_some() {
                assert_eq!(message.text, text, "{at}");
            }
            let count = message.reactions.iter().map(|one| one.count).sum::<u32>();
            assert_eq!(count as usize, given.len(), "{at}");
        }
    }
    fixture.close().await;
}

async fn rooms_come_and_go(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let outcomes = fixture
        .all(&[
            create_room(RoomKind::Public, "attic"),
            create_room(RoomKind::Public, "ＡＴＴＩＣ"),
            create_room(RoomKind::Private, "attic"),
        ])
        .await;
    assert_eq!(
        outcomes[1].as_ref().map_err(|why| why.code),
        Err(ErrorCode::Conflict)
    );
    let Ok(Done {
        reply: Reply::Room { room, .. },
        events,
        ..
    }) = &outcomes[0]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!(events.len(), 1);
    assert_eq!(
        fixture
            .one(Write::DeleteRoom {
                who: who(3),
                room: *room,
                now: 2
            })
            .await
            .map_err(|why| why.code),
        Err(ErrorCode::Forbidden)
    );
    fixture
        .one(Write::DeleteRoom {
            who: who(2),
            room: *room,
            now: 2,
        })
        .await
        .unwrap();
    assert!(fixture.store.room(*room, user(2)).await.unwrap().is_none());
    assert!(
        fixture
            .one(create_room(RoomKind::Public, "attic"))
            .await
            .is_ok(),
        "its name is free again"
    );
    fixture.close().await;
}

/// Two public rooms that a reader could take for each other, whether in small letters or as they are written.
async fn public_rooms_do_not_look_alike(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let refused = Err(ErrorCode::Conflict);
    let alpha = fixture.one(create_room(RoomKind::Public, "Alpha")).await;
    let other = fixture.one(create_room(RoomKind::Public, "Bureau l")).await;
    for name in ["AIpha", "aIpha", "Αlpha", "A1pha", "Bureau I", "bureau |"] {
        let made = fixture.one(create_room(RoomKind::Public, name)).await;
        assert_eq!(made.map(drop).map_err(|why| why.code), refused, "{name}");
        assert!(
            fixture
                .one(create_room(RoomKind::Private, name))
                .await
                .is_ok()
        );
    }
    let Ok(Done {
        reply: Reply::Room { room, .. },
        ..
    }) = other
    else {
        panic!("{other:?}")
    };
    let rename = |name: &str| Write::ChangeRoom {
        who: who(2),
        room,
        patch: RoomPatch {
            name: Some(name.into()),
            ..RoomPatch::default()
        },
        now: 3,
    };
    let renamed = fixture.one(rename("AIpha")).await;
    assert_eq!(renamed.map(drop).map_err(|why| why.code), refused);
    // One's own look is no obstacle, and a look that is given up is free.
    fixture.one(rename("bureau I")).await.unwrap();
    fixture.one(rename("Kitchen")).await.unwrap();
    fixture
        .one(create_room(RoomKind::Public, "bureau l"))
        .await
        .unwrap();
    assert!(alpha.is_ok());
    fixture.close().await;
}
