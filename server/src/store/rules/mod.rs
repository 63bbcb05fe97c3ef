//! The rules of writes, the same for every store: rights in order, ids that were used before, counts, the first account, invites, refresh
//! tokens. A rule reads facts from a [`Transaction`] and keeps changes in it.

mod accounts;
mod changes;
mod rooms;
mod sends;
mod sign_ins;
mod transaction;

use futures_util::FutureExt as _;
use protocol::{Ack, ActKind, RoomId, UserId};

pub use transaction::{
    AccountRows, Answer, Given, Head, LogRows, NewEntry, NewMessage, NewRoom, NewUser, Reacted,
    RoomRows, Seat, SignInRows, Target, Transaction,
};

use super::{Authored, Done, Outcome, Reply, StoreError, StoredAck, Write};
use crate::{
    auth::rights::{Right, Who, may},
    error::Refusal,
};

/// Why one write went no further: refused, which leaves its neighbours alone, or the store itself failed.
enum NotStored {
    Refused(Refusal),
    Failed(StoreError),
}

impl From<Refusal> for NotStored {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<StoreError> for NotStored {
    fn from(why: StoreError) -> Self {
        Self::Failed(why)
    }
}

type RuleResult<T> = Result<T, NotStored>;

/// Applies the writes of one transaction, in order, and tells what became of each. A refused one changes nothing. Messages that follow
/// each other are stored together.
pub async fn apply<T: Transaction>(tx: &mut T, writes: &[Write]) -> Answer<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(writes.len());
    for run in writes.chunk_by(|one, next| is_send(one) && is_send(next)) {
        match run {
            [write] if !is_send(write) => outcomes.push(outcome(one(tx, write).await)?),
            sends => outcomes.extend(sends::send_all(tx, sends).await?),
        }
    }
    Ok(outcomes)
}

/// What a store tells that answers at once: one on the thread that asks.
pub fn now<T>(rule: impl Future<Output = Answer<T>>) -> Answer<T> {
    let waited = || StoreError::Unavailable("an embedded store waited for something".into());
    rule.now_or_never().unwrap_or_else(|| Err(waited()))
}

fn is_send(write: &Write) -> bool {
    matches!(write, Write::Command(one) if one.command.act.kind() == ActKind::Send)
}

fn outcome(step: RuleResult<Done>) -> Answer<Outcome> {
    match step {
        Ok(done) => Ok(Ok(done)),
        Err(NotStored::Refused(why)) => Ok(Err(why)),
        Err(NotStored::Failed(why)) => Err(why),
    }
}

async fn one<T: Transaction>(tx: &mut T, write: &Write) -> RuleResult<Done> {
    match *write {
        Write::Command(ref one) => changes::change(tx, one).await,
        Write::Read { who, room, seq, .. } => rooms::read(tx, who, room, seq).await,
        Write::Join {
            who,
            room,
            user,
            now,
        } => rooms::join(tx, who, room, user, now).await,
        Write::Leave {
            who,
            room,
            user,
            now,
        } => rooms::leave(tx, who, room, user, now).await,
        Write::CreateRoom {
            who,
            kind,
            ref name,
            ref topic,
            now,
        } => rooms::create(tx, who, (kind, name, topic), now).await,
        Write::CreateDirect {
            who,
            ref others,
            now,
        } => rooms::create_direct(tx, who, others, now).await,
        Write::ChangeRoom {
            who,
            room,
            ref name,
            ref topic,
            now,
        } => rooms::change(tx, who, room, (name.as_deref(), topic.as_deref()), now).await,
        Write::DeleteRoom { who, room, now } => rooms::delete(tx, who, room, now).await,
        Write::CreateAccount(ref new) => accounts::create(tx, new).await,
        Write::SetDisplayName {
            user,
            ref display_name,
        } => accounts::set_display_name(tx, user, display_name).await,
        Write::SetPassword {
            user,
            ref hash,
            keep,
            now,
        } => sign_ins::set_password(tx, user, hash, (keep, now)).await,
        Write::SignIn(ref new) => sign_ins::begin(tx, new).await,
        Write::Rotate(ref rotation) => sign_ins::rotate(tx, rotation).await,
        Write::Revoke { user, id, now } => sign_ins::revoke(tx, user, id, now).await,
        Write::Use { ref uses, rule } => sign_ins::used(tx, uses, rule).await,
        Write::Invite(ref new) => {
            tx.add_invite(new).await?;
            Ok(Done::quiet(Reply::Stored))
        }
    }
}

/// How `who` stands to a room, if they may do this there.
async fn allowed<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    right: Right,
) -> RuleResult<Seat> {
    let seat = seat(tx, room, who.id).await?;
    may(who, seat.place, right)?;
    Ok(seat)
}

/// How a user stands to a room that exists.
async fn seat<T: Transaction>(tx: &mut T, room: RoomId, user: UserId) -> RuleResult<Seat> {
    let mut seats = tx.seats(&[(room, user)]).await?;
    let seat = seats.remove(&(room, user));
    Ok(seat.ok_or_else(|| Refusal::not_found("room"))?)
}

/// The ack of a command that stands in the log at `seq` since `at`.
const fn ack(one: &Authored, (seq, at): (u64, u64)) -> Ack {
    Ack {
        id: one.command.id,
        room: one.command.room,
        seq,
        at,
    }
}

/// What an id that was acked before gets: the same again for the same kind of act in the same room, `conflict` for anything else
/// (contract, "Commands").
fn same_again(one: &Authored, stored: StoredAck, of_kind: ActKind) -> Outcome {
    if stored.room != one.command.room || of_kind != one.command.act.kind() {
        return Err(Refusal::conflict("this id was used for something else").on("id"));
    }
    Ok(Done::quiet(Reply::Ack {
        ack: ack(one, (stored.seq, stored.at)),
        repeat: true,
    }))
}

/// There is no such message in the room.
fn no_message(field: &'static str) -> Refusal {
    Refusal::not_found("message").on(field)
}
