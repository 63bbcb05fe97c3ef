//! What somebody without an account can do from one address: nothing that others notice.

use std::net::{IpAddr, SocketAddr};

use testing::{PATIENCE, TestServer, scale};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// A connection from an address of one's choice, of those that are this machine.
async fn dial(server: &TestServer, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::from(from), 0)).unwrap();
    let addr = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    socket.connect(addr).await.unwrap()
}

/// Says something, and reads what is answered until the end, or until the first line of a status with 2xx.
async fn status(stream: &mut TcpStream, said: &[u8]) -> Option<u16> {
    // Who is refused may be cut off while it still speaks.
    drop(stream.write_all(said).await);
    let mut answer = Vec::new();
    let mut piece = [0; 1_024];
    let line = async {
        while !answer.ends_with(b"\r\n") {
            match stream.read(&mut piece[..1]).await {
                Ok(0) | Err(_) => return,
                Ok(bytes) => answer.extend_from_slice(&piece[..bytes]),
            }
        }
    };
    timeout(PATIENCE, line).await.expect("an answer in time");
    let line = String::from_utf8(answer).unwrap();
    line.split(' ').nth(1).map(|code| code.parse().unwrap())
}

fn head_of(bytes: usize, ends: bool) -> Vec<u8> {
    let mut head = b"GET /healthz HTTP/1.1\r\nHost: h\r\n".to_vec();
    let end: &[u8] = if ends { b"\r\n\r\n" } else { b"" };
    for n in 0.. {
        let left = bytes.saturating_sub(head.len() + end.len());
        if left == 0 {
            break;
        }
        let line = format!("X-{n}: ");
        let value = "x".repeat(left.saturating_sub(line.len() + 2).min(4_000));
        head.extend_from_slice(format!("{line}{value}").as_bytes());
        if left > line.len() + value.len() + 2 {
            head.extend_from_slice(b"\r\n");
        } else {
            break;
        }
    }
    head.extend_from_slice(end);
    head
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_has_at_most_32_kb() {
    let server = TestServer::start().await;
    for (bytes, ends, expected) in [
        (30_000, true, 200),
        (33_500, true, 431),
        (33_500, false, 431),
        (400_000, false, 431),
        (400_000, true, 431),
    ] {
        let mut stream = dial(&server, [127, 0, 0, 1]).await;
        let got = status(&mut stream, &head_of(bytes, ends)).await;
        assert_eq!(got, Some(expected), "{bytes} {ends}");
    }
    // One line alone as well, and a path.
    let mut stream = dial(&server, [127, 0, 0, 1]).await;
    let line = format!("GET / HTTP/1.1\r\nCookie: {}", "x".repeat(100_000));
    assert_eq!(status(&mut stream, line.as_bytes()).await, Some(431));
    let mut stream = dial(&server, [127, 0, 0, 1]).await;
    let line = format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(100_000));
    let got = status(&mut stream, line.as_bytes()).await;
    assert!(matches!(got, Some(414 | 431)), "{got:?}");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_all_connections_takes_none_of_others() {
    let server = TestServer::with_flags(&["--connections-per-address=50"]).await;
    let begun = "POST /api/v1/sessions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{";
    let mut held = Vec::new();
    for _ in 0..50 {
        let mut stream = dial(&server, [127, 0, 0, 1]).await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        held.push(stream);
    }
    for n in 0..scale(30) {
        let mut one_more = dial(&server, [127, 0, 0, 1]).await;
        let got = status(&mut one_more, b"").await;
        assert!(matches!(got, Some(429)), "{n}: {got:?}");
        let mut other = dial(&server, [127, 0, 0, 2]).await;
        let got = status(&mut other, &head_of(100, true)).await;
        assert_eq!(got, Some(200), "{n}");
    }
    drop(held);
    // Its connections are its own to end.
    let asking = async {
        while status(
            &mut dial(&server, [127, 0, 0, 1]).await,
            &head_of(100, true),
        )
        .await
            != Some(200)
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, asking).await.expect("a place again");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_one_address_are_bounded_in_all() {
    let server = TestServer::start().await;
    let length = 200_000;
    let head = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    let body = vec![b' '; length - 1];
    let mut held = Vec::new();
    // 8 MiB are 41 of them.
    for _ in 0..60 {
        let mut stream = dial(&server, [127, 0, 0, 1]).await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        held.push(stream);
    }
    let mut refused = 0;
    for stream in &mut held {
        // Those that are not refused are let go once they took too long.
        match status(stream, b"").await {
            Some(429) => refused += 1,
            other => assert_eq!(other, Some(408)),
        }
    }
    assert!((15..60).contains(&refused), "{refused}");
    server.close().await;
}
