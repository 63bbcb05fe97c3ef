//! Thousands of connections on one thread: one `poll`, one buffer, and a few dozen bytes a connection.
//!
//! Most are light listeners: of what they hear only the places of the events are looked at, and each must come once and in order.
//! A connection may also be `whole`: then every text goes to its [`CrowdHandler`], and hello and heartbeat are that one's business.

mod cursors;
mod gather;
mod peer;
mod reading;
mod writing;

use std::{cmp::Reverse, collections::BinaryHeap, io, time::Duration};

use client::{Rng as _, Seeded};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use protocol::{ClientFrame, Ping, Seq, ServerFrame};
use rustix::net::sockopt::set_socket_recv_buffer_size;

use crate::{clock::RunClock, fault::Fault, wire::TargetAddress, wrong::RunFindings};

pub use cursors::{CrowdCursors, HeardEvent};
pub use gather::{Gather, Gathered};
pub use peer::{Peer, PeerState};

/// Events of one `poll`.
const EVENTS: usize = 4_096;
/// What a slow reader receives in. Less than a segment of the loopback (64 KiB) would make it slow for ever: such windows open by timers.
const SMALL_BYTES: usize = 64 * 1024;

/// Handles what connections hear. `who` is the connection's number in the crowd.
pub trait CrowdHandler {
    /// An event came to a light listener, the next of its room.
    fn event(&mut self, _who: usize, _room: u64, _seq: Seq) {}
    /// A light listener heard something that is no event: an ack, a page.
    fn frame(&mut self, _who: usize, _frame: ServerFrame) {}
    /// A whole connection heard a text.
    fn text(&mut self, _who: usize, _text: &str) {}
    /// A whole connection may say hello.
    fn opened(&mut self, _who: usize) {}
    /// A connection is gone: 1006 without a close frame.
    fn ended(&mut self, _who: usize, _code: u16, _reason: &str) {}
}

/// Ignores all of it.
#[derive(Clone, Copy, Debug)]
pub struct NoHandler;

impl CrowdHandler for NoHandler {}

/// Counts of all connections together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrowdCounts {
    /// Events that came as they should, to light listeners.
    pub deliveries: u64,
    /// Bytes of their frames.
    pub event_bytes: u64,
    /// Presence frames.
    pub presences: u64,
    /// Reads of sockets.
    pub reads: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Resumes that were answered by `behind`.
    pub behinds: u64,
}

/// The connections of one thread.
#[derive(Debug)]
pub struct Crowd {
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
    peers: Vec<Peer>,
    address: TargetAddress,
    clock: RunClock,
    rng: Seeded,
    pings: BinaryHeap<Reverse<(u64, usize)>>,
    heartbeat_ns: u64,
    /// What was counted.
    pub counts: CrowdCounts,
    /// What was found wrong.
    pub wrong: RunFindings,
    /// Whether a connection that ends is nothing wrong just now.
    pub ends_are_fine: bool,
    failed: Vec<(usize, String)>,
}

impl Crowd {
    /// Nobody yet, before this server.
    pub fn new(address: TargetAddress, clock: RunClock) -> Result<Self, Fault> {
        Ok(Self {
            poll: Poll::new().map_err(Fault::system("making a poll"))?,
            events: Events::with_capacity(EVENTS),
            buffer: Vec::new(),
            peers: Vec::new(),
            address,
            clock,
            rng: Seeded::new(crate::clock::wall_ms()),
            pings: BinaryHeap::new(),
            heartbeat_ns: 0,
            counts: CrowdCounts::default(),
            wrong: RunFindings::default(),
            ends_are_fine: false,
            failed: Vec::new(),
        })
    }

    /// One more, not connected yet; its number.
    pub fn add(&mut self, peer: Peer) -> usize {
        self.peers.push(peer);
        self.peers.len() - 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.peers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.peers.is_empty()
    }

    /// One of them.
    pub fn peer(&self, who: usize) -> Option<&Peer> {
        self.peers.get(who)
    }

    /// All of them.
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }

    /// The clock that all of the run is told by.
    pub const fn clock(&self) -> RunClock {
        self.clock
    }

    /// Randomness, for ids.
    pub fn bits(&mut self) -> u128 {
        (u128::from(self.rng.next_u64()) << 64) | u128::from(self.rng.next_u64())
    }

    /// Begins to connect.
    pub fn dial(&mut self, who: usize) {
        let now = self.clock.ns();
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        peer.dialled(now);
        let opened = TcpStream::connect(self.address.socket).and_then(|mut stream| {
            let both = Interest::READABLE | Interest::WRITABLE;
            self.poll
                .registry()
                .register(&mut stream, Token(who), both)?;
            Ok(stream)
        });
        match opened {
            Ok(stream) => peer.stream = Some(stream),
            Err(why) => {
                peer.state = PeerState::Closed;
                self.failed.push((who, why.to_string()));
            }
        }
    }

    /// Ends a connection without a word, as a network does.
    pub fn cut(&mut self, who: usize) {
        if let Some(peer) = self.peers.get_mut(who) {
            peer.close();
        }
    }

    /// Every text goes to the handler from now on, and hello and heartbeat are its business.
    pub fn make_whole(&mut self) {
        for peer in &mut self.peers {
            peer.whole = true;
        }
    }

    /// Gives a connection a small buffer to receive in.
    pub fn shrink(&mut self, who: usize) -> Result<(), Fault> {
        match self.peers.get(who).and_then(|peer| peer.stream.as_ref()) {
            Some(stream) => set_socket_recv_buffer_size(stream, SMALL_BYTES)
                .map_err(Fault::errno("making a buffer small")),
            None => Ok(()),
        }
    }

    /// A connection reads no more, or reads again (what came meanwhile at once).
    pub fn pause<H: CrowdHandler>(&mut self, who: usize, paused: bool, handler: &mut H) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        peer.paused = paused;
        if !paused {
            // The pong of a ping that was sent meanwhile is behind all that was not read.
            peer.awaits_pong = false;
            self.readable(who, handler);
        }
    }

    /// Waits for something to come, at most for `timeout`, and takes all of it in.
    pub fn turn<H: CrowdHandler>(
        &mut self,
        timeout: Duration,
        handler: &mut H,
    ) -> Result<(), Fault> {
        match self.poll.poll(&mut self.events, Some(timeout)) {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other.map_err(Fault::system("waiting for sockets"))?,
        }
        let events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        for event in &events {
            let who = event.token().0;
            if event.is_writable() {
                self.writable(who, handler);
            }
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                self.readable(who, handler);
            }
        }
        self.events = events;
        self.beat();
        Ok(())
    }

    /// Says what is due: a heartbeat of each light listener, well before the server misses it.
    fn beat(&mut self) {
        let now = self.clock.ns();
        while let Some(&Reverse((due, who))) = self.pings.peek()
            && due <= now
        {
            self.pings.pop();
            let Some(peer) = self.peers.get_mut(who).filter(|peer| peer.is_live()) else {
                continue;
            };
            // One that was dialled again has a ping of its own in the queue.
            if peer.ping_due_ns != due {
                continue;
            }
            if peer.awaits_pong && !peer.paused {
                let line = format!("{}: a ping was not answered", peer.name);
                self.wrong.note(line);
            }
            peer.awaits_pong = true;
            peer.pings += 1;
            let frame = ClientFrame::Ping(Ping { n: peer.pings });
            let next = now + self.heartbeat_ns;
            peer.ping_due_ns = next;
            self.pings.push(Reverse((next, who)));
            self.say(who, &frame);
            self.flush(who);
        }
    }
}

#[cfg(test)]
mod tests;
