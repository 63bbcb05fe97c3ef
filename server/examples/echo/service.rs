//! Says back what it hears. Shared with the server's own tests, which run it in their process.

use axum::{Router, response::Response, routing::get, serve::ListenerExt as _};
use server::{
    connection::{
        handshake::Handshake,
        wire::{Heard, Options, Wire},
    },
    hub::Goodbye,
};
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
            echo(wire).await;
        }
    });
    answer
}

async fn echo(wire: Wire) {
    let Wire {
        mut out,
        mut incoming,
    } = wire;
    loop {
        match incoming.next().await {
            Heard::Text(text) => out.push(text),
            Heard::Binary(bytes) => out.push_binary(bytes),
            Heard::Sign => {}
            Heard::Closed => return out.answer_close(incoming).await,
            Heard::Broken(code) => return out.finish(Goodbye::new(code), incoming).await,
            Heard::Lost => return,
        }
        if out.pump().await.is_err() {
            return;
        }
    }
}
