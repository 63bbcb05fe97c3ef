//! The same damage in PostgreSQL, and what only that store keeps.

use server::store::{
    StoreError,
    postgres::{
        PostgresConfig, PostgresStore,
        verify::{verify, verify_deep},
    },
};
use testing::{
    ServerProcess,
    postgres::{copy_database, drop_database, new_database, tell_in},
};

use super::{
    Store as _, all,
    damage::{COUNTS, Damage, LOG, TEXTS, THREADS},
    fill, replies,
};
use crate::support::HUBBUB;

fn reached(url: &str) -> PostgresConfig {
    PostgresConfig {
        url: url.to_owned(),
        ..PostgresConfig::default()
    }
}

/// A store in which everything was done that can be, by its address; with a thread, if it shall be.
async fn store(threads: bool) -> String {
    let url = new_database().await;
    let store = PostgresStore::open(&reached(&url)).await.unwrap();
    fill(&store).await;
    if threads {
        all(&store, &replies()).await;
    }
    store.close().await;
    url
}

/// What is told of a store, sorted: PostgreSQL finds rows in whatever order.
async fn wrong(url: &str) -> Vec<String> {
    let mut wrong = verify(&reached(url)).await.unwrap().wrong;
    wrong.sort_unstable();
    wrong
}

/// The same damage, done to the columns that PostgreSQL has; none where its columns cannot hold it.
fn spelled(statements: &str) -> Option<String> {
    if statements.contains("said = NULL") {
        return None;
    }
    let spelled = statements
        .replace("x'", "'")
        .replace(
            "author) VALUES (3, 1, 4, 1)",
            "author, at) VALUES (3, 1, 4, 1, 10)",
        )
        .replace(
            "author) VALUES (3, 1, 5, 2)",
            "author, at) VALUES (3, 1, 5, 2, 10)",
        )
        .replace(
            "author) VALUES (1, 1, 7, 3)",
            "author, at) VALUES (1, 1, 7, 3, 10)",
        );
    let Some((before, ends)) = spelled.split_once("UPDATE rooms SET last_seq = ") else {
        return Some(spelled);
    };
    let ends = ends.replace(" WHERE id", ", last_at = 1000 WHERE room_id");
    Some(format!("{before}UPDATE heads SET last_seq = {ends}"))
}

async fn told_of(whole: &str, cases: &[Damage]) -> usize {
    assert_eq!(wrong(whole).await, Vec::<String>::new());
    let mut told = 0;
    for (statements, lines) in cases {
        let Some(statements) = spelled(statements) else {
            continue;
        };
        let url = copy_database(whole).await;
        tell_in(&url, &statements).await;
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        assert_eq!(wrong(&url).await, lines, "{statements}");
        drop_database(&url).await;
        told += 1;
    }
    drop_database(whole).await;
    told
}

#[tokio::test]
async fn a_log_that_was_damaged_is_told_with_its_place() {
    let told = told_of(&store(false).await, LOG).await;
    assert_eq!(told, 22, "kinds of damage");
}

#[tokio::test]
async fn messages_that_do_not_stand_as_they_were_said_are_told() {
    let told = told_of(&store(false).await, TEXTS).await;
    assert_eq!(told, 16, "kinds of damage");
}

#[tokio::test]
async fn what_counts_are_made_from_is_held_against_the_log() {
    let told = told_of(&store(false).await, COUNTS).await;
    assert_eq!(told, 24, "kinds of damage");
}

#[tokio::test]
async fn threads_are_held_against_the_log() {
    let told = told_of(&store(true).await, THREADS).await;
    assert_eq!(told, 15, "kinds of damage");
}

/// What SQLite does not keep.
const OWN: &[Damage] = &[
    (
        "UPDATE heads SET said = said + 1 WHERE room_id = 1",
        &["the head of the room tells its messages or its time wrong: room 1"],
    ),
    (
        "UPDATE heads SET last_at = 0 WHERE room_id = 1",
        &["the head of the room tells its messages or its time wrong: room 1"],
    ),
    (
        "DELETE FROM heads WHERE room_id = 2",
        &["the room does not end where its log does: room 2 last_seq 0, the log ends at 1"],
    ),
    (
        "UPDATE mentions SET at = 11 WHERE seq = 4",
        &["a mention has another time than its message: room 1 seq 4 user 2"],
    ),
    (
        "UPDATE users SET handle_key = 'eve' WHERE id = 2",
        &["a name is looked up by another key: user 2"],
    ),
    (
        "ALTER TABLE rooms ALTER COLUMN id RESTART WITH 2",
        &["the next id of rooms was given already"],
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'follows_of_thread'::regclass",
        &["the database is damaged: the index follows_of_thread is not valid"],
    ),
    (
        "DROP INDEX pins_now; ALTER TABLE pins DROP CONSTRAINT pins_pkey",
        &[
            "the database is damaged: there is no index pins_now",
            "the database is damaged: there is no index pins_pkey",
        ],
    ),
    (
        "ALTER TABLE pins ADD CONSTRAINT flag CHECK (pinned IN (0, 1)) NOT VALID",
        &["the database is damaged: the constraint flag was never checked"],
    ),
];

#[tokio::test]
async fn what_only_postgresql_keeps_is_held_against_the_log() {
    let told = told_of(&store(false).await, OWN).await;
    assert_eq!(told, OWN.len(), "kinds of damage");
}

#[tokio::test]
async fn a_text_that_is_not_what_was_written_is_found() {
    let url = store(false).await;
    let report = verify_deep(&reached(&url)).await.unwrap();
    assert_eq!((report.wrong, report.unsummed), (vec![], Some(0)));
    tell_in(&url, "UPDATE entries SET text = 'an answes' WHERE seq = 5; UPDATE entries SET sum = NULL WHERE seq = 13").await;
    assert_eq!(wrong(&url).await, Vec::<String>::new());
    let report = verify_deep(&reached(&url)).await.unwrap();
    let line = "a text is not what was written: room 1 seq 5".to_owned();
    assert_eq!((report.wrong, report.unsummed), (vec![line], Some(1)));
    drop_database(&url).await;
}

#[tokio::test]
async fn what_is_no_store_of_this_release_is_not_read() {
    let url = new_database().await;
    let why = verify(&reached(&url)).await.unwrap_err();
    assert!(why.to_string().contains("no database of Hubbub"), "{why}");
    let store = PostgresStore::open(&reached(&url)).await.unwrap();
    store.close().await;
    tell_in(
        &url,
        "INSERT INTO hubbub_schema (version, oldest) VALUES (99, 1)",
    )
    .await;
    let why = verify(&reached(&url)).await.unwrap_err();
    assert!(matches!(why, StoreError::Newer(99)), "{why}");
    drop_database(&url).await;
}

#[tokio::test]
async fn the_command_tells_what_it_found_by_its_status_beside_a_server_too() {
    let url = store(false).await;
    let holder = PostgresStore::open(&reached(&url)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (statement, status, last) in [
        ("SELECT 1", 0, "2 rooms, 14 entries, 0 wrong\n"),
        (
            "UPDATE heads SET last_seq = 12 WHERE room_id = 1",
            1,
            "2 rooms, 14 entries, 1 wrong\n",
        ),
    ] {
        tell_in(&url, statement).await;
        let mut command = ServerProcess::command(HUBBUB, folder.path());
        let flag = format!("--database-url={url}");
        let ran = command.args(["verify", "--deep", &flag]).output().await;
        let ran = ran.unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(ran.status.code(), Some(status), "{said}");
        assert!(said.ends_with(last), "{said}");
    }
    holder.close().await;
    drop(holder);
    drop_database(&url).await;
}
