//! Incoming frames of a client.

use protocol::{
    ClientFrame, CloseCode, Command, ErrorCode, MessageId, Pong, PresenceState, ServerFrame, Typing,
};

use super::{actor::Actor, hello::cut, wire::WireEvent};
use crate::{
    commands::{
        self,
        act::{self, Acked, Admission},
    },
    error::Refusal,
    hub::{Frame, Goodbye, encode, encode_long},
    state::State,
};

/// What a frame leads to.
pub(super) enum Next {
    /// Go on.
    On,
    /// Say goodbye.
    Close(Goodbye),
    /// The peer is gone.
    Gone,
    /// The peer said goodbye, and expects this answer (RFC 6455, section 5.5.1).
    Closed(Frame),
}

impl Actor {
    /// Acts on what was heard.
    pub(super) fn received(&mut self, heard: WireEvent) -> Next {
        match heard {
            WireEvent::Broken(code) => return Next::Close(Goodbye::new(code)),
            WireEvent::Closed(answer) => return Next::Closed(answer),
            WireEvent::Lost => return Next::Gone,
            WireEvent::Text(_) | WireEvent::Binary(_) | WireEvent::Ping(_) | WireEvent::Pong => {}
        }
        self.mailbox.seen(self.state.mono());
        if self.flood.frame(self.state.clock.instant()) {
            return Next::Close(Goodbye::new(CloseCode::Flood));
        }
        let text = match heard {
            WireEvent::Text(text) => text,
            WireEvent::Binary(_) => return Next::Close(Goodbye::new(CloseCode::Unsupported)),
            WireEvent::Ping(pong) => {
                self.output.push_first(pong);
                return Next::On;
            }
            _ => return Next::On,
        };
        match ClientFrame::parse(&text) {
            Ok(frame) => self.act(frame),
            Err(why) => {
                let reason = cut(&why.message);
                let Some(answer) = why.answer.to_json(ErrorCode::Invalid, why.message) else {
                    return Next::Close(Goodbye {
                        code: CloseCode::BadProtocol,
                        reason,
                    });
                };
                self.output.push(Frame::text(&answer));
                Next::On
            }
        }
    }

    fn act(&mut self, frame: ClientFrame) -> Next {
        let now = self.state.now();
        let who = self.attached.session.who();
        match frame {
            ClientFrame::Hello(_) => {
                return Next::Close(Goodbye {
                    code: CloseCode::BadProtocol,
                    reason: "hello is said once".to_owned(),
                });
            }
            ClientFrame::Bye(_) => {
                self.said_bye = true;
                return Next::Close(Goodbye::new(CloseCode::Normal));
            }
            ClientFrame::Ping(ping) => {
                let pong = Pong {
                    n: ping.n,
                    now,
                    heads: self.output.heads(),
                };
                self.say(&ServerFrame::Pong(pong));
            }
            ClientFrame::Command(command) => self.submit(command),
            ClientFrame::Read(frame) => {
                let mailbox = self.mailbox.clone();
                let tell = move |why: ServerFrame| mailbox.push(encode(&why));
                commands::read::read(&self.state, who, frame, self.mailbox.id(), tell);
            }
            ClientFrame::Unread(frame) => {
                let mailbox = self.mailbox.clone();
                let tell = move |why: ServerFrame| mailbox.push(encode(&why));
                commands::read::unread(&self.state, who, frame, self.mailbox.id(), tell);
            }
            ClientFrame::Follow(frame) => {
                let mailbox = self.mailbox.clone();
                let tell = move |why: ServerFrame| mailbox.push(encode(&why));
                commands::read::follow(&self.state, who, frame, tell);
            }
            ClientFrame::Presence(frame) => self.presence(frame.state),
            ClientFrame::Typing(frame) => self.typing(frame),
            ClientFrame::History(ask) => self.ask(ask.req, async move |state| {
                let page = commands::history::history(&state, who, ask).await;
                page.map(ServerFrame::Page)
            }),
            ClientFrame::Log(ask) => self.ask(ask.req, async move |state| {
                let entries = commands::log::log(&state, who, ask).await;
                entries.map(ServerFrame::Entries)
            }),
        }
        Next::On
    }

    /// Answers at length, once there is memory for it.
    fn ask<F>(&mut self, req: u64, read: impl FnOnce(State) -> F + Send + 'static)
    where
        F: Future<Output = Result<ServerFrame, Refusal>> + Send,
    {
        let (state, user) = (self.state.clone(), self.attached.session.user);
        self.answers.push(Box::pin(async move {
            let place = match state.answers.place(user).await {
                Ok(place) => place,
                Err(why) => return Some(encode(&why.error(Some(req)))),
            };
            let answer = read(state).await;
            let answer = answer.unwrap_or_else(|why| why.error(Some(req)));
            Some(encode_long(&answer, place))
        }));
    }

    fn submit(&mut self, command: Command) {
        let id = command.id;
        let mailbox = self.mailbox.clone();
        let tell = move |answer| mailbox.answer(Some(encode(&ack_or_nack(id, answer))));
        self.under_way += 1;
        if let Admission::Deferred(one) =
            act::submit(&self.state, self.attached.session.who(), command, tell)
        {
            self.under_way -= 1;
            let state = self.state.clone();
            self.answers.push(Box::pin(async move {
                let answer = act::deferred(&state, *one).await;
                Some(encode(&ack_or_nack(id, answer)))
            }));
        }
    }

    fn presence(&mut self, state: PresenceState) {
        if state == PresenceState::Offline {
            let why = Refusal::invalid(
                "state",
                "a presence is online or away; offline is said with bye",
            );
            return self.say(&why.error(None));
        }
        self.state.hub.set_presence(&self.attached.session, state);
    }

    fn typing(&mut self, typing: Typing) {
        let room = typing.room;
        let who = self.attached.session.who();
        if !self.output.has(room) {
            let state = self.state.clone();
            return self.answers.push(Box::pin(async move {
                let refused = commands::typing::refused(&state, who, room).await;
                refused.as_ref().map(encode)
            }));
        }
        let now = self.state.clock.instant();
        self.typed
            .retain(|(_, at)| now.duration_since(*at) < protocol::limits::TYPING_EVERY);
        if self.typed.iter().all(|(known, _)| *known != room) {
            self.typed.push((room, now));
            commands::typing::typing(&self.state, who, typing);
        }
    }
}

/// The answer to a command as a frame (contract, "Commands").
fn ack_or_nack(id: MessageId, answer: Result<Acked, Refusal>) -> ServerFrame {
    answer.map_or_else(|why| why.nack(id), |acked| ServerFrame::Ack(acked.ack))
}
