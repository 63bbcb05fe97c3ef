//! What is remembered is what the database holds, whatever happens.

use std::sync::Arc;

use protocol::{Act, Command, RoomId, RoomKind, Seq, UserId};
use rand::{Rng, SeedableRng as _, rngs::StdRng};
use server::{
    auth::rights::Who,
    store::{
        NewSignIn, PageAt, Rotated, Rotation, SharedStore, Store as _, Write,
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

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_pages_follow_whatever_is_written() {
    for seed in 0..scale(12) as u64 {
        // Half of them have no memory to speak of for what happened since a count.
        let (_folder, inner, cached) = stores(if seed % 2 == 0 { 0 } else { 150 }).await;
        let mut rng = StdRng::seed_from_u64(seed);
        for step in 0..120 {
            let writes: Vec<Write> = (0..rng.random_range(1..4))
                .map(|n| any_write(&mut rng, 1_000 + step * 10 + n))
                .collect();
            drop(cached.commit(&writes).await.unwrap());
            for user in (1..=NAMES.len() as u64).map(|n| UserId::new(n).unwrap()) {
                // Not everybody looks after each step: counts that are old are brought up, too.
                if rng.random_bool(0.5) {
                    let (here, there) = (cached.rooms_of(user).await, inner.rooms_of(user).await);
                    assert_eq!(
                        here.unwrap(),
                        there.unwrap(),
                        "seed {seed}, step {step}, user {user}, after {writes:?}"
                    );
                    let room = RoomId::new(rng.random_range(1..=2)).unwrap();
                    let (here, there) = (
                        cached.members(room, "", 0, 3).await,
                        inner.members(room, "", 0, 3).await,
                    );
                    assert_eq!(
                        here.unwrap(),
                        there.unwrap(),
                        "seed {seed}, step {step}, {writes:?}"
                    );
                    let limit = [5, 50][rng.random_range(0..2)];
                    for at in [PageAt::Newest, PageAt::Before(rng.random_range(1..120))] {
                        let here = cached.history(room, user, at, limit).await.unwrap();
                        let there = inner.history(room, user, at, limit).await.unwrap();
                        assert_eq!(
                            here, there,
                            "seed {seed}, step {step}, user {user}, {at:?}, after {writes:?}"
                        );
                    }
                }
            }
        }
        cached.close().await;
    }
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
