//! A store that was damaged: `verify` tells what is wrong, and where.

mod damage;
mod postgres;

use std::path::Path;

use protocol::{Act, Command, InThread, MessageId, Role, RoomId, RoomKind, UserId, rights::Who};
use server::store::{
    SignUp, Store, Write,
    sqlite::{
        SqliteConfig, SqliteStore,
        verify::{verify, verify_deep},
    },
    verify::MAX_LINES,
};
use tempfile::TempDir;
use testing::{PASSWORD, ServerProcess, TestApi};

use crate::support::HUBBUB;
use damage::{COUNTS, Damage, LOG, TEXTS, THREADS};

const ROOM: u64 = 1;

fn room(number: u64) -> RoomId {
    RoomId::new(number).unwrap()
}

fn who(number: u64) -> Who {
    Who {
        id: UserId::new(number).unwrap(),
        role: if number == 1 {
            Role::Owner
        } else {
            Role::Member
        },
    }
}

/// Ids that the lines can be read by.
fn id(number: u128) -> MessageId {
    MessageId::from_u128(number)
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

fn send(by: u64, number: u128, text: &str, reply_to: Option<u64>) -> Write {
    Write::command(
        who(by),
        Command {
            id: id(number),
            room: room(ROOM),
            act: Act::Send {
                text: text.into(),
                reply_to,
                thread: None,
            },
        },
        10,
    )
}

fn edit(by: u64, number: u128, of: u64, text: &str) -> Write {
    Write::command(
        who(by),
        Command {
            id: id(number),
            room: room(ROOM),
            act: Act::Edit {
                of,
                text: text.into(),
            },
        },
        20,
    )
}

fn delete(by: u64, number: u128, of: u64) -> Write {
    Write::command(
        who(by),
        Command {
            id: id(number),
            room: room(ROOM),
            act: Act::Delete { of },
        },
        30,
    )
}

fn react(by: u64, number: u128, emoji: &str, on: bool) -> Write {
    Write::command(
        who(by),
        Command {
            id: id(number),
            room: room(ROOM),
            act: Act::React {
                of: 4,
                emoji: emoji.to_owned(),
                on,
            },
        },
        40,
    )
}

/// A store in which everything was done that can be.
async fn store() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hubbub.db");
    let store = SqliteStore::open(&path, &SqliteConfig::default())
        .await
        .unwrap();
    fill(&store).await;
    store.close().await;
    folder
}

/// Does everything in a store that can be done.
async fn fill(store: &dyn Store) {
    let make = |name: &str| Write::CreateRoom {
        who: who(1),
        kind: RoomKind::Public,
        name: name.to_owned(),
        topic: String::new(),
        now: 2,
    };
    let gone = Write::command(
        who(1),
        Command {
            id: id(99),
            room: room(3),
            act: Act::Send {
                text: "this room is deleted".into(),
                reply_to: None,
                thread: None,
            },
        },
        10,
    );
    let writes = [
        // They join: 1 to 3.
        account("ada"),
        account("wren"),
        account("zhou"),
        send(1, 4, "hello @wren", None),
        send(2, 5, "an answer", Some(4)),
        edit(1, 6, 4, "hello again, @wren"),
        send(3, 7, "soon gone @ada", None),
        edit(3, 8, 7, "gone now @ada"),
        delete(3, 9, 7),
        react(2, 10, "👍", true),
        react(3, 11, "👍", true),
        react(3, 12, "👍", false),
        send(3, 13, "@here, look", None),
        // Both change nothing, and have no entry of their own.
        react(2, 14, "👍", true),
        react(3, 15, "🎉", false),
        make("walks"),
        make("deleted"),
        gone,
        Write::DeleteRoom {
            who: who(1),
            room: room(3),
            now: 50,
        },
        Write::EraseRoom { now: 40_000 },
    ];
    all(store, &writes).await;
}

async fn all(store: &dyn Store, writes: &[Write]) {
    for outcome in store.commit(writes.into()).await.unwrap() {
        outcome.unwrap();
    }
}

async fn wrong(path: &Path) -> Vec<String> {
    verify(path).await.unwrap().wrong
}

fn damage(path: &Path, statements: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.pragma_update(None, "foreign_keys", "OFF").unwrap();
    db.execute_batch(statements).unwrap();
}

async fn told(cases: &[Damage]) -> usize {
    let whole = store().await;
    told_of(&whole.path().join("hubbub.db"), cases).await
}

async fn told_of(whole: &Path, cases: &[Damage]) -> usize {
    assert_eq!(wrong(whole).await, Vec::<String>::new());
    let folder = tempfile::tempdir().unwrap();
    for (at, (statements, lines)) in cases.iter().enumerate() {
        let path = folder.path().join(format!("{at}.db"));
        std::fs::copy(whole, &path).unwrap();
        damage(&path, statements);
        assert_eq!(wrong(&path).await, *lines, "{statements}");
    }
    cases.len()
}

#[tokio::test]
async fn a_log_that_was_damaged_is_told_with_its_place() {
    assert_eq!(told(LOG).await, 23, "kinds of damage");
}

#[tokio::test]
async fn messages_that_do_not_stand_as_they_were_said_are_told() {
    assert_eq!(told(TEXTS).await, 16, "kinds of damage");
}

#[tokio::test]
async fn what_counts_are_made_from_is_held_against_the_log() {
    assert_eq!(told(COUNTS).await, 24, "kinds of damage");
}

#[tokio::test]
async fn threads_are_held_against_the_log() {
    let folder = store().await;
    let path = folder.path().join("hubbub.db");
    let config = SqliteConfig::default();
    let store = SqliteStore::open(&path, &config).await.unwrap();
    all(&store, &replies()).await;
    store.close().await;
    assert_eq!(told_of(&path, THREADS).await, 15, "kinds of damage");
}

/// A thread, in the store that [`fill`] filled.
fn replies() -> [Write; 3] {
    let reply = |by: u64, number: u128, also: bool, text: &str| {
        let thread = InThread { root: 13, also };
        let act = Act::Send {
            text: text.into(),
            reply_to: None,
            thread: Some(thread),
        };
        let (id, room) = (id(number), room(ROOM));
        Write::command(who(by), Command { id, room, act }, 60)
    };
    [
        reply(2, 20, false, "I look @ada"),
        reply(1, 21, true, "so do I"),
        reply(2, 22, false, "good"),
    ]
}

#[tokio::test]
async fn an_index_that_lacks_a_message_is_damage() {
    let folder = store().await;
    let path = folder.path().join("hubbub.db");
    // The index of edits is made again without one of them.
    let schema = |from: &str, to: &str| {
        format!(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') WHERE name = 'entries_edits'"
        )
    };
    let (all, fewer) = ("WHERE kind = 1", "WHERE kind = 1 AND seq <> 6");
    damage(&path, &schema(all, fewer));
    damage(&path, "REINDEX entries_edits");
    damage(&path, &schema(fewer, all));
    assert_eq!(
        wrong(&path).await,
        [
            "the file is damaged: row 6 missing from index entries_edits",
            "a message does not stand as its last edit says: room 1 seq 4"
        ]
    );
}

#[tokio::test]
async fn a_check_tells_so_many_lines_and_no_more() {
    let folder = store().await;
    let path = folder.path().join("hubbub.db");
    damage(
        &path,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
         INSERT INTO members (room_id, user_id, joined_at) SELECT 1, 100 + n, 1 FROM n",
    );
    let wrong = wrong(&path).await;
    assert_eq!(wrong.len(), MAX_LINES as usize);
    assert_eq!(
        wrong.last().unwrap(),
        "somebody is a member whom the log did not let in: room 1 user 150"
    );
}

/// Turns one bit over in the file, where `text` stands.
fn turn_over(path: &Path, text: &str, bit: u8) -> usize {
    let mut bytes = std::fs::read(path).unwrap();
    let mut places = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..]
        .windows(text.len())
        .position(|window| window == text.as_bytes())
    {
        at += found;
        bytes[at + 1] ^= 1 << bit;
        at += text.len();
        places += 1;
    }
    std::fs::write(path, bytes).unwrap();
    places
}

#[tokio::test]
async fn a_bit_that_turned_over_in_a_text_is_found() {
    let whole = store().await;
    let whole = whole.path().join("hubbub.db");
    let report = verify_deep(&whole).await.unwrap();
    assert_eq!((report.wrong, report.unsummed), (vec![], Some(0)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hubbub.db");
    // One gives another letter, one a byte that is no UTF-8; a message, an answer, and an edit.
    for (text, seq) in [
        ("@here, look", 13),
        ("an answer", 5),
        ("hello again, @wren", 6),
    ] {
        for bit in [0, 3, 7] {
            std::fs::copy(&whole, &path).unwrap();
            assert!(turn_over(&path, text, bit) > 0, "{text} is in the file");
            let wrong = verify_deep(&path).await.unwrap().wrong;
            let line = format!("a text is not what was written: room 1 seq {seq}");
            assert!(
                wrong.iter().any(|said| said.starts_with(&line)),
                "{text} {bit}: {wrong:?}"
            );
        }
    }
}

#[tokio::test]
async fn texts_from_before_there_were_checksums_are_counted() {
    let folder = store().await;
    let path = folder.path().join("hubbub.db");
    damage(&path, "UPDATE entries SET sum = NULL WHERE seq = 5");
    let report = verify_deep(&path).await.unwrap();
    assert_eq!((report.wrong, report.unsummed), (vec![], Some(1)));
    let of_deleted = "UPDATE entries SET sum = 7 WHERE seq = 7";
    damage(&path, of_deleted);
    assert_eq!(
        verify_deep(&path).await.unwrap().wrong,
        ["a text that is gone left its checksum: room 1 seq 7"]
    );
}

/// Runs `hubbub verify` where the data folder is mounted read-only; none where this system lets nobody do so.
async fn verify_read_only(data: &Path) -> Option<(Option<i32>, String)> {
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && ! touch \"$1/x\" 2>/dev/null || exit 77; \
                  exec \"$0\" verify --deep --data-dir \"$1\"";
    let ran = tokio::process::Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script])
        .arg(HUBBUB)
        .arg(data)
        .output()
        .await
        .ok()?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let refused = ran.status.code() == Some(77) || said.is_empty();
    (!refused).then_some((ran.status.code(), said))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_nothing_may_be_written_to_is_verified() {
    let folder = store().await;
    let data = folder.path();
    let Some((status, said)) = verify_read_only(data).await else {
        println!("skipped: nothing can be mounted read-only here");
        return;
    };
    assert_eq!(status, Some(0), "{said}");
    assert!(said.ends_with(" 0 wrong\n"), "{said}");
    assert!(!data.join("hubbub.db-shm").exists());
    // Killed: its log holds what the database has not, and the readers' file is stale, or gone as after a copy.
    let server = ServerProcess::start(HUBBUB, &data.join("killed"), "127.0.0.1:0").await;
    let api = TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let room = api.room("public", "walks").await;
    api.say(room, "in the log only").await;
    server.kill().await;
    for readers in [true, false] {
        if !readers {
            std::fs::remove_file(data.join("killed/hubbub.db-shm")).unwrap();
        }
        let (status, said) = verify_read_only(&data.join("killed")).await.unwrap();
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains("2 rooms"), "{said}");
    }
}
