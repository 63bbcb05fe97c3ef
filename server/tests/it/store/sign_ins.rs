//! Sign-ins: one a device, and one good refresh token each.

use server::store::{
    Begun, NewSignIn, Pass, Rotated, Rotation, SharedStore, SignInRecord, Use, UseRule, Used,
};

use super::{Done, ErrorCode, Fixture, Kind, Reply, Write, WriteOutcome, user};

const DEVICE: &str = "0123456789abcdef";

fn new(by: u64, device: &str, now: u64) -> NewSignIn {
    NewSignIn {
        user: user(by),
        device: device.to_owned(),
        label: "first".to_owned(),
        address: "192.0.2.…".to_owned(),
        now,
        expires_at: 1_000,
    }
}

fn spend(id: u64, spent: &[u8], fresh: &[u8], label: &str, now: u64) -> Rotation {
    Rotation {
        id,
        spent: spent.to_vec(),
        fresh: fresh.to_vec(),
        label: label.to_owned(),
        address: "203.0.113.…".to_owned(),
        now,
        expires_at: now + 1_000,
    }
}

async fn one(store: &SharedStore, write: Write) -> WriteOutcome {
    store.commit([write].into()).await.unwrap().remove(0)
}

async fn sign_in(store: &SharedStore, new: NewSignIn) -> Begun {
    match one(store, Write::SignIn(new)).await.unwrap().reply {
        Reply::SignedIn(begun) => begun,
        other => panic!("{other:?}"),
    }
}

async fn rotated(store: &SharedStore, rotation: Rotation) -> Rotated {
    match one(store, Write::Rotate(rotation)).await.unwrap().reply {
        Reply::Rotated(rotated) => rotated,
        other => panic!("{other:?}"),
    }
}

async fn revoke(store: &SharedStore, by: u64, id: u64, now: u64) -> Result<Done, ErrorCode> {
    let user = user(by);
    let outcome = one(store, Write::Revoke { user, id, now }).await;
    outcome.map_err(|why| why.code)
}

async fn note(store: &SharedStore, uses: &[Use], rule: UseRule) -> Vec<Used> {
    let uses = uses.to_vec();
    match one(store, Write::Use { uses, rule }).await.unwrap().reply {
        Reply::Used(used) => used,
        other => panic!("{other:?}"),
    }
}

async fn record(store: &SharedStore, id: u64) -> SignInRecord {
    store.find_sign_in(id).await.unwrap().unwrap()
}

async fn pass(store: &SharedStore, id: u64) -> Pass {
    record(store, id).await.into()
}

async fn a_device_is_signed_in_once(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let first = sign_in(store, new(1, DEVICE, 10)).await;
    assert_eq!(first.replaced, Vec::<u64>::new());
    let wren = sign_in(store, new(2, DEVICE, 11)).await;
    let phone = sign_in(store, new(1, "fedcba9876543210", 12)).await;
    assert!(wren.replaced.is_empty() && phone.replaced.is_empty());
    assert!(!pass(store, first.id).await.revoked);
    let second = sign_in(store, new(1, DEVICE, 13)).await;
    assert_eq!(second.replaced, vec![first.id]);
    for (id, revoked) in [
        (first.id, true),
        (wren.id, false),
        (phone.id, false),
        (second.id, false),
    ] {
        assert_eq!(pass(store, id).await.revoked, revoked, "{id}");
    }
    // One that was ended is not ended again.
    let third = sign_in(store, new(1, DEVICE, 14)).await;
    assert_eq!(third.replaced, vec![second.id]);
    let listed = store
        .sign_ins(user(1), 20, u64::from(u32::MAX), 100)
        .await
        .unwrap();
    let listed: Vec<u64> = listed.into_iter().map(|record| record.id).collect();
    assert_eq!(listed, vec![third.id, phone.id]);
    fixture.close().await;
}

async fn a_refresh_token_is_spent_once_and_remembered(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let id = sign_in(store, new(1, DEVICE, 10)).await.id;
    let rotate = async |spent: &[u8], fresh: &[u8], label: &str, now: u64| {
        rotated(store, spend(id, spent, fresh, label, now)).await
    };
    // Before the first token there is nothing that was spent.
    let done = Rotated::Done { user: user(1) };
    assert_eq!(rotate(&[], &[1], "first", 10).await, done);
    assert_eq!(rotate(&[], &[2], "first", 10).await, Rotated::Refused);
    assert_eq!(rotate(&[9], &[2], "first", 11).await, Rotated::Refused);
    assert_eq!(rotate(&[1], &[2], "second", 20).await, done);
    let before = Rotated::Before {
        at: 20,
        label: "second".to_owned(),
    };
    // It is asked again later, and looks otherwise: what is told is of the first time, and nothing changes.
    assert_eq!(rotate(&[1], &[7], "third", 500).await, before);
    let record = record(store, id).await;
    assert_eq!(record.refresh_hash, vec![2]);
    assert_eq!((record.spent_hash, record.spent_at), (vec![1], 20));
    assert_eq!(
        (record.label.as_str(), record.address.as_str()),
        ("second", "203.0.113.…")
    );
    assert_eq!((record.seen_at, record.expires_at), (20, 1_020));
    assert_eq!(
        (
            pass(store, id).await.seen_at,
            pass(store, id).await.expires_at
        ),
        (20, 1_020)
    );
    // The clock was set back: it is seen no earlier for that.
    assert_eq!(rotate(&[2], &[3], "second", 15).await, done);
    assert_eq!(pass(store, id).await.seen_at, 20);
    assert_eq!(rotate(&[1], &[7], "second", 16).await, Rotated::Refused);
    revoke(store, 1, id, 30).await.unwrap();
    assert_eq!(revoke(store, 1, id, 31).await, Err(ErrorCode::NotFound));
    for spent in [2, 3] {
        let late = rotate(&[spent], &[7], "second", 31).await;
        assert_eq!(late, Rotated::Refused, "{spent}");
    }
    let none = spend(id + 1, &[], &[1], "none", 1);
    assert_eq!(rotated(store, none).await, Rotated::Refused);
    fixture.close().await;
}

async fn of_many_refreshes_at_once_one_is_the_first(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let id = sign_in(store, new(1, DEVICE, 10)).await.id;
    rotated(store, spend(id, &[], &[0], "-", 10)).await;
    let mut asked = tokio::task::JoinSet::new();
    for n in 1..=12u8 {
        let store = std::sync::Arc::clone(store);
        asked.spawn(async move {
            let rotation = spend(id, &[0], &[n], "-", 100 + u64::from(n));
            (n, rotated(&store, rotation).await)
        });
    }
    let answers = asked.join_all().await;
    let done = answers
        .iter()
        .filter(|(_, rotated)| *rotated == Rotated::Done { user: user(1) });
    let first: Vec<u8> = done.map(|(n, _)| *n).collect();
    assert_eq!(first.len(), 1, "{answers:?}");
    let at = 100 + u64::from(first[0]);
    for (n, rotated) in &answers {
        let before = Rotated::Before {
            at,
            label: "-".to_owned(),
        };
        assert!(*n == first[0] || *rotated == before, "{answers:?}");
    }
    let record = record(store, id).await;
    assert_eq!((record.refresh_hash, record.spent_at), (first, at));
    fixture.close().await;
}

async fn a_use_puts_off_the_end_at_most_so_often(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let rule = UseRule {
        every_ms: 100,
        unused_ms: 1_000,
        most_ms: 3_000,
    };
    // Made at 10, good until 1,000.
    let id = sign_in(store, new(1, DEVICE, 10)).await.id;
    let other = sign_in(store, new(2, DEVICE, 10)).await.id;
    let used = async |at: u64, address: Option<&str>| {
        let uses = [a_use(id, at, address), a_use(999, at, None)];
        note(store, &uses, rule).await
    };
    let until = |expires_at: u64| {
        vec![Used {
            id,
            user: user(1),
            expires_at,
        }]
    };
    assert_eq!(pass(store, id).await.expires_at, 1_000);
    assert_eq!(used(109, None).await, vec![], "too soon");
    assert_eq!(used(110, None).await, until(1_110));
    assert_eq!(used(209, None).await, vec![], "too soon again");
    assert_eq!(used(300, Some("198.51.100.…")).await, until(1_300));
    let record = record(store, id).await;
    assert_eq!((record.seen_at, record.created_at), (300, 10));
    assert_eq!(record.address, "198.51.100.…");
    assert_eq!(pass(store, id).await.expires_at, 1_300);
    // The clock is set back: nothing is noted, nothing comes nearer.
    assert_eq!(used(50, None).await, vec![]);
    for at in [1_200, 2_100] {
        assert_eq!(used(at, None).await, until((at + 1_000).min(3_010)));
    }
    assert_eq!(used(2_500, None).await, until(3_010), "no further");
    assert_eq!(used(3_010, None).await, vec![], "over");
    assert_eq!(
        store
            .sign_ins(user(1), 3_010, u64::from(u32::MAX), 10)
            .await
            .unwrap(),
        vec![]
    );
    // One that is over stays over, and so does one that was ended; the other one was never used.
    let late = [a_use(other, 1_000, None)];
    assert_eq!(note(store, &late, rule).await, vec![]);
    assert_eq!(pass(store, other).await.expires_at, 1_000);
    // Nobody ends another's.
    assert_eq!(revoke(store, 1, other, 500).await, Err(ErrorCode::NotFound));
    revoke(store, 2, other, 500).await.unwrap();
    let ended = [a_use(other, 500, None)];
    assert_eq!(note(store, &ended, rule).await, vec![]);
    assert_eq!(note(store, &[], rule).await, vec![]);
    fixture.close().await;
}

fn a_use(id: u64, at: u64, address: Option<&str>) -> Use {
    Use {
        id,
        at,
        address: address.map(str::to_owned),
    }
}

on_every_store!(
    a_use_puts_off_the_end_at_most_so_often,
    a_device_is_signed_in_once,
    a_refresh_token_is_spent_once_and_remembered,
    of_many_refreshes_at_once_one_is_the_first,
);
