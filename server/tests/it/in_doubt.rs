//! What people are told after a commit that failed and was stored all the same.

use std::{
    ffi::OsString,
    sync::{Arc, Mutex},
    time::Duration,
};

use protocol::{Act, RoomId};
use reqwest::Method;
use serde_json::{Value, json};
use server::{
    Clock, Config, Entropy, Secret, StartError, World, run_in,
    store::{StoreError, Write, WriteOutcome},
};
use tempfile::TempDir;
use testing::{
    PASSWORD, Raw, TestApi, UNLIMITED, id,
    memory::{MemoryDisk, MemoryStore, Trip, TripEnd},
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// Which write is the next to fail, and whether it is stored all the same.
type Fault = (fn(&Write) -> bool, bool);

/// A disk on which one commit fails.
#[derive(Clone, Default)]
struct FailingDisk(Arc<Mutex<Option<Fault>>>);

impl MemoryDisk for FailingDisk {
    fn write(&mut self, writes: &[Write]) -> Trip {
        let meets = |&mut (fits, _): &mut Fault| writes.iter().any(fits);
        let fault = self.0.lock().unwrap().take_if(meets);
        let why = || StoreError::Unavailable("the disk is full".to_owned());
        Trip {
            takes: Duration::ZERO,
            end: match fault {
                None => TripEnd::Stored,
                Some((_, true)) => TripEnd::Unknown(why()),
                Some((_, false)) => TripEnd::Failed(why()),
            },
        }
    }

    fn read(&mut self) -> Result<Duration, StoreError> {
        Ok(Duration::ZERO)
    }

    fn stored(&mut self, _: &[WriteOutcome]) {}
}

/// A server on such a disk.
struct FailingServer {
    url: String,
    disk: FailingDisk,
    stop: CancellationToken,
    running: JoinHandle<Result<(), StartError>>,
    _folder: TempDir,
}

impl FailingServer {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut args: Vec<OsString> =
            vec!["hubbub".into(), "--data-dir".into(), folder.path().into()];
        args.extend(UNLIMITED.map(OsString::from));
        let config = Config::load(args).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let disk = FailingDisk::default();
        let entropy = Entropy::system();
        let world = World {
            bus: None,
            store: Arc::new(MemoryStore::on(disk.clone())),
            secret: Secret::load(folder.path(), &mut entropy.rng()).unwrap(),
            clock: Clock::system(),
            entropy,
            metrics: Arc::default(),
        };
        let stop = CancellationToken::new();
        let running = tokio::spawn(run_in(config, world, listener, stop.clone(), || {}));
        Self {
            url,
            disk,
            stop,
            running,
            _folder: folder,
        }
    }

    /// Somebody new, and a connection of theirs.
    async fn joins(&self, name: &str) -> (TestApi, Raw) {
        let api = TestApi::sign_up(&self.url, name, PASSWORD).await;
        let (raw, _) = Raw::hello(&self.url, &api.token, None).await;
        (api, raw)
    }

    /// The next commit with such a write fails, though it is `stored` or not.
    fn fails(&self, fits: fn(&Write) -> bool, stored: bool) {
        *self.disk.0.lock().unwrap() = Some((fits, stored));
    }

    async fn close(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

/// A reply; its place.
async fn reply(by: &TestApi, room: RoomId, root: u64, text: &str) -> u64 {
    let body = json!({ "id": id(), "thread": root, "text": text });
    let (status, ack) = by.post(&format!("/rooms/{room}/messages"), body).await;
    assert_eq!(status, 201, "{ack}");
    ack["seq"].as_u64().unwrap()
}

fn thread(room: RoomId, root: u64, read_seq: u64) -> Value {
    json!({ "t": "thread", "room": room, "root": root, "following": true, "read_seq": read_seq })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_an_edit_names_hears_of_its_thread() {
    let server = FailingServer::start().await;
    let (ada, _) = server.joins("ada").await;
    let (wren, mut wrens) = server.joins("wren").await;
    let (_, mut zhous) = server.joins("zhou").await;
    let room = RoomId::new(1).unwrap();
    let root = ada.say(room, "who walks").await;
    let of = reply(&wren, room, root, "I do").await;
    let edits = |write: &Write| matches!(write, Write::Command(one) if matches!(one.command.act, Act::Edit { .. }));
    server.fails(edits, true);
    let edit = json!({ "t": "edit", "id": id(), "room": room, "of": of, "text": "@zhou does" });
    wrens.say(&edit).await;
    assert_eq!(wrens.hear_a("nack").await["code"], "unavailable");
    let told = zhous.hear_a("thread").await;
    assert_eq!(told, thread(room, root, of - 1));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_where_one_follows_is_told_before_a_later_reply() {
    let server = FailingServer::start().await;
    let (ada, mut adas) = server.joins("ada").await;
    let (wren, mut wrens) = server.joins("wren").await;
    let room = RoomId::new(1).unwrap();
    let root = ada.say(room, "who walks").await;
    let sends = |write: &Write| matches!(write, Write::Command(one) if matches!(one.command.act, Act::Send { .. }));
    server.fails(sends, true);
    let send = json!({ "t": "send", "id": id(), "room": room, "text": "I do", "thread": root });
    wrens.say(&send).await;
    assert_eq!(wrens.hear_a("nack").await["code"], "unavailable");
    // At once, before anybody looked what became of it.
    let second = reply(&wren, room, root, "and you").await;
    assert_eq!(adas.hear_a("thread").await, thread(room, root, second - 2));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_and_came_back_follows_nothing_and_who_could_not_leave_all_as_before() {
    for stored in [true, false] {
        let server = FailingServer::start().await;
        let (ada, _) = server.joins("ada").await;
        let (wren, mut wrens) = server.joins("wren").await;
        let room = ada.room("public", "attic").await;
        let members = format!("/rooms/{room}/members");
        assert_eq!(wren.post(&members, json!({})).await.0, 201);
        let root = wren.say(room, "who walks").await;
        let first = reply(&ada, room, root, "I do").await;
        assert_eq!(wrens.hear_a("thread").await["seq"], first);
        server.fails(|write| matches!(write, Write::Leave { .. }), stored);
        let away = wren.delete(&format!("{members}/{}", wren.user)).await;
        assert_eq!(away, 503);
        // At once, before anybody looked what became of it.
        let (back, _) = wren.post(&members, json!({})).await;
        assert_eq!(back, if stored { 201 } else { 200 });
        if stored {
            assert_eq!(wrens.hear_a("gone").await["room"], json!(room));
            let told = wrens.hear_a("room").await;
            assert_eq!(told["room"]["id"], json!(room));
        }
        // Whose first message it is follows it anew, from there.
        let last = reply(&ada, room, root, "and you").await;
        let told = loop {
            let frame = wrens.hear().await;
            assert_ne!(frame["t"], "gone", "{frame}");
            if frame["t"] == "thread" {
                break frame;
            }
        };
        assert_eq!(told["seq"], json!(last), "{told}");
        server.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_or_signed_out_hears_of_it() {
    let server = FailingServer::start().await;
    let (ada, mut adas) = server.joins("ada").await;
    let (wren, mut wrens) = server.joins("wren").await;
    // Another device of hers, which is signed out by a new password, from the first.
    let second = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    let (mut seconds, _) = Raw::hello(&server.url, &second.token, None).await;
    server.fails(|write| matches!(write, Write::SetPassword { .. }), true);
    let change = json!({ "password": { "old": PASSWORD, "new": "another horse and staple" } });
    assert_eq!(
        ada.call(Method::PATCH, "/users/me", Some(change)).await.0,
        503
    );
    assert_eq!(seconds.ends().await.0, 4500);

    server.fails(|write| matches!(write, Write::Govern { .. }), true);
    let path = format!("/users/{}", wren.user);
    let (status, _) = ada
        .call(Method::PATCH, &path, Some(json!({ "banned": true })))
        .await;
    assert_eq!(status, 503);
    assert_eq!(wrens.ends().await.0, 4503);

    server.fails(|write| matches!(write, Write::SetProfile { .. }), true);
    let change = json!({ "display_name": "Ada Marlow" });
    assert_eq!(
        ada.call(Method::PATCH, "/users/me", Some(change)).await.0,
        503
    );
    // And her own connection stays, and knows how she is called.
    let told = loop {
        let told = adas.hear_a("user").await;
        if told["user"]["display_name"] != "ada" {
            break told;
        }
    };
    assert_eq!(told["user"]["display_name"], "Ada Marlow");
    server.close().await;
}
