//! Stores on PostgreSQL: two nodes on one database, and connections that are cut. What every store must do is in `store`; what becomes of a server
//! whose database is killed is in `faults`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use protocol::{Ack, Act, Command, Event, EventKind, MessageId, Role, RoomId, UserId, rights::Who};
use server::store::{
    Logs as _, Reply, Rooms as _, SignUp, Store as _, StoreError, Write,
    postgres::{PostgresConfig, PostgresStore},
};
use testing::{
    PASSWORD, ServerProcess, TestApi, TestServer, id,
    postgres::{drop_database, new_database, tell, tell_in},
    scale,
};
use tokio::{task::JoinSet, time::sleep};

use crate::support::HUBBUB;

async fn store(url: &str) -> PostgresStore {
    let config = PostgresConfig {
        url: url.to_owned(),
        ..PostgresConfig::default()
    };
    PostgresStore::open(&config).await.unwrap()
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

fn who(number: u64) -> Who {
    Who {
        id: UserId::new(number).unwrap(),
        role: Role::Member,
    }
}

fn send(by: u64, id: MessageId, now: u64) -> Write {
    let act = Act::Send {
        text: format!("said at {now}"),
        reply_to: None,
        thread: None,
    };
    let room = general();
    Write::command(who(by), Command { id, room, act }, now)
}

fn ack(reply: &Reply) -> Ack {
    match reply {
        Reply::Ack { ack, .. } => *ack,
        other => panic!("{other:?}"),
    }
}

async fn log(store: &PostgresStore) -> Vec<Event> {
    let mut log: Vec<Event> = Vec::new();
    loop {
        let after = log.last().map_or(0, |event| event.seq);
        let page = store.log(general(), after, 1_000, usize::MAX).await;
        let page = page.unwrap();
        if page.is_empty() {
            return log;
        }
        log.extend(page);
    }
}

/// No hole, no time that runs backwards, and each of these ids once.
fn assert_whole(log: &[Event], ids: &[MessageId]) {
    let seqs: Vec<u64> = log.iter().map(|event| event.seq).collect();
    let all: Vec<u64> = (1..=log.len() as u64).collect();
    assert_eq!(seqs, all, "the log has a hole");
    assert!(log.is_sorted_by_key(|event| event.at), "time ran backwards");
    let mut said: Vec<MessageId> = log
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Message { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    let mut ids = ids.to_vec();
    said.sort_unstable();
    ids.sort_unstable();
    assert!(said == ids, "an id is missing, or there twice");
}

/// Commits as the queue does: until it is known to be stored.
async fn stored(store: &PostgresStore, write: Write) {
    let writes: Arc<[Write]> = [write].into();
    loop {
        match store.commit(Arc::clone(&writes)).await {
            Ok(outcomes) => {
                outcomes[0].as_ref().unwrap();
                return;
            }
            Err(StoreError::Busy | StoreError::Unavailable(_)) => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(why) => panic!("{why}"),
        }
    }
}

#[tokio::test]
async fn two_nodes_number_one_log_without_holes_and_wait_for_each_other_in_no_circle() {
    let url = new_database().await;
    let stores = [store(&url).await, store(&url).await];
    for name in ["ada", "wren"] {
        stored(&stores[0], account(name)).await;
    }
    let mut ids = Vec::new();
    let mut tasks = JoinSet::new();
    for round in 0..40_u64 {
        for (node, store) in stores.iter().enumerate() {
            // One node's clock is late; both write in both directions, and now and then make something that has one name.
            let now = 1_000 + round * 10 - node as u64 * 500;
            let (one, two) = (id(), id());
            ids.extend([one, two]);
            let mut writes = vec![send(1, one, now), send(2, two, now)];
            if round % 8 == 0 {
                writes.push(account(&format!("person {}", round / 8)));
                writes.reverse();
            }
            let (store, writes) = (store.clone(), Arc::<[Write]>::from(writes));
            tasks.spawn(async move {
                loop {
                    match store.commit(Arc::clone(&writes)).await {
                        Ok(outcomes) => return outcomes,
                        Err(StoreError::Busy) => sleep(Duration::from_millis(5)).await,
                        Err(why) => panic!("{why}"),
                    }
                }
            });
        }
    }
    let outcomes: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    let refused = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    assert_eq!(refused, 5, "each name is given once");
    assert_whole(&log(&stores[1]).await, &ids);
    let rooms = stores[0].rooms_of(who(1).id).await.unwrap();
    assert_eq!(rooms[0].unread, 80, "wren's, of which ada has read nothing");
    drop_database(&url).await;
}

#[tokio::test]
async fn one_id_on_two_nodes_at_once_is_one_message() {
    let url = new_database().await;
    let stores = [store(&url).await, store(&url).await];
    stored(&stores[0], account("ada")).await;
    let ids: Vec<MessageId> = (0..50).map(|_| id()).collect();
    for &id in &ids {
        let commit = |store: &PostgresStore| {
            let store = store.clone();
            async move {
                store
                    .commit([send(1, id, 5)].into())
                    .await
                    .unwrap()
                    .remove(0)
            }
        };
        let (one, two) = tokio::join!(commit(&stores[0]), commit(&stores[1]));
        assert_eq!(ack(&one.unwrap().reply), ack(&two.unwrap().reply));
    }
    assert_whole(&log(&stores[0]).await, &ids);
    drop_database(&url).await;
}

#[tokio::test]
async fn what_became_of_a_commit_is_known_though_its_connection_was_cut() {
    let url = new_database().await;
    let server = store(&url).await;
    stored(&server, account("ada")).await;
    let name = url.rsplit('/').next().unwrap().to_owned();
    let over = Arc::new(AtomicBool::new(false));
    let cutter = {
        let over = Arc::clone(&over);
        tokio::spawn(async move {
            let mut cuts = 0;
            while !over.load(Ordering::SeqCst) {
                tell(&format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND application_name = 'hubbub'"
                ))
                .await;
                cuts += 1;
                sleep(Duration::from_millis(40)).await;
            }
            cuts
        })
    };
    let mut ids = Vec::new();
    for now in 0..scale(200) {
        let id = id();
        ids.push(id);
        stored(&server, send(1, id, 10 + now as u64)).await;
    }
    over.store(true, Ordering::SeqCst);
    let cuts = cutter.await.unwrap();
    assert!(cuts > 10, "{cuts} cuts");
    until_answers(&server).await;
    assert_whole(&log(&server).await, &ids);
    drop_database(&url).await;
}

async fn until_answers(store: &PostgresStore) {
    for _ in 0..500 {
        if store.ping().await.is_ok() {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not answer");
}

#[tokio::test]
async fn a_second_server_does_not_start_and_the_next_one_takes_over() {
    let url = new_database().await;
    let flag = format!("--database-url={url}");
    let server = TestServer::with_flags(&[&flag]).await;
    let ada = server.sign_up("ada").await;
    ada.say(general(), "hello").await;
    let folder = tempfile::tempdir().unwrap();
    let mut second = ServerProcess::command(HUBBUB, folder.path());
    let second = second.args(["--addr=127.0.0.1:0", &flag]).output().await;
    let second = second.unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success());
    assert!(
        said.contains("another hubbub serves from this database"),
        "{said}"
    );
    // A restart claims it anew, and has what was there.
    let server = server.restart().await;
    let again = TestApi::sign_in(&server.url, "ada", PASSWORD).await;
    let (status, page) = again.unwrap().get("/rooms/1/messages").await;
    assert_eq!(status, 200);
    assert_eq!(page["messages"][0]["text"], "hello");
    server.close().await;
    drop_database(&url).await;
}

#[tokio::test]
async fn no_statement_of_a_send_reads_a_whole_table() {
    const SENDS: u64 = 300;
    let url = new_database().await;
    let store = store(&url).await;
    stored(&store, account("ada")).await;
    // Statements are planned now, while the tables are empty.
    for now in 0..SENDS {
        stored(&store, send(1, id(), now)).await;
    }
    drop(store);
    // What a session counted is there once it has ended.
    let look = format!(
        "DO $$ DECLARE wrong TEXT; BEGIN
           FOR look IN 1..400 LOOP
             PERFORM pg_stat_clear_snapshot();
             EXIT WHEN (SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'commands') >= {SENDS};
             PERFORM pg_sleep(0.05);
           END LOOP;
           IF (SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'commands') < {SENDS} THEN
             RAISE 'nothing was counted';
           END IF;
           SELECT string_agg(relname || ': ' || seq_tup_read, ', ') INTO wrong FROM pg_stat_user_tables
             WHERE relname IN ('entries', 'commands', 'members', 'heads', 'rooms', 'users') AND seq_tup_read > 100;
           IF wrong IS NOT NULL THEN RAISE 'rows that were read in whole tables: %', wrong; END IF;
         END $$"
    );
    tell_in(&url, &look).await;
    drop_database(&url).await;
}
