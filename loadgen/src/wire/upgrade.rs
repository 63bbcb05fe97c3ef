//! The way from HTTP to a WebSocket (RFC 6455, section 4).

use std::net::{SocketAddr, ToSocketAddrs as _};

use crate::fault::Fault;

/// The example of RFC 6455. A key keeps caches from answering; load that is pointed at a server itself has none in between, and a
/// known key has a known answer.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// Longest answer that is waited for.
const MAX_ANSWER: usize = 16 * 1024;

/// Where the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetAddress {
    /// Host and port, for `Host`.
    pub host: String,
    /// Where to connect.
    pub socket: SocketAddr,
}

impl TargetAddress {
    /// Of `http://host[:port]`.
    pub fn of(url: &str) -> Result<Self, Fault> {
        let wrong = || Fault::Address(url.to_owned());
        let host = url
            .strip_prefix("http://")
            .ok_or_else(wrong)?
            .trim_end_matches('/');
        let full = if host.rsplit(']').next().is_some_and(|end| end.contains(':')) {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let mut found = full.to_socket_addrs().map_err(|why| Fault::NoServer {
            url: url.to_owned(),
            why: why.to_string(),
        })?;
        Ok(Self {
            host: full.clone(),
            socket: found.next().ok_or_else(wrong)?,
        })
    }
}

/// The request, for somebody with this access token.
pub fn request(host: &str, token: &str) -> Vec<u8> {
    format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {KEY}\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    .into_bytes()
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpgradeAnswer {
    /// Not all of it yet.
    More,
    /// It is a WebSocket; frames begin after so many bytes.
    Yes(usize),
    /// It is not.
    No(String),
}

/// Reads the answer's head.
pub fn answer(bytes: &[u8]) -> UpgradeAnswer {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > MAX_ANSWER {
            UpgradeAnswer::No("an answer without an end".into())
        } else {
            UpgradeAnswer::More
        };
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let code = status.split(' ').nth(1).unwrap_or_default();
    let accepted = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == ACCEPT
        });
    match code {
        "101" if accepted => UpgradeAnswer::Yes(end + 4),
        "101" => UpgradeAnswer::No("a wrong Sec-WebSocket-Accept".into()),
        _ => UpgradeAnswer::No(status.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_once_it_is_whole() {
        let whole =
            format!("HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: {ACCEPT}\r\n\r\n");
        for cut in 0..whole.len() {
            assert_eq!(answer(&whole.as_bytes()[..cut]), UpgradeAnswer::More);
        }
        let with_more = format!("{whole}frame");
        assert_eq!(
            answer(with_more.as_bytes()),
            UpgradeAnswer::Yes(whole.len())
        );
        assert_eq!(
            answer(b"HTTP/1.1 429 Too Many Requests\r\n\r\n"),
            UpgradeAnswer::No("HTTP/1.1 429 Too Many Requests".into())
        );
        assert!(matches!(
            answer(b"HTTP/1.1 101 S\r\n\r\n"),
            UpgradeAnswer::No(_)
        ));
    }

    #[test]
    fn addresses() {
        let address = TargetAddress::of("http://127.0.0.1:3000/").unwrap();
        assert_eq!(address.host, "127.0.0.1:3000");
        assert_eq!(
            TargetAddress::of("http://127.0.0.1").unwrap().socket.port(),
            80
        );
        assert_eq!(
            TargetAddress::of("http://[::1]:81").unwrap().socket.port(),
            81
        );
        assert!(matches!(
            TargetAddress::of("https://chat.example"),
            Err(Fault::Address(_))
        ));
    }
}
