//! The disk is full, fails, or is locked by somebody else.

use std::time::Duration;

use protocol::{Act, Command, MessageId, rights::Who};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::Clock;
use testing::{Recorder, Sender, SimDisk, TestServer, scale, until};
use tokio::time::Instant;

use super::{converged, general};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_loses_nothing_and_heals() {
    let disk = SimDisk::new();
    let server = TestServer::unlimited(Some(disk), Clock::system(), &[]).await;
    let recorder = Recorder::default();
    let ada = server.recorded("ada", &recorder).await;
    let wren = server.recorded("wren", &recorder).await;
    let api = server.sign_up("zhou").await;
    let mut sender = Sender::new(&server.url, &api.token, api.user, &recorder);
    sender.connect().await.unwrap();
    for n in 0..20 {
        sender.send(&format!("before {n}")).await.unwrap();
    }
    sender.settle().await.unwrap();
    disk.fill(true);
    for n in 0..10 {
        ada.say(general(), &format!("while it is full {n}")).await;
        sender.send(&format!("while it is full {n}")).await.unwrap();
    }
    while sender.put_off < 20 {
        sender.hear().await.unwrap();
    }
    assert_eq!(ada.unacked(), 10, "nothing was acked that is not stored");
    assert_eq!(api.get("/rooms").await.0, 200, "it can still be read");
    disk.fill(false);
    let healed = Instant::now();
    sender.settle().await.unwrap();
    assert!(
        healed.elapsed() < Duration::from_secs(5),
        "healed after {:?}",
        healed.elapsed()
    );
    converged(&[&ada, &wren], general(), None).await;
    drop((ada, wren, sender));
    let report = server.judge(recorder, &[general()]).await;
    assert!(report.nacks >= 20 && report.commands == 40, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_operation_fails_the_same_id_is_safe_to_send_again() {
    let disk = SimDisk::new();
    let server = TestServer::unlimited(Some(disk), Clock::system(), &[]).await;
    let recorder = Recorder::default();
    let reader = server.recorded("reader", &recorder).await;
    let seed = 0xBAD;
    let mut rng = StdRng::seed_from_u64(seed);
    let mut senders = Vec::new();
    for name in ["ada", "wren"] {
        let api = server.sign_up(name).await;
        let mut sender = Sender::new(&server.url, &api.token, api.user, &recorder);
        sender.connect().await.unwrap();
        senders.push(sender);
    }
    let rounds = scale(60);
    for round in 0..rounds {
        disk.fail_in(rng.random_range(1..14));
        for n in 0..3 {
            for sender in &mut senders {
                sender.send(&format!("round {round}, {n}")).await.unwrap();
            }
        }
        for sender in &mut senders {
            sender.settle().await.unwrap();
        }
    }
    disk.fail_in(0);
    assert!(
        disk.failed() > rounds as u64 / 2,
        "only {} operations failed",
        disk.failed()
    );
    let put_off: u64 = senders.iter().map(|sender| sender.put_off).sum();
    let last = senders
        .iter()
        .flat_map(|sender| &sender.acked)
        .map(|ack| ack.seq)
        .max();
    converged(&[&reader], general(), last).await;
    drop((reader, senders));
    let report = server.judge(recorder, &[general()]).await;
    assert_eq!(report.commands, 6 * rounds as u64);
    assert!(put_off <= report.nacks, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_makes_senders_wait_and_loses_nothing() {
    let disk = SimDisk::new();
    let server = TestServer::unlimited(Some(disk), Clock::system(), &[]).await;
    let recorder = Recorder::default();
    let ada = server.recorded("ada", &recorder).await;
    let wren = server.recorded("wren", &recorder).await;
    let other = rusqlite::Connection::open(server.folder().join("hubbub.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for n in 0..15 {
        ada.say(general(), &format!("while it is locked {n}")).await;
    }
    until("all to be on their way", || ada.unacked() == 15).await;
    assert_eq!(wren.sees(general()).len(), 0);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    converged(&[&ada, &wren], general(), None).await;
    drop((ada, wren));
    server.judge(recorder, &[general()]).await;
}

/// A failed commit stores nothing, or everything: the store tells the truth about an id either way.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_all_or_nothing() {
    use server::store::{SignUp, Write};

    let disk = SimDisk::new();
    let folder = tempfile::tempdir().unwrap();
    let store = disk.store(folder.path()).await;
    let account = Write::CreateAccount(SignUp {
        name: "ada".into(),
        display_name: "Ada".into(),
        password: "-".into(),
        invite: None,
        open: true,
        now: 1,
    });
    store.commit([account].into()).await.unwrap()[0]
        .as_ref()
        .unwrap();
    let who = Who {
        id: protocol::UserId::new(1).unwrap(),
        role: protocol::Role::Owner,
    };
    let (mut failed, mut stored_anyway) = (0, 0);
    for round in 0..300_u64 {
        let ids: Vec<MessageId> = (0..3).map(|_| testing::id()).collect();
        let writes: Vec<Write> = ids
            .iter()
            .map(|&id| {
                Write::command(
                    who,
                    Command {
                        id,
                        room: general(),
                        act: Act::Send {
                            text: format!("round {round}"),
                            reply_to: None,
                            thread: None,
                        },
                    },
                    1_000 + round,
                )
            })
            .collect();
        disk.fail_in(i64::try_from(round % 12).unwrap());
        let outcome = store.commit(writes.into()).await;
        disk.fail_in(0);
        let mut there = 0;
        for &id in &ids {
            there += usize::from(store.find_ack(who.id, id).await.unwrap().is_some());
        }
        assert!(there == 0 || there == 3, "{there} of 3 were stored");
        if outcome.is_ok() {
            assert_eq!(there, 3);
        } else {
            failed += 1;
            stored_anyway += there / 3;
        }
    }
    assert!(
        failed > 50,
        "{failed} commits failed, {stored_anyway} of them were stored"
    );
    store.close().await;
}
