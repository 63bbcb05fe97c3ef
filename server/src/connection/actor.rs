//! The task of one connection, from its welcome to its end: it gathers what is to be said, says it, and acts on what it hears.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Either, Ready, ready},
};
use protocol::{
    CloseCode, PresenceChange, RoomChange, RoomId, Seq, ServerFrame, TypingNotice,
    limits::QUEUE_STALL,
};
use tokio::time::{Instant, timeout};

use super::{
    cursors::{Cursors, FetchedLog},
    flood::Flood,
    incoming::Next,
    next_event::{Moved, NextEvent, PendingAnswers},
    outgoing::{Lost, Outgoing},
    output::{Output, Plug},
    welcome::welcome,
    wire::Incoming,
};
use crate::{
    auth::Identity,
    hub::{Attached, Frame, Goodbye, Mail, Mailbox, encode},
    network::Network,
    shares::Share,
    state::State,
    store::StoreError,
};

/// How long a goodbye waits for what was received to be settled.
const SETTLE: Duration = Duration::from_secs(5);
/// A flush that does not end for this long while the peer reads nothing: half of what the contract allows, so that the
/// close comes within it.
const STALL: Duration = Duration::from_secs(QUEUE_STALL.as_secs() / 2);

/// A connection after its `hello`.
pub(super) struct Actor {
    pub(super) state: State,
    pub(super) attached: Attached,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) flood: Flood,
    pub(super) typed: Vec<(RoomId, Instant)>,
    pub(super) answers: PendingAnswers,
    pub(super) said_bye: bool,
    /// What was put in line and is not settled yet.
    pub(super) under_way: usize,
    pub(super) output: Plug,
    pub(super) fetch: Option<BoxFuture<'static, FetchedLog>>,
    pub(super) incoming: Incoming,
    place: Share<Network>,
}

/// What only the beginning needs.
pub(super) struct Beginning {
    pub(super) identity: Identity,
    pub(super) cursors: BTreeMap<RoomId, Seq>,
}

/// Serves a connection from its welcome to its end. Thousands of these sit idle: what is rare is boxed, so that they do not
/// all keep a place for it.
pub(super) async fn run(mut actor: Box<Actor>, beginning: Box<Beginning>) {
    let end = actor.talk(beginning).await;
    Box::pin(part(actor, end)).await;
}

async fn part(mut actor: Box<Actor>, end: End) {
    // Who is shown out hears the answers to what they asked, and no more of the rooms.
    actor.output.gathers();
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
        output,
        incoming,
        place,
        ..
    } = *actor;
    // Whoever is told of it must not hear more from a lane.
    let out = output.close();
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
    drop(place);
}

/// How a conversation ends.
enum End {
    /// With a goodbye of ours.
    Goodbye(Goodbye),
    /// With one of theirs, that wants this answer.
    Closed(Frame),
    /// Without a close frame.
    Lost,
}

/// This connection cannot be served, as the store does not answer or the server goes away; the next one may.
pub(crate) fn away() -> Goodbye {
    Goodbye {
        code: CloseCode::Restart,
        reason: protocol::retry_after_reason(2_000),
    }
}

impl Actor {
    pub(super) fn new(
        state: State,
        attached: Attached,
        mailbox: Arc<Mailbox>,
        (out, incoming): (Outgoing, Incoming),
        place: Share<Network>,
    ) -> Box<Self> {
        let output = Output::new(Arc::clone(&state), Arc::clone(&mailbox), out);
        Box::new(Self {
            output: Plug(Arc::new(output)),
            flood: Flood::new(state.clock.instant()),
            typed: Vec::new(),
            answers: PendingAnswers::default(),
            said_bye: false,
            under_way: 0,
            fetch: None,
            state,
            attached,
            mailbox,
            incoming,
            place,
        })
    }

    /// Welcomes; a goodbye if the sign-in ended since the upgrade.
    async fn welcomed(&mut self, beginning: Box<Beginning>) -> Result<Option<Goodbye>, StoreError> {
        let Beginning { identity, cursors } = *beginning;
        if let Some(nodes) = &self.state.nodes {
            nodes.begin_person(self.attached.session.user).await?;
        }
        // From here on a sign-out finds this connection in the hub; one that came before is found in the store.
        let sign_in = self.state.cache.pass(identity.sign_in).await?;
        if sign_in.is_none_or(|sign_in| sign_in.revoked) {
            return Ok(Some(Goodbye::new(CloseCode::SignedOut)));
        }
        // The same goes for what the user may do.
        let user = self.attached.session.user;
        match self.state.cache.account(user).await? {
            Some(account) if !account.banned => self.attached.session.set_role(account.role),
            _ => return Ok(Some(Goodbye::new(CloseCode::Banned))),
        }
        let rooms = self
            .state
            .cache
            .rooms_of(self.attached.session.user)
            .await?;
        self.state
            .hub
            .settle(self.attached.session.user, rooms.iter().map(|room| room.id));
        if let Some(nodes) = &self.state.nodes {
            nodes.begin_rooms(rooms.iter().map(|room| room.id)).await;
        }
        let (welcome, rest) = welcome(&self.state, &identity, &self.attached, rooms).await?;
        let mut rooms = welcome.rooms.clone();
        self.say(&ServerFrame::Welcome(Box::new(welcome)));
        for room in rest {
            rooms.push(room.clone());
            self.say(&ServerFrame::Room(RoomChange { room }));
        }
        self.output.start(&rooms, cursors).await?;
        Ok(None)
    }

    /// From the welcome until somebody ends it.
    async fn talk(&mut self, beginning: Box<Beginning>) -> End {
        let welcomed = Box::pin(self.welcomed(beginning)).await;
        // Where the store is away, the client comes back with the same cursors.
        if let Some(goodbye) = welcomed.unwrap_or_else(|_| Some(away())) {
            return End::Goodbye(goodbye);
        }
        let mut read_first = false;
        loop {
            if self.output.is_idle() {
                // Before what is new: a busy room must not keep a page of another from its reader.
                let page = self.fetch.as_mut().and_then(FutureExt::now_or_never);
                if let Some(page) = page {
                    self.fetch = None;
                    if !self.output.fetched(page) {
                        return End::Goodbye(away());
                    }
                }
                if let Some(goodbye) = self.gather().await {
                    return End::Goodbye(goodbye);
                }
                // Nearly always it can all be written at once, and there is nothing to choose between.
                if !self.output.is_idle()
                    && let Some(written) = self.output.pump().now_or_never()
                {
                    if written.is_err() {
                        return End::Lost;
                    }
                    if self.output.has_more() {
                        // A batch is bounded: the rest goes out in the next turn, after a look at what came in.
                        self.mailbox.wake();
                    }
                }
            }
            let turn = match self.output.deadline(self.state.clock.instant(), STALL) {
                None => self.next_event().await,
                // Rare, and larger: an idle connection keeps no place for it.
                Some(deadline) => Box::pin(self.busy_turn(deadline, read_first)).await,
            };
            match turn {
                NextEvent::Answer(answer) => self.answered(answer),
                NextEvent::Page(page) => {
                    if !self.output.fetched(page) {
                        return End::Goodbye(away());
                    }
                }
                NextEvent::Moved(Moved::Written(Ok(()))) => read_first = true,
                NextEvent::Moved(Moved::Written(Err(Lost))) => return End::Lost,
                NextEvent::Moved(Moved::Read(heard)) => match self.received(heard) {
                    Next::On => read_first = false,
                    Next::Close(goodbye) => return End::Goodbye(goodbye),
                    Next::Closed(answer) => return End::Closed(answer),
                    Next::Gone => return End::Lost,
                },
                NextEvent::Woken => {}
                NextEvent::Ended => return self.mail().goodbye.map_or(End::Lost, End::Goodbye),
                NextEvent::Stuck => return End::Goodbye(Goodbye::new(CloseCode::TooSlow)),
            }
        }
    }

    /// Something that was asked for is there.
    fn answered(&mut self, answer: Option<Frame>) {
        if let Some(frame) = answer {
            self.output.push(frame);
        }
    }

    /// Collects what goes out next; a goodbye if it is time for one. No `async fn`, which would keep a place for the mail in each
    /// connection that waits.
    fn gather(
        &mut self,
    ) -> Either<Ready<Option<Goodbye>>, impl Future<Output = Option<Goodbye>> + Unpin + '_> {
        self.output.gathers();
        let mail = self.mail();
        if mail.control.is_empty() {
            Either::Left(ready(self.line_up(mail)))
        } else {
            Either::Right(Box::pin(self.obey_all(mail)))
        }
    }

    async fn obey_all(&mut self, mut mail: Mail) -> Option<Goodbye> {
        for instruction in std::mem::take(&mut mail.control) {
            if self.obey(instruction).await.is_err() {
                return Some(away());
            }
        }
        self.line_up(mail)
    }

    /// Puts mail in line, and then what the rooms have; a goodbye if it says so.
    fn line_up(&mut self, mail: Mail) -> Option<Goodbye> {
        for frame in mail.frames {
            self.output.push(frame);
        }
        for (user, state) in mail.presence {
            self.say(&ServerFrame::Presence(PresenceChange { user, state }));
        }
        for ((room, thread), user) in mail.typing {
            let notice = TypingNotice { room, thread, user };
            self.say(&ServerFrame::Typing(notice));
        }
        if mail.goodbye.is_some() {
            return mail.goodbye;
        }
        let behind = self.output.fill();
        if let (Some((lane, cursor)), None) = (behind, &self.fetch) {
            self.fetch = Some(Box::pin(Cursors::fetch(
                Arc::clone(&self.state),
                lane,
                cursor,
            )));
        }
        None
    }

    /// Empties the mailbox; what was settled goes out.
    fn mail(&mut self) -> Mail {
        let mut mail = self.mailbox.take();
        for answer in std::mem::take(&mut mail.answers) {
            self.under_way -= 1;
            self.answered(answer);
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
            while self.answers.len() > 0 {
                let answer = self.answers.next().await;
                self.answered(answer);
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
        self.output.push(encode(frame));
    }
}
