//! One connection.

use mio::net::TcpStream;
use protocol::{ClientFrame, Hello, Resume, RoomId, SessionId, VERSION};

use super::CrowdCursors;

/// A carry or an outbox that grew beyond this is given back once it is empty.
const KEEP_BYTES: usize = 64 * 1024;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// Not there.
    Closed,
    /// The socket is not open yet.
    Dialling,
    /// The request is out.
    Upgrading,
    /// It is a WebSocket.
    Open,
    /// It was welcomed.
    Live,
}

/// One connection of the crowd, and what it has heard.
#[derive(Debug)]
pub struct Peer {
    /// For what is told about it.
    pub name: String,
    /// Every text goes to the handler.
    pub whole: bool,
    /// How far it is.
    pub state: PeerState,
    /// How far it heard each room.
    pub cursors: CrowdCursors,
    /// When it was dialled, in nanoseconds of the clock.
    pub dialled_ns: u64,
    /// When its `welcome` came, in nanoseconds of the clock.
    pub welcomed_ns: u64,
    /// Rooms of the welcome.
    pub rooms: usize,
    pub(super) token: String,
    pub(super) device: String,
    pub(super) session: Option<SessionId>,
    pub(super) stream: Option<TcpStream>,
    pub(super) carry: Vec<u8>,
    pub(super) out: Vec<u8>,
    pub(super) paused: bool,
    pub(super) awaits_pong: bool,
    pub(super) pings: u64,
    pub(super) ping_due_ns: u64,
}

impl Peer {
    /// Somebody with this access token, on this device.
    pub fn new(name: String, token: String, device: String) -> Self {
        Self {
            name,
            whole: false,
            state: PeerState::Closed,
            cursors: CrowdCursors::default(),
            dialled_ns: 0,
            welcomed_ns: 0,
            rooms: 0,
            token,
            device,
            session: None,
            stream: None,
            carry: Vec::new(),
            out: Vec::new(),
            paused: false,
            awaits_pong: false,
            pings: 0,
            ping_due_ns: 0,
        }
    }

    /// Whether it was welcomed and still stands.
    pub fn is_live(&self) -> bool {
        self.state == PeerState::Live
    }

    /// Its device.
    pub fn device(&self) -> &str {
        &self.device
    }

    pub(super) fn dialled(&mut self, now_ns: u64) {
        self.close();
        self.state = PeerState::Dialling;
        self.dialled_ns = now_ns;
    }

    pub(super) fn close(&mut self) {
        self.stream = None;
        self.state = PeerState::Closed;
        self.carry = Vec::new();
        self.out = Vec::new();
        self.awaits_pong = false;
        self.paused = false;
    }

    /// Its first frame; once it was welcomed it goes on from what it heard.
    pub(super) fn hello(&self) -> ClientFrame {
        let cursors = self.cursors.all();
        let resume = self.session.map(|session| Resume {
            session: Some(session),
            cursors: cursors
                .filter_map(|(room, seq)| Some((RoomId::new(room)?, seq)))
                .collect(),
        });
        ClientFrame::Hello(Hello {
            v: VERSION,
            device: self.device.clone(),
            client: concat!("hubbub-loadgen/", env!("CARGO_PKG_VERSION")).into(),
            token: None,
            resume,
        })
    }

    pub(super) fn keep_carry(&mut self, rest: &[u8]) {
        self.carry.clear();
        if rest.is_empty() && self.carry.capacity() > KEEP_BYTES {
            self.carry = Vec::new();
        }
        self.carry.extend_from_slice(rest);
    }
}
