//! Says back what it hears. Shared with the server's own tests, which run it in their process.

use axum::{Router, response::Response, routing::get, serve::ListenerExt as _};
use server::parts::{Frame, Goodbye, Handshake, Options, Wire, WireEvent};
use tokio::net::TcpListener;

/// Serves until it is dropped.
pub(crate) async fn serve(listener: TcpListener, options: Options) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let upgrade = move |handshake: Handshake| async move { upgrade(handshake, options) };
    axum::serve(listener, Router::new().route("/", get(upgrade))).await
}

fn upgrade(handshake: Handshake, options: Options) -> Response {
    let (answer, wire) = handshake.accept(&[], options);
    tokio::spawn(async move {
        if let Some(wire) = wire.await {
            echo(wire, options).await;
        }
    });
    answer
}

async fn echo(wire: Wire, options: Options) {
    let Wire {
        mut out,
        mut incoming,
    } = wire;
    let mut begins = true;
    loop {
        let heard = incoming.next().await;
        if begins && matches!(heard, WireEvent::Text(_) | WireEvent::Binary(_)) {
            incoming = incoming.begun(options).await;
            begins = false;
        }
        match heard {
            WireEvent::Text(text) => out.push(Frame::text(&text)),
            WireEvent::Binary(bytes) => out.push(Frame::binary(&bytes)),
            WireEvent::Ping(pong) => out.push_first(pong),
            WireEvent::Pong => {}
            WireEvent::Closed(answer) => return out.answer_close(answer, incoming).await,
            WireEvent::Broken(code) => return out.finish(Goodbye::new(code), incoming).await,
            WireEvent::Lost => return,
        }
        if out.pump().await.is_err() {
            return;
        }
    }
}
