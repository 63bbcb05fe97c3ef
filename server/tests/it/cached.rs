//! What is remembered is what the database holds, whatever happens.

use std::sync::Arc;

use protocol::{Act, Command, RoomId, RoomKind, Seq, UserId};
use rand::{Rng, SeedableRng as _, rngs::StdRng};
use server::{
    auth::rights::Who,
    bus::Note,
    store::{
        NewSignIn, PageAt, Rotated, Rotation, SharedStore, Store as _, Use, UseRule, Write,
        cached::Cached,
        sqlite::{SqliteConfig, SqliteStore},
    },
};

use crate::support::{id, scale};

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

/// The database, and the store in front of it whose counts may take so many bytes.
async fn stores(count_bytes: usize) -> (tempfile::TempDir, SharedStore, Cached) {
    let folder = tempfile::tempdir().unwrap();
    let config = SqliteConfig {
        fsync: false,
        ..SqliteConfig::default()
    };
    let store = SqliteStore::open(&folder.path().join("hubbub.db"), &config).await;
    let inner: SharedStore = Arc::new(store.unwrap());
    let cached = Cached::new(Arc::clone(&inner), count_bytes, Arc::default());
    for name in NAMES {
        let account = Write::CreateAccount {
            name: name.into(),
            display_name: name.into(),
            password: "-".into(),
            invite: None,
            open: true,
            now: 1,
        };
        cached.commit(&[account]).await.unwrap()[0]
            .as_ref()
            .unwrap();
    }
    (folder, inner, cached)
}

#[expect(clippy::too_many_lines, reason = "one arm a verb and nothing else")]
fn any_write(rng: &mut StdRng, now: u64) -> Write {
    let who = who(rng.random_range(1..=NAMES.len() as u64));
    let room = RoomId::new(if rng.random() {
        1
    } else {
        rng.random_range(2..=4)
    })
    .unwrap();
    let of: Seq = rng.random_range(1..100);
    let user = UserId::new(rng.random_range(1..=NAMES.len() as u64)).unwrap();
    let text = match rng.random_range(0..5) {
        0 => format!("@{} hello", NAMES[rng.random_range(0..NAMES.len())]),
        1 => "@here and now".to_owned(),
        _ => "nothing to anybody".to_owned(),
    };
    match rng.random_range(0..27) {
        0..12 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Send {
                    text,
                    reply_to: None,
                },
            },
            now,
        ),
        12 | 13 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Edit { of, text },
            },
            now,
        ),
        14 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::Delete { of },
            },
            now,
        ),
        15 | 23..26 => Write::command(
            who,
            Command {
                id: id(),
                room,
                act: Act::React {
                    of,
                    emoji: ["👍", "🎉", "👀"][rng.random_range(0..3)].into(),
                    on: rng.random_bool(0.7),
                },
            },
            now,
        ),
        16..20 => Write::Read { who, room, seq: of },
        20 => Write::Join {
            who,
            room,
            user: who.id,
            now,
        },
        21 => Write::Leave {
            who,
            room,
            user: who.id,
            now,
        },
        22 if now.is_multiple_of(3) => Write::CreateRoom {
            who,
            kind: if rng.random() {
                RoomKind::Public
            } else {
                RoomKind::Private
            },
            name: format!("room{now}"),
            topic: String::new(),
            now,
        },
        22 => Write::CreateDirect {
            who,
            others: vec![user],
            now,
        },
        _ => Write::ChangeRoom {
            who,
            room,
            name: rng.random_bool(0.3).then(|| format!("renamed{now}")),
            topic: Some(format!("topic {now}")),
            now,
        },
    }
}

/// What a user is told from memory is what the database says.
async fn same(rng: &mut StdRng, user: UserId, stores: (&Cached, &SharedStore), after: &str) {
    let (cached, inner) = stores;
    let (here, there) = (cached.rooms_of(user).await, inner.rooms_of(user).await);
    assert_eq!(here.unwrap(), there.unwrap(), "{after}");
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
        let (_folder, inner, cached) = stores(count_bytes).await;
        // Another one over the same database, which hears of what is written only by notes, as on another node.
        let elsewhere = Cached::new(Arc::clone(&inner), count_bytes, Arc::default());
        let mut rng = StdRng::seed_from_u64(seed);
        for step in 0..120 {
            let writes: Vec<Write> = (0..rng.random_range(1..4))
                .map(|n| any_write(&mut rng, 1_000 + step * 10 + n))
                .collect();
            let outcomes = cached.commit(&writes).await.unwrap();
            for (write, outcome) in writes.iter().zip(&outcomes) {
                let Ok(done) = outcome else { continue };
                let notes = Note::of(write, done).chain(Note::of_read(write, done));
                notes.for_each(|note| elsewhere.hear(&note));
            }
            for user in (1..=NAMES.len() as u64).map(|n| UserId::new(n).unwrap()) {
                // Not everybody looks after each step: counts that are old are brought up, too.
                for (what, cached) in [("here", &cached), ("elsewhere", &elsewhere)] {
                    if rng.random_bool(0.5) {
                        let after = format!(
                            "{what}, seed {seed}, step {step}, user {user}, after {writes:?}"
                        );
                        same(&mut rng, user, (cached, &inner), &after).await;
                    }
                }
            }
        }
        cached.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_its_sign_ins_follow_what_another_node_tells() {
    let (_folder, inner, cached) = stores(0).await;
    let elsewhere = Cached::new(Arc::clone(&inner), 0, Arc::default());
    let ada = who(1).id;
    let new = NewSignIn {
        user: ada,
        device: "0123456789abcdef0".into(),
        label: String::new(),
        address: String::new(),
        now: 1,
        expires_at: 100,
    };
    let sign_in = cached.sign_in(new).await.unwrap().id;
    let pass = async || elsewhere.pass(sign_in).await.unwrap().unwrap();
    let name = async || elsewhere.account(ada).await.unwrap().unwrap().display_name;
    assert_eq!((pass().await.expires_at, &*name().await), (100, "ada"));

    cached.set_display_name(ada, "Ada Marlow").await.unwrap();
    assert_eq!(name().await, "ada", "it is remembered");
    elsewhere.hear(&Note::AccountChanged { user: ada });
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
    let used = cached.used(&[r#use], rule).await.unwrap().remove(0);
    elsewhere.hear(&Note::Prolonged {
        user: ada,
        sign_in,
        ends: used.expires_at,
    });
    assert_eq!((pass().await.expires_at, used.expires_at), (550, 550));

    assert!(cached.revoke(ada, sign_in, 60).await.unwrap());
    assert!(!pass().await.revoked, "it is remembered");
    elsewhere.hear(&Note::SignedOut { user: ada, sign_in });
    assert!(pass().await.revoked);

    cached.set_display_name(ada, "Ada M.").await.unwrap();
    elsewhere.hear(&Note::Unsure);
    assert_eq!(name().await, "Ada M.", "nothing is remembered");
    cached.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_sign_ins_follow_too() {
    let (_folder, inner, cached) = stores(0).await;
    let ada = who(1).id;
    cached.account(ada).await.unwrap();
    cached.set_display_name(ada, "Ada M.").await.unwrap();
    let account = cached.account(ada).await.unwrap().unwrap();
    assert_eq!(account.display_name, "Ada M.");
    assert_eq!(cached.accounts(&[ada]).await.unwrap(), vec![account]);
    // A direct room bears the name of the other one in it.
    let (wren, direct) = (who(2), vec![ada]);
    let direct = Write::CreateDirect {
        who: wren,
        others: direct,
        now: 2,
    };
    drop(cached.commit(&[direct]).await.unwrap());
    let rooms = cached.rooms_of(wren.id).await.unwrap();
    assert!(rooms.iter().any(|room| room.name == "Ada M."));
    cached.set_display_name(ada, "Ada Marlow").await.unwrap();
    let rooms = cached.rooms_of(wren.id).await.unwrap();
    assert!(rooms.iter().any(|room| room.name == "Ada Marlow"));
    let mut ids = Vec::new();
    for n in 0..3 {
        let new = NewSignIn {
            user: ada,
            device: format!("0123456789abcdef{n}"),
            label: String::new(),
            address: String::new(),
            now: 1,
            expires_at: 100,
        };
        ids.push(cached.sign_in(new).await.unwrap().id);
    }
    let revoked = |id: u64| {
        let cached = &cached;
        async move { cached.pass(id).await.unwrap().unwrap().revoked }
    };
    for &id in &ids {
        assert!(!revoked(id).await);
        assert_eq!(
            cached.pass(id).await.unwrap(),
            inner.pass(id).await.unwrap()
        );
    }
    let rotation = Rotation {
        spent: &[],
        fresh: &[7],
        label: "",
        address: "",
        now: 2,
        expires_at: 200,
    };
    let rotated = cached.rotate(ids[0], rotation).await.unwrap();
    assert_eq!(rotated, Rotated::Done);
    assert_eq!(cached.pass(ids[0]).await.unwrap().unwrap().expires_at, 200);
    assert!(cached.revoke(ada, ids[1], 3).await.unwrap());
    assert!(revoked(ids[1]).await && !revoked(ids[2]).await);
    cached.set_password(ada, "new", ids[0], 4).await.unwrap();
    assert!(revoked(ids[2]).await && !revoked(ids[0]).await);
    assert_eq!(cached.password(ada).await.unwrap().unwrap(), "new");
    // Another one on the same device replaces it.
    let again = NewSignIn {
        user: ada,
        device: "0123456789abcdef0".into(),
        label: String::new(),
        address: String::new(),
        now: 5,
        expires_at: 100,
    };
    let begun = cached.sign_in(again).await.unwrap();
    assert_eq!(begun.replaced, vec![ids[0]]);
    assert!(revoked(ids[0]).await && !revoked(begun.id).await);
    cached.close().await;
}
