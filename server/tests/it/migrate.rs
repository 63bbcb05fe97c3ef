//! `hubbub migrate`: a server serves from where its store was moved to, and what may not be moved is left as it was.

use std::path::Path;

use protocol::RoomId;
use tempfile::TempDir;
use testing::{
    PASSWORD, ServerProcess, TestApi,
    postgres::{drop_database, new_database, tell_in},
};
use tokio::process::Command;
use tokio_postgres::{Client, NoTls};

use crate::support::HUBBUB;

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

/// The exit status, and what it said on both ways.
async fn ran(words: &[&str]) -> (i32, String) {
    let ran = Command::new(HUBBUB).args(words).output().await.unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (ran.status.code().unwrap(), said)
}

fn path(folder: &TempDir) -> String {
    folder.path().display().to_string()
}

async fn serve(folder: &Path, flags: &[&str]) -> ServerProcess {
    ServerProcess::with_flags(HUBBUB, folder, "127.0.0.1:0", flags).await
}

/// A data folder in which two people said something.
async fn data() -> (TempDir, TestApi) {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), &[]).await;
    let ada = TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let wren = TestApi::sign_up(&server.url, "wren", PASSWORD).await;
    ada.say(general(), "hello @wren").await;
    wren.say(general(), "good morning").await;
    assert_eq!(server.terminate().await, Some(0));
    (folder, ada)
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Whether nothing of a store is in a database.
async fn is_empty(url: &str) -> bool {
    let client = connect(url).await;
    let there = client
        .query_one("SELECT to_regclass('users') IS NULL", &[])
        .await;
    if there.unwrap().get(0) {
        return true;
    }
    let row = client.query_one("SELECT COUNT(*) FROM users", &[]).await;
    row.unwrap().get::<_, i64>(0) == 0
}

async fn texts(api: &TestApi) -> Vec<String> {
    let (status, page) = api.get("/rooms/1/messages").await;
    assert_eq!(status, 200, "{page}");
    let messages = page["messages"].as_array().unwrap();
    let text = |message: &serde_json::Value| message["text"].as_str().unwrap().to_owned();
    messages.iter().map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_serves_from_where_its_store_was_moved_to() {
    let (folder, _) = data().await;
    let url = new_database().await;
    let (status, said) = ran(&["migrate", &path(&folder), &url]).await;
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("1 rooms, 4 entries"), "{said}");
    assert!(said.contains("verify finds nothing wrong: done"), "{said}");
    let flag = format!("--database-url={url}");
    let server = serve(folder.path(), &[&flag]).await;
    let again = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(texts(&again).await, ["hello @wren", "good morning"]);
    assert_eq!(again.say(general(), "from PostgreSQL").await, 5);
    let zhou = TestApi::sign_up(&server.url, "zhou", PASSWORD).await;
    assert_eq!(zhou.user.get(), 3, "the next id");
    assert_eq!(server.terminate().await, Some(0));
    // And back, to a new folder.
    let back = tempfile::tempdir().unwrap();
    let (status, said) = ran(&["migrate", &url, &path(&back)]).await;
    assert_eq!(status, 0, "{said}");
    let server = serve(back.path(), &[]).await;
    let again = TestApi::sign_in(&server.url, "zhou", PASSWORD)
        .await
        .unwrap();
    let said = texts(&again).await;
    assert_eq!(said, ["hello @wren", "good morning", "from PostgreSQL"]);
    let kim = TestApi::sign_up(&server.url, "kim", PASSWORD).await;
    assert_eq!(kim.user.get(), 4, "the next id");
    assert_eq!(server.terminate().await, Some(0));
    drop_database(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_uses_is_not_moved() {
    let (folder, _) = data().await;
    let url = new_database().await;
    let flag = format!("--database-url={url}");
    let other = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let servers = [
        serve(folder.path(), &[]).await,
        serve(other.path(), &[&flag]).await,
    ];
    let file = format!("sqlite://{}/hubbub.db", path(&folder));
    let free = new_database().await;
    for (from, to, told) in [
        (
            path(&folder),
            &free,
            "another hubbub serves from the data folder",
        ),
        (
            file,
            &free,
            "another program has it open; stop the server first",
        ),
        (
            url.clone(),
            &path(&empty),
            "another hubbub serves from this database",
        ),
    ] {
        let (status, said) = ran(&["migrate", &from, to]).await;
        assert_eq!((status, said.contains(told)), (1, true), "{said}");
    }
    let [first, second] = servers;
    assert_eq!(first.terminate().await, Some(0));
    let (status, said) = ran(&["migrate", &path(&folder), &url]).await;
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("TO: another hubbub serves from this database"),
        "{said}"
    );
    assert_eq!(second.terminate().await, Some(0));
    assert!(is_empty(&free).await);
    assert!(!empty.path().join("hubbub.db").exists());
    for url in [url, free] {
        drop_database(&url).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_and_left_as_it_was() {
    let (folder, _) = data().await;
    let (data, url) = (path(&folder), new_database().await);
    let nowhere = folder.path().join("nowhere").display().to_string();
    for (from, to, status, told) in [
        (
            &data,
            &"elsewhere".to_owned(),
            2,
            "one of FROM and TO is postgres://",
        ),
        (&nowhere, &url, 1, "there is no such file"),
        (
            &url,
            &path(&tempfile::tempdir().unwrap()),
            1,
            "no database of Hubbub",
        ),
    ] {
        let (ended, said) = ran(&["migrate", from, to]).await;
        assert_eq!((ended, said.contains(told)), (status, true), "{said}");
    }
    assert!(!Path::new(&nowhere).exists());
    tell_in(&url, "CREATE TABLE users (id INTEGER)").await;
    let (status, said) = ran(&["migrate", &data, &url]).await;
    assert_eq!((status, said.contains("is not empty")), (1, true), "{said}");
    tell_in(&url, "DROP TABLE users").await;
    let (status, said) = ran(&["migrate", &data, &url]).await;
    assert_eq!(status, 0, "{said}");
    for (from, to) in [(&data, &url), (&url, &data)] {
        let (status, said) = ran(&["migrate", from, to]).await;
        assert_eq!((status, said.contains("is not empty")), (1, true), "{said}");
    }
    drop_database(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_another_release_and_a_damaged_one_are_not_moved() {
    let (folder, _) = data().await;
    let (data, url) = (path(&folder), new_database().await);
    let damage = |statements: &str| {
        let db = rusqlite::Connection::open(folder.path().join("hubbub.db")).unwrap();
        db.execute_batch(statements).unwrap();
    };
    for (damaged, mended, told) in [
        (
            "INSERT INTO _sqlx_migrations SELECT 999, '', '', TRUE, x'', 0",
            "DELETE FROM _sqlx_migrations WHERE version = 999",
            "belongs to a newer version",
        ),
        (
            "INSERT INTO unfinished VALUES ('mentions')",
            "DELETE FROM unfinished",
            "is of an older release",
        ),
        (
            "UPDATE entries SET said = said + 1 WHERE seq = 4",
            "UPDATE entries SET said = said - 1 WHERE seq = 4",
            "the messages are counted wrong: room 1 from seq 4",
        ),
    ] {
        damage(damaged);
        let (status, said) = ran(&["migrate", &data, &url]).await;
        assert_eq!((status, said.contains(told)), (1, true), "{said}");
        assert!(is_empty(&url).await);
        damage(mended);
    }
    let (status, said) = ran(&["migrate", &data, &url]).await;
    assert_eq!(status, 0, "{said}");
    let nowhere = folder.path().join("nowhere").display().to_string();
    tell_in(
        &url,
        "INSERT INTO hubbub_schema (version, oldest) VALUES (99, 1)",
    )
    .await;
    let (status, said) = ran(&["migrate", &url, &nowhere]).await;
    assert_eq!(
        (status, said.contains("a newer version")),
        (1, true),
        "{said}"
    );
    drop_database(&url).await;
}

/// Tables without rows, as a server leaves them to whom nobody came.
async fn begun() -> String {
    let url = new_database().await;
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), &[&format!("--database-url={url}")]).await;
    assert_eq!(server.terminate().await, Some(0));
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_is_held_against_what_was_sent() {
    let (folder, _) = data().await;
    let url = begun().await;
    tell_in(
        &url,
        "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.seen_at = NEW.seen_at + 1; RETURN NEW; END';
         CREATE TRIGGER other BEFORE INSERT ON sign_ins FOR EACH ROW WHEN (NEW.user_id = 2) EXECUTE FUNCTION other()",
    )
    .await;
    let (status, said) = ran(&["migrate", &path(&folder), &url]).await;
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains(
            "the table sign_ins is another in TO than in FROM (2 rows were sent, 2 are there)"
        ),
        "{said}"
    );
    assert!(is_empty(&url).await);
    drop_database(&url).await;
}

/// Begins a move, kills it where it waits for the table that `lock` locks, and lets the table go.
async fn killed(words: [&str; 3], url: &str, lock: &str) {
    let holder = connect(url).await;
    holder
        .batch_execute(&format!("BEGIN; {lock}"))
        .await
        .unwrap();
    let mut moving = Command::new(HUBBUB)
        .args(words)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let waits = "SET statement_timeout = '20s';
        DO $$ BEGIN WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'mentions'::regclass)
        LOOP PERFORM pg_sleep(0.01); END LOOP; END $$";
    tell_in(url, waits).await;
    moving.kill().await.unwrap();
    drop(holder);
    let ends = "SET statement_timeout = '20s';
        DO $$ BEGIN WHILE EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hubbub')
        LOOP PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$";
    tell_in(url, ends).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_was_killed_left_nothing_that_a_server_opens() {
    let (folder, _) = data().await;
    let (data, url) = (path(&folder), begun().await);
    // It has written users, rooms and entries by then.
    killed(
        ["migrate", &data, &url],
        &url,
        "LOCK TABLE mentions IN SHARE MODE",
    )
    .await;
    assert!(is_empty(&url).await);
    let (status, said) = ran(&["migrate", &data, &url]).await;
    assert_eq!(status, 0, "{said}");
    let back = tempfile::tempdir().unwrap();
    let words = ["migrate", &url, &path(&back)];
    killed(words, &url, "LOCK TABLE mentions IN ACCESS EXCLUSIVE MODE").await;
    assert!(!back.path().join("hubbub.db").exists());
    for words in [
        &words[..],
        &["serve", "--addr=127.0.0.1:0", "--data-dir", words[2]],
    ] {
        let (status, said) = ran(words).await;
        assert_eq!(
            (status, said.contains("a move to it was interrupted")),
            (1, true),
            "{said}"
        );
    }
    std::fs::remove_file(back.path().join("hubbub.db.unfinished")).unwrap();
    let (status, said) = ran(&words).await;
    assert_eq!(status, 0, "{said}");
    drop_database(&url).await;
}
