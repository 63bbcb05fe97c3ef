//! The reading half of a connection.

use std::{cmp::Reverse, io::Read as _};

use client::Rng as _;
use protocol::{ServerFrame, Welcome};

use super::{Crowd, CrowdHandler, HeardEvent, PeerState};
use crate::wire::{
    FrameHead, MAX_FRAME, OP_CLOSE, OP_PING, OP_PONG, OP_TEXT, ScannedFrame, UpgradeAnswer, answer,
    close_of, said,
};

/// Bytes of one read.
const READ: usize = 128 * 1024;
/// A heartbeat is sent after this part of what the server asks for, in percent: on its side ten more are allowed.
const BEAT_PERCENT: u64 = 90;

/// What is done with a frame, once the buffer is no longer looked at.
enum NextRead {
    /// The bytes that were used up.
    Used(usize),
    /// The connection is over.
    End(u16, String),
}

impl Crowd {
    pub(super) fn readable<H: CrowdHandler>(&mut self, who: usize, handler: &mut H) {
        loop {
            let Some(peer) = self.peers.get_mut(who).filter(|peer| !peer.paused) else {
                return;
            };
            let Some(stream) = &mut peer.stream else {
                return;
            };
            let carry = peer.carry.len();
            if self.buffer.len() < carry + READ {
                self.buffer.resize(carry + READ, 0);
            }
            let read = stream.read(&mut self.buffer[carry..carry + READ]);
            self.counts.reads += 1;
            let read = match read {
                Ok(0) => return self.lost(who, 1006, "the stream ended", handler),
                Ok(read) => read,
                Err(why) if why.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(why) if why.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(why) => return self.lost(who, 1006, &why.to_string(), handler),
            };
            self.buffer[..carry].copy_from_slice(&peer.carry);
            self.counts.bytes += read as u64;
            if !self.take(who, carry + read, handler) {
                return;
            }
            // A read that did not fill the buffer emptied the socket: what comes next is a new edge.
            if read < READ {
                return;
            }
        }
    }

    /// Takes in what lies in the buffer; false once the connection is over.
    pub(super) fn take<H: CrowdHandler>(
        &mut self,
        who: usize,
        end: usize,
        handler: &mut H,
    ) -> bool {
        let buffer = std::mem::take(&mut self.buffer);
        let bytes = buffer.get(..end).unwrap_or_default();
        let next = self.digest(who, bytes, handler);
        let goes_on = match next {
            NextRead::Used(used) => {
                if let Some(peer) = self.peers.get_mut(who) {
                    peer.keep_carry(bytes.get(used..).unwrap_or_default());
                }
                true
            }
            NextRead::End(code, reason) => {
                self.lost(who, code, &reason, handler);
                false
            }
        };
        self.buffer = buffer;
        if self.buffer.len() > MAX_FRAME {
            self.buffer = Vec::new();
        }
        goes_on
    }

    fn digest<H: CrowdHandler>(&mut self, who: usize, bytes: &[u8], handler: &mut H) -> NextRead {
        let mut at = 0;
        if self
            .peers
            .get(who)
            .is_some_and(|peer| peer.state == PeerState::Upgrading)
        {
            match answer(bytes) {
                UpgradeAnswer::More => return NextRead::Used(0),
                UpgradeAnswer::No(why) => return NextRead::End(1006, why),
                UpgradeAnswer::Yes(used) => at = used,
            }
            self.upgraded(who, handler);
        }
        let whole = self.peers.get(who).is_some_and(|peer| peer.whole);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let head = match FrameHead::read(rest) {
                Ok(Some(head)) => head,
                Ok(None) => return NextRead::Used(at),
                Err(why) => {
                    self.blame(who, &why.to_string());
                    return NextRead::End(1002, why.to_string());
                }
            };
            let payload = rest.get(head.start..head.end).unwrap_or_default();
            match head.opcode {
                OP_TEXT if whole => match std::str::from_utf8(payload) {
                    Ok(text) => handler.text(who, text),
                    Err(_) => self.blame(who, "a text that is not UTF-8"),
                },
                OP_TEXT => self.light(who, payload, handler),
                OP_PING => {
                    self.push(who, OP_PONG, payload);
                    self.flush(who);
                }
                OP_CLOSE => {
                    let (code, reason) = close_of(payload);
                    self.push(who, OP_CLOSE, payload.get(..2).unwrap_or_default());
                    self.flush(who);
                    return NextRead::End(code, reason);
                }
                _ => {}
            }
            at += head.end;
        }
    }

    fn upgraded<H: CrowdHandler>(&mut self, who: usize, handler: &mut H) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        peer.state = PeerState::Open;
        if peer.whole {
            peer.state = PeerState::Live;
            handler.opened(who);
        } else {
            let hello = peer.hello();
            self.say(who, &hello);
            self.flush(who);
        }
    }

    #[inline]
    fn light<H: CrowdHandler>(&mut self, who: usize, payload: &[u8], handler: &mut H) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        match said(payload) {
            ScannedFrame::Event { room, seq } => match peer.cursors.hear(room, seq) {
                HeardEvent::Next => {
                    self.counts.deliveries += 1;
                    self.counts.event_bytes += payload.len() as u64;
                    handler.event(who, room, seq);
                }
                wrong => self.misheard(who, room, seq, wrong),
            },
            ScannedFrame::Pong => peer.awaits_pong = false,
            ScannedFrame::Presence => self.counts.presences += 1,
            ScannedFrame::Other(payload) => self.other(who, payload, handler),
        }
    }

    #[cold]
    fn misheard(&mut self, who: usize, room: u64, seq: u64, wrong: HeardEvent) {
        let what = match wrong {
            HeardEvent::Again { last } => {
                format!("room {room}: seq {seq} came, when {last} had been heard")
            }
            HeardEvent::Hole { last } => {
                format!(
                    "room {room}: after seq {last} came {seq}, {} are missing",
                    seq - last - 1
                )
            }
            HeardEvent::Stranger | HeardEvent::Next => {
                format!("an event of room {room}, which the connection is not in")
            }
        };
        self.blame(who, &what);
    }

    fn other<H: CrowdHandler>(&mut self, who: usize, payload: &[u8], handler: &mut H) {
        let frame = std::str::from_utf8(payload).map(ServerFrame::parse);
        let Ok(Ok(frame)) = frame else {
            let what = String::from_utf8_lossy(payload.get(..100).unwrap_or(payload)).into_owned();
            return self.blame(who, &format!("a frame that cannot be read: {what}"));
        };
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(who, &welcome),
            ServerFrame::Behind(behind) => {
                peer.cursors.jump(behind.room.get(), behind.last_seq);
                self.counts.behinds += 1;
            }
            ServerFrame::Gone(gone) => peer.cursors.forget(gone.room.get()),
            ServerFrame::Room(change) => {
                peer.cursors
                    .know(change.room.id.get(), change.room.last_seq);
            }
            other => handler.frame(who, other),
        }
    }

    fn welcomed(&mut self, who: usize, welcome: &Welcome) {
        let now = self.clock.ns();
        self.heartbeat_ns = welcome.heartbeat_ms * 1_000_000 / 100 * BEAT_PERCENT;
        // Spread over a heartbeat, or all that came together would ping together for ever.
        let first = now + self.rng.next_u64() % self.heartbeat_ns.max(1);
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        peer.state = PeerState::Live;
        peer.welcomed_ns = now;
        peer.session = Some(welcome.session);
        peer.rooms = welcome.rooms.len();
        for room in &welcome.rooms {
            peer.cursors.know(room.id.get(), room.last_seq);
        }
        peer.ping_due_ns = first;
        self.pings.push(Reverse((first, who)));
    }

    pub(super) fn lost<H: CrowdHandler>(
        &mut self,
        who: usize,
        code: u16,
        reason: &str,
        handler: &mut H,
    ) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        let was_live = peer.is_live();
        peer.close();
        if !was_live && !peer.whole {
            let why = format!("{code} {reason}");
            self.failed.push((who, why));
        } else if !self.ends_are_fine {
            self.blame(who, &format!("the connection ended: {code} {reason}"));
        }
        handler.ended(who, code, reason);
    }

    /// Notes what a connection found wrong.
    pub fn blame(&mut self, who: usize, what: &str) {
        let name = self.peers.get(who).map_or("somebody", |peer| &peer.name);
        let line = format!("{name} (connection {who}): {what}");
        self.wrong.note(line);
    }
}
