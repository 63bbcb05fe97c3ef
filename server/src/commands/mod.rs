//! What people do, one verb a file: check, authorise, store, publish, reply. The live connection and the HTTP API call the
//! same ones.

pub mod account;
pub mod change;
pub mod direct;
pub mod history;
pub mod invite;
pub mod log;
pub mod member;
pub mod notice;
pub mod profile;
pub mod quota;
pub mod read;
pub mod refresh;
pub mod room;
pub mod send;
pub mod sign_in;
pub mod typing;
pub mod using;

use protocol::{Ack, RoomId, RoomSummary, ServerFrame, UserId};

use crate::{
    auth::rights::{Act, Who, may},
    error::Refusal,
    state::Shared,
    store::{Outcome, Reply, StoreError, Write},
    telemetry::Limit,
};

impl From<StoreError> for Refusal {
    fn from(why: StoreError) -> Self {
        tracing::warn!(%why, "the store failed a command");
        Self::unavailable()
    }
}

/// Whether a command with an id went into the write queue.
#[derive(Debug)]
pub enum Admission {
    /// Its outcome will be told.
    Queued,
    /// Too many at once, unless its id was acked before: [`held`] tells.
    Held(Box<Held>),
}

/// A command with an id that is not put in line, and why.
#[derive(Debug)]
pub struct Held {
    write: Write,
    why: Refusal,
}

impl Held {
    fn new(write: Write, why: Refusal) -> Box<Self> {
        Box::new(Self { write, why })
    }

    /// The write, held if it breaks a rule.
    fn unless(write: Write, broken: Option<Refusal>) -> Result<Write, Box<Self>> {
        match broken {
            Some(why) => Err(Self::new(write, why)),
            None => Ok(write),
        }
    }
}

/// Puts a checked command with an id in line, in the order of the calls. `tell` hears its answer, and
/// whether its id was acked before.
pub fn submit(
    state: &std::sync::Arc<Shared>,
    who: Who,
    id: protocol::MessageId,
    write: Write,
    tell: impl FnOnce(ServerFrame, bool) + Send + 'static,
) -> Admission {
    if let Err(why) = state.rate.take(who.id, state.mono()) {
        state.metrics.hit(Limit::Sends);
        return Admission::Held(Held::new(write, why));
    }
    let shared = std::sync::Arc::clone(state);
    state.queue.submit(write, move |outcome| {
        let (frame, repeat) = answer(&shared, who.id, id, outcome);
        tell(frame, repeat);
    });
    Admission::Queued
}

fn answer(
    state: &Shared,
    user: UserId,
    id: protocol::MessageId,
    outcome: Outcome,
) -> (ServerFrame, bool) {
    match outcome.map(|done| done.reply) {
        Ok(Reply::Ack { ack, repeat }) => {
            if repeat {
                state.rate.refund(user);
            }
            (ServerFrame::Ack(ack), repeat)
        }
        Ok(_) => (Refusal::unavailable().nack(id), false),
        Err(why) => (why.nack(id), false),
    }
}

/// The answer to a command that came too fast, or breaks a rule: where its id was acked before, the first one counts (contract,
/// "Commands"), and the store tells whether it was this command; it stores nothing for an id that it knows. Else why it was held.
pub async fn held(
    state: &Shared,
    user: UserId,
    id: protocol::MessageId,
    held: Held,
) -> Result<Ack, Refusal> {
    if state.store.find_ack(user, id).await?.is_none() {
        return Err(held.why);
    }
    match state.queue.write(held.write).await?.reply {
        Reply::Ack { ack, .. } => Ok(ack),
        _ => Err(Refusal::unavailable()),
    }
}

/// A room that `who` may look at, as it sees it.
pub async fn room_for(state: &Shared, who: Who, room: RoomId) -> Result<RoomSummary, Refusal> {
    let found = state.store.room(room, who.id).await?;
    let (summary, place) = found.ok_or_else(|| Refusal::not_found("room"))?;
    may(who, place, Act::Look)?;
    Ok(summary)
}
