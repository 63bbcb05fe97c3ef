//! A failover to a standby that lacks the end of the logs: acked entries are gone, and no node may go on with what it remembers of them.

use client::Input;
use protocol::Act;
use server::store::{Logs as _, Rooms as _};
use testing::simulation::{Action, BusFaults};

use super::scenario::{Scenario, now};

/// Longer than it takes until each head is compared with the store.
const AUDIT_MS: u64 = 25_000;

impl Scenario {
    /// Everybody who is there says something in the first room.
    fn everybody_says(&mut self, text: &str) -> Result<(), String> {
        for client in &self.clients {
            client.does(Input::Act {
                room: self.rooms[0],
                act: Act::Send {
                    text: text.to_owned(),
                    reply_to: None,
                    thread: None,
                },
            });
        }
        self.advance(2_000)
    }

    /// What was noted of entries that are gone is no promise any more.
    fn forget_what_is_gone(&self) {
        let logs = self.rooms.iter();
        let ends: Vec<_> = logs
            .map(|room| (*room, now(self.store.last_seq(*room)).unwrap()))
            .collect();
        let stands = |room, seq| {
            ends.iter()
                .any(|(known, end)| *known == room && seq <= *end)
        };
        let mut book = self.ledger.open();
        book.stored.retain(|(room, seq), _| stands(*room, *seq));
        book.pushed.retain(|(room, seq), _| stands(*room, *seq));
        book.acks.retain(|_, ack| stands(ack.room, ack.seq));
        book.said
            .retain(|(user, id)| now(self.store.find_ack(*user, *id)).unwrap().is_some());
    }
}

fn fail_over(seed: u64) -> Result<(), String> {
    let mut scenario = Scenario::new(seed, 2, false);
    scenario.to_ban = None;
    if let Some((broker, _)) = &scenario.bus {
        broker.set_faults(BusFaults {
            late_ms: 5,
            confirm_ms: 5,
            ..BusFaults::default()
        });
    }
    for client in &scenario.clients {
        client.act(Action::Open);
    }
    scenario.advance(6_000)?;
    scenario.everybody_says("before")?;
    let copy = scenario.store.copy();
    let end = now(scenario.store.last_seq(scenario.rooms[0])).unwrap();
    scenario.everybody_says("lost")?;
    let told = now(scenario.store.last_seq(scenario.rooms[0])).unwrap();
    assert!(told > end, "{told} {end}");
    scenario.store.put_back(copy);
    scenario.advance(AUDIT_MS)?;
    scenario.forget_what_is_gone();
    // New entries under the numbers of those that are gone.
    scenario.everybody_says("after")?;
    for client in &scenario.clients {
        let rooms = now(scenario.store.rooms_of(client.user)).unwrap();
        let stored = rooms.iter().find(|room| room.id == scenario.rooms[0]);
        let known = client.look(|session| {
            let room = session.room(scenario.rooms[0]);
            room.map(|room| room.summary().last_seq)
        });
        assert_eq!(known.flatten(), stored.map(|room| room.last_seq));
    }
    scenario.settle()?;
    scenario.check()
}

#[test]
fn a_log_that_comes_back_shorter_is_taken_as_it_is() {
    for seed in 1..=3 {
        if let Err(why) = fail_over(seed) {
            panic!("seed {seed}: {why}");
        }
    }
}
