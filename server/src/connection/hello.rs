//! The first frame: who connects and how far it has seen. Nothing else is acted on before it.

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use protocol::{ClientFrame, CloseCode, Hello, VERSION, limits};
use tokio::time::timeout;

use super::{
    actor,
    outgoing::{Outgoing, close_of},
};
use crate::{
    auth::{Identity, from_token},
    hub::{Goodbye, Newcomer},
    state::State,
};

/// Serves a connection from its first frame to its last.
pub(super) async fn serve(state: State, socket: WebSocket, identity: Option<Identity>) {
    let (sink, mut stream) = socket.split();
    let mut out = Outgoing::new(sink);
    let wait = state.config.live.hello_timeout();
    let hello = match timeout(wait, first_frame(&mut stream)).await {
        Ok(Ok(First::Hello(hello))) => *hello,
        Ok(Ok(First::Closed)) => return out.answer_close().await,
        Ok(Ok(First::Lost)) => return,
        Ok(Err(goodbye)) => return out.finish(goodbye, &mut stream).await,
        Err(_) => {
            return out
                .finish(Goodbye::new(CloseCode::NoHello), &mut stream)
                .await;
        }
    };
    let identity = match authenticate(&state, identity, &hello).await {
        Ok(identity) => identity,
        Err(goodbye) => return out.finish(goodbye, &mut stream).await,
    };
    let user = identity.account.id;
    let mailbox = state.hub.mailbox(user, state.mono());
    let resume = hello.resume.unwrap_or_default();
    let newcomer = Newcomer {
        user,
        sign_in: identity.sign_in,
        sign_in_ends: identity.sign_in_ends,
        resume: resume.session,
    };
    let Ok(attached) = state.hub.attach(newcomer, &mailbox) else {
        return out
            .finish(Goodbye::new(CloseCode::TooMany), &mut stream)
            .await;
    };
    actor::run(
        state,
        identity,
        attached,
        mailbox,
        resume.cursors,
        out,
        stream,
    )
    .await;
}

/// What comes first.
enum First {
    Hello(Box<Hello>),
    /// A goodbye, that wants an answer.
    Closed,
    Lost,
}

async fn first_frame(stream: &mut super::outgoing::Incoming) -> Result<First, Goodbye> {
    loop {
        let text = match stream.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => return Err(Goodbye::new(CloseCode::Unsupported)),
            Some(Ok(Message::Close(_))) => return Ok(First::Closed),
            None => return Ok(First::Lost),
            Some(Err(why)) => {
                return close_of(&why).map_or(Ok(First::Lost), |code| Err(Goodbye::new(code)));
            }
        };
        let bad = |reason: &str| Goodbye {
            code: CloseCode::BadProtocol,
            reason: cut(reason),
        };
        return match ClientFrame::parse(&text) {
            Ok(ClientFrame::Hello(hello)) => check(hello)
                .map(|hello| First::Hello(Box::new(hello)))
                .map_err(bad),
            Ok(_) => Err(bad("the first frame is hello")),
            Err(why) => Err(bad(&why.message)),
        };
    }
}

/// A close frame's reason has at most 123 bytes (RFC 6455, section 5.5).
pub(super) fn cut(reason: &str) -> String {
    let mut end = reason.len().min(120);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    reason[..end].to_owned()
}

fn check(hello: Hello) -> Result<Hello, &'static str> {
    if hello.v != VERSION {
        return Err("this server speaks version 1");
    }
    if !(limits::DEVICE_CHARS_MIN..=limits::DEVICE_CHARS_MAX)
        .contains(&hello.device.chars().count())
    {
        return Err("a device id has 16 to 64 characters");
    }
    if hello.client.chars().count() > limits::CLIENT_CHARS {
        return Err("a client's name has at most 100 characters");
    }
    Ok(hello)
}

async fn authenticate(
    state: &State,
    known: Option<Identity>,
    hello: &Hello,
) -> Result<Identity, Goodbye> {
    if let Some(identity) = known {
        return Ok(identity);
    }
    let refused = || Goodbye::new(CloseCode::Unauthorized);
    let token = hello.token.as_deref().ok_or_else(refused)?;
    match from_token(token, &state.tokens, &*state.store, state.now()).await {
        Ok(identity) => identity.ok_or_else(refused),
        // The store is away: the client may come back, its token is not to blame.
        Err(_) => Err(Goodbye {
            code: CloseCode::Restart,
            reason: protocol::retry_after_reason(2_000),
        }),
    }
}
