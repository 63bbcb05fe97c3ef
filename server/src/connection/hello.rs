//! The first frame: who connects and how far it has seen. Nothing else is acted on before it.

use protocol::{ClientFrame, CloseCode, Hello, VERSION, limits};
use tokio::time::timeout;

use super::{
    actor::{self, Actor, Beginning},
    outgoing::Outgoing,
    wire::{Incoming, Options, Wire, WireEvent},
};
use crate::{
    auth::{Audience, Identity, from_token},
    commands::using,
    hub::{Frame, Goodbye, Newcomer},
    network::Network,
    shares::Share,
    state::State,
    telemetry::Limit,
};

/// Hears a connection's first frame, and lets it go on in a task of its own: what a beginning needs, thousands of idle
/// connections need not keep.
pub(super) async fn serve(
    state: State,
    wire: Wire,
    identity: Option<Identity>,
    place: Share<Network>,
) {
    let Wire {
        mut out,
        mut incoming,
    } = wire;
    let wait = state.config.live.hello_timeout();
    let first = tokio::select! {
        biased;
        first = timeout(wait, first_frame(&mut incoming, &mut out)) => first,
        // Nobody knows of it yet who would close it.
        () = state.draining.cancelled() => Ok(Err(actor::away())),
    };
    let hello = match first {
        Ok(Ok(First::Hello(hello))) => *hello,
        Ok(Ok(First::Closed(answer))) => return out.answer_close(answer, incoming).await,
        Ok(Ok(First::Lost)) => return,
        Ok(Err(goodbye)) => return refuse(&state, out, goodbye, incoming).await,
        Err(_) => {
            let goodbye = Goodbye::new(CloseCode::NoHello);
            return refuse(&state, out, goodbye, incoming).await;
        }
    };
    let identity = match authenticate(&state, identity, &hello).await {
        Ok(identity) => identity,
        Err(goodbye) => return refuse(&state, out, goodbye, incoming).await,
    };
    let incoming = incoming.begun(Options::default()).await;
    let user = identity.account.id;
    let mailbox = state.hub.mailbox(user, state.mono());
    let resume = hello.resume.unwrap_or_default();
    let newcomer = Newcomer {
        user,
        role: identity.account.role,
        sign_in: identity.sign_in,
        sign_in_seen: identity.sign_in_seen,
        sign_in_ends: identity.sign_in_ends,
        resume: resume.session,
    };
    let Ok(attached) = state.hub.attach(newcomer, &mailbox) else {
        state.metrics.hit(Limit::Sockets);
        let goodbye = Goodbye::new(CloseCode::TooMany);
        return refuse(&state, out, goodbye, incoming).await;
    };
    if state.is_draining() {
        // It may have come too late to be among those that are closed.
        mailbox.close(actor::away());
    }
    let tasks = state.tasks.clone();
    let halves = (out, incoming);
    let actor = Actor::new(state, attached, mailbox, halves, place);
    let beginning = Box::new(Beginning {
        identity,
        cursors: resume.cursors,
    });
    tasks.spawn(actor::run(actor, beginning));
}

/// Ends a connection that has not begun; counted as every other that the server ends.
async fn refuse(state: &State, out: Outgoing, goodbye: Goodbye, incoming: Incoming) {
    state.metrics.closed(goodbye.code);
    out.finish(goodbye, incoming).await;
}

/// What comes first.
enum First {
    Hello(Box<Hello>),
    /// A goodbye, that wants this answer.
    Closed(Frame),
    Lost,
}

async fn first_frame(incoming: &mut Incoming, out: &mut Outgoing) -> Result<First, Goodbye> {
    loop {
        let text = match incoming.next().await {
            WireEvent::Text(text) => text,
            WireEvent::Ping(pong) => {
                out.push(pong);
                if out.pump().await.is_err() {
                    return Ok(First::Lost);
                }
                continue;
            }
            WireEvent::Pong => continue,
            WireEvent::Binary(_) => return Err(Goodbye::new(CloseCode::Unsupported)),
            WireEvent::Closed(answer) => return Ok(First::Closed(answer)),
            WireEvent::Broken(code) => return Err(Goodbye::new(code)),
            WireEvent::Lost => return Ok(First::Lost),
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
    if !(limits::MIN_DEVICE_CHARS..=limits::MAX_DEVICE_CHARS)
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
    match from_token(
        Audience::Access,
        token,
        &state.tokens,
        &state.cache,
        state.now(),
    )
    .await
    {
        Ok(Some(identity)) => {
            using::seen(state, &identity, None);
            Ok(identity)
        }
        Ok(None) => Err(refused()),
        // The store is away: the client may come back, its token is not to blame.
        Err(_) => Err(Goodbye {
            code: CloseCode::Restart,
            reason: protocol::retry_after_reason(2_000),
        }),
    }
}
