//! The senders of a fan-out. A voice is one sender of the contract's kind, whose connection changes: the server ends a connection that says
//! more than 100 frames a second, and a voice of a burst says thousands. So each voice goes round its share of the members.

use protocol::{Act, ClientFrame, Command, MessageId, RoomId};

use super::room_handler::RoomHandler;
use crate::{clock::wall_ms, crowd::Crowd};

/// Frames of one connection in one second: below what the server takes for a flood.
const FRAMES_PER_S: u32 = 80;

/// The senders of one scenario, in turn over rooms and members.
#[derive(Debug)]
pub(super) struct Voices {
    /// Voice `n` speaks in room `n % len`.
    rooms: Vec<RoomId>,
    text: String,
    count: usize,
    members: usize,
    /// The member whose turn it is, of each voice.
    turn: Vec<usize>,
    /// The second in which each member spoke last, and how often.
    spoke: Vec<(u64, u32)>,
    next: usize,
    /// Sends that had to wait because everybody had spoken enough.
    pub(super) held_back: u64,
}

impl Voices {
    /// So many voices, over the first `members` connections; voice `v` of `count` has the connections `v`, `v + count`, and so on.
    pub(super) fn new(rooms: Vec<RoomId>, count: usize, members: usize, text_bytes: usize) -> Self {
        let count = count.clamp(1, members.max(1));
        Self {
            rooms,
            text: "the quick brown fox jumps over the lazy dog and back "
                .chars()
                .cycle()
                .take(text_bytes)
                .collect(),
            count,
            members,
            turn: vec![0; count],
            spoke: vec![(u64::MAX, 0); members],
            next: 0,
            held_back: 0,
        }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The voice whose turn it is, where they take turns.
    pub(super) fn next(&mut self) -> usize {
        self.next = (self.next + 1) % self.count;
        self.next
    }

    /// A voice says something that was due at `due_ns`, `times` times in one go. How many went out.
    pub(super) fn say(
        &mut self,
        voice: usize,
        times: usize,
        due_ns: u64,
        crowd: &mut Crowd,
        handler: &mut RoomHandler,
    ) -> usize {
        let at = voice % self.rooms.len().max(1);
        let Some(&room) = self.rooms.get(at) else {
            return 0;
        };
        let second = crowd.clock().ns() / 1_000_000_000;
        let mut said = 0;
        while said < times {
            let Some((who, may)) = self.speaker(voice, second) else {
                self.held_back += 1;
                break;
            };
            let now_ms = wall_ms();
            for _ in 0..may.min(times - said) {
                let id = MessageId::mint(now_ms, crowd.bits());
                handler.sent(id, voice, due_ns);
                crowd.say(
                    who,
                    &ClientFrame::Command(Command {
                        id,
                        room,
                        act: Act::Send {
                            text: self.text.clone(),
                            reply_to: None,
                            thread: None,
                        },
                    }),
                );
                said += 1;
                if let Some(spoke) = self.spoke.get_mut(who) {
                    spoke.1 += 1;
                }
            }
            crowd.flush(who);
        }
        said
    }

    /// The connection that speaks next for a voice, and how often it may.
    fn speaker(&mut self, voice: usize, second: u64) -> Option<(usize, usize)> {
        let share = self.members.div_ceil(self.count);
        for _ in 0..share {
            let turn = self.turn.get_mut(voice)?;
            let who = voice + *turn * self.count;
            // The next message is the next member's: one that speaks all the time is the flood that the server ends.
            *turn = (*turn + 1) % share;
            let Some(spoke) = self.spoke.get_mut(who) else {
                continue;
            };
            if spoke.0 != second {
                *spoke = (second, 0);
            }
            if spoke.1 < FRAMES_PER_S {
                return Some((who, (FRAMES_PER_S - spoke.1) as usize));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_floods_and_everybody_keeps_to_their_share() {
        let mut voices = Voices::new(vec![RoomId::new(1).unwrap()], 2, 5, 10);
        let mut spoken = [0; 5];
        while let Some((who, _)) = voices.speaker(1, 7) {
            spoken[who] += 1;
            voices.spoke[who].1 += 1;
        }
        assert_eq!(spoken, [0, 80, 0, 80, 0]);
        assert!(voices.speaker(0, 7).is_some());
        assert!(voices.speaker(1, 8).is_some());
    }
}
