//! A plain socket, and frames made by hand (RFC 6455, section 5.2): a library would refuse to make the bad ones.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::PATIENCE;

/// What RFC 6455 itself uses as an example.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A WebSocket frame, valid or not.
#[must_use]
#[derive(Clone)]
pub struct WsFrame {
    first: u8,
    mask: Option<[u8; 4]>,
    /// Bytes that the length is written in; as few as can be if it is none.
    width: Option<u8>,
    /// The length that the header tells.
    length: u64,
    payload: Vec<u8>,
}

impl WsFrame {
    /// A final, masked frame with this opcode.
    pub fn new(opcode: u8, payload: impl AsRef<[u8]>) -> Self {
        let payload = payload.as_ref().to_vec();
        Self {
            first: 0x80 | opcode,
            mask: Some(MASK),
            width: None,
            length: payload.len() as u64,
            payload,
        }
    }

    /// A text frame.
    pub fn text(payload: impl AsRef<[u8]>) -> Self {
        Self::new(1, payload)
    }

    /// A binary frame.
    pub fn binary(payload: impl AsRef<[u8]>) -> Self {
        Self::new(2, payload)
    }

    /// A continuation frame of a fragmented message.
    pub fn more(payload: impl AsRef<[u8]>) -> Self {
        Self::new(0, payload)
    }

    /// A ping frame.
    pub fn ping(payload: impl AsRef<[u8]>) -> Self {
        Self::new(9, payload)
    }

    /// A pong frame.
    pub fn pong(payload: impl AsRef<[u8]>) -> Self {
        Self::new(10, payload)
    }

    /// A close frame.
    pub fn close(code: u16, reason: impl AsRef<[u8]>) -> Self {
        Self::new(8, [&code.to_be_bytes()[..], reason.as_ref()].concat())
    }

    /// The same frame, but not the final one of its message.
    pub fn part(mut self) -> Self {
        self.first &= 0x7f;
        self
    }

    /// The same frame with reserved bits: 4, 2 and 1 are the first, second and third.
    pub fn reserved(mut self, bits: u8) -> Self {
        self.first |= bits << 4;
        self
    }

    /// The same frame with another mask.
    pub fn mask(mut self, mask: [u8; 4]) -> Self {
        self.mask = Some(mask);
        self
    }

    /// The same frame without a mask.
    pub fn unmasked(mut self) -> Self {
        self.mask = None;
        self
    }

    /// The same frame with its length in 2 or 8 bytes, though fewer may do.
    pub fn wide(mut self, bytes: u8) -> Self {
        self.width = Some(bytes);
        self
    }

    /// The same frame with this length in its header, whatever follows.
    pub fn claims(mut self, length: u64) -> Self {
        self.length = length;
        self
    }

    /// The frame as it stands on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let masked = if self.mask.is_some() { 0x80 } else { 0 };
        let few = match self.length {
            0..126 => 0,
            126..0x1_0000 => 2,
            _ => 8,
        };
        let length = self.length.to_be_bytes();
        let mut bytes = vec![self.first];
        match self.width.unwrap_or(few) {
            0 => bytes.push(masked | length[7]),
            2 => {
                bytes.push(masked | 0x7e);
                bytes.extend(&length[6..]);
            }
            _ => {
                bytes.push(masked | 0x7f);
                bytes.extend(length);
            }
        }
        let mask = self.mask.unwrap_or_default();
        bytes.extend(self.mask.iter().flatten());
        bytes.extend(
            self.payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(a, b)| a ^ b),
        );
        bytes
    }
}

/// A frame that a server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerSaid {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
}

/// How a server ended a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireEnd {
    /// The close code; 1005 for a close frame without, 1006 for none at all.
    pub code: u16,
    /// Whether the stream ended after the close frame, instead of being reset.
    pub clean: bool,
}

impl WireEnd {
    /// A clean end with this close code.
    pub fn clean(code: u16) -> Self {
        Self { code, clean: true }
    }
}

/// The head of an HTTP answer: its status and its headers, names in lower case.
pub type AnswerHead = (u16, Vec<(String, String)>);

/// A TCP connection on which a test reads and writes bytes and frames.
pub struct RawWire {
    stream: TcpStream,
    /// Whether it stopped taking what was sent: a reset, which the next read would no longer tell.
    refused: bool,
}

impl RawWire {
    /// Sends a request with this first line and these header lines; `Host` is added.
    pub async fn ask(url: &str, first: &str, lines: &[&str]) -> (Self, AnswerHead) {
        let addr = url.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut wire = Self {
            stream,
            refused: false,
        };
        let mut head = format!("{first}\r\nHost: {addr}\r\n");
        for line in lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        wire.stream.write_all(head.as_bytes()).await.unwrap();
        let head = timeout(PATIENCE, wire.head())
            .await
            .expect("an answer in time");
        (wire, head)
    }

    async fn head(&mut self) -> AnswerHead {
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n") {
            seen.push(self.stream.read_u8().await.unwrap());
        }
        let seen = String::from_utf8(seen).unwrap();
        let mut lines = seen.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        (status.parse().unwrap(), headers.collect())
    }

    /// Connects, and upgrades to a WebSocket.
    pub async fn open(url: &str, path: &str) -> Self {
        let key = format!("Sec-WebSocket-Key: {KEY}");
        let lines = [
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            &key,
        ];
        let (wire, (status, _)) = Self::ask(url, &format!("GET {path} HTTP/1.1"), &lines).await;
        assert_eq!(status, 101);
        wire
    }

    /// Opens a WebSocket, sends `hello` with a token, and waits for the `welcome`.
    pub async fn hello(url: &str, token: &str) -> Self {
        let mut wire = Self::open(url, "/ws").await;
        let hello = json!({ "t": "hello", "v": 1, "device": "0123456789abcdef", "token": token });
        wire.say(&[WsFrame::text(hello.to_string())]).await;
        let welcome = wire.hear().await;
        assert!(
            matches!(&welcome, Ok(ServerSaid::Text(text)) if text.contains("\"t\":\"welcome\"")),
            "{welcome:?}"
        );
        wire
    }

    /// Sends bytes in one write.
    pub async fn send(&mut self, bytes: &[u8]) {
        let sent = timeout(PATIENCE, self.stream.write_all(bytes)).await;
        self.refused |= sent.expect("it reads in time").is_err();
    }

    /// Sends frames in one write.
    pub async fn say(&mut self, frames: &[WsFrame]) {
        self.send(&bytes_of(frames)).await;
    }

    /// Waits for the next frame, or the end of the connection.
    pub async fn hear(&mut self) -> Result<ServerSaid, WireEnd> {
        timeout(PATIENCE, self.frame())
            .await
            .expect("a frame in time")
    }

    /// Waits until the server ends the connection, and skips the frames before.
    pub async fn ends(&mut self) -> WireEnd {
        loop {
            if let Err(end) = self.hear().await {
                return end;
            }
        }
    }

    /// Waits until the server ends the connection, and returns the frames before too.
    pub async fn all(&mut self) -> (Vec<ServerSaid>, WireEnd) {
        let mut said = Vec::new();
        loop {
            match self.hear().await {
                Ok(one) => said.push(one),
                Err(end) => return (said, end),
            }
        }
    }

    /// Waits for the next text as JSON, and skips pongs.
    pub async fn json(&mut self) -> Value {
        loop {
            match self.hear().await {
                Ok(ServerSaid::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Ok(ServerSaid::Pong(_)) => {}
                other => panic!("no text but {other:?}"),
            }
        }
    }

    async fn frame(&mut self) -> Result<ServerSaid, WireEnd> {
        let lost = WireEnd {
            code: 1006,
            clean: false,
        };
        let Ok(first) = self.stream.read_u8().await else {
            return Err(lost);
        };
        let Ok(payload) = self.payload().await else {
            return Err(lost);
        };
        match first {
            0x81 => Ok(ServerSaid::Text(String::from_utf8(payload).unwrap())),
            0x82 => Ok(ServerSaid::Binary(payload)),
            0x8a => Ok(ServerSaid::Pong(payload)),
            0x88 => Err(self.end(&payload).await),
            // A server never has a reason to fragment, to reserve or to ping.
            other => panic!("a frame that begins with {other:#x}"),
        }
    }

    async fn payload(&mut self) -> std::io::Result<Vec<u8>> {
        let length = match self.stream.read_u8().await? {
            126 => u64::from(self.stream.read_u16().await?),
            127 => self.stream.read_u64().await?,
            // With the bit of a mask it would be far more: a server masks nothing (section 5.1).
            few => u64::from(few),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.stream.read_exact(&mut payload).await?;
        Ok(payload)
    }

    /// After a close frame: answers it, as a client does, and looks how the stream ends.
    async fn end(&mut self, payload: &[u8]) -> WireEnd {
        let code = match payload {
            [] => 1005,
            [high, low, reason @ ..] => {
                assert!(payload.len() <= 125 && std::str::from_utf8(reason).is_ok());
                u16::from_be_bytes([*high, *low])
            }
            [_] => panic!("half a close code"),
        };
        self.say(&[WsFrame::new(8, payload)]).await;
        let shut = self.stream.shutdown().await.is_ok();
        let mut rest = Vec::new();
        let ended = self.stream.read_to_end(&mut rest).await.is_ok();
        assert!(rest.is_empty(), "after the close frame: {rest:?}");
        WireEnd {
            code,
            clean: shut && ended && !self.refused,
        }
    }
}

/// Frames as they stand on the wire, one after the other.
pub fn bytes_of(frames: &[WsFrame]) -> Vec<u8> {
    frames.iter().flat_map(WsFrame::bytes).collect()
}
