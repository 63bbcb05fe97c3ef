//! Sign-ins: one a device, and one good refresh token each.

use server::store::{NewSignIn, Pass, Rotated, Rotation, SharedStore, Use, UseRule, Used};

use super::{Fixture, Kind, user};

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

fn spend<'a>(spent: &'a [u8], fresh: &'a [u8], label: &'a str, now: u64) -> Rotation<'a> {
    Rotation {
        spent,
        fresh,
        label,
        address: "203.0.113.…",
        now,
        expires_at: now + 1_000,
    }
}

async fn pass(store: &SharedStore, id: u64) -> Pass {
    store.pass(id).await.unwrap().unwrap()
}

async fn a_device_is_signed_in_once(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let first = store.sign_in(new(1, DEVICE, 10)).await.unwrap();
    assert_eq!(first.replaced, Vec::<u64>::new());
    let wren = store.sign_in(new(2, DEVICE, 11)).await.unwrap();
    let phone = store.sign_in(new(1, "fedcba9876543210", 12)).await.unwrap();
    assert!(wren.replaced.is_empty() && phone.replaced.is_empty());
    assert!(!pass(store, first.id).await.revoked);
    let second = store.sign_in(new(1, DEVICE, 13)).await.unwrap();
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
    let third = store.sign_in(new(1, DEVICE, 14)).await.unwrap();
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
    let id = store.sign_in(new(1, DEVICE, 10)).await.unwrap().id;
    let rotate = async |spent: &[u8], fresh: &[u8], label: &str, now: u64| {
        let rotation = spend(spent, fresh, label, now);
        store.rotate(id, rotation).await.unwrap()
    };
    // Before the first token there is nothing that was spent.
    assert_eq!(rotate(&[], &[1], "first", 10).await, Rotated::Done);
    assert_eq!(rotate(&[], &[2], "first", 10).await, Rotated::Refused);
    assert_eq!(rotate(&[9], &[2], "first", 11).await, Rotated::Refused);
    assert_eq!(rotate(&[1], &[2], "second", 20).await, Rotated::Done);
    let before = Rotated::Before {
        at: 20,
        label: "second".to_owned(),
    };
    // It is asked again later, and looks otherwise: what is told is of the first time, and nothing changes.
    assert_eq!(rotate(&[1], &[7], "third", 500).await, before);
    let record = store.find_sign_in(id).await.unwrap().unwrap();
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
    assert_eq!(rotate(&[2], &[3], "second", 15).await, Rotated::Done);
    assert_eq!(pass(store, id).await.seen_at, 20);
    assert_eq!(rotate(&[1], &[7], "second", 16).await, Rotated::Refused);
    assert!(store.revoke(user(1), id, 30).await.unwrap());
    for spent in [2, 3] {
        let late = rotate(&[spent], &[7], "second", 31).await;
        assert_eq!(late, Rotated::Refused, "{spent}");
    }
    assert_eq!(
        store
            .rotate(id + 1, spend(&[], &[1], "none", 1))
            .await
            .unwrap(),
        Rotated::Refused
    );
    fixture.close().await;
}

async fn of_many_refreshes_at_once_one_is_the_first(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let store = &fixture.store;
    let id = store.sign_in(new(1, DEVICE, 10)).await.unwrap().id;
    drop(store.rotate(id, spend(&[], &[0], "-", 10)).await.unwrap());
    let mut asked = tokio::task::JoinSet::new();
    for n in 1..=12u8 {
        let store = std::sync::Arc::clone(store);
        asked.spawn(async move {
            let fresh = [n];
            let rotation = spend(&[0], &fresh, "-", 100 + u64::from(n));
            (n, store.rotate(id, rotation).await.unwrap())
        });
    }
    let answers = asked.join_all().await;
    let done = answers
        .iter()
        .filter(|(_, rotated)| *rotated == Rotated::Done);
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
    let record = store.find_sign_in(id).await.unwrap().unwrap();
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
    let id = store.sign_in(new(1, DEVICE, 10)).await.unwrap().id;
    let other = store.sign_in(new(2, DEVICE, 10)).await.unwrap().id;
    let used = async |at: u64, address: Option<&str>| {
        let uses = [a_use(id, at, address), a_use(999, at, None)];
        store.used(&uses, rule).await.unwrap()
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
    let record = store.find_sign_in(id).await.unwrap().unwrap();
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
    assert_eq!(store.used(&late, rule).await.unwrap(), vec![]);
    assert_eq!(pass(store, other).await.expires_at, 1_000);
    assert!(store.revoke(user(2), other, 500).await.unwrap());
    let ended = [a_use(other, 500, None)];
    assert_eq!(store.used(&ended, rule).await.unwrap(), vec![]);
    assert_eq!(store.used(&[], rule).await.unwrap(), vec![]);
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

mod cached {
    use super::Kind::Cached;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_device_is_signed_in_once() {
        super::a_device_is_signed_in_once(Cached).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_use_puts_off_the_end_at_most_so_often() {
        super::a_use_puts_off_the_end_at_most_so_often(Cached).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refresh_token_is_spent_once_and_remembered() {
        super::a_refresh_token_is_spent_once_and_remembered(Cached).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_refreshes_at_once_one_is_the_first() {
        super::of_many_refreshes_at_once_one_is_the_first(Cached).await;
    }
}
