//! The task of one connection: one biased `select!` over what must end it, what comes in, what goes out, and what to do next.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, pending},
    stream::FuturesUnordered,
};
use protocol::{
    CloseCode, PresenceChange, RoomId, Seq, ServerFrame, TypingNotice, limits::QUEUE_STALL,
};
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    flood::Flood,
    incoming::Next,
    outgoing::{Lost, Outgoing},
    port::{Plug, Port},
    subs::{Fetched, Subs},
    welcome::welcome,
    wire::{Heard, Incoming},
};
use crate::{
    auth::Identity,
    http::limit::Place,
    hub::{Attached, Frame, Goodbye, Mail, Mailbox, encode},
    state::State,
    store::StoreError,
};

/// Answers that may be under way; with more, the connection stops reading until one is out.
const MOST_ANSWERS: usize = 4;
/// Commands that may be in line; with more, the connection stops reading until some are settled.
const MOST_UNDER_WAY: usize = 128;
/// Bytes that may wait to be written; with more, the connection neither reads nor takes answers.
const MOST_WAITING: usize = 1024 * 1024;
/// How long a goodbye waits for what was received to be settled.
const SETTLE: Duration = Duration::from_secs(5);
/// A flush that does not end for this long while the peer reads nothing: half of what the contract allows, so that the
/// close comes within it.
const STALL: Duration = Duration::from_secs(QUEUE_STALL.as_secs() / 2);

/// A connection after its `hello`.
pub(super) struct Actor {
    pub(super) state: State,
    pub(super) identity: Identity,
    pub(super) attached: Attached,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) flood: Flood,
    pub(super) typed: Vec<(RoomId, Instant)>,
    pub(super) answers: FuturesUnordered<BoxFuture<'static, Option<ServerFrame>>>,
    pub(super) said_bye: bool,
    /// What was put in line and is not settled yet.
    pub(super) under_way: usize,
    pub(super) port: Plug,
    fetch: Option<BoxFuture<'static, Fetched>>,
}

/// Serves a connection from its welcome to its end. Thousands of these sit idle: what is rare is boxed, so that they do not
/// all keep a place for it.
pub(super) async fn run(
    mut actor: Box<Actor>,
    cursors: BTreeMap<RoomId, Seq>,
    mut incoming: Incoming,
    place: Place,
) {
    let end = match Box::pin(actor.start(cursors)).await {
        Ok(None) => actor.talk(&mut incoming).await,
        Ok(Some(goodbye)) => End::Goodbye(goodbye),
        // The store is away: the client comes back with the same cursors.
        Err(_) => End::Goodbye(away()),
    };
    Box::pin(part(actor, end, incoming)).await;
    drop(place);
}

async fn part(mut actor: Box<Actor>, end: End, incoming: Incoming) {
    // Who is shown out hears the answers to what they asked, and no more of the rooms.
    actor.port.gathers();
    if let End::Goodbye(goodbye) = &end
        && goodbye.code != CloseCode::TooSlow
    {
        actor.settle().await;
    }
    let Actor {
        state,
        attached,
        mailbox,
        said_bye,
        port,
        ..
    } = *actor;
    // Whoever is told of it must not hear more from a lane.
    let out = port.close();
    state
        .hub
        .detach(&attached.session, &mailbox, said_bye, state.mono());
    if let End::Goodbye(goodbye) = &end {
        state.metrics.closed(goodbye.code);
    }
    let Some(out) = out else { return };
    match end {
        End::Goodbye(goodbye) => out.finish(goodbye, incoming).await,
        End::Closed(answer) => out.answer_close(answer, incoming).await,
        End::Lost => {}
    }
}

/// How a conversation ends.
enum End {
    /// With a goodbye of ours.
    Goodbye(Goodbye),
    /// With one of theirs, that wants this answer.
    Closed(Frame),
    /// Without.
    Lost,
}

/// The store does not answer: this connection cannot keep its promises, the next one may.
fn away() -> Goodbye {
    Goodbye {
        code: CloseCode::Restart,
        reason: protocol::retry_after_reason(2_000),
    }
}

async fn page_of(fetch: &mut Option<BoxFuture<'static, Fetched>>) -> Fetched {
    match fetch {
        Some(fetch) => fetch.await,
        None => pending().await,
    }
}

/// What one of the two halves of a socket did.
enum Moved {
    Written(Result<(), Lost>),
    Read(Heard),
}

/// Writes what waits, or reads a message, whichever can be done; where both can, `read_first` decides. Neither a busy room
/// nor a busy writer may starve the other half, so the caller lets them take turns.
async fn half(
    port: &Port,
    incoming: &mut Incoming,
    (writes, reads): (bool, bool),
    read_first: bool,
) -> Moved {
    if read_first {
        tokio::select! {
            biased;
            heard = incoming.next(), if reads => Moved::Read(heard),
            done = port.pump(), if writes => Moved::Written(done),
            else => pending().await,
        }
    } else {
        tokio::select! {
            biased;
            done = port.pump(), if writes => Moved::Written(done),
            heard = incoming.next(), if reads => Moved::Read(heard),
            else => pending().await,
        }
    }
}

impl Actor {
    pub(super) fn new(
        state: State,
        identity: Identity,
        attached: Attached,
        mailbox: Arc<Mailbox>,
        out: Outgoing,
    ) -> Box<Self> {
        let port = Port::new(Arc::clone(&state), Arc::clone(&mailbox), out);
        Box::new(Self {
            port: Plug(Arc::new(port)),
            flood: Flood::new(state.clock.instant()),
            typed: Vec::new(),
            answers: FuturesUnordered::new(),
            said_bye: false,
            under_way: 0,
            fetch: None,
            state,
            identity,
            attached,
            mailbox,
        })
    }

    /// Welcomes; a goodbye if the sign-in ended since the upgrade.
    async fn start(
        &mut self,
        cursors: BTreeMap<RoomId, Seq>,
    ) -> Result<Option<Goodbye>, StoreError> {
        // From here on a sign-out finds this connection in the hub; one that came before is found in the store.
        let sign_in = self.state.store.find_sign_in(self.identity.sign_in).await?;
        if sign_in.is_none_or(|sign_in| sign_in.revoked) {
            return Ok(Some(Goodbye::new(CloseCode::SignedOut)));
        }
        let rooms = self.state.store.rooms_of(self.identity.account.id).await?;
        self.state
            .hub
            .settle(self.identity.account.id, rooms.iter().map(|room| room.id));
        let welcome = welcome(&self.state, &self.identity, &self.attached, rooms).await?;
        self.port
            .push(encode(&ServerFrame::Welcome(Box::new(welcome.clone()))));
        self.port.start(&welcome.rooms, cursors).await?;
        Ok(None)
    }

    /// Until somebody ends it.
    async fn talk(&mut self, incoming: &mut Incoming) -> End {
        let mut read_first = false;
        loop {
            if self.port.is_idle() {
                if let Some(goodbye) = self.gather().await {
                    return End::Goodbye(goodbye);
                }
                // Nearly always it can all be written at once, and there is nothing to choose between.
                if !self.port.is_idle()
                    && let Some(written) = self.port.pump().now_or_never()
                {
                    if written.is_err() {
                        return End::Lost;
                    }
                    if self.port.has_more() {
                        // A batch is bounded: the rest goes out in the next turn, after a look at what came in.
                        self.mailbox.wake();
                    }
                }
            }
            let room_for_more = self.port.bytes() < MOST_WAITING;
            let reads = room_for_more
                && self.answers.len() < MOST_ANSWERS
                && self.under_way < MOST_UNDER_WAY;
            let deadline = self.port.deadline(self.state.clock.instant(), STALL);
            let idle = deadline.is_none();
            // Biased, because tokio seeds the choice of an unbiased one at random, and a simulation must replay. What stands
            // first is bounded and cannot starve what follows; the two halves, which are not, take turns.
            tokio::select! {
                biased;
                () = self.mailbox.ended(), if !idle => {
                    let goodbye = self.mail().goodbye;
                    return goodbye.map_or(End::Lost, End::Goodbye);
                }
                Some(answer) = self.answers.next(), if room_for_more && !self.answers.is_empty() => {
                    if let Some(frame) = answer {
                        self.say(&frame);
                    }
                }
                page = page_of(&mut self.fetch), if idle => {
                    self.fetch = None;
                    if !self.port.fetched(page) {
                        return End::Goodbye(away());
                    }
                }
                moved = half(&self.port, incoming, (!idle, reads), read_first) => match moved {
                    Moved::Written(Ok(())) => read_first = true,
                    Moved::Written(Err(Lost)) => return End::Lost,
                    Moved::Read(heard) => match self.received(heard) {
                        Next::On => read_first = false,
                        Next::Close(goodbye) => return End::Goodbye(goodbye),
                        Next::Closed(answer) => return End::Closed(answer),
                        Next::Gone => return End::Lost,
                    },
                },
                // After reading: what arrived before a goodbye is still taken. The mail is looked at in every turn anyway.
                () = self.mailbox.woken(), if idle => {}
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if !idle && !self.port.is_replaying() => {
                    return End::Goodbye(Goodbye::new(CloseCode::TooSlow));
                }
            }
        }
    }

    /// Collects what goes out next; a goodbye if it is time for one.
    async fn gather(&mut self) -> Option<Goodbye> {
        self.port.gathers();
        let mail = self.mail();
        for order in mail.control {
            if Box::pin(self.obey(order)).await.is_err() {
                return Some(away());
            }
        }
        for frame in mail.frames {
            self.port.push(frame);
        }
        for (user, state) in mail.presence {
            self.say(&ServerFrame::Presence(PresenceChange { user, state }));
        }
        for (room, user) in mail.typing {
            self.say(&ServerFrame::Typing(TypingNotice { room, user }));
        }
        if mail.goodbye.is_some() {
            return mail.goodbye;
        }
        let behind = self.port.fill();
        if let (Some((room, cursor)), None) = (behind, &self.fetch) {
            self.fetch = Some(Box::pin(Subs::fetch(Arc::clone(&self.state), room, cursor)));
        }
        None
    }

    /// Empties the mailbox; what was settled goes out.
    fn mail(&mut self) -> Mail {
        let mut mail = self.mailbox.take();
        for answer in std::mem::take(&mut mail.answers) {
            self.under_way -= 1;
            if let Some(frame) = answer {
                self.port.push(frame);
            }
        }
        mail
    }

    /// Waits until all that was received is committed and acked, as far as it gets in time.
    async fn settle(&mut self) {
        let settled = async {
            while self.under_way > 0 {
                self.mailbox.woken().await;
                self.mail();
            }
            while let Some(answer) = self.answers.next().await {
                if let Some(frame) = answer {
                    self.say(&frame);
                }
            }
        };
        if timeout(SETTLE, settled).await.is_err() {
            tracing::warn!(
                left = self.under_way,
                "a connection ends before its commands are settled"
            );
        }
    }

    /// Puts a frame of one's own in line.
    pub(super) fn say(&mut self, frame: &ServerFrame) {
        self.port.push(encode(frame));
    }
}
