//! The writing half of a connection.

use std::io::{ErrorKind, Write as _};

use client::Rng as _;
use protocol::ClientFrame;

use super::{Crowd, CrowdHandler, PeerState};
use crate::wire::{OP_TEXT, request, write};

/// Bytes that a connection's frames may wait in; a server that takes no more is told of, and the frame is dropped.
const MAX_OUT: usize = 4 * 1024 * 1024;

impl Crowd {
    /// A frame for the server. It goes out with [`Crowd::flush`], so that several can go together.
    pub fn say(&mut self, who: usize, frame: &ClientFrame) {
        self.push(who, OP_TEXT, frame.to_json().as_bytes());
    }

    pub(super) fn push(&mut self, who: usize, opcode: u8, payload: &[u8]) {
        let [a, b, c, d, ..] = self.rng.next_u64().to_ne_bytes();
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        if peer.out.len() > MAX_OUT {
            return self.blame(who, "the server takes nothing any more");
        }
        write(&mut peer.out, opcode, payload, [a, b, c, d]);
    }

    /// Writes what waits; what the socket does not take goes out when it does.
    pub fn flush(&mut self, who: usize) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        let Some(stream) = &mut peer.stream else {
            return;
        };
        let mut done = 0;
        while let Some(rest) = peer.out.get(done..).filter(|rest| !rest.is_empty()) {
            match stream.write(rest) {
                Ok(wrote) => done += wrote,
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                // A broken socket is told by its reading half.
                Err(_) => break,
            }
        }
        peer.out.drain(..done);
    }

    pub(super) fn writable<H: CrowdHandler>(&mut self, who: usize, handler: &mut H) {
        let Some(peer) = self.peers.get_mut(who) else {
            return;
        };
        if peer.state == PeerState::Dialling {
            let Some(stream) = &peer.stream else { return };
            match stream.take_error() {
                Ok(None) => {}
                Ok(Some(why)) | Err(why) => return self.lost(who, 1006, &why.to_string(), handler),
            }
            if stream.peer_addr().is_err() {
                return;
            }
            // One event a time must not wait for the acknowledgement of the one before.
            drop(stream.set_nodelay(true));
            peer.state = PeerState::Upgrading;
            peer.out = request(&self.address.host, &peer.token);
        }
        self.flush(who);
    }
}
