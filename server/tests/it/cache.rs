//! What is remembered is what the database holds, whatever happens.

mod writes;

use std::sync::Arc;

use protocol::{RoomId, UserId, rights::Who};
use rand::{Rng, SeedableRng as _, rngs::StdRng};
use server::{
    parts::{Cache, Note},
    store::{
        Done, NewSignIn, PageAt, Pass, ProfilePatch, Reply, Rotated, Rotation, SharedStore, SignUp,
        Use, UseRule, Write, WriteOutcome,
        sqlite::{SqliteConfig, SqliteStore},
    },
};
use testing::scale;

const NAMES: [&str; 4] = ["ada", "wren", "zhou", "ada.marlow"];

fn who(n: u64) -> Who {
    let role = if n == 1 {
        protocol::Role::Owner
    } else {
        protocol::Role::Member
    };
    Who {
        id: UserId::new(n).unwrap(),
        role,
    }
}

/// A database, and what is remembered of it.
struct Node {
    store: SharedStore,
    cache: Cache,
    _folder: tempfile::TempDir,
}

impl Node {
    /// Whose counts may take so many bytes.
    async fn new(count_bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = SqliteConfig {
            fsync: false,
            ..SqliteConfig::default()
        };
        let store = SqliteStore::open(&folder.path().join("hubbub.db"), &config).await;
        let store: SharedStore = Arc::new(store.unwrap());
        let node = Self {
            cache: Cache::new(Arc::clone(&store), count_bytes, Arc::default()),
            store,
            _folder: folder,
        };
        for name in NAMES {
            let account = SignUp {
                name: name.into(),
                display_name: name.into(),
                password: "-".into(),
                invite: None,
                open: true,
                now: 1,
            };
            node.one(Write::CreateAccount(account)).await;
        }
        node
    }

    /// Another one over the same database, which hears of what is written only by notes, as on another node.
    fn elsewhere(&self, count_bytes: usize) -> Cache {
        Cache::new(Arc::clone(&self.store), count_bytes, Arc::default())
    }

    async fn commit(&self, writes: &[Write]) -> Vec<WriteOutcome> {
        let outcomes = self.store.commit(writes.into()).await.unwrap();
        hear(&self.cache, writes, &outcomes);
        outcomes
    }

    async fn one(&self, write: Write) -> Done {
        self.commit(&[write]).await.remove(0).unwrap()
    }

    async fn sign_in(&self, new: NewSignIn) -> (u64, Vec<u64>) {
        match self.one(Write::SignIn(new)).await.reply {
            Reply::SignedIn(begun) => (begun.id, begun.replaced),
            other => panic!("{other:?}"),
        }
    }

    async fn rename(&self, user: UserId, display_name: &str) -> (Write, Done) {
        let patch = ProfilePatch {
            display_name: Some(display_name.to_owned()),
            ..ProfilePatch::default()
        };
        let write = Write::SetProfile { user, patch };
        let done = self.one(write.clone()).await;
        (write, done)
    }
}

/// Tells what was written.
fn hear(cache: &Cache, writes: &[Write], outcomes: &[WriteOutcome]) {
    for (write, outcome) in writes.iter().zip(outcomes) {
        let Ok(done) = outcome else { continue };
        Note::of(write, done).for_each(|note| cache.hear(&note));
    }
}

fn new(user: UserId, device: &str, now: u64) -> NewSignIn {
    NewSignIn {
        user,
        device: device.into(),
        label: String::new(),
        address: String::new(),
        now,
        expires_at: 100,
    }
}

/// What a user is told from memory is what the database says.
async fn same(rng: &mut StdRng, user: UserId, stores: (&Cache, &SharedStore), after: &str) {
    let (cached, inner) = stores;
    let (here, there) = (cached.rooms_of(user).await, inner.rooms_of(user).await);
    assert_eq!(here.unwrap(), there.unwrap(), "{after}");
    let here = cached.unread_threads(user).await.unwrap();
    let there = inner.threads(user, true, None, 100).await.unwrap();
    let there: Vec<_> = there.iter().map(|one| one.thread).collect();
    assert_eq!(here, there, "{after}");
    let room = RoomId::new(rng.random_range(1..=2)).unwrap();
    let (here, there) = (
        cached.members(room, "", 0, 3).await,
        inner.members(room, "", 0, 3).await,
    );
    assert_eq!(here.unwrap(), there.unwrap(), "{after}");
    let limit = [5, 50][rng.random_range(0..2)];
    for at in [PageAt::Newest, PageAt::Before(rng.random_range(1..120))] {
        let here = cached.history(room, user, at, limit).await.unwrap();
        let there = inner.history(room, user, at, limit).await.unwrap();
        assert_eq!(here, there, "{at:?}, {after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_pages_follow_whatever_is_written() {
    for seed in 0..scale(12) as u64 {
        // Half of them have no memory to speak of for what happened since a count.
        let count_bytes = if seed % 2 == 0 { 0 } else { 150 };
        let node = Node::new(count_bytes).await;
        let elsewhere = node.elsewhere(count_bytes);
        let mut rng = StdRng::seed_from_u64(seed);
        for step in 0..120 {
            let writes: Vec<Write> = (0..rng.random_range(1..4))
                .map(|n| writes::any_write(&mut rng, 1_000 + step * 10 + n))
                .collect();
            let outcomes = node.commit(&writes).await;
            hear(&elsewhere, &writes, &outcomes);
            for user in (1..=NAMES.len() as u64).map(|n| UserId::new(n).unwrap()) {
                // Not everybody looks after each step: counts that are old are brought up, too.
                for (what, cache) in [("here", &node.cache), ("elsewhere", &elsewhere)] {
                    if rng.random_bool(0.5) {
                        let after = format!(
                            "{what}, seed {seed}, step {step}, user {user}, after {writes:?}"
                        );
                        same(&mut rng, user, (cache, &node.store), &after).await;
                    }
                }
            }
        }
        node.store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_its_sign_ins_follow_what_is_told() {
    let node = Node::new(0).await;
    let elsewhere = node.elsewhere(0);
    let ada = who(1).id;
    let (sign_in, _) = node.sign_in(new(ada, "0123456789abcdef0", 1)).await;
    let pass = async || elsewhere.pass(sign_in).await.unwrap().unwrap();
    let name = async || elsewhere.account(ada).await.unwrap().unwrap().display_name;
    let told = |write: &Write, done: Done| {
        hear(&elsewhere, std::slice::from_ref(write), &[Ok(done)]);
    };
    assert_eq!((pass().await.expires_at, &*name().await), (100, "ada"));

    let (write, done) = node.rename(ada, "Ada Marlow").await;
    assert_eq!(name().await, "ada", "it is remembered");
    told(&write, done);
    assert_eq!(name().await, "Ada Marlow");

    let rule = UseRule {
        every_ms: 0,
        unused_ms: 500,
        most_ms: 1_000,
    };
    let r#use = Use {
        id: sign_in,
        at: 50,
        address: None,
    };
    let uses = vec![r#use];
    let write = Write::Use { uses, rule };
    let done = node.one(write.clone()).await;
    told(&write, done);
    assert_eq!(pass().await.expires_at, 550);

    let write = Write::Revoke {
        user: ada,
        id: sign_in,
        now: 60,
    };
    let done = node.one(write.clone()).await;
    assert!(!pass().await.revoked, "it is remembered");
    told(&write, done);
    assert!(pass().await.revoked);

    node.rename(ada, "Ada M.").await;
    elsewhere.hear(&Note::Unsure);
    assert_eq!(name().await, "Ada M.", "nothing is remembered");
    node.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_sign_ins_follow_too() {
    let node = Node::new(0).await;
    let cache = &node.cache;
    let ada = who(1).id;
    cache.account(ada).await.unwrap();
    node.rename(ada, "Ada M.").await;
    let account = cache.account(ada).await.unwrap().unwrap();
    assert_eq!(account.display_name, "Ada M.");
    assert_eq!(cache.accounts(&[ada]).await.unwrap(), vec![account]);
    // A direct room bears the name of the other one in it.
    let wren = who(2);
    let direct = Write::CreateDirect {
        who: wren,
        others: vec![ada],
        now: 2,
    };
    node.one(direct).await;
    for name in ["Ada M.", "Ada Marlow"] {
        node.rename(ada, name).await;
        let rooms = cache.rooms_of(wren.id).await.unwrap();
        assert!(rooms.iter().any(|room| room.name == name));
    }
    let mut ids = Vec::new();
    for n in 0..3 {
        let device = format!("0123456789abcdef{n}");
        ids.push(node.sign_in(new(ada, &device, 1)).await.0);
    }
    let revoked = async |id: u64| cache.pass(id).await.unwrap().unwrap().revoked;
    for &id in &ids {
        assert!(!revoked(id).await);
        let stored = node.store.find_sign_in(id).await.unwrap().unwrap();
        assert_eq!(cache.pass(id).await.unwrap(), Some(Pass::from(stored)));
    }
    let rotation = Rotation {
        id: ids[0],
        spent: Vec::new(),
        fresh: vec![7],
        label: String::new(),
        address: String::new(),
        now: 2,
        expires_at: 200,
    };
    let rotated = node.one(Write::Rotate(rotation)).await.reply;
    assert_eq!(rotated, Reply::Rotated(Rotated::Done { user: ada }));
    assert_eq!(cache.pass(ids[0]).await.unwrap().unwrap().expires_at, 200);
    let (user, id) = (ada, ids[1]);
    node.one(Write::Revoke { user, id, now: 3 }).await;
    assert!(revoked(ids[1]).await && !revoked(ids[2]).await);
    let password = Write::SetPassword {
        user,
        hash: "new".into(),
        keep: ids[0],
        now: 4,
    };
    node.one(password).await;
    assert!(revoked(ids[2]).await && !revoked(ids[0]).await);
    assert_eq!(node.store.password(ada).await.unwrap().unwrap(), "new");
    // Another one on the same device replaces it.
    let (id, replaced) = node.sign_in(new(ada, "0123456789abcdef0", 5)).await;
    assert_eq!(replaced, vec![ids[0]]);
    assert!(revoked(ids[0]).await && !revoked(id).await);
    node.store.close().await;
}
