//! The conformance suite of stores: what every store behind [`Store`] must do.

mod random;

use std::sync::Arc;

use protocol::{
    Act, Command, ErrorCode, Event, EventKind, MessageId, Role, RoomId, RoomKind, RoomSummary,
    UserId,
};
use server::{
    auth::rights::Who,
    store::{
        Done, Outcome, PageAt, Reply, SignUp, Store, Write,
        sqlite::{SqliteConfig, SqliteStore, verify::verify_deep},
    },
};
use tempfile::TempDir;
use testing::memory::MemoryStore;

use crate::support::id;

/// The stores that the suite is run on.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sqlite,
    Memory,
}

struct Fixture {
    store: Arc<dyn Store>,
    folder: TempDir,
    kind: Kind,
}

impl Fixture {
    async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hubbub.db");
        let store: Arc<dyn Store> = match kind {
            Kind::Sqlite => {
                let opened = SqliteStore::open(&path, &SqliteConfig::default()).await;
                Arc::new(opened.unwrap())
            }
            Kind::Memory => Arc::new(MemoryStore::default()),
        };
        let fixture = Self {
            store,
            folder,
            kind,
        };
        for name in ["ada", "wren", "zhou"] {
            fixture.one(account(name)).await.unwrap();
        }
        fixture
    }

    async fn one(&self, write: Write) -> Outcome {
        self.all(&[write]).await.remove(0)
    }

    async fn all(&self, writes: &[Write]) -> Vec<Outcome> {
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

fn say(text: &str) -> Act {
    Act::Send {
        text: text.into(),
        reply_to: None,
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

fn seq(outcome: &Outcome) -> Result<(u64, bool), ErrorCode> {
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
    };
}

mod sign_ins;
mod texts;

on_every_store!(
    a_batch_keeps_its_order_and_refuses_alone,
    texts_come_back_byte_for_byte,
    reactions_are_acked_with_what_made_them_so,
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
    for beyond in [u64::MAX, u64::MAX / 2 + 1, protocol::limits::MAX_ID + 1] {
        let answer = Act::Send {
            text: "an answer".into(),
            reply_to: Some(beyond),
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
                    who: who(1),
                    room: general(),
                    seq: beyond,
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
    assert_eq!(store.users_page("", beyond, 5).await.unwrap().users, vec![]);
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
            who: who(2),
            room: general(),
            seq: 4,
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
                who: who(2),
                room: general(),
                seq: to,
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
        who: who(2),
        room: general(),
        seq: 5,
        from: None,
    };
    fixture.one(read).await.unwrap();
    let before = fixture.rooms_of_all().await;
    assert!(before.iter().any(|room| room.unread > 0));
    fixture.store.close().await;
    let path = fixture.folder.path().join("hubbub.db");
    for statement in [
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
        "DELETE FROM _sqlx_migrations WHERE version >= 2",
    ] {
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
        name: Some(name.into()),
        topic: None,
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
