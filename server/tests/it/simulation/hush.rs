//! Quiet rooms. Where people talk on, the next entry gives away that one before it was missed; what is said last must be heard by itself.

use client::Input;
use protocol::{Act, RoomId};
use rand::Rng as _;
use testing::simulation::{Action, SimRequest};

use super::{
    nodes::{BusKind, NodeState},
    scenario::Scenario,
};

/// How often a node is killed, so that it listens to everything anew.
const ROUNDS: usize = 3;
/// How long everybody may take to come to another node, and for the killed one to be there again.
const RETURN_MS: u64 = 7_000;
/// How long steps are while something is waited for.
const STEP_MS: u64 = 20;
/// Between a leave and the join after it.
const AWAY_MS: u64 = 700;

impl Scenario {
    /// Says a last word in quiet rooms, and looks whether it is heard.
    pub(super) fn hush(&mut self, kind: BusKind) -> Result<(), String> {
        self.faults.clear();
        self.quiet(kind)?;
        match kind {
            BusKind::True => {
                for _ in 0..ROUNDS {
                    self.greet_newcomers()?;
                    self.quiet(kind)?;
                }
            }
            BusKind::Lying => {
                self.come_and_go()?;
                for room in self.rooms.clone() {
                    self.somebody_says(room);
                }
                self.quiet(kind)?;
            }
            BusKind::Silent => {}
        }
        Ok(())
    }

    /// Nobody does anything, for a little longer than anybody may be late.
    fn quiet(&mut self, kind: BusKind) -> Result<(), String> {
        let most_ms = kind.most_late_ms();
        let end_ms = self.now_ms + most_ms + 2_000;
        while self.now_ms < end_ms {
            self.advance(200)?;
            self.watch_lag(most_ms)?;
        }
        Ok(())
    }

    /// A node is killed and comes back. Whenever a node begins to listen to a room, somebody says something there, once.
    fn greet_newcomers(&mut self) -> Result<(), String> {
        let at = self.some_node();
        self.kill_node(at, false);
        let end_ms = self.now_ms + RETURN_MS;
        let is_up = |scenario: &Self| matches!(scenario.nodes[at].state, NodeState::Up);
        while self.now_ms < end_ms || !is_up(self) {
            let begun = self.bus.as_ref().map(|(broker, _)| broker.take_begun());
            for room in begun.into_iter().flatten() {
                self.somebody_says(room);
            }
            self.advance(STEP_MS)?;
        }
        Ok(())
    }

    /// Somebody who is online in a room says one thing there.
    fn somebody_says(&mut self, room: RoomId) {
        let first = self.dice.random_range(0..self.clients.len());
        let number: u32 = self.dice.random_range(0..1_000_000);
        let (before, after) = self.clients.split_at(first);
        let is_in = |session: &client::Session| {
            let is_online = matches!(session.link(), client::Link::Online | client::Link::Back);
            is_online && session.room(room).is_some_and(|view| view.summary().member)
        };
        let mut clients = after.iter().chain(before);
        let Some(client) = clients.find(|client| client.look(is_in) == Some(true)) else {
            return;
        };
        client.does(Input::Act {
            room,
            act: Act::Send {
                text: format!("hush {number}"),
                reply_to: None,
                thread: None,
            },
        });
    }

    /// People leave a room and come back at once: what was told of the leave may come late, or twice.
    fn come_and_go(&mut self) -> Result<(), String> {
        let attic = self.rooms[1];
        for at in 0..self.clients.len() {
            let user = self.clients[at].user;
            for call in [
                SimRequest::Join(attic),
                SimRequest::Leave(attic, user),
                SimRequest::Join(attic),
            ] {
                self.clients[at].act(Action::Call(call));
                self.advance(AWAY_MS)?;
            }
        }
        Ok(())
    }
}
